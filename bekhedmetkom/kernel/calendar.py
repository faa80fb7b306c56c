"""The government's working time: which days and hours count, and when a promise in working days falls due.

Pure and immutable. Days are days in the calendar's zone; moments come in aware and go out aware in UTC.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from operator import attrgetter
from typing import NamedTuple
from zoneinfo import ZoneInfo

from .clock import AMMAN

SUNDAY_TO_THURSDAY = frozenset({6, 0, 1, 2, 3})  # as `date.weekday()` numbers them
NOTHING = timedelta()


class Hours(NamedTuple):
    """From when to when the offices are open; both ends belong to the day's work."""

    opens: time
    closes: time


USUAL_HOURS = Hours(time(8, 30), time(15, 30))


@dataclass(frozen=True, slots=True)
class Period:
    """Hours that hold from `first` to `last`, both included; no `last`: until further notice."""

    first: date
    last: date | None
    opens: time
    closes: time

    def __post_init__(self) -> None:
        if self.opens >= self.closes:
            raise ValueError(f"a day cannot open at {self.opens} and close at {self.closes}")

    def covers(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


class Shift(NamedTuple):
    """The working time of one open day."""

    day: date
    opens: datetime
    closes: datetime


_DAY, _CLOSES = attrgetter("day"), attrgetter("closes")


@dataclass(frozen=True)
class Calendar:
    """Open days of the week, hours, holidays. Where several periods cover a day, the last in the tuple holds.

    A day that no period covers has the usual hours: a promise is never lost because a row is missing.
    """

    open_days: frozenset[int] = SUNDAY_TO_THURSDAY
    periods: tuple[Period, ...] = ()
    holidays: frozenset[date] = frozenset()
    zone: ZoneInfo = AMMAN
    _years: dict[int, tuple[Shift, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _sums: dict[int, tuple[timedelta, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        if not self.open_days & frozenset(range(7)):
            raise ValueError("a week without an open day: nothing would ever fall due")

    def is_open_day(self, day: date) -> bool:
        """Whether the offices work at all on this day."""
        return day.weekday() in self.open_days and day not in self.holidays

    def hours(self, day: date) -> Hours | None:
        """The hours of this day; `None` when it is closed."""
        if not self.is_open_day(day):
            return None
        covering = (Hours(p.opens, p.closes) for p in reversed(self.periods) if p.covers(day))
        return next(covering, USUAL_HOURS)

    def opening(self, day: date) -> datetime:
        """When this open day begins; `ValueError` for a closed day."""
        return self._shift(day).opens

    def closing(self, day: date) -> datetime:
        """When this open day ends; `ValueError` for a closed day."""
        return self._shift(day).closes

    def start_of_clock(self, received: datetime) -> datetime:
        """When this counts as received: at once within hours (closing included), else at the next opening."""
        return self.add_working_time(received, NOTHING)

    def due(self, received: datetime, working_days: int) -> datetime:
        """When the promise ends: closing time of the Nth open day after the day of receipt (not counted)."""
        return self.later_by_working_days(self.start_of_clock(received), working_days)

    def later_by_working_days(self, moment: datetime, n: int) -> datetime:
        """Closing time of the `n`-th open day after the moment's day (0: that or the next open day's)."""
        return self.closing(self.add_working_days(self._day_of(moment), n))

    def add_working_days(self, day: date, n: int) -> date:
        """The `n`-th open day after `day`; for 0 the day itself if it is open, else the next open day."""
        if n < 0:
            raise ValueError("working days are added, never taken away")
        year, shifts = day.year, self._shifts_of(day.year)
        place = bisect_right(shifts, day, key=_DAY) + n - 1 if n else bisect_left(shifts, day, key=_DAY)
        while place >= len(shifts):
            place -= len(shifts)
            year += 1
            shifts = self._shifts_of(year)
        return shifts[place].day

    def working_days_between(self, a: date, b: date) -> int:
        """How many open days lie after `a` and up to `b`, `b` included; 0 when `b` is not later."""
        count = 0
        for year in range(a.year, b.year + 1):
            shifts = self._shifts_of(year)
            count += bisect_right(shifts, b, key=_DAY) - bisect_right(shifts, a, key=_DAY)
        return max(count, 0)

    def add_working_time(self, start: datetime, span: timedelta) -> datetime:
        """The first moment within hours by which `span` of working time has passed since `start`."""
        if span < NOTHING:
            raise ValueError("working time is added, never taken away")
        year = self._day_of(start).year
        span += self._worked(start)
        while year < date.max.year:
            sums = self._sums_of(year)
            shifts = self._shifts_of(year)
            # The shift in which the sum is reached, but none that is over when we start.
            place = max(bisect_left(sums, span), bisect_left(shifts, start, key=_CLOSES))
            if place < len(shifts):
                return shifts[place].closes - (sums[place] - span)
            span -= sums[-1]
            year += 1
        raise OverflowError("working time beyond the last year of the calendar")

    def working_time(self, a: datetime, b: datetime) -> timedelta:
        """How much working time lies between two moments; 0 when `b` is not later than `a`."""
        if b <= a:
            return NOTHING
        years = range(self._day_of(a).year, self._day_of(b).year)
        return sum((self._sums_of(year)[-1] for year in years), self._worked(b) - self._worked(a))

    def _worked(self, moment: datetime) -> timedelta:
        """The working time of the moment's year up to it."""
        year = self._day_of(moment).year
        shifts = self._shifts_of(year)
        place = bisect_left(shifts, moment, key=_CLOSES)  # of the first shift that is not over
        left = shifts[place].closes - max(moment, shifts[place].opens) if place < len(shifts) else NOTHING
        return self._sums_of(year)[min(place, len(shifts) - 1)] - left

    def _day_of(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    def _shift(self, day: date) -> Shift:
        shifts = self._shifts_of(day.year)
        place = bisect_left(shifts, day, key=_DAY)
        if place == len(shifts) or shifts[place].day != day:
            raise ValueError(f"{day} is not a working day")
        return shifts[place]

    def _shifts_of(self, year: int) -> tuple[Shift, ...]:
        """A year's open days in order, worked out once: everything else is a search in this table."""
        if year not in self._years:
            first = date(year, 1, 1)
            days = (first + timedelta(n) for n in range((date(year + 1, 1, 1) - first).days))
            self._years[year] = tuple(
                Shift(day, self._moment(day, hours.opens), self._moment(day, hours.closes))
                for day in days
                if (hours := self.hours(day))
            )
        return self._years[year]

    def _sums_of(self, year: int) -> tuple[timedelta, ...]:
        """The working time of a year up to the end of each of its shifts."""
        if year not in self._sums:
            each = (shift.closes - shift.opens for shift in self._shifts_of(year))
            self._sums[year] = tuple(accumulate(each))
        return self._sums[year]

    def _moment(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, self.zone).astimezone(UTC)
