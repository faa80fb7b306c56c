"""The list of each level: what time or a colleague has raised to whom, and must be acted on there."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from django.db import connection
from django.db.models import Q

from bekhedmetkom.catalogue.queries import list_policies_alerting
from bekhedmetkom.catalogue.rules import EscalationLevel, Handling
from bekhedmetkom.entities.queries import get_tree
from bekhedmetkom.identity.queries import RoleCoverage, get_role_coverage
from bekhedmetkom.identity.rules import Role
from bekhedmetkom.kernel.actor import Actor, Grant

from ..rules.access import KNOWS
from ..rules.levels import before
from .visible import NOTHING


def raised_to(viewer: Actor, service: RoleCoverage) -> Q:
    """What is raised to one of the officer's levels, at the bodies whose nearest they are.

    It stands on one list as somebody's to act on, never as a copy on the lists above. Where a level has nobody, it is
    the next one's. What is need-to-know stands on the lists of those who know, whatever level it was raised to.
    """
    condition = NOTHING
    for level, bodies in acts_for(viewer, service).items():
        idle = Q(idle_told=True, policy__in=sorted(list_policies_alerting(level)))
        condition |= (Q(level=str(level)) | idle) & Q(entity__in=sorted(bodies), care=str(Handling.OPEN))
    for grant in viewer.grants:
        if grant.role in KNOWS.values() and grant.entity is not None:
            known = ~Q(care=str(Handling.OPEN)) & Q(
                entity__in=sorted(service.get_bodies(Role(grant.role), grant.entity))
            )
            condition |= (~Q(level="") | Q(idle_told=True)) & known
    return condition


def acts_for(viewer: Actor, service: RoleCoverage) -> Mapping[EscalationLevel, set[int]]:
    """For which bodies the officer acts on what is raised to each level."""
    bodies: defaultdict[EscalationLevel, set[int]] = defaultdict(set)
    for level in EscalationLevel:
        for grant in viewer.grants:
            bodies[level] |= set(_in_turn(level, grant, service))
    return {level: served for level, served in bodies.items() if served}


def _in_turn(level: EscalationLevel, grant: Grant, service: RoleCoverage) -> Iterator[int]:
    """The bodies at which it is this role's turn: nobody is there who comes before."""
    role = Role(grant.role)
    earlier = before(level, role)
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


class Withheld(NamedTuple):
    """Need-to-know cases of one body that were raised to a level: how many, and the day since when the first is late.

    All that an official who may not know of them is told: no reference, no kind, no unit, nobody.
    """

    entity: int
    level: EscalationLevel
    number: int
    since: datetime


def raised_in_confidence(viewer: Actor, now: datetime) -> list[Withheld]:
    """The bare lines on a higher official's list (decision 32); those who know have the cases themselves.

    A case that complains of them, of somebody above them or of their unit is not counted to them either.
    """
    acting = acts_for(viewer, get_role_coverage(now))
    bodies = sorted(set[int]().union(*acting.values()))
    if not bodies or not any(grant.role in _ANSWERABLE for grant in viewer.grants):
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM raised_in_confidence(%s, %s::bigint[], %s::bigint[])",
            [bodies, sorted({viewer.officer_id or 0, *viewer.superiors}), sorted(viewer.unit_ids)],
        )
        found = [
            Withheld(entity, EscalationLevel(level), number, since)
            for entity, level, number, since in cursor.fetchall()
        ]
    return [line for line in found if line.entity in acting.get(line.level, ())]


_ANSWERABLE = {Role.HEAD_OF_BODY, Role.MINISTER, Role.MINISTER_OFFICE, Role.PM_UNIT}
