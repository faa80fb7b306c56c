"""The Commission's journal: who did what with which report. Each line carries the hash of the one before it."""

import hashlib
from collections.abc import Iterator
from datetime import date
from uuid import UUID

from django.db import connection, transaction

from bekhedmetkom.kernel.canonical import canonical

from .models import Entry

LOCK = 5_150_001  # one writer at a time
START = bytes(32)


def write(*, who: str, what: str, report: UUID | None, day: date) -> None:
    """Add a line, in the transaction of what it tells of."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        last = Entry.objects.order_by("-n").first()
        n, before = (last.n + 1, bytes(last.hash)) if last else (1, START)
        Entry.objects.create(
            n=n, day=day, who=who, what=what, report=report, before=before,
            hash=_hash(n, day, who, what, report, before),
        )  # fmt: skip


def lines(report: UUID | None = None) -> Iterator[Entry]:
    """The journal, or what it says of one report."""
    found = Entry.objects.order_by("n")
    yield from (found.filter(report=report) if report else found)


def broken_at() -> int | None:
    """The first line that does not fit the one before it or its own hash; None when all do."""
    before = START
    for n, entry in enumerate(lines(), 1):
        fits = entry.n == n and bytes(entry.before) == before
        if not fits or bytes(entry.hash) != _hash(n, entry.day, entry.who, entry.what, entry.report, before):
            return n
        before = bytes(entry.hash)
    return None


def _hash(n: int, day: date, who: str, what: str, report: UUID | None, before: bytes) -> bytes:
    said = {
        "n": n,
        "day": str(day),
        "who": who,
        "what": what,
        "report": str(report or ""),
        "before": before.hex(),
    }
    return hashlib.sha256(canonical(said)).digest()
