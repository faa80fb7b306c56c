"""Reading sums from the roll-ups: whole months, fives and days at their edges, by the index, whatever the slice."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple, Self

from django.db import connection

from ..rules.grains import DIMENSIONS, FINEST, GRAINS, WORDS, grain_for
from ..rules.measures import MEASURES, ROOM, SPREADS, Spread
from ..rules.slices import Slice, last_of_five

BEGINNING = date(2000, 1, 1)  # before all cases
TABLE = "insight_rollup"


class Part(NamedTuple):
    """Rows of one span between two days, summed under a label."""

    label: str
    span: str
    first: date
    last: date

    def by_day(self) -> Self:
        """The finest grain has no fives: its cells are so small that these would be as many."""
        return self._replace(span="day", last=last_of_five(self.last)) if self.span == "five" else self


def parts(label: str, days: Slice) -> list[Part]:
    """As few rows as these days lie in."""
    return [Part(label, *part) for part in days.parts()]


def day_by_day(label: str, days: Slice) -> list[Part]:
    return [Part(label, "day", days.start, days.end)]


def before(label: str, days: Slice) -> list[Part]:
    """Everything before the first day."""
    return parts(label, Slice(BEGINNING, days.start - timedelta(days=1)))


def narrowed(wanted: Slice) -> dict[str, Any]:
    """The dimensions by which a slice narrows, and to what."""
    of = {"entity": wanted.entities} | {
        name: getattr(wanted, name) for name in DIMENSIONS if name != "entity"
    }
    return {name: value for name, value in of.items() if value is not None}


def rows(
    wanted: Slice, of: Iterable[Part], columns: str, group: Collection[str] = (), *, light: bool = False
) -> tuple[str, list[Any]]:
    """The rows of these parts, one after the other, from the coarsest grain that knows the slice and the grouping.

    One question for all parts, each by the index: PostgreSQL plans as many questions longer than it answers them.
    """
    held = narrowed(wanted)
    grain = grain_for({*held, *group}, light=light)
    conditions, values = [], []
    for name in DIMENSIONS:
        if name in held:
            many = isinstance(held[name], frozenset)
            conditions.append(f"{name} = ANY (%s)" if many else f"{name} = %s")
            values.append(sorted(held[name]) if many else held[name])
        elif name not in GRAINS[grain]:
            conditions.append(f"{name} = ''" if name in WORDS else f"{name} = 0")
    within = " AND ".join(
        [f"grain = {grain}", "span = part.span", "day BETWEEN part.first AND part.last", *conditions]
    )
    kept = [part.by_day() for part in of] if grain == FINEST else of
    asked_for = [list(column) for column in zip(*kept, strict=True)]
    return (
        "SELECT part.label, found.* FROM unnest(%s::text[], %s::text[], %s::date[], %s::date[])"
        " AS part (label, span, first, last),"
        f" LATERAL (SELECT {columns} FROM {TABLE} WHERE {within} OFFSET 0) AS found",
        [*asked_for, *values],
    )


def asked(statement: str, values: Sequence[Any] | Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def sums(
    wanted: Slice, of: Sequence[Part], measures: Sequence[str] = MEASURES, by: str = "label"
) -> dict[Any, dict[str, int]]:
    """Measures by label, or by the row's `day`."""
    source, values = rows(wanted, of, f"day, {', '.join(measures)}")
    found = asked(
        f"SELECT {by}, {', '.join(f'sum({name})' for name in measures)} FROM ({source}) AS of GROUP BY {by}",
        values,
    )
    return {key: {name: n for name, n in zip(measures, counts, strict=True) if n} for key, *counts in found}


def spreads(wanted: Slice, of: Sequence[Part]) -> dict[str, dict[Spread, dict[int, int]]]:
    """Every histogram by label."""
    source, values = rows(wanted, of, "spread")
    found: dict[str, dict[Spread, dict[int, int]]] = {}
    for label, code, n in asked(
        "SELECT label, (one >> 32)::int AS code, sum(one & 4294967295)::int"
        f" FROM ({source}) AS of, unnest(spread) AS one GROUP BY label, code",
        values,
    ):
        found.setdefault(label, {}).setdefault(SPREADS[code // ROOM], {})[code % ROOM] = n
    return found
