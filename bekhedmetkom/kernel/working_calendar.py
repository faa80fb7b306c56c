"""The government's working calendar: open days, opening hours, and deadlines in working days.

Pure and immutable. Dates are in the calendar's time zone; moments are timezone-aware, results in UTC.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from operator import sub
from typing import NamedTuple
from zoneinfo import ZoneInfo

from .clock import AMMAN

SUNDAY_TO_THURSDAY = frozenset({6, 0, 1, 2, 3})  # as `date.weekday()` numbers them
ZERO_DURATION = timedelta()


class OpeningHours(NamedTuple):
    """Opening hours of a day; both ends are working time."""

    opens: time
    closes: time


DEFAULT_HOURS = OpeningHours(time(8, 30), time(15, 30))


@dataclass(frozen=True, slots=True)
class WorkingHoursPeriod:
    """Opening hours from `first` to `last`, inclusive; `None`: until further notice."""

    first: date
    last: date | None
    opens: time
    closes: time

    def __post_init__(self) -> None:
        if self.opens >= self.closes:
            raise ValueError(f"a day cannot open at {self.opens} and close at {self.closes}")

    def includes(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


class _YearIndex(NamedTuple):
    """The open days of a year as sorted columns for binary search."""

    days: Sequence[date]
    opens: Sequence[datetime]
    closes: Sequence[datetime]
    sums: Sequence[timedelta]  # working time of the year to the end of each day

    def worked(self, moment: datetime, place: int) -> timedelta:
        """Return the year's working time up to a moment; `place` is the index of the first day that ends after it."""
        if place == len(self.days):
            return self.sums[-1]
        return self.sums[place] - (self.closes[place] - max(moment, self.opens[place]))


@dataclass(frozen=True)
class WorkingCalendar:
    """Open weekdays, opening hours and holidays. Where several periods include a day, the last one applies.

    A day without a period has `DEFAULT_HOURS`, so that a deadline exists even if rows are missing.
    """

    open_days: frozenset[int] = SUNDAY_TO_THURSDAY
    periods: tuple[WorkingHoursPeriod, ...] = ()
    holidays: frozenset[date] = frozenset()
    zone: ZoneInfo = AMMAN
    _years: dict[int, _YearIndex] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.open_days & frozenset(range(7)):
            raise ValueError("a week without an open day: nothing would ever fall due")

    def is_open_day(self, day: date) -> bool:
        """Whether offices are open on this day."""
        return day.weekday() in self.open_days and day not in self.holidays

    def get_hours(self, day: date) -> OpeningHours | None:
        """Return the opening hours of this day; `None` when it is closed."""
        if not self.is_open_day(day):
            return None
        covering = (OpeningHours(p.opens, p.closes) for p in reversed(self.periods) if p.includes(day))
        return next(covering, DEFAULT_HOURS)

    def get_opening(self, day: date) -> datetime:
        """Return the opening time of a day. Raises `ValueError` for a closed day."""
        return self._get_year(day.year).opens[self._find_day_index(day)]

    def get_closing(self, day: date) -> datetime:
        """Return the closing time of a day. Raises `ValueError` for a closed day."""
        return self._get_year(day.year).closes[self._find_day_index(day)]

    def get_clock_start(self, received: datetime) -> datetime:
        """Return when the clock starts: at once within opening hours (closing included), else at the next opening."""
        return self.add_working_time(received, ZERO_DURATION)

    def get_due_time(self, received: datetime, working_days: int) -> datetime:
        """Return the deadline: closing time of the Nth open day after the day of receipt."""
        return self.add_working_days_to_moment(self.get_clock_start(received), working_days)

    def add_working_days_to_moment(self, moment: datetime, n: int) -> datetime:
        """Return the closing time of the `n`-th open day after the moment's date (0: that or the next open day)."""
        return self.get_closing(self.add_working_days(self._day_of(moment), n))

    def add_working_days(self, day: date, n: int) -> date:
        """Return the `n`-th open day after `day`; for 0 the day itself if it is open, else the next open day."""
        if n < 0:
            raise ValueError("working days are added, never taken away")
        number, days = day.year, self._get_year(day.year).days
        place = bisect_right(days, day) + n - 1 if n else bisect_left(days, day)
        while place >= len(days):
            place -= len(days)
            number += 1
            days = self._get_year(number).days
        return days[place]

    def count_working_days(self, a: date, b: date) -> int:
        """Return the number of open days after `a` up to and including `b`; 0 when `b` is not later."""
        years = (self._get_year(number).days for number in range(a.year, b.year + 1))
        return max(sum(bisect_right(days, b) - bisect_right(days, a) for days in years), 0)

    def add_working_time(self, start: datetime, span: timedelta) -> datetime:
        """Return the first moment at which `span` of working time has passed since `start`."""
        if span < ZERO_DURATION:
            raise ValueError("working time is added, never taken away")
        number = self._year_of(start)
        year = self._get_year(number)
        place = bisect_left(year.closes, start)
        span += year.worked(start, place)
        while number < date.max.year:
            place = bisect_left(
                year.sums, span, place
            )  # first day that reaches the sum and is not over at the start
            if place < len(year.sums):
                return year.closes[place] - (year.sums[place] - span)
            span -= year.sums[-1]
            number, place = number + 1, 0
            year = self._get_year(number)
        raise OverflowError("working time beyond the last year of the calendar")

    def get_working_time(self, a: datetime, b: datetime) -> timedelta:
        """Return the working time between two moments; 0 when `b` is not later than `a`."""
        if b <= a:
            return ZERO_DURATION
        first, last = self._year_of(a), self._year_of(b)
        between = self._get_worked_time(last, b) - self._get_worked_time(first, a)
        return sum((self._get_year(number).sums[-1] for number in range(first, last)), between)

    def _get_worked_time(self, number: int, moment: datetime) -> timedelta:
        """Return the working time of the moment's year up to the moment."""
        year = self._get_year(number)
        return year.worked(moment, bisect_left(year.closes, moment))

    def _day_of(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    def _year_of(self, moment: datetime) -> int:
        """Return the local year of the moment; the time zone matters only near New Year."""
        return moment.year if 1 < moment.month < 12 else self._day_of(moment).year

    def _find_day_index(self, day: date) -> int:
        """Return the index of a day among its year's open days. Raises `ValueError` for a closed day."""
        days = self._get_year(day.year).days
        place = bisect_left(days, day)
        if place == len(days) or days[place] != day:
            raise ValueError(f"{day} is not a working day")
        return place

    def _get_year(self, number: int) -> _YearIndex:
        if number not in self._years:
            first = date(number, 1, 1)
            days = (first + timedelta(n) for n in range((date(number + 1, 1, 1) - first).days))
            open_ = {day: hours for day in days if (hours := self.get_hours(day))}
            opens = [self._moment(day, hours.opens) for day, hours in open_.items()]
            closes = [self._moment(day, hours.closes) for day, hours in open_.items()]
            self._years[number] = _YearIndex(
                list(open_), opens, closes, list(accumulate(map(sub, closes, opens)))
            )
        return self._years[number]

    def _moment(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, self.zone).astimezone(UTC)
