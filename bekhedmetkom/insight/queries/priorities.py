"""Where planning is worth most, what was decided there, and what the figures did before and after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import exp, log, sqrt

from ..kept import Decision, Weighed
from ..models import RollUp
from ..rules.gaps import DAYS, Cell, Gap, Part, ranked
from ..rules.grains import grain_for
from ..rules.indicators import INDICATORS
from ..rules.totals import Reading, Totals, Z

WEEK = timedelta(days=7)
COMPARED = ("on_time", "solved", "upheld")
SUMMED = ("received", "kept", "missed", "yes", "no", "upheld", "partly", "rejected")
_CELL = tuple(field for field in Cell.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Priorities:
    """`made_at`: the night of the numbers, None before the first."""

    gaps: Sequence[Gap]
    made_at: datetime | None


def priorities(
    entities: frozenset[int] | None, weights: Mapping[Part, int], *, entity: int | None = None,
    governorate: int | None = None, service: int | None = None,
) -> Priorities:  # fmt: skip
    """The gaps of these bodies; each is measured by all of the country."""
    rows = list(Weighed.objects.values_list(*_CELL, "made_at"))
    every = [Cell(*row[:-1]) for row in rows]
    shown = [
        cell for cell in every
        if (entities is None or cell.entity in entities)
        and (entity is None or cell.entity == entity)
        and (service is None or cell.service == service)
        and (governorate is None or cell.governorate == governorate)
    ]  # fmt: skip
    return Priorities(ranked(shown, weights, every), max((row[-1] for row in rows), default=None))


@dataclass(frozen=True, slots=True)
class Compared:
    """A share in the days before and after. `clear`: the two intervals do not meet."""

    key: str
    before: Reading
    after: Reading

    @property
    def clear(self) -> bool:
        before, after = self.before, self.after
        if before.low is None or before.high is None or after.low is None or after.high is None:
            return False
        return after.low > before.high or after.high < before.low


@dataclass(frozen=True, slots=True)
class Decided:
    """`days`: so many on each side are compared; 0 as long as fewer than seven have passed. `change`: what came in a
    day after, as a share of what came before, with its interval."""

    id: int
    entity: int
    service: int
    governorate: int
    day: date
    words: str
    officer: int
    days: int
    before: int
    after: int
    change: Reading
    shares: Sequence[Compared]


def decisions(entities: frozenset[int] | None, today: date, most: int = 20) -> list[Decided]:
    """What was decided last, each with the same figures before and after."""
    rows = Decision.objects.order_by("-day", "-pk")
    if entities is not None:
        rows = rows.filter(entity__in=entities)
    return [_looked_at(row, today) for row in rows[:most]]


def _looked_at(row: Decision, today: date) -> Decided:
    days = min((today - row.day).days, DAYS)
    days = days if days >= WEEK.days else 0
    span = timedelta(days=days)
    before, after = (_totals(row, start, start + span) for start in (row.day - span, row.day))
    return Decided(
        row.pk, row.entity_id, row.service_id, row.governorate_id, row.day, row.words, row.officer_id, days,
        before["received"], after["received"], rate(after["received"], before["received"]),
        [Compared(key, INDICATORS[key].of(before), INDICATORS[key].of(after)) for key in COMPARED],
    )  # fmt: skip


def rate(after: int, before: int) -> Reading:
    """How many came after for each that came before, in as many days; from counts that scatter as chance has it."""
    if not after or not before:
        return Reading(None, after + before)
    wide = Z * sqrt(1 / after + 1 / before)
    return Reading(
        after / before, after + before, exp(log(after / before) - wide), exp(log(after / before) + wide)
    )


def _totals(row: Decision, start: date, end: date) -> Totals:
    """Sums from `start` up to and without `end`."""
    days = RollUp.objects.filter(
        grain=grain_for({"entity", "service", "governorate"}, light=True), span="day", day__gte=start, day__lt=end,
        entity=row.entity_id, service=row.service_id, governorate=row.governorate_id,
    )  # fmt: skip
    sums = dict.fromkeys(SUMMED, 0)
    for numbers in days.values_list(*SUMMED):
        for name, number in zip(SUMMED, numbers, strict=True):
            sums[name] += number or 0
    return Totals(sums)
