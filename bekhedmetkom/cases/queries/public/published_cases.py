"""What everybody may read of cases. PostgreSQL's function `public_cases` lets nothing else out, and no exact place.

Answers are found by the words that the desk published: a search that knew the citizen's own would give them away.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import connection

from bekhedmetkom.catalogue.rules import Kind
from bekhedmetkom.language.arabizi_decoder import to_arabic

from ...rules.search import LIKELY_ANSWER_SCORE, build_search_query, rank_answers
from ...rules.states import ANSWERED_STATES, State

_MAX_CANDIDATES = 40  # of those that share words


@dataclass(frozen=True, slots=True)
class PublicCase:
    """A case as its citizen and the desk let it out; `lat` and `lng` to about 100 m."""

    reference: str
    state: State
    kind: Kind
    service: int
    entity: int
    governorate: int | None
    received_at: datetime
    updated_at: datetime
    due_at: datetime
    text: str
    lat: float | None
    lng: float | None


def list_public_cases(
    *, references: Sequence[str] | None = None, services: Sequence[int] | None = None,
    states: Sequence[str] | None = None, since: datetime | None = None, until: datetime | None = None,
    updated_after: datetime | None = None, most: int, skip: int = 0,
) -> list[PublicCase]:  # fmt: skip
    """The newest first. `None` narrows nothing; the times are of receipt."""
    given: list[Any] = [references, services, states, since, until, updated_after, most, skip]
    with connection.cursor() as cursor:
        cursor.execute(PUBLIC_CASES_SQL, given)
        return [PublicCase(row[0], State(row[1]), Kind(row[2]), *row[3:]) for row in cursor.fetchall()]


PUBLIC_CASES_SQL = """
SELECT reference, state, kind, service_id, entity_id, governorate_id, received_at, updated_at, due_at, said, lat, lng
FROM public_cases(%s::text[], %s::bigint[], %s::text[], %s, %s, %s, %s, %s)
"""


@dataclass(frozen=True, slots=True)
class PublishedAnswer:
    """A question and its answer, in the words in which everybody may read them. `score`: how near to what was asked."""

    reference: str
    kind: Kind
    service: int
    entity: int
    answered_at: datetime
    question: str
    answer: str
    score: float = 1.0


def search_published_answers(
    text: str, most: int, least: float = LIKELY_ANSWER_SCORE
) -> list[PublishedAnswer]:
    """Published answers to what a text asks, the nearest first; none where nothing is near. One query, or none."""
    wanted = build_search_query(to_arabic(text))
    if "&" not in wanted:  # a word is no question
        return []
    found = {
        one.reference: one for one in _fetch_answers([None, wanted, _ANSWERED_STATE_NAMES, _MAX_CANDIDATES])
    }
    if not found:
        return []
    near = rank_answers(text, {key: (one.question, one.answer) for key, one in found.items()}, least)
    return [replace(found[key], score=round(score, 3)) for key, score in near.items()][:most]


def find_published_answer(reference: str) -> PublishedAnswer | None:
    """The answer of that case, if everybody may read it."""
    found = _fetch_answers([[reference], None, _ANSWERED_STATE_NAMES, 1])
    return found[0] if found else None


def _fetch_answers(given: list[Any]) -> list[PublishedAnswer]:
    with connection.cursor() as cursor:
        cursor.execute(PUBLISHED_ANSWERS_SQL, given)
        return [PublishedAnswer(row[0], Kind(row[1]), *row[2:]) for row in cursor.fetchall()]


_ANSWERED_STATE_NAMES = [str(state) for state in ANSWERED_STATES]
PUBLISHED_ANSWERS_SQL = """
SELECT reference, kind, service_id, entity_id, answered_at, said, answer
FROM public_answers(%s::text[], to_tsquery('simple', %s::text), %s::text[], %s)
"""
