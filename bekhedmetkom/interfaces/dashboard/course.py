"""The course of a share over days: each point is all that ended in the seven days up to it, so weekends do not saw."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from bekhedmetkom.insight.queries.shape import Day
from bekhedmetkom.insight.rules.forecast import Expected
from bekhedmetkom.insight.rules.indicators import ENOUGH, INDICATORS
from bekhedmetkom.insight.rules.totals import Reading, Totals

WEEK = 7
EVERY_DAY = 92  # days; a longer course has a point a week


class Point(NamedTuple):
    """A day with what ended in its week; without a value where that is too little to say."""

    day: date
    reading: Reading

    @property
    def value(self) -> float | None:
        return self.reading.value


def course(days: Sequence[Day], key: str) -> list[Point]:
    """Of an indicator that is a share, by its key; of fewer than two weeks each day by itself."""
    over, ends = _windows(days)
    return [Point(days[end].day, _together(key, days[end - over + 1 : end + 1])) for end in ends]


def _together(key: str, days: Sequence[Day]) -> Reading:
    """One share of all that ended in these days."""
    sums = Counter[str]()
    for day in days:
        sums.update(day.totals.sums)
    reading = INDICATORS[key].read(Totals(sums))
    return reading if reading.n >= ENOUGH else Reading(None, reading.n)


def means(days: Sequence[Day], of: Callable[[Day], int]) -> list[tuple[date, float]]:
    """How many a day, as the mean of the seven days up to each; of fewer than two weeks each day by itself."""
    over, ends = _windows(days)
    return [(days[end].day, sum(of(day) for day in days[end - over + 1 : end + 1]) / over) for end in ends]


def expected_means(days: Sequence[Day], ahead: Sequence[Expected]) -> list[Expected]:
    """What is expected after the last of these days, as `means` says what was: the mean of the seven days up to each.

    Of a day that has begun, its expected number counts. The band is the mean of the days' bands: as wide as it may be.
    """
    over, _ends = _windows(days)
    first = ahead[0].day if ahead else None
    known = [Expected(day.day, *[float(day.received)] * 3) for day in days if first and day.day < first]
    row = [*known, *ahead]
    weeks = [row[end - over + 1 : end + 1] for end in range(over - 1, len(row))]
    return [
        Expected(
            week[-1].day, sum(day.low for day in week) / over, sum(day.middle for day in week) / over,
            sum(day.high for day in week) / over,
        )
        for week in weeks
        if week[-1].day > days[-1].day
    ]  # fmt: skip


def is_by_week(days: Sequence[Day]) -> bool:
    """Whether each point of such a course is of seven days; of fewer than two weeks it is a day by itself."""
    return len(days) >= 2 * WEEK


def _windows(days: Sequence[Day]) -> tuple[int, list[int]]:
    """How many days go into a point, and at which they end; the last is always one of them."""
    over = WEEK if is_by_week(days) else 1
    step = 1 if len(days) <= EVERY_DAY else WEEK
    return over, list(range(len(days) - 1, over - 2, -step))[::-1]


def moved(points: Sequence[Point]) -> tuple[Point, Point] | None:
    """The first and the last that say something."""
    known = [point for point in points if point.value is not None]
    return (known[0], known[-1]) if len(known) > 1 else None
