"""How much waits in each queue, and how much came into one since somebody looked."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from bekhedmetkom.identity.queries import RoleCoverage, get_role_coverage
from bekhedmetkom.kernel.actor import Actor

from ...models import Case, Event
from ...rules.states import EventType
from ..prepared_statements import PreparedStatement, prepare_statement
from .filters import NO_FILTER, QueueFilter, build_filter
from .queues import (
    MOMENT_PLACEHOLDERS,
    PLACEHOLDERS,
    QueueMoments,
    filter_queue,
    get_directory_version,
    list_queues,
)

_EMPTY_SQL = "SELECT 1 WHERE false"  # for a queue that, as Django sees without asking, holds nothing
COUNT_LIMIT = 300  # "300+" beyond: whoever has that many does not count them

_RETURN_EVENTS = {
    EventType.HANDED_BACK,
    EventType.LEFT,
    EventType.CONCERNS,
    EventType.APPEAL_UPHELD,
    EventType.SUPPLIED,
}
_INCOMING_EVENTS = {EventType.SUBMITTED, EventType.REFERRED, EventType.RETURNED}
# What brings a case into a queue. Whatever else happens to one was there before.
ARRIVAL_EVENTS: Mapping[str, set[EventType]] = {
    "mine": _INCOMING_EVENTS | _RETURN_EVENTS | {EventType.ASSIGNED, EventType.APPEALED},
    "snoozed": {EventType.SNOOZED},
    "unit": {EventType.SUBMITTED, EventType.ASSIGNED, EventType.SUPPLIED, EventType.APPEALED},
    "entity": _INCOMING_EVENTS | {EventType.SUPPLIED, EventType.APPEALED},
    "unassigned": _INCOMING_EVENTS | _RETURN_EVENTS,
    "triage": {EventType.SUBMITTED, EventType.RETURNED},
    "today": _INCOMING_EVENTS | {EventType.EXTENDED, EventType.RESCHEDULED},
    "overdue": {EventType.OVERDUE},
    "approval": {EventType.REPLY_SUBMITTED},
    "escalated": {EventType.ESCALATED, EventType.OVERDUE, EventType.IDLE},
    "appeals": {EventType.APPEALED},
    "callbacks": {EventType.UNREACHED, EventType.DENIED},
    "answered": {EventType.ANSWERED, EventType.REPLY_APPROVED, EventType.ABUSE_CONFIRMED},
}


def count_queues(viewer: Actor, now: datetime) -> dict[str, int]:
    """How much waits in each queue, counted to `COUNTED_TO` and one more."""
    counting = _build_counts(viewer, get_role_coverage(now), get_directory_version())
    moments: list[Any] = [*QueueMoments.at(now)]
    with connection.cursor() as cursor:
        cursor.execute(_SET_MOMENTS_SQL, moments)
        return dict(counting.asked({}))


@lru_cache(maxsize=1024)
def _build_counts(viewer: Actor, service: RoleCoverage, _directory: tuple[int, int]) -> PreparedStatement:
    """The statement of `desk_counts`. To plan it takes longer than to count, so it finds its moments set apart."""
    return build_count_statement(
        {queue: filter_queue(viewer, queue, _SESSION_MOMENTS, service) for queue in list_queues(viewer)}
    )


def build_count_statement(
    lists: Mapping[str, QuerySet[Case]], unsaid: Sequence[Any] = ()
) -> PreparedStatement:
    """One statement for how much is in each list, each counted to `COUNTED_TO` and one more."""
    parts: list[str] = []
    values: list[Any] = []
    for name, rows in lists.items():
        part = prepare_statement(rows.order_by().values("pk")[: COUNT_LIMIT + 1], unsaid)
        parts.append(f"SELECT '{name}', count(*) FROM ({part.statement or _EMPTY_SQL}) waiting")
        values += part.values
    return PreparedStatement(" UNION ALL ".join(parts), values)


_SET_MOMENTS_SQL = """
SELECT set_config('bk.now', %s::timestamptz::text, false), set_config('bk.midnight', %s::timestamptz::text, false),
    set_config('bk.answered_since', %s::timestamptz::text, false)
"""
_SESSION_MOMENTS = QueueMoments(
    RawSQL("current_setting('bk.now')::timestamptz", ()),
    RawSQL("current_setting('bk.midnight')::timestamptz", ()),
    RawSQL("current_setting('bk.answered_since')::timestamptz", ()),
)


def has_new_events(place: int) -> bool:
    """Whether anything has happened after that place to a case that the wall lets the asker see."""
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT EXISTS (SELECT FROM event JOIN "case" ON "case".id = case_id WHERE event.id > %s)',
            [place],
        )
        return bool(cursor.fetchone()[0])


def get_last_event_id() -> int:
    """A place in the journals of all cases: what comes after it is new."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM event")
        return int(cursor.fetchone()[0])


def count_arrivals(
    viewer: Actor, queue: str, now: datetime, since: int, filters: QueueFilter = NO_FILTER
) -> int:
    """How many cases came into the queue after `since`, by others than the viewer; counted as the queues are."""
    statement = _build_arrivals(viewer, queue, get_role_coverage(now), filters, get_directory_version())
    said: dict[Any, Any] = dict(zip(PLACEHOLDERS, QueueMoments.at(now), strict=False))
    [(came,)] = statement.asked(said | {_SINCE_PLACEHOLDER: since})
    return int(came)


@lru_cache(maxsize=1024)
def _build_arrivals(
    viewer: Actor, queue: str, service: RoleCoverage, filters: QueueFilter, _directory: tuple[int, int]
) -> PreparedStatement:
    """The statement of `desk_came`: it begins at the few events since, not at the queue."""
    moments = MOMENT_PLACEHOLDERS
    arrived = Event.objects.filter(pk__gt=_SINCE_PLACEHOLDER, kind__in=sorted(ARRIVAL_EVENTS[queue])).exclude(
        actor=str(viewer)
    )
    rows = filter_queue(viewer, queue, moments, service).filter(
        build_filter(filters, moments), pk__in=arrived.values("case")
    )
    found = prepare_statement(
        rows.order_by().values("pk")[: COUNT_LIMIT + 1], (*PLACEHOLDERS, _SINCE_PLACEHOLDER)
    )
    return PreparedStatement(f"SELECT count(*) FROM ({found.statement or _EMPTY_SQL}) came", found.values)


_SINCE_PLACEHOLDER = -1  # in a statement that is kept, what stands for the place after which something is new
