"""What needs a higher official now: a few cases a card, the most urgent first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from bekhedmetkom.identity.queries import RoleCoverage, get_role_coverage
from bekhedmetkom.identity.rules import Permission, Role
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.text import BilingualText

from ...models import OPEN_STATE_NAMES, UPHELD_OUTCOMES, Case
from ...rules.actions import list_possible_actions
from ...rules.states import State
from ...workspace_models import Follow
from ..lists.case_rows import CaseRow, build_rows, select_rows
from ..lists.queues import (
    MOMENT_PLACEHOLDERS,
    PLACEHOLDERS,
    QueueMoments,
    filter_queue,
    get_directory_version,
)
from ..prepared_statements import PreparedStatement, prepare_statement
from ..visibility import build_visibility_filter
from .case_highlights import CaseHighlights, get_case_highlights
from .escalations import ConfidentialEscalation, Escalation, list_confidential_escalations
from .instructions import Instruction, list_instructions

LEADERSHIP_ROLES = frozenset(
    {Role.HEAD_OF_BODY, Role.MINISTER, Role.MINISTER_OFFICE, Role.PM_UNIT}
)  # whose first page this is
ATTENTION_ROLES = LEADERSHIP_ROLES | {Role.MANAGER}  # who has it; a manager begins the day with lists
CARD_ORDER = ("escalated", "approval", "upheld", "overdue", "followed")
CARD_SIZE = 5  # of a card; the rest is behind its link


@dataclass(frozen=True, slots=True)
class AttentionItem:
    """A case of a card with what its official was told, what waits for approval, and what they may do at once.

    `news`: how much happened to a case that they follow since they looked, and the last of it.
    """

    row: CaseRow
    raised: Escalation | None
    reply: str
    can: Sequence[str]
    followed: bool
    news: int
    newest: BilingualText | None


@dataclass(frozen=True, slots=True)
class AttentionPage:
    """`more`: cards that hold more than is shown. `given` and `mine`: instructions, the first to fall due first."""

    cards: Mapping[str, list[AttentionItem]]
    more: frozenset[str]
    withheld: list[ConfidentialEscalation]
    given: list[Instruction]
    mine: list[Instruction]


def is_leadership(viewer: Actor) -> bool:
    return any(grant.role in LEADERSHIP_ROLES for grant in viewer.grants)


def has_attention_page(viewer: Actor) -> bool:
    """Whether somebody has a page of what needs them."""
    return any(grant.role in ATTENTION_ROLES for grant in viewer.grants)


def get_attention_page(viewer: Actor, now: datetime, bodies: frozenset[int] | None = None) -> AttentionPage:
    """Four queries, whatever there is. A case stands on the first card that has it. `bodies`: only their cases."""
    found = _list_rows(viewer, now, bodies)
    rows = [row for lines in found.values() for row in lines]
    known = get_case_highlights(viewer, {row.id for row in rows}, now)
    shown: set[object] = set()
    cards: dict[str, list[AttentionItem]] = {}
    for card in CARD_ORDER:
        lines = [row for row in found.get(card, ()) if row.id not in shown][:CARD_SIZE]
        shown |= {row.id for row in lines}
        cards[card] = [_build_item(viewer, row, known[row.id]) for row in lines]
    asked = list_instructions(viewer, now)
    return AttentionPage(
        cards,
        frozenset(card for card, lines in found.items() if len(lines) > CARD_SIZE),
        list_confidential_escalations(viewer, now),
        [one for one in asked if not one.mine],
        [one for one in asked if one.mine],
    )


def _build_item(viewer: Actor, row: CaseRow, known: CaseHighlights) -> AttentionItem:
    possible = list_possible_actions(
        viewer, known.standing, needs_approval=False
    )  # the reply's own page knows which way it goes
    return AttentionItem(row, known.raised, known.reply, possible, known.followed, known.news, known.newest)


def _list_rows(viewer: Actor, now: datetime, bodies: frozenset[int] | None) -> dict[str, list[CaseRow]]:
    statement = _build_cards_statement(viewer, get_role_coverage(now), bodies, get_directory_version())
    said: dict[Any, Any] = dict(zip(PLACEHOLDERS, QueueMoments.at(now), strict=False))
    found: dict[str, list[Sequence[Any]]] = {}
    for card, *line in statement.asked(said):
        found.setdefault(card, []).append(line)
    return {card: build_rows(lines, now) for card, lines in found.items()}


@lru_cache(maxsize=1024)
def _build_cards_statement(
    viewer: Actor, service: RoleCoverage, bodies: frozenset[int] | None, _directory: tuple[int, int]
) -> PreparedStatement:
    """The cards one after another; each reads its own index, and stops early."""
    theirs = Q() if bodies is None else Q(entity_id__in=bodies)
    parts: list[str] = []
    values: list[Any] = []
    for card in CARD_ORDER:
        cases = filter_card(card, viewer, service).filter(theirs).order_by("due_at", "pk")
        part = prepare_statement(select_rows(cases)[: CARD_SIZE + 1], PLACEHOLDERS)
        if part.statement:
            parts.append(f"(SELECT '{card}', part.* FROM ({part.statement}) part)")
            values += part.values
    return PreparedStatement(" UNION ALL ".join(parts), values)


def filter_card(card: str, viewer: Actor, service: RoleCoverage) -> QuerySet[Case]:
    """The cases of one card, in no order; in a statement that is kept, `UNSAID` stands for the moments."""
    moments = MOMENT_PLACEHOLDERS
    match card:
        case "approval":
            mine = Q(drafted_by=viewer.officer_id)
            return Case.objects.filter(
                build_visibility_filter(viewer, Permission.APPROVE) & ~mine, state=State.AWAITING_APPROVAL
            )
        case "upheld":
            return Case.objects.filter(
                build_visibility_filter(viewer),
                appeal_outcome__in=UPHELD_OUTCOMES,
                state__in=OPEN_STATE_NAMES,
            )
        case "followed":
            news = Follow.objects.filter(
                case=OuterRef("pk"), officer=viewer.officer_id, looked__lt=OuterRef("seq")
            )
            return Case.objects.filter(build_visibility_filter(viewer) & Exists(news))
        case _:
            return filter_queue(viewer, card, moments, service)
