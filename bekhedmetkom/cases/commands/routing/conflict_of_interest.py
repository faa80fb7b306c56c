"""A case complains of a person or a unit: it never comes to them, nor to anybody under them.

Who may not see it follows from the organisation of the day, not from a list made once: who begins to work under
somebody sees no complaint of them. What has to move because nobody clean is left where it is moves to the nearest
body above that is clean, else to the Prime Ministry unit.
"""

import logging
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Q

from bekhedmetkom.entities.queries import get_units, get_working_calendar
from bekhedmetkom.identity.queries import get_organisation
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import CLOCK, Actor
from bekhedmetkom.kernel.errors import FieldError, InvalidInput
from bekhedmetkom.kernel.text import BilingualText

from ...journal import Change, record
from ...models import OPEN_STATE_NAMES, Case
from ...queries.routing.appeal_reviewers import find_next_reviewer
from ...queries.routing.conflict_of_interest import (
    build_triage_data,
    find_body_without_conflict,
    get_concerned_officers,
    is_unit_in_conflict,
)
from ...rules.case_state import CaseState
from ...rules.deadlines import build_resumption_data
from ...rules.states import ANSWERED_STATES, EventType, State
from ..collaboration.tasks import build_conflict_data as tasks_barred
from ..permission_check import require_permission
from .assignment import build_service_data

log = logging.getLogger(__name__)

IN_PROGRESS_STATES = (State.ASSIGNED, State.AWAITING_CITIZEN, State.AWAITING_APPROVAL)

_SUBJECT_REQUIRED = BilingualText(
    "اختر الموظف أو القسم الذي تخصه الشكوى.", "Choose the officer or the unit that it complains of."
)
_UNKNOWN_SUBJECT = BilingualText("اختر من القائمة.", "Choose from the list.")


class _ConflictResolved(Exception):
    """Somebody else has moved it by now."""


def set_complaint_subject(
    *, case: UUID, seen: int, actor: Actor, at: datetime, officer: int | None = None, unit: int | None = None
) -> int:
    """Say of whom it complains: an officer or a unit. It is distributed anew, by who may see it."""
    if officer is None and unit is None:
        raise InvalidInput(FieldError("to", _SUBJECT_REQUIRED))
    if officer is not None and not get_organisation(at).has_role(officer):
        raise InvalidInput(FieldError("officer", _UNKNOWN_SUBJECT))
    if unit is not None and unit not in get_units():
        raise InvalidInput(FieldError("unit", _UNKNOWN_SUBJECT))
    about = {"about_officer_id": officer, "about_unit_id": unit}
    named = {name: key for name, key in about.items() if key is not None}

    def decide(standing: CaseState) -> Change:
        require_permission(actor, Permission.CONCERN, standing)
        moves = _build_move_data(case, standing.replace(named), at)
        return Change(EventType.CONCERNS, {"by": actor.officer_id} | named | moves)

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def resolve_conflicts(at: datetime) -> int:
    """What the organisation's changes, or a case's own way, have brought where it must not be moves on.

    Returns how many did; a second run moves none.
    """
    moved = 0
    about = Q(about_officer__isnull=False) | Q(about_unit__isnull=False)
    for row in Case.objects.filter(about, state__in=OPEN_STATE_NAMES).order_by("pk"):
        if _has_no_conflict(row.pk, row.standing, at):
            continue
        try:
            record(case=row.pk, seen=None, actor=CLOCK, at=at, decide=partial(_decide_resolution, row.pk, at))
            moved += 1
        except _ConflictResolved:
            continue
        except Exception:  # one case that cannot go on must not hold up every other
            log.exception("case %s could not be kept clear", row.pk)
    return moved


def _decide_resolution(case: UUID, at: datetime, standing: CaseState) -> Change:
    if _has_no_conflict(case, standing, at):
        raise _ConflictResolved
    about = {"about_officer_id": standing.about_officer_id, "about_unit_id": standing.about_unit_id}
    return Change(EventType.CONCERNS, about | _build_move_data(case, standing, at))


def _has_no_conflict(case: UUID, standing: CaseState, at: datetime) -> bool:
    barred = get_concerned_officers(standing, at)
    unit = standing.unit_id
    return (
        barred.isdisjoint({standing.officer_id, standing.reviewer_id, standing.drafted_by_id})
        and not (unit is not None and is_unit_in_conflict(unit, standing, at))
        and find_body_without_conflict(standing.entity_id, standing, standing.care, at) == standing.entity_id
        and not tasks_barred(case, standing, at)
    )


def _build_move_data(case: UUID, standing: CaseState, at: datetime) -> dict[str, Any]:
    """What moves with the complaint: body, unit, officer, reviewer, tasks, and the draft that waits for approval."""
    barred = get_concerned_officers(standing, at)
    data: dict[str, Any] = tasks_barred(case, standing, at)
    if standing.state in IN_PROGRESS_STATES:
        data |= {
            "unit_id": None,
            "officer_id": None,
            "drafted_by_id": None,
            "disposition": None,
            "paused_at": None,
        }
        data |= build_resumption_data(standing, at, get_working_calendar())
    elif standing.unit_id is not None and is_unit_in_conflict(standing.unit_id, standing, at):
        data["unit_id"] = None
    if standing.officer_id in barred:
        data["officer_id"] = None
    if standing.state is State.APPEALED and standing.reviewer_id in barred:
        data["reviewer_id"] = find_next_reviewer(case, standing, at)
    if standing.state in ANSWERED_STATES:  # what was said stays with the body that said it
        return data
    to = find_body_without_conflict(standing.entity_id, standing, standing.care, at)
    if to != standing.entity_id:
        data |= (
            build_triage_data(to)
            | build_service_data(standing, to)
            | {"referred_from_id": None, "unit_id": None, "officer_id": None}
        )
    return data
