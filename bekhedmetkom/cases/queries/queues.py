"""The desk's queues: what waits for whom, paged by keyset, counted up to a cap."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from bekhedmetkom.catalogue.queries import service as topic
from bekhedmetkom.catalogue.rules import Kind, Level
from bekhedmetkom.entities.queries import places, tree, units, working_calendar
from bekhedmetkom.entities.versions import number
from bekhedmetkom.identity.models import Officer
from bekhedmetkom.identity.queries import Service, service_at
from bekhedmetkom.identity.rules import Role
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.words import Words

from ..models import IS_OPEN, Case, CaseText, standing_of
from ..rules.standing import COLUMNS, Standing
from ..rules.states import WAITING, WORKING, State
from . import search
from .keyset import next_page, read_cursor
from .visible import NOTHING, visible

LIMIT = 100
INBOXES = frozenset({"unassigned", "triage"})  # what has just come in: the newest first
HEAD = 70  # letters of a text that stand for its title
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
class Row:
    """One line of the desk's list."""

    id: UUID
    standing: Standing
    title: str
    excerpt: str
    entity: Words
    unit: Words | None
    officer: Words | None
    service: Words | None
    governorate: Words | None
    overdue: bool


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
    rows = _in_queue(viewer, queue, Moments.at(now), service_at(now)).filter(_narrowed(filters))
    if filters.q.strip():
        rows = search.narrowed(rows, viewer, filters.q)
    newest_first = queue in INBOXES or queue == EVERYTHING
    column, order, beyond = ("received_at", "-", "lt") if newest_first else ("due_at", "", "gt")
    if cursor:
        moment, key = read_cursor(cursor)
        rows = rows.filter(Q((f"{column}__{beyond}", moment)) | Q((column, moment), (f"pk__{beyond}", key)))
    rows = rows.order_by(f"{order}{column}", f"{order}pk")
    found = list(rows.values("id", *COLUMNS, **_BESIDE)[: limit + 1])
    page = found[:limit]
    return Page(
        _as_rows(page, now), next_page(page[-1][column], page[-1]["id"]) if len(found) > limit else None
    )


def desk_counts(viewer: Actor, now: datetime) -> dict[str, int]:
    """How much waits in each queue, counted to `COUNTED_TO` and one more; one query."""
    statement, values = _counting(viewer, service_at(now), number("tree"))
    if not statement:
        return {}
    moments = dict(zip(_UNSAID, Moments.at(now), strict=True))
    said = [moments.get(value, value) if isinstance(value, datetime) else value for value in values]
    with connection.cursor() as cursor:
        cursor.execute(statement, said)
        return dict(cursor.fetchall())


@lru_cache(maxsize=1024)
def _counting(viewer: Actor, service: Service, _tree: int) -> tuple[str, Sequence[Any]]:
    """The statement of `desk_counts`, with `_UNSAID` for the moments. To word it takes far longer than to run it."""
    parts: list[str] = []
    values: list[Any] = []
    for queue in queues_of(viewer):
        rows = _in_queue(viewer, queue, _UNSAID, service).order_by().values("pk")[: COUNTED_TO + 1]
        sql, params = rows.query.sql_with_params()
        parts.append(f"SELECT '{queue}', count(*) FROM ({sql}) waiting")
        values += params
    return " UNION ALL ".join(parts), values


class Moments(NamedTuple):
    """What queues compare with: now, and the end of the day in which that is."""

    now: datetime
    midnight: datetime

    @classmethod
    def at(cls, now: datetime) -> "Moments":
        day = now.astimezone(working_calendar().zone).replace(hour=0, minute=0, second=0, microsecond=0)
        return cls(now, day + timedelta(days=1))


_UNSAID = Moments(datetime(1, 1, 2, tzinfo=UTC), datetime(1, 1, 3, tzinfo=UTC))


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
            return rows.filter(awake, named | _of_units(viewer) | _distributes(viewer, service))
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


_WORKED = [str(state) for state in (*WORKING, State.APPEALED)]


def _to_be_called(viewer: Actor) -> Q:
    """Whom no message reaches: for who handles the case. Who called it unsolved: for who hears how people fared."""
    unsolved = Q(state=State.ANSWERED, solved=False)
    asks = any(grant.role in (Role.PM_UNIT, Role.AGENT) for grant in viewer.grants)
    return Q(unreached=True) | unsolved if asks else Q(unreached=True)


def _units(viewer: Actor) -> list[int]:
    return [grant.unit for grant in viewer.grants if grant.unit and grant.role == Role.SUB_OFFICER]


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


_SAID = CaseText.objects.filter(Q(seq=1) | Q(field="transcript"), case=OuterRef("pk"))
_BESIDE = {
    # By subquery, for the rows of the page alone: behind the wall a join would be made for all of the queue.
    "held_by": Subquery(
        Officer.objects.filter(pk=OuterRef("officer_id")).values(said=JSONObject(ar="name_ar", en="name_en"))
    ),
    "said": ArraySubquery(_SAID.values(text=JSONObject(field="field", body="body"))),
}


def _as_rows(cases: Sequence[dict[str, Any]], now: datetime) -> list[Row]:
    return [_as_row(case, {text["field"]: text["body"] for text in case["said"]}, now) for case in cases]


def _as_row(case: Mapping[str, Any], texts: Mapping[str, str], now: datetime) -> Row:
    """Names of the directory come from memory, those of officers with the case."""
    text = " ".join((texts.get("text") or texts.get("transcript", "")).split())
    title = texts.get("title", "")
    head = title or _head(text)
    standing = standing_of({name: case[name] for name in COLUMNS})
    place = places().get(standing.governorate_id or 0)
    unit = units().get(standing.unit_id or 0)
    return Row(
        id=case["id"], standing=standing, title=head, excerpt=(text if title else text[len(head) :].strip())[:160],
        entity=tree()[standing.entity_id].words,
        unit=unit.words if unit else None, officer=_words(case["held_by"]),
        service=topic(standing.service_id).words if standing.service_id else None,
        governorate=place.words if place else None,
        overdue=standing.state in _WORKED and now > standing.due_at,
    )  # fmt: skip


def _words(name: Mapping[str, str] | None) -> Words | None:
    return Words(name["ar"], name["en"] or name["ar"]) if name else None


def _head(text: str) -> str:
    """The first words of a text that has no title: no word is cut in two, unless it is endless."""
    if len(text) <= HEAD:
        return text
    space = text.rfind(" ", 0, HEAD + 1)
    return text[: space if space > 0 else HEAD]
