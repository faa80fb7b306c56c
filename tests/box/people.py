"""Who takes part: a discloser without JavaScript, and the Commission's people with the demonstration's keys."""

import re
from html import unescape
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bekhedmetkom.disclosures import keeping, outer, sealing
from bekhedmetkom.disclosures.commands import officer_writes
from bekhedmetkom.disclosures.models import Report
from bekhedmetkom.disclosures.place import place
from bekhedmetkom.disclosures.rules.padding import Framed, Header
from bekhedmetkom.disclosures.rules.state import decoded
from bekhedmetkom.disclosures.sealing import Ring
from bekhedmetkom.disclosures.standing import Standing, every, standing
from bekhedmetkom.kernel.clock import local_day, now

WORD = re.compile(r"<li>([^<]+)</li>")


def secret_of(person: str) -> str:
    """The demonstration's key of that officer or custodian."""
    lines = (place().demo_keys / f"{person}.key").read_text().splitlines()
    return next(line for line in lines if line.startswith("AGE-SECRET-KEY-"))


def sends(
    client: Client, text: str = "رأيت رشوة", *files: SimpleUploadedFile, **fields: Any
) -> tuple[str, ...]:
    """A report goes in; the ten words that came back."""
    answer = client.post("/send", {"text": text, "identity": "no", "files": list(files)} | fields)
    assert answer.status_code == 200, answer.content.decode()
    return words_on(answer.content.decode())


def words_on(page: str) -> tuple[str, ...]:
    """The ten words of the page that shows them."""
    grid = page[page.index("words__grid") : page.index("</ol>")]
    return tuple(unescape(word) for word in WORD.findall(grid))


def comes_back(client: Client, words: tuple[str, ...] | str) -> Any:
    """Types the words, and is led to the talk: that page."""
    typed = words if isinstance(words, str) else " ".join(words)
    return client.post("/words", {"words": typed}, follow=True)


def only_report() -> Standing:
    """The one that there is."""
    (found,) = every()
    return found


def ring_of(found: Standing, officer: str = "officer-1") -> Ring:
    """The report's key, as an officer finds it; `Broken` for whom it was not made."""
    return sealing.opened_ring(found.ring, secret_of(officer))


def reads(found: Standing, turn: int = 0, place_: int = 0, officer: str = "officer-1") -> Framed:
    """A part of the talk, opened by an officer."""
    ring = ring_of(found, officer)
    part = found.state.turns[turn].parts[place_]
    shut = keeping.whole(part, found.key)
    return sealing.opened(shut, secret=ring.secret, voice=ring.voice, expect={"turn": turn, "place": place_})


def writes(report: UUID, text: str, *files: tuple[str, bytes], officer: str = "officer-1") -> None:
    """The Commission says something, sealed as an officer's browser seals it."""
    found = standing(Report.objects.get(id=report))
    ring, turn, today = ring_of(found, officer), len(found.state.turns), local_day(now())
    to = [found.report.recipient, ring.reader]
    header: Header = {"kind": "message", "turn": turn, "place": 0, "files": len(files), "from": "commission"}
    parts = [sealing.sealed(header, text.encode(), voice=ring.voice, to=to)]
    for number, (name, body) in enumerate(files, 1):
        said: Header = {"kind": "file", "turn": turn, "place": number, "name": name, "type": ""}
        parts.append(sealing.sealed(said, body, voice=ring.voice, to=to))
    kept = [keeping.keep(part, found.key, today) for part in parts]
    officer_writes(report, officer=officer, turn=turn, parts=kept, today=today)


def as_it_was(report: Report) -> str:
    """In the place of `standing.in_clear`, for a server that believes whatever a row says: what is remembered of it."""
    return decoded(outer.opened(outer.of(report.id, report.day), bytes(report.state))).row
