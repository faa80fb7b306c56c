"""Reports of months: made once for good by whoever sees everything, like the page, and told by mail exactly once."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from bekhedmetkom.cases import commands as cases
from bekhedmetkom.cases.feed import advance
from bekhedmetkom.catalogue.rules import Disposition
from bekhedmetkom.identity.models import Membership
from bekhedmetkom.insight.commands import reporting
from bekhedmetkom.insight.commands.reporting import mail_reports, make_reports, subscribe, unsubscribe
from bekhedmetkom.insight.follower import InsightFollower
from bekhedmetkom.insight.queries.board import board
from bekhedmetkom.insight.queries.indicators import figures
from bekhedmetkom.insight.queries.reports import kept_report, months, report_now, slice_of
from bekhedmetkom.insight.reported import MonthReport, ReportMail
from bekhedmetkom.insight.rules.slices import Slice
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import AMMAN
from bekhedmetkom.kernel.errors import NotAllowed
from bekhedmetkom.messages.models import Message
from tests.personas import DAY, HOUR, NOON, Jordan, jordan

__all__ = ["jordan"]

pytestmark = pytest.mark.django_db

OCTOBER = date(2026, 10, 1)
IN_OCTOBER = NOON - 40 * DAY
FIRST = datetime(2026, 11, 1, 7, 30, tzinfo=AMMAN)  # a Sunday


def told() -> None:
    while advance(InsightFollower(), horizon=2**62):
        pass


@pytest.fixture
def october(jordan: Jordan) -> Jordan:
    """A few cases of October: one answered, one late and open, one late that is kept with care, one promised thing."""
    place = jordan.governorates["GOV-AM"]
    jordan.submit(at=IN_OCTOBER, governorate=place)
    answered = jordan.submit(at=IN_OCTOBER)
    cases.answer(
        case=answered.case, seen=1, text="أُصلحت الحفرة أمس.", disposition=Disposition.UPHELD, actor=jordan.main,
        at=IN_OCTOBER + DAY,
    )  # fmt: skip
    promised = jordan.in_hand(at=IN_OCTOBER)
    cases.commit(
        case=promised.pk, seen=promised.seq, actor=jordan.roads_officer, at=IN_OCTOBER + HOUR,
        text="نعبّد الشارع.", until=IN_OCTOBER + 5 * DAY,
    )  # fmt: skip
    cases.sweep(NOON)
    told()
    return jordan


def test_it_is_the_board_of_the_page_and_its_lines_are_those_of_each_body(october: Jordan) -> None:
    at = NOON
    report = report_now(None, OCTOBER, at)
    assert report.board == board(Slice(OCTOBER, date(2026, 10, 31)), at)
    overdue = report.board.figures["overdue"].now.n
    assert sum(line.late for line in report.beside.lines) == overdue > 0
    assert sum(line.received for line in report.beside.lines) == report.board.figures["received"].now.value
    gam = october.entities["GAM"]
    own = report_now(gam, OCTOBER, at)
    (line,) = own.beside.lines
    of_page = figures(slice_of(gam, OCTOBER))
    assert line.received == of_page["received"].value
    assert (line.on_time, line.solved, line.upheld) == (
        of_page["on_time"],
        of_page["solved"],
        of_page["upheld"],
    )
    assert (line.waiting, line.late) == (of_page["open"].value, of_page["overdue"].value)
    assert line in report.beside.lines


def test_cases_are_named_by_reference_and_topic_and_only_those_that_are_openly_kept(october: Jordan) -> None:
    before = report_now(None, OCTOBER, NOON)
    assert before.beside.owed
    assert len(before.beside.broken) == 1
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = 'replica'")
        cursor.execute("""UPDATE "case" SET care = 'inspection', withheld = true""")
        cursor.execute("SET LOCAL session_replication_role = 'origin'")
    after = report_now(None, OCTOBER, NOON)
    assert (after.beside.owed, after.beside.broken) == ([], [])
    assert after.board.figures["overdue"] == before.board.figures["overdue"]


def test_it_is_made_once_when_the_month_is_over_and_read_and_never_changes(october: Jordan) -> None:
    assert make_reports(NOON, most=1) == 1  # the Cabinet's first
    made = make_reports(NOON)
    assert made >= 1
    assert make_reports(NOON) == 0
    kept = kept_report(None, OCTOBER)
    assert kept is not None
    assert kept.report == report_now(None, OCTOBER, NOON)
    october.submit(at=IN_OCTOBER)
    told()
    assert kept_report(None, OCTOBER) == kept
    assert (OCTOBER, NOON) in months(None, NOON.date())
    with pytest.raises(DatabaseError), transaction.atomic():
        MonthReport.objects.update(content="{}")
    with pytest.raises(DatabaseError), transaction.atomic():
        MonthReport.objects.all().delete()


def test_no_report_before_the_roll_ups_have_read_to_the_months_end(october: Jordan) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = 'replica'")
        cursor.execute("UPDATE event SET recorded_at = at")
        cursor.execute("UPDATE follower SET epoch = 0, xid = 0, event = 0 WHERE name = 'insight'")
        cursor.execute("SET LOCAL session_replication_role = 'origin'")
    assert make_reports(NOON) == 0
    told()
    assert make_reports(NOON) > 0


def mails(to: Actor) -> list[Message]:
    return list(Message.objects.filter(template="to_reports", officer=to.officer_id).order_by("pk"))


def test_the_mail_comes_once_on_the_first_working_day_and_holds_no_figure(october: Jordan) -> None:
    subscribe(entity=None, actor=october.pm, at=FIRST - DAY)
    subscribe(entity=october.entities["GAM"], actor=october.head, at=FIRST - DAY)
    subscribe(
        entity=october.entities["GAM"], actor=october.manager, at=FIRST + HOUR
    )  # from the next month on
    assert mail_reports(FIRST) == 0  # nothing is made yet
    make_reports(FIRST - 6 * HOUR)
    assert mail_reports(FIRST - timedelta(minutes=1)) == 0
    assert mail_reports(FIRST) == 2
    assert mail_reports(FIRST) == mail_reports(FIRST + DAY) == 0
    (mail,) = mails(october.pm)
    assert "/dashboard/reports/2026-10/cabinet" in mail.body
    assert mail.not_before == FIRST
    text = mail.body.replace("2026", "").replace("/dashboard/reports/-10/cabinet", "")
    assert not any(letter.isdigit() for letter in text.split("\n\n")[1].split("\n")[0])
    assert "2026-10/GAM" in mails(october.head)[0].body
    assert mails(october.manager) == []


def test_killed_between_it_goes_later_and_once(october: Jordan, monkeypatch: pytest.MonkeyPatch) -> None:
    subscribe(entity=None, actor=october.pm, at=FIRST - DAY)
    make_reports(FIRST - 6 * HOUR)
    with monkeypatch.context() as broken:

        def dies(*_: object) -> None:
            raise RuntimeError

        broken.setattr(reporting, "tell_lines", dies)
        assert mail_reports(FIRST) == 0
    assert not ReportMail.objects.exists()
    assert mail_reports(FIRST + HOUR) == 1
    assert len(mails(october.pm)) == 1


def test_who_stopped_it_or_watches_no_more_gets_none(october: Jordan) -> None:
    gam = october.entities["GAM"]
    subscribe(entity=None, actor=october.pm, at=FIRST - DAY)
    subscribe(entity=gam, actor=october.head, at=FIRST - DAY)
    subscribe(entity=gam, actor=october.head, at=FIRST - DAY)
    with pytest.raises(NotAllowed):
        subscribe(entity=None, actor=october.head, at=FIRST - DAY)
    make_reports(FIRST - 6 * HOUR)
    unsubscribe(entity=None, actor=october.pm)
    Membership.objects.filter(officer=october.head.officer_id).delete()
    assert mail_reports(FIRST) == 0
    assert Message.objects.filter(template="to_reports").count() == 0
