"""How a citizen is reached: it counts once confirmed; a new code goes to what is confirmed; all one's cases by it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.commands import SubmissionResult
from bekhedmetkom.cases.journal import Conflict
from bekhedmetkom.cases.models import Event, Particulars
from bekhedmetkom.cases.queries import find_case_by_code, find_my_case, list_my_cases, verify_journal
from bekhedmetkom.cases.rules.applicant import Applicant
from bekhedmetkom.cases.rules.contact import ContactAddress, ContactPreference, ContactType, parse_contact
from bekhedmetkom.cases.rules.states import EventType
from bekhedmetkom.catalogue.rules import Kind
from bekhedmetkom.kernel.actor import CLOCK, Actor
from bekhedmetkom.kernel.errors import InvalidInput, NotAllowed
from tests.personas import HOUR, NOON, Jordan

pytestmark = pytest.mark.django_db
PHONE, OTHER = (
    ContactAddress(ContactType.PHONE, "+962791234567"),
    ContactAddress(ContactType.PHONE, "+962791234568"),
)
EMAIL = ContactAddress(ContactType.EMAIL, "samer@example.jo")


def confirm(jordan: Jordan, case: SubmissionResult, known: ContactAddress = PHONE) -> int:
    return commands.confirm_contact(
        case=case.case, actor=jordan.get_citizen(case), at=NOON + HOUR, known=known
    )


def renew(case: SubmissionResult, known: ContactAddress = PHONE) -> str | None:
    renewed = commands.renew_access_code(reference=case.reference, at=NOON + 2 * HOUR, known=known)
    assert renewed is None or renewed.case == case.case
    return renewed.code if renewed else None


def prefer(jordan: Jordan, case: SubmissionResult, tell_by: ContactPreference, full: bool = False) -> int:
    return commands.set_contact_preference(
        case=case.case, actor=jordan.get_citizen(case), at=NOON + HOUR, tell_by=tell_by, full_by_sms=full
    )


def who(case: SubmissionResult) -> Particulars:
    return Particulars.objects.get(pk=case.case)


def last(case: SubmissionResult) -> Event:
    return Event.objects.filter(case=case.case).latest("seq")


def references(*known: ContactAddress, **given: Any) -> list[str]:
    return [item.standing.reference for item in list_my_cases(known, NOON, **given).items]


def test_confirming_is_a_fact_of_the_journal_that_names_the_way_and_never_the_number(jordan: Jordan) -> None:
    case = jordan.submit()
    assert not who(case).phone_confirmed
    confirm(jordan, case)

    assert who(case).phone_confirmed
    assert not who(case).email_confirmed
    assert (last(case).kind, last(case).data) == (EventType.CONTACT_CONFIRMED, {"contact": "phone"})
    assert list(verify_journal()) == []


def test_another_number_takes_the_place_of_a_mistyped_one_once_it_is_confirmed(jordan: Jordan) -> None:
    case = jordan.submit()
    confirm(jordan, case, OTHER)

    assert (who(case).phone, who(case).phone_confirmed) == (OTHER.address, True)
    assert last(case).kind == EventType.CONTACT_CORRECTED
    assert OTHER.address not in str(last(case).data)
    assert references(PHONE) == []
    assert references(OTHER) == [case.reference]
    assert list(verify_journal()) == []


def test_an_email_can_be_added_and_its_capitals_make_no_difference(jordan: Jordan) -> None:
    case = jordan.submit()
    confirm(jordan, case, ContactAddress(ContactType.EMAIL, "Samer@example.jo"))
    assert references(EMAIL) == [case.reference]
    confirm(jordan, case, EMAIL)
    assert last(case).kind == EventType.CONTACT_CONFIRMED


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("phone_confirmed", True), ("email_confirmed", True), ("phone", "+962790000000"), ("tell_by", "sms"),
        ("full_by_sms", True),
    ],
)  # fmt: skip
def test_what_the_journal_does_not_say_is_found(jordan: Jordan, column: str, value: Any) -> None:
    case = jordan.submit()
    Particulars.objects.filter(pk=case.case).update(**{column: value})
    assert [fault.reference for fault in verify_journal()] == [case.reference]


def test_only_the_cases_own_citizen_confirms(jordan: Jordan) -> None:
    case, other = jordan.submit(), jordan.submit()
    for stranger in (jordan.get_citizen(other), jordan.main, CLOCK, Actor.citizen("")):
        with pytest.raises(NotAllowed):
            commands.confirm_contact(case=case.case, actor=stranger, at=NOON + HOUR, known=PHONE)
    assert not who(case).phone_confirmed


def test_an_officer_who_looked_before_has_missed_nothing(jordan: Jordan) -> None:
    case = jordan.submit()
    confirm(jordan, case)
    prefer(jordan, case, ContactPreference.SMS)
    seq = commands.assign_case(
        case=case.case, seen=1, actor=jordan.main, at=NOON + 2 * HOUR, unit=jordan.roads
    )
    assert seq == 4
    with pytest.raises(Conflict) as conflict:
        commands.assign_case(case=case.case, seen=1, actor=jordan.main, at=NOON + 3 * HOUR, unit=jordan.roads)
    assert conflict.value.changed == [EventType.ASSIGNED]


def test_a_new_code_opens_the_case_and_the_old_one_no_more(jordan: Jordan) -> None:
    case = jordan.submit()
    confirm(jordan, case)
    code = renew(case)

    assert code
    assert len(code) == 10
    assert find_case_by_code(case.reference, code) == case.case
    assert find_case_by_code(case.reference, case.access_code) is None
    assert last(case).data == {"contact": "phone"}
    assert list(verify_journal()) == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(p)::text FROM case_particulars p WHERE case_id = %s", [case.case])
        assert code not in cursor.fetchone()[0]


def test_no_new_code_for_a_contact_that_is_not_confirmed(jordan: Jordan) -> None:
    case = jordan.submit(applicant=Applicant(phone=PHONE.address, email=EMAIL.address))
    confirm(jordan, case, PHONE)
    assert renew(case, EMAIL) is None, "given, never confirmed"
    assert renew(case, OTHER) is None, "a stranger's"
    assert find_case_by_code(case.reference, case.access_code) == case.case, (
        "the code they have still opens it"
    )
    assert last(case).kind == EventType.CONTACT_CONFIRMED


def test_all_cases_of_one_person_are_there_newest_first_a_page_at_a_time(jordan: Jordan) -> None:
    mine = [jordan.submit(at=NOON - timedelta(minutes=m)) for m in (30, 10, 20)]
    for case in mine:
        confirm(jordan, case)
    jordan.submit()  # with the same phone, not confirmed
    confirm(jordan, jordan.submit(), OTHER)
    newest_first = [mine[1].reference, mine[2].reference, mine[0].reference]

    assert references(PHONE) == newest_first
    first = list_my_cases([PHONE], NOON, limit=2)
    assert [item.standing.reference for item in first.items] == newest_first[:2]
    assert first.next
    assert references(PHONE, cursor=first.next, limit=2) == newest_first[2:]


def test_several_contacts_of_one_person_make_one_list_with_each_case_once(jordan: Jordan) -> None:
    both, by_email = jordan.submit(), jordan.submit(at=NOON - HOUR)
    confirm(jordan, both)
    confirm(jordan, both, EMAIL)
    confirm(jordan, by_email, EMAIL)
    assert references(PHONE, EMAIL) == [both.reference, by_email.reference]
    assert references() == []


def test_a_cursor_that_nobody_gave_out_is_refused_in_a_sentence(jordan: Jordan) -> None:
    with pytest.raises(InvalidInput):
        list_my_cases([PHONE], NOON, cursor="nonsense")


def test_one_of_mine_opens_without_its_code_and_nobody_elses(jordan: Jordan) -> None:
    mine, other = jordan.submit(), jordan.submit()
    confirm(jordan, mine)
    assert find_my_case([PHONE], mine.reference) == mine.case
    assert find_my_case([PHONE], other.reference) is None
    assert find_my_case([OTHER], mine.reference) is None
    assert find_my_case([], mine.reference) is None
    assert find_my_case([PHONE], "BK-0000-0000") is None


def test_a_case_kept_with_care_is_named_by_its_number_alone_and_asks_for_its_code(jordan: Jordan) -> None:
    case = jordan.submit(kind=Kind.VIOLATION, gate_declined=True)
    confirm(jordan, case)
    (line,) = list_my_cases([PHONE], NOON).items
    assert line.with_care
    assert line.beginning == ""
    assert find_my_case([PHONE], case.reference) is None


def test_how_to_be_told_is_chosen_for_each_case(jordan: Jordan) -> None:
    case, other = jordan.submit(), jordan.submit()
    confirm(jordan, case)
    prefer(jordan, case, ContactPreference.SMS, full=True)
    assert (who(case).tell_by, who(case).full_by_sms) == ("sms", True)
    assert (who(other).tell_by, who(other).full_by_sms) == ("", False)
    assert list(verify_journal()) == []


def test_what_cannot_be_chosen_is_refused_by_field(jordan: Jordan) -> None:
    case = jordan.submit()
    for tell_by, full, field in (
        (ContactPreference.EMAIL, False, "tell_by"),
        (ContactPreference.SMS, True, "full_by_sms"),
    ):
        with pytest.raises(InvalidInput) as refused:
            prefer(jordan, case, tell_by, full)
        assert [error.field for error in refused.value.errors] == [field]
    assert Event.objects.filter(case=case.case).count() == 1


def test_unsubscribing_twice_says_it_once(jordan: Jordan) -> None:
    case = jordan.submit()
    citizen = jordan.get_citizen(case)
    assert commands.unsubscribe_case(case=case.case, actor=citizen, at=NOON + HOUR)
    assert not commands.unsubscribe_case(case=case.case, actor=citizen, at=NOON + 2 * HOUR)
    assert who(case).tell_by == ContactPreference.NONE
    assert Event.objects.filter(case=case.case).count() == 2


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("079 123 4567", PHONE),
        ("٠٧٩١٢٣٤٥٦٧", PHONE),
        (" samer@EXAMPLE.jo ", EMAIL),
        ("samer", None),
        ("@", None),
        ("", None),
        ("1", None),
    ],
)
def test_a_phone_or_an_address_is_told_by_its_form(typed: str, read: ContactAddress | None) -> None:
    assert parse_contact(typed) == read


def test_a_part_that_an_officer_splits_off_is_reached_as_the_whole_is(jordan: Jordan) -> None:
    case = jordan.submit()
    confirm(jordan, case)
    prefer(jordan, case, ContactPreference.SMS, full=True)
    commands.split_case(
        case=case.case, seen=3, actor=jordan.main, at=NOON + 2 * HOUR, text="والإنارة معطلة أيضًا"
    )
    part = Particulars.objects.select_related("case").exclude(pk=case.case).get()
    assert (part.phone_confirmed, part.tell_by, part.full_by_sms) == (True, "sms", True)
    assert set(references(PHONE)) == {case.reference, part.case.reference}
    assert list(verify_journal()) == []
