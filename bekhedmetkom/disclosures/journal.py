"""The Commission's journal: who did what with which report. Each line carries the hash of the one before it.

The hashes have no key: whoever holds the database could make the whole chain anew. So the last line's hash is kept
outside it as well.
"""

import hashlib
from collections.abc import Iterator
from datetime import date
from uuid import UUID

from django.db import connection, transaction

from bekhedmetkom.kernel.canonical import canonical

from . import beside
from .models import Entry

LOCK = 5_150_001  # one writer at a time
START = bytes(32)
HEAD = "journal"


def write(*, who: str, what: str, report: UUID | None, day: date) -> None:
    """Add a line, in the transaction of what it tells of."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        last = Entry.objects.order_by("-n").first()
        n, before = (last.n + 1, bytes(last.hash)) if last else (1, START)
        its = _hash(n, day, who, what, report, before)
        Entry.objects.create(n=n, day=day, who=who, what=what, report=report, before=before, hash=its)
        transaction.on_commit(lambda: _remember(n, its), robust=True)  # it is done already


def lines(report: UUID | None = None) -> Iterator[Entry]:
    """The journal, or what it says of one report."""
    found = Entry.objects.order_by("n")
    yield from (found.filter(report=report) if report else found)


def last(count: int) -> list[Entry]:
    """Its last lines, in their order."""
    return list(Entry.objects.order_by("-n")[:count])[::-1]


def broken_at() -> int | None:
    """The first line that does not fit the one before it, its own hash or what is remembered of it; None if all do."""
    return _broken_after(0, START)


def _broken_after(n: int, before: bytes) -> int | None:
    remembered, head = _head()
    for entry in Entry.objects.filter(n__gt=n).order_by("n"):
        n += 1
        fits = entry.n == n and bytes(entry.before) == before
        if not fits or bytes(entry.hash) != _hash(n, entry.day, entry.who, entry.what, entry.report, before):
            return n
        before = bytes(entry.hash)
        if n == remembered and before != head:
            return n
    return n + 1 if n < remembered else None


def _remember(n: int, its: bytes) -> None:
    """The last line, if what was remembered leads to it: once it does not, that stays, and so does the fault."""
    with beside.locked():
        last, head = _head()
        known = last == 0 or Entry.objects.filter(n=last, hash=head).exists()
        if n > last and known and _broken_after(last, head) is None:
            beside.write(HEAD, f"{n} {its.hex()}")


def _head() -> tuple[int, bytes]:
    n, _, its = beside.read(HEAD).partition(" ")
    return int(n or 0), bytes.fromhex(its) or START


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
