"""The Commission's journal: who did what with which report. Each line carries the hash of the one before it.

The hashes have no key: whoever holds the database could make the whole chain anew. So the last line's hash is kept
outside it as well.
"""

import hashlib
from collections.abc import Iterator
from datetime import date
from uuid import UUID

from django.db import connection, transaction

from bekhedmetkom.kernel.canonical_json import encode_canonical_json

from . import key_folder
from .models import Entry

ADVISORY_LOCK_ID = 5_150_001  # one writer at a time
GENESIS_HASH = bytes(32)
HEAD_FILE = "journal"


def append_entry(*, who: str, what: str, report: UUID | None, day: date) -> None:
    """Add a line, in the transaction of what it tells of."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADVISORY_LOCK_ID])
        last = Entry.objects.order_by("-n").first()
        n, before = (last.n + 1, bytes(last.hash)) if last else (1, GENESIS_HASH)
        its = _hash_entry(n, day, who, what, report, before)
        Entry.objects.create(n=n, day=day, who=who, what=what, report=report, before=before, hash=its)
        transaction.on_commit(lambda: _record_head(n, its), robust=True)  # it is done already


def list_entries(report: UUID | None = None) -> Iterator[Entry]:
    """The journal, or what it says of one report."""
    found = Entry.objects.order_by("n")
    yield from (found.filter(report=report) if report else found)


def list_last_entries(count: int) -> list[Entry]:
    """Its last lines, in their order."""
    return list(Entry.objects.order_by("-n")[:count])[::-1]


def find_broken_entry() -> int | None:
    """The first line that does not fit the one before it, its own hash or what is remembered of it; None if all do."""
    return _find_broken_entry_after(0, GENESIS_HASH)


def _find_broken_entry_after(n: int, before: bytes) -> int | None:
    remembered, head = _read_recorded_head()
    for entry in Entry.objects.filter(n__gt=n).order_by("n"):
        n += 1
        fits = entry.n == n and bytes(entry.before) == before
        if not fits or bytes(entry.hash) != _hash_entry(
            n, entry.day, entry.who, entry.what, entry.report, before
        ):
            return n
        before = bytes(entry.hash)
        if n == remembered and before != head:
            return n
    return n + 1 if n < remembered else None


def _record_head(n: int, its: bytes) -> None:
    """The last line, if what was remembered leads to it: once it does not, that stays, and so does the fault."""
    with key_folder.lock_folder():
        last, head = _read_recorded_head()
        known = last == 0 or Entry.objects.filter(n=last, hash=head).exists()
        if n > last and known and _find_broken_entry_after(last, head) is None:
            key_folder.write_file(HEAD_FILE, f"{n} {its.hex()}")


def _read_recorded_head() -> tuple[int, bytes]:
    n, _, its = key_folder.read_file(HEAD_FILE).partition(" ")
    return int(n or 0), bytes.fromhex(its) or GENESIS_HASH


def _hash_entry(n: int, day: date, who: str, what: str, report: UUID | None, before: bytes) -> bytes:
    said = {
        "n": n,
        "day": str(day),
        "who": who,
        "what": what,
        "report": str(report or ""),
        "before": before.hex(),
    }
    return hashlib.sha256(encode_canonical_json(said)).digest()
