"""What every event of a case has in common, and the helpers with which events say what they change."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, ClassVar, TypeVar

from bekhedmetkom.catalogue.rules import EscalationLevel
from bekhedmetkom.kernel.text import BilingualText

from ..case_state import CaseState, read_columns
from ..states import EventType, State

Columns = dict[str, Any]
Data = Mapping[str, Any]
Transitions = Mapping[State | None, State]
T = TypeVar("T")

LEVELS = [str(level) for level in EscalationLevel]  # from the lowest to the highest
NO_WORD: Data = {"solved": None, "heard_by_id": None}
NOTHING_ASKED: Data = {"tasks": (), "tasks_due": (), "units_asked": (), "bodies_asked": ()}
NEW_TERM: Data = {
    "reminded": 0,
    "rungs": 0,
    "level": "",
    "paused_days": 0,
    "extended_days": 0,
    "extensions": 0,
    "snoozed_until": None,
}


class CaseEvent:
    """A past fact about a case. A subclass declares all that is true of one type of event.

    `transitions`: the states in which it can happen, and where each leads.
    `is_visible_act`: the citizen sees it or it moves the work on, so the idle days start anew.
    `is_contact`: the citizen was here or was spoken with, so nobody needs to call.
    `is_beside_work`: an officer who looked at the case before it has missed nothing.
    `is_undoable`: an officer who did it can take it back for ten seconds.
    `citizen_text`: what the citizen reads of it; `None` where it stays inside. `officer_text`: what officers read.
    """

    type: ClassVar[EventType]
    transitions: ClassVar[Transitions] = {}
    is_undoable: ClassVar[bool] = False
    is_visible_act: ClassVar[bool] = False
    is_contact: ClassVar[bool] = False
    is_beside_work: ClassVar[bool] = False
    citizen_text: ClassVar[BilingualText | None] = None
    officer_text: ClassVar[BilingualText]

    def __init__(self, data: Data) -> None:
        self.data = data

    def changes(self, state: CaseState, at: datetime) -> Columns:
        """The columns that the event sets: those its data names, those its type means, and what is asked of others."""
        changed = read_columns(self.data) | self.effects(state, at)
        if self.is_visible_act:
            changed |= {"idle_from": at, "idle_told": False}
        if self.is_contact and state.unreached:
            changed |= {"unreached": False}
        return changed | self.task_effects(state)

    def effects(self, state: CaseState, at: datetime) -> Columns:
        """What this type of event means for the state, beyond the columns that its data names."""
        return {}

    def task_effects(self, state: CaseState) -> Columns:
        """What becomes of what was asked of other units and bodies: with another body it begins anew."""
        return {} if self.stays_with(state) else dict(NOTHING_ASKED)

    def stays_with(self, state: CaseState) -> bool:
        """Whether the case is with the same body after the event."""
        return self.data.get("entity_id") in (None, state.entity_id)


def lead(states: Iterable[State], *, to: State) -> Transitions:
    """Transitions from each of these states to one."""
    return dict.fromkeys(states, to)


def stay(states: Iterable[State]) -> Transitions:
    """Transitions that leave each of these states as it is."""
    return {state: state for state in states}


def open_task(state: CaseState, data: Data) -> Columns:
    """Another unit or body is asked; tasks that the same event ends are taken out first."""
    left = end_tasks(state, data)
    return {
        "tasks": (*left["tasks"], state.seq + 1),
        "tasks_due": (*left["tasks_due"], datetime.fromisoformat(data["until"])),
        "units_asked": add(left["units_asked"], data.get("asked_unit")),
        "bodies_asked": add(left["bodies_asked"], data.get("asked_body")),
    }


def end_tasks(state: CaseState, data: Data) -> Columns:
    """Without the tasks that the event ends, and without who no longer sees the case."""
    return {
        "tasks": tuple(seq for seq in state.tasks if seq not in data.get("ended", ())),
        "tasks_due": remove(state.tasks_due, map(datetime.fromisoformat, data.get("ends", ()))),
        "units_asked": remove(state.units_asked, data.get("shut_units", ())),
        "bodies_asked": remove(state.bodies_asked, data.get("shut_bodies", ())),
    }


def higher_level(a: str, b: str) -> str:
    """The higher of two escalation levels; the empty one is the lowest."""
    return max(a, b, key=lambda level: LEVELS.index(level) if level else -1)


def add(ids: tuple[int, ...], new: int | None) -> tuple[int, ...]:
    """The ids with one more, once."""
    return ids if new is None or new in ids else (*ids, new)


def remove(items: tuple[T, ...], gone: Iterable[T]) -> tuple[T, ...]:
    """The items without these, each as often as it is named."""
    left = list(items)
    for item in gone:
        if item in left:
            left.remove(item)
    return tuple(left)
