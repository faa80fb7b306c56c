"""A DBA who spoils rows, or anybody who sends nonsense, harms that one report and holds up no other."""

import json
from base64 import b64decode
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from bekhedmetkom.disclosures import commands, current_manifest, emails, encryption, escrow, outer_keys
from bekhedmetkom.disclosures.encryption import KeyRing
from bekhedmetkom.disclosures.installation import Installation
from bekhedmetkom.disclosures.models import Piece, Report
from bekhedmetkom.disclosures.reports import list_reports
from bekhedmetkom.disclosures.rules.frame import build_frame
from bekhedmetkom.disclosures.rules.receipts import derive_keys, generate_receipt
from bekhedmetkom.kernel.clock import AMMAN
from tests.box.interfaces.test_encrypted_api import build_encrypted_report, post_json, sign_in
from tests.box.support.actors import (
    get_only_report,
    get_secret,
    log_in,
    send_message_as_officer,
    submit_report,
)
from tests.box.support.environment import TODAY


@pytest.fixture(autouse=True)
def _no_vacuum(monkeypatch: pytest.MonkeyPatch) -> None:
    """It cannot run within a test's transaction."""
    monkeypatch.setattr("bekhedmetkom.disclosures.commands.row_shuffling.VACUUM_TABLE", "SELECT 1 -- {table}")


def at(days: int) -> datetime:
    day = TODAY + timedelta(days)
    return datetime(day.year, day.month, day.day, 9, 5, tzinfo=AMMAN)


@pytest.mark.parametrize("column", ["state", "ring", "identity"])
def test_one_spoiled_row_hides_no_other_report(box: Installation, client: Client, column: str) -> None:
    words = submit_report(client, "الأول")
    spoiled = get_only_report().report.id
    submit_report(client, "الثاني")
    (other,) = (found.report.id for found in list_reports() if found.report.id != spoiled)
    swapped: Any = {column: bytes(getattr(Report.objects.get(id=other), column))}
    Report.objects.filter(id=spoiled).update(**swapped)
    officer = sign_in("officer-1")
    shown = {item["id"]: item for item in officer.get("/commission/reports").json()["items"]}
    assert encryption.decrypt_key_ring(b64decode(shown[str(other)]["ring"]), get_secret("officer-1"))
    assert officer.post(f"/commission/reports/{other}/opened").status_code == 200
    if column == "state":
        assert str(spoiled) not in shown
        assert officer.post(f"/commission/reports/{spoiled}/opened").status_code == 404
        assert "لا يفتح شيء" in log_in(Client(), words).content.decode()
        assert post_json(Client(), "/open", lookup=derive_keys(words).lookup_id.hex()).status_code == 200
    assert sign_in("custodian-1").get("/commission/requests").status_code == 200


def test_a_piece_that_is_gone_takes_no_other_with_it(box: Installation, client: Client) -> None:
    words = submit_report(client, "نص")
    report = get_only_report().report.id
    send_message_as_officer(report, "سؤال")
    send_message_as_officer(report, "سؤال آخر")
    Piece.objects.filter(part=get_only_report().state.turns[1].parts[0].id).delete()
    Piece.objects.filter(part=get_only_report().state.turns[0].parts[0].id).delete()
    page = log_in(Client(), words)
    assert page.status_code == 200
    assert "سؤال آخر" in page.content.decode()
    assert post_json(Client(), "/open", lookup=derive_keys(words).lookup_id.hex()).status_code == 200
    opened = sign_in("officer-1").post(f"/commission/reports/{report}/opened")
    assert len(opened.json()["parts"]) == 3


def test_the_clock_destroys_nothing_of_what_a_dba_hides(box: Installation, client: Client) -> None:
    submit_report(client, "الأول")
    hidden = get_only_report()
    row = Report.objects.get(id=hidden.report.id)
    row_id, kept = row.id, Piece.objects.count()
    Report.objects.filter(id=row.id).delete()
    row.id = row_id
    commands.run_due_jobs(at(3))
    assert outer_keys.get_key(row.id, TODAY)
    row.save(force_insert=True)
    state = bytes(row.state)
    submit_report(client, "الثاني")
    Report.objects.filter(id=row.id).update(state=b"spoiled")
    commands.run_due_jobs(at(5))
    Report.objects.filter(id=row.id).update(state=state)
    assert {found.report.id for found in list_reports()} >= {row.id}
    assert kept


def test_what_fails_of_the_clocks_work_holds_up_no_other(
    box: Installation, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mail server that is away must not keep reports beyond their day."""

    def away(*_: Any) -> None:
        raise OSError

    monkeypatch.setattr(emails, "send_email", away)
    done = commands.run_due_jobs(at(0))
    assert {"mix", "erase", "count", "mix all"} <= set(done)
    assert "letter of 8" not in done


def test_one_bad_address_floods_no_other(
    box: Installation, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    got: list[str] = []

    def hand_over(letter: Any) -> None:
        if letter["To"] == "bad@x":
            raise OSError
        got.append(letter["To"])

    settings.BOX = replace(settings.BOX, smtp_url="smtp://x", mail_to=("bad@x", "good@x"))
    monkeypatch.setattr(emails, "_send_by_smtp", hand_over)
    for _ in range(3):
        commands.run_due_jobs(at(0))
    assert got == ["good@x"]


def test_nonsense_in_one_ring_stops_no_recovery(box: Installation) -> None:
    recipient, shares = escrow.create_escrow()
    manifest = current_manifest.get_current_manifest(TODAY)._replace(escrow=recipient)
    good = encryption.encrypt_key_ring(KeyRing("s", bytes(32), "r"), manifest)
    nobody = tuple(officer.id for officer in manifest.officers)
    rings = {
        "good": [good],
        "noise": [b"noise"],
        "foreign": [encryption.encrypt(b"x", [encryption.generate_discarded_recipient()])],
        "put in place of a good one": [
            good,
            b"noise",
            encryption.encrypt_key_ring(KeyRing("t", bytes(32), "q"), manifest),
        ],
        "for nobody": [
            encryption.encrypt(
                build_frame(
                    {"kind": "ring", "turn": 0, "place": 0},
                    json.dumps(
                        {"secret": "s", "voice": "00" * 32, "reader": "r", "excluded": list(nobody)}
                    ).encode(),
                    bytes(32),
                ),
                [recipient],
            )
        ],
    }
    anew = escrow.renew_key_rings(rings, shares[:3], manifest)
    assert set(anew) == {"good", "put in place of a good one"}
    assert (
        encryption.decrypt_key_ring(anew["put in place of a good one"], get_secret("officer-1")).secret == "s"
    )
    assert encryption.decrypt_key_ring(anew["good"], get_secret("officer-1")).secret == "s"


def test_the_last_report_is_told_by_no_files_time(box: Installation) -> None:
    """Yesterday's backup of the folder of outer keys carries the times of its files."""
    assert (
        Client().post("/sealed", build_encrypted_report(derive_keys(generate_receipt()))).status_code == 201
    )
    for file in (*box.key_folder.iterdir(), box.key_folder):
        assert file.stat().st_mtime % 3600 == 0, file.name
