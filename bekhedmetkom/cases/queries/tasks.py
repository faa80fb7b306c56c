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

from ..models import Event
from ..rules.access import answers, has, may_call_off, orders
from ..rules.case_state import CaseState
from ..rules.states import EventType
from ..rules.undoing import undone_in
from .telling import Entry, Past, beside

_ASKS = (EventType.TASK_ASKED, EventType.JOIN_ASKED)
_ENDS = (EventType.TASK_DONE, EventType.TASK_CALLED_OFF, EventType.JOIN_RETURNED)


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
        return self.wanted is None and answers(actor, entity=self.entity, unit=self.unit)


def _task(seq: int, actor: str, data: Mapping[str, Any], joined: Collection[int]) -> Task:
    unit: int | None = data.get("asked_unit")
    entity = data["asked_body"] if unit is None else get_units()[unit].entity
    until = datetime.fromisoformat(data["until"])
    ordered, agreed = bool(data.get("ordered")), unit is not None or seq in joined
    return Task(
        seq, unit, data.get("asked_officer"), entity, actor, until, data.get("wanted"), ordered, agreed
    )


def open_tasks(case: UUID, tasks: Collection[int]) -> list[Task]:
    """These tasks of a case, the first to fall due first."""
    found = _past(Event.objects.filter(Q(seq__in=tasks) | Q(kind__in=_SAID), case=case))
    agreed = accepted(found)
    begun = (_task(event.seq, event.actor, event.data, agreed) for event in found if event.seq in tasks)
    return sorted(begun, key=lambda task: (task.until, task.seq))


_SAID = [str(EventType.JOIN_ACCEPTED), str(EventType.UNDONE)]


def _past(events: QuerySet[Event]) -> list[Past]:
    return [Past(*event) for event in events.order_by("seq").values_list(*Past._fields)]


def accepted(past: Sequence[Past]) -> set[int]:
    """The askings to which a body has said that it takes part."""
    return {event.data["of"] for event in _that_stand(past, EventType.JOIN_ACCEPTED)}


def joined(past: Sequence[Past], standing: CaseState) -> list[int]:
    """The bodies that take part in the case beside its own, in the order in which they said so.

    One that has become the case's own, since the body that asked it has closed into it, takes part no more.
    """
    bodies = [event.data["asked_body"] for event in _that_stand(past, EventType.JOIN_ACCEPTED)]
    beside = set(standing.bodies_asked) - {standing.entity_id}
    return [body for body in dict.fromkeys(bodies) if body in beside]


def _that_stand(past: Sequence[Past], kind: EventType) -> list[Past]:
    undone = undone_in(past)
    return [event for event in past if event.kind == kind and event.seq not in undone]


def taking_part(case: UUID, standing: CaseState) -> list[int]:
    """`joined`, for who has not read the journal."""
    if not standing.bodies_asked:
        return []
    return joined(_past(Event.objects.filter(case=case, kind__in=_SAID)), standing)


def times_returned(case: UUID) -> int:
    """How often bodies have returned it that they were asked to take part in the case."""
    events = Event.objects.filter(case=case, kind__in=[str(EventType.JOIN_RETURNED), str(EventType.UNDONE)])
    return len(_that_stand(_past(events), EventType.JOIN_RETURNED))


def asks_at(actor: Actor, standing: CaseState) -> tuple[int, ...]:
    """Of which bodies this officer asks the units: that of the case, and their own that were asked to take part."""
    own = (standing.entity_id,) if has(actor, Permission.TASK, standing) else ()
    return own + tuple(body for body in standing.bodies_asked if answers(actor, entity=body, unit=None))


class Came(StrEnum):
    """What came of a task."""

    NOTHING_YET = "nothing_yet"
    JOINED = "joined"  # the body takes part, and has not written what it has to say
    ANSWER = "answer"
    RETURNED = "returned"
    CALLED_OFF = "called_off"
    ENDED = "ended"  # with the answer to the citizen, or with what the Prime Ministry unit decided


@dataclass(frozen=True, slots=True)
class TaskSeen:
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
    came: Came
    answer: str
    late: bool
    mine: bool
    joins: bool
    declines: bool
    orders: int | None
    off: bool


def tasks_seen(
    viewer: Actor, standing: CaseState, past: Sequence[Past], journal: Sequence[Entry], now: datetime,
    people: Mapping[int, BilingualText],
) -> list[TaskSeen]:  # fmt: skip
    """All tasks of the case that were not taken back, the newest first."""
    undone, agreed = undone_in(past), accepted(past)
    said = {entry.seq: entry for entry in journal}
    ends = {
        seq: event
        for event in past
        if event.kind in (*_ENDS, EventType.JOIN_ASKED, EventType.CONCERNS) and event.seq not in undone
        for seq in event.data.get("ended", ())
    }
    return [
        _seen(
            viewer, standing, said, _task(event.seq, event.actor, event.data, agreed), ends.get(event.seq), now,
            people,
        )
        for event in past if event.kind in _ASKS and event.seq not in undone
    ]  # fmt: skip


def _seen(
    viewer: Actor, standing: CaseState, said: Mapping[int, Entry], task: Task, end: Past | None, now: datetime,
    people: Mapping[int, BilingualText],
) -> TaskSeen:  # fmt: skip
    waits = task.seq in standing.tasks
    unit = get_units().get(task.unit or 0)
    theirs = waits and task.answered_by(viewer)
    asked = theirs and not task.agreed
    return TaskSeen(
        task.seq, beside(unit.name, people.get(task.officer or 0)) if unit else get_tree()[task.entity].name,
        get_tree()[task.wanted].name if task.wanted else None, said[task.seq].by, task.until, _text(said[task.seq]),
        _came(task, end, waits=waits), _text(said[end.seq]) if end and end.kind in _ENDS else "",
        waits and task.until < now, theirs and task.agreed, asked, asked and not task.ordered,
        task.wanted if waits and orders(viewer) else None,
        waits and may_call_off(viewer, standing, by=task.by, unit=task.unit),
    )  # fmt: skip


def _came(task: Task, end: Past | None, *, waits: bool) -> Came:
    if end is None:
        still = Came.JOINED if task.unit is None and task.agreed else Came.NOTHING_YET
        return still if waits else Came.ENDED
    return _OUTCOMES.get(EventType(end.kind), Came.ENDED)


_OUTCOMES: Mapping[EventType, Came] = {
    EventType.TASK_DONE: Came.ANSWER,
    EventType.TASK_CALLED_OFF: Came.CALLED_OFF,
    EventType.CONCERNS: Came.CALLED_OFF,
    EventType.JOIN_RETURNED: Came.RETURNED,
}


def _text(entry: Entry) -> str:
    return next((said.body for said in entry.texts), "")
