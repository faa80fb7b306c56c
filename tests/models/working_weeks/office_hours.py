"""The offices' hours, told a second time and as simply as possible: days are walked one by one."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from bekhedmetkom.kernel.clock import AMMAN

DAY = timedelta(days=1)
ZERO = timedelta()
FRIDAY, SATURDAY = 4, 5


def get_local_day(at: datetime) -> date:
    return at.astimezone(AMMAN).date()


@dataclass
class OfficeHours:
    """Open Sunday to Thursday from 8:30 to 15:30, but on holidays and with Ramadan's hours.

    `changes` counts how often that was altered: whoever counted a date before has to count it again.
    """

    holidays: set[date]
    ramadan: list[tuple[date, date, time, time]]
    revision: int = 0
    _days: dict[date, tuple[datetime, datetime] | None] = field(default_factory=dict, init=False)

    def add_holiday(self, day: date) -> None:
        self.holidays.add(day)
        self._altered()

    def remove_holiday(self, day: date) -> None:
        self.holidays.remove(day)
        self._altered()

    def set_ramadan_hours(self, first: date, last: date, opens: time, closes: time) -> None:
        """The hours of a Ramadan, in the place of those that were expected."""
        self.ramadan = [given for given in self.ramadan if given[0] != first] + [(first, last, opens, closes)]
        self._altered()

    def _altered(self) -> None:
        self.revision += 1
        self._days.clear()

    def get_hours(self, day: date) -> tuple[datetime, datetime] | None:
        """Opening and closing; `None` when closed."""
        if day not in self._days:
            self._days[day] = self._hours(day)
        return self._days[day]

    def _hours(self, day: date) -> tuple[datetime, datetime] | None:
        if day.weekday() in (FRIDAY, SATURDAY) or day in self.holidays:
            return None
        hours = [(opens, closes) for first, last, opens, closes in self.ramadan if first <= day <= last]
        opens, closes = hours[0] if hours else (time(8, 30), time(15, 30))
        return (
            datetime.combine(day, opens, AMMAN).astimezone(UTC), datetime.combine(day, closes, AMMAN).astimezone(UTC)
        )  # fmt: skip

    def get_closing_time_after(self, day: date, days: int) -> datetime:
        """Closing time of the n-th open day after a day (0: that day or the next open one)."""
        while days or not self.get_hours(day):
            day += DAY
            days -= 1 if self.get_hours(day) and days else 0
        open_day = self.get_hours(day)
        assert open_day
        return open_day[1]

    def get_receipt_day(self, at: datetime) -> date:
        """The day on which something counts as received: this one, unless the offices are closed for the day."""
        day = get_local_day(at)
        while not (hours := self.get_hours(day)) or at > hours[1]:
            day += DAY
            at = min(at, datetime.combine(day, time(), AMMAN).astimezone(UTC))
        return day

    def count_open_days(self, first: date, last: date) -> int:
        """Open days after the first and up to the last."""
        return sum(1 for n in range(1, (last - first).days + 1) if self.get_hours(first + n * DAY))

    def get_working_time(self, a: datetime, b: datetime) -> timedelta:
        """The working time between two moments."""
        total, day = ZERO, get_local_day(a)
        while day <= get_local_day(b):
            if hours := self.get_hours(day):
                total += max(min(b, hours[1]) - max(a, hours[0]), ZERO)
            day += DAY
        return total

    def add_working_time(self, a: datetime, span: timedelta) -> datetime:
        """When so much working time has passed."""
        day = get_local_day(a)
        while True:
            if hours := self.get_hours(day):
                begin = max(a, hours[0])
                left = hours[1] - begin
                if left >= ZERO and span <= left:
                    return begin + span
                span -= max(left, ZERO)
            day += DAY
