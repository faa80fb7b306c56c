"""Actors of the tests: a discloser without JavaScript, and Commission members with the demonstration's keys."""

import re
from html import unescape
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bekhedmetkom.disclosures import encryption, outer_keys, part_storage
from bekhedmetkom.disclosures.commands import send_officer_message
from bekhedmetkom.disclosures.encryption import KeyRing
from bekhedmetkom.disclosures.installation import get_installation
from bekhedmetkom.disclosures.models import Report
from bekhedmetkom.disclosures.reports import UnwrappedReport, list_reports, unwrap_report
from bekhedmetkom.disclosures.rules.frame import Frame, Header
from bekhedmetkom.disclosures.rules.report_state import decode_state
from bekhedmetkom.kernel.clock import get_local_date, now

WORD = re.compile(r"<li>([^<]+)</li>")


def get_secret(person: str) -> str:
    """Return the demonstration's private key of an officer or custodian."""
    lines = (get_installation().demo_key_folder / f"{person}.key").read_text().splitlines()
    return next(line for line in lines if line.startswith("AGE-SECRET-KEY-"))


def submit_report(
    client: Client, text: str = "رأيت رشوة", *files: SimpleUploadedFile, **fields: Any
) -> tuple[str, ...]:
    """Submit a report and return its receipt."""
    answer = client.post("/send", {"text": text, "identity": "no", "files": list(files)} | fields)
    assert answer.status_code == 200, answer.content.decode()
    return parse_receipt(answer.content.decode())


def parse_receipt(page: str) -> tuple[str, ...]:
    """Return the ten words on the receipt page."""
    grid = page[page.index("words__grid") : page.index("</ol>")]
    return tuple(unescape(word) for word in WORD.findall(grid))


def log_in(client: Client, words: tuple[str, ...] | str) -> Any:
    """Submit the receipt and return the conversation page."""
    typed = words if isinstance(words, str) else " ".join(words)
    return client.post("/words", {"words": typed}, follow=True)


def get_only_report() -> UnwrappedReport:
    """Return the only report."""
    (unwrapped,) = list_reports()
    return unwrapped


def decrypt_report_key_ring(unwrapped: UnwrappedReport, officer: str = "officer-1") -> KeyRing:
    """Decrypt a report's key ring as an officer. Raises `CorruptData`."""
    return encryption.decrypt_key_ring(unwrapped.key_ring, get_secret(officer))


def decrypt_turn_part(
    unwrapped: UnwrappedReport, turn: int = 0, place: int = 0, officer: str = "officer-1"
) -> Frame:
    """Decrypt a part of the conversation as an officer."""
    ring = decrypt_report_key_ring(unwrapped, officer)
    part = unwrapped.state.turns[turn].parts[place]
    ciphertext = part_storage.read_part(part, unwrapped.outer_key)
    return encryption.decrypt_part(
        ciphertext, secret=ring.secret, voice=ring.voice, expect={"turn": turn, "place": place}
    )


def send_message_as_officer(
    report: UUID, text: str, *files: tuple[str, bytes], officer: str = "officer-1"
) -> None:
    """Encrypt and send a message as an officer's browser does."""
    unwrapped = unwrap_report(Report.objects.get(id=report))
    ring, turn, today = (
        decrypt_report_key_ring(unwrapped, officer),
        len(unwrapped.state.turns),
        get_local_date(now()),
    )
    to = [unwrapped.report.recipient, ring.reader]
    header: Header = {"kind": "message", "turn": turn, "place": 0, "files": len(files), "from": "commission"}
    parts = [encryption.encrypt_part(header, text.encode(), voice=ring.voice, to=to)]
    for number, (name, body) in enumerate(files, 1):
        file_header: Header = {"kind": "file", "turn": turn, "place": number, "name": name, "type": ""}
        parts.append(encryption.encrypt_part(file_header, body, voice=ring.voice, to=to))
    stored = [part_storage.store_part(part, unwrapped.outer_key, today) for part in parts]
    send_officer_message(report, officer=officer, turn=turn, parts=stored, today=today)


def get_recorded_column_hash(report: Report) -> str:
    """Replacement of `reports.hash_clear_columns` for a server that accepts any row: the hash in its state."""
    return decode_state(
        outer_keys.decrypt(outer_keys.get_key(report.id, report.day), bytes(report.state))
    ).row
