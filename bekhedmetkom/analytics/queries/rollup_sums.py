"""Reading sums from the roll-ups: years, months, weeks and days, by the index, whatever the slice."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import connection

from ..rollups import HISTOGRAM_CODE, HISTOGRAM_COUNT, IS_HOUR_ENTRY
from ..rules.grains import DIMENSIONS, FINEST_GRAIN, GRAINS, TEXT_DIMENSIONS, find_grain
from ..rules.measures import CODES_PER_HISTOGRAM, HISTOGRAMS, MEASURES, Histogram
from ..rules.slices import ONE_DAY, Slice, SpanRun

BEGINNING = date(2000, 1, 1)  # before all cases
ROLLUP_TABLE, FACT_TABLE = "analytics_rollup", "analytics_fact"
# What a grain does not keep is empty. Of what the index has before something narrowed that is said, and so found at
# once; of the others it is not, for it would be compared with each row.
INDEXED_DIMENSIONS = ("kind", "channel", "governorate", "language")
MAX_BODIES_BY_INDEX = (
    80  # bodies: so many are found sooner by going through all bodies of a day than each by itself
)


class RollupPart(NamedTuple):
    """Rows that are summed under a label."""

    label: str
    run: SpanRun


def list_parts(label: str, days: Slice) -> list[RollupPart]:
    """As few rows as these days' sums can be read from."""
    return [RollupPart(label, run) for run in days.list_runs()]


def list_daily_parts(label: str, days: Slice) -> list[RollupPart]:
    return [RollupPart(label, SpanRun("day", days.start, days.end))]


def list_weekly_parts(label: str, days: Slice) -> list[RollupPart]:
    return [RollupPart(label, run) for run in days.list_weekly_runs()]


def list_earlier_parts(label: str, days: Slice) -> list[RollupPart]:
    """Everything before the first day."""
    return list_parts(label, Slice(BEGINNING, days.start - ONE_DAY))


def get_conditions(wanted: Slice) -> dict[str, Any]:
    """The dimensions by which a slice narrows, and to what."""
    of = {"entity": wanted.entities} | {
        name: getattr(wanted, name) for name in DIMENSIONS if name != "entity"
    }
    return {name: value for name, value in of.items() if value is not None}


def build_rows_query(
    wanted: Slice, of: Sequence[RollupPart], columns: str, group: Collection[str] = (), *, light: bool = False
) -> tuple[str, list[Any]]:
    """The rows of these parts, one after the other, from the coarsest grain that knows the slice and the grouping.

    One question for all parts, each by the index: PostgreSQL plans as many questions longer than it answers them.
    """
    held = get_conditions(wanted)
    bodies = len(held.get("entity", ()))
    if bodies == 1:  # a statement of its own: what a plan for one spares is no plan for twelve
        (held["entity"],) = held["entity"]
    grain = find_grain({*held, *group}, light=light)
    conditions, values = ["day BETWEEN run.first AND run.last"], []
    for number, name in enumerate(DIMENSIONS):
        if name in held:
            many = isinstance(held[name], frozenset)
            # as a question of its own, so that PostgreSQL has no value to plan by: see `RUNS`
            conditions.append(f"{name} = ANY ((SELECT %s)::int[])" if many else f"{name} = (SELECT %s)")
            values.append(sorted(held[name]) if many else held[name])
        elif name not in GRAINS[grain] and held.keys() & {*INDEXED_DIMENSIONS[number + 1 :]}:
            conditions.append(f"{name} = ''" if name in TEXT_DIMENSIONS else f"{name} = 0")
    if 0 < bodies < MAX_BODIES_BY_INDEX:  # an index has bodies alone, and a plan may be for any value
        nothing = [name for name in ("service", "unit") if name not in GRAINS[grain]]
        conditions += ["entity > 0", *(f"{name} = 0" for name in nothing)]
    runs = [(part.label, *part.run) for part in of]
    if grain == FINEST_GRAIN and not any(part.run.span == "open" for part in of):
        table = FACT_TABLE
        runs = [(part.label, "day", part.run.first, part.run.end, part.run.sign) for part in of]
    else:
        table = ROLLUP_TABLE
        conditions = [f"grain = {grain}", "span = run.span", *conditions]
    return (
        f"SELECT run.label, run.sign, found.* FROM {RUNS_SOURCE},"
        f" LATERAL (SELECT {columns} FROM {table} WHERE {' AND '.join(conditions)} OFFSET 0) AS found",
        [encode_runs(runs), *values],
    )


# PostgreSQL expects as many of them whatever it is given. Of arrays it expects ten where it plans for any value, so
# of a shorter list it would plan anew each time, for what it believes to spare.
RUNS_SOURCE = "jsonb_to_recordset(%s::jsonb) AS run (label text, span text, first date, last date, sign int)"


def encode_runs(runs: Iterable[tuple[str, str, date, date, int]]) -> str:
    """What `RUNS` reads."""
    return json.dumps(
        [
            {"label": label, "span": span, "first": str(first), "last": str(last), "sign": sign}
            for label, span, first, last, sign in runs
        ]
    )


def fetch_rows(statement: str, values: Sequence[Any] | Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def get_sums(
    wanted: Slice, of: Sequence[RollupPart], measures: Sequence[str] = MEASURES
) -> dict[str, dict[str, int]]:
    """Measures by label."""
    source, values = build_rows_query(wanted, of, ", ".join(measures))
    found = fetch_rows(
        f"SELECT label, {', '.join(f'sum(sign * {name})' for name in measures)} FROM ({source}) AS of GROUP BY label",
        values,
    )
    return {key: {name: n for name, n in zip(measures, counts, strict=True) if n} for key, *counts in found}


def get_histograms(
    wanted: Slice, of: Sequence[RollupPart], hourly: Sequence[RollupPart] = ()
) -> dict[str, dict[Histogram, dict[int, int]]]:
    """Every histogram by label; of the parts `hourly` the hours alone, which the others lack."""
    source, values = build_rows_query(wanted, [*of, *hourly], "histogram")
    found: dict[str, dict[Histogram, dict[int, int]]] = {}
    of_hours = " OR ".join(
        ["false", *(f"label = '{label}'" for label in {part.label: None for part in hourly})]
    )
    for label, code, n in fetch_rows(
        f"SELECT label, {HISTOGRAM_CODE}::int AS code, sum(sign * {HISTOGRAM_COUNT})::int AS n"
        f" FROM (SELECT label, sign, unnest(histogram) AS one FROM ({source}) AS of OFFSET 0) AS ones"
        # as a case, of which PostgreSQL expects half: of an equation it expects so few that it sorts them
        f" WHERE CASE WHEN {of_hours} THEN {IS_HOUR_ENTRY} ELSE NOT {IS_HOUR_ENTRY} END GROUP BY label, code",
        values,
    ):
        if n:
            found.setdefault(label, {}).setdefault(HISTOGRAMS[code // CODES_PER_HISTOGRAM], {})[
                code % CODES_PER_HISTOGRAM
            ] = n
    return found
