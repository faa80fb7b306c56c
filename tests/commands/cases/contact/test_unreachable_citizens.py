"""Whom no message reaches is on the list of who handles the case, until somebody has spoken with them."""

import pytest

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.models import Case, Event
from bekhedmetkom.cases.queries import get_case_page, verify_journal
from bekhedmetkom.cases.rules.contact import ContactType
from bekhedmetkom.cases.rules.transitions import NotPossibleNow
from bekhedmetkom.kernel.errors import NotAllowed
from tests.personas import HOUR, NOON, Jordan


@pytest.fixture
def case(jordan: Jordan) -> Case:
    """Given to the roads of Amman, and its citizen's telephone refuses our messages."""
    case = jordan.create_case()
    commands.assign_case(case=case.pk, seen=1, actor=jordan.main, at=NOON, unit=jordan.roads)
    assert commands.record_failed_contact(case=case.pk, contact=ContactType.PHONE, at=NOON)
    case.refresh_from_db()
    return case


def to_call(jordan: Jordan, who: str) -> list[str]:
    return [row.reference for row in get_case_page(jordan.people[who], "callbacks", NOON).items]


@pytest.mark.parametrize("who", ["main", "roads_officer", "pm"])
def test_it_is_on_the_list_of_who_handles_it(jordan: Jordan, case: Case, who: str) -> None:
    assert to_call(jordan, who) == [case.reference]


@pytest.mark.parametrize("who", ["lighting_officer", "rival", "manager", "agent"])
def test_and_on_nobody_elses(jordan: Jordan, case: Case, who: str) -> None:
    assert to_call(jordan, who) == []


def test_one_failure_is_enough(case: Case) -> None:
    assert not commands.record_failed_contact(case=case.pk, contact=ContactType.EMAIL, at=NOON)
    assert Event.objects.filter(case=case, kind="contact.unreached").count() == 1


def test_the_journal_says_which_way_and_never_the_address(case: Case) -> None:
    event = Event.objects.get(case=case, kind="contact.unreached")
    assert event.data == {"contact": "phone"}
    assert event.actor == "clock"


def test_a_call_takes_it_off_the_list(jordan: Jordan, case: Case) -> None:
    seq = commands.record_call(
        case=case.pk, seen=case.seq, actor=jordan.roads_officer, at=NOON + HOUR, text="رقمه الجديد عند ابنه"
    )
    assert to_call(jordan, "main") == []
    with pytest.raises(NotPossibleNow):
        commands.record_call(case=case.pk, seen=seq, actor=jordan.roads_officer, at=NOON + HOUR, text="ثانية")
    assert list(verify_journal()) == []


def test_who_does_not_handle_it_has_no_call_to_note(jordan: Jordan, case: Case) -> None:
    for who in ("rival", "approver", "lighting_officer"):
        with pytest.raises(NotAllowed):
            commands.record_call(case=case.pk, seen=case.seq, actor=jordan.people[who], at=NOON, text="اتصلت")


def test_whoever_writes_to_us_need_not_be_called(jordan: Jordan, case: Case) -> None:
    commands.add_message(
        case=case.pk, seen=None, actor=jordan.get_citizen(case), at=NOON + HOUR, text="أنا هنا"
    )
    assert to_call(jordan, "main") == []
    assert list(verify_journal()) == []


def test_what_is_over_is_not_called_about(jordan: Jordan) -> None:
    case = jordan.create_case()
    commands.withdraw_case(case=case.pk, seen=None, actor=jordan.get_citizen(case), at=NOON)
    assert not commands.record_failed_contact(case=case.pk, contact=ContactType.PHONE, at=NOON)
