"""What was asked about figures: of whom it is asked, who asked it, and what stands above a body without an answer."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F, Q

from bekhedmetkom.entities.queries import get_working_calendar
from bekhedmetkom.identity.queries import get_reachable_bodies, get_role_coverage
from bekhedmetkom.identity.rules import Permission, Role
from bekhedmetkom.kernel.actor import Actor, Grant
from bekhedmetkom.kernel.clock import get_local_date

from ..rules.instructions import RECIPIENT_ROLES, InstructionOutcome, has_climbed, is_late
from ..storage import Instruction

RECENT_PERIOD = timedelta(days=30)  # after its end
MAX_INSTRUCTIONS = 200


@dataclass(frozen=True, slots=True)
class InstructionDetails:
    """`mine`: this officer may answer for the body; `given`: this officer asked. Neither: it has climbed to them."""

    id: int
    entity: int
    indicator: str
    query: str
    value: float | None
    observations: int
    text: str
    until: date
    officer: int
    at: datetime
    is_for_viewer: bool
    is_by_viewer: bool
    is_late: bool
    outcome: InstructionOutcome | None
    answer: str
    ended_by: int | None
    ended_at: datetime | None


def list_answerable_bodies(actor: Actor, at: datetime) -> frozenset[int]:
    """The bodies for which this officer answers, by the nearest-parent rule."""
    service = get_role_coverage(at)
    return frozenset[int]().union(
        *(
            service.get_bodies(Role(grant.role), grant.entity)
            for grant in actor.grants
            if grant.role in RECIPIENT_ROLES and grant.entity is not None
        )
    )


def list_instructions(actor: Actor, at: datetime) -> list[InstructionDetails]:
    """What waits, the first day first; then what ended lately, of what is theirs. One statement."""
    today, answers = get_local_date(at), list_answerable_bodies(actor, at)
    theirs = Q(entity__in=sorted(answers)) | Q(officer=actor.officer_id)
    condition = theirs & (Q(end=None) | Q(end__at__gte=at - RECENT_PERIOD))
    reach = get_reachable_bodies(actor, Permission.ASK_HEAD)
    above = reach is None or bool(reach)
    if above:
        climbed = Q(end=None, until__lt=today)
        condition |= climbed if reach is None else climbed & Q(entity__in=sorted(reach or ()))
    rows = Instruction.objects.filter(condition).select_related("end")
    rows = rows.order_by(F("end__at").desc(nulls_first=True), "until", "pk")
    found = [
        _build_instruction(row, row.entity_id in answers, row.officer_id == actor.officer_id, today)
        for row in rows[:MAX_INSTRUCTIONS]
    ]
    return [
        one for one in found if one.is_for_viewer or one.is_by_viewer or _has_climbed_to(actor, one, today)
    ]


def _has_climbed_to(actor: Actor, one: InstructionDetails, today: date) -> bool:
    calendar = get_working_calendar()
    return any(
        has_climbed(Role(grant.role), one.until, today, calendar)
        for grant in actor.grants
        if _is_above(grant, one.entity)
    )


def _is_above(grant: Grant, entity: int) -> bool:
    return grant.role == Role.PM_UNIT or entity in grant.subtree


def _build_instruction(row: Instruction, mine: bool, given: bool, today: date) -> InstructionDetails:
    end = getattr(row, "end", None)
    return InstructionDetails(
        row.pk,
        row.entity_id,
        row.indicator,
        row.query,
        row.value,
        row.observations,
        row.text,
        row.until,
        row.officer_id,
        row.at,
        mine,
        given,
        end is None and is_late(row.until, today),
        InstructionOutcome(end.outcome) if end else None,
        end.text if end else "",
        end.officer_id if end else None,
        end.at if end else None,
    )
