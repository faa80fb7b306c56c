"""How far a person's permissions reach: identity.rules.GRANTS on one case. What they could do now is `verbs`."""

from collections.abc import Mapping
from typing import Protocol

from bekhedmetkom.catalogue.rules import Handling
from bekhedmetkom.identity.rules import ROLE_PERMISSIONS, Permission, Reach, Role
from bekhedmetkom.kernel.actor import Actor, ActorKind, Grant

# Need-to-know: who handles a case that the entity's ordinary officers must not even find.
CONFIDENTIALITY_ROLES: Mapping[Handling, Role] = {
    Handling.INSPECTION: Role.INSPECTOR,
    Handling.HUMAN_RIGHTS: Role.COORDINATOR,
    Handling.PROTECTED: Role.COORDINATOR,
}


class ComplaintSubject(Protocol):
    """Whom a case complains of."""

    @property
    def about_officer_id(self) -> int | None: ...
    @property
    def about_unit_id(self) -> int | None: ...


class CaseScope(ComplaintSubject, Protocol):
    """What reach is decided by: a `Standing`, or a row of a list."""

    @property
    def entity_id(self) -> int: ...
    @property
    def unit_id(self) -> int | None: ...
    @property
    def officer_id(self) -> int | None: ...
    @property
    def reviewer_id(self) -> int | None: ...
    @property
    def urgent(self) -> bool: ...
    @property
    def care(self) -> Handling: ...
    @property
    def recused(self) -> tuple[int, ...]: ...
    @property
    def units_asked(self) -> tuple[int, ...]: ...
    @property
    def bodies_asked(self) -> tuple[int, ...]: ...


def has_permission(actor: Actor, permission: Permission, case: CaseScope) -> bool:
    """Whether one of the actor's memberships carries this permission as far as this case."""
    return find_grant(actor, permission, case) is not None


def has_permission_anywhere(actor: Actor, permission: Permission) -> bool:
    """Whether any membership carries this permission, to whatever case."""
    return actor.kind is ActorKind.OFFICER and any(
        permission in ROLE_PERMISSIONS[Role(grant.role)] for grant in actor.grants
    )


def find_grant(
    actor: Actor, permission: Permission, case: CaseScope, *, as_asked: bool = True
) -> Grant | None:
    """The first of the actor's memberships that carries this permission as far as this case.

    `as_asked`: also where the case is another's, and something was asked of the officer's unit or body.
    """
    officer = actor.officer_id
    if actor.kind is not ActorKind.OFFICER or officer in case.recused or is_concerned(actor, case):
        return None
    return next(
        (
            grant
            for grant in actor.grants
            if (reach := ROLE_PERMISSIONS[Role(grant.role)].get(permission)) is not None
            and (
                (_is_in_reach(reach, grant, actor, case) and is_cleared(grant, officer, case))
                or (
                    as_asked and permission in ASKED_PERMISSIONS and _is_asked(permission, reach, grant, case)
                )
            )
        ),
        None,
    )


def is_concerned(actor: Actor, case: ComplaintSubject) -> bool:
    """Whether the case complains of this officer, of somebody above them, or of a unit in which they work."""
    about = case.about_officer_id
    return (about is not None and (about == actor.officer_id or about in actor.superiors)) or (
        case.about_unit_id in actor.unit_ids
    )


def has_entity_permission(actor: Actor, permission: Permission, entity: int) -> bool:
    """Whether a membership carries this permission to a body as a whole: to its rules, its templates, its figures."""
    for grant in actor.grants:
        match ROLE_PERMISSIONS[Role(grant.role)].get(permission):
            case Reach.ALL:
                return True
            case Reach.BELOW if entity in grant.subtree:
                return True
            case Reach.ENTITY if entity == grant.entity and grant.unit is None:
                return True
            case _:
                continue
    return False


def find_call_grant(actor: Actor, permission: Permission, case: CaseScope) -> Grant | None:
    """The membership by which somebody speaks with the citizen of a case that the call centre has handed to them.

    It may be any body's; never one that is kept with care, that complains of them, or in which they have a conflict.
    """
    if case.care is not Handling.OPEN or actor.officer_id in case.recused or is_concerned(actor, case):
        return None
    both = {permission, Permission.TAKE_CALLS}
    return next((grant for grant in actor.grants if both <= ROLE_PERMISSIONS[Role(grant.role)].keys()), None)


def build_access_record(
    actor: Actor, permission: Permission, case: CaseScope, *, handed: bool = False
) -> dict[str, str | int | None]:
    """What an event keeps of who looked at an identity: whoever was looked at reads role and body, never a name.

    `handed`: by the call centre (`at_the_telephone`).
    """
    grant = find_call_grant(actor, permission, case) if handed else find_grant(actor, permission, case)
    return {"by": actor.officer_id} | ({"role": grant.role, "body": grant.entity} if grant else {})


def _is_in_reach(reach: Reach, grant: Grant, actor: Actor, case: CaseScope) -> bool:
    at_unit = grant.unit == case.unit_id or case.officer_id in actor.absent_colleagues
    match reach:
        case Reach.ALL:
            return True
        case Reach.BELOW:
            return case.entity_id in grant.subtree
        case Reach.URGENT:
            return case.urgent and case.entity_id in grant.subtree
        case Reach.ENTITY:
            return case.entity_id == grant.entity and (grant.unit is None or at_unit)
        case Reach.UNIT:
            return case.entity_id == grant.entity and grant.unit is not None and at_unit
        case Reach.ASSIGNED:
            return actor.officer_id in (case.officer_id, case.reviewer_id)


# What whoever was asked for something may do to a case that is another's: see it, speak of it, do what was asked; and
# for a body that was asked, say whether it takes part, and ask its own units.
ASKED_UNIT_PERMISSIONS = frozenset({Permission.READ, Permission.NOTE, Permission.CONTRIBUTE})
ASKED_PERMISSIONS = ASKED_UNIT_PERMISSIONS | {Permission.TAKE_PART, Permission.TASK}


def _is_asked(permission: Permission, reach: Reach, grant: Grant, case: CaseScope) -> bool:
    """Whether something was asked of the membership's unit, or of its body; never in a need-to-know case."""
    if case.care is not Handling.OPEN or grant.role in CONFIDENTIALITY_ROLES.values():
        return False
    match reach:
        case Reach.UNIT | Reach.ENTITY if grant.unit is not None:
            return permission in ASKED_UNIT_PERMISSIONS and grant.unit in case.units_asked
        case Reach.ENTITY:
            return grant.entity in case.bodies_asked
        case Reach.BELOW:
            return not grant.subtree.isdisjoint(case.bodies_asked)
        case _:
            return False


def is_guest(actor: Actor, case: CaseScope) -> bool:
    """Whether who reads this case works at another body, which was asked to take part in it."""
    return not has_direct_permission(actor, Permission.READ, case) and not any(
        grant.entity == case.entity_id and grant.unit in case.units_asked for grant in actor.grants
    )


def can_answer_request(actor: Actor, *, entity: int, unit: int | None) -> bool:
    """Whether this officer answers for what was asked of this unit (`None`: of the body), or is over who does."""
    for grant in actor.grants:
        match ROLE_PERMISSIONS[Role(grant.role)].get(Permission.CONTRIBUTE):
            case Reach.UNIT if unit is not None and grant.unit == unit:
                return True
            case Reach.BELOW if entity in grant.subtree and grant.role not in CONFIDENTIALITY_ROLES.values():
                return True
            case _:
                continue
    return False


def can_cancel_request(actor: Actor, case: CaseScope, *, by: str, unit: int | None) -> bool:
    """Whether this officer can call off what `by` asked of a unit, or (`None`) of a body."""
    return by == str(actor) or has_direct_permission(
        actor, Permission.JOIN if unit is None else Permission.TASK, case
    )


def can_order_participation(actor: Actor) -> bool:
    """Whether this officer's word on which body takes part is the last one: the Prime Ministry unit's."""
    return any(grant.role == Role.PM_UNIT for grant in actor.grants)


def has_direct_permission(actor: Actor, permission: Permission, case: CaseScope) -> bool:
    """`may` as one of those whose case it is."""
    return find_grant(actor, permission, case, as_asked=False) is not None


def is_cleared(grant: Grant, officer: int | None, case: CaseScope) -> bool:
    """Whether a membership is one of those that may know of the case at all, or the officer is named in it."""
    if case.care is Handling.OPEN:
        return grant.role not in CONFIDENTIALITY_ROLES.values()
    return grant.role == CONFIDENTIALITY_ROLES.get(case.care) or officer in (
        case.officer_id,
        case.reviewer_id,
    )
