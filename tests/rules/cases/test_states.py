"""The table of moves: what must and must not be possible, whoever asks."""

import pytest

from bekhedmetkom.cases.rules.sentences import EVENTS
from bekhedmetkom.cases.rules.states import MOVES, OPEN, STATE_WORDS, Happened, NotPossibleNow, State, after
from bekhedmetkom.cases.rules.verbs import VERBS


def test_every_event_can_happen_somewhere_and_has_its_sentences() -> None:
    assert {happened for _, happened in MOVES} == set(Happened) - {
        Happened.UNDONE
    }  # which leads back, anywhere
    assert set(EVENTS) == set(Happened)
    for told in EVENTS.values():
        assert all(told.inside)
        assert told.citizen is None or all(told.citizen)


def test_every_state_can_be_reached_and_has_words() -> None:
    assert set(MOVES.values()) == set(State)
    assert set(STATE_WORDS) == set(State)


def test_a_case_begins_once() -> None:
    assert after(None, Happened.SUBMITTED) is State.RECEIVED
    assert [event for (state, event) in MOVES if state is None] == [Happened.SUBMITTED]


@pytest.mark.parametrize("state", [State.WITHDRAWN, State.MERGED])
def test_what_is_withdrawn_or_merged_stays_so(state: State) -> None:
    assert {MOVES[key] for key in MOVES if key[0] is state} == {state}


def test_only_the_citizens_yes_leads_to_resolved() -> None:
    ways = {event for (_, event), to in MOVES.items() if to is State.RESOLVED and _ is not State.RESOLVED}
    assert ways == {Happened.CONFIRMED, Happened.HEARD_SOLVED}


def test_nothing_open_is_closed_by_hand() -> None:
    """An open case ends by an answer, by its citizen, or by joining another of the same person: never by a click."""
    ends = {event for (state, event), to in MOVES.items() if state in OPEN and to not in OPEN}
    assert ends == {
        Happened.ANSWERED, Happened.REPLY_APPROVED, Happened.ABUSE_CONFIRMED, Happened.WITHDRAWN, Happened.MERGED,
        Happened.APPEAL_REJECTED, Happened.ERASED,
    }  # fmt: skip


def test_a_refusal_names_what_is_possible() -> None:
    with pytest.raises(NotPossibleNow) as refused:
        after(State.ANSWERED, Happened.ASSIGNED)
    assert Happened.CONFIRMED in refused.value.possible
    assert Happened.ASSIGNED not in refused.value.possible


def test_every_verb_makes_something_happen() -> None:
    assert all(events for _, events in VERBS.values())
