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

from .text_vectors import TextVector, average_vectors

SEED_SIMILARITY = 0.24  # two texts are alike from here on: one pair of strangers in a thousand is
GROUP_SIMILARITY = 0.36  # and a text is one of a group, from this likeness to what the group has in common
MIN_CASES = 5  # cases that may be a problem
MAX_PROBABILITY = 1e-6  # a number that high comes by chance less than once in a million looks
HISTORY = timedelta(days=28)  # from which the usual rate is learned …
MIN_HISTORY = timedelta(days=3)  # … or, where there is less, from what is said elsewhere at the same time
_PRIOR_STRENGTH = 20.0  # no rate is surer than this many cases before: one week is not like the next


class BurstWindow(NamedTuple):
    """A stretch up to now, and by how much its usual rate may lie above that of all days: by night, on a Sunday."""

    span: timedelta
    peak: float


WINDOWS = (
    BurstWindow(timedelta(hours=6), 3.0),
    BurstWindow(timedelta(hours=24), 1.5),
    BurstWindow(timedelta(hours=72), 1.2),
)
LONGEST_WINDOW = max(window.span for window in WINDOWS)


@dataclass(frozen=True, slots=True)
class SimilarGroup:
    """Rows that are alike, and what they have in common."""

    rows: Sequence[int]
    mean_vector: TextVector


def find_similar_group(seed: TextVector, lines: TextVector) -> SimilarGroup | None:
    """Of these lines, those like the seed: first what is near to it, then what is like all of these."""
    near = np.flatnonzero(lines @ seed >= SEED_SIMILARITY)
    if len(near) < 2:
        return None
    centre = average_vectors([seed, *lines[near]])
    members = find_similar_rows(centre, lines)
    if len(members) < 2:
        return None
    centre = average_vectors(lines[members])
    return SimilarGroup([int(row) for row in find_similar_rows(centre, lines)], centre)


def find_similar_rows(centre: TextVector, lines: TextVector) -> Sequence[int]:
    """The rows of those that are of a group."""
    return [int(row) for row in np.flatnonzero(lines @ centre >= GROUP_SIMILARITY)]


def compute_probability(now: int, exposure: float, before: int, exposure_before: float) -> float:
    """How likely `now` or more cases are in a stretch of `exposure`, where `before` came in `exposure_before`.

    The exposures are days, or numbers of cases of any sort: whatever the rate is of. 1.0 where nothing was before.
    """
    if exposure <= 0 or exposure_before <= 0:
        return 1.0
    expected = (before + 0.5) * exposure / exposure_before
    shape = min(before + 0.5, _PRIOR_STRENGTH)
    return _compute_negative_binomial_tail(now, shape, expected / (shape + expected))


def _compute_negative_binomial_tail(least: int, shape: float, share: float) -> float:
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
