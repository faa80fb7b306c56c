"""Who takes part: a discloser without JavaScript, and the Commission's people with the demonstration's keys."""

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
    """The demonstration's key of that officer or custodian."""
    lines = (get_installation().demo_key_folder / f"{person}.key").read_text().splitlines()
    return next(line for line in lines if line.startswith("AGE-SECRET-KEY-"))


def submit_report(
    client: Client, text: str = "رأيت رشوة", *files: SimpleUploadedFile, **fields: Any
) -> tuple[str, ...]:
    """A report goes in; the ten words that came back."""
    answer = client.post("/send", {"text": text, "identity": "no", "files": list(files)} | fields)
    assert answer.status_code == 200, answer.content.decode()
    return parse_receipt(answer.content.decode())


def parse_receipt(page: str) -> tuple[str, ...]:
    """The ten words of the page that shows them."""
    grid = page[page.index("words__grid") : page.index("</ol>")]
    return tuple(unescape(word) for word in WORD.findall(grid))


def log_in(client: Client, words: tuple[str, ...] | str) -> Any:
    """Types the words, and is led to the talk: that page."""
    typed = words if isinstance(words, str) else " ".join(words)
    return client.post("/words", {"words": typed}, follow=True)


def get_only_report() -> UnwrappedReport:
    """The one that there is."""
    (found,) = list_reports()
    return found


def decrypt_report_key_ring(found: UnwrappedReport, officer: str = "officer-1") -> KeyRing:
    """The report's key, as an officer finds it; `Broken` for whom it was not made."""
    return encryption.decrypt_key_ring(found.key_ring, get_secret(officer))


def decrypt_turn_part(
    found: UnwrappedReport, turn: int = 0, place_: int = 0, officer: str = "officer-1"
) -> Frame:
    """A part of the talk, opened by an officer."""
    ring = decrypt_report_key_ring(found, officer)
    part = found.state.turns[turn].parts[place_]
    shut = part_storage.read_part(part, found.outer_key)
    return encryption.decrypt_part(
        shut, secret=ring.secret, voice=ring.voice, expect={"turn": turn, "place": place_}
    )


def send_message_as_officer(
    report: UUID, text: str, *files: tuple[str, bytes], officer: str = "officer-1"
) -> None:
    """The Commission says something, sealed as an officer's browser seals it."""
    found = unwrap_report(Report.objects.get(id=report))
    ring, turn, today = decrypt_report_key_ring(found, officer), len(found.state.turns), get_local_date(now())
    to = [found.report.recipient, ring.reader]
    header: Header = {"kind": "message", "turn": turn, "place": 0, "files": len(files), "from": "commission"}
    parts = [encryption.encrypt_part(header, text.encode(), voice=ring.voice, to=to)]
    for number, (name, body) in enumerate(files, 1):
        said: Header = {"kind": "file", "turn": turn, "place": number, "name": name, "type": ""}
        parts.append(encryption.encrypt_part(said, body, voice=ring.voice, to=to))
    kept = [part_storage.store_part(part, found.outer_key, today) for part in parts]
    send_officer_message(report, officer=officer, turn=turn, parts=kept, today=today)


def get_recorded_column_hash(report: Report) -> str:
    """In the place of `standing.in_clear`, for a server that believes whatever a row says: what is remembered of it."""
    return decode_state(
        outer_keys.decrypt(outer_keys.get_key(report.id, report.day), bytes(report.state))
    ).row
