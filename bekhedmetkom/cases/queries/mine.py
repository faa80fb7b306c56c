"""All cases of one person, by what they have confirmed and shown to be theirs: newest first, a page at a time.

The function `cases_of_contact` stands outside the wall and finds them; what it finds, the request is let in to. A case
that is kept with more care than others is named by its number alone: a telephone may be a family's, and what such a
case holds opens with its own code.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from bekhedmetkom.catalogue.rules import Handling
from bekhedmetkom.kernel.text import BilingualText

from .. import wall
from ..models import Case, CaseText
from ..rules.case_state import CaseState
from ..rules.contact import Contact, Known
from ..rules.deadlines import is_overdue
from .keyset import next_page, read_cursor
from .telling import called

LONGEST_BEGINNING = 300


@dataclass(frozen=True, slots=True)
class MyCase:
    """One line of the list. `beginning` is empty where the case is kept with care."""

    standing: CaseState
    entity: BilingualText
    beginning: str
    overdue: bool

    @property
    def with_care(self) -> bool:
        return self.standing.care is not Handling.OPEN


@dataclass(frozen=True, slots=True)
class MyCases:
    items: list[MyCase]
    next: str | None


def cases_of(known: Sequence[Known], now: datetime, cursor: str = "", limit: int = 20) -> MyCases:
    """One page of the cases that any of these contacts is confirmed on. `cursor`: `next` of the page before."""
    moment, key = read_cursor(cursor) if cursor else (None, None)
    with connection.cursor() as statement:
        statement.execute(FIND, {**_by_kind(known), "moment": moment, "key": key, "most": limit + 1})
        found = [(UUID(str(case)), received) for case, received in statement.fetchall()]
    ids = [case for case, _ in found[:limit]]
    wall.for_citizen(*ids)
    rows = Case.objects.in_bulk(ids)
    beginnings = _beginnings([key for key, row in rows.items() if row.care == Handling.OPEN])
    items = [
        MyCase(
            standing=rows[key].standing,
            entity=called(rows[key].standing),
            beginning=beginnings.get(key, ""),
            overdue=is_overdue(rows[key].standing, now),
        )
        for key in ids
    ]
    return MyCases(items, next_page(*reversed(found[limit - 1])) if len(found) > limit else None)


def has_cases(known: Sequence[Known]) -> bool:
    """Whether there is any case of theirs."""
    with connection.cursor() as statement:
        statement.execute(FIND, {**_by_kind(known), "moment": None, "key": None, "most": 1})
        return statement.fetchone() is not None


def own_case(known: Sequence[Known], reference: str) -> UUID | None:
    """The case of that reference, if it is theirs and opens without its code; the request is let in to it."""
    with connection.cursor() as statement:
        statement.execute(OWN, {**_by_kind(known), "reference": reference})
        (case,) = statement.fetchone()
    if case is None:
        return None
    wall.for_citizen(UUID(str(case)))
    return UUID(str(case))


def _beginnings(cases: Sequence[UUID]) -> dict[UUID, str]:
    """How each case begins: its title, else its text."""
    texts = CaseText.objects.filter(case__in=cases, seq=1, field__in=("title", "text"))
    said = {(text.case_id, text.field): text.body[:LONGEST_BEGINNING] for text in texts}
    return {case: said.get((case, "title")) or said.get((case, "text"), "") for case in cases}


def _by_kind(known: Sequence[Known]) -> dict[str, Any]:
    def of(contact: Contact) -> list[str]:
        return [address for kind, address in known if kind is contact]

    return {
        "phones": of(Contact.PHONE),
        "emails": [email.lower() for email in of(Contact.EMAIL)],
        "numbers": of(Contact.NATIONAL_NUMBER),
    }


FIND = """
SELECT case_id, received_at FROM cases_of_contact(
    %(phones)s::text[], %(emails)s::text[], %(numbers)s::text[],
    %(moment)s::timestamptz, %(key)s::uuid, %(most)s::int)
"""
OWN = """
SELECT case_of_contact(%(reference)s::text, %(phones)s::text[], %(emails)s::text[], %(numbers)s::text[])
"""
