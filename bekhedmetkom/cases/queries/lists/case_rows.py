"""A line of the desk's lists: what is read of a case for it, and what it says. No more: a page has fifty."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Func, OuterRef, Q, QuerySet, Subquery, TextField

from bekhedmetkom.catalogue.rules import Handling, Kind
from bekhedmetkom.entities.queries import GovernorateRecord, UnitRecord, get_governorates, get_units
from bekhedmetkom.identity.models import Officer
from bekhedmetkom.kernel.text import BilingualText

from ...models import Case, CaseText
from ...rules.states import WORKING_STATES, State

MAX_TITLE_LENGTH = 70  # letters of a text that stand for its title …
MAX_EXCERPT_LENGTH = 160  # … and of what is shown after it
WORKED_STATES = frozenset(
    {*WORKING_STATES, State.APPEALED}
)  # somebody here is late with it, once its date has passed


class CaseRow(NamedTuple):
    """Keys are of the directory. `title` is the citizen's, else how the text begins; `excerpt` goes on from there."""

    id: UUID
    reference: str
    state: State
    seq: int
    kind: Kind
    entity_id: int
    service_id: int | None
    unit_id: int | None
    governorate_id: int | None
    received_at: datetime
    updated_at: datetime
    due_at: datetime
    answered_at: datetime | None
    urgent: bool
    care: Handling
    voice: bool
    channel: str
    snoozed_until: datetime | None
    title: str
    excerpt: str
    unit: BilingualText | None
    officer: BilingualText | None
    governorate: BilingualText | None
    overdue: bool


def _build_text_pair(first: str, second: str) -> Func:
    """Two texts as an array, which psycopg reads in C."""
    return Func(F(first), F(second), template="ARRAY[%(expressions)s]", output_field=ArrayField(TextField()))


_COLUMNS = CaseRow._fields[: CaseRow._fields.index("title")]
_ROW_TEXTS = CaseText.objects.filter(Q(seq=1) | Q(field="transcript"), case=OuterRef("pk"))
_ROW_SUBQUERIES = {
    # By subquery, for the rows of the page alone: behind the wall a join would be made for all of the queue.
    "held_by": Subquery(
        Officer.objects.filter(pk=OuterRef("officer_id")).values(said=_build_text_pair("name_ar", "name_en"))
    ),
    "said": ArraySubquery(_ROW_TEXTS.values(text=_build_text_pair("field", "body"))),
}


def select_rows(cases: QuerySet[Case]) -> QuerySet[Case, Any]:
    """Of these cases, what a line needs: `as_rows` reads it."""
    lines: QuerySet[Case, Any] = cases.values(*_COLUMNS, **_ROW_SUBQUERIES)
    return lines


def build_rows(found: Iterable[Sequence[Any]], now: datetime) -> list[CaseRow]:
    """Names of the directory come from memory, those of officers with the case."""
    areas, sections = get_governorates(), get_units()
    return [
        _build_row(dict(zip(_COLUMNS, columns, strict=True)), held_by, said, now, areas, sections)
        for *columns, held_by, said in found
    ]


def _build_row(
    case: dict[str, Any], held_by: tuple[str, str] | None, said: Iterable[tuple[str, str]], now: datetime,
    areas: Mapping[int, GovernorateRecord], sections: Mapping[int, UnitRecord],
) -> CaseRow:  # fmt: skip
    state = State(case["state"])
    area, section = areas.get(case["governorate_id"]), sections.get(case["unit_id"])
    title, excerpt = _get_title_and_excerpt(dict(said))
    read = {"state": state, "kind": Kind(case["kind"]), "care": Handling(case["care"])}
    return CaseRow(
        **case | read,
        title=title,
        excerpt=excerpt,
        unit=section.name if section else None,
        officer=_get_officer_name(held_by),
        governorate=area.name if area else None,
        overdue=state in WORKED_STATES and now > case["due_at"],
    )


def _get_title_and_excerpt(texts: Mapping[str, str]) -> tuple[str, str]:
    text = " ".join((texts.get("text") or texts.get("transcript", "")).split())
    title = texts.get("title", "")
    if title:
        return title, text[:MAX_EXCERPT_LENGTH]
    head = _get_first_words(text)
    return head, text[len(head) :].strip()[:MAX_EXCERPT_LENGTH]


def _get_first_words(text: str) -> str:
    """The first words of a text that has no title: no word is cut in two, unless it is endless."""
    if len(text) <= MAX_TITLE_LENGTH:
        return text
    space = text.rfind(" ", 0, MAX_TITLE_LENGTH + 1)
    return text[: space if space > 0 else MAX_TITLE_LENGTH]


def _get_officer_name(officer: tuple[str, str] | None) -> BilingualText | None:
    if officer is None:
        return None
    arabic, english = officer
    return BilingualText(arabic, english or arabic)
