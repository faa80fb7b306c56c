"""The course of a share over days: each point is all that ended in the seven days up to it, so weekends do not saw."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from bekhedmetkom.analytics.queries.dashboard_data import TrendStep
from bekhedmetkom.analytics.rules.forecast import ExpectedDay
from bekhedmetkom.analytics.rules.indicators import INDICATORS, MIN_OBSERVATIONS
from bekhedmetkom.analytics.rules.totals import IndicatorValue, Totals

WEEK_DAYS = 7


class TrendPoint(NamedTuple):
    """A day with what ended in its week; without a value where that is too little to say."""

    day: date
    indicator_value: IndicatorValue

    @property
    def value(self) -> float | None:
        return self.indicator_value.value


def build_trend(steps: Sequence[TrendStep], key: str) -> list[TrendPoint]:
    """Of an indicator that is a share, by its key; of fewer than two weeks each day by itself."""
    return [TrendPoint(window[-1].day, _compute_value(key, window)) for window in _build_windows(steps)]


def _compute_value(key: str, steps: Sequence[TrendStep]) -> IndicatorValue:
    """One share of all that ended in these days."""
    sums = Counter[str]()
    for step in steps:
        sums.update(step.totals.sums)
    reading = INDICATORS[key].compute(Totals(sums))
    return reading if reading.observations >= MIN_OBSERVATIONS else IndicatorValue(None, reading.observations)


def compute_daily_means(
    steps: Sequence[TrendStep], of: Callable[[TrendStep], int]
) -> list[tuple[date, float]]:
    """How many a day, as the mean of the seven days up to each; of fewer than two weeks each day by itself."""
    return [
        (window[-1].day, sum(map(of, window)) / sum(step.day_count for step in window))
        for window in _build_windows(steps)
    ]


def compute_expected_means(lately: Sequence[TrendStep], ahead: Sequence[ExpectedDay]) -> list[ExpectedDay]:
    """What is expected after the last of these days, as `means` says what was: the mean of the seven days up to each.

    Of a day that has begun, its expected number counts. The band is the mean of the days' bands: as wide as it may be.
    """
    over = WEEK_DAYS if uses_weekly_windows(lately) else 1
    first = ahead[0].day if ahead else None
    known = [ExpectedDay(day.day, *[float(day.received)] * 3) for day in lately if first and day.day < first]
    row = [*known, *ahead]
    weeks = [row[end - over + 1 : end + 1] for end in range(over - 1, len(row))]
    return [
        ExpectedDay(
            week[-1].day, sum(day.low for day in week) / over, sum(day.expected for day in week) / over,
            sum(day.high for day in week) / over,
        )
        for week in weeks
        if week[-1].day > lately[-1].day
    ]  # fmt: skip


def uses_weekly_windows(steps: Sequence[TrendStep]) -> bool:
    """Whether each point of such a course is of seven days; of fewer than two weeks it is a day by itself."""
    return sum(step.day_count for step in steps) >= 2 * WEEK_DAYS


def _build_windows(steps: Sequence[TrendStep]) -> list[Sequence[TrendStep]]:
    """What goes into each point: of a long course each whole week, else the seven days up to each, or a day."""
    if any(step.day_count > 1 for step in steps):
        return [[step] for step in steps if step.day_count == WEEK_DAYS]
    over = WEEK_DAYS if uses_weekly_windows(steps) else 1
    return [steps[end - over + 1 : end + 1] for end in range(over - 1, len(steps))]


def get_first_and_last(points: Sequence[TrendPoint]) -> tuple[TrendPoint, TrendPoint] | None:
    """The first and the last that say something."""
    known = [point for point in points if point.value is not None]
    return (known[0], known[-1]) if len(known) > 1 else None
