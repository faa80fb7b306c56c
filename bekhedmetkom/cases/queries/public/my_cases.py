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

from ... import row_security
from ...models import Case, CaseText
from ...rules.case_state import CaseState
from ...rules.contact import ContactAddress, ContactType
from ...rules.deadlines import is_overdue
from ..case.timeline import get_body_name
from ..lists.keyset import build_cursor, parse_cursor

MAX_EXCERPT_LENGTH = 300


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
class MyCasesPage:
    items: list[MyCase]
    next: str | None


def list_my_cases(
    known: Sequence[ContactAddress], now: datetime, cursor: str = "", limit: int = 20
) -> MyCasesPage:
    """One page of the cases that any of these contacts is confirmed on. `cursor`: `next` of the page before."""
    moment, key = parse_cursor(cursor) if cursor else (None, None)
    with connection.cursor() as statement:
        statement.execute(
            FIND_CASES_SQL, {**_group_by_type(known), "moment": moment, "key": key, "most": limit + 1}
        )
        found = [(UUID(str(case)), received) for case, received in statement.fetchall()]
    ids = [case for case, _ in found[:limit]]
    row_security.allow_citizen(*ids)
    rows = Case.objects.in_bulk(ids)
    beginnings = _get_excerpts([key for key, row in rows.items() if row.care == Handling.OPEN])
    items = [
        MyCase(
            standing=rows[key].standing,
            entity=get_body_name(rows[key].standing),
            beginning=beginnings.get(key, ""),
            overdue=is_overdue(rows[key].standing, now),
        )
        for key in ids
    ]
    return MyCasesPage(items, build_cursor(*reversed(found[limit - 1])) if len(found) > limit else None)


def has_cases(known: Sequence[ContactAddress]) -> bool:
    """Whether there is any case of theirs."""
    with connection.cursor() as statement:
        statement.execute(FIND_CASES_SQL, {**_group_by_type(known), "moment": None, "key": None, "most": 1})
        return statement.fetchone() is not None


def find_my_case(known: Sequence[ContactAddress], reference: str) -> UUID | None:
    """The case of that reference, if it is theirs and opens without its code; the request is let in to it."""
    with connection.cursor() as statement:
        statement.execute(FIND_CASE_SQL, {**_group_by_type(known), "reference": reference})
        (case,) = statement.fetchone()
    if case is None:
        return None
    row_security.allow_citizen(UUID(str(case)))
    return UUID(str(case))


def _get_excerpts(cases: Sequence[UUID]) -> dict[UUID, str]:
    """How each case begins: its title, else its text."""
    texts = CaseText.objects.filter(case__in=cases, seq=1, field__in=("title", "text"))
    said = {(text.case_id, text.field): text.body[:MAX_EXCERPT_LENGTH] for text in texts}
    return {case: said.get((case, "title")) or said.get((case, "text"), "") for case in cases}


def _group_by_type(known: Sequence[ContactAddress]) -> dict[str, Any]:
    def of(contact: ContactType) -> list[str]:
        return [address for kind, address in known if kind is contact]

    return {
        "phones": of(ContactType.PHONE),
        "emails": [email.lower() for email in of(ContactType.EMAIL)],
        "numbers": of(ContactType.NATIONAL_NUMBER),
    }


FIND_CASES_SQL = """
SELECT case_id, received_at FROM cases_of_contact(
    %(phones)s::text[], %(emails)s::text[], %(numbers)s::text[],
    %(moment)s::timestamptz, %(key)s::uuid, %(most)s::int)
"""
FIND_CASE_SQL = """
SELECT case_of_contact(%(reference)s::text, %(phones)s::text[], %(emails)s::text[], %(numbers)s::text[])
"""
