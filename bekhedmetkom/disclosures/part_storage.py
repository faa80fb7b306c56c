"""Sealed parts in the database: pieces of 256 KiB, each closed with the report's outer key."""

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
UNREADABLE = b"\0"  # opens with no key: whoever tries is told that it is not what was sent
INSERT_PIECE = "INSERT INTO disclosures_piece (id, day, part, n, sealed) VALUES (%s, %s, %s, %s, %s)"


class PartWriter:
    """Where age writes a part: each 256 KiB goes to the database as soon as it is there, and nowhere else.

    age may write from a thread of its own: both use the connection of the one who made this, and give it back after
    each piece, for whoever sends slowly must not hold one of the few.
    """

    def __init__(self, key: bytes, day: date) -> None:
        self._connection: Any = connections[DEFAULT_DB_ALIAS]
        self.id, self.size = uuid4(), 0
        self._key, self._day, self._next_piece, self._buffer = key, day, 0, bytearray()

    def write(self, sealed: bytes) -> int:
        """The next sealed bytes."""
        self._buffer += sealed
        self.size += len(sealed)
        while len(self._buffer) >= PIECE_SIZE:
            self._store_piece(bytes(self._buffer[:PIECE_SIZE]))
            del self._buffer[:PIECE_SIZE]
        return len(sealed)

    def flush(self) -> None:
        """age asks for it at the end; what is left waits for `part`."""

    def finish(self) -> Part:
        """The whole part, once all was written."""
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
    """The connection, before a body is read that may take its sender minutes."""
    if not target.in_atomic_block:
        target.close()


def has_upload_capacity(today: date) -> bool:
    """Whether another file can come in today: nobody fills the disk in one."""
    pieces = Piece.objects.filter(day=today).count()
    release_connection()
    return pieces * PIECE_SIZE < get_installation().daily_upload_bytes


def store_part(sealed: bytes, key: bytes, day: date) -> Part:
    """Keep a part that is there as a whole."""
    writer = PartWriter(key, day)
    writer.write(sealed)
    return writer.finish()


def iterate_part(part: Part, key: bytes) -> Iterator[bytes]:
    """A part's sealed bytes; `Broken` where any is missing. A query a piece: whoever stops reading leaves none open."""
    left, n = part.size, 0
    while left > 0:
        row = Piece.objects.filter(part=part.id, n=n).values_list("sealed", flat=True).first()
        if row is None:
            raise CorruptData
        piece = outer_keys.decrypt(key, bytes(row))
        left, n = left - len(piece), n + 1
        yield piece


def read_part(part: Part, key: bytes) -> bytes:
    """All of a part's sealed bytes; `SPOILED` where any is missing or changed: that holds up nothing beside it."""
    try:
        return b"".join(iterate_part(part, key))
    except CorruptData:
        return UNREADABLE


def delete_parts(parts: Iterable[UUID]) -> None:
    """Delete parts, whole or begun."""
    Piece.objects.filter(part__in=list(parts)).delete()
    release_connection()
