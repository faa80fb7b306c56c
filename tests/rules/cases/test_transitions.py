"""The table of moves: what must and must not be possible, whoever asks."""

import pytest

from bekhedmetkom.cases.rules.actions import ACTIONS
from bekhedmetkom.cases.rules.events import EVENTS
from bekhedmetkom.cases.rules.states import OPEN_STATES, STATE_LABELS, EventType, State
from bekhedmetkom.cases.rules.transitions import TRANSITIONS, NotPossibleNow, get_next_state


def test_every_event_can_happen_somewhere_and_has_its_sentences() -> None:
    assert {happened for _, happened in TRANSITIONS} == set(EventType) - {
        EventType.UNDONE
    }  # which leads back, anywhere
    assert set(EVENTS) == set(EventType)
    for told in EVENTS.values():
        assert all(told.officer_text)
        assert told.citizen_text is None or all(told.citizen_text)


def test_every_state_can_be_reached_and_has_words() -> None:
    assert set(TRANSITIONS.values()) == set(State)
    assert set(STATE_LABELS) == set(State)


def test_a_case_begins_once() -> None:
    assert get_next_state(None, EventType.SUBMITTED) is State.RECEIVED
    assert [event for (state, event) in TRANSITIONS if state is None] == [EventType.SUBMITTED]


@pytest.mark.parametrize("state", [State.WITHDRAWN, State.MERGED])
def test_what_is_withdrawn_or_merged_stays_so(state: State) -> None:
    assert {TRANSITIONS[key] for key in TRANSITIONS if key[0] is state} == {state}


def test_only_the_citizens_yes_leads_to_resolved() -> None:
    ways = {
        event for (_, event), to in TRANSITIONS.items() if to is State.RESOLVED and _ is not State.RESOLVED
    }
    assert ways == {EventType.CONFIRMED, EventType.HEARD_SOLVED}


def test_nothing_open_is_closed_by_hand() -> None:
    """An open case ends by an answer, by its citizen, or by joining another of the same person: never by a click."""
    ends = {
        event for (state, event), to in TRANSITIONS.items() if state in OPEN_STATES and to not in OPEN_STATES
    }
    assert ends == {
        EventType.ANSWERED, EventType.REPLY_APPROVED, EventType.ABUSE_CONFIRMED, EventType.WITHDRAWN, EventType.MERGED,
        EventType.APPEAL_REJECTED, EventType.ERASED,
    }  # fmt: skip


def test_a_refusal_names_what_is_possible() -> None:
    with pytest.raises(NotPossibleNow) as refused:
        get_next_state(State.ANSWERED, EventType.ASSIGNED)
    assert EventType.CONFIRMED in refused.value.possible_events
    assert EventType.ASSIGNED not in refused.value.possible_events


def test_every_verb_makes_something_happen() -> None:
    assert all(events for _, events in ACTIONS.values())
