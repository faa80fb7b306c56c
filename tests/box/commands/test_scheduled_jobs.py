"""Scheduled jobs: deadlines, emails, erasure, counts; each runs once per period."""

import json
from datetime import date, datetime, timedelta
from email import message_from_bytes
from email.header import decode_header

import pytest
from django.test import Client

from bekhedmetkom.disclosures import commands, outer_keys, part_storage
from bekhedmetkom.disclosures.installation import Installation
from bekhedmetkom.disclosures.models import Piece, Report
from bekhedmetkom.disclosures.reports import list_reports
from bekhedmetkom.disclosures.rules.statuses import Status
from bekhedmetkom.kernel.clock import AMMAN
from tests.box.support.actors import get_only_report, log_in, submit_report
from tests.box.support.environment import TODAY

pytestmark = pytest.mark.usefixtures("skip_vacuum")


def at(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour, 5, tzinfo=AMMAN)


def list_subjects(box: Installation) -> list[str]:
    """Return the subjects of all emails."""
    emails = [message_from_bytes(file.read_bytes()) for file in sorted((box.home / "letters").glob("*.eml"))]
    return [str(decode_header(email["Subject"])[0][0].decode()) for email in emails]


def test_same_email_is_sent_twice_a_day(box: Installation, client: Client) -> None:
    commands.run_due_jobs(at(TODAY, 7))
    assert read_emails(box) == []
    commands.run_due_jobs(at(TODAY, 8))
    commands.run_due_jobs(at(TODAY, 9))
    (empty,) = read_emails(box)
    submit_report(client)
    commands.run_due_jobs(at(TODAY, 14))
    first, second = read_emails(box)
    assert first == second == empty


def read_emails(box: Installation) -> list[bytes]:
    return [file.read_bytes() for file in (box.home / "letters").glob("*.eml")]


def test_missed_deadline_is_alerted_once(box: Installation, client: Client) -> None:
    submit_report(client)
    submit_report(client, "آخر")
    commands.run_due_jobs(at(TODAY + timedelta(7)))
    assert "صندوق الهيئة: موعد فات" not in list_subjects(box)
    commands.run_due_jobs(at(TODAY + timedelta(8)))
    commands.run_due_jobs(at(TODAY + timedelta(9)))
    assert list_subjects(box).count("صندوق الهيئة: موعد فات") == 1
    for unwrapped in list(list_reports()):
        commands.set_status(
            unwrapped.report.id,
            officer="officer-1",
            status=Status.ACCEPTED,
            reason="",
            today=TODAY + timedelta(9),
        )
    commands.run_due_jobs(at(TODAY + timedelta(100)))
    assert list_subjects(box).count("صندوق الهيئة: موعد فات") == 2


def test_closed_report_is_erased_after_retention(box: Installation, client: Client) -> None:
    words = submit_report(client)
    report = get_only_report().report.id
    for status, reason in ((Status.NOT_COMPETENT, ""), (Status.CLOSED, "not_competent")):
        commands.set_status(report, officer="officer-1", status=status, reason=reason, today=TODAY)
    commands.run_due_jobs(at(TODAY + timedelta(179)))
    assert len(list(list_reports())) == 1
    commands.run_due_jobs(at(TODAY + timedelta(180)))
    assert list(list_reports()) == []
    assert not Piece.objects.exists()
    assert Report.objects.count() == 1  # the decoy
    with pytest.raises(outer_keys.MissingOuterKey):
        outer_keys.get_key(report, TODAY)
    assert "لا يفتح شيء" in log_in(client, words).content.decode()


def test_orphaned_pieces_are_deleted(box: Installation, client: Client) -> None:
    submit_report(client)
    part_storage.store_part(b"x", outer_keys.generate_key(), TODAY)
    kept = Piece.objects.count()
    commands.run_due_jobs(at(TODAY + timedelta(2)))
    assert Piece.objects.count() == kept - 1
    assert get_only_report()


def test_month_is_published_late_and_never_changes(box: Installation, client: Client) -> None:
    commands.run_due_jobs(at(TODAY))
    assert json.loads(box.counts_file.read_text())["received"] == {}
    submit_report(client)
    month = f"{TODAY:%Y-%m}"
    end = (TODAY.replace(day=1) + timedelta(31)).replace(day=1)
    commands.run_due_jobs(at(end + timedelta(29)))
    assert json.loads(box.counts_file.read_text())["received"] == {}
    commands.run_due_jobs(at(end + timedelta(30)))
    assert json.loads(box.counts_file.read_text())["received"] == {month: None}
    for _ in range(2):
        Report.objects.all().update(day=TODAY)
    commands.run_due_jobs(at(end + timedelta(31)))
    assert json.loads(box.counts_file.read_text())["received"] == {month: None}
