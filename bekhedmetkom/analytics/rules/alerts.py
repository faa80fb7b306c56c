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

BASELINE_WEEKS = 12  # before the last seven days that say what is usual …
MIN_BASELINE_WEEKS = 8  # … of which so many must have been observed often enough
MIN_WEEKLY_OBSERVATIONS = 30  # observations in a week
BAND_DEVIATIONS = 4.0  # times the scatter
RECOVERY_SHARE = 0.7  # of the band's width: further in than this a figure is back
MAX_ALERT_DAYS = 56  # days outside, after which that is how it is
MAD_TO_STANDARD_DEVIATION = 1.4826  # a median deviation as a standard one


class BandSide(StrEnum):
    """On which side of its band a figure lies."""

    BELOW = "below"
    ABOVE = "above"


class AlertEndReason(StrEnum):
    """Why an alert is over."""

    RECOVERED = "back"
    NEW_NORMAL = "usual"  # it stayed away for so long that this is now how it is


class IndicatorType(StrEnum):
    SHARE = "share"
    RATIO = "ratio"  # what came against what was expected, so that feasts and seasons are nothing unusual


class WatchRule(NamedTuple):
    """`sides`: which of them are bad news. `matters`: a smaller change is none, however sure it is."""

    indicator_type: IndicatorType
    alert_sides: frozenset[BandSide]
    min_change: float


# By the keys of indicators.
WATCH_RULES: Mapping[str, WatchRule] = {
    "received": WatchRule(IndicatorType.RATIO, frozenset(BandSide), 0.3),
    "answered": WatchRule(IndicatorType.RATIO, frozenset({BandSide.BELOW}), 0.3),
    "on_time": WatchRule(IndicatorType.SHARE, frozenset({BandSide.BELOW}), 0.05),
    "solved": WatchRule(IndicatorType.SHARE, frozenset({BandSide.BELOW}), 0.05),
    "overdue_share": WatchRule(IndicatorType.SHARE, frozenset({BandSide.ABOVE}), 0.05),
}


class WeekValue(NamedTuple):
    """A figure over seven days, and of how many."""

    value: float
    observations: float


@dataclass(frozen=True, slots=True)
class UsualBand:
    low: float
    middle: float
    high: float

    def find_side(self, value: float) -> BandSide | None:
        """Where it lies, if outside."""
        if value < self.low:
            return BandSide.BELOW
        return BandSide.ABOVE if value > self.high else None

    def has_recovered(self, value: float) -> bool:
        """Whether a figure that was outside is well within, not only just."""
        return (
            self.middle - RECOVERY_SHARE * (self.middle - self.low)
            <= value
            <= self.middle + RECOVERY_SHARE * (self.high - self.middle)
        )


def compute_band(watched: WatchRule, past: Sequence[WeekValue], n: float) -> UsualBand | None:
    """What is usual for a figure of `n` observations; None where too few weeks say it."""
    values = [week.value for week in past if week.observations >= MIN_WEEKLY_OBSERVATIONS]
    if n < MIN_WEEKLY_OBSERVATIONS or len(values) < MIN_BASELINE_WEEKS:
        return None
    middle = median(values)
    scatter = MAD_TO_STANDARD_DEVIATION * median(abs(value - middle) for value in values)
    usual = (
        min(max(middle, 0.02), 0.98) if watched.indicator_type is IndicatorType.SHARE else max(middle, 0.1)
    )
    chance = (usual * (1 - usual) / n if watched.indicator_type is IndicatorType.SHARE else usual / n) ** 0.5
    width = max(BAND_DEVIATIONS * max(scatter, chance), watched.min_change)
    return UsualBand(middle - width, middle, middle + width)


def find_unusual(
    watched: WatchRule, past: Sequence[WeekValue], now: WeekValue
) -> tuple[UsualBand, BandSide] | None:
    """The band and the side, where the figure is outside on a side that is bad news."""
    usual = compute_band(watched, past, now.observations)
    side = usual.find_side(now.value) if usual else None
    return (usual, side) if usual and side in watched.alert_sides else None
