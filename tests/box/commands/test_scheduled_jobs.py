"""What time brings about: dates, letters, erasure, counts; once each, and none of it says more than it must."""

import json
from datetime import date, datetime, timedelta
from email import message_from_bytes
from email.header import decode_header

import pytest
from django.test import Client

from bekhedmetkom.disclosures import commands, outer_keys
from bekhedmetkom.disclosures.installation import Installation
from bekhedmetkom.disclosures.models import Piece, Report
from bekhedmetkom.disclosures.reports import list_reports
from bekhedmetkom.disclosures.rules.statuses import Status
from bekhedmetkom.kernel.clock import AMMAN
from tests.box.support.actors import get_only_report, log_in, submit_report
from tests.box.support.environment import TODAY


@pytest.fixture(autouse=True)
def _no_vacuum(monkeypatch: pytest.MonkeyPatch) -> None:
    """It cannot run within a test's transaction; attacks/test_12_row_order.py has it for real."""
    monkeypatch.setattr("bekhedmetkom.disclosures.commands.row_shuffling.VACUUM_TABLE", "SELECT 1 -- {table}")


def at(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour, 5, tzinfo=AMMAN)


def letters(box: Installation) -> list[str]:
    """Subjects of those that were sent, and all that is in them."""
    found = [message_from_bytes(file.read_bytes()) for file in sorted((box.home / "letters").glob("*.eml"))]
    return [str(decode_header(letter["Subject"])[0][0].decode()) for letter in found]


def test_the_same_letter_goes_out_twice_a_day_whatever_came(box: Installation, client: Client) -> None:
    commands.run_due_jobs(at(TODAY, 7))
    assert letters_of(box) == []
    commands.run_due_jobs(at(TODAY, 8))
    commands.run_due_jobs(at(TODAY, 9))
    (empty,) = letters_of(box)
    submit_report(client)
    commands.run_due_jobs(at(TODAY, 14))
    first, second = letters_of(box)
    assert first == second == empty


def letters_of(box: Installation) -> list[bytes]:
    return [file.read_bytes() for file in (box.home / "letters").glob("*.eml")]


def test_a_missed_date_is_told_to_the_chain_once(box: Installation, client: Client) -> None:
    submit_report(client)
    submit_report(client, "آخر")
    commands.run_due_jobs(at(TODAY + timedelta(7)))
    assert "صندوق الهيئة: موعد فات" not in letters(box)
    commands.run_due_jobs(at(TODAY + timedelta(8)))
    commands.run_due_jobs(at(TODAY + timedelta(9)))
    assert letters(box).count("صندوق الهيئة: موعد فات") == 1
    for found in list(list_reports()):
        commands.set_status(
            found.report.id,
            officer="officer-1",
            status=Status.ACCEPTED,
            reason="",
            today=TODAY + timedelta(9),
        )
    commands.run_due_jobs(at(TODAY + timedelta(100)))
    assert letters(box).count("صندوق الهيئة: موعد فات") == 2


def test_a_closed_report_goes_when_its_days_are_over(box: Installation, client: Client) -> None:
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


def test_what_was_cut_off_halfway_is_cleared_away(box: Installation, client: Client) -> None:
    submit_report(client)
    from bekhedmetkom.disclosures import part_storage

    part_storage.store_part(b"x", outer_keys.generate_key(), TODAY)
    kept = Piece.objects.count()
    commands.run_due_jobs(at(TODAY + timedelta(2)))
    assert Piece.objects.count() == kept - 1
    assert get_only_report()


def test_a_month_is_published_late_and_stays_as_it_was(box: Installation, client: Client) -> None:
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
