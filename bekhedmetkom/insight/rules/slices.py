"""Which part of the country, and which days, somebody looks at."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Self

FIVE, LAST_FIVE = 5, 26  # days of a five; on which day of the month the last begins


@dataclass(frozen=True, slots=True)
class Slice:
    """Days from `start` to `end`, both within it, and what narrows them. Keys are those of the database.

    `entities`: a sector's or a body's, `None` for all. Cases that are kept with care have no unit, topic or place.
    """

    start: date
    end: date
    entities: frozenset[int] | None = None
    unit: int | None = None
    kind: str | None = None
    service: int | None = None
    governorate: int | None = None
    channel: str | None = None
    language: str | None = None

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    def before(self) -> Self:
        """The same number of days right before; of a whole month the month before, of its first days as many."""
        if self.start.day == 1 and self.start.replace(day=1) == self.end.replace(day=1):
            last = self.start - timedelta(days=1)
            whole = self.end.day == monthrange(self.end.year, self.end.month)[1]
            return replace(
                self,
                start=last.replace(day=1),
                end=last if whole else last.replace(day=min(self.end.day, last.day)),
            )
        return replace(self, start=self.start - timedelta(days=self.days), end=self.start - timedelta(days=1))

    def last_year(self) -> Self:
        """The same days a year ago; the 29th of February is then the 28th."""
        return replace(self, start=_a_year_ago(self.start), end=_a_year_ago(self.end))

    def parts(self) -> Iterator[tuple[str, date, date]]:
        """As few rows as there are: whole months, whole fives of days beside them, and the days at the edges.

        `("month" | "five" | "day", first, last)`; `last` begins the last row.
        """
        day = self.start
        while day <= self.end:
            first, span = day, _longest(day, self.end)
            if span == "month":  # of which there may be hundreds
                day = (self.end + timedelta(days=1)).replace(day=1)
                last = (day - timedelta(days=1)).replace(day=1)
            while span != "month" and day <= self.end and _longest(day, self.end) == span:
                last, day = day, _after(span, day)
            yield span, first, last


def five_of(day: date) -> date:
    """The first day of the five in which it lies; the last of a month has what is left, three to six days."""
    return day.replace(day=min(1 + (day.day - 1) // FIVE * FIVE, LAST_FIVE))


def last_of_five(first: date) -> date:
    """The last day of the five that begins there."""
    return _after("five", first) - timedelta(days=1)


def _longest(day: date, end: date) -> str:
    """The longest span that begins on this day and ends by that one."""
    for span in ("month", "five"):
        begins = day.day == 1 if span == "month" else five_of(day) == day
        if begins and _after(span, day) - timedelta(days=1) <= end:
            return span
    return "day"


def _after(span: str, first: date) -> date:
    """The day after the span that begins there."""
    if span == "day":
        return first + timedelta(days=1)
    if span == "five" and first.day < LAST_FIVE:
        return first + timedelta(days=FIVE)
    return (first.replace(day=1) + timedelta(days=32)).replace(day=1)


def _a_year_ago(day: date) -> date:
    last = monthrange(day.year - 1, day.month)[1]
    return day.replace(year=day.year - 1, day=min(day.day, last))
