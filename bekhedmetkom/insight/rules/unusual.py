"""When a body's figure is no longer as it usually is: the last seven days against its own twelve weeks before.

The band lies around the median of those weeks, as wide as they scatter or as chance alone would have it, whichever is
more; a single odd week moves neither. Only a change for the worse, and one that matters, is worth somebody's time.
`docs/decisions` (64) says how often this is wrong.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median
from typing import NamedTuple

WEEKS = 12  # before the last seven days that say what is usual …
AT_LEAST = 8  # … of which so many must have been observed often enough
ENOUGH = 30  # observations in a week
WIDE = 4.0  # times the scatter
BACK = 0.7  # of the band's width: further in than this a figure is back
USUAL_AFTER = 56  # days outside, after which that is how it is
OF_NORMAL = 1.4826  # a median deviation as a standard one


class Side(StrEnum):
    """On which side of its band a figure lies."""

    BELOW = "below"
    ABOVE = "above"


class Over(StrEnum):
    """Why an alert is over."""

    BACK = "back"
    USUAL = "usual"  # it stayed away for so long that this is now how it is


class Sort(StrEnum):
    SHARE = "share"
    RATIO = "ratio"  # what came against what was expected, so that feasts and seasons are nothing unusual


class Watched(NamedTuple):
    """`sides`: which of them are bad news. `matters`: a smaller change is none, however sure it is."""

    sort: Sort
    sides: frozenset[Side]
    matters: float


# By the keys of indicators.
WATCHED: Mapping[str, Watched] = {
    "received": Watched(Sort.RATIO, frozenset(Side), 0.3),
    "answered": Watched(Sort.RATIO, frozenset({Side.BELOW}), 0.3),
    "on_time": Watched(Sort.SHARE, frozenset({Side.BELOW}), 0.05),
    "solved": Watched(Sort.SHARE, frozenset({Side.BELOW}), 0.05),
    "overdue_share": Watched(Sort.SHARE, frozenset({Side.ABOVE}), 0.05),
}


class Week(NamedTuple):
    """A figure over seven days, and of how many."""

    value: float
    n: float


@dataclass(frozen=True, slots=True)
class Band:
    low: float
    middle: float
    high: float

    def side(self, value: float) -> Side | None:
        """Where it lies, if outside."""
        if value < self.low:
            return Side.BELOW
        return Side.ABOVE if value > self.high else None

    def is_back(self, value: float) -> bool:
        """Whether a figure that was outside is well within, not only just."""
        return (
            self.middle - BACK * (self.middle - self.low)
            <= value
            <= self.middle + BACK * (self.high - self.middle)
        )


def band(watched: Watched, past: Sequence[Week], n: float) -> Band | None:
    """What is usual for a figure of `n` observations; None where too few weeks say it."""
    values = [week.value for week in past if week.n >= ENOUGH]
    if n < ENOUGH or len(values) < AT_LEAST:
        return None
    middle = median(values)
    scatter = OF_NORMAL * median(abs(value - middle) for value in values)
    usual = min(max(middle, 0.02), 0.98) if watched.sort is Sort.SHARE else max(middle, 0.1)
    chance = (usual * (1 - usual) / n if watched.sort is Sort.SHARE else usual / n) ** 0.5
    width = max(WIDE * max(scatter, chance), watched.matters)
    return Band(middle - width, middle, middle + width)


def unusual(watched: Watched, past: Sequence[Week], now: Week) -> tuple[Band, Side] | None:
    """The band and the side, where the figure is outside on a side that is bad news."""
    usual = band(watched, past, now.n)
    side = usual.side(now.value) if usual else None
    return (usual, side) if usual and side in watched.sides else None
