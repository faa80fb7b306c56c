"""Who acts on what is raised to a level, and who does in their place where nobody is there: the next above."""

from collections.abc import Mapping, Sequence

from bekhedmetkom.catalogue.rules import EscalationLevel
from bekhedmetkom.identity.rules import Role

_ESCALATION_ROLES: Sequence[tuple[Role, ...]] = (
    (Role.MANAGER,),
    (Role.HEAD_OF_BODY,),
    (Role.MINISTER, Role.MINISTER_OFFICE),
    (Role.PM_UNIT,),
)
ROLES_BY_LEVEL: Mapping[EscalationLevel, Sequence[tuple[Role, ...]]] = {
    EscalationLevel.MANAGER: _ESCALATION_ROLES,
    EscalationLevel.HEAD_OF_BODY: _ESCALATION_ROLES[1:],
    EscalationLevel.MINISTER: _ESCALATION_ROLES[2:],
    EscalationLevel.PM_UNIT: _ESCALATION_ROLES[3:],
    EscalationLevel.DUTY_OFFICER: ((Role.DUTY_OFFICER,), *_ESCALATION_ROLES[1:]),
    EscalationLevel.COORDINATOR: ((Role.COORDINATOR,),),
}
# Who approves a reply, or agrees that a case is abuse: the first of these who may.
APPROVAL_ROLES: Sequence[tuple[Role, ...]] = ((Role.APPROVER,), *_ESCALATION_ROLES[1:])
ABUSE_CONFIRMATION_ROLES: Sequence[tuple[Role, ...]] = ((Role.MAIN_OFFICER,), *_ESCALATION_ROLES)


def list_earlier_roles(level: EscalationLevel, role: Role) -> Sequence[Role] | None:
    """Whose turn comes before this role's at what is raised to the level; `None`: it is never this role's."""
    turns = ROLES_BY_LEVEL[level]
    place = next((place for place, roles in enumerate(turns) if role in roles), None)
    return None if place is None else [earlier for roles in turns[:place] for earlier in roles]
