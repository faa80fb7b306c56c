"""What its citizen erases is gone from every table; what happened, and that it happened, can still be verified."""

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from bekhedmetkom.attachments.commands import delete_expired_uploads
from bekhedmetkom.cases import commands
from bekhedmetkom.cases.models import Case, Event, Idempotency
from bekhedmetkom.cases.projection import SearchProjection
from bekhedmetkom.cases.queries import find_desk_case, get_case_for_citizen, verify_journal
from bekhedmetkom.cases.rules.applicant import parse_applicant
from bekhedmetkom.cases.rules.contact import ContactAddress, ContactPreference, ContactType
from bekhedmetkom.cases.rules.states import State
from bekhedmetkom.cases.rules.transitions import NotPossibleNow
from bekhedmetkom.kernel.errors import NotAllowed
from bekhedmetkom.notifications.subscriber import NotificationSubscriber
from tests.commands.notifications.event_helpers import build_fed_event
from tests.factories import create_upload
from tests.personas import DAY, HOUR, NOON, Jordan

from .case_stages import create_answered_case, create_appealed_case, create_assigned_case, get_state

CANARY = "زمردة"
STEM = "زمرد'"  # as the search keeps it
PHONE, MAIL = "+962790000077", "zumurruda@example.jo"


def follow() -> None:
    events = [build_fed_event(event) for event in Event.objects.order_by("id")]
    NotificationSubscriber().handle_events(events)
    SearchProjection().handle_events(events)


def found_in(canary: str) -> list[str]:
    """Every table with a row that holds it."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        found = []
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', [f"%{canary}%"])
            if cursor.fetchone()[0]:
                found.append(table)
    return found


def told(jordan: Jordan) -> Case:
    """A case with a word of its citizen's in every place that takes one."""
    applicant, errors = parse_applicant(name=CANARY, phone=PHONE, email=MAIL)
    assert not errors
    case = jordan.create_case(
        f"حفرة عند بيت {CANARY}", title=f"حفرة {CANARY}", applicant=applicant, address=f"شارع {CANARY}",
        about_employee=f"{CANARY} حسن", uploads=(create_upload(name=f"{CANARY}.jpg"),),
    )  # fmt: skip
    follow()
    seq = commands.assign_case(case=case.pk, seen=1, unit=jordan.roads, actor=jordan.main, at=NOON + HOUR)
    commands.add_note(case=case.pk, seen=seq, text=f"كلّم {CANARY}", actor=jordan.main, at=NOON + HOUR)
    commands.add_message(
        case=case.pk, seen=None, text=f"أنا {CANARY}", actor=jordan.get_citizen(case), at=NOON + HOUR
    )
    case.refresh_from_db()
    commands.save_reply_draft(
        case=case.pk, text=f"السيدة {CANARY}", actor=jordan.roads_officer, at=NOON + HOUR
    )
    follow()
    return case


def test_nothing_that_was_written_is_left_in_any_table(jordan: Jordan) -> None:
    case = told(jordan)
    assert {"case_text", "case_particulars", "case_attachment", "case_draft"} <= set(found_in(CANARY))
    assert found_in(STEM) == ["case_search"]
    assert found_in(PHONE)
    commands.erase_case(case=case.pk, seen=None, actor=jordan.get_citizen(case), at=NOON + 2 * HOUR)
    follow()
    assert [found_in(word) for word in (CANARY, STEM, PHONE, MAIL)] == [[], [], [], []]
    assert delete_expired_uploads(NOON + 2 * HOUR) == 1
    assert list(verify_journal()) == []
    assert [bytes(row.body_hash) for row in Idempotency.objects.filter(case=case.pk)] == [b""]


def test_a_page_is_left_that_says_so(jordan: Jordan) -> None:
    case = told(jordan)
    commands.erase_case(case=case.pk, seen=None, actor=jordan.get_citizen(case), at=NOON + 2 * HOUR)
    theirs = get_case_for_citizen(case.pk, NOON + DAY)
    assert (theirs.text, theirs.files, theirs.timeline[0].happened) == ("", [], "citizen.erased")
    seen = find_desk_case(jordan.main, case.reference, NOON + DAY)
    assert seen
    assert (seen.text, list(seen.notes[0].texts), seen.can) == ("", [], [])
    assert "why" not in Event.objects.get(kind="citizen.erased").data


def merged(jordan: Jordan) -> Case:
    """An officer has joined it to another of the same citizen."""
    case, kept = jordan.create_case(), jordan.create_case()
    commands.merge_case(case=case.pk, seen=1, into=kept.reference, actor=jordan.main, at=NOON + HOUR)
    return case


@pytest.mark.parametrize("until", [create_assigned_case, create_answered_case, create_appealed_case, merged])
def test_at_any_time_after_which_nobody_can_do_anything_more(jordan: Jordan, until: object) -> None:
    assert callable(until)
    case = until(jordan)
    commands.erase_case(case=case.pk, seen=None, actor=jordan.get_citizen(case), at=NOON + 3 * DAY)
    assert get_state(case) is (State.MERGED if until is merged else State.WITHDRAWN)
    with pytest.raises(NotPossibleNow):
        commands.add_message(
            case=case.pk, seen=None, text="معلومة", actor=jordan.get_citizen(case), at=NOON + 4 * DAY
        )
    assert list(verify_journal()) == []


def test_a_window_that_is_still_open_keeps_no_word_any_more(jordan: Jordan) -> None:
    case = told(jordan)
    commands.erase_case(case=case.pk, seen=None, actor=jordan.get_citizen(case), at=NOON + 2 * HOUR)
    for place in ("draft", "note", "task"):
        with pytest.raises(NotPossibleNow):
            commands.store_draft(
                case=case.pk,
                text=f"السيدة {CANARY}",
                place=place,
                actor=jordan.roads_officer,
                at=NOON + 3 * HOUR,
            )
    assert found_in(CANARY) == []


def test_nobody_else_erases(jordan: Jordan) -> None:
    case, other = jordan.create_case(), jordan.create_case()
    for somebody in (jordan.main, jordan.get_citizen(other)):
        with pytest.raises(NotAllowed):
            commands.erase_case(case=case.pk, seen=None, actor=somebody, at=NOON + HOUR)


def test_the_database_erases_nothing_without_the_event(jordan: Jordan) -> None:
    case = jordan.create_case()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT erase_words(%s)", [case.pk])


def test_words_that_come_back_are_found_by_the_journal(jordan: Jordan) -> None:
    case = jordan.create_case()
    commands.erase_case(case=case.pk, seen=None, actor=jordan.get_citizen(case), at=NOON + HOUR)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO case_text (case_id, seq, field, body, salt) VALUES (%s, 1, 'text', 'كلام', '\\x00')",
            [case.pk],
        )
        cursor.execute("UPDATE case_particulars SET name = 'اسم' WHERE case_id = %s", [case.pk])
    assert {fault.what for fault in verify_journal()} == {
        "texts that no event knows: text", "particulars that were erased",
    }  # fmt: skip


def test_no_contact_is_written_into_what_was_erased(jordan: Jordan) -> None:
    case, at = told(jordan), NOON + 3 * HOUR
    citizen = jordan.get_citizen(case)
    commands.erase_case(case=case.pk, seen=None, actor=citizen, at=NOON + 2 * HOUR)
    with pytest.raises(NotPossibleNow):
        commands.confirm_contact(
            case=case.pk, actor=citizen, at=at, known=ContactAddress(ContactType.PHONE, PHONE)
        )
    with pytest.raises(NotPossibleNow):
        commands.set_contact_preference(
            case=case.pk, actor=citizen, at=at, tell_by=ContactPreference.NONE, full_by_sms=False
        )
    assert not commands.unsubscribe_case(case=case.pk, actor=citizen, at=at)
    assert found_in(PHONE) == []
    assert list(verify_journal()) == []
