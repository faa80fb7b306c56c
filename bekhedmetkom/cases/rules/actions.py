"""What an officer or the citizen could do to a case now: the permission, its state, and what these do not say."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bekhedmetkom.catalogue.rules import Disposition, Handling, PolicyTerms
from bekhedmetkom.identity.rules import ROLE_PERMISSIONS, Permission, Role
from bekhedmetkom.kernel.actor import Actor

from .access import CaseScope, has_permission, is_cleared
from .case_state import CaseState
from .deadlines import get_appeal_deadline
from .publication import can_be_published
from .states import OPEN_STATES, EventType, State
from .transitions import TRANSITIONS

H, P = EventType, Permission

# Every verb of the contract that an officer has: its permission, and what it makes happen (any of these will do).
ACTIONS: Mapping[str, tuple[Permission, tuple[EventType, ...]]] = {
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
    "release": (P.RELEASE, (H.RELEASED,)),
    "link": (P.LINK, (H.LINKED, H.UNLINKED)),
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


def list_possible_actions(actor: Actor, case: CaseState, *, needs_approval: bool) -> list[str]:
    """The verbs that this officer could use on this case now, in the table's order."""
    return [
        verb
        for verb, (_permission, events) in ACTIONS.items()
        if any((case.state, event) in TRANSITIONS for event in events)
        and has_permission(actor, get_required_permission(verb, case), case)
        and _is_applicable(verb, actor, case, needs_approval)
    ]


def get_required_permission(verb: str, case: CaseState) -> Permission:
    """What the verb takes here: whoever is asked to confirm a finding of abuse can also say no to it."""
    if verb == "send-back" and case.disposition is Disposition.ABUSE:
        return P.CONFIRM
    return ACTIONS[verb][0]


def is_handler(actor: Actor, case: CaseState) -> bool:
    """Whether this officer handles the case: by name, or as deputy; where it names nobody, by a role that would."""
    if case.officer_id is not None:
        return actor.officer_id == case.officer_id or case.officer_id in actor.absent_colleagues
    return has_permission(actor, Permission.DRAFT, case)


def can_extend(actor: Actor, case: CaseState) -> bool:
    """Whether this officer stands above whoever handles the case.

    Of a need-to-know case, who knows such cases at a body above: once somebody has it in hand, and none who ever had.
    """
    if case.care is Handling.OPEN:
        return not is_handler(actor, case)
    return (
        case.officer_id is not None
        and not is_handler(actor, case)
        and actor.officer_id not in case.handlers
        and any(
            grant.entity != case.entity_id
            and case.entity_id in grant.subtree
            and Permission.EXTEND in ROLE_PERMISSIONS[Role(grant.role)]
            and is_cleared(grant, None, case)
            for grant in actor.grants
        )
    )


def can_decide_appeal(actor: Actor, case: CaseState) -> bool:
    """The assigned reviewer; where nobody could be found, whoever may and never handled the case."""
    officer = actor.officer_id
    if case.reviewer_id is not None:
        return officer == case.reviewer_id
    return officer not in case.handlers


def can_record_solved(actor: Actor, case: CaseScope) -> bool:
    """Whether it counts when this officer says that the citizen called it solved: who speaks for no body that answers.

    A body's own officer can say of it only what speaks against it (docs/decisions/0042).
    """
    return any(
        grant.role in (Role.PM_UNIT, Role.AGENT) and grant.entity != case.entity_id for grant in actor.grants
    )


def can_be_linked(case: CaseState) -> bool:
    """Whether a case can be one of many about a problem; one that is kept with care never."""
    return case.care is Handling.OPEN and case.state not in (State.WITHDRAWN, State.MERGED)


HANDLER_RECIPIENT = "handler"  # whom an instruction is for, where it is not for a role


def can_report(actor: Actor, case: CaseScope, *, to: str, by: str) -> bool:
    """Whether this officer says what came of an instruction: `to` their role alone or to the handler, or by them."""
    grants = (
        actor.grants
        if by == str(actor) or to == HANDLER_RECIPIENT
        else tuple(g for g in actor.grants if g.role == to)
    )
    return has_permission(replace(actor, grants=grants), Permission.REPORT, case)


def _is_applicable(verb: str, actor: Actor, case: CaseState, needs_approval: bool) -> bool:
    """What permission and state alone do not say; the commands hold the same lines with a sentence each."""
    officer = actor.officer_id
    abuse = case.disposition is Disposition.ABUSE
    match verb:
        case "transcribe":
            return case.voice
        case "release":
            return can_be_published(case) or case.released > 0
        case "call":
            return case.unreached
        case "link":
            return can_be_linked(case)
        case "hear":
            unsaid = case.solved is None or (case.solved is False and can_record_solved(actor, case))
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
            return case.extensions == 0 and can_extend(actor, case)
        case "decide":
            return can_decide_appeal(actor, case)
        case "reveal":
            return case.withheld
        case "note":
            return case.state in OPEN_STATES
        case "report":
            return bool(case.instructions)
        case "task" | "join":
            return case.care is Handling.OPEN
        case "contribute" | "call-off" | "take-part" | "decline":
            return bool(case.tasks)
        case _:
            return True


def list_citizen_actions(case: CaseState, terms: PolicyTerms, now: datetime) -> list[str]:
    """What the person who brought the case could do now, in the API's names."""
    in_time = case.answered_at is not None and now <= get_appeal_deadline(case, terms)
    final = case.appeal_outcome is Disposition.NOT_UPHELD
    offers = {
        "reply": (case.state, H.WROTE) in TRANSITIONS or _awaits_information(case),
        "rate": in_time and (case.state, H.CONFIRMED) in TRANSITIONS and not has_confirmed_solved(case),
        "appeal": in_time and (case.state, H.APPEALED) in TRANSITIONS and not final,
        "withdraw": (case.state, H.WITHDRAWN) in TRANSITIONS,
        "private": case.agreed and (case.state, H.KEPT_PRIVATE) in TRANSITIONS,
        "erase": (case.state, H.ERASED) in TRANSITIONS,
    }
    return [verb for verb, offered in offers.items() if offered]


def has_confirmed_solved(case: CaseState) -> bool:
    """Whether the citizen has called it solved, in their own words and not by telephone."""
    return case.solved is True and case.heard_by_id is None


def _awaits_information(case: CaseState) -> bool:
    return case.disposition is Disposition.INSUFFICIENT and (case.state, H.SUPPLIED) in TRANSITIONS
