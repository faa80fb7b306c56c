"""Reports of months: made once for good by whoever sees everything, like the page, and told by mail exactly once."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from bekhedmetkom.analytics.commands import reports
from bekhedmetkom.analytics.commands.reports import (
    make_reports,
    send_report_emails,
    subscribe_to_report,
    unsubscribe_from_report,
)
from bekhedmetkom.analytics.projection import AnalyticsProjection
from bekhedmetkom.analytics.queries.dashboard import get_dashboard
from bekhedmetkom.analytics.queries.indicators import get_indicator_values
from bekhedmetkom.analytics.queries.reports import build_report, build_slice, get_stored_report, list_months
from bekhedmetkom.analytics.rules.slices import Slice
from bekhedmetkom.analytics.storage import MonthReport, ReportEmail
from bekhedmetkom.cases import commands as cases
from bekhedmetkom.cases.feed import advance_consumer
from bekhedmetkom.catalogue.rules import Disposition
from bekhedmetkom.identity.models import Membership
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import AMMAN
from bekhedmetkom.kernel.errors import NotAllowed
from bekhedmetkom.notifications.models import Message
from tests.personas import DAY, HOUR, NOON, Jordan, jordan

__all__ = ["jordan"]

pytestmark = pytest.mark.django_db

OCTOBER = date(2026, 10, 1)
IN_OCTOBER = NOON - 40 * DAY
FIRST_WORKING_MORNING = datetime(2026, 11, 1, 7, 30, tzinfo=AMMAN)  # a Sunday


def run_projection() -> None:
    while advance_consumer(AnalyticsProjection(), horizon=2**62):
        pass


@pytest.fixture
def october(jordan: Jordan) -> Jordan:
    """A few cases of October: one answered, one late and open, one late that is kept with care, one promised thing."""
    place = jordan.governorates["GOV-AM"]
    jordan.submit(at=IN_OCTOBER, governorate=place)
    answered = jordan.submit(at=IN_OCTOBER)
    cases.answer_case(
        case=answered.case, seen=1, text="أُصلحت الحفرة أمس.", disposition=Disposition.UPHELD, actor=jordan.main,
        at=IN_OCTOBER + DAY,
    )  # fmt: skip
    promised = jordan.create_assigned_case(at=IN_OCTOBER)
    cases.make_commitment(
        case=promised.pk, seen=promised.seq, actor=jordan.roads_officer, at=IN_OCTOBER + HOUR,
        text="نعبّد الشارع.", until=IN_OCTOBER + 5 * DAY,
    )  # fmt: skip
    cases.sweep_deadlines(NOON)
    run_projection()
    return jordan


def test_it_is_the_board_of_the_page_and_its_lines_are_those_of_each_body(october: Jordan) -> None:
    at = NOON
    report = build_report(None, OCTOBER, at)
    assert report.dashboard == get_dashboard(Slice(OCTOBER, date(2026, 10, 31)), at)
    overdue = report.dashboard.figures["overdue"].current.observations
    assert sum(line.late for line in report.details.lines) == overdue > 0
    assert (
        sum(line.received for line in report.details.lines)
        == report.dashboard.figures["received"].current.value
    )
    gam = october.entities["GAM"]
    own = build_report(gam, OCTOBER, at)
    (line,) = own.details.lines
    of_page = get_indicator_values(build_slice(gam, OCTOBER))
    assert line.received == of_page["received"].value
    assert (line.on_time, line.solved, line.upheld) == (
        of_page["on_time"],
        of_page["solved"],
        of_page["upheld"],
    )
    assert (line.waiting, line.late) == (of_page["open"].value, of_page["overdue"].value)
    assert line in report.details.lines


def test_cases_are_named_by_reference_and_topic_and_only_those_that_are_openly_kept(october: Jordan) -> None:
    before = build_report(None, OCTOBER, NOON)
    assert before.details.overdue_cases
    assert len(before.details.broken_promises) == 1
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = 'replica'")
        cursor.execute("""UPDATE "case" SET care = 'inspection', withheld = true""")
        cursor.execute("SET LOCAL session_replication_role = 'origin'")
    after = build_report(None, OCTOBER, NOON)
    assert (after.details.overdue_cases, after.details.broken_promises) == ([], [])
    assert after.dashboard.figures["overdue"] == before.dashboard.figures["overdue"]


def test_it_is_made_once_when_the_month_is_over_and_read_and_never_changes(october: Jordan) -> None:
    assert make_reports(NOON, most=1) == 1  # the Cabinet's first
    made = make_reports(NOON)
    assert made >= 1
    assert make_reports(NOON) == 0
    kept = get_stored_report(None, OCTOBER)
    assert kept is not None
    assert kept.report == build_report(None, OCTOBER, NOON)
    october.submit(at=IN_OCTOBER)
    run_projection()
    assert get_stored_report(None, OCTOBER) == kept
    assert (OCTOBER, NOON) in list_months(None, NOON.date())
    with pytest.raises(DatabaseError), transaction.atomic():
        MonthReport.objects.update(content="{}")
    with pytest.raises(DatabaseError), transaction.atomic():
        MonthReport.objects.all().delete()


def test_no_report_before_the_roll_ups_have_read_to_the_months_end(october: Jordan) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = 'replica'")
        cursor.execute("UPDATE event SET recorded_at = at")
        cursor.execute("UPDATE follower SET epoch = 0, xid = 0, event = 0 WHERE name = 'analytics'")
        cursor.execute("SET LOCAL session_replication_role = 'origin'")
    assert make_reports(NOON) == 0
    run_projection()
    assert make_reports(NOON) > 0


def list_emails(to: Actor) -> list[Message]:
    return list(Message.objects.filter(template="to_reports", officer=to.officer_id).order_by("pk"))


def test_the_mail_comes_once_on_the_first_working_day_and_holds_no_figure(october: Jordan) -> None:
    subscribe_to_report(entity=None, actor=october.pm, at=FIRST_WORKING_MORNING - DAY)
    subscribe_to_report(entity=october.entities["GAM"], actor=october.head, at=FIRST_WORKING_MORNING - DAY)
    subscribe_to_report(
        entity=october.entities["GAM"], actor=october.manager, at=FIRST_WORKING_MORNING + HOUR
    )  # from the next month on
    assert send_report_emails(FIRST_WORKING_MORNING) == 0  # nothing is made yet
    make_reports(FIRST_WORKING_MORNING - 6 * HOUR)
    assert send_report_emails(FIRST_WORKING_MORNING - timedelta(minutes=1)) == 0
    assert send_report_emails(FIRST_WORKING_MORNING) == 2
    assert send_report_emails(FIRST_WORKING_MORNING) == send_report_emails(FIRST_WORKING_MORNING + DAY) == 0
    (mail,) = list_emails(october.pm)
    assert "/dashboard/reports/2026-10/cabinet" in mail.body
    assert mail.not_before == FIRST_WORKING_MORNING
    text = mail.body.replace("2026", "").replace("/dashboard/reports/-10/cabinet", "")
    assert not any(letter.isdigit() for letter in text.split("\n\n")[1].split("\n")[0])
    assert "2026-10/GAM" in list_emails(october.head)[0].body
    assert list_emails(october.manager) == []


def test_killed_between_it_goes_later_and_once(october: Jordan, monkeypatch: pytest.MonkeyPatch) -> None:
    subscribe_to_report(entity=None, actor=october.pm, at=FIRST_WORKING_MORNING - DAY)
    make_reports(FIRST_WORKING_MORNING - 6 * HOUR)
    with monkeypatch.context() as broken:

        def dies(*_: object) -> None:
            raise RuntimeError

        broken.setattr(reports, "send_list_email", dies)
        assert send_report_emails(FIRST_WORKING_MORNING) == 0
    assert not ReportEmail.objects.exists()
    assert send_report_emails(FIRST_WORKING_MORNING + HOUR) == 1
    assert len(list_emails(october.pm)) == 1


def test_who_stopped_it_or_watches_no_more_gets_none(october: Jordan) -> None:
    gam = october.entities["GAM"]
    subscribe_to_report(entity=None, actor=october.pm, at=FIRST_WORKING_MORNING - DAY)
    subscribe_to_report(entity=gam, actor=october.head, at=FIRST_WORKING_MORNING - DAY)
    subscribe_to_report(entity=gam, actor=october.head, at=FIRST_WORKING_MORNING - DAY)
    with pytest.raises(NotAllowed):
        subscribe_to_report(entity=None, actor=october.head, at=FIRST_WORKING_MORNING - DAY)
    make_reports(FIRST_WORKING_MORNING - 6 * HOUR)
    unsubscribe_from_report(entity=None, actor=october.pm)
    Membership.objects.filter(officer=october.head.officer_id).delete()
    assert send_report_emails(FIRST_WORKING_MORNING) == 0
    assert Message.objects.filter(template="to_reports").count() == 0
