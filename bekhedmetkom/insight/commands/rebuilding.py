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

from .. import counted
from ..facts import CELL, facts
from ..rollups import ABLE, COLUMNS, FACT_COLUMNS, FOLLOWER, KEY, LIES_IN, OPEN, rolled_up, summed
from ..rules.grains import DIMENSIONS, FINEST, GRAINS, LIGHT
from ..rules.measures import MEASURES
from ..rules.slices import SPANS, Run, each

CASES = 10_000  # whose facts are read in one transaction

T = TypeVar("T")
R = TypeVar("R")


class Busy(Exception):
    """Somebody else is making the roll-ups anew; both would use the same tables beside those in use."""


Sharing = Callable[[Callable[[T], R], Sequence[T]], AbstractContextManager[Iterator[R]]]


class Point(NamedTuple):
    """How far the journal is read, in the feed's order."""

    epoch: int
    xid: int
    event: int


class Range(NamedTuple):
    """Cases with keys from `first` to `last`, and their events up to there."""

    first: UUID
    last: UUID
    upto: Point


@contextmanager
def by_itself(work: Callable[[T], R], items: Sequence[T]) -> Iterator[Iterator[R]]:
    """One step after the other, in this process."""
    yield map(work, items)


@contextmanager
def alone() -> Iterator[None]:
    """Nobody else makes them anew meanwhile. A connection of its own holds this: who shares out work closes ours."""
    holding = connection.copy()
    try:
        with holding.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(hashtext('rebuild'), hashtext(%s))", [FOLLOWER])
            if not cursor.fetchone()[0]:
                raise Busy
            yield
            # Released here: after closing, the server frees the lock only once it has noticed.
            cursor.execute("SELECT pg_advisory_unlock(hashtext('rebuild'), hashtext(%s))", [FOLLOWER])
    finally:
        holding.close()


@alone()
def rebuild(shared: Sharing[Any, Any] = by_itself) -> int:
    """Make all roll-ups anew; how many events they hold. `shared` shares steps out to processes. Or `Busy`."""
    upto = _end_of_feed()
    events = build(upto, shared)
    _put_in_place(upto)
    return events


def are_empty() -> bool:
    """Whether there are cases, and no sums of them: after a first filling, or an upgrade."""
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT EXISTS (SELECT FROM "case")'
            f" AND NOT (EXISTS (SELECT FROM {ROLLUP}) AND EXISTS (SELECT FROM {COUNTED}))"
        )
        return bool(cursor.fetchone()[0])


def build(upto: Point, shared: Sharing[Any, Any]) -> int:
    """The new tables, beside the old ones, up to a point of the feed; how many events they hold."""
    _make_room()
    with shared(_read, _ranges(upto)) as read:
        days = [day for some in read for day in some if day]
    with connection.cursor() as cursor:
        cursor.execute(BY_DAY)
    if days:
        months, years = (each(span, min(days), max(days)) for span in ("month", "year"))
        with shared(_sum_month, months) as done:
            list(done)
        with shared(_sum_year, list(product(range(FINEST), years))) as done:
            list(done)
    with shared(_complete, COMPLETE) as done:
        list(done)
    with connection.cursor() as cursor:
        for statement in FINISH:
            cursor.execute(statement)
        cursor.execute(COUNT, upto._asdict())
        return int(cursor.fetchone()[0])


def _end_of_feed() -> Point:
    with connection.cursor() as cursor:
        cursor.execute(END)
        return Point(*(cursor.fetchone() or (0, 0, 0)))


def _make_room() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in ROOM:
            cursor.execute(statement)


def _ranges(upto: Point) -> list[Range]:
    with connection.cursor() as cursor:
        cursor.execute(RANGES, [CASES])
        return [Range(first, last, upto) for first, last in cursor.fetchall()]


def _read(cases: Range) -> tuple[date | None, date | None]:
    """The facts of some cases, laid by; on which days they lie."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ABLE_AND_HASTY)
        cursor.execute(READ, {**cases._asdict(), **cases.upto._asdict()})
        first, last = cursor.fetchone()
        return first, last


def _sum_month(month: Run) -> None:
    """Day by day at every grain: from the facts, or from the smallest that has all it needs; weeks and months then."""
    for grain in reversed(range(FINEST)):
        _sum(grain, ("day", "week", "month"), month)


def _sum_year(of: tuple[int, Run]) -> None:
    """The year of a grain."""
    grain, year = of
    _sum(grain, ("year",), year)


def _sum(grain: int, spans: Sequence[str], days: Run) -> None:
    for span in spans:
        if span != "day":
            source = OF_GRAIN.format(grain=grain, span=SPANS[SPANS.index(span) - 1])
        else:
            source = OF_FACTS if _finer(grain) == FINEST else OF_GRAIN.format(grain=_finer(grain), span=span)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(ABLE_TO_SUM)
            cursor.execute(
                SUM.format(summed=summed(source, grain, span)),
                {"first": days.first, "last": days.end},
            )


def _complete(statements: Sequence[str]) -> None:
    """What comes once all days are summed."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ABLE_TO_COMPLETE)
        for statement in statements:
            cursor.execute(statement)


def _finer(grain: int) -> int:
    """The smallest that has what this one has, and all its measures."""
    finer = range(grain + 1, len(GRAINS))
    return next(
        number
        for number in finer
        if GRAINS[number] > GRAINS[grain] and (number not in LIGHT or grain in LIGHT)
    )


def _put_in_place(upto: Point) -> None:
    """In one short transaction; the follower waits for it, and reads on from where the new tables end."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('follower'), hashtext(%s))", [FOLLOWER])
        for old, new, indexes in TABLES:
            cursor.execute(f"DROP TABLE {old}")
            cursor.execute(f"ALTER TABLE {new} RENAME TO {old}")
            for name in indexes:
                cursor.execute(f"ALTER INDEX {new}_{name} RENAME TO {old}_{name}")
        for name in (OF_BODIES, *COUNTED_BY):
            cursor.execute(f"ALTER INDEX {name}_new RENAME TO {name}")
        cursor.execute(SET_BACK, [FOLLOWER, *upto])


ROLLUP, FLOW, FACT = "insight_rollup", "insight_flow", "insight_fact"
NEW_ROLLUP, NEW_FLOW, NEW_FACT = "insight_rollup_new", "insight_flow_new", "insight_fact_new"
COUNTED, NEW_COUNTED = counted.TABLE, f"{counted.TABLE}_new"
TABLES = (
    (ROLLUP, NEW_ROLLUP, ("pkey",)), (FLOW, NEW_FLOW, ("pkey",)), (FACT, NEW_FACT, ("by_day", "by_topic")),
    (COUNTED, NEW_COUNTED, ("pkey",)),
)  # fmt: skip
STANDING, SENT = "insight_standing", "insight_sent"  # on the way, unlogged

# Nothing is lost that would be missed: the last step, which puts the new tables in place, waits for the disk.
ABLE_AND_HASTY = f"{ABLE}, set_config('synchronous_commit', 'off', true)"
# By hashing: of tables that grow and are not analyzed PostgreSQL expects few rows, and sorts them with all their
# columns, which takes two to three times as long. And a month's facts are found by the index over days.
ABLE_TO_SUM = f"""
{ABLE_AND_HASTY}, set_config('enable_sort', 'off', true), set_config('enable_seqscan', 'off', true),
    set_config('max_parallel_workers_per_gather', '0', true)
"""
# Put in order once they are there: who wants a join in order, and may not sort, takes a loop within a loop.
SUM = f"""
INSERT INTO {NEW_ROLLUP} ({COLUMNS})
WITH made AS MATERIALIZED ({{summed}}) SELECT {COLUMNS} FROM made ORDER BY {KEY}
"""
# Several indexes are made at once, each by one process.
ABLE_TO_COMPLETE = f"""
{ABLE_TO_SUM}, set_config('maintenance_work_mem', '256MB', true),
    set_config('max_parallel_maintenance_workers', '0', true)
"""

# Ordered by the table's own columns: `xid` alone would be the number that is made of it, which no index has.
END = """
SELECT epoch, xid::text::bigint, id FROM event
WHERE xid < pg_snapshot_xmin(pg_current_snapshot()) OR epoch < (SELECT max(epoch) FROM event)
ORDER BY event.epoch DESC, event.xid DESC, event.id DESC LIMIT 1
"""

# The indexes of `models`, made here once the rows are there.
OF_BODIES = "rollup_of_bodies"
OF_BODIES_IS = """
(grain, entity, span, day, kind, channel, governorate, language) WHERE entity > 0 AND service = 0 AND unit = 0
"""
_NEWEST = "day DESC, case_id DESC, seq DESC"
COUNTED_BY = {"counted_by_day": f"what, {_NEWEST}", "counted_of_body": f"what, entity, {_NEWEST}"}
_NO_VACUUM = "WITH (autovacuum_enabled = off)"  # it would read again and again what only grows
ROOM = (
    *(
        f"DROP TABLE IF EXISTS {table}"
        for table in (NEW_ROLLUP, NEW_FLOW, NEW_FACT, NEW_COUNTED, STANDING, SENT)
    ),
    f"CREATE TABLE {NEW_ROLLUP} (LIKE {ROLLUP}) {_NO_VACUUM}",
    f"ALTER TABLE {NEW_ROLLUP} ADD PRIMARY KEY (grain, span, day, {', '.join(DIMENSIONS)})",
    f"CREATE TABLE {NEW_FLOW} (LIKE {FLOW} INCLUDING ALL)",
    f"CREATE TABLE {NEW_FACT} (LIKE {FACT}) {_NO_VACUUM}",
    f"CREATE TABLE {NEW_COUNTED} (LIKE {COUNTED}) {_NO_VACUUM}",
    f"GRANT SELECT, INSERT, UPDATE, DELETE ON {NEW_ROLLUP}, {NEW_FLOW}, {NEW_FACT}, {NEW_COUNTED} TO {WEB_ROLE}, {WORKER_ROLE}",
    f"CREATE UNLOGGED TABLE {STANDING} AS SELECT day AS came, {CELL}, entered, gone, late_in, late_out"
    f" FROM {FACT} WITH NO DATA",
    f"CREATE UNLOGGED TABLE {SENT} (day date, sent_from int, sent_to int)",
)

RANGES = """
SELECT (array_agg(id))[1], (array_agg(id))[count(*)]
FROM (SELECT id, (row_number() OVER (ORDER BY id) - 1) / %s AS share FROM "case") AS cases
GROUP BY share ORDER BY share
"""

_CASES = "case_id BETWEEN %(first)s AND %(last)s"
_UPTO = "(epoch, xid, id) <= (%(epoch)s, %(xid)s::text::xid8, %(event)s)"
READ = f"""
WITH facts AS MATERIALIZED ({facts(cases=_CASES, upto=_UPTO)}),
    laid_by AS (INSERT INTO {NEW_FACT} ({FACT_COLUMNS}) SELECT {FACT_COLUMNS} FROM facts),
    standing AS (
        INSERT INTO {STANDING} (came, {CELL}, entered, gone, late_in, late_out)
        SELECT came, {CELL}, sum(entered), sum(gone), sum(late_in), sum(late_out)
        FROM facts GROUP BY came, {CELL}
        HAVING count(entered) <> count(gone) OR count(late_in) <> count(late_out)),
    sent AS (
        INSERT INTO {SENT} SELECT day, entity, sent_to FROM facts WHERE sent_to IS NOT NULL),
    counted AS (
        INSERT INTO {NEW_COUNTED} ({counted.COLUMNS}) {counted.counted("facts")})
SELECT min(day), max(day) FROM facts
"""
# Once the facts are there: rows that come later are in no range of it until they are vacuumed.
BY_DAY = f"CREATE INDEX {NEW_FACT}_by_day ON {NEW_FACT} USING brin (day) WITH (pages_per_range = 16)"
COUNT = f"SELECT count(*) FROM event WHERE {_UPTO}"

OF_FACTS = f"(SELECT * FROM {NEW_FACT} WHERE day BETWEEN %(first)s AND %(last)s) AS facts"
OF_GRAIN = (
    f"(SELECT * FROM {NEW_ROLLUP} WHERE grain = {{grain}} AND span = '{{span}}'"
    " AND day BETWEEN %(first)s AND %(last)s) AS rows"
)
_NOTHING = ", ".join(
    f"NULL::int AS {name}" for name in MEASURES if name not in ("entered", "gone", "late_in", "late_out")
)
_STANDING = f"(SELECT 1 AS sign, came AS day, *, {_NOTHING}, NULL::bigint[] AS spread FROM {STANDING})"
_STAND = f"""
INSERT INTO {NEW_ROLLUP} ({COLUMNS})
{rolled_up(f"{_STANDING} AS of", range(len(GRAINS)), OPEN)}
"""
_FLOWS = f"""
INSERT INTO {NEW_FLOW} (span, day, sent_from, sent_to, cases)
SELECT span, begins, sent_from, sent_to, count(*)
FROM {SENT}, LATERAL (VALUES {LIES_IN}) AS spans (span, begins) GROUP BY span, begins, sent_from, sent_to
"""
# What is open, and the indexes that months are not summed by: row by row, indexes larger than memory take longer than
# all else. What takes longest first, so that nobody is left with it alone.
COMPLETE = (
    (_STAND, f"CREATE INDEX {OF_BODIES}_new ON {NEW_ROLLUP} {OF_BODIES_IS}"),
    *([f"CREATE INDEX {name}_new ON {NEW_COUNTED} ({columns})"] for name, columns in COUNTED_BY.items()),
    [f"CREATE UNIQUE INDEX {NEW_COUNTED}_pkey ON {NEW_COUNTED} ({counted.KEY})"],
    [f"CREATE INDEX {NEW_FACT}_by_topic ON {NEW_FACT} (entity, service, day)"],
    [_FLOWS],
)
FINISH = (
    f"DROP TABLE {STANDING}, {SENT}",
    f"ALTER TABLE {NEW_COUNTED} ADD PRIMARY KEY USING INDEX {NEW_COUNTED}_pkey",
    *(f"ALTER TABLE {table} RESET (autovacuum_enabled)" for table in (NEW_ROLLUP, NEW_FACT, NEW_COUNTED)),
    *(f"ANALYZE {table}" for table in (NEW_ROLLUP, NEW_FLOW, NEW_FACT, NEW_COUNTED)),
)  # fmt: skip
SET_BACK = """
INSERT INTO follower (name, epoch, xid, event) VALUES (%s, %s, %s, %s)
ON CONFLICT (name) DO UPDATE SET epoch = excluded.epoch, xid = excluded.xid, event = excluded.event
"""
