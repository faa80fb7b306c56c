"""Storage of encrypted parts: pieces of 256 KiB, each encrypted with the report's outer key."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.db import DEFAULT_DB_ALIAS, connection, connections

from . import outer_keys
from .installation import get_installation
from .models import Piece
from .rules.frame import CorruptData
from .rules.report_state import Part

PIECE_SIZE = 256 * 1024
UNREADABLE = b"\0"  # decrypts with no key: shown as corrupt
INSERT_PIECE = "INSERT INTO disclosures_piece (id, day, part, n, sealed) VALUES (%s, %s, %s, %s, %s)"


class PartWriter:
    """Output of age that stores each 256 KiB as a piece in the database.

    age may write from its own thread: both use the creator's connection and release it after each piece, so
    that a slow upload does not hold one of the few connections.
    """

    def __init__(self, key: bytes, day: date) -> None:
        self._connection: Any = connections[DEFAULT_DB_ALIAS]
        self.id, self.size = uuid4(), 0
        self._key, self._day, self._next_piece, self._buffer = key, day, 0, bytearray()

    def write(self, encrypted: bytes) -> int:
        """Add the next encrypted bytes."""
        self._buffer += encrypted
        self.size += len(encrypted)
        while len(self._buffer) >= PIECE_SIZE:
            self._store_piece(bytes(self._buffer[:PIECE_SIZE]))
            del self._buffer[:PIECE_SIZE]
        return len(encrypted)

    def flush(self) -> None:
        """Called by age at the end; `finish` stores the rest."""

    def finish(self) -> Part:
        """Store what is buffered and return the complete part."""
        if self._buffer or not self._next_piece:
            self._store_piece(bytes(self._buffer))
            self._buffer.clear()
        return Part(self.id, self.size)

    def _store_piece(self, piece: bytes) -> None:
        row = (uuid4(), self._day, self.id, self._next_piece, outer_keys.encrypt(self._key, piece))
        self._connection.inc_thread_sharing()
        try:
            self._connection.ensure_connection()
            self._connection.connection.execute(INSERT_PIECE, row)
            release_connection(self._connection)
        finally:
            self._connection.dec_thread_sharing()
        self._next_piece += 1


def release_connection(target: Any = connection) -> None:
    """Return the connection to the pool before a request body is read, which may take minutes."""
    if not target.in_atomic_block:
        target.close()


def has_upload_capacity(today: date) -> bool:
    """Return whether another file may be received today."""
    pieces = Piece.objects.filter(day=today).count()
    release_connection()
    return pieces * PIECE_SIZE < get_installation().daily_upload_bytes


def store_part(encrypted: bytes, key: bytes, day: date) -> Part:
    """Store an encrypted part that is complete."""
    writer = PartWriter(key, day)
    writer.write(encrypted)
    return writer.finish()


def iterate_part(part: Part, key: bytes) -> Iterator[bytes]:
    """Yield a part's encrypted bytes, with one query for each piece. Raises `CorruptData` if a piece is missing."""
    remaining, n = part.size, 0
    while remaining > 0:
        row = Piece.objects.filter(part=part.id, n=n).values_list("sealed", flat=True).first()
        if row is None:
            raise CorruptData
        piece = outer_keys.decrypt(key, bytes(row))
        remaining, n = remaining - len(piece), n + 1
        yield piece


def read_part(part: Part, key: bytes) -> bytes:
    """Return a part's encrypted bytes, or `UNREADABLE` if a piece is missing or changed."""
    try:
        return b"".join(iterate_part(part, key))
    except CorruptData:
        return UNREADABLE


def delete_parts(parts: Iterable[UUID]) -> None:
    """Delete parts, complete or not."""
    Piece.objects.filter(part__in=list(parts)).delete()
    release_connection()
