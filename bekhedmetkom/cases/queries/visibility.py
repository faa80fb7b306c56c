"""Which cases an officer may find: `rules.access.may` as a condition in SQL. A test holds the two equal."""

from functools import reduce
from operator import or_

from django.db.models import Q

from bekhedmetkom.catalogue.rules import Handling
from bekhedmetkom.identity.rules import ROLE_PERMISSIONS, Permission, Reach, Role
from bekhedmetkom.kernel.actor import Actor, ActorKind, Grant

from ..rules.access import ASKED_PERMISSIONS, ASKED_UNIT_PERMISSIONS, CONFIDENTIALITY_ROLES

NO_CASES = Q(pk__in=[])


def build_visibility_filter(actor: Actor, permission: Permission = Permission.READ) -> Q:
    """The cases to which one of the officer's memberships carries this permission."""
    officer = actor.officer_id
    if actor.kind is not ActorKind.OFFICER or officer is None:
        return NO_CASES
    conditions = [
        _build_reach_filter(reach, grant, actor, officer) & _build_confidentiality_filter(grant, officer)
        for grant in actor.grants
        if (reach := ROLE_PERMISSIONS[Role(grant.role)].get(permission)) is not None
    ]
    return (
        reduce(or_, conditions, NO_CASES)
        & ~Q(recused__contains=[officer])
        & ~_build_conflict_filter(actor, officer)
    )


def build_request_filter(actor: Actor, permission: Permission = Permission.READ) -> Q:
    """The cases in which something was asked of the officer's unit or body. They are another's: on no list of cases.

    With `visible` these are what `rules.access.may` allows.
    """
    officer = actor.officer_id
    if actor.kind is not ActorKind.OFFICER or officer is None or permission not in ASKED_PERMISSIONS:
        return NO_CASES
    conditions = [
        _build_request_reach(permission, reach, grant)
        for grant in actor.grants
        if grant.role not in CONFIDENTIALITY_ROLES.values()
        and (reach := ROLE_PERMISSIONS[Role(grant.role)].get(permission)) is not None
    ]
    theirs = reduce(or_, conditions, NO_CASES) & Q(care=str(Handling.OPEN))
    return theirs & ~Q(recused__contains=[officer]) & ~_build_conflict_filter(actor, officer)


def _build_request_reach(permission: Permission, reach: Reach, grant: Grant) -> Q:
    match reach:
        case Reach.UNIT | Reach.ENTITY if grant.unit is not None:
            return Q(units_asked__contains=[grant.unit]) if permission in ASKED_UNIT_PERMISSIONS else NO_CASES
        case Reach.ENTITY if grant.entity is not None:
            return Q(bodies_asked__contains=[grant.entity])
        case Reach.BELOW:
            return Q(bodies_asked__overlap=sorted(grant.subtree))
        case _:
            return NO_CASES


def _build_conflict_filter(actor: Actor, officer: int) -> Q:
    """`rules.access.concerned`."""
    return Q(about_officer__in=sorted({officer, *actor.superiors})) | Q(about_unit__in=sorted(actor.unit_ids))


def find_only_units(actor: Actor) -> list[int] | None:
    """The units to which all that the officer may read is bound, but for what names them; `None`: to no unit."""
    if actor.absent_colleagues:
        return None
    reaches = [
        (ROLE_PERMISSIONS[Role(grant.role)].get(Permission.READ), grant.unit) for grant in actor.grants
    ]
    bound = [unit for reach, unit in reaches if unit is not None and reach in (Reach.UNIT, Reach.ENTITY)]
    return sorted(set(bound)) if bound and len(bound) == len(reaches) else None


def _build_reach_filter(reach: Reach, grant: Grant, actor: Actor, officer: int) -> Q:
    at_unit = Q(unit=grant.unit)
    if actor.absent_colleagues:
        at_unit |= Q(officer__in=sorted(actor.absent_colleagues))
    match reach:
        case Reach.ALL:
            return Q()
        case Reach.BELOW:
            return Q(entity__in=sorted(grant.subtree))
        case Reach.URGENT:
            return Q(urgent=True, entity__in=sorted(grant.subtree))
        case Reach.ENTITY:
            return Q(entity=grant.entity) & (Q() if grant.unit is None else at_unit)
        case Reach.UNIT:
            return Q(entity=grant.entity) & at_unit if grant.unit is not None else NO_CASES
        case Reach.ASSIGNED:
            return Q(officer=officer) | Q(reviewer=officer)


def _build_confidentiality_filter(grant: Grant, officer: int) -> Q:
    named = Q(officer=officer) | Q(reviewer=officer)
    if care := [handling for handling, role in CONFIDENTIALITY_ROLES.items() if role == grant.role]:
        return Q(care__in=[str(handling) for handling in care]) | (~Q(care=str(Handling.OPEN)) & named)
    return Q(care=str(Handling.OPEN)) | named
