"""What is asked of another unit or body in a case: what has no answer yet, and all of it as the case page tells it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from bekhedmetkom.entities.queries import get_tree, get_units
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.text import BilingualText

from ...models import Event
from ...rules.access import (
    can_answer_request,
    can_cancel_request,
    can_order_participation,
    has_direct_permission,
)
from ...rules.case_state import CaseState
from ...rules.states import EventType
from ...rules.undo import list_undone_events
from .timeline import PastEvent, TimelineEntry, join_unit_and_officer

_REQUEST_EVENTS = (EventType.TASK_ASKED, EventType.JOIN_ASKED)
_END_EVENTS = (EventType.TASK_DONE, EventType.TASK_CALLED_OFF, EventType.JOIN_RETURNED)


class Task(NamedTuple):
    """`seq` is its event's; `unit` is empty where a body was asked, `officer` but where one was asked by name.

    `wanted`: the Prime Ministry unit is asked whether this body must take part. `ordered`: it has said so. `agreed`: a
    unit, or a body that takes part. `by`: the actor who asked.
    """

    seq: int
    unit: int | None
    officer: int | None
    entity: int
    by: str
    until: datetime
    wanted: int | None
    ordered: bool
    agreed: bool

    def answered_by(self, actor: Actor) -> bool:
        """Whether this officer is one of those of whom it is asked."""
        return self.wanted is None and can_answer_request(actor, entity=self.entity, unit=self.unit)


def _build_task(seq: int, actor: str, data: Mapping[str, Any], joined: Collection[int]) -> Task:
    unit: int | None = data.get("asked_unit")
    entity = data["asked_body"] if unit is None else get_units()[unit].entity
    until = datetime.fromisoformat(data["until"])
    ordered, agreed = bool(data.get("ordered")), unit is not None or seq in joined
    return Task(
        seq, unit, data.get("asked_officer"), entity, actor, until, data.get("wanted"), ordered, agreed
    )


def list_open_tasks(case: UUID, tasks: Collection[int]) -> list[Task]:
    """These tasks of a case, the first to fall due first."""
    found = _list_past_events(
        Event.objects.filter(Q(seq__in=tasks) | Q(kind__in=_PARTICIPATION_EVENTS), case=case)
    )
    agreed = list_accepted_requests(found)
    begun = (_build_task(event.seq, event.actor, event.data, agreed) for event in found if event.seq in tasks)
    return sorted(begun, key=lambda task: (task.until, task.seq))


_PARTICIPATION_EVENTS = [str(EventType.JOIN_ACCEPTED), str(EventType.UNDONE)]


def _list_past_events(events: QuerySet[Event]) -> list[PastEvent]:
    return [PastEvent(*event) for event in events.order_by("seq").values_list(*PastEvent._fields)]


def list_accepted_requests(past: Sequence[PastEvent]) -> set[int]:
    """The askings to which a body has said that it takes part."""
    return {event.data["of"] for event in _list_effective_events(past, EventType.JOIN_ACCEPTED)}


def list_participants(past: Sequence[PastEvent], standing: CaseState) -> list[int]:
    """The bodies that take part in the case beside its own, in the order in which they said so.

    One that has become the case's own, since the body that asked it has closed into it, takes part no more.
    """
    bodies = [event.data["asked_body"] for event in _list_effective_events(past, EventType.JOIN_ACCEPTED)]
    beside = set(standing.bodies_asked) - {standing.entity_id}
    return [body for body in dict.fromkeys(bodies) if body in beside]


def _list_effective_events(past: Sequence[PastEvent], kind: EventType) -> list[PastEvent]:
    undone = list_undone_events(past)
    return [event for event in past if event.kind == kind and event.seq not in undone]


def get_participants(case: UUID, standing: CaseState) -> list[int]:
    """`joined`, for who has not read the journal."""
    if not standing.bodies_asked:
        return []
    return list_participants(
        _list_past_events(Event.objects.filter(case=case, kind__in=_PARTICIPATION_EVENTS)), standing
    )


def count_returned_requests(case: UUID) -> int:
    """How often bodies have returned it that they were asked to take part in the case."""
    events = Event.objects.filter(case=case, kind__in=[str(EventType.JOIN_RETURNED), str(EventType.UNDONE)])
    return len(_list_effective_events(_list_past_events(events), EventType.JOIN_RETURNED))


def list_bodies_to_ask(actor: Actor, standing: CaseState) -> tuple[int, ...]:
    """Of which bodies this officer asks the units: that of the case, and their own that were asked to take part."""
    own = (standing.entity_id,) if has_direct_permission(actor, Permission.TASK, standing) else ()
    return own + tuple(
        body for body in standing.bodies_asked if can_answer_request(actor, entity=body, unit=None)
    )


class TaskOutcome(StrEnum):
    """What came of a task."""

    NOTHING_YET = "nothing_yet"
    JOINED = "joined"  # the body takes part, and has not written what it has to say
    ANSWER = "answer"
    RETURNED = "returned"
    CALLED_OFF = "called_off"
    ENDED = "ended"  # with the answer to the citizen, or with what the Prime Ministry unit decided


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task on the case page. `wanted`: the body on which the Prime Ministry unit is to decide.

    `mine`: this officer answers it now; `joins`, `declines`: they say whether their body takes part; `orders`: the body
    of which they can decide that it takes part; `off`: they can call it off.
    """

    seq: int
    to: BilingualText
    wanted: BilingualText | None
    by: BilingualText
    until: datetime
    text: str
    came: TaskOutcome
    answer: str
    late: bool
    mine: bool
    joins: bool
    declines: bool
    orders: int | None
    off: bool


def list_task_views(
    viewer: Actor, standing: CaseState, past: Sequence[PastEvent], journal: Sequence[TimelineEntry], now: datetime,
    people: Mapping[int, BilingualText],
) -> list[TaskView]:  # fmt: skip
    """All tasks of the case that were not taken back, the newest first."""
    undone, agreed = list_undone_events(past), list_accepted_requests(past)
    said = {entry.seq: entry for entry in journal}
    ends = {
        seq: event
        for event in past
        if event.kind in (*_END_EVENTS, EventType.JOIN_ASKED, EventType.CONCERNS) and event.seq not in undone
        for seq in event.data.get("ended", ())
    }
    return [
        _build_task_view(
            viewer, standing, said, _build_task(event.seq, event.actor, event.data, agreed), ends.get(event.seq), now,
            people,
        )
        for event in past if event.kind in _REQUEST_EVENTS and event.seq not in undone
    ]  # fmt: skip


def _build_task_view(
    viewer: Actor,
    standing: CaseState,
    said: Mapping[int, TimelineEntry],
    task: Task,
    end: PastEvent | None,
    now: datetime,
    people: Mapping[int, BilingualText],
) -> TaskView:
    waits = task.seq in standing.tasks
    unit = get_units().get(task.unit or 0)
    theirs = waits and task.answered_by(viewer)
    asked = theirs and not task.agreed
    return TaskView(
        task.seq,
        join_unit_and_officer(unit.name, people.get(task.officer or 0))
        if unit
        else get_tree()[task.entity].name,
        get_tree()[task.wanted].name if task.wanted else None,
        said[task.seq].by,
        task.until,
        _get_entry_text(said[task.seq]),
        _get_outcome(task, end, waits=waits),
        _get_entry_text(said[end.seq]) if end and end.kind in _END_EVENTS else "",
        waits and task.until < now,
        theirs and task.agreed,
        asked,
        asked and not task.ordered,
        task.wanted if waits and can_order_participation(viewer) else None,
        waits and can_cancel_request(viewer, standing, by=task.by, unit=task.unit),
    )


def _get_outcome(task: Task, end: PastEvent | None, *, waits: bool) -> TaskOutcome:
    if end is None:
        still = TaskOutcome.JOINED if task.unit is None and task.agreed else TaskOutcome.NOTHING_YET
        return still if waits else TaskOutcome.ENDED
    return _OUTCOMES_BY_EVENT.get(EventType(end.kind), TaskOutcome.ENDED)


_OUTCOMES_BY_EVENT: Mapping[EventType, TaskOutcome] = {
    EventType.TASK_DONE: TaskOutcome.ANSWER,
    EventType.TASK_CALLED_OFF: TaskOutcome.CALLED_OFF,
    EventType.CONCERNS: TaskOutcome.CALLED_OFF,
    EventType.JOIN_RETURNED: TaskOutcome.RETURNED,
}


def _get_entry_text(entry: TimelineEntry) -> str:
    return next((said.body for said in entry.texts), "")
