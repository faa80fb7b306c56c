"""The desk's queues: what waits for whom, paged by keyset, counted up to a cap."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Case as Either
from django.db.models import Q, QuerySet, When
from django.db.models.expressions import RawSQL

from bekhedmetkom.catalogue.rules import Kind, Level
from bekhedmetkom.entities.queries import working_calendar
from bekhedmetkom.entities.versions import number
from bekhedmetkom.identity.queries import Service, service_at
from bekhedmetkom.identity.rules import Role
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.words import Words

from ..models import IS_OPEN, Case
from ..prepared import prepared
from ..rules.states import WAITING, State
from . import search
from .keyset import next_page, read_cursor
from .rows import WORKED, Row, as_rows, lines_of
from .visible import NOTHING, visible
from .worded import Worded, worded

LIMIT = 100
INBOXES = frozenset({"unassigned", "triage"})  # what has just come in: the newest first
EVERYTHING = "everything"  # no queue: all that the officer may read
COUNTED_TO = 300  # "300+" beyond: whoever has that many does not count them

QUEUE_WORDS: Mapping[str, Words] = {
    "mine": Words("المطلوب مني", "Mine"),
    "unit": Words("قسمي", "My unit"),
    "entity": Words("كل المفتوح", "All open"),
    "unassigned": Words("غير مكلّف", "Unassigned"),
    "triage": Words("بانتظار تحديد الجهة", "Triage"),
    "today": Words("موعده اليوم", "Due today"),
    "overdue": Words("متأخر", "Overdue"),
    "approval": Words("بانتظار الاعتماد", "Awaiting approval"),
    "escalated": Words("مرفوع إليّ", "Escalated to me"),
    "appeals": Words("معترض عليه", "Appeals"),
    "callbacks": Words("اتصال لاحق", "Call-backs"),
}
_DISTRIBUTORS = {Role.MAIN_OFFICER, Role.PM_UNIT, Role.INSPECTOR, Role.COORDINATOR, Role.DUTY_OFFICER}
_HIGHER = {Role.MANAGER, Role.HEAD_OF_BODY, Role.MINISTER, Role.MINISTER_OFFICE, Role.PM_UNIT}
_HANDLERS = _DISTRIBUTORS | {Role.SUB_OFFICER}
_FOR: Mapping[str, set[Role]] = {
    "mine": set(Role) - {Role.ADMINISTRATOR},
    "unit": {Role.SUB_OFFICER},
    "entity": (_DISTRIBUTORS | _HIGHER | {Role.APPROVER}),
    "unassigned": _DISTRIBUTORS,
    "triage": {Role.PM_UNIT},
    "today": _HANDLERS | _HIGHER,
    "overdue": _HANDLERS | _HIGHER,
    "approval": _HANDLERS | _HIGHER | {Role.APPROVER},
    "escalated": _HIGHER | {Role.DUTY_OFFICER, Role.COORDINATOR},
    "appeals": {Role.REVIEWER, Role.MAIN_OFFICER, *_HIGHER},
    "callbacks": _HANDLERS | {Role.AGENT},
}
_LEVELS: Mapping[Role, Level] = {
    Role.MANAGER: Level.MANAGER,
    Role.HEAD_OF_BODY: Level.HEAD_OF_BODY,
    Role.MINISTER: Level.MINISTER,
    Role.MINISTER_OFFICE: Level.MINISTER,
    Role.PM_UNIT: Level.PM_UNIT,
    Role.DUTY_OFFICER: Level.DUTY_OFFICER,
    Role.COORDINATOR: Level.COORDINATOR,
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a queue. Ids are of the directory; `q` is free words, a reference or part of one."""

    kind: Kind | None = None
    state: State | None = None
    service: int | None = None
    governorate: int | None = None
    entity: int | None = None
    q: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    items: list[Row] = field(default_factory=list)
    next: str | None = None


def queues_of(viewer: Actor) -> list[str]:
    """The queues that the officer's roles have, in the side bar's order."""
    held = {Role(grant.role) for grant in viewer.grants}
    return [queue for queue, roles in _FOR.items() if held & roles]


def desk_page(
    viewer: Actor,
    queue: str,
    now: datetime,
    filters: Filters = Filters(),
    cursor: str = "",
    limit: int = 50,
) -> Page:
    """One page of a queue: of an inbox the newest first, else the nearest date. `cursor`: `next` of the page before.

    A search with `queue=EVERYTHING` looks at closed cases too, and has the newest first.
    """
    limit = max(1, min(limit, LIMIT))
    after = read_cursor(cursor) if cursor else ()
    searched = bool(filters.q.strip())
    statement = _listing(
        viewer, queue, service_at(now), replace(filters, q=""), searched, bool(after), limit, number("tree")
    )
    said: dict[Any, Any] = dict(zip(_UNSAID, (*Moments.at(now), *after), strict=False))
    found = statement.asked(said | search.said(filters.q))
    page = as_rows(found[:limit], now)
    column, _direction, _beyond = _order(queue)
    return Page(page, next_page(getattr(page[-1], column), page[-1].id) if len(found) > limit else None)


@lru_cache(maxsize=1024)
def _listing(
    viewer: Actor, queue: str, service: Service, filters: Filters, searched: bool, goes_on: bool, limit: int,
    _tree: int,
) -> Worded:  # fmt: skip
    """The statement of `desk_page`: `goes_on` after the row that `_UNSAID` stands for."""
    rows = _in_queue(viewer, queue, Moments(*_UNSAID[:2]), service).filter(_narrowed(filters))
    if searched:
        rows = rows.filter(search.found(viewer))
    column, direction, beyond = _order(queue)
    if goes_on:
        moment, key = _UNSAID[2:]
        rows = rows.filter(
            Q((f"{column}__{beyond}", moment)) | Q((f"pk__{beyond}", key)), (f"{column}__{beyond}e", moment)
        )
    lines = lines_of(rows.order_by(f"{direction}{column}", f"{direction}pk"))
    return worded(lines[: limit + 1], (*_UNSAID, *search.UNSAID))


def _order(queue: str) -> tuple[str, str, str]:
    """By which column, in which direction, and how the rows that follow compare."""
    return ("received_at", "-", "lt") if queue in INBOXES or queue == EVERYTHING else ("due_at", "", "gt")


def desk_counts(viewer: Actor, now: datetime) -> dict[str, int]:
    """How much waits in each queue, counted to `COUNTED_TO` and one more."""
    counting = _counting(viewer, service_at(now), number("tree"))
    moments: list[Any] = [*Moments.at(now)]
    with prepared(), connection.cursor() as cursor:
        cursor.execute(_SET_MOMENTS, moments)
        return dict(counting.asked({}))


@lru_cache(maxsize=1024)
def _counting(viewer: Actor, service: Service, _tree: int) -> Worded:
    """The statement of `desk_counts`. To plan it takes longer than to count, so it finds its moments set apart."""
    parts: list[str] = []
    values: list[Any] = []
    for queue in queues_of(viewer):
        rows = _in_queue(viewer, queue, _SET_APART, service).order_by().values("pk")
        part = worded(rows[: COUNTED_TO + 1])
        parts.append(f"SELECT '{queue}', count(*) FROM ({part.statement}) waiting")
        values += part.values
    return Worded(" UNION ALL ".join(parts), values)


class Moments(NamedTuple):
    """What queues compare with: now, and the end of the day in which that is."""

    now: datetime | RawSQL
    midnight: datetime | RawSQL

    @classmethod
    def at(cls, now: datetime) -> "Moments":
        day = now.astimezone(working_calendar().zone).replace(hour=0, minute=0, second=0, microsecond=0)
        return cls(now, day + timedelta(days=1))


_SET_MOMENTS = """
SELECT set_config('bk.now', %s::timestamptz::text, false), set_config('bk.midnight', %s::timestamptz::text, false)
"""
_SET_APART = Moments(
    RawSQL("current_setting('bk.now')::timestamptz", ()),
    RawSQL("current_setting('bk.midnight')::timestamptz", ()),
)

# In a statement that is kept, what stands for the moments, and for the row after which a page goes on.
_UNSAID: tuple[Any, ...] = (*(datetime(1, 1, day, tzinfo=UTC) for day in (2, 3, 4)), UUID(int=0))


def _in_queue(viewer: Actor, queue: str, moments: Moments, service: Service) -> QuerySet[Case]:
    if queue == EVERYTHING:
        return Case.objects.filter(visible(viewer))
    if queue not in queues_of(viewer):
        return Case.objects.filter(NOTHING)
    rows = Case.objects.filter(visible(viewer), state__in=IS_OPEN)
    now, midnight = moments
    awake = Q(snoozed_until=None) | Q(snoozed_until__lte=now)
    me = viewer.officer_id
    match queue:
        case "mine":
            named = Q(officer=me) | Q(reviewer=me, state=State.APPEALED)
            mine = named | _of_units(viewer) | _distributes(viewer, service)
            return rows.filter(awake, _in_order(mine) if _reads_units_alone(viewer) else mine)
        case "unit":
            return rows.filter(awake, unit__in=_units(viewer))
        case "unassigned":
            return rows.filter(_distributes(viewer, service), triage=False)
        case "triage":
            return rows.filter(triage=True, state__in=[str(state) for state in WAITING])
        case "today":
            return rows.filter(state__in=_WORKED, due_at__gte=now, due_at__lt=midnight)
        case "overdue":
            return rows.filter(state__in=_WORKED, due_at__lt=now)
        case "approval":
            return rows.filter(state=State.AWAITING_APPROVAL)
        case "escalated":
            return rows.filter(_escalated(viewer, service))
        case "appeals":
            return rows.filter(state=State.APPEALED)
        case "callbacks":
            return Case.objects.filter(visible(viewer), _to_be_called(viewer))
        case _:
            return rows


_WORKED = [str(state) for state in State if state in WORKED]


def _to_be_called(viewer: Actor) -> Q:
    """Whom no message reaches: for who handles the case. Who called it unsolved: for who hears how people fared."""
    unsolved = Q(state=State.ANSWERED, solved=False)
    asks = any(grant.role in (Role.PM_UNIT, Role.AGENT) for grant in viewer.grants)
    return Q(unreached=True) | unsolved if asks else Q(unreached=True)


def _units(viewer: Actor) -> list[int]:
    return [grant.unit for grant in viewer.grants if grant.unit and grant.role == Role.SUB_OFFICER]


def _reads_units_alone(viewer: Actor) -> bool:
    return all(grant.role == Role.SUB_OFFICER for grant in viewer.grants)


def _in_order(condition: Q) -> Q:
    """For a condition that holds of much of what is read: PostgreSQL takes its order from an index, and stops early.

    Of a `CASE` it expects half of the rows. Of an `OR` it expects hardly any, finds them all and sorts.
    """
    return Q(Either(When(condition, then=True), default=False))


def _of_units(viewer: Actor) -> Q:
    """What was given to the officer's unit and to nobody in it by name: whoever is there takes it."""
    return Q(unit__in=_units(viewer), officer=None, state=State.ASSIGNED)


def _distributes(viewer: Actor, service: Service) -> Q:
    """For who distributes, what waits for distribution is theirs to do: it stands on top of their own list.

    By the nearest-parent rule a body without a main officer of its own is its parent's to serve, and where no
    parent has one, the Prime Ministry unit's.
    """
    bodies: set[int] = set()
    for grant in viewer.grants:
        if grant.role == Role.PM_UNIT:
            bodies |= service.nobodys(Role.MAIN_OFFICER)
        elif grant.role in _DISTRIBUTORS and grant.entity is not None:
            bodies |= service.of(Role(grant.role), grant.entity)
    triage = Q(triage=True) if any(grant.role == Role.PM_UNIT for grant in viewer.grants) else NOTHING
    waiting = Q(triage=False, entity__in=bodies) if bodies else NOTHING
    return Q(state__in=[str(state) for state in WAITING]) & (waiting | triage)


def _escalated(viewer: Actor, service: Service) -> Q:
    """What time or a colleague has raised to one of the officer's levels, at the bodies whose nearest they are.

    It stands on one list as somebody's to act on, never as a copy on the lists above.
    """
    condition = NOTHING
    for grant in viewer.grants:
        level = _LEVELS.get(Role(grant.role))
        if level is None:
            continue
        raised = Q(level=str(level)) | (Q(idle_told=True) if level is Level.MANAGER else NOTHING)
        if level is not Level.PM_UNIT and grant.entity is not None:
            raised &= Q(entity__in=service.of(Role(grant.role), grant.entity))
        condition |= raised
    return condition


def _narrowed(filters: Filters) -> Q:
    given: dict[str, Any] = {
        "kind": filters.kind, "state": filters.state, "service": filters.service,
        "governorate": filters.governorate, "entity": filters.entity,
    }  # fmt: skip
    return Q(**{name: value for name, value in given.items() if value is not None})
