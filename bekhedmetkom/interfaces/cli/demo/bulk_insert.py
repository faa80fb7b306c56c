"""Writes cases that have been lived in memory, by COPY: the rows of a whole batch in one transaction, or none.

Where the role may, the triggers that look at each row alone are off for the transaction, and one statement asks the
same of the whole batch: row by row they took a third of the time.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from psycopg.sql import SQL, Identifier
from psycopg.types.json import set_json_dumps

from bekhedmetkom.cases.access_codes import compute_access_code, hash_access_code
from bekhedmetkom.cases.rules.case_state import STATE_COLUMNS, get_column_values
from bekhedmetkom.cases.rules.search import get_unit_token
from bekhedmetkom.language.normalisation import fold_text, list_stems

from .arrivals import PERSONAL_FIELDS
from .simulated_case import SimulatedCase

_SEARCHED_FIELDS = ("text", "title", "message", "answer")  # as cases.follower keeps them, and as much
_MAX_SEARCH_CHARACTERS = 8000

_CASE_COLUMNS = ("id", *STATE_COLUMNS, "head")
_EVENT_COLUMNS = ("case_id", "seq", "state", "kind", "at", "actor", "data", "prev_hash", "hash")
_TEXT_COLUMNS = ("case_id", "seq", "field", "body", "salt")
_PARTICULARS_COLUMNS = ("case_id", *PERSONAL_FIELDS, "access_hash", "salt")


def derive_access_code(reference: str) -> str:
    """The access code of a case of the demonstration."""
    return compute_access_code(reference, "demo", "demo")


def insert_cases(lives: Sequence[SimulatedCase]) -> None:
    """Write them all. Keys carry the time of receipt, as the database's own would."""
    keyed = [(_build_uuid7(life), life) for life in lives]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SET_BULK_SETTINGS)
        _copy_rows(
            "case", _CASE_COLUMNS, ((key, *_list_column_values(life), life.head) for key, life in keyed)
        )
        _copy_rows("event", _EVENT_COLUMNS, ((key, *event) for key, life in keyed for event in life.events))
        _copy_rows("case_text", _TEXT_COLUMNS, ((key, *said) for key, life in keyed for said in life.texts))
        _copy_rows(
            "case_particulars", _PARTICULARS_COLUMNS, ((key, *_list_particulars(life)) for key, life in keyed)
        )
        keys = [key for key, _ in keyed]
        cursor.execute(
            INSERT_SEARCH_ROWS,
            [
                keys,
                [_build_search_words(life) for life in lives],
                [_build_search_names(life) for life in lives],
            ],
        )
        cursor.execute(COUNT_INCONSISTENT_ROWS, [keys])
        assert not cursor.fetchone()[0], "a row is not where its journal says"


def _copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """In binary, by the types of the columns: neither side spells or reads numbers, times and hashes."""
    where = Identifier(table), SQL(", ").join(map(Identifier, columns))
    with connection.cursor() as cursor:
        cursor.execute(SQL("SELECT {1} FROM {0} LIMIT 0").format(*where))
        types = [column.type_code for column in cursor.description]
        set_json_dumps(str, cursor.cursor)  # it is spelt already
        with cursor.copy(SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(*where)) as copy:
            copy.set_types(types)
            for row in rows:
                copy.write_row(row)


def _build_uuid7(life: SimulatedCase) -> UUID:
    """A UUID of version 7. Its random part follows from the case's own salt, which it does not give away."""
    chance = int.from_bytes(hashlib.sha256(life.salt).digest()[:16])
    moment = int(life.state.received_at.astimezone(UTC).timestamp() * 1000)
    return UUID(int=moment << 80 | 7 << 76 | (chance & 0xFFF) << 64 | 2 << 62 | chance >> 66)


def _list_column_values(life: SimulatedCase) -> list[Any]:
    return [list(value) if type(value) is tuple else value for value in get_column_values(life.state)]


def _list_particulars(life: SimulatedCase) -> list[Any]:
    code = derive_access_code(life.state.reference)
    return [*(life.particulars[name] for name in PERSONAL_FIELDS), hash_access_code(code), life.salt]


def _build_search_words(life: SimulatedCase) -> str:
    """The words by which it is found. A text's stems are those of its words, and most words come again."""
    text = " ".join(said.body for said in life.texts if said.field in _SEARCHED_FIELDS)[
        :_MAX_SEARCH_CHARACTERS
    ]
    unit = life.state.unit_id
    words = [stem for word in text.split() for stem in _stems(word)]
    return " ".join([*words, get_unit_token(unit)] if unit else words)


def _build_search_names(life: SimulatedCase) -> str:
    """The name by which its person is found; none where it is withheld, as with all need-to-know ones."""
    return "" if life.state.withheld else fold_text(life.particulars["name"])


_stems = lru_cache(maxsize=50_000)(list_stems)


# No batch waits for the disk: what is written after the last of them waits for all.
SET_BULK_SETTINGS = """
SELECT set_config('synchronous_commit', 'off', true), set_config('gin_pending_list_limit', '64MB', true), CASE
    WHEN has_parameter_privilege('session_replication_role', 'SET')
    THEN set_config('session_replication_role', 'replica', true) END
"""

INSERT_SEARCH_ROWS = """
INSERT INTO case_search (case_id, entity_id, received_at, care, words, names)
SELECT id, entity_id, received_at, care, array_to_tsvector(string_to_array(stems, ' ')), string_to_array(named, ' ')
FROM unnest(%s::uuid[], %s::text[], %s::text[]) AS of (id, stems, named) JOIN "case" USING (id)
"""

# What the deferred keys and triggers of migration 0002 hold for each row, asked of a batch.
COUNT_INCONSISTENT_ROWS = """
SELECT count(*) FROM unnest(%s::uuid[]) AS of (id) LEFT JOIN "case" c USING (id)
WHERE NOT EXISTS (SELECT FROM event e WHERE (e.case_id, e.seq, e.state) = (c.id, c.seq, c.state))
   OR EXISTS (SELECT FROM event e WHERE e.case_id = c.id AND e.seq > c.seq)
"""
