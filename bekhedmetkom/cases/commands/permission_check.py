"""The check that every verb begins with, on the case as it stands under its lock."""

from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import Actor, ActorKind
from bekhedmetkom.kernel.errors import NotAllowed

from ..rules.access import find_call_grant, has_permission
from ..rules.case_state import CaseState


def require_permission(
    actor: Actor, permission: Permission, case: CaseState, *, handed: bool = False
) -> None:
    """`NotAllowed` unless the officer's memberships carry this permission to this case.

    `handed`: or the call centre has handed it to them, which is the caller's to know (calls.commands).
    """
    if not (has_permission(actor, permission, case) or (handed and find_call_grant(actor, permission, case))):
        raise NotAllowed


def require_citizen(actor: Actor, case: CaseState) -> None:
    """`NotAllowed` unless this is the citizen who showed the case's access code."""
    if actor.kind is not ActorKind.CITIZEN or actor.id != case.reference:
        raise NotAllowed
