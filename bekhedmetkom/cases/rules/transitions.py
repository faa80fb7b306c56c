"""The workflow as one table, collected from the event classes: which event can happen in which state."""

from collections.abc import Mapping

from bekhedmetkom.kernel.errors import Refusal
from bekhedmetkom.kernel.text import BilingualText

from .events import EVENTS
from .states import EventType, State

# `ActionUndone` is not in it: it leads back to the state before, which no row can say (rules/undoing.py).
TRANSITIONS: Mapping[tuple[State | None, EventType], State] = {
    (state, event_type): to for event_type, event in EVENTS.items() for state, to in event.transitions.items()
}
# An officer who looked at the case before one of these has missed nothing.
NON_CONFLICTING_EVENTS = frozenset(event_type for event_type, event in EVENTS.items() if event.is_beside_work)


class NotPossibleNow(Refusal):
    """The case is in a state in which this cannot happen; `possible_events` can."""

    message = BilingualText(
        "لا يمكن ذلك في حالة الطلب الآن.", "The case is not in a state in which this can be done."
    )

    def __init__(self, state: State | None, message: BilingualText | None = None):
        self.state = state
        self.possible_events = [event_type for (from_state, event_type) in TRANSITIONS if from_state == state]
        super().__init__(message)


def get_next_state(state: State | None, event_type: EventType) -> State:
    """The state that an event leads to. Raises `NotPossibleNow` where the table has no such transition."""
    try:
        return TRANSITIONS[state, event_type]
    except KeyError:
        raise NotPossibleNow(state) from None
