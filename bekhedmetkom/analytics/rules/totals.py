"""The sums of a slice, and how sure a share of them is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import sqrt
from typing import NamedTuple

from .measures import Histogram, compute_quantile

Z_95 = 1.96  # 95 in a hundred


@dataclass(frozen=True, slots=True)
class Totals:
    """What a slice's days add up to. `waiting` and `late` stand at the end of its last day."""

    sums: Mapping[str, int] = field(default_factory=dict)
    histograms: Mapping[Histogram, Mapping[int, int]] = field(default_factory=dict)
    waiting: int = 0
    late: int = 0

    def __getitem__(self, measure: str) -> int:
        return self.sums.get(measure, 0)

    def get_quantile(self, histogram: Histogram, share: float) -> float | None:
        return compute_quantile(self.histograms.get(histogram, {}), share)

    def count_observations(self, histogram: Histogram) -> int:
        return sum(self.histograms.get(histogram, {}).values())


@dataclass(frozen=True, slots=True)
class IndicatorValue:
    """A figure: its value, of how many, and where it lies with 95 in a hundred. No value: nothing can be said."""

    value: float | None
    observations: int
    low: float | None = None
    high: float | None = None


def build_count(count: int) -> IndicatorValue:
    """A count is what it is."""
    return IndicatorValue(count, count)


def build_share(part: int, whole: int) -> IndicatorValue:
    """A share with its interval by Wilson's score, which holds for small numbers and at the edges too."""
    if not whole:
        return IndicatorValue(None, 0)
    of = part / whole
    margin = Z_95 * sqrt(of * (1 - of) / whole + Z_95 * Z_95 / (4 * whole * whole))
    middle, scale = of + Z_95 * Z_95 / (2 * whole), 1 + Z_95 * Z_95 / whole
    # Rounding may leave none of 495 a little above nought, and all of them below one.
    low, high = (middle - margin) / scale, (middle + margin) / scale
    low, high = low if low > 0.0 else 0.0, high if high < 1.0 else 1.0
    return IndicatorValue(of, whole, low if low < of else of, high if high > of else of)


MIN_PUBLISHED_COUNT = 5  # numbers below this are not published, but for none at all


class PublishedValue(NamedTuple):
    """A reading as everybody sees it."""

    value: float | None
    observations: int | None
    low: float | None
    high: float | None


def get_published_value(reading: IndicatorValue) -> PublishedValue:
    """The same, or nothing of it where it speaks of too few."""
    if 0 < reading.observations < MIN_PUBLISHED_COUNT:
        return PublishedValue(None, None, None, None)
    return PublishedValue(reading.value, reading.observations, reading.low, reading.high)
