"""Making the roll-ups anew from the journal, beside the old ones, while everything goes on.

In steps that may be shared out to several processes, none of them a transaction of more than a few seconds: followers
read below the oldest one. First the facts of all cases up to a point of the feed, range by range; then their sums,
some days at a time, each grain from the next finer one; then fives from days, and months from
fives. In the end new tables take the place of the old ones, and the follower goes back to that point: what it had read
meanwhile it reads once more. One at a time.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.db import connection, transaction

from bekhedmetkom.config.roles import WEB, WORKER

from ..facts import CELL, facts
from ..rollups import ABLE, COLUMNS, DAY, FIVES, FOLLOWER, KEY, MONTH, OPEN, SUMS, fold, rolled_up, summed
from ..rules.grains import FINEST, GRAINS, LIGHT
from ..rules.measures import MEASURES

CASES = 4000  # whose facts are read in one transaction
FACTS = 100_000  # that are summed in one
ROWS = 200_000  # of days, that are summed to months in one

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


class Days(NamedTuple):
    """From `first` to `last`, both within it."""

    first: date
    last: date


@contextmanager
def by_itself(work: Callable[[T], R], items: Sequence[T]) -> Iterator[Iterator[R]]:
    """One step after the other, in this process."""
    yield map(work, items)


@contextmanager
def _alone() -> Iterator[None]:
    """Nobody else makes them anew meanwhile. A connection of its own holds this: who shares out work closes ours."""
    holding = connection.copy()
    try:
        with holding.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(hashtext('rebuild'), hashtext(%s))", [FOLLOWER])
            if not cursor.fetchone()[0]:
                raise Busy
        yield
    finally:
        holding.close()


@_alone()
def rebuild(shared: Sharing[Any, Any] = by_itself) -> int:
    """Make all roll-ups anew; how many events they hold. `shared` shares steps out to processes. Or `Busy`."""
    upto = _end_of_feed()
    events = _build(upto, shared)
    _put_in_place(upto)
    return events


@_alone()
def differences(shared: Sharing[Any, Any] = by_itself) -> list[str]:
    """Make them anew beside those in use, and say where they differ. The follower waits while they are compared."""
    upto = _point_of_follower()
    _build(upto, shared)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('follower'), hashtext(%s))", [FOLLOWER])
        try:
            _catch_up(upto)
            cursor.execute(COMPARE_FLOWS)
            found = [f"flows: {n:,} rows" for (n,) in cursor.fetchall() if n]
            for grain in range(len(GRAINS)):
                cursor.execute(COMPARE, {"grain": grain})
                found += [f"grain {grain}, {span}: {n:,} rows" for span, n in cursor.fetchall()]
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('follower'), hashtext(%s))", [FOLLOWER])
        cursor.execute(f"DROP TABLE {NEW_ROLLUP}, {NEW_FLOW}")
    return found


def are_empty() -> bool:
    """Whether there are cases, and no sums of them: after a first filling, or an upgrade."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT EXISTS (SELECT FROM "case") AND NOT EXISTS (SELECT FROM {ROLLUP})')
        return bool(cursor.fetchone()[0])


def _build(upto: Point, shared: Sharing[Any, Any]) -> int:
    """The new tables, beside the old ones, up to a point of the feed; how many events they hold."""
    _make_room()
    with shared(_read, _ranges(upto)) as read:
        counts = list(read)
    facts_, events = (sum(column) for column in zip(*counts, strict=True)) if counts else (0, 0)
    with shared(_sum_days, _some_days_each(facts_)) as done:
        list(done)
    with shared(_sum_months, _some_months_each()) as done:
        list(done)
    with connection.cursor() as cursor:
        cursor.execute(STAND)
        cursor.execute(FLOWS)
        for table in (FACT, STANDING, SENT):
            cursor.execute(f"DROP TABLE {table}")
        for table in (NEW_ROLLUP, NEW_FLOW):
            cursor.execute(f"ANALYZE {table}")
    return events


def _catch_up(upto: Point) -> None:
    """Bring the new tables to where the follower stands."""
    there = _point_of_follower()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            BETWEEN, {**upto._asdict(), "to_epoch": there.epoch, "to_xid": there.xid, "to_event": there.event}
        )
        if cases := [case for (case,) in cursor.fetchall()]:
            fold(cases, upto, there.event, rollup=NEW_ROLLUP, flow=NEW_FLOW)


def _point_of_follower() -> Point:
    with connection.cursor() as cursor:
        cursor.execute("SELECT epoch, xid, event FROM follower WHERE name = %s", [FOLLOWER])
        return Point(*(cursor.fetchone() or (0, 0, 0)))


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


def _read(cases: Range) -> tuple[int, int]:
    """The facts of some cases, laid by; how many facts, of how many events."""
    values = {**cases._asdict(), **cases.upto._asdict()}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ABLE)
        cursor.execute(READ, values)
        (facts_,) = cursor.fetchone()
        cursor.execute(COUNT, values)
        return facts_, cursor.fetchone()[0]


def _some_days_each(facts_: int) -> list[Days]:
    """All days of the facts, so many at a time that their facts are not more than can be summed at once."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT min(day), max(day) FROM {FACT}")
        first, last = cursor.fetchone()
    if first is None:
        return []
    days = (last - first).days + 1
    step = max(1, days * FACTS // max(facts_, 1))
    return [
        Days(day, min(day + timedelta(days=step - 1), last))
        for day in (first + timedelta(days=n) for n in range(0, days, step))
    ]


def _sum_days(days: Days) -> None:
    """Day by day at every grain: the finest from the facts, each other from the smallest that has all it needs."""
    for grain in reversed(range(len(GRAINS))):
        source = OF_FACTS if grain == FINEST else OF_GRAIN.format(grain=_finer(grain), span="day")
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(ABLE)
            cursor.execute(
                f"INSERT INTO {NEW_ROLLUP} ({COLUMNS}) {summed(source, grain, 'day')} ORDER BY {KEY}",
                days._asdict(),
            )


def _finer(grain: int) -> int:
    finer = range(grain + 1, len(GRAINS))
    return next(number for number in finer if GRAINS[number] > GRAINS[grain] and number not in LIGHT)


def _some_months_each() -> list[tuple[int, Days]]:
    """For each grain some whole months at a time."""
    with connection.cursor() as cursor:
        cursor.execute(MONTHS)
        found = cursor.fetchall()
    steps: list[tuple[int, Days]] = []
    for grain in range(len(GRAINS)):
        kept, held = None, 0
        for month, rows in ((month, rows) for of, month, rows in found if of == grain):
            if kept is None or held + rows > ROWS:
                kept, held = len(steps), 0
                steps.append((grain, Days(month, month)))
            held += rows
            steps[kept] = (grain, Days(steps[kept][1].first, _last_of(month)))
    return steps


def _last_of(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _sum_months(step: tuple[int, Days]) -> None:
    """Fives from days, months from fives; the finest has none, so days are its months' source."""
    grain, days = step
    spans = ("day", "month") if grain == FINEST else ("day", "five", "month")
    for shorter, span in pairwise(spans):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(ABLE)
            source = OF_GRAIN.format(grain=grain, span=shorter)
            cursor.execute(
                f"INSERT INTO {NEW_ROLLUP} ({COLUMNS}) {summed(source, grain, span)} ORDER BY {KEY}",
                days._asdict(),
            )


def _put_in_place(upto: Point) -> None:
    """In one short transaction; the follower waits for it, and reads on from where the new tables end."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('follower'), hashtext(%s))", [FOLLOWER])
        for old, new in ((ROLLUP, NEW_ROLLUP), (FLOW, NEW_FLOW)):
            cursor.execute(f"DROP TABLE {old}")
            cursor.execute(f"ALTER TABLE {new} RENAME TO {old}")
            cursor.execute(f"ALTER INDEX {new}_pkey RENAME TO {old}_pkey")
        cursor.execute(SET_BACK, [FOLLOWER, *upto])


ROLLUP, FLOW = "insight_rollup", "insight_flow"
NEW_ROLLUP, NEW_FLOW = "insight_rollup_new", "insight_flow_new"
FACT, STANDING, SENT = "insight_fact", "insight_standing", "insight_sent"  # on the way, unlogged

END = """
SELECT epoch, xid::text::bigint, id FROM event
WHERE xid < pg_snapshot_xmin(pg_current_snapshot()) OR epoch < (SELECT max(epoch) FROM event)
ORDER BY epoch DESC, xid DESC, id DESC LIMIT 1
"""

_FACT_COLUMNS = f"day, came, {CELL}, {', '.join(MEASURES)}, spread"
ROOM = (
    *(f"DROP TABLE IF EXISTS {table}" for table in (NEW_ROLLUP, NEW_FLOW, FACT, STANDING, SENT)),
    f"CREATE TABLE {NEW_ROLLUP} (LIKE {ROLLUP} INCLUDING ALL)",
    f"CREATE TABLE {NEW_FLOW} (LIKE {FLOW} INCLUDING ALL)",
    f"GRANT SELECT, INSERT, UPDATE, DELETE ON {NEW_ROLLUP}, {NEW_FLOW} TO {WEB}, {WORKER}",
    f"CREATE UNLOGGED TABLE {FACT} AS"
    f" SELECT day, day AS came, {CELL}, {', '.join(MEASURES)}, spread FROM {ROLLUP} WITH NO DATA",
    f"CREATE INDEX ON {FACT} USING brin (day) WITH (pages_per_range = 16)",
    f"CREATE UNLOGGED TABLE {STANDING} (LIKE {FACT})",
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
    laid_by AS (INSERT INTO {FACT} ({_FACT_COLUMNS}) SELECT {_FACT_COLUMNS} FROM facts),
    standing AS (
        INSERT INTO {STANDING} (day, came, {CELL}, entered, gone, late_in, late_out)
        SELECT min(day), came, {CELL}, sum(entered), sum(gone), sum(late_in), sum(late_out)
        FROM facts GROUP BY came, {CELL}
        HAVING count(entered) <> count(gone) OR count(late_in) <> count(late_out)),
    sent AS (
        INSERT INTO {SENT} SELECT day, entity, sent_to FROM facts WHERE sent_to IS NOT NULL)
SELECT count(*) FROM facts
"""
COUNT = f"SELECT count(*) FROM event WHERE {_CASES} AND {_UPTO}"

OF_FACTS = f"(SELECT * FROM {FACT} WHERE day BETWEEN %(first)s AND %(last)s) AS facts"
OF_GRAIN = (
    f"(SELECT * FROM {NEW_ROLLUP} WHERE grain = {{grain}} AND span = '{{span}}'"
    " AND day BETWEEN %(first)s AND %(last)s) AS rows"
)
MONTHS = f"""
SELECT grain, date_trunc('month', day)::date AS month, count(*) FROM {NEW_ROLLUP} WHERE span = 'day'
GROUP BY grain, month ORDER BY grain, month
"""
STAND = f"""
INSERT INTO {NEW_ROLLUP} ({COLUMNS})
{rolled_up(f"(SELECT 1 AS sign, * FROM {STANDING}) AS of", range(len(GRAINS)), OPEN)}
"""
FLOWS = f"""
INSERT INTO {NEW_FLOW} (span, day, sent_from, sent_to, cases)
SELECT span, begins, sent_from, sent_to, count(*)
FROM {SENT}, LATERAL (VALUES {DAY}, {FIVES}, {MONTH}) AS spans (span, begins) GROUP BY span, begins, sent_from, sent_to
"""
BETWEEN = """
SELECT DISTINCT case_id FROM event
WHERE (epoch, xid, id) > (%(epoch)s, %(xid)s::text::xid8, %(event)s)
  AND (epoch, xid, id) <= (%(to_epoch)s, %(to_xid)s::text::xid8, %(to_event)s)
"""
_PLAIN = f"SELECT {KEY}, {', '.join(SUMS)}, spread_added(spread, NULL) AS spread"  # codes in order, each once
COMPARE = f"""
WITH used AS ({_PLAIN} FROM {ROLLUP} WHERE grain = %(grain)s),
    made AS ({_PLAIN} FROM {NEW_ROLLUP} WHERE grain = %(grain)s)
SELECT span, count(*)
FROM ((TABLE used EXCEPT ALL TABLE made) UNION ALL (TABLE made EXCEPT ALL TABLE used)) AS differ
GROUP BY span ORDER BY span
"""
COMPARE_FLOWS = f"""
SELECT count(*) FROM (
    (SELECT * FROM {FLOW} WHERE cases <> 0 EXCEPT ALL SELECT * FROM {NEW_FLOW})
    UNION ALL (SELECT * FROM {NEW_FLOW} EXCEPT ALL SELECT * FROM {FLOW} WHERE cases <> 0)) AS differ
"""
SET_BACK = """
INSERT INTO follower (name, epoch, xid, event) VALUES (%s, %s, %s, %s)
ON CONFLICT (name) DO UPDATE SET epoch = excluded.epoch, xid = excluded.xid, event = excluded.event
"""
