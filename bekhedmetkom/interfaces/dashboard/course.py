"""The course of a share over days: each point is all that ended in the seven days up to it, so weekends do not saw."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from bekhedmetkom.insight.queries.shape import Step
from bekhedmetkom.insight.rules.forecast import Expected
from bekhedmetkom.insight.rules.indicators import ENOUGH, INDICATORS
from bekhedmetkom.insight.rules.totals import Reading, Totals

WEEK = 7


class Point(NamedTuple):
    """A day with what ended in its week; without a value where that is too little to say."""

    day: date
    reading: Reading

    @property
    def value(self) -> float | None:
        return self.reading.value


def course(steps: Sequence[Step], key: str) -> list[Point]:
    """Of an indicator that is a share, by its key; of fewer than two weeks each day by itself."""
    return [Point(window[-1].day, _together(key, window)) for window in _windows(steps)]


def _together(key: str, steps: Sequence[Step]) -> Reading:
    """One share of all that ended in these days."""
    sums = Counter[str]()
    for step in steps:
        sums.update(step.totals.sums)
    reading = INDICATORS[key].read(Totals(sums))
    return reading if reading.n >= ENOUGH else Reading(None, reading.n)


def means(steps: Sequence[Step], of: Callable[[Step], int]) -> list[tuple[date, float]]:
    """How many a day, as the mean of the seven days up to each; of fewer than two weeks each day by itself."""
    return [
        (window[-1].day, sum(map(of, window)) / sum(step.days for step in window))
        for window in _windows(steps)
    ]


def expected_means(lately: Sequence[Step], ahead: Sequence[Expected]) -> list[Expected]:
    """What is expected after the last of these days, as `means` says what was: the mean of the seven days up to each.

    Of a day that has begun, its expected number counts. The band is the mean of the days' bands: as wide as it may be.
    """
    over = WEEK if is_by_week(lately) else 1
    first = ahead[0].day if ahead else None
    known = [Expected(day.day, *[float(day.received)] * 3) for day in lately if first and day.day < first]
    row = [*known, *ahead]
    weeks = [row[end - over + 1 : end + 1] for end in range(over - 1, len(row))]
    return [
        Expected(
            week[-1].day, sum(day.low for day in week) / over, sum(day.middle for day in week) / over,
            sum(day.high for day in week) / over,
        )
        for week in weeks
        if week[-1].day > lately[-1].day
    ]  # fmt: skip


def is_by_week(steps: Sequence[Step]) -> bool:
    """Whether each point of such a course is of seven days; of fewer than two weeks it is a day by itself."""
    return sum(step.days for step in steps) >= 2 * WEEK


def _windows(steps: Sequence[Step]) -> list[Sequence[Step]]:
    """What goes into each point: of a long course each whole week, else the seven days up to each, or a day."""
    if any(step.days > 1 for step in steps):
        return [[step] for step in steps if step.days == WEEK]
    over = WEEK if is_by_week(steps) else 1
    return [steps[end - over + 1 : end + 1] for end in range(over - 1, len(steps))]


def moved(points: Sequence[Point]) -> tuple[Point, Point] | None:
    """The first and the last that say something."""
    known = [point for point in points if point.value is not None]
    return (known[0], known[-1]) if len(known) > 1 else None
