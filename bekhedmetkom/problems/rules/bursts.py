"""When many alike cases are too many: a scan over the last hours and days against the usual rate of such cases there.

How many came before says how many are to be expected; because that rate is itself only known from so many, and because
cases come in waves, the number of a window is negative binomial, not Poisson.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

import numpy as np

from .signs import Signs, mean

NEAR = 0.24  # two texts are alike from here on: one pair of strangers in a thousand is
LIKE_ALL = 0.36  # and a text is one of a group, from this likeness to what the group has in common
LEAST = 5  # cases that may be a problem
CHANCE = 1e-6  # a number that high comes by chance less than once in a million looks
HISTORY = timedelta(days=28)  # from which the usual rate is learned …
LEAST_HISTORY = timedelta(days=3)  # … or, where there is less, from what is said elsewhere at the same time
_EASE = 20.0  # no rate is surer than this many cases before: one week is not like the next


class Window(NamedTuple):
    """A stretch up to now, and by how much its usual rate may lie above that of all days: by night, on a Sunday."""

    span: timedelta
    peak: float


WINDOWS = (
    Window(timedelta(hours=6), 3.0),
    Window(timedelta(hours=24), 1.5),
    Window(timedelta(hours=72), 1.2),
)
LONGEST = max(window.span for window in WINDOWS)


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that are alike, and what they have in common."""

    rows: Sequence[int]
    centre: Signs


def alike(seed: Signs, lines: Signs) -> Group | None:
    """Of these lines, those like the seed: first what is near to it, then what is like all of these."""
    near = np.flatnonzero(lines @ seed >= NEAR)
    if len(near) < 2:
        return None
    centre = mean([seed, *lines[near]])
    members = like(centre, lines)
    if len(members) < 2:
        return None
    centre = mean(lines[members])
    return Group([int(row) for row in like(centre, lines)], centre)


def like(centre: Signs, lines: Signs) -> Sequence[int]:
    """The rows of those that are of a group."""
    return [int(row) for row in np.flatnonzero(lines @ centre >= LIKE_ALL)]


def chance(now: int, exposure: float, before: int, exposure_before: float) -> float:
    """How likely `now` or more cases are in a stretch of `exposure`, where `before` came in `exposure_before`.

    The exposures are days, or numbers of cases of any sort: whatever the rate is of. 1.0 where nothing was before.
    """
    if exposure <= 0 or exposure_before <= 0:
        return 1.0
    expected = (before + 0.5) * exposure / exposure_before
    shape = min(before + 0.5, _EASE)
    return _tail(now, shape, expected / (shape + expected))


def _tail(least: int, shape: float, share: float) -> float:
    """The chance that a negative binomial number is `least` or more."""
    term = math.exp(
        math.lgamma(least + shape) - math.lgamma(shape) - math.lgamma(least + 1)
        + shape * math.log1p(-share) + least * math.log(share)
    )  # fmt: skip
    total, number = 0.0, least
    while term > total * 1e-9 and number < least + 10_000:
        total += term
        term *= (number + shape) / (number + 1) * share
        number += 1
    return min(total, 1.0)
