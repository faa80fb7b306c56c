"""What time brings about: dates, letters, erasure, counts; once each, and none of it says more than it must."""

import json
from datetime import date, datetime, timedelta
from email import message_from_bytes
from email.header import decode_header

import pytest
from django.test import Client

from bekhedmetkom.disclosures import commands, outer
from bekhedmetkom.disclosures.models import Piece, Report
from bekhedmetkom.disclosures.place import Place
from bekhedmetkom.disclosures.rules.statuses import Status
from bekhedmetkom.disclosures.standing import every
from bekhedmetkom.kernel.clock import AMMAN
from tests.box.home import TODAY
from tests.box.people import comes_back, only_report, sends


@pytest.fixture(autouse=True)
def _no_vacuum(monkeypatch: pytest.MonkeyPatch) -> None:
    """It cannot run within a test's transaction; tests/box/test_order.py has it for real."""
    monkeypatch.setattr("bekhedmetkom.disclosures.commands.mixing.VACUUM", "SELECT 1 -- {table}")


def at(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour, 5, tzinfo=AMMAN)


def letters(box: Place) -> list[str]:
    """Subjects of those that were sent, and all that is in them."""
    found = [message_from_bytes(file.read_bytes()) for file in sorted((box.home / "letters").glob("*.eml"))]
    return [str(decode_header(letter["Subject"])[0][0].decode()) for letter in found]


def test_the_same_letter_goes_out_twice_a_day_whatever_came(box: Place, client: Client) -> None:
    commands.work(at(TODAY, 7))
    assert letters_of(box) == []
    commands.work(at(TODAY, 8))
    commands.work(at(TODAY, 9))
    (empty,) = letters_of(box)
    sends(client)
    commands.work(at(TODAY, 14))
    first, second = letters_of(box)
    assert first == second == empty


def letters_of(box: Place) -> list[bytes]:
    return [file.read_bytes() for file in (box.home / "letters").glob("*.eml")]


def test_a_missed_date_is_told_to_the_chain_once(box: Place, client: Client) -> None:
    sends(client)
    sends(client, "آخر")
    commands.work(at(TODAY + timedelta(7)))
    assert "صندوق الهيئة: موعد فات" not in letters(box)
    commands.work(at(TODAY + timedelta(8)))
    commands.work(at(TODAY + timedelta(9)))
    assert letters(box).count("صندوق الهيئة: موعد فات") == 1
    for found in list(every()):
        commands.set_status(
            found.report.id,
            officer="officer-1",
            status=Status.ACCEPTED,
            reason="",
            today=TODAY + timedelta(9),
        )
    commands.work(at(TODAY + timedelta(100)))
    assert letters(box).count("صندوق الهيئة: موعد فات") == 2


def test_a_closed_report_goes_when_its_days_are_over(box: Place, client: Client) -> None:
    words = sends(client)
    report = only_report().report.id
    for status, reason in ((Status.NOT_COMPETENT, ""), (Status.CLOSED, "not_competent")):
        commands.set_status(report, officer="officer-1", status=status, reason=reason, today=TODAY)
    commands.work(at(TODAY + timedelta(179)))
    assert len(list(every())) == 1
    commands.work(at(TODAY + timedelta(180)))
    assert list(every()) == []
    assert not Piece.objects.exists()
    assert Report.objects.count() == 1  # the decoy
    with pytest.raises(outer.Gone):
        outer.of(report, TODAY)
    assert "لا يفتح شيء" in comes_back(client, words).content.decode()


def test_what_was_cut_off_halfway_is_cleared_away(box: Place, client: Client) -> None:
    sends(client)
    from bekhedmetkom.disclosures import keeping

    keeping.keep(b"x", outer.fresh(), TODAY)
    kept = Piece.objects.count()
    commands.work(at(TODAY + timedelta(2)))
    assert Piece.objects.count() == kept - 1
    assert only_report()


def test_a_month_is_published_late_and_stays_as_it_was(box: Place, client: Client) -> None:
    commands.work(at(TODAY))
    assert json.loads(box.counts.read_text())["received"] == {}
    sends(client)
    month = f"{TODAY:%Y-%m}"
    end = (TODAY.replace(day=1) + timedelta(31)).replace(day=1)
    commands.work(at(end + timedelta(29)))
    assert json.loads(box.counts.read_text())["received"] == {}
    commands.work(at(end + timedelta(30)))
    assert json.loads(box.counts.read_text())["received"] == {month: None}
    for _ in range(2):
        Report.objects.all().update(day=TODAY)
    commands.work(at(end + timedelta(31)))
    assert json.loads(box.counts.read_text())["received"] == {month: None}
