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

from ..kept import Follow
from ..models import IS_OPEN, UPHELD, Case
from ..rules.states import State
from ..rules.verbs import can
from .beside import Beside, beside
from .instructions import Instruction, instructions_of
from .levels import Withheld, raised_in_confidence
from .queues import UNSAID, UNSAID_MOMENTS, Moments, directory, in_queue
from .raised import Raised
from .rows import Row, as_rows, lines_of
from .visible import visible
from .worded import Worded, worded

HIGHER = frozenset(
    {Role.HEAD_OF_BODY, Role.MINISTER, Role.MINISTER_OFFICE, Role.PM_UNIT}
)  # whose first page this is
WITH_NEEDS = HIGHER | {Role.MANAGER}  # who has it; a manager begins the day with lists
CARDS = ("escalated", "approval", "upheld", "overdue", "followed")
FEW = 5  # of a card; the rest is behind its link


@dataclass(frozen=True, slots=True)
class Need:
    """A case of a card with what its official was told, what waits for approval, and what they may do at once.

    `news`: how much happened to a case that they follow since they looked, and the last of it.
    """

    row: Row
    raised: Raised | None
    reply: str
    can: Sequence[str]
    followed: bool
    news: int
    newest: BilingualText | None


@dataclass(frozen=True, slots=True)
class Needs:
    """`more`: cards that hold more than is shown. `given` and `mine`: instructions, the first to fall due first."""

    cards: Mapping[str, list[Need]]
    more: frozenset[str]
    withheld: list[Withheld]
    given: list[Instruction]
    mine: list[Instruction]


def is_higher(viewer: Actor) -> bool:
    return any(grant.role in HIGHER for grant in viewer.grants)


def has_needs(viewer: Actor) -> bool:
    """Whether somebody has a page of what needs them."""
    return any(grant.role in WITH_NEEDS for grant in viewer.grants)


def needs_of(viewer: Actor, now: datetime, bodies: frozenset[int] | None = None) -> Needs:
    """Four queries, whatever there is. A case stands on the first card that has it. `bodies`: only their cases."""
    found = _rows(viewer, now, bodies)
    rows = [row for lines in found.values() for row in lines]
    known = beside(viewer, {row.id for row in rows}, now)
    shown: set[object] = set()
    cards: dict[str, list[Need]] = {}
    for card in CARDS:
        lines = [row for row in found.get(card, ()) if row.id not in shown][:FEW]
        shown |= {row.id for row in lines}
        cards[card] = [_need(viewer, row, known[row.id]) for row in lines]
    asked = instructions_of(viewer, now)
    return Needs(
        cards, frozenset(card for card, lines in found.items() if len(lines) > FEW),
        raised_in_confidence(viewer, now), [one for one in asked if not one.mine], [one for one in asked if one.mine],
    )  # fmt: skip


def _need(viewer: Actor, row: Row, known: Beside) -> Need:
    possible = can(
        viewer, known.standing, needs_approval=False
    )  # the reply's own page knows which way it goes
    return Need(row, known.raised, known.reply, possible, known.followed, known.news, known.newest)


def _rows(viewer: Actor, now: datetime, bodies: frozenset[int] | None) -> dict[str, list[Row]]:
    statement = _carded(viewer, get_role_coverage(now), bodies, directory())
    said: dict[Any, Any] = dict(zip(UNSAID, Moments.at(now), strict=False))
    found: dict[str, list[Sequence[Any]]] = {}
    for card, *line in statement.asked(said):
        found.setdefault(card, []).append(line)
    return {card: as_rows(lines, now) for card, lines in found.items()}


@lru_cache(maxsize=1024)
def _carded(
    viewer: Actor, service: RoleCoverage, bodies: frozenset[int] | None, _directory: tuple[int, int]
) -> Worded:
    """The cards one after another; each reads its own index, and stops early."""
    theirs = Q() if bodies is None else Q(entity_id__in=bodies)
    parts: list[str] = []
    values: list[Any] = []
    for card in CARDS:
        cases = of_card(card, viewer, service).filter(theirs).order_by("due_at", "pk")
        part = worded(lines_of(cases)[: FEW + 1], UNSAID)
        if part.statement:
            parts.append(f"(SELECT '{card}', part.* FROM ({part.statement}) part)")
            values += part.values
    return Worded(" UNION ALL ".join(parts), values)


def of_card(card: str, viewer: Actor, service: RoleCoverage) -> QuerySet[Case]:
    """The cases of one card, in no order; in a statement that is kept, `UNSAID` stands for the moments."""
    moments = UNSAID_MOMENTS
    match card:
        case "approval":
            mine = Q(drafted_by=viewer.officer_id)
            return Case.objects.filter(
                visible(viewer, Permission.APPROVE) & ~mine, state=State.AWAITING_APPROVAL
            )
        case "upheld":
            return Case.objects.filter(visible(viewer), appeal_outcome__in=UPHELD, state__in=IS_OPEN)
        case "followed":
            news = Follow.objects.filter(
                case=OuterRef("pk"), officer=viewer.officer_id, looked__lt=OuterRef("seq")
            )
            return Case.objects.filter(visible(viewer) & Exists(news))
        case _:
            return in_queue(viewer, card, moments, service)
