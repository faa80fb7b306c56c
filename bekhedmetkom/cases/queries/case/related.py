"""What an officer may want to read beside a case: its citizen's earlier cases, and similar ones with their answers.

Only open cases that the officer may find anyway. A case whose citizen withholds their name, or that is kept with care,
is joined to nobody, neither as this case nor as another.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, OuterRef, Q, QuerySet, TextField
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, JSONObject

from bekhedmetkom.catalogue.rules import Disposition, Handling
from bekhedmetkom.entities.queries import get_tree, get_units
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.references import parse_reference
from bekhedmetkom.kernel.text import BilingualText

from ...models import Case, CaseText
from ...rules.contact import ContactType
from ...rules.search import build_search_query, find_most_similar
from ...rules.states import ANSWERED_STATES, State
from ..lists.search import SEARCH_PLACEHOLDERS, build_search_filter
from ..prepared_statements import prepare_statement
from ..visibility import build_visibility_filter
from .desk_case import DeskCase, find_case_state

MAX_EARLIER_CASES = 3
MAX_CASES_OF_PERSON = 50  # cases of one person that are looked at
MAX_SIMILAR_CASES = 3
MAX_CANDIDATES = 100  # of those that share words: twice as many cost PostgreSQL three times as much
MAX_SHOWN_LENGTH = 400  # letters of a text that is shown beside
_NOT_CONFIDENTIAL = Q(care=str(Handling.OPEN))


@dataclass(frozen=True, slots=True)
class RelatedCase:
    """A case beside another. `answer` is what was said to its citizen; `solved` is the citizen's own word on it."""

    id: UUID
    reference: str
    title: str
    state: State
    entity: BilingualText
    unit_id: int | None
    unit: BilingualText | None
    received_at: datetime
    disposition: Disposition | None
    solved: bool | None
    answer: str


def list_earlier_cases(viewer: Actor, case: DeskCase) -> list[RelatedCase]:
    """The newest other cases that the same confirmed contact is confirmed on; one query."""
    who = case.particulars
    if who is None or case.standing.withheld or case.standing.care is not Handling.OPEN:
        return []
    known = {
        "phones": [who.phone] if who.confirmed(ContactType.PHONE) else [],
        "emails": [who.email.lower()] if who.confirmed(ContactType.EMAIL) else [],
        "numbers": [who.national_number] if who.confirmed(ContactType.NATIONAL_NUMBER) else [],
    }
    if not any(known.values()):
        return []
    theirs = RawSQL(
        """"case".id = ANY (ARRAY(SELECT case_id FROM cases_of_contact(%s::text[], %s::text[], %s::text[],
            NULL, NULL, %s)))""",
        (*known.values(), MAX_CASES_OF_PERSON), output_field=BooleanField(),
    )  # fmt: skip
    rows = Case.objects.filter(
        Q(theirs), build_visibility_filter(viewer), _NOT_CONFIDENTIAL, withheld=False
    ).exclude(pk=case.id)
    return [_build_related_case(row) for row in _select_columns(rows)[:MAX_EARLIER_CASES]]


def list_similar_cases(viewer: Actor, case: DeskCase) -> list[RelatedCase]:
    """Cases that say the same, the answered ones first; of the newest that share some of its words. One query."""
    wanted = build_search_query(case.text)
    if not wanted or case.standing.care is not Handling.OPEN:
        return []
    rows = Case.objects.filter(
        build_search_filter(viewer, MAX_CANDIDATES), build_visibility_filter(viewer), _NOT_CONFIDENTIAL
    ).exclude(pk=case.id)
    words, reference = SEARCH_PLACEHOLDERS
    asked = prepare_statement(_select_columns(rows), SEARCH_PLACEHOLDERS).asked(
        {words: wanted, reference: None}
    )
    others = {row[0]: _build_related_case(row) for row in asked}
    topic = case.standing.service_id
    nearest = find_most_similar(
        case.text, {row[0]: _get_text(row[-1]) for row in asked},
        topics=[row[0] for row in asked if topic is not None and row[_SERVICE_INDEX] == topic],
        answered=[key for key, other in others.items() if other.answer], most=MAX_SIMILAR_CASES,
    )  # fmt: skip
    return [others[key] for key in nearest]


def get_answer(viewer: Actor, reference: str) -> str:
    """What was said to the citizen of another case that the viewer may read; empty where there is nothing to take."""
    known = parse_reference(reference)
    other = find_case_state(viewer, known) if known else None
    if other is None or other[1].care is not Handling.OPEN or other[1].state not in ANSWERED_STATES:
        return ""
    last = CaseText.objects.filter(case=other[0], field="answer").order_by("-seq").first()
    return last.body if last else ""


_COLUMNS = (
    "id",
    "reference",
    "state",
    "entity_id",
    "unit_id",
    "service_id",
    "received_at",
    "disposition",
    "solved",
)
_SERVICE_INDEX = _COLUMNS.index("service_id")
_CASE_TEXTS = CaseText.objects.filter(
    Q(seq=1) | Q(field__in=("transcript", "answer")), case=OuterRef("pk")
).order_by("seq")


def _select_columns(cases: QuerySet[Case]) -> QuerySet[Case, Any]:
    said = ArraySubquery(_CASE_TEXTS.values(text=Cast(JSONObject(field="field", body="body"), TextField())))
    return cases.order_by("-received_at", "-id").values_list(*_COLUMNS, said)


def _build_related_case(row: Sequence[Any]) -> RelatedCase:
    key, reference, state, entity, unit, _service, received_at, disposition, solved, said = row
    texts, section = _parse_texts(said), get_units().get(unit or 0)
    over = State(state) in ANSWERED_STATES
    return RelatedCase(
        id=key,
        reference=reference,
        title=(texts.get("title") or _get_text(said))[:MAX_SHOWN_LENGTH],
        state=State(state),
        entity=get_tree()[entity].name,
        unit_id=unit,
        unit=section.name if section else None,
        received_at=received_at,
        disposition=Disposition(disposition) if over and disposition else None,
        solved=solved,
        answer=texts.get("answer", "") if over else "",
    )


def _parse_texts(said: Iterable[str]) -> dict[str, str]:
    """By field; of several answers the last."""
    return {text["field"]: text["body"] for text in map(json.loads, said)}


def _get_text(said: Iterable[str]) -> str:
    texts = _parse_texts(said)
    return " ".join((texts.get("text") or texts.get("transcript", "")).split())
