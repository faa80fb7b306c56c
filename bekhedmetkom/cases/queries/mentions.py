"""Where colleagues have mentioned an officer in a note: for the bell, the newest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from bekhedmetkom.identity.queries import get_officer_names
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.text import BilingualText

from ..models import standing_of
from ..rules.access import may
from ..rules.case_state import COLUMNS
from .telling import NOTHING, officer_of
from .undoing import stands

MOST = 20


@dataclass(frozen=True, slots=True)
class Mention:
    """`by` wrote the note, which is the event `seq` of the case."""

    reference: str
    seq: int
    at: datetime
    by: BilingualText


def mentions_of(viewer: Actor, most: int = MOST) -> list[Mention]:
    """Of the newest mentions of this officer those on cases that they may still read; two queries."""
    with connection.cursor() as cursor:
        cursor.execute(MENTIONS, [f"[{viewer.officer_id or 0}]", most])
        rows = cursor.fetchall()
    read: list[tuple[Any, ...]] = [
        row for row in rows
        if may(viewer, Permission.READ, standing_of(dict(zip(COLUMNS, row[3:], strict=True))))
    ]  # fmt: skip
    who = get_officer_names({officer for row in read if (officer := officer_of(row[2]))})
    reference = 3 + COLUMNS.index("reference")
    return [
        Mention(row[reference], row[0], row[1], who.get(officer_of(row[2]) or 0, NOTHING)) for row in read
    ]


MENTIONS = f"""
SELECT e.seq, e.at, e.actor, {", ".join(f"c.{column}" for column in COLUMNS)}
FROM event e JOIN "case" c ON c.id = e.case_id
WHERE e.kind = 'case.noted' AND e.data -> 'mentions' @> %s::jsonb
    AND {stands("e")}
ORDER BY e.id DESC LIMIT %s
"""
