"""The list of each level: what time or a colleague has raised to whom, and must be acted on there."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q

from bekhedmetkom.catalogue.queries import get_policy_version, list_policies_alerting
from bekhedmetkom.catalogue.rules import EscalationLevel, Handling
from bekhedmetkom.entities.queries import get_tree, get_working_calendar
from bekhedmetkom.identity.queries import RoleCoverage, get_role_coverage
from bekhedmetkom.identity.rules import Role
from bekhedmetkom.kernel.actor import Actor, Grant
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.text import BilingualText

from ...rules.access import CONFIDENTIALITY_ROLES
from ...rules.case_state import CaseState
from ...rules.deadlines import get_escalation_time
from ...rules.escalation_chain import list_earlier_roles
from ...rules.events import EVENTS
from ...rules.events.base import higher_level
from ...rules.states import WORKING_STATES, EventType, State
from ..case.timeline import EMPTY_TEXT, build_event_values
from ..visibility import NO_CASES


def build_escalation_filter(viewer: Actor, service: RoleCoverage) -> Q:
    """What is raised to one of the officer's levels, at the bodies whose nearest they are.

    It stands on one list as somebody's to act on, never as a copy on the lists above. Where a level has nobody, it is
    the next one's. What is need-to-know stands on the lists of those who know, whatever level it was raised to.
    """
    condition = NO_CASES
    for level, bodies in get_bodies_by_level(viewer, service).items():
        idle = Q(idle_told=True, policy__in=sorted(list_policies_alerting(level)))
        condition |= (Q(level=str(level)) | idle) & Q(entity__in=sorted(bodies), care=str(Handling.OPEN))
    for grant in viewer.grants:
        if grant.role in CONFIDENTIALITY_ROLES.values() and grant.entity is not None:
            known = ~Q(care=str(Handling.OPEN)) & Q(
                entity__in=sorted(service.get_bodies(Role(grant.role), grant.entity))
            )
            condition |= (~Q(level="") | Q(idle_told=True)) & known
    return condition


def get_bodies_by_level(viewer: Actor, service: RoleCoverage) -> Mapping[EscalationLevel, set[int]]:
    """For which bodies the officer acts on what is raised to each level."""
    bodies: defaultdict[EscalationLevel, set[int]] = defaultdict(set)
    for level in EscalationLevel:
        for grant in viewer.grants:
            bodies[level] |= set(_list_bodies_in_turn(level, grant, service))
    return {level: served for level, served in bodies.items() if served}


def _list_bodies_in_turn(level: EscalationLevel, grant: Grant, service: RoleCoverage) -> Iterator[int]:
    """The bodies at which it is this role's turn: nobody is there who comes before."""
    role = Role(grant.role)
    earlier = list_earlier_roles(level, role)
    if earlier is None:
        return
    everywhere = role is Role.PM_UNIT
    served = (
        (body.id for body in get_tree())
        if everywhere
        else service.get_bodies(role, grant.entity)
        if grant.entity
        else ()
    )
    yield from (
        body for body in served if all(service.find_nearest(body, other) is None for other in earlier)
    )


class ConfidentialEscalation(NamedTuple):
    """Need-to-know cases of one body that were raised to a level: how many, and the day since when the first is late.

    All that an official who may not know of them is told: no reference, no kind, no unit, nobody.
    """

    entity: int
    level: EscalationLevel
    number: int
    since: datetime


def list_confidential_escalations(viewer: Actor, now: datetime) -> list[ConfidentialEscalation]:
    """The bare lines on a higher official's list (decision 32); those who know have the cases themselves.

    A case that complains of them, of somebody above them or of their unit is not counted to them either.
    """
    acting = get_bodies_by_level(viewer, get_role_coverage(now))
    bodies = sorted(set[int]().union(*acting.values()))
    if not bodies or not any(grant.role in _LEADERSHIP_ROLES for grant in viewer.grants):
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM raised_in_confidence(%s, %s::bigint[], %s::bigint[])",
            [bodies, sorted({viewer.officer_id or 0, *viewer.superiors}), sorted(viewer.unit_ids)],
        )
        found = [
            ConfidentialEscalation(entity, EscalationLevel(level), number, since)
            for entity, level, number, since in cursor.fetchall()
        ]
    return [line for line in found if line.entity in acting.get(line.level, ())]


_LEADERSHIP_ROLES = {Role.HEAD_OF_BODY, Role.MINISTER, Role.MINISTER_OFFICE, Role.PM_UNIT}


@dataclass(frozen=True, slots=True)
class OfficerAction:
    """Something that an officer did since."""

    at: datetime
    words: BilingualText
    by: BilingualText


@dataclass(frozen=True, slots=True)
class Escalation:
    """`happened`: nothing was done, the date passed, or somebody raised it, who then says why (`by`, `reason`).

    `ground`: the last act that the citizen saw, or the date that passed. `acts`: how much was done since, `last` the
    last of it. It `climbs_at` that moment to the level above, unless it is answered.
    """

    happened: EventType
    level: EscalationLevel
    at: datetime
    ground: datetime | None
    by: BilingualText
    reason: str
    acts: int
    last: OfficerAction | None
    climbs_at: datetime | None
    climbs_to: EscalationLevel | None


def build_escalation(case: CaseState, told: Sequence[Any]) -> Escalation:
    """From what `beside` read: the event, who raised it and why, what officers did since (the newest first)."""
    kind, at, data, by, reason, since = told
    rung = _find_next_step(case)
    ground = data.get("since") or data.get("due")
    return Escalation(
        EventType(kind), EscalationLevel(data.get("level") or data["to"]), at,
        datetime.fromisoformat(ground) if ground else None, _build_name(by), reason or "", len(since or ()),
        _build_officer_action(case, since[0]) if since else None, *(rung or (None, None)),
    )  # fmt: skip


def _find_next_step(case: CaseState) -> tuple[datetime, EscalationLevel] | None:
    """The step that leads above where the case is now; while it waits for the citizen nothing climbs."""
    if case.state not in (*WORKING_STATES, State.APPEALED):
        return None
    ladder = get_policy_version(case.policy_id).terms.ladder[case.rungs :]
    above = (rung for rung in ladder if higher_level(case.level, rung.level) != case.level)
    return next(
        ((get_escalation_time(case, rung, get_working_calendar()), rung.level) for rung in above), None
    )


def _build_officer_action(case: CaseState, act: Sequence[Any]) -> OfficerAction:
    kind, at, data, by = act
    words = EVENTS[EventType(kind)].officer_text.format(
        **build_event_values(data, case.entity_id, get_local_date(case.updated_at), {})
    )
    return OfficerAction(datetime.fromisoformat(at), words, _build_name(by))


def _build_name(by: Sequence[str] | None) -> BilingualText:
    return BilingualText(by[0], by[1] or by[0]) if by and by[0] else EMPTY_TEXT
