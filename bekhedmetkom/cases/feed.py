"""The journal as a stream: each follower reads every event once, in an order in which none can be skipped.

Transactions commit out of order, so a plain `id > last` would miss events. A follower reads only what lies below the
horizon under which every transaction has ended (`pg_snapshot_xmin`), or belongs to an earlier epoch: restoring a dump
into a cluster whose transaction numbers are lower raises the epoch (docs/operations.md). Its own rows and its cursor
move in one transaction, so each event takes effect exactly once, whatever is killed.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

from .rules.states import EventType

BATCH_SIZE = 500


@dataclass(frozen=True, slots=True)
class FeedEvent:
    """An event as followers get it."""

    id: int
    case_id: UUID
    reference: str
    seq: int
    state: str
    happened: EventType
    at: datetime
    actor: str
    data: Mapping[str, Any]


class EventConsumer(ABC):
    """Reacts to the journal. `decisions` has an entry for every event type, also for those it ignores."""

    name: ClassVar[str]
    decisions: ClassVar[Mapping[EventType, Any]]

    @abstractmethod
    def handle_events(self, events: Sequence[FeedEvent]) -> None:
        """Write this follower's own rows for these events, in the transaction that moves its cursor."""


def _parse_event(row: Sequence[Any]) -> FeedEvent:
    """A row of NEXT; its last two columns are the cursor's."""
    key, case, reference, seq, state, kind, at, actor, data = row[:9]
    data = json.loads(data) if isinstance(data, str) else data
    return FeedEvent(key, case, reference, seq, state, EventType(kind), at, actor, data)


@cache
def get_consumers() -> tuple[EventConsumer, ...]:
    """Those named in the settings, so that nobody imports upward to register one."""
    return tuple(import_string(path)() for path in settings.FOLLOWERS)


def advance_consumer(follower: EventConsumer, *, horizon: int | None = None) -> int:
    """Let a follower read its next batch; returns how many events that were. 0: nothing new, or another is at it.

    `horizon` is the first transaction number that is not read yet; tests pass one in.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtext('follower'), hashtext(%s))", [follower.name]
        )
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(INSERT_CURSOR_SQL, [follower.name])
        cursor.execute(NEXT_EVENTS_SQL, {"name": follower.name, "horizon": horizon, "batch": BATCH_SIZE})
        rows = cursor.fetchall()
        if not rows:
            return 0
        follower.handle_events([_parse_event(row) for row in rows])
        cursor.execute(MOVE_CURSOR_SQL, [rows[-1][9], str(rows[-1][10]), rows[-1][0], follower.name])
        return len(rows)


def run_consumers() -> int:
    """Let each follower read all there is; returns how many events were read in all."""
    return sum(drain_consumer(follower) for follower in get_consumers())


def drain_consumer(follower: EventConsumer) -> int:
    """Let a follower read all there is; returns how many events that were."""
    read = 0
    while batch := advance_consumer(follower):
        read += batch
        if batch < BATCH_SIZE:
            break
    return read


def rewind_consumer(name: str) -> None:
    """Let a follower start from the beginning; its own rows are its own business."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE follower SET epoch = 0, xid = 0, event = 0 WHERE name = %s", [name])


def skip_consumer_to_end(name: str) -> None:
    """Set a follower past everything that is there, so that bulk-loaded cases are announced to nobody."""
    with connection.cursor() as cursor:
        cursor.execute(INSERT_CURSOR_SQL, [name])
        cursor.execute(SKIP_TO_END_SQL, {"name": name})


@dataclass(frozen=True, slots=True)
class ConsumerLag:
    name: str
    seconds: float


def list_lags() -> Iterator[ConsumerLag]:
    """How far each follower is behind, in seconds since the oldest event that it has not read."""
    with connection.cursor() as cursor:
        for follower in get_consumers():
            cursor.execute(LAG_SQL, {"name": follower.name})
            (seconds,) = cursor.fetchone()
            yield ConsumerLag(follower.name, float(seconds or 0))


INSERT_CURSOR_SQL = (
    "INSERT INTO follower (name, epoch, xid, event) VALUES (%s, 0, 0, 0) ON CONFLICT DO NOTHING"
)

# A batch of events first, in order of their index, and then what belongs to them: joined all at once, PostgreSQL
# expects a third of the whole journal to come and reads all of it, at a million cases for longer than it may.
NEXT_EVENTS_SQL = """
SELECT e.id, e.case_id, c.reference, e.seq, e.state, e.kind, e.at, e.actor, e.data, e.epoch, e.xid::text
FROM follower f
CROSS JOIN LATERAL (
    SELECT * FROM event
    WHERE (event.epoch, event.xid, event.id) > (f.epoch, f.xid::text::xid8, f.event)
      AND (event.xid < coalesce(%(horizon)s::bigint::text::xid8, pg_snapshot_xmin(pg_current_snapshot()))
           OR event.epoch < (SELECT max(epoch) FROM event))
    ORDER BY event.epoch, event.xid, event.id
    LIMIT %(batch)s) e
JOIN "case" c ON c.id = e.case_id
WHERE f.name = %(name)s
ORDER BY e.epoch, e.xid, e.id
"""

MOVE_CURSOR_SQL = (
    "UPDATE follower SET epoch = %s, xid = %s::bigint, event = %s, moved_at = now() WHERE name = %s"
)

# By the table's own columns: `xid` alone would be the number that is made of it, which no index has.
SKIP_TO_END_SQL = """
UPDATE follower SET (epoch, xid, event) =
    (SELECT epoch, xid::text::bigint, id FROM event
     ORDER BY event.epoch DESC, event.xid DESC, event.id DESC LIMIT 1)
WHERE name = %(name)s AND EXISTS (SELECT FROM event)
"""

# From the cursor on, in the feed's order: a follower that has read all finds nothing there, and looks at nothing.
LAG_SQL = """
SELECT extract(epoch FROM now() - (
    SELECT next.recorded_at
    FROM (SELECT coalesce(max(epoch), 0), coalesce(max(xid), 0)::text::xid8, coalesce(max(event), 0)
          FROM follower WHERE name = %(name)s) f (epoch, xid, event),
    LATERAL (SELECT e.recorded_at FROM event e WHERE (e.epoch, e.xid, e.id) > (f.epoch, f.xid, f.event)
             ORDER BY e.epoch, e.xid, e.id LIMIT 1) next))
"""
