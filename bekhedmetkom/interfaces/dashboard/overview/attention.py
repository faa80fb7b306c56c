"""What needs whoever watches: from the desk's own query, the most urgent first, a few."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from bekhedmetkom.analytics.queries.instructions import list_instructions
from bekhedmetkom.cases.queries import AttentionItem, get_attention_page, has_attention_page
from bekhedmetkom.catalogue.queries import get_service
from bekhedmetkom.catalogue.rules import KIND_LABELS, Handling
from bekhedmetkom.entities.queries import get_tree, get_working_calendar
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.formatting import format_deadline, format_in_both_languages
from bekhedmetkom.kernel.text import BilingualText

from ..filters import Filters
from ..request_context import RequestContext

ATTENTION_CARDS: Mapping[str, tuple[str, BilingualText]] = {
    "escalated": ("trending-up", BilingualText("رُفع إليك", "Raised to you")),
    "overdue": ("triangle-alert", BilingualText("تأخر", "Overdue")),
    "upheld": ("scale", BilingualText("قُبل اعتراضه", "Appeal upheld")),
}
MAX_LINES = 4
DEFAULT_INSTRUCTION_DAYS = 2  # working days, for what is instructed from here unless another day is chosen


class AttentionLine(NamedTuple):
    """A case without a word of its citizen's: the screen may hang on a wall. `instruct`: may be done from here."""

    icon: str
    reason: str
    topic: str
    governorate: str
    body: str
    due_text: str
    reference: str
    seq: int
    is_confidential: bool
    can_instruct: bool
    can_ask_head: bool


@dataclass(frozen=True, slots=True)
class AttentionPanel:
    """`here`: of a sector or a body. `more`: there are others on the desk. `given` and `mine`: instructions that wait
    for a report; `late`: of those about figures so many after their day.
    """

    lines: list[AttentionLine]
    is_filtered: bool
    has_more: bool
    given_count: int
    received_count: int
    late_count: int
    default_day: date


def get_attention_panel(asked: Filters) -> AttentionPanel | None:
    """None for whose first page is another. Where a sector or a body is looked at, of its cases."""
    visit = asked.context
    if not has_attention_page(visit.actor):
        return None
    here = bool(asked.query.keys() & {"sector", "entity"})
    found = get_attention_page(visit.actor, visit.at, asked.slice.entities if here else None)
    figures = [one for one in list_instructions(visit.actor, visit.at) if one.outcome is None]
    needs = [(card, need) for card in ATTENTION_CARDS for need in found.cards[card]]
    return AttentionPanel(
        [_build_line(card, need, visit) for card, need in needs[:MAX_LINES]],
        here,
        len(needs) > MAX_LINES or bool(found.more & set(ATTENTION_CARDS)),
        len(found.given) + sum(one.is_by_viewer for one in figures),
        len(found.mine) + sum(one.is_for_viewer for one in figures),
        sum(one.is_late for one in figures),
        get_working_calendar().add_working_days(visit.today, DEFAULT_INSTRUCTION_DAYS),
    )


def _build_line(card: str, need: AttentionItem, visit: RequestContext) -> AttentionLine:
    row, language = need.row, visit.language
    icon, why = ATTENTION_CARDS[card]
    shown = row.care is Handling.OPEN
    topic = get_service(row.service_id).name if shown and row.service_id else KIND_LABELS[row.kind]
    return AttentionLine(
        icon,
        why.in_language(language),
        topic.in_language(language),
        row.governorate.in_language(language) if shown and row.governorate else "",
        get_tree()[row.entity_id].get_name(language),
        _format_due(row.due_at, visit.at).in_language(language),
        row.reference,
        row.seq,
        not shown,
        Permission.INSTRUCT in need.can,
        Permission.ASK_HEAD in need.can,
    )


def _format_due(due: datetime, at: datetime) -> BilingualText:
    """Beside why it is there a bare «in 2 days» would be read as the day on which that happens."""
    said = format_in_both_languages(format_deadline, due, at)
    return said if due < at else BilingualText("موعده {due}", "due {due}").format(due=said)
