"""Corrupt rows and invalid reports affect no other report."""

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
from tests.box.support.actors import (
    get_only_report,
    get_secret,
    log_in,
    send_message_as_officer,
    submit_report,
)
from tests.box.support.api_client import build_encrypted_report, post_json, sign_in
from tests.box.support.environment import TODAY

pytestmark = pytest.mark.usefixtures("skip_vacuum")


def at_day(days: int) -> datetime:
    day = TODAY + timedelta(days)
    return datetime(day.year, day.month, day.day, 9, 5, tzinfo=AMMAN)


@pytest.mark.parametrize("column", ["state", "ring", "identity"])
def test_corrupt_row_hides_no_other_report(box: Installation, client: Client, column: str) -> None:
    words = submit_report(client, "الأول")
    corrupt = get_only_report().report.id
    submit_report(client, "الثاني")
    (other,) = (unwrapped.report.id for unwrapped in list_reports() if unwrapped.report.id != corrupt)
    swapped: Any = {column: bytes(getattr(Report.objects.get(id=other), column))}
    Report.objects.filter(id=corrupt).update(**swapped)
    officer = sign_in("officer-1")
    shown = {item["id"]: item for item in officer.get("/commission/reports").json()["items"]}
    assert encryption.decrypt_key_ring(b64decode(shown[str(other)]["ring"]), get_secret("officer-1"))
    assert officer.post(f"/commission/reports/{other}/opened").status_code == 200
    if column == "state":
        assert str(corrupt) not in shown
        assert officer.post(f"/commission/reports/{corrupt}/opened").status_code == 404
        assert "لا يفتح شيء" in log_in(Client(), words).content.decode()
        assert post_json(Client(), "/open", lookup=derive_keys(words).lookup_id.hex()).status_code == 200
    assert sign_in("custodian-1").get("/commission/requests").status_code == 200


def test_missing_piece_hides_no_other_message(box: Installation, client: Client) -> None:
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


def test_scheduled_jobs_keep_the_keys_of_missing_rows(box: Installation, client: Client) -> None:
    submit_report(client, "الأول")
    hidden = get_only_report()
    row = Report.objects.get(id=hidden.report.id)
    row_id, kept = row.id, Piece.objects.count()
    Report.objects.filter(id=row.id).delete()
    row.id = row_id
    commands.run_due_jobs(at_day(3))
    assert outer_keys.get_key(row.id, TODAY)
    row.save(force_insert=True)
    state = bytes(row.state)
    submit_report(client, "الثاني")
    Report.objects.filter(id=row.id).update(state=b"spoiled")
    commands.run_due_jobs(at_day(5))
    Report.objects.filter(id=row.id).update(state=state)
    assert {unwrapped.report.id for unwrapped in list_reports()} >= {row.id}
    assert kept


def test_failing_job_does_not_block_the_others(
    box: Installation, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An unavailable mail server must not delay the erasure of reports."""

    def raise_oserror(*_: Any) -> None:
        raise OSError

    monkeypatch.setattr(emails, "send_email", raise_oserror)
    done = commands.run_due_jobs(at_day(0))
    assert {"mix", "erase", "count", "mix all"} <= set(done)
    assert "letter of 8" not in done


def test_bad_address_causes_no_repeated_emails(
    box: Installation, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    got: list[str] = []

    def send_by_smtp(letter: Any) -> None:
        if letter["To"] == "bad@x":
            raise OSError
        got.append(letter["To"])

    settings.BOX = replace(settings.BOX, smtp_url="smtp://x", mail_to=("bad@x", "good@x"))
    monkeypatch.setattr(emails, "_send_by_smtp", send_by_smtp)
    for _ in range(3):
        commands.run_due_jobs(at_day(0))
    assert got == ["good@x"]


def test_invalid_key_ring_does_not_block_recovery(box: Installation) -> None:
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
    renewed = escrow.renew_key_rings(rings, shares[:3], manifest)
    assert set(renewed) == {"good", "put in place of a good one"}
    assert (
        encryption.decrypt_key_ring(renewed["put in place of a good one"], get_secret("officer-1")).secret
        == "s"
    )
    assert encryption.decrypt_key_ring(renewed["good"], get_secret("officer-1")).secret == "s"


def test_file_times_do_not_reveal_the_last_report(box: Installation) -> None:
    """A backup of the key folder contains the modification times."""
    assert (
        Client().post("/sealed", build_encrypted_report(derive_keys(generate_receipt()))).status_code == 201
    )
    for file in (*box.key_folder.iterdir(), box.key_folder):
        assert file.stat().st_mtime % 3600 == 0, file.name
