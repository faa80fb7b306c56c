"""The morning's e-mail: five lines for those above the work, what waits for everybody else; once, or not at all."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.models import Case
from bekhedmetkom.cases.queries import (
    QueueFilter,
    count_queues,
    get_attention_page,
    get_brief,
    get_case_page,
    list_instructions,
)
from bekhedmetkom.cases.queries.lists.filters import NO_FILTER
from bekhedmetkom.cases.rules import brief
from bekhedmetkom.cases.rules.applicant import Applicant
from bekhedmetkom.catalogue.rules import Disposition, Kind
from bekhedmetkom.entities.models import Holiday
from bekhedmetkom.entities.table_cache import refresh_versions
from bekhedmetkom.identity.commands import take_leave
from bekhedmetkom.identity.models import Officer
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.notifications.commands import save_email_preferences, send_morning_digests
from bekhedmetkom.notifications.models import Message, Morning, Notice
from bekhedmetkom.notifications.rules.inbox import DEFAULT_EMAIL_FREQUENCY, EmailFrequency, InboxCategory
from bekhedmetkom.notifications.senders.smtp import build_email
from tests.commands.notifications.event_helpers import STREET_LAMP_TEXT, run_subscriber
from tests.personas import DAY, HOUR, NOON, Jordan, place_under_minister

SAMA = Applicant(name="سما الخطيب", phone="+962791234567", email="sama@example.jo")
BRIEF = NOON.replace(hour=4, minute=30) + DAY  # Wednesday, 07:30
DAILY = BRIEF + timedelta(minutes=30)


def assigned(jordan: Jordan, at: datetime = NOON) -> UUID:
    return jordan.create_assigned_case(STREET_LAMP_TEXT, at=at, applicant=SAMA).pk


def told() -> dict[str, Message]:
    """The morning's e-mails by whom they were for."""
    rows = Message.objects.filter(template__in=["to_daily", "to_brief"]).select_related("officer")
    return {row.officer.email.split("@")[0]: row for row in rows if row.officer}


@pytest.mark.django_db
def test_leadership_digest_has_five_lines_at_half_past_seven(jordan: Jordan) -> None:
    assigned(jordan)
    assert send_morning_digests(BRIEF - timedelta(minutes=1)) == 0
    send_morning_digests(BRIEF)
    assert set(told()) == {"head", "pm"}  # GAM has no minister: theirs has nothing
    letter = told()["head"]
    assert letter.not_before == BRIEF
    lines = [part for part in letter.body.split("\n\n") if "/desk" in part]
    assert [part.split("\n")[0] for part in lines[:5]] == [
        "وصل أمس وما زال مفتوحًا: طلب واحد", "متأخر عن موعده: لا طلبات", "مرفوع إليك: لا طلبات",
        "اعتراضات قُبلت وعاد طلبها إلى العمل: لا طلبات",
        "ينتظرك اليوم: للاعتماد 0، وتوجيهات تنتظر جوابك 0",
    ]  # fmt: skip


@pytest.mark.django_db
def test_officer_digest_lists_waiting_cases_at_eight(jordan: Jordan) -> None:
    case = Case.objects.get(pk=assigned(jordan))
    send_morning_digests(BRIEF)
    assert "roads_officer" not in told()
    send_morning_digests(DAILY)
    letter = told()["roads_officer"]
    assert "المطلوب مني: طلب واحد\n" in letter.body
    assert "/desk?queue=mine" in letter.body
    for personal in (SAMA.name, SAMA.phone, SAMA.email, "مصباح", case.reference):
        assert personal not in letter.body + letter.subject
    assert "reviewer" not in told()  # nothing waits there
    assert "administrator" not in told()
    assert Morning.objects.filter(message=None).exists()


@pytest.mark.django_db
def test_repeated_or_late_run_sends_one_digest(jordan: Jordan) -> None:
    assigned(jordan)
    first = send_morning_digests(DAILY + 3 * HOUR)  # nothing ran until eleven
    assert first == len(told()) == 3
    for minutes in range(0, 240, 30):
        assert send_morning_digests(DAILY + 3 * HOUR + timedelta(minutes=minutes)) == 0
    assert Message.objects.filter(template__in=["to_daily", "to_brief"]).count() == first


@pytest.mark.django_db
@pytest.mark.parametrize("at", [DAILY + 8 * HOUR, DAILY + 2 * DAY])
def test_no_digest_on_closed_days(jordan: Jordan, at: datetime) -> None:
    assigned(jordan)
    assert send_morning_digests(at) == 0
    assert not Morning.objects.exists()


@pytest.mark.django_db
def test_no_digest_on_a_holiday(jordan: Jordan) -> None:
    assigned(jordan)
    Holiday.objects.create(
        date=DAILY.date(), name_ar="عيد", name_en="Feast", expected=False, decision="بلاغ 1"
    )
    refresh_versions()
    assert send_morning_digests(DAILY) == 0


@pytest.mark.django_db
def test_absent_or_opted_out_officer_gets_no_digest(jordan: Jordan) -> None:
    assigned(jordan)
    today = DAILY.date()
    take_leave(since=today, until=today + 2 * DAY, deputy=None, actor=jordan.roads_officer, at=NOON)
    refresh_versions()
    save_email_preferences(actor=jordan.head, at=NOON, mails=DEFAULT_EMAIL_FREQUENCY, mornings=False)
    send_morning_digests(DAILY)
    assert not {"roads_officer", "head"} & set(told())
    refresh_versions()
    send_morning_digests(DAILY + 4 * DAY)  # back at work on Sunday
    assert "roads_officer" in told()


@pytest.mark.django_db
def test_digest_sends_daily_lines_once_in_the_officers_language(jordan: Jordan) -> None:
    officer = jordan.roads_officer
    Officer.objects.filter(pk=officer.id).update(language="en")
    save_email_preferences(
        actor=officer,
        at=NOON,
        mails={**DEFAULT_EMAIL_FREQUENCY, InboxCategory.ASSIGNED: EmailFrequency.DAILY},
        mornings=True,
    )
    cases = [Case.objects.get(pk=assigned(jordan)) for _ in range(2)]
    run_subscriber()
    assert not Message.objects.filter(officer=officer.officer_id).exists()
    send_morning_digests(DAILY)
    letter = told()["roads_officer"]
    assert letter.subject == "Your work today, Wednesday 25 November"
    assert f"A case is yours: 2 cases ({cases[0].reference}, {cases[1].reference})" in letter.body
    assert "/en/desk?queue=mine" in letter.body
    assert not Notice.objects.filter(officer=officer.officer_id, daily=True).exists()
    send_morning_digests(DAILY + 4 * DAY)
    assert "A case is yours" not in Message.objects.filter(officer=officer.officer_id).latest("pk").body


@pytest.mark.django_db
def test_confidential_case_is_in_no_digest(jordan: Jordan) -> None:
    jordan.submit(STREET_LAMP_TEXT, kind=Kind.VIOLATION)
    send_morning_digests(DAILY)
    assert set(told()) == {"inspector"}  # whose list it stands on
    assert told()["inspector"].template == "to_daily"


@pytest.mark.django_db
def test_failing_digest_does_not_block_others(jordan: Jordan, monkeypatch: pytest.MonkeyPatch) -> None:
    assigned(jordan)

    def fails(_viewer: Actor, _now: datetime) -> dict[str, int]:
        raise RuntimeError

    monkeypatch.setattr("bekhedmetkom.notifications.commands.digests.count_queues", fails)
    send_morning_digests(DAILY)
    assert "roads_officer" not in told()
    assert "head" in told()
    monkeypatch.undo()
    send_morning_digests(DAILY + timedelta(minutes=1))
    assert "roads_officer" in told()


@pytest.mark.django_db
def test_digest_links_to_its_pages(jordan: Jordan) -> None:
    assigned(jordan)
    send_morning_digests(BRIEF)
    letter = build_email(told()["head"], "no-reply@x.jo", "head@x.jo")
    html = str(letter.alternatives[0][0])
    assert '<a href="http' in html
    assert ">متأخر عن موعده: لا طلبات</a>" in html
    assert "queue=overdue" not in html.split(">متأخر")[1].split("</a>")[0]
    assert "متأخر عن موعده: لا طلبات\nhttp" in str(letter.body)


@pytest.mark.django_db
def test_digest_counts_equal_page_counts(jordan: Jordan) -> None:
    place_under_minister(jordan)
    for days in (20, 15, 9, 1):
        assigned(jordan, NOON - days * DAY)
    assigned(jordan)
    commands.sweep_deadlines(NOON + HOUR)
    answered = assigned(jordan)
    citizen = Actor.citizen(Case.objects.get(pk=answered).reference)
    commands.answer_case(
        case=answered,
        seen=2,
        actor=jordan.roads_officer,
        at=NOON,
        text="لا حفرة",
        disposition=Disposition.NOT_UPHELD,
    )
    commands.appeal_case(case=answered, seen=None, reason="بلى", actor=citizen, at=NOON)
    case = Case.objects.get(pk=answered)
    reviewer = next(one for one in jordan.people.values() if one.officer_id == case.reviewer_id)
    commands.decide_appeal(
        case=answered, seen=case.seq, outcome=Disposition.UPHELD, text="الحفرة هناك", actor=reviewer, at=NOON
    )
    jordan.submit(STREET_LAMP_TEXT, kind=Kind.VIOLATION, at=NOON - 20 * DAY)
    at = NOON + DAY
    for viewer in (jordan.head, jordan.minister, jordan.office, jordan.pm):
        figures, pages = get_brief(viewer, at), get_attention_page(viewer, at)

        def listed(queue: str, filters: QueueFilter = NO_FILTER, viewer: Actor = viewer) -> int:
            return len(get_case_page(viewer, queue, at, filters, limit=100).items)

        assert (
            figures.came == listed("entity", QueueFilter(came_from=figures.since, came_to=figures.until)) > 0
        )
        assert figures.late == listed("overdue") == count_queues(viewer, at)["overdue"] > 0
        assert figures.raised == listed("escalated")
        assert figures.upheld == len(pages.cards["upheld"]) == 1
        assert figures.approvals == len(pages.cards["approval"])
        assert figures.asked == sum(one.mine and one.until <= at for one in list_instructions(viewer, at))
        assert len(brief.list_brief_lines(figures)) == 5


def test_concurrent_workers_send_one_digest(committed_jordan: Jordan) -> None:
    assigned(committed_jordan)

    def work(_: int) -> int:
        try:
            return send_morning_digests(DAILY)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        sent = sum(workers.map(work, range(4)))
    assert sent == len(told()) == Message.objects.filter(template__in=["to_daily", "to_brief"]).count() == 3
