"""The Commission's journal: who did what with which report. Each entry contains the hash of the one before it.

The hashes have no key, so the hash of the last entry is also kept outside the database.
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
    """Append an entry, in the transaction of the action that it records."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADVISORY_LOCK_ID])
        last = Entry.objects.order_by("-n").first()
        n, before = (last.n + 1, bytes(last.hash)) if last else (1, GENESIS_HASH)
        entry_hash = _hash_entry(n, day, who, what, report, before)
        Entry.objects.create(n=n, day=day, who=who, what=what, report=report, before=before, hash=entry_hash)
        # robust: an error here must not look like a failure of the action, which is committed
        transaction.on_commit(lambda: _record_head(n, entry_hash), robust=True)


def list_entries(report: UUID | None = None) -> Iterator[Entry]:
    """Yield the whole journal, or the entries of one report."""
    entries = Entry.objects.order_by("n")
    yield from (entries.filter(report=report) if report else entries)


def list_last_entries(count: int) -> list[Entry]:
    """Return the last entries, oldest first."""
    return list(Entry.objects.order_by("-n")[:count])[::-1]


def find_broken_entry() -> int | None:
    """Return the number of the first entry that breaks the chain or the recorded head, or None."""
    return _find_broken_entry_after(0, GENESIS_HASH)


def _find_broken_entry_after(n: int, before: bytes) -> int | None:
    recorded_n, head = _read_recorded_head()
    for entry in Entry.objects.filter(n__gt=n).order_by("n"):
        n += 1
        is_linked = entry.n == n and bytes(entry.before) == before
        if not is_linked or bytes(entry.hash) != _hash_entry(
            n, entry.day, entry.who, entry.what, entry.report, before
        ):
            return n
        before = bytes(entry.hash)
        if n == recorded_n and before != head:
            return n
    return n + 1 if n < recorded_n else None


def _record_head(n: int, entry_hash: bytes) -> None:
    """Record the last entry, unless the chain from the recorded head is broken: then the old head stays."""
    with key_folder.lock_folder():
        last, head = _read_recorded_head()
        is_known = last == 0 or Entry.objects.filter(n=last, hash=head).exists()
        if n > last and is_known and _find_broken_entry_after(last, head) is None:
            key_folder.write_file(HEAD_FILE, f"{n} {entry_hash.hex()}")


def _read_recorded_head() -> tuple[int, bytes]:
    n, _, entry_hash = key_folder.read_file(HEAD_FILE).partition(" ")
    return int(n or 0), bytes.fromhex(entry_hash) or GENESIS_HASH


def _hash_entry(n: int, day: date, who: str, what: str, report: UUID | None, before: bytes) -> bytes:
    content = {
        "n": n,
        "day": str(day),
        "who": who,
        "what": what,
        "report": str(report or ""),
        "before": before.hex(),
    }
    return hashlib.sha256(encode_canonical_json(content)).digest()
