"""Where colleagues have mentioned an officer in a note: for the bell, the newest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from bekhedmetkom.identity.queries import get_officer_names
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.text import BilingualText

from ...models import build_case_state
from ...rules.access import has_permission
from ...rules.case_state import STATE_COLUMNS
from .timeline import EMPTY_TEXT, parse_officer_id
from .undo import build_not_undone_sql

MAX_MENTIONS = 20


@dataclass(frozen=True, slots=True)
class Mention:
    """`by` wrote the note, which is the event `seq` of the case."""

    reference: str
    seq: int
    at: datetime
    by: BilingualText


def list_mentions(viewer: Actor, most: int = MAX_MENTIONS) -> list[Mention]:
    """Of the newest mentions of this officer those on cases that they may still read; two queries."""
    with connection.cursor() as cursor:
        cursor.execute(MENTIONS_SQL, [f"[{viewer.officer_id or 0}]", most])
        rows = cursor.fetchall()
    read: list[tuple[Any, ...]] = [
        row for row in rows
        if has_permission(viewer, Permission.READ, build_case_state(dict(zip(STATE_COLUMNS, row[3:], strict=True))))
    ]  # fmt: skip
    who = get_officer_names({officer for row in read if (officer := parse_officer_id(row[2]))})
    reference = 3 + STATE_COLUMNS.index("reference")
    return [
        Mention(row[reference], row[0], row[1], who.get(parse_officer_id(row[2]) or 0, EMPTY_TEXT))
        for row in read
    ]


MENTIONS_SQL = f"""
SELECT e.seq, e.at, e.actor, {", ".join(f"c.{column}" for column in STATE_COLUMNS)}
FROM event e JOIN "case" c ON c.id = e.case_id
WHERE e.kind = 'case.noted' AND e.data -> 'mentions' @> %s::jsonb
    AND {build_not_undone_sql("e")}
ORDER BY e.id DESC LIMIT %s
"""
