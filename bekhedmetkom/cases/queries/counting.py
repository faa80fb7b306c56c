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

from ..models import Case, Event
from ..rules.states import EventType
from .narrowing import EVERY, Filters, narrowed
from .queues import UNSAID, UNSAID_MOMENTS, Moments, directory, in_queue, queues_of
from .worded import Worded, worded

_NONE = "SELECT 1 WHERE false"  # for a queue that, as Django sees without asking, holds nothing
COUNTED_TO = 300  # "300+" beyond: whoever has that many does not count them

H = EventType
_BACK = {H.HANDED_BACK, H.LEFT, H.CONCERNS, H.APPEAL_UPHELD, H.SUPPLIED}
_IN = {H.SUBMITTED, H.REFERRED, H.RETURNED}
# What brings a case into a queue. Whatever else happens to one was there before.
ARRIVES: Mapping[str, set[EventType]] = {
    "mine": _IN | _BACK | {H.ASSIGNED, H.APPEALED},
    "snoozed": {H.SNOOZED},
    "unit": {H.SUBMITTED, H.ASSIGNED, H.SUPPLIED, H.APPEALED},
    "entity": _IN | {H.SUPPLIED, H.APPEALED},
    "unassigned": _IN | _BACK,
    "triage": {H.SUBMITTED, H.RETURNED},
    "today": _IN | {H.EXTENDED, H.RESCHEDULED},
    "overdue": {H.OVERDUE},
    "approval": {H.REPLY_SUBMITTED},
    "escalated": {H.ESCALATED, H.OVERDUE, H.IDLE},
    "appeals": {H.APPEALED},
    "callbacks": {H.UNREACHED, H.DENIED},
    "answered": {H.ANSWERED, H.REPLY_APPROVED, H.ABUSE_CONFIRMED},
}


def desk_counts(viewer: Actor, now: datetime) -> dict[str, int]:
    """How much waits in each queue, counted to `COUNTED_TO` and one more."""
    counting = _counting(viewer, get_role_coverage(now), directory())
    moments: list[Any] = [*Moments.at(now)]
    with connection.cursor() as cursor:
        cursor.execute(_SET_MOMENTS, moments)
        return dict(counting.asked({}))


@lru_cache(maxsize=1024)
def _counting(viewer: Actor, service: RoleCoverage, _directory: tuple[int, int]) -> Worded:
    """The statement of `desk_counts`. To plan it takes longer than to count, so it finds its moments set apart."""
    return counted({queue: in_queue(viewer, queue, _SET_APART, service) for queue in queues_of(viewer)})


def counted(lists: Mapping[str, QuerySet[Case]], unsaid: Sequence[Any] = ()) -> Worded:
    """One statement for how much is in each list, each counted to `COUNTED_TO` and one more."""
    parts: list[str] = []
    values: list[Any] = []
    for name, rows in lists.items():
        part = worded(rows.order_by().values("pk")[: COUNTED_TO + 1], unsaid)
        parts.append(f"SELECT '{name}', count(*) FROM ({part.statement or _NONE}) waiting")
        values += part.values
    return Worded(" UNION ALL ".join(parts), values)


_SET_MOMENTS = """
SELECT set_config('bk.now', %s::timestamptz::text, false), set_config('bk.midnight', %s::timestamptz::text, false),
    set_config('bk.answered_since', %s::timestamptz::text, false)
"""
_SET_APART = Moments(
    RawSQL("current_setting('bk.now')::timestamptz", ()),
    RawSQL("current_setting('bk.midnight')::timestamptz", ()),
    RawSQL("current_setting('bk.answered_since')::timestamptz", ()),
)


def moved_since(place: int) -> bool:
    """Whether anything has happened after that place to a case that the wall lets the asker see."""
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT EXISTS (SELECT FROM event JOIN "case" ON "case".id = case_id WHERE event.id > %s)',
            [place],
        )
        return bool(cursor.fetchone()[0])


def last_event() -> int:
    """A place in the journals of all cases: what comes after it is new."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM event")
        return int(cursor.fetchone()[0])


def desk_came(viewer: Actor, queue: str, now: datetime, since: int, filters: Filters = EVERY) -> int:
    """How many cases came into the queue after `since`, by others than the viewer; counted as the queues are."""
    statement = _coming(viewer, queue, get_role_coverage(now), filters, directory())
    said: dict[Any, Any] = dict(zip(UNSAID, Moments.at(now), strict=False))
    [(came,)] = statement.asked(said | {_SINCE: since})
    return int(came)


@lru_cache(maxsize=1024)
def _coming(
    viewer: Actor, queue: str, service: RoleCoverage, filters: Filters, _directory: tuple[int, int]
) -> Worded:
    """The statement of `desk_came`: it begins at the few events since, not at the queue."""
    moments = UNSAID_MOMENTS
    arrived = Event.objects.filter(pk__gt=_SINCE, kind__in=sorted(ARRIVES[queue])).exclude(actor=str(viewer))
    rows = in_queue(viewer, queue, moments, service).filter(
        narrowed(filters, moments), pk__in=arrived.values("case")
    )
    found = worded(rows.order_by().values("pk")[: COUNTED_TO + 1], (*UNSAID, _SINCE))
    return Worded(f"SELECT count(*) FROM ({found.statement or _NONE}) came", found.values)


_SINCE = -1  # in a statement that is kept, what stands for the place after which something is new
