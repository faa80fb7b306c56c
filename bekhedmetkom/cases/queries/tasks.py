"""What is asked of another unit or body in a case: what has no answer yet, and all of it as the case page tells it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from bekhedmetkom.entities.queries import tree, units
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.words import Words

from ..models import Event
from ..rules.access import answers, may_call_off
from ..rules.standing import Standing
from ..rules.states import Happened
from ..rules.undoing import undone_in
from .telling import Entry, Past


class Task(NamedTuple):
    """`seq` is its event's; `unit` is empty where a body was asked; `by` the actor who asked."""

    seq: int
    unit: int | None
    entity: int
    by: str
    until: datetime


def task_of(seq: int, actor: str, data: dict[str, object]) -> Task:
    """The task that an event began."""
    unit, body = data.get("asked_unit"), data.get("asked_body")
    entity = body if isinstance(body, int) else units()[int(str(unit))].entity
    return Task(
        seq,
        unit if isinstance(unit, int) else None,
        entity,
        actor,
        datetime.fromisoformat(str(data["until"])),
    )


def open_tasks(case: UUID, tasks: Collection[int]) -> list[Task]:
    """These tasks of a case, the first to fall due first."""
    begun = Event.objects.filter(case=case, seq__in=tasks).values_list("seq", "actor", "data")
    return sorted((task_of(*event) for event in begun), key=lambda task: (task.until, task.seq))


class Came(StrEnum):
    """What came of a task."""

    NOTHING_YET = "nothing_yet"
    ANSWER = "answer"
    CALLED_OFF = "called_off"
    ENDED = "ended"  # with the answer to the citizen


@dataclass(frozen=True, slots=True)
class TaskSeen:
    """A task on the case page. `mine`: this officer answers for it; `off`: they can call it off."""

    seq: int
    to: Words
    by: Words
    until: datetime
    text: str
    came: Came
    answer: str
    late: bool
    mine: bool
    off: bool


def tasks_seen(
    viewer: Actor, standing: Standing, past: Sequence[Past], journal: Sequence[Entry], now: datetime
) -> list[TaskSeen]:
    """All tasks of the case that were not taken back, the newest first."""
    undone = undone_in(past)
    said = {entry.seq: entry for entry in journal}
    ends = {
        seq: event
        for event in past if event.kind in (Happened.TASK_DONE, Happened.TASK_CALLED_OFF) and event.seq not in undone
        for seq in event.data["ended"]
    }  # fmt: skip
    return [
        _seen(viewer, standing, said, task_of(event.seq, event.actor, dict(event.data)), ends.get(event.seq), now)
        for event in past if event.kind == Happened.TASK_ASKED and event.seq not in undone
    ]  # fmt: skip


def _seen(
    viewer: Actor, standing: Standing, said: dict[int, Entry], task: Task, end: Past | None, now: datetime
) -> TaskSeen:  # fmt: skip
    waits = task.seq in standing.tasks
    if end is None:
        came = Came.NOTHING_YET if waits else Came.ENDED
    else:
        came = Came.ANSWER if end.kind == Happened.TASK_DONE else Came.CALLED_OFF
    unit = units().get(task.unit or 0)
    return TaskSeen(
        task.seq, unit.words if unit else tree()[task.entity].words, said[task.seq].by, task.until,
        _text(said[task.seq]), came, _text(said[end.seq]) if end else "", waits and task.until < now,
        waits and answers(viewer, entity=task.entity, unit=task.unit),
        waits and may_call_off(viewer, standing, by=task.by),
    )  # fmt: skip


def _text(entry: Entry) -> str:
    return next((said.body for said in entry.texts), "")
