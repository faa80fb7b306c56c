"""An officer writes down a case for somebody at the counter, or from a letter."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.commands import (
    IdempotencyKeyReused,
    Submission,
    SubmissionResult,
    UseConfidentialChannel,
)
from bekhedmetkom.cases.models import Case, Event, Idempotency
from bekhedmetkom.cases.queries import (
    find_case_for_citizen,
    find_desk_case,
    get_case_for_citizen,
    verify_journal,
)
from bekhedmetkom.cases.rules.channels import MAX_LETTER_AGE, PaperChannel
from bekhedmetkom.catalogue.rules import Kind
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.errors import InvalidInput, NotAllowed
from tests.personas import DAY, HOUR, NOON, POTHOLE, Jordan

TODAY = get_local_date(NOON)
BRIBE = "الموظف طلب مني رشوة 50 دينار حتى يمشي المعاملة"
WHO_MAY = ("main", "roads_officer", "duty", "inspector", "coordinator", "pm", "agent")


def registered(
    jordan: Jordan,
    who: Actor,
    paper: PaperChannel = PaperChannel.COUNTER,
    came_on: date | None = None,
    key: str = "k" * 20,
    **given: Any,
) -> SubmissionResult:
    what = replace(Submission(kind=Kind.COMPLAINT, text=POTHOLE, entity=jordan.entities["GAM"]), **given)
    return commands.register_case(submission=what, paper=paper, came_on=came_on, key=key, actor=who, at=NOON)


def test_it_is_a_case_like_any_other_and_says_who_wrote_it_down(jordan: Jordan) -> None:
    taken = registered(jordan, jordan.main)
    case = Case.objects.get(pk=taken.case)
    assert (case.channel, case.received_at, case.due_at) == ("counter", NOON, jordan.create_case().due_at)
    assert Event.objects.get(case=case).actor == str(jordan.main)
    assert find_case_for_citizen(taken.reference, taken.access_code, NOON)
    told = get_case_for_citizen(case.pk, NOON).timeline[0]
    assert "شباك المراجعين" in told.words.ar
    assert told.by.ar == ""  # the citizen reads no officer's name
    inside = find_desk_case(jordan.main, taken.reference, NOON)
    assert inside
    assert inside.journal[0].by.ar == "موظف main"


def test_the_term_of_a_letter_runs_from_the_day_on_which_it_came(jordan: Jordan) -> None:
    sunday = TODAY - timedelta(days=2)
    letter = Case.objects.get(pk=registered(jordan, jordan.main, PaperChannel.LETTER, sunday).case)
    assert get_local_date(letter.received_at) == get_local_date(letter.term_from) == sunday
    assert letter.due_at == jordan.create_case(at=NOON - 2 * DAY).due_at < jordan.create_case().due_at
    assert letter.idle_from == NOON  # nobody can have acted on it before
    assert Event.objects.get(case=letter).at == NOON
    assert "22 تشرين الثاني" in get_case_for_citizen(letter.pk, NOON).timeline[0].words.ar
    assert list(verify_journal()) == []


def test_a_letter_that_lay_too_long_is_late_at_once(jordan: Jordan) -> None:
    old = registered(jordan, jordan.main, PaperChannel.LETTER, TODAY - timedelta(days=40))
    assert old.due_at < NOON
    commands.sweep_deadlines(NOON + HOUR)
    kinds = set(Event.objects.filter(case=old.case).values_list("kind", flat=True))
    assert "clock.overdue" in kinds
    assert all(event.at >= NOON for event in Event.objects.filter(case=old.case))
    assert list(verify_journal()) == []


@pytest.mark.parametrize("day", [None, TODAY + timedelta(days=1), TODAY - MAX_LETTER_AGE - timedelta(days=1)])
def test_a_letter_has_a_day_that_can_be(jordan: Jordan, day: date | None) -> None:
    with pytest.raises(InvalidInput) as refused:
        registered(jordan, jordan.main, PaperChannel.LETTER, day)
    assert [error.field for error in refused.value.errors] == ["came_on"]
    assert not Case.objects.exists()


def test_sent_twice_it_is_one_case_with_the_same_code(jordan: Jordan) -> None:
    first, second = registered(jordan, jordan.main), registered(jordan, jordan.main)
    assert (first.reference, first.access_code) == (second.reference, second.access_code)
    assert second.replayed
    with pytest.raises(IdempotencyKeyReused):
        registered(jordan, jordan.main, PaperChannel.LETTER, TODAY)
    other = registered(jordan, jordan.roads_officer)  # a key is its officer's own
    assert other.reference != first.reference
    assert first.access_code not in str(list(Idempotency.objects.values_list("answer", flat=True)))


def test_the_gate_stands_here_too(jordan: Jordan) -> None:
    with pytest.raises(UseConfidentialChannel):
        registered(jordan, jordan.main, text=BRIBE)
    with pytest.raises(UseConfidentialChannel):
        registered(jordan, jordan.main, PaperChannel.LETTER, TODAY, text=BRIBE)
    assert not Case.objects.exists()
    # whoever stands there may choose to go on; a letter's writer is not there to choose
    with pytest.raises(InvalidInput):
        registered(jordan, jordan.main, PaperChannel.LETTER, TODAY, text=BRIBE, gate_declined=True)
    assert registered(jordan, jordan.main, text=BRIBE, gate_declined=True).reference


def test_words_are_needed_though_a_scan_is_there(jordan: Jordan) -> None:
    with pytest.raises(InvalidInput) as refused:
        registered(jordan, jordan.main, text="  ")
    assert [error.field for error in refused.value.errors] == ["text"]


def test_who_registers_a_case_of_another_body_may_do_nothing_with_it(jordan: Jordan) -> None:
    taken = registered(jordan, jordan.roads_officer, entity=jordan.entities["MOH"])
    assert find_desk_case(jordan.roads_officer, taken.reference, NOON) is None
    violation = registered(jordan, jordan.main, kind=Kind.VIOLATION, key="v" * 20)
    assert find_desk_case(jordan.main, violation.reference, NOON) is None


@pytest.mark.parametrize(
    "name", [*WHO_MAY, "head", "approver", "minister", "administrator", "manager", "reviewer", "office"]
)
def test_who_may(jordan: Jordan, name: str) -> None:
    if name in WHO_MAY:
        assert registered(jordan, jordan.people[name]).reference
    else:
        with pytest.raises(NotAllowed):
            registered(jordan, jordan.people[name])
