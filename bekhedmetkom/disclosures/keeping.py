"""Sealed parts in the database: pieces of 256 KiB, each closed with the report's outer key."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.db import DEFAULT_DB_ALIAS, connection, connections

from . import outer
from .models import Piece
from .place import place
from .rules.padding import Broken
from .rules.state import Part

PIECE = 256 * 1024
SPOILED = b"\0"  # opens with no key: whoever tries is told that it is not what was sent
INSERT = "INSERT INTO disclosures_piece (id, day, part, n, sealed) VALUES (%s, %s, %s, %s, %s)"


class PartFile:
    """Where age writes a part: each 256 KiB goes to the database as soon as it is there, and nowhere else.

    age may write from a thread of its own: both use the connection of the one who made this, and give it back after
    each piece, for whoever sends slowly must not hold one of the few.
    """

    def __init__(self, key: bytes, day: date) -> None:
        self._connection: Any = connections[DEFAULT_DB_ALIAS]
        self.id, self.size = uuid4(), 0
        self._key, self._day, self._n, self._waiting = key, day, 0, bytearray()

    def write(self, sealed: bytes) -> int:
        """The next sealed bytes."""
        self._waiting += sealed
        self.size += len(sealed)
        while len(self._waiting) >= PIECE:
            self._keep(bytes(self._waiting[:PIECE]))
            del self._waiting[:PIECE]
        return len(sealed)

    def flush(self) -> None:
        """age asks for it at the end; what is left waits for `part`."""

    def part(self) -> Part:
        """The whole part, once all was written."""
        if self._waiting or not self._n:
            self._keep(bytes(self._waiting))
            self._waiting.clear()
        return Part(self.id, self.size)

    def _keep(self, piece: bytes) -> None:
        row = (uuid4(), self._day, self.id, self._n, outer.closed(self._key, piece))
        self._connection.inc_thread_sharing()
        try:
            self._connection.ensure_connection()
            self._connection.connection.execute(INSERT, row)
            give_back(self._connection)
        finally:
            self._connection.dec_thread_sharing()
        self._n += 1


def give_back(ours: Any = connection) -> None:
    """The connection, before a body is read that may take its sender minutes."""
    if not ours.in_atomic_block:
        ours.close()


def has_room(today: date) -> bool:
    """Whether another file can come in today: nobody fills the disk in one."""
    kept = Piece.objects.filter(day=today).count()
    give_back()
    return kept * PIECE < place().uploads_a_day


def keep(sealed: bytes, key: bytes, day: date) -> Part:
    """Keep a part that is there as a whole."""
    file = PartFile(key, day)
    file.write(sealed)
    return file.part()


def sealed_bytes(part: Part, key: bytes) -> Iterator[bytes]:
    """A part's sealed bytes; `Broken` where any is missing. A query a piece: whoever stops reading leaves none open."""
    left, n = part.size, 0
    while left > 0:
        row = Piece.objects.filter(part=part.id, n=n).values_list("sealed", flat=True).first()
        if row is None:
            raise Broken
        piece = outer.opened(key, bytes(row))
        left, n = left - len(piece), n + 1
        yield piece


def whole(part: Part, key: bytes) -> bytes:
    """All of a part's sealed bytes; `SPOILED` where any is missing or changed: that holds up nothing beside it."""
    try:
        return b"".join(sealed_bytes(part, key))
    except Broken:
        return SPOILED


def drop(parts: Iterable[UUID]) -> None:
    """Delete parts, whole or begun."""
    Piece.objects.filter(part__in=list(parts)).delete()
    give_back()
