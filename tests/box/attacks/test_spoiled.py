"""A DBA who spoils rows, or anybody who sends nonsense, harms that one report and holds up no other."""

import json
from base64 import b64decode
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from bekhedmetkom.disclosures import chain, commands, escrow, letters, outer, sealing
from bekhedmetkom.disclosures.models import Piece, Report
from bekhedmetkom.disclosures.place import Place
from bekhedmetkom.disclosures.rules.padding import framed
from bekhedmetkom.disclosures.rules.receipts import derive, new_receipt
from bekhedmetkom.disclosures.sealing import Ring
from bekhedmetkom.disclosures.standing import every
from bekhedmetkom.kernel.clock import AMMAN
from tests.box.home import TODAY
from tests.box.people import comes_back, only_report, secret_of, sends, writes
from tests.box.test_sealed_wire import asks, put_together, signed_in


@pytest.fixture(autouse=True)
def _no_vacuum(monkeypatch: pytest.MonkeyPatch) -> None:
    """It cannot run within a test's transaction."""
    monkeypatch.setattr("bekhedmetkom.disclosures.commands.mixing.VACUUM", "SELECT 1 -- {table}")


def at(days: int) -> datetime:
    day = TODAY + timedelta(days)
    return datetime(day.year, day.month, day.day, 9, 5, tzinfo=AMMAN)


@pytest.mark.parametrize("column", ["state", "ring", "identity"])
def test_one_spoiled_row_hides_no_other_report(box: Place, client: Client, column: str) -> None:
    words = sends(client, "الأول")
    spoiled = only_report().report.id
    sends(client, "الثاني")
    (other,) = (found.report.id for found in every() if found.report.id != spoiled)
    swapped: Any = {column: bytes(getattr(Report.objects.get(id=other), column))}
    Report.objects.filter(id=spoiled).update(**swapped)
    officer = signed_in("officer-1")
    shown = {item["id"]: item for item in officer.get("/commission/reports").json()["items"]}
    assert sealing.opened_ring(b64decode(shown[str(other)]["ring"]), secret_of("officer-1"))
    assert officer.post(f"/commission/reports/{other}/opened").status_code == 200
    if column == "state":
        assert str(spoiled) not in shown
        assert officer.post(f"/commission/reports/{spoiled}/opened").status_code == 404
        assert "لا يفتح شيء" in comes_back(Client(), words).content.decode()
        assert asks(Client(), "/open", lookup=derive(words).lookup.hex()).status_code == 200
    assert signed_in("custodian-1").get("/commission/requests").status_code == 200


def test_a_piece_that_is_gone_takes_no_other_with_it(box: Place, client: Client) -> None:
    words = sends(client, "نص")
    report = only_report().report.id
    writes(report, "سؤال")
    writes(report, "سؤال آخر")
    Piece.objects.filter(part=only_report().state.turns[1].parts[0].id).delete()
    Piece.objects.filter(part=only_report().state.turns[0].parts[0].id).delete()
    page = comes_back(Client(), words)
    assert page.status_code == 200
    assert "سؤال آخر" in page.content.decode()
    assert asks(Client(), "/open", lookup=derive(words).lookup.hex()).status_code == 200
    opened = signed_in("officer-1").post(f"/commission/reports/{report}/opened")
    assert len(opened.json()["parts"]) == 3


def test_the_clock_destroys_nothing_of_what_a_dba_hides(box: Place, client: Client) -> None:
    sends(client, "الأول")
    hidden = only_report()
    row = Report.objects.get(id=hidden.report.id)
    row_id, kept = row.id, Piece.objects.count()
    Report.objects.filter(id=row.id).delete()
    row.id = row_id
    commands.work(at(3))
    assert outer.of(row.id, TODAY)
    row.save(force_insert=True)
    state = bytes(row.state)
    sends(client, "الثاني")
    Report.objects.filter(id=row.id).update(state=b"spoiled")
    commands.work(at(5))
    Report.objects.filter(id=row.id).update(state=state)
    assert {found.report.id for found in every()} >= {row.id}
    assert kept


def test_what_fails_of_the_clocks_work_holds_up_no_other(
    box: Place, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mail server that is away must not keep reports beyond their day."""

    def away(*_: Any) -> None:
        raise OSError

    monkeypatch.setattr(letters, "send", away)
    done = commands.work(at(0))
    assert {"mix", "erase", "count", "mix all"} <= set(done)
    assert "letter of 8" not in done


def test_one_bad_address_floods_no_other(box: Place, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    got: list[str] = []

    def hand_over(letter: Any) -> None:
        if letter["To"] == "bad@x":
            raise OSError
        got.append(letter["To"])

    settings.BOX = replace(settings.BOX, smtp="smtp://x", mail_to=("bad@x", "good@x"))
    monkeypatch.setattr(letters, "_hand_over", hand_over)
    for _ in range(3):
        commands.work(at(0))
    assert got == ["good@x"]


def test_nonsense_in_one_ring_stops_no_recovery(box: Place) -> None:
    recipient, shares = escrow.split()
    manifest = chain.current(TODAY)._replace(escrow=recipient)
    good = sealing.sealed_ring(Ring("s", bytes(32), "r"), manifest)
    nobody = tuple(officer.id for officer in manifest.officers)
    rings = {
        "good": [good],
        "noise": [b"noise"],
        "foreign": [sealing.encrypted(b"x", [sealing.throw_away()])],
        "put in place of a good one": [good, b"noise", sealing.sealed_ring(Ring("t", bytes(32), "q"), manifest)],
        "for nobody": [sealing.encrypted(
            framed(
                {"kind": "ring", "turn": 0, "place": 0},
                json.dumps({"secret": "s", "voice": "00" * 32, "reader": "r", "excluded": list(nobody)}).encode(),
                bytes(32),
            ),
            [recipient],
        )],
    }  # fmt: skip
    anew = escrow.rewrapped(rings, shares[:3], manifest)
    assert set(anew) == {"good", "put in place of a good one"}
    assert sealing.opened_ring(anew["put in place of a good one"], secret_of("officer-1")).secret == "s"
    assert sealing.opened_ring(anew["good"], secret_of("officer-1")).secret == "s"


def test_the_last_report_is_told_by_no_files_time(box: Place) -> None:
    """Yesterday's backup of the folder of outer keys carries the times of its files."""
    assert Client().post("/sealed", put_together(derive(new_receipt()))).status_code == 201
    for file in (*box.keys.iterdir(), box.keys):
        assert file.stat().st_mtime % 3600 == 0, file.name
