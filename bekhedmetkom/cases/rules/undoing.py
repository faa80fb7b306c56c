"""Taking an act back: which acts, how long, and what a case is without the act (docs/decisions/0028)."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from bekhedmetkom.kernel.actor import ActorKind

from .standing import COLUMNS, CaseState, instant
from .states import EventType

UNDO_WITHIN = timedelta(seconds=10)

H = EventType

# What an officer does by a form and can mean otherwise. Not here: a look at an identity, for what was seen was seen;
# stepping aside and whom a case complains of, which nobody takes back alone; a file or a case shown or hidden, whose
# button is its own way back; a part that is a case of its own by now, and what was joined to another; a transcript,
# which lists and search have taken up.
UNDOABLE = frozenset({
    H.CLASSIFIED, H.ASSIGNED, H.REFERRED, H.ACCEPTED, H.RETURNED, H.HANDED_BACK, H.RECLASSIFIED, H.NOTED, H.EXTENDED,
    H.ESCALATED, H.INSTRUCTED, H.HEAD_ASKED, H.DELEGATED,
    H.REPORTED, H.TASK_ASKED, H.TASK_DONE, H.TASK_CALLED_OFF, H.JOIN_ASKED, H.JOIN_ACCEPTED, H.JOIN_RETURNED, H.SNOOZED,
    H.COMMITTED, H.FULFILLED, H.CALLED, H.HEARD_SOLVED, H.HEARD_UNSOLVED, H.ASKED, H.REPLY_SUBMITTED,
    H.REPLY_SENT_BACK, H.REPLY_APPROVED, H.ANSWERED, H.ABUSE_CONFIRMED, H.CLOSED, H.APPEAL_UPHELD, H.APPEAL_REJECTED,
})  # fmt: skip


class Told(Protocol):
    """An event, whoever read it."""

    @property
    def kind(self) -> str: ...
    @property
    def data(self) -> Mapping[str, Any]: ...


def is_undoable(happened: EventType, actor: str) -> bool:
    """Whether it is an act that its officer may take back for a while; `actor` as the journal spells it."""
    return happened in UNDOABLE and actor.startswith(f"{ActorKind.OFFICER}:")


def stands_from(happened: EventType, actor: str, at: datetime) -> datetime:
    """From when on nobody takes it back any more, so that others may be told of it."""
    return at + UNDO_WITHIN if is_undoable(happened, actor) else at


def undone_in(journal: Iterable[Told]) -> frozenset[int]:
    """The sequence numbers of the events that were taken back."""
    return frozenset(event.data["undoes"] for event in journal if event.kind == H.UNDONE)


def taken_back(before: CaseState, now: CaseState) -> dict[str, Any]:
    """What an act changed on the row, as it was before: the columns that `case.undone` names in its data."""
    return {
        name: _spelled(was)
        for name in COLUMNS
        if name not in _NEVER_BACK and (was := getattr(before, name)) != getattr(now, name)
    }


# The journal goes on: its own count and time, what it says by itself of the state and of when to look again.
_NEVER_BACK = frozenset({"seq", "updated_at", "state", "look_at"})


def _spelled(value: Any) -> Any:
    """As an event's data spells a column (`standing._READERS` reads it)."""
    match value:
        case bool():
            return int(value)
        case datetime():
            return instant(value)
        case tuple():
            return [_spelled(one) for one in value]
        case StrEnum():
            return str(value)
        case _:
            return value
