"""Reading sums from the roll-ups: years, months, weeks and days, by the index, whatever the slice."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import connection


from ..rollups import CODE, OF_HOURS, TIMES
from ..rules.grains import DIMENSIONS, FINEST, GRAINS, WORDS, grain_for
from ..rules.measures import MEASURES, ROOM, SPREADS, Spread
from ..rules.slices import ONE, Run, Slice

BEGINNING = date(2000, 1, 1)  # before all cases
TABLE, FACTS = "insight_rollup", "insight_fact"
# What a grain does not keep is empty. Of what the index has before something narrowed that is said, and so found at
# once; of the others it is not, for it would be compared with each row.
IN_INDEX = ("kind", "channel", "governorate", "language")
MANY = 80  # bodies: so many are found sooner by going through all bodies of a day than each by itself


class Part(NamedTuple):
    """Rows that are summed under a label."""

    label: str
    run: Run


def parts(label: str, days: Slice) -> list[Part]:
    """As few rows as these days' sums can be read from."""
    return [Part(label, run) for run in days.runs()]


def day_by_day(label: str, days: Slice) -> list[Part]:
    return [Part(label, Run("day", days.start, days.end))]


def by_weeks(label: str, days: Slice) -> list[Part]:
    return [Part(label, run) for run in days.by_weeks()]


def before(label: str, days: Slice) -> list[Part]:
    """Everything before the first day."""
    return parts(label, Slice(BEGINNING, days.start - ONE))


def narrowed(wanted: Slice) -> dict[str, Any]:
    """The dimensions by which a slice narrows, and to what."""
    of = {"entity": wanted.entities} | {
        name: getattr(wanted, name) for name in DIMENSIONS if name != "entity"
    }
    return {name: value for name, value in of.items() if value is not None}


def rows(
    wanted: Slice, of: Sequence[Part], columns: str, group: Collection[str] = (), *, light: bool = False
) -> tuple[str, list[Any]]:
    """The rows of these parts, one after the other, from the coarsest grain that knows the slice and the grouping.

    One question for all parts, each by the index: PostgreSQL plans as many questions longer than it answers them.
    """
    held = narrowed(wanted)
    bodies = len(held.get("entity", ()))
    if bodies == 1:  # a statement of its own: what a plan for one spares is no plan for twelve
        (held["entity"],) = held["entity"]
    grain = grain_for({*held, *group}, light=light)
    conditions, values = ["day BETWEEN run.first AND run.last"], []
    for number, name in enumerate(DIMENSIONS):
        if name in held:
            many = isinstance(held[name], frozenset)
            # as a question of its own, so that PostgreSQL has no value to plan by: see `RUNS`
            conditions.append(f"{name} = ANY ((SELECT %s)::int[])" if many else f"{name} = (SELECT %s)")
            values.append(sorted(held[name]) if many else held[name])
        elif name not in GRAINS[grain] and held.keys() & {*IN_INDEX[number + 1 :]}:
            conditions.append(f"{name} = ''" if name in WORDS else f"{name} = 0")
    if 0 < bodies < MANY:  # an index has bodies alone, and a plan may be for any value
        nothing = [name for name in ("service", "unit") if name not in GRAINS[grain]]
        conditions += ["entity > 0", *(f"{name} = 0" for name in nothing)]
    runs = [(part.label, *part.run) for part in of]
    if grain == FINEST and not any(part.run.span == "open" for part in of):
        table = FACTS
        runs = [(part.label, "day", part.run.first, part.run.end, part.run.sign) for part in of]
    else:
        table = TABLE
        conditions = [f"grain = {grain}", "span = run.span", *conditions]
    return (
        f"SELECT run.label, run.sign, found.* FROM {RUNS},"
        f" LATERAL (SELECT {columns} FROM {table} WHERE {' AND '.join(conditions)} OFFSET 0) AS found",
        [listed(runs), *values],
    )


# PostgreSQL expects as many of them whatever it is given. Of arrays it expects ten where it plans for any value, so
# of a shorter list it would plan anew each time, for what it believes to spare.
RUNS = "jsonb_to_recordset(%s::jsonb) AS run (label text, span text, first date, last date, sign int)"


def listed(runs: Iterable[tuple[str, str, date, date, int]]) -> str:
    """What `RUNS` reads."""
    return json.dumps(
        [
            {"label": label, "span": span, "first": str(first), "last": str(last), "sign": sign}
            for label, span, first, last, sign in runs
        ]
    )


def asked(statement: str, values: Sequence[Any] | Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def sums(wanted: Slice, of: Sequence[Part], measures: Sequence[str] = MEASURES) -> dict[str, dict[str, int]]:
    """Measures by label."""
    source, values = rows(wanted, of, ", ".join(measures))
    found = asked(
        f"SELECT label, {', '.join(f'sum(sign * {name})' for name in measures)} FROM ({source}) AS of GROUP BY label",
        values,
    )
    return {key: {name: n for name, n in zip(measures, counts, strict=True) if n} for key, *counts in found}


def spreads(
    wanted: Slice, of: Sequence[Part], hourly: Sequence[Part] = ()
) -> dict[str, dict[Spread, dict[int, int]]]:
    """Every histogram by label; of the parts `hourly` the hours alone, which the others lack."""
    source, values = rows(wanted, [*of, *hourly], "spread")
    found: dict[str, dict[Spread, dict[int, int]]] = {}
    of_hours = " OR ".join(
        ["false", *(f"label = '{label}'" for label in {part.label: None for part in hourly})]
    )
    for label, code, n in asked(
        f"SELECT label, {CODE}::int AS code, sum(sign * {TIMES})::int AS n"
        f" FROM (SELECT label, sign, unnest(spread) AS one FROM ({source}) AS of OFFSET 0) AS ones"
        # as a case, of which PostgreSQL expects half: of an equation it expects so few that it sorts them
        f" WHERE CASE WHEN {of_hours} THEN {OF_HOURS} ELSE NOT {OF_HOURS} END GROUP BY label, code",
        values,
    ):
        if n:
            found.setdefault(label, {}).setdefault(SPREADS[code // ROOM], {})[code % ROOM] = n
    return found
