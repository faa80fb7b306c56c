"""The stories of the demonstration, before anything is written: the same for a seed, of every sort, by who may."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings

from bekhedmetkom.cases.rules.access import has_permission
from bekhedmetkom.cases.rules.actions import ACTIONS
from bekhedmetkom.cases.rules.case_state import CaseState, build_initial_state
from bekhedmetkom.cases.rules.events import EVENTS
from bekhedmetkom.cases.rules.states import OPEN_STATES, EventType, State
from bekhedmetkom.catalogue.rules import Disposition, Handling, Kind
from bekhedmetkom.identity.models import Officer
from bekhedmetkom.identity.queries import get_actor
from bekhedmetkom.interfaces.cli.demo.arrivals import CHANNEL_WEIGHTS
from bekhedmetkom.interfaces.cli.demo.generation import BatchGenerator, DemoOrder
from bekhedmetkom.interfaces.cli.demo.officers import create_officers
from bekhedmetkom.interfaces.cli.demo.simulated_case import EventRow, SimulatedCase
from bekhedmetkom.interfaces.cli.demo.text_bank import TextBank
from bekhedmetkom.kernel.actor import Actor

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
WORDS = settings.ROOT / "data" / "demo"
ORDER = DemoOrder(2000, 7, AT, WORDS)  # as large as the one that `make run` makes

# Which permission an officer's event needs: that of the verb which makes it happen.
NEEDS = {happened: permission for permission, events in ACTIONS.values() for happened in events} | {
    EventType.ABSORBED: ACTIONS["merge"][0],
    EventType.REPLY_SUBMITTED: ACTIONS["submit"][0],
    EventType.APPEAL_REJECTED: ACTIONS["decide"][0],
}


@pytest.fixture(scope="module")
def told(directory: None, tmp_path_factory: pytest.TempPathFactory) -> list[SimulatedCase]:
    """Two thousand cases, over the whole directory with everybody in office."""
    create_officers(TextBank(WORDS), tmp_path_factory.mktemp("home"), AT)
    workshop = BatchGenerator(ORDER)
    return workshop.generate_batch(0) + workshop.generate_batch(1)


def test_the_same_seed_tells_the_same(told: list[SimulatedCase]) -> None:
    again = BatchGenerator(ORDER).generate_batch(0)
    assert [life.events for life in again] == [life.events for life in told[:1000]]
    assert [life.texts for life in again] == [life.texts for life in told[:1000]]
    other = BatchGenerator(DemoOrder(2000, 8, AT, WORDS)).generate_batch(0)
    assert not {life.state.reference for life in told} & {life.state.reference for life in other}


def test_every_kind_state_channel_and_care_is_there(told: list[SimulatedCase]) -> None:
    assert len(told) == 2000
    assert {life.state.kind for life in told} == set(Kind)
    assert {life.state.state for life in told} == set(State)
    assert {life.state.channel for life in told} == set(CHANNEL_WEIGHTS)
    assert {life.state.care for life in told} == set(Handling) - {Handling.SEALED}
    assert {life.state.language for life in told} == {"ar", "en"}
    assert {life.state.disposition for life in told} >= set(Disposition)


def test_most_is_answered_in_time_and_some_is_not(told: list[SimulatedCase]) -> None:
    answered = [life.state for life in told if life.state.answered_at]
    late = sum(case.answered_late for case in answered) / len(answered)
    said = [case.solved for case in answered if case.solved is not None]
    overdue = [life for life in told if life.state.state in OPEN_STATES and life.state.due_at < AT]
    assert 0.06 < late < 0.2
    assert 0.5 < sum(said) / len(said) < 0.75
    assert 0 < len(overdue) < 60
    assert any(life.state.level for life in overdue)


def test_nothing_happens_before_its_time_or_after_now(told: list[SimulatedCase]) -> None:
    for life in told:
        times = [event.at for event in life.events]
        assert times == sorted(times)
        assert times[-1] <= AT
        assert life.state.look_at is None or life.state.look_at >= AT


def test_every_blank_is_filled(told: list[SimulatedCase]) -> None:
    left = [said.body for life in told for said in life.texts if "{" in said.body or "}" in said.body]
    assert left == []


def test_officers_do_only_what_they_may(told: list[SimulatedCase]) -> None:
    officers = {str(officer.pk): get_actor(officer, AT) for officer in Officer.objects.all()}
    refused = {
        (event.kind, tuple(grant.role for grant in actor.grants))
        for life in told
        for case, event in _steps(life)
        if (actor := _officer(event, officers)) and not has_permission(actor, NEEDS[event.kind], case)
    }
    assert refused == set()


def test_a_reviewer_never_handled_the_case(told: list[SimulatedCase]) -> None:
    appealed = [life.state for life in told if life.state.state is State.APPEALED]
    assert appealed
    assert all(case.reviewer_id not in case.handlers for case in appealed)


def _officer(event: EventRow, officers: dict[str, Actor]) -> Actor | None:
    kind, _, key = event.actor.partition(":")
    return officers[key] if kind == "officer" else None


def _steps(life: SimulatedCase) -> Iterator[tuple[CaseState, EventRow]]:
    """Each event after the first, with the case as it stood before it."""

    first = life.events[0]
    case = build_initial_state(life.state.reference, first.at, json.loads(first.data))
    for event in life.events[1:]:
        yield case, event
        case = case.apply(EVENTS[event.kind](json.loads(event.data)), event.state, event.at)


def test_the_bank_is_as_large_as_promised() -> None:
    bank = TextBank(Path(WORDS))
    assert len(bank.texts) >= 150
    assert len({topic for text in bank.texts for topic in text.topics}) >= 40
    assert sum(map(len, bank.comments.values())) >= 40
    assert sum(map(len, bank.appeals.values())) >= 15
