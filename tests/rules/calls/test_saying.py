"""What agents say and spell, and for whom they call."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from bekhedmetkom.calls.rules.backs import SHARE, TRIES, Outcome, Why, after, is_drawn
from bekhedmetkom.calls.rules.script import script_back, script_of
from bekhedmetkom.calls.rules.spelling import spelled_code, spelled_reference
from bekhedmetkom.catalogue.rules import Kind
from bekhedmetkom.kernel.references import SYMBOLS, new_reference

NOON = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.mark.parametrize("kind", [None, *Kind])
def test_every_call_begins_with_a_greeting_and_warns_of_the_box(kind: Kind | None) -> None:
    steps = script_of(kind)
    assert steps[0].say is not None
    assert any(step.do and "confidential" in step.do.en for step in steps)


@pytest.mark.parametrize("why", Why)
def test_who_is_called_is_asked_whether_it_is_them_first(why: Why) -> None:
    first = script_back(why)[0].say
    assert first and "Am I speaking with" in first.en


def test_every_sign_of_a_reference_can_be_said() -> None:
    random = Random(5)
    for _ in range(200):
        groups = spelled_reference(new_reference(random))
        assert [len(group) for group in groups] == [4, 4]
        assert all(said.ar and said.en for group in groups for _sign, said in group)
    assert set(SYMBOLS) == {s for s in SYMBOLS if spelled_reference(f"BK-{s * 4}-{s * 4}")}


def test_a_code_is_said_in_pairs() -> None:
    assert [[sign for sign, _ in pair] for pair in spelled_code("7294518340")] == [
        ["7", "2"], ["9", "4"], ["5", "1"], ["8", "3"], ["4", "0"]
    ]  # fmt: skip


def test_five_in_a_hundred_are_drawn() -> None:
    assert sum(is_drawn(number) for number in range(10_000)) == 100 * SHARE


def test_nobody_is_called_for_ever() -> None:
    assert after(Outcome.NO_ANSWER, 1, NOON) == NOON + timedelta(hours=4)
    assert after(Outcome.LATER, 1, NOON) == NOON + timedelta(days=1)
    assert after(Outcome.NO_ANSWER, TRIES, NOON) is None
    assert after(Outcome.NOT_THEIRS, 1, NOON) is None
