"""Making the roll-ups anew from the journal, beside the old ones, while everything goes on.

In steps that may be shared out to several processes, each a transaction of a few seconds, but for the indexes at the
end, which take as long as they take: followers read below the oldest one. First the facts of all cases up to a point of
the feed, range by range; then their sums, month by month, each grain from the next finer one; then years from months.
In the end new tables take the place of the old ones, and the follower goes back to that point: what it had read
meanwhile it reads once more. One at a time.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from itertools import product
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.db import connection, transaction

from bekhedmetkom.config.database.roles import WEB_ROLE, WORKER_ROLE

from .. import counted_cases
from ..facts import CELL_COLUMNS, build_facts_query
from ..rollups import (
    COLUMNS,
    FACT_COLUMNS,
    KEY_COLUMNS,
    OPEN_SPAN,
    PROJECTION_NAME,
    SPANS_OF_DAY,
    SUMMING_SETTINGS,
    build_rollup_query,
    build_span_query,
)
from ..rules.grains import DIMENSIONS, FINEST_GRAIN, GRAINS, LIGHT_GRAINS
from ..rules.measures import MEASURES
from ..rules.slices import SPANS, SpanRun, list_spans

CASES_PER_STEP = 10_000  # whose facts are read in one transaction

T = TypeVar("T")
R = TypeVar("R")


class RebuildRunning(Exception):
    """Somebody else is making the roll-ups anew; both would use the same tables beside those in use."""


StepRunner = Callable[[Callable[[T], R], Sequence[T]], AbstractContextManager[Iterator[R]]]


class FeedPosition(NamedTuple):
    """How far the journal is read, in the feed's order."""

    epoch: int
    xid: int
    event: int


class CaseRange(NamedTuple):
    """Cases with keys from `first` to `last`, and their events up to there."""

    first: UUID
    last: UUID
    upto: FeedPosition


@contextmanager
def run_in_process(work: Callable[[T], R], items: Sequence[T]) -> Iterator[Iterator[R]]:
    """One step after the other, in this process."""
    yield map(work, items)


@contextmanager
def rebuild_lock() -> Iterator[None]:
    """Nobody else makes them anew meanwhile. A connection of its own holds this: who shares out work closes ours."""
    holding = connection.copy()
    try:
        with holding.cursor() as cursor:
            cursor.execute(
                "SELECT pg_try_advisory_lock(hashtext('rebuild'), hashtext(%s))", [PROJECTION_NAME]
            )
            if not cursor.fetchone()[0]:
                raise RebuildRunning
            yield
            # Released here: after closing, the server frees the lock only once it has noticed.
            cursor.execute("SELECT pg_advisory_unlock(hashtext('rebuild'), hashtext(%s))", [PROJECTION_NAME])
    finally:
        holding.close()


@rebuild_lock()
def rebuild_rollups(shared: StepRunner[Any, Any] = run_in_process) -> int:
    """Make all roll-ups anew; how many events they hold. `shared` shares steps out to processes. Or `Busy`."""
    upto = _get_feed_end()
    events = build_new_tables(upto, shared)
    _swap_tables(upto)
    return events


def is_rebuild_needed() -> bool:
    """Whether there are cases, and no sums of them: after a first filling, or an upgrade."""
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT EXISTS (SELECT FROM "case")'
            f" AND NOT (EXISTS (SELECT FROM {ROLLUP}) AND EXISTS (SELECT FROM {COUNTED_CASES}))"
        )
        return bool(cursor.fetchone()[0])


def build_new_tables(upto: FeedPosition, shared: StepRunner[Any, Any]) -> int:
    """The new tables, beside the old ones, up to a point of the feed; how many events they hold."""
    _create_new_tables()
    with shared(_store_facts, _list_case_ranges(upto)) as read:
        days = [day for some in read for day in some if day]
    with connection.cursor() as cursor:
        cursor.execute(CREATE_DAY_INDEX)
    if days:
        months, years = (list_spans(span, min(days), max(days)) for span in ("month", "year"))
        with shared(_sum_month, months) as done:
            list(done)
        with shared(_sum_year, list(product(range(FINEST_GRAIN), years))) as done:
            list(done)
    with shared(_run_final_statements, FINAL_STATEMENTS) as done:
        list(done)
    with connection.cursor() as cursor:
        for statement in CLEANUP_STATEMENTS:
            cursor.execute(statement)
        cursor.execute(COUNT_EVENTS, upto._asdict())
        return int(cursor.fetchone()[0])


def _get_feed_end() -> FeedPosition:
    with connection.cursor() as cursor:
        cursor.execute(FEED_END)
        return FeedPosition(*(cursor.fetchone() or (0, 0, 0)))


def _create_new_tables() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in CREATE_NEW_TABLES:
            cursor.execute(statement)


def _list_case_ranges(upto: FeedPosition) -> list[CaseRange]:
    with connection.cursor() as cursor:
        cursor.execute(CASE_RANGES, [CASES_PER_STEP])
        return [CaseRange(first, last, upto) for first, last in cursor.fetchall()]


def _store_facts(cases: CaseRange) -> tuple[date | None, date | None]:
    """The facts of some cases, laid by; on which days they lie."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(FACTS_SETTINGS)
        cursor.execute(STORE_FACTS, {**cases._asdict(), **cases.upto._asdict()})
        first, last = cursor.fetchone()
        return first, last


def _sum_month(month: SpanRun) -> None:
    """Day by day at every grain: from the facts, or from the smallest that has all it needs; weeks and months then."""
    for grain in reversed(range(FINEST_GRAIN)):
        _sum_grain(grain, ("day", "week", "month"), month)


def _sum_year(of: tuple[int, SpanRun]) -> None:
    """The year of a grain."""
    grain, year = of
    _sum_grain(grain, ("year",), year)


def _sum_grain(grain: int, spans: Sequence[str], days: SpanRun) -> None:
    for span in spans:
        if span != "day":
            source = GRAIN_SOURCE.format(grain=grain, span=SPANS[SPANS.index(span) - 1])
        else:
            source = (
                FACTS_SOURCE
                if _find_finer_grain(grain) == FINEST_GRAIN
                else GRAIN_SOURCE.format(grain=_find_finer_grain(grain), span=span)
            )
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(SUM_SETTINGS)
            cursor.execute(
                INSERT_SUMS.format(summed=build_span_query(source, grain, span)),
                {"first": days.first, "last": days.end},
            )


def _run_final_statements(statements: Sequence[str]) -> None:
    """What comes once all days are summed."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(FINAL_SETTINGS)
        for statement in statements:
            cursor.execute(statement)


def _find_finer_grain(grain: int) -> int:
    """The smallest that has what this one has, and all its measures."""
    finer = range(grain + 1, len(GRAINS))
    return next(
        number
        for number in finer
        if GRAINS[number] > GRAINS[grain] and (number not in LIGHT_GRAINS or grain in LIGHT_GRAINS)
    )


def _swap_tables(upto: FeedPosition) -> None:
    """In one short transaction; the follower waits for it, and reads on from where the new tables end."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('follower'), hashtext(%s))", [PROJECTION_NAME])
        for old, new, indexes in TABLES:
            cursor.execute(f"DROP TABLE {old}")
            cursor.execute(f"ALTER TABLE {new} RENAME TO {old}")
            for name in indexes:
                cursor.execute(f"ALTER INDEX {new}_{name} RENAME TO {old}_{name}")
        for name in (BODY_INDEX, *COUNTED_CASES_INDEXES):
            cursor.execute(f"ALTER INDEX {name}_new RENAME TO {name}")
        cursor.execute(RESET_PROJECTION, [PROJECTION_NAME, *upto])


ROLLUP, FLOW, FACT = "analytics_rollup", "analytics_flow", "analytics_fact"
NEW_ROLLUP, NEW_FLOW, NEW_FACT = "analytics_rollup_new", "analytics_flow_new", "analytics_fact_new"
COUNTED_CASES, NEW_COUNTED_CASES = counted_cases.TABLE, f"{counted_cases.TABLE}_new"
TABLES = (
    (ROLLUP, NEW_ROLLUP, ("pkey",)),
    (FLOW, NEW_FLOW, ("pkey",)),
    (FACT, NEW_FACT, ("by_day", "by_topic")),
    (COUNTED_CASES, NEW_COUNTED_CASES, ("pkey",)),
)
OPEN_CASES, TRANSFERRED_CASES = "analytics_standing", "analytics_sent"  # on the way, unlogged

# Nothing is lost that would be missed: the last step, which puts the new tables in place, waits for the disk.
FACTS_SETTINGS = f"{SUMMING_SETTINGS}, set_config('synchronous_commit', 'off', true)"
# By hashing: of tables that grow and are not analyzed PostgreSQL expects few rows, and sorts them with all their
# columns, which takes two to three times as long. And a month's facts are found by the index over days.
SUM_SETTINGS = f"""
{FACTS_SETTINGS}, set_config('enable_sort', 'off', true), set_config('enable_seqscan', 'off', true),
    set_config('max_parallel_workers_per_gather', '0', true)
"""
# Put in order once they are there: who wants a join in order, and may not sort, takes a loop within a loop.
INSERT_SUMS = f"""
INSERT INTO {NEW_ROLLUP} ({COLUMNS})
WITH made AS MATERIALIZED ({{summed}}) SELECT {COLUMNS} FROM made ORDER BY {KEY_COLUMNS}
"""
# Several indexes are made at once, each by one process.
FINAL_SETTINGS = f"""
{SUM_SETTINGS}, set_config('maintenance_work_mem', '256MB', true),
    set_config('max_parallel_maintenance_workers', '0', true)
"""

# Ordered by the table's own columns: `xid` alone would be the number that is made of it, which no index has.
FEED_END = """
SELECT epoch, xid::text::bigint, id FROM event
WHERE xid < pg_snapshot_xmin(pg_current_snapshot()) OR epoch < (SELECT max(epoch) FROM event)
ORDER BY event.epoch DESC, event.xid DESC, event.id DESC LIMIT 1
"""

# The indexes of `models`, made here once the rows are there.
BODY_INDEX = "rollup_of_bodies"
BODY_INDEX_COLUMNS = """
(grain, entity, span, day, kind, channel, governorate, language) WHERE entity > 0 AND service = 0 AND unit = 0
"""
_NEWEST_FIRST = "day DESC, case_id DESC, seq DESC"
COUNTED_CASES_INDEXES = {
    "counted_by_day": f"measure_group, {_NEWEST_FIRST}",
    "counted_of_body": f"measure_group, entity, {_NEWEST_FIRST}",
}
_AUTOVACUUM_OFF = "WITH (autovacuum_enabled = off)"  # it would read again and again what only grows
CREATE_NEW_TABLES = (
    *(
        f"DROP TABLE IF EXISTS {table}"
        for table in (NEW_ROLLUP, NEW_FLOW, NEW_FACT, NEW_COUNTED_CASES, OPEN_CASES, TRANSFERRED_CASES)
    ),
    f"CREATE TABLE {NEW_ROLLUP} (LIKE {ROLLUP}) {_AUTOVACUUM_OFF}",
    f"ALTER TABLE {NEW_ROLLUP} ADD PRIMARY KEY (grain, span, day, {', '.join(DIMENSIONS)})",
    f"CREATE TABLE {NEW_FLOW} (LIKE {FLOW} INCLUDING ALL)",
    f"CREATE TABLE {NEW_FACT} (LIKE {FACT}) {_AUTOVACUUM_OFF}",
    f"CREATE TABLE {NEW_COUNTED_CASES} (LIKE {COUNTED_CASES}) {_AUTOVACUUM_OFF}",
    f"GRANT SELECT, INSERT, UPDATE, DELETE ON {NEW_ROLLUP}, {NEW_FLOW}, {NEW_FACT}, {NEW_COUNTED_CASES} TO "
    f"{WEB_ROLE}, {WORKER_ROLE}",
    f"CREATE UNLOGGED TABLE {OPEN_CASES} AS SELECT day AS came, {CELL_COLUMNS}, entered, gone, late_in, late_out"
    f" FROM {FACT} WITH NO DATA",
    f"CREATE UNLOGGED TABLE {TRANSFERRED_CASES} (day date, sent_from int, sent_to int)",
)

CASE_RANGES = """
SELECT (array_agg(id))[1], (array_agg(id))[count(*)]
FROM (SELECT id, (row_number() OVER (ORDER BY id) - 1) / %s AS share FROM "case") AS cases
GROUP BY share ORDER BY share
"""

_IN_CASE_RANGE = "case_id BETWEEN %(first)s AND %(last)s"
_UP_TO_POSITION = "(epoch, xid, id) <= (%(epoch)s, %(xid)s::text::xid8, %(event)s)"
STORE_FACTS = f"""
WITH facts AS MATERIALIZED ({build_facts_query(cases=_IN_CASE_RANGE, upto=_UP_TO_POSITION)}),
    laid_by AS (INSERT INTO {NEW_FACT} ({FACT_COLUMNS}) SELECT {FACT_COLUMNS} FROM facts),
    standing AS (
        INSERT INTO {OPEN_CASES} (came, {CELL_COLUMNS}, entered, gone, late_in, late_out)
        SELECT came, {CELL_COLUMNS}, sum(entered), sum(gone), sum(late_in), sum(late_out)
        FROM facts GROUP BY came, {CELL_COLUMNS}
        HAVING count(entered) <> count(gone) OR count(late_in) <> count(late_out)),
    sent AS (
        INSERT INTO {TRANSFERRED_CASES} SELECT day, entity, sent_to FROM facts WHERE sent_to IS NOT NULL),
    counted AS (
        INSERT INTO {NEW_COUNTED_CASES} ({counted_cases.COLUMNS}) {counted_cases.build_counted_rows("facts")})
SELECT min(day), max(day) FROM facts
"""
# Once the facts are there: rows that come later are in no range of it until they are vacuumed.
CREATE_DAY_INDEX = (
    f"CREATE INDEX {NEW_FACT}_by_day ON {NEW_FACT} USING brin (day) WITH (pages_per_range = 16)"
)
COUNT_EVENTS = f"SELECT count(*) FROM event WHERE {_UP_TO_POSITION}"

FACTS_SOURCE = f"(SELECT * FROM {NEW_FACT} WHERE day BETWEEN %(first)s AND %(last)s) AS facts"
GRAIN_SOURCE = (
    f"(SELECT * FROM {NEW_ROLLUP} WHERE grain = {{grain}} AND span = '{{span}}'"
    " AND day BETWEEN %(first)s AND %(last)s) AS rows"
)
_EMPTY_MEASURES = ", ".join(
    f"NULL::int AS {name}" for name in MEASURES if name not in ("entered", "gone", "late_in", "late_out")
)
_OPEN_CASES_SOURCE = (
    f"(SELECT 1 AS sign, came AS day, *, {_EMPTY_MEASURES}, NULL::bigint[] AS histogram FROM {OPEN_CASES})"
)
_INSERT_OPEN_CASES = f"""
INSERT INTO {NEW_ROLLUP} ({COLUMNS})
{build_rollup_query(f"{_OPEN_CASES_SOURCE} AS of", range(len(GRAINS)), OPEN_SPAN)}
"""
_INSERT_FLOWS = f"""
INSERT INTO {NEW_FLOW} (span, day, sent_from, sent_to, cases)
SELECT span, begins, sent_from, sent_to, count(*)
FROM {TRANSFERRED_CASES}, LATERAL (VALUES {SPANS_OF_DAY}) AS spans (span, begins) GROUP BY span, begins,
sent_from, sent_to
"""
# What is open, and the indexes that months are not summed by: row by row, indexes larger than memory take longer than
# all else. What takes longest first, so that nobody is left with it alone.
FINAL_STATEMENTS = (
    (_INSERT_OPEN_CASES, f"CREATE INDEX {BODY_INDEX}_new ON {NEW_ROLLUP} {BODY_INDEX_COLUMNS}"),
    *(
        [f"CREATE INDEX {name}_new ON {NEW_COUNTED_CASES} ({columns})"]
        for name, columns in COUNTED_CASES_INDEXES.items()
    ),
    [f"CREATE UNIQUE INDEX {NEW_COUNTED_CASES}_pkey ON {NEW_COUNTED_CASES} ({counted_cases.KEY})"],
    [f"CREATE INDEX {NEW_FACT}_by_topic ON {NEW_FACT} (entity, service, day)"],
    [_INSERT_FLOWS],
)
CLEANUP_STATEMENTS = (
    f"DROP TABLE {OPEN_CASES}, {TRANSFERRED_CASES}",
    f"ALTER TABLE {NEW_COUNTED_CASES} ADD PRIMARY KEY USING INDEX {NEW_COUNTED_CASES}_pkey",
    *(
        f"ALTER TABLE {table} RESET (autovacuum_enabled)"
        for table in (NEW_ROLLUP, NEW_FACT, NEW_COUNTED_CASES)
    ),
    *(f"ANALYZE {table}" for table in (NEW_ROLLUP, NEW_FLOW, NEW_FACT, NEW_COUNTED_CASES)),
)
RESET_PROJECTION = """
INSERT INTO follower (name, epoch, xid, event) VALUES (%s, %s, %s, %s)
ON CONFLICT (name) DO UPDATE SET epoch = excluded.epoch, xid = excluded.xid, event = excluded.event
"""
