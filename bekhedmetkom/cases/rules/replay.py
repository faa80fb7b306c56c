"""Replaying a journal: the state of a case after each of its events."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Protocol

from .case_state import CaseState, build_initial_state
from .events import EVENTS
from .states import EventType, State


class RecordedEvent(Protocol):
    """An event of the journal, as far as a state follows from it."""

    @property
    def kind(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def data(self) -> Mapping[str, Any]: ...


def replay_journal(reference: str, journal: Iterable[RecordedEvent]) -> Iterator[CaseState]:
    """The state after each event of a journal, from the first on."""
    state: CaseState | None = None
    for event in journal:
        if state is None:
            state = build_initial_state(reference, event.at, event.data)
        else:
            state = state.apply(EVENTS[EventType(event.kind)](event.data), State(event.state), event.at)
        yield state
