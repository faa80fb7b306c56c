"""Writes cases that have been lived in memory, by COPY: the rows of a whole batch in one transaction, or none.

Where the role may, the triggers that look at each row alone are off for the transaction, and one statement asks the
same of the whole batch: row by row they took a third of the time.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from bekhedmetkom.cases.access_codes import code_hash, derived_code
from bekhedmetkom.cases.journal import stored
from bekhedmetkom.cases.rules.standing import COLUMNS
from bekhedmetkom.language.stems import stems

from .arrivals import PERSONAL
from .life import Life

_SEARCHED = ("text", "title", "message", "answer")  # as cases.follower keeps them, and as much
_LONGEST = 8000

_CASE = ("id", *COLUMNS, "head")
_EVENT = ("case_id", "seq", "state", "kind", "at", "actor", "data", "prev_hash", "hash")
_TEXT = ("case_id", "seq", "field", "body", "salt")
_PEOPLE = ("case_id", *PERSONAL, "access_hash", "salt")
_SEARCH = ("case_id", "entity_id", "received_at", "care", "words")


def code_of(reference: str) -> str:
    """The access code of a case of the demonstration."""
    return derived_code(reference, "demo", "demo")


def load(lives: Sequence[Life]) -> None:
    """Write them all. Keys carry the time of receipt, as the database's own would."""
    keyed = [(_key(life), life) for life in lives]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(TOGETHER)
        _copy('"case"', _CASE, ([key, *_columns(life), life.head] for key, life in keyed))
        _copy("event", _EVENT, (
            [key, e.seq, str(e.state), str(e.kind), e.at, e.actor, e.data, e.previous, e.digest]
            for key, life in keyed for e in life.events
        ))  # fmt: skip
        _copy("case_text", _TEXT, (
            [key, said.seq, said.field, said.body, said.salt] for key, life in keyed for said in life.said
        ))  # fmt: skip
        _copy("case_particulars", _PEOPLE, ([key, *_who(life)] for key, life in keyed))
        _copy("case_search", _SEARCH, ([key, *_found(life)] for key, life in keyed))
        cursor.execute(ASTRAY, [[key for key, _ in keyed]])
        assert not cursor.fetchone()[0], "a row is not where its journal says"


def _copy(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)


def _key(life: Life) -> UUID:
    """A UUID of version 7. Its random part follows from the case's own salt, which it does not give away."""
    chance = int.from_bytes(hashlib.sha256(life.salt).digest()[:16])
    moment = int(life.standing.received_at.astimezone(UTC).timestamp() * 1000)
    return UUID(int=moment << 80 | 7 << 76 | (chance & 0xFFF) << 64 | 2 << 62 | chance >> 66)


def _columns(life: Life) -> list[Any]:
    return [stored(getattr(life.standing, name)) for name in COLUMNS]


def _who(life: Life) -> list[Any]:
    code = code_of(life.standing.reference)
    return [*(life.particulars[name] for name in PERSONAL), code_hash(code), life.salt]


def _found(life: Life) -> list[Any]:
    words = " ".join(said.body for said in life.said if said.field in _SEARCHED)[:_LONGEST]
    lexemes = " ".join(f"'{word}'" for word in dict.fromkeys(stems(words)) if word)
    return [life.standing.entity_id, life.standing.received_at, str(life.standing.care), lexemes]


TOGETHER = """
SELECT set_config('gin_pending_list_limit', '64MB', true), CASE
    WHEN has_parameter_privilege('session_replication_role', 'SET')
    THEN set_config('session_replication_role', 'replica', true) END
"""

# What the deferred keys and triggers of migration 0002 hold for each row, asked of a batch.
ASTRAY = """
SELECT count(*) FROM unnest(%s::uuid[]) AS of (id) LEFT JOIN "case" c USING (id)
WHERE NOT EXISTS (SELECT FROM event e WHERE (e.case_id, e.seq, e.state) = (c.id, c.seq, c.state))
   OR EXISTS (SELECT FROM event e WHERE e.case_id = c.id AND e.seq > c.seq)
"""
