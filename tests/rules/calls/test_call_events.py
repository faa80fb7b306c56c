"""Folding of exchange events into calls."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bekhedmetkom.calls.rules.call_events import (
    CallEvent,
    Direction,
    EventName,
    deduplicate_events,
    fold_events,
    parse_outside_number,
)
from bekhedmetkom.calls.rules.simulation import simulate_day

NOON = datetime(2026, 11, 24, 9, tzinfo=UTC)


def create_event(name: EventName, seconds: int = 0, **said: Any) -> CallEvent:
    return CallEvent(NOON + timedelta(seconds=seconds), name, **said)


EVENTS = st.builds(
    CallEvent,
    at=st.integers(0, 600).map(lambda s: NOON + timedelta(seconds=s)),
    name=st.sampled_from(EventName),
    number=st.sampled_from(["", "+962791234567", "+96265008080"]),
    direction=st.sampled_from(["", *Direction]),
    lines=st.lists(st.sampled_from(["21", "22", "23"]), max_size=3, unique=True).map(tuple),
    queue=st.sampled_from(["", "arabic"]),
    cause=st.sampled_from(["", "busy", "normalClearing"]),
)


@given(st.lists(EVENTS, min_size=1, max_size=8), st.data())
def test_order_and_repetition_of_events_do_not_matter(events: list[CallEvent], data: st.DataObject) -> None:
    again = data.draw(st.lists(st.sampled_from(events), max_size=4))
    shuffled = data.draw(st.permutations(events + again))
    assert fold_events(shuffled) == fold_events(events)


@given(st.lists(EVENTS, min_size=1, max_size=8), st.integers(1, 600))
def test_repeated_event_changes_nothing(events: list[CallEvent], seconds: int) -> None:
    last = max(one.at for one in events) + timedelta(seconds=seconds)
    later = [CallEvent(last, *one.content) for one in events]
    assert deduplicate_events([*events, *later]) == deduplicate_events(events)


@given(st.lists(EVENTS, min_size=2, max_size=8))
def test_incremental_folding_equals_folding_at_once(events: list[CallEvent]) -> None:
    heard: list[CallEvent] = []
    for one in events:
        heard = deduplicate_events([*heard, one])
    assert fold_events(heard) == fold_events(events)


@given(EVENTS)
def test_event_survives_serialisation(one: CallEvent) -> None:
    assert CallEvent.from_json(one.as_json()) == one


def test_simple_call_is_folded() -> None:
    told = fold_events([
        create_event(EventName.NEW_CALL, number="+962791234567", lines=("21", "22"), queue="arabic"),
        create_event(EventName.ANSWER, 38, lines=("22",)),
        create_event(EventName.HANGUP, 200, cause="normalClearing"),
    ])  # fmt: skip
    assert (told.ringing_lines, told.answering_lines, told.number, told.queue) == (
        ("21", "22"),
        ("22",),
        "+962791234567",
        "arabic",
    )
    assert told.answered_at == NOON + timedelta(seconds=38)
    assert told.ended_at == NOON + timedelta(seconds=200)


def test_hangup_alone_makes_a_call() -> None:
    told = fold_events([create_event(EventName.HANGUP, 9, cause="cancel")])
    assert (told.began_at, told.ended_at, told.answered_at) == (NOON + timedelta(seconds=9),) * 2 + (None,)


def test_answer_may_arrive_before_ringing() -> None:
    events = [
        create_event(EventName.ANSWER, 1, lines=("21",)),
        create_event(EventName.NEW_CALL, 2, lines=("21", "22")),
        create_event(EventName.HANGUP, 3),
    ]
    assert len({fold_events(order) for order in permutations(events)}) == 1
    assert fold_events(events).began_at == NOON + timedelta(seconds=1)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("962791234567", "+962791234567"), ("+962791234567", "+962791234567"), ("0791234567", "+962791234567"),
        ("00962791234567", "+962791234567"), ("065008080", "+96265008080"), ("9715012345678", ""),
        ("anonymous", ""), ("", ""), ("sip:21@exchange", ""), ("1" * 500, ""),
    ],
)  # fmt: skip
def test_numbers_are_parsed_in_every_exchange_format(typed: str, number: str) -> None:
    assert parse_outside_number(typed) == number


def test_simulated_day_is_reproducible() -> None:
    day = simulate_day(calls=200, lines=("21", "22"), seed=5)
    assert day == simulate_day(calls=200, lines=("21", "22"), seed=5)
    assert len({event.fields["callId"] for event in day}) == 200
    assert len(day) > 500
    assert any(event.fields["from"] == "anonymous" for event in day)


def test_simulated_day_may_begin_with_two_calls() -> None:
    day = simulate_day(calls=300, lines=("21", "22"), seed=7)
    assert len([event for event in day if event.at == 0]) > 1
    assert [event.at for event in day] == sorted(event.at for event in day)
