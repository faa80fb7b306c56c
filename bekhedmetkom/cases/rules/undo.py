"""Taking an act back: which acts, how long, and what a case is without the act (docs/decisions/0028)."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from bekhedmetkom.kernel.actor import ActorKind

from .case_state import STATE_COLUMNS, CaseState, format_instant
from .events import EVENTS
from .states import EventType

UNDO_PERIOD = timedelta(seconds=10)

# What an officer does by a form and can mean otherwise. Not undoable: a look at an identity, for what was seen was
# seen; stepping aside and whom a case complains of, which nobody takes back alone; a file or a case shown or hidden,
# whose button is its own way back; a part that is a case of its own by now; a transcript, which search has taken up.
UNDOABLE_EVENTS = frozenset(event_type for event_type, event in EVENTS.items() if event.is_undoable)


class EventData(Protocol):
    """An event, whoever read it."""

    @property
    def kind(self) -> str: ...
    @property
    def data(self) -> Mapping[str, Any]: ...


def is_undoable(happened: EventType, actor: str) -> bool:
    """Whether it is an act that its officer may take back for a while; `actor` as the journal spells it."""
    return happened in UNDOABLE_EVENTS and actor.startswith(f"{ActorKind.OFFICER}:")


def get_final_time(happened: EventType, actor: str, at: datetime) -> datetime:
    """From when on nobody takes it back any more, so that others may be told of it."""
    return at + UNDO_PERIOD if is_undoable(happened, actor) else at


def list_undone_events(journal: Iterable[EventData]) -> frozenset[int]:
    """The sequence numbers of the events that were taken back."""
    return frozenset(event.data["undoes"] for event in journal if event.kind == EventType.UNDONE)


def compute_reversal(before: CaseState, now: CaseState) -> dict[str, Any]:
    """What an act changed on the row, as it was before: the columns that `case.undone` names in its data."""
    return {
        name: _serialize_value(was)
        for name in STATE_COLUMNS
        if name not in _IRREVERSIBLE_COLUMNS and (was := getattr(before, name)) != getattr(now, name)
    }


# The journal goes on: its own count and time, what it says by itself of the state and of when to look again.
_IRREVERSIBLE_COLUMNS = frozenset({"seq", "updated_at", "state", "look_at"})


def _serialize_value(value: Any) -> Any:
    """As an event's data spells a column (`standing._READERS` reads it)."""
    match value:
        case bool():
            return int(value)
        case datetime():
            return format_instant(value)
        case tuple():
            return [_serialize_value(one) for one in value]
        case StrEnum():
            return str(value)
        case _:
            return value
