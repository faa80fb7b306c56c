"""Scripts, spelling and sampling of the call centre."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from bekhedmetkom.calls.rules.call_backs import (
    MAX_TRIES,
    SAMPLE_PERCENT,
    CallBackOutcome,
    CallBackReason,
    get_next_attempt,
    is_sampled,
)
from bekhedmetkom.calls.rules.script import get_call_back_script, get_script, spell_code, spell_reference
from bekhedmetkom.catalogue.rules import Kind
from bekhedmetkom.kernel.references import REFERENCE_ALPHABET, generate_reference

NOON = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.mark.parametrize("kind", [None, *Kind])
def test_script_begins_with_greeting_and_mentions_the_confidential_report(kind: Kind | None) -> None:
    steps = get_script(kind)
    assert steps[0].sentence is not None
    assert any(step.instruction and "confidential" in step.instruction.en for step in steps)


@pytest.mark.parametrize("why", CallBackReason)
def test_call_back_script_first_asks_for_the_person(why: CallBackReason) -> None:
    first = get_call_back_script(why)[0].sentence
    assert first and "Am I speaking with" in first.en


def test_every_character_of_a_reference_is_spelled() -> None:
    random = Random(5)
    for _ in range(200):
        groups = spell_reference(generate_reference(random))
        assert [len(group) for group in groups] == [4, 4]
        assert all(said.ar and said.en for group in groups for _sign, said in group)
    assert set(REFERENCE_ALPHABET) == {
        s for s in REFERENCE_ALPHABET if spell_reference(f"BK-{s * 4}-{s * 4}")
    }


def test_code_is_spelled_in_pairs() -> None:
    assert [[sign for sign, _ in pair] for pair in spell_code("7294518340")] == [
        ["7", "2"], ["9", "4"], ["5", "1"], ["8", "3"], ["4", "0"]
    ]  # fmt: skip


def test_five_per_cent_are_sampled() -> None:
    assert sum(is_sampled(number) for number in range(10_000)) == 100 * SAMPLE_PERCENT


def test_attempts_are_limited() -> None:
    assert get_next_attempt(CallBackOutcome.NO_ANSWER, 1, NOON) == NOON + timedelta(hours=4)
    assert get_next_attempt(CallBackOutcome.LATER, 1, NOON) == NOON + timedelta(days=1)
    assert get_next_attempt(CallBackOutcome.NO_ANSWER, MAX_TRIES, NOON) is None
    assert get_next_attempt(CallBackOutcome.NOT_THEIRS, 1, NOON) is None
