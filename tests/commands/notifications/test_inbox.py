"""The bell: what concerns an officer, once for each case and reason; a hundred things are no hundred e-mails."""

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.journal import Change, record
from bekhedmetkom.cases.models import Case, Event
from bekhedmetkom.cases.queries.journal_verification import verify_journal
from bekhedmetkom.cases.rules.states import EventType
from bekhedmetkom.catalogue.rules import Disposition, Kind
from bekhedmetkom.entities.table_cache import refresh_versions
from bekhedmetkom.identity.models import Membership, Officer
from bekhedmetkom.identity.queries import get_actor
from bekhedmetkom.kernel.actor import CLOCK, Actor
from bekhedmetkom.kernel.text import BilingualText
from bekhedmetkom.notifications.commands import (
    delete_old_notices,
    digests,
    mark_case_seen,
    mark_lines_seen,
    save_email_preferences,
    send_grouped_emails,
)
from bekhedmetkom.notifications.models import Choice, Message, Notice
from bekhedmetkom.notifications.queries import (
    InboxLine,
    count_unseen_lines,
    get_email_preferences,
    list_inbox_lines,
    wants_morning_digest,
)
from bekhedmetkom.notifications.rules.inbox import (
    CONFIDENTIAL_TEXT,
    DEFAULT_EMAIL_FREQUENCY,
    INBOX_RETENTION,
    INBOX_TEXTS,
    MAX_EMAILS_PER_HOUR,
    MAX_URGENT_EMAILS_PER_HOUR,
    EmailFrequency,
    InboxCategory,
)
from bekhedmetkom.notifications.rules.templates import Template
from tests.commands.notifications.event_helpers import STREET_LAMP_TEXT, run_subscriber
from tests.personas import DAY, HOUR, NOON, Jordan

pytestmark = pytest.mark.django_db
WIRE = "سلك كهربا مكشوف وواقع على الأرض جنب مدرسة والأطفال بلعبوا حواليه"
LATER = NOON + timedelta(minutes=1)


def rings(officer: Actor, at: datetime = LATER) -> list[tuple[BilingualText, str, bool]]:
    return [(line.text, line.reference, line.is_new) for line in list_inbox_lines(officer, at)]


def mails_to(officer: Actor) -> list[Message]:
    return list(Message.objects.filter(officer=officer.officer_id).order_by("not_before", "pk"))


def says(template: Template) -> BilingualText:
    return INBOX_TEXTS[template].text


def test_event_is_listed_only_for_the_officer_concerned(jordan: Jordan) -> None:
    case = jordan.create_assigned_case(STREET_LAMP_TEXT)
    run_subscriber()
    assert rings(jordan.roads_officer) == [(says(Template.TO_ASSIGNED), case.reference, True)]
    assert count_unseen_lines(jordan.roads_officer, LATER) == 1
    assert rings(jordan.lighting_officer) == rings(jordan.main) == rings(jordan.rival) == []


def test_external_closure_is_listed_for_the_handler(jordan: Jordan) -> None:
    case = jordan.create_assigned_case(STREET_LAMP_TEXT)
    for status in ("open", "closed"):
        said = Change(EventType.SYSTEM_SAID, {"system": 1, "far_status": status})
        record(case=case.pk, seen=None, actor=CLOCK, at=LATER, decide=partial(lambda act, _: act, said))
    run_subscriber()
    lines = [line.text for line in list_inbox_lines(jordan.roads_officer, LATER)]
    assert lines == [says(Template.TO_SYSTEM_SAID), says(Template.TO_ASSIGNED)]


def test_one_line_per_case_and_category_with_latest_event(jordan: Jordan) -> None:
    case = jordan.create_assigned_case(STREET_LAMP_TEXT)
    citizen = jordan.get_citizen(case)
    for minute in range(10):
        commands.add_message(
            case=case.pk, seen=None, actor=citizen, at=NOON + timedelta(minutes=minute), text="متى؟"
        )
    run_subscriber()
    lines = list_inbox_lines(jordan.roads_officer, NOON + HOUR)
    assert [line.text for line in lines] == [says(Template.TO_WROTE), says(Template.TO_ASSIGNED)]
    assert lines[0].at == NOON + timedelta(minutes=9)


def test_seen_line_is_new_again_after_another_event(jordan: Jordan) -> None:
    case = jordan.create_assigned_case(STREET_LAMP_TEXT)
    citizen, officer = jordan.get_citizen(case), jordan.roads_officer
    commands.add_message(case=case.pk, seen=None, actor=citizen, at=NOON, text="متى؟")
    run_subscriber()
    shown = list_inbox_lines(officer, LATER)
    mark_lines_seen(actor=officer, at=LATER, lines={line.id: line.event_id for line in shown})
    assert count_unseen_lines(officer, LATER) == 0
    last = Event.objects.latest("pk").pk
    commands.add_message(case=case.pk, seen=None, actor=citizen, at=LATER, text="والآن؟")
    run_subscriber(last)
    assert [line.is_new for line in list_inbox_lines(officer, LATER)] == [True, False]
    mark_lines_seen(
        actor=officer, at=LATER, lines={line.id: line.event_id for line in shown}
    )  # a page that was drawn before
    assert count_unseen_lines(officer, LATER) == 1
    mark_case_seen(actor=jordan.main, at=LATER, case=case.pk)  # somebody else's look
    assert count_unseen_lines(officer, LATER) == 1
    mark_case_seen(actor=officer, at=LATER, case=case.pk)
    assert count_unseen_lines(officer, LATER) == 0


def test_undone_event_is_not_listed(jordan: Jordan) -> None:
    case = jordan.create_assigned_case(STREET_LAMP_TEXT).pk
    run_subscriber()
    assert rings(jordan.roads_officer, NOON) == []  # it could still be taken back
    commands.undo_action(case=case, seen=2, actor=jordan.main, at=NOON + timedelta(seconds=5))
    run_subscriber()
    assert rings(jordan.roads_officer) == []


def test_line_is_hidden_after_losing_access(jordan: Jordan) -> None:
    case = jordan.create_assigned_case(STREET_LAMP_TEXT).pk
    run_subscriber()
    commands.recuse_officer(case=case, seen=2, actor=jordan.roads_officer, at=LATER, reason="قريبي")
    assert rings(jordan.roads_officer) == []
    assert count_unseen_lines(jordan.roads_officer, LATER) == 0


def asked_of_lighting(jordan: Jordan, case: UUID, at: datetime = NOON) -> None:
    commands.create_task(
        case=case, seen=Case.objects.get(pk=case).seq, actor=jordan.roads_officer, at=at, unit=jordan.lighting,
        text="متى انطفأ العمود؟", until=NOON + DAY,
    )  # fmt: skip


def test_task_is_listed_for_unit_until_cancelled(jordan: Jordan) -> None:
    case = jordan.create_assigned_case(STREET_LAMP_TEXT)
    asked_of_lighting(jordan, case.pk)
    run_subscriber()
    assert rings(jordan.lighting_officer) == [(says(Template.TO_TASK), case.reference, True)]
    assert count_unseen_lines(jordan.lighting_officer, LATER) == 1
    commands.cancel_task(case=case.pk, seen=3, actor=jordan.roads_officer, at=LATER, reason="عرفنا")
    assert rings(jordan.lighting_officer) == []
    assert count_unseen_lines(jordan.lighting_officer, LATER) == 0


def test_many_tasks_for_unit_are_grouped_in_one_email(jordan: Jordan) -> None:
    for number in range(MAX_EMAILS_PER_HOUR + 2):
        case = jordan.create_assigned_case(STREET_LAMP_TEXT, at=NOON + timedelta(seconds=number))
        asked_of_lighting(jordan, case.pk, NOON + timedelta(minutes=1))
    run_subscriber()
    assert len(mails_to(jordan.lighting_officer)) == MAX_EMAILS_PER_HOUR
    send_grouped_emails(NOON + 2 * HOUR)
    gathered = mails_to(jordan.lighting_officer)[MAX_EMAILS_PER_HOUR:]
    assert [mail.template for mail in gathered] == [Template.TO_GATHERED]


def test_confidential_case_is_listed_without_details(jordan: Jordan) -> None:
    case = jordan.create_case(STREET_LAMP_TEXT, kind=Kind.VIOLATION)
    commands.assign_case(
        case=case.pk, seen=1, actor=jordan.inspector, at=NOON, unit=jordan.roads,
        officer=jordan.roads_officer.officer_id,
    )  # fmt: skip
    run_subscriber()
    assert rings(jordan.roads_officer) == [(CONFIDENTIAL_TEXT, case.reference, True)]
    (mail,) = mails_to(jordan.roads_officer)
    assert mail.template == Template.TO_DISCREET
    assert case.reference not in mail.subject
    for officer in (jordan.main, jordan.manager, jordan.head, jordan.pm):
        assert rings(officer) == []


def test_case_follower_is_notified_once(jordan: Jordan) -> None:
    case = jordan.create_assigned_case(STREET_LAMP_TEXT)
    commands.follow_case(case=case.pk, seen=2, actor=jordan.manager, at=NOON)
    commands.follow_case(case=case.pk, seen=2, actor=jordan.roads_officer, at=NOON)
    commands.add_message(case=case.pk, seen=None, actor=jordan.get_citizen(case), at=LATER, text="متى؟")
    run_subscriber()
    assert rings(jordan.manager) == [(says(Template.TO_FOLLOWED), case.reference, True)]
    assert mails_to(jordan.manager) == []  # in the morning's
    assert [line[0] for line in rings(jordan.roads_officer)] == [
        says(Template.TO_WROTE),
        says(Template.TO_ASSIGNED),
    ]


def test_email_follows_officer_preferences(jordan: Jordan) -> None:
    officer = jordan.roads_officer
    mails = {
        **DEFAULT_EMAIL_FREQUENCY,
        InboxCategory.ASSIGNED: EmailFrequency.NEVER,
        InboxCategory.CITIZEN: EmailFrequency.DAILY,
    }
    save_email_preferences(actor=officer, at=NOON, mails=mails, mornings=False)
    assert get_email_preferences(officer.officer_id or 0) == mails
    assert not wants_morning_digest(officer.officer_id or 0)
    case = jordan.create_assigned_case(STREET_LAMP_TEXT)
    commands.add_message(case=case.pk, seen=None, actor=jordan.get_citizen(case), at=NOON, text="متى؟")
    run_subscriber()
    assert len(rings(officer)) == 2
    assert mails_to(officer) == []
    assert list(Notice.objects.filter(daily=True).values_list("sort", flat=True)) == [InboxCategory.CITIZEN]
    before = Event.objects.latest("pk").pk
    urgent = jordan.create_case(WIRE)
    commands.assign_case(
        case=urgent.pk, seen=1, actor=jordan.main, at=NOON, unit=jordan.roads, officer=officer.officer_id
    )
    run_subscriber(before)
    assert [mail.template for mail in mails_to(officer)] == [Template.TO_ASSIGNED]  # whatever was chosen


def test_hundred_events_per_hour_make_few_emails(jordan: Jordan) -> None:
    officer = jordan.roads_officer
    for number in range(100):
        jordan.create_assigned_case(STREET_LAMP_TEXT, at=NOON + timedelta(seconds=30 * number))
    run_subscriber()
    assert count_unseen_lines(officer, NOON + HOUR) == 100
    at_once = mails_to(officer)
    assert len(at_once) == MAX_EMAILS_PER_HOUR
    sent = 0
    for minute in range(4 * 60):  # as the worker asks
        sent += send_grouped_emails(NOON + timedelta(minutes=minute))
    assert sent <= 2
    gathered = mails_to(officer)[MAX_EMAILS_PER_HOUR:]
    told = sum(int(mail.body.split("طلب صار عندك: ")[1].split()[0]) for mail in gathered)
    assert told == 100 - MAX_EMAILS_PER_HOUR
    assert {mail.template for mail in gathered} == {Template.TO_GATHERED}


def test_query_count_is_independent_of_batch_size(jordan: Jordan) -> None:
    """It must end within the five seconds of a transaction, however many hear of it."""
    asked = []
    for cases in (3, 40):
        before = Event.objects.order_by("pk").last()
        for number in range(cases):
            at = NOON + timedelta(seconds=number)
            case = jordan.create_assigned_case(STREET_LAMP_TEXT, at=at).pk
            commands.follow_case(case=case, seen=2, actor=jordan.manager, at=at)
            commands.give_instruction(
                case=case, seen=2, actor=jordan.manager, at=at, text="متى يُصلح؟", until=NOON + DAY
            )
            commands.report_on_instruction(
                case=case, seen=3, actor=jordan.roads_officer, at=at, text="تُصلح غدًا صباحًا."
            )
        with CaptureQueriesContext(connection) as queries:
            run_subscriber(before.pk if before else 0)
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_overnight_deadlines_do_not_flood_the_morning(jordan: Jordan) -> None:
    """What time does at night waits for eight o'clock, and is counted there."""
    for number in range(20):
        jordan.create_assigned_case(STREET_LAMP_TEXT, at=NOON - timedelta(days=2, minutes=number))
    commands.sweep_deadlines(NOON + 40 * DAY)
    run_subscriber()
    for officer in Officer.objects.all():
        when = list(Message.objects.filter(officer=officer).values_list("not_before", flat=True))
        for one in when:
            assert sum(one - HOUR < other <= one for other in when) <= MAX_EMAILS_PER_HOUR


def test_urgent_emails_are_immediate_but_limited(jordan: Jordan) -> None:
    for number in range(MAX_URGENT_EMAILS_PER_HOUR + 10):
        jordan.submit(
            "سلك كهربا مكشوف وواقع على الأرض جنب مدرسة والأطفال بلعبوا حواليه",
            at=NOON + timedelta(seconds=number),
        )
    run_subscriber()
    assert len(mails_to(jordan.duty)) == MAX_URGENT_EMAILS_PER_HOUR
    assert send_grouped_emails(NOON + timedelta(minutes=11)) == 1
    assert send_grouped_emails(NOON + timedelta(minutes=11)) == 0


def test_failing_email_does_not_block_other_officers(jordan: Jordan, monkeypatch: pytest.MonkeyPatch) -> None:
    spoiled, other = sorted(int(who.id) for who in (jordan.lighting_officer, jordan.roads_officer))
    Membership.objects.filter(officer=jordan.lighting_officer.officer_id).update(unit=jordan.roads)
    refresh_versions()
    for officer in (spoiled, other):
        Notice.objects.create(
            officer_id=officer,
            case_id=jordan.create_assigned_case(STREET_LAMP_TEXT).pk,
            sort=InboxCategory.ASSIGNED,
            template=Template.TO_ASSIGNED,
            event=Event.objects.latest("pk"),
            at=NOON,
            mail_at=NOON,
        )

    def breaks_at_the_first(officer: Officer, at: datetime) -> Actor:
        if officer.pk == spoiled:
            raise RuntimeError("spoilt")
        return get_actor(officer, at)

    with monkeypatch.context() as spoiling:
        spoiling.setattr(digests, "get_actor", breaks_at_the_first)
        assert send_grouped_emails(LATER) == 1
    assert Message.objects.get().officer_id == other
    assert send_grouped_emails(LATER) == 1  # at the next minute


def test_seen_line_is_not_in_grouped_email(jordan: Jordan) -> None:
    for number in range(MAX_EMAILS_PER_HOUR + 3):
        jordan.create_assigned_case(STREET_LAMP_TEXT, at=NOON + timedelta(seconds=number))
    run_subscriber()
    lines: list[InboxLine] = list_inbox_lines(jordan.roads_officer, LATER)
    mark_lines_seen(actor=jordan.roads_officer, at=LATER, lines={line.id: line.event_id for line in lines})
    assert send_grouped_emails(NOON + 2 * HOUR) == 0


def test_lines_are_deleted_after_retention(jordan: Jordan) -> None:
    jordan.create_assigned_case(STREET_LAMP_TEXT)
    run_subscriber()
    assert rings(jordan.roads_officer, NOON + INBOX_RETENTION + HOUR) == []
    delete_old_notices(NOON + INBOX_RETENTION - HOUR)
    assert Notice.objects.count() == 1
    delete_old_notices(NOON + INBOX_RETENTION + HOUR)
    assert Notice.objects.count() == 0


def test_replay_creates_no_duplicate_line(jordan: Jordan) -> None:
    case = jordan.create_assigned_case(STREET_LAMP_TEXT)
    commands.answer_case(
        case=case.pk, seen=2, actor=jordan.roads_officer, at=NOON, text="أُصلح المصباح مساء أمس",
        disposition=Disposition.UPHELD,
    )  # fmt: skip
    run_subscriber()
    mark_case_seen(actor=jordan.roads_officer, at=LATER, case=case.pk)
    before = list(Notice.objects.order_by("pk").values())
    run_subscriber()
    assert list(Notice.objects.order_by("pk").values()) == before
    assert [*verify_journal()] == []


def test_preference_change_is_recorded_once(jordan: Jordan) -> None:
    for _ in range(2):
        save_email_preferences(actor=jordan.main, at=NOON, mails=DEFAULT_EMAIL_FREQUENCY, mornings=True)
    assert Choice.objects.count() == len(InboxCategory) + 1
