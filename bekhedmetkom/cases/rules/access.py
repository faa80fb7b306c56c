"""May this person do this to this case? The table is identity.rules.GRANTS; here is how far it reaches."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from bekhedmetkom.catalogue.rules import Disposition, Handling, Terms
from bekhedmetkom.identity.rules import GRANTS, Permission, Reach, Role
from bekhedmetkom.kernel.actor import Actor, ActorKind, Grant

from .deadlines import appeal_until
from .standing import Standing
from .states import MOVES, OPEN, Happened

# Need-to-know: who handles a case that the entity's ordinary officers must not even find.
KNOWS: Mapping[Handling, Role] = {
    Handling.INSPECTION: Role.INSPECTOR,
    Handling.HUMAN_RIGHTS: Role.COORDINATOR,
    Handling.PROTECTED: Role.COORDINATOR,
}


class Complaint(Protocol):
    """Whom a case complains of."""

    @property
    def about_officer_id(self) -> int | None: ...
    @property
    def about_unit_id(self) -> int | None: ...


class Located(Complaint, Protocol):
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


def may(actor: Actor, permission: Permission, case: Located) -> bool:
    """Whether one of the actor's memberships carries this permission as far as this case."""
    return grant_for(actor, permission, case) is not None


def holds(actor: Actor, permission: Permission) -> bool:
    """Whether any membership carries this permission, to whatever case."""
    return actor.kind is ActorKind.OFFICER and any(
        permission in GRANTS[Role(grant.role)] for grant in actor.grants
    )


def grant_for(actor: Actor, permission: Permission, case: Located, *, as_asked: bool = True) -> Grant | None:
    """The first of the actor's memberships that carries this permission as far as this case.

    `as_asked`: also where the case is another's, and something was asked of the officer's unit or body.
    """
    officer = actor.officer_id
    if actor.kind is not ActorKind.OFFICER or officer in case.recused or concerned(actor, case):
        return None
    return next(
        (
            grant
            for grant in actor.grants
            if (reach := GRANTS[Role(grant.role)].get(permission)) is not None
            and (
                (_reaches(reach, grant, actor, case) and _knows(grant, officer, case))
                or (as_asked and permission in AS_ASKED and _asked(permission, reach, grant, case))
            )
        ),
        None,
    )


def concerned(actor: Actor, case: Complaint) -> bool:
    """Whether the case complains of this officer, of somebody above them, or of a unit in which they work."""
    about = case.about_officer_id
    return (about is not None and (about == actor.officer_id or about in actor.above)) or (
        case.about_unit_id in actor.within
    )


def may_at(actor: Actor, permission: Permission, entity: int) -> bool:
    """Whether a membership carries this permission to a body as a whole: to its rules, its templates, its figures."""
    for grant in actor.grants:
        match GRANTS[Role(grant.role)].get(permission):
            case Reach.ALL:
                return True
            case Reach.BELOW if entity in grant.below:
                return True
            case Reach.ENTITY if entity == grant.entity and grant.unit is None:
                return True
            case _:
                continue
    return False


def looked(actor: Actor, permission: Permission, case: Located) -> dict[str, str | int | None]:
    """What an event keeps of who looked at an identity: whoever was looked at reads role and body, never a name."""
    grant = grant_for(actor, permission, case)
    return {"by": actor.officer_id} | ({"role": grant.role, "body": grant.entity} if grant else {})


def _reaches(reach: Reach, grant: Grant, actor: Actor, case: Located) -> bool:
    at_unit = grant.unit == case.unit_id or case.officer_id in actor.stands_for
    match reach:
        case Reach.ALL:
            return True
        case Reach.BELOW:
            return case.entity_id in grant.below
        case Reach.URGENT:
            return case.urgent and case.entity_id in grant.below
        case Reach.ENTITY:
            return case.entity_id == grant.entity and (grant.unit is None or at_unit)
        case Reach.UNIT:
            return case.entity_id == grant.entity and grant.unit is not None and at_unit
        case Reach.ASSIGNED:
            return actor.officer_id in (case.officer_id, case.reviewer_id)


# What whoever was asked for something may do to a case that is another's: see it, speak of it, do what was asked; and
# for a body that was asked, say whether it takes part, and ask its own units.
AS_UNIT = frozenset({Permission.READ, Permission.NOTE, Permission.CONTRIBUTE})
AS_ASKED = AS_UNIT | {Permission.TAKE_PART, Permission.TASK}


def _asked(permission: Permission, reach: Reach, grant: Grant, case: Located) -> bool:
    """Whether something was asked of the membership's unit, or of its body; never in a need-to-know case."""
    if case.care is not Handling.OPEN or grant.role in KNOWS.values():
        return False
    match reach:
        case Reach.UNIT | Reach.ENTITY if grant.unit is not None:
            return permission in AS_UNIT and grant.unit in case.units_asked
        case Reach.ENTITY:
            return grant.entity in case.bodies_asked
        case Reach.BELOW:
            return not grant.below.isdisjoint(case.bodies_asked)
        case _:
            return False


def is_guest(actor: Actor, case: Located) -> bool:
    """Whether who reads this case works at another body, which was asked to take part in it."""
    return not has(actor, Permission.READ, case) and not any(
        grant.entity == case.entity_id and grant.unit in case.units_asked for grant in actor.grants
    )


def answers(actor: Actor, *, entity: int, unit: int | None) -> bool:
    """Whether this officer answers for what was asked of this unit (`None`: of the body), or is over who does."""
    for grant in actor.grants:
        match GRANTS[Role(grant.role)].get(Permission.CONTRIBUTE):
            case Reach.UNIT if unit is not None and grant.unit == unit:
                return True
            case Reach.BELOW if entity in grant.below and grant.role not in KNOWS.values():
                return True
            case _:
                continue
    return False


def may_call_off(actor: Actor, case: Located, *, by: str, unit: int | None) -> bool:
    """Whether this officer can call off what `by` asked of a unit, or (`None`) of a body."""
    return by == str(actor) or has(actor, Permission.JOIN if unit is None else Permission.TASK, case)


def has(actor: Actor, permission: Permission, case: Located) -> bool:
    """`may` as one of those whose case it is."""
    return grant_for(actor, permission, case, as_asked=False) is not None


def _knows(grant: Grant, officer: int | None, case: Located) -> bool:
    if case.care is Handling.OPEN:
        return grant.role not in KNOWS.values()
    return grant.role == KNOWS.get(case.care) or officer in (case.officer_id, case.reviewer_id)


H, P = Happened, Permission

# Every verb of the contract that an officer has: its permission, and what it makes happen (any of these will do).
VERBS: Mapping[str, tuple[Permission, tuple[Happened, ...]]] = {
    "classify": (P.CLASSIFY, (H.CLASSIFIED,)),
    "assign": (P.ASSIGN, (H.ASSIGNED,)),
    "refer": (P.REFER, (H.REFERRED,)),
    "return": (P.RETURN, (H.RETURNED, H.HANDED_BACK)),
    "accept": (P.ACCEPT, (H.ACCEPTED,)),
    "ask": (P.ASK, (H.ASKED,)),
    "note": (P.NOTE, (H.NOTED,)),
    "call": (P.CALL, (H.CALLED,)),
    "hear": (P.HEAR, (H.HEARD_SOLVED, H.HEARD_UNSOLVED)),
    "transcribe": (P.TRANSCRIBE, (H.TRANSCRIBED,)),
    "show": (P.SHOW, (H.FILE_SHOWN,)),
    "draft": (P.DRAFT, (H.ANSWERED, H.REPLY_SUBMITTED)),
    "submit": (P.SUBMIT, (H.REPLY_SUBMITTED,)),
    "approve": (P.APPROVE, (H.REPLY_APPROVED,)),
    "send-back": (P.SEND_BACK, (H.REPLY_SENT_BACK,)),
    "answer": (P.ANSWER, (H.ANSWERED,)),
    "extend": (P.EXTEND, (H.EXTENDED,)),
    "reclassify": (P.RECLASSIFY, (H.RECLASSIFIED,)),
    "escalate": (P.ESCALATE, (H.ESCALATED,)),
    "decide": (P.DECIDE, (H.APPEAL_UPHELD,)),
    "reveal": (P.REVEAL, (H.IDENTITY_REVEALED,)),
    "confirm": (P.CONFIRM, (H.ABUSE_CONFIRMED,)),
    "merge": (P.MERGE, (H.MERGED,)),
    "split": (P.SPLIT, (H.SPLIT,)),
    "close": (P.CLOSE, (H.CLOSED,)),
    "snooze": (P.SNOOZE, (H.SNOOZED,)),
    "recuse": (P.RECUSE, (H.RECUSED,)),
    "concern": (P.CONCERN, (H.CONCERNS,)),
    "instruct": (P.INSTRUCT, (H.INSTRUCTED,)),
    "ask-head": (P.ASK_HEAD, (H.HEAD_ASKED,)),
    "delegate": (P.DELEGATE, (H.DELEGATED,)),
    "report": (P.REPORT, (H.REPORTED,)),
    "task": (P.TASK, (H.TASK_ASKED,)),
    "contribute": (P.CONTRIBUTE, (H.TASK_DONE,)),
    "call-off": (P.TASK, (H.TASK_CALLED_OFF,)),
    "join": (P.JOIN, (H.JOIN_ASKED,)),
    "take-part": (P.TAKE_PART, (H.JOIN_ACCEPTED,)),
    "decline": (P.TAKE_PART, (H.JOIN_RETURNED,)),
    "commit": (P.COMMIT, (H.COMMITTED,)),
    "fulfil": (P.FULFIL, (H.FULFILLED,)),
}


def can(actor: Actor, case: Standing, *, needs_approval: bool) -> list[str]:
    """The verbs that this officer could use on this case now, in the table's order."""
    return [
        verb
        for verb, (permission, events) in VERBS.items()
        if any((case.state, event) in MOVES for event in events)
        and may(actor, permission, case)
        and _fits(verb, actor, case, needs_approval)
    ]


def handles(actor: Actor, case: Standing) -> bool:
    """Whether this officer handles the case: by name, or as deputy; where it names nobody, by a role that would."""
    if case.officer_id is not None:
        return actor.officer_id == case.officer_id or case.officer_id in actor.stands_for
    return may(actor, Permission.DRAFT, case)


def extends(actor: Actor, case: Standing) -> bool:
    """Whether this officer stands above whoever handles the case.

    Of a need-to-know case, who knows such cases at a body above: once somebody has it in hand, and none who ever had.
    """
    if case.care is Handling.OPEN:
        return not handles(actor, case)
    return (
        case.officer_id is not None
        and not handles(actor, case)
        and actor.officer_id not in case.handlers
        and any(
            grant.entity != case.entity_id
            and case.entity_id in grant.below
            and Permission.EXTEND in GRANTS[Role(grant.role)]
            and _knows(grant, None, case)
            for grant in actor.grants
        )
    )


def decides(actor: Actor, case: Standing) -> bool:
    """The assigned reviewer; where nobody could be found, whoever may and never handled the case."""
    officer = actor.officer_id
    if case.reviewer_id is not None:
        return officer == case.reviewer_id
    return officer not in case.handlers


def hears_yes(actor: Actor, case: Located) -> bool:
    """Whether it counts when this officer says that the citizen called it solved: who speaks for no body that answers.

    A body's own officer can say of it only what speaks against it (docs/decisions/0042).
    """
    return any(
        grant.role in (Role.PM_UNIT, Role.AGENT) and grant.entity != case.entity_id for grant in actor.grants
    )


HANDLER = "handler"  # whom an instruction is for, where it is not for a role


def reports(actor: Actor, case: Located, *, to: str, by: str) -> bool:
    """Whether this officer says what came of an instruction: `to` their role alone or to the handler, or by them."""
    grants = (
        actor.grants if by == str(actor) or to == HANDLER else tuple(g for g in actor.grants if g.role == to)
    )
    return may(replace(actor, grants=grants), Permission.REPORT, case)


def _fits(verb: str, actor: Actor, case: Standing, needs_approval: bool) -> bool:
    """What permission and state alone do not say; the commands hold the same lines with a sentence each."""
    officer = actor.officer_id
    abuse = case.disposition is Disposition.ABUSE
    match verb:
        case "transcribe":
            return case.voice
        case "call":
            return case.unreached
        case "hear":
            unsaid = case.solved is None or (case.solved is False and hears_yes(actor, case))
            return unsaid and officer not in case.handlers
        case "accept":
            return case.referred_from_id is not None
        case "approve":
            return not abuse and officer != case.drafted_by_id
        case "send-back":
            return officer != case.drafted_by_id
        case "confirm":
            return abuse and officer != case.drafted_by_id
        case "answer":
            return not needs_approval
        case "extend":
            return case.extensions == 0 and extends(actor, case)
        case "decide":
            return decides(actor, case)
        case "reveal":
            return case.withheld
        case "note":
            return case.state in OPEN
        case "report":
            return bool(case.instructions)
        case "task" | "join":
            return case.care is Handling.OPEN
        case "contribute" | "call-off" | "take-part" | "decline":
            return bool(case.tasks)
        case _:
            return True


def citizen_can(case: Standing, terms: Terms, now: datetime) -> list[str]:
    """What the person who brought the case could do now, in the API's names."""
    in_time = case.answered_at is not None and now <= appeal_until(case, terms)
    final = case.appeal_outcome is Disposition.NOT_UPHELD
    offers = {
        "reply": (case.state, H.WROTE) in MOVES or _incomplete(case),
        "rate": in_time and (case.state, H.CONFIRMED) in MOVES and not said_yes(case),
        "appeal": in_time and (case.state, H.APPEALED) in MOVES and not final,
        "withdraw": (case.state, H.WITHDRAWN) in MOVES,
        "erase": (case.state, H.ERASED) in MOVES,
    }
    return [verb for verb, offered in offers.items() if offered]


def said_yes(case: Standing) -> bool:
    """Whether the citizen has called it solved, in their own words and not by telephone."""
    return case.solved is True and case.heard_by_id is None


def _incomplete(case: Standing) -> bool:
    return case.disposition is Disposition.INSUFFICIENT and (case.state, H.SUPPLIED) in MOVES
