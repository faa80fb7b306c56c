"""Which part of the country, and which days, somebody looks at."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Self


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
        """As few rows as there are: whole months, and the days at the edges: `("month" | "day", first, last)`."""
        first = self.start if self.start.day == 1 else _next_month(self.start)
        end = self.end + timedelta(days=1)
        last = end.replace(day=1)  # the month that is not whole begins here
        if first >= last:
            yield "day", self.start, self.end
            return
        if self.start < first:
            yield "day", self.start, first - timedelta(days=1)
        yield "month", first, (last - timedelta(days=1)).replace(day=1)
        if last < end:
            yield "day", last, self.end


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _a_year_ago(day: date) -> date:
    last = monthrange(day.year - 1, day.month)[1]
    return day.replace(year=day.year - 1, day=min(day.day, last))
