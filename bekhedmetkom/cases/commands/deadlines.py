"""What higher officials, colleagues and the handler do around the answer: dates, promises, identity."""

from datetime import datetime
from uuid import UUID

from bekhedmetkom.catalogue.queries import get_policy, get_policy_version
from bekhedmetkom.catalogue.rules import Disposition, EscalationLevel, Handling
from bekhedmetkom.entities.queries import get_working_calendar
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import FieldError, InvalidInput, NotAllowed
from bekhedmetkom.kernel.text import BilingualText

from ..journal import Change, record
from ..queries.routing.appeal_reviewers import find_next_reviewer
from ..rules.access import build_access_record
from ..rules.actions import can_decide_appeal, can_extend
from ..rules.case_state import CaseState, format_instant
from ..rules.deadlines import build_extension_data, compute_deadline
from ..rules.events.base import higher_level
from ..rules.quality import judge_decision
from ..rules.states import EventType, State
from ..rules.transitions import NotPossibleNow
from .permission_check import require_permission
from .reply.composition import build_entity_data
from .reply.replies import build_quality_data, validate_quality_reason
from .text_validation import validate_text

_EXTENDED_ONCE_ONLY = BilingualText("مُدّد هذا الطلب مرة، ولا يُمدّد ثانية.", "A case is extended once only.")
_DEADLINE_PASSED = BilingualText(
    "انقضى الموعد. التمديد يكون قبله.", "The date has passed: an extension comes before it."
)
_NO_EXTENSION = BilingualText("قاعدة المدة لا تسمح بالتمديد.", "This case's terms allow no extension.")
_HANDLER_CANNOT_EXTEND = BilingualText(
    "التمديد لمسؤول أعلى ممن يعالج الطلب.", "Only somebody above the handler can extend."
)
_OUTSIDE_TERM = BilingualText(
    "اختر يومًا بعد اليوم وقبل الموعد.", "Choose a day after today and before the due date."
)
_DATE_IN_PAST = BilingualText("اختر تاريخًا قادمًا.", "Choose a date to come.")
_NOT_WITHHELD = BilingualText("الهوية في هذا الطلب غير محجوبة.", "The identity is not withheld in this case.")
_INVALID_OUTCOME = BilingualText(
    "اختر: قُبل، أو قُبل بعضه، أو لم يُقبل.", "Choose upheld, partly upheld or not upheld."
)
_ALREADY_ESCALATED = BilingualText(
    "الطلب مرفوع إلى هذا المستوى أو أعلى منه.", "The case is at this level or above already."
)
_NOT_REVIEWER = BilingualText("القرار للمراجع المكلّف وحده.", "The decision is the assigned reviewer's alone.")


def extend_deadline(*, case: UUID, seen: int, actor: Actor, at: datetime, reason: str) -> int:
    """One longer term, before it expires, by somebody above the handler, with a reason that the citizen reads."""
    reason = validate_text("reason", reason)

    def decide(standing: CaseState) -> Change:
        require_permission(actor, Permission.EXTEND, standing)
        terms = get_policy_version(standing.policy_id).terms
        if not can_extend(actor, standing):
            raise NotAllowed(_HANDLER_CANNOT_EXTEND)
        if standing.extensions >= terms.extensions:
            raise NotPossibleNow(standing.state, _EXTENDED_ONCE_ONLY if terms.extensions else _NO_EXTENSION)
        if at > standing.due_at:
            raise NotPossibleNow(standing.state, _DEADLINE_PASSED)
        data = build_extension_data(standing, terms.extension_days, get_working_calendar()) | {
            "by": actor.officer_id
        }
        return Change(EventType.EXTENDED, data, {"reason": reason})

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def escalate_case(
    *, case: UUID, seen: int, actor: Actor, at: datetime, level: EscalationLevel, reason: str
) -> int:
    """Raise a case to a higher official without waiting for the clock."""
    reason = validate_text("reason", reason)

    def decide(standing: CaseState) -> Change:
        require_permission(actor, Permission.ESCALATE, standing)
        if higher_level(standing.level, level) == standing.level:
            raise NotPossibleNow(standing.state, _ALREADY_ESCALATED)
        return Change(EventType.ESCALATED, {"level": str(level), "by": actor.officer_id}, {"cause": reason})

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def snooze_case(*, case: UUID, seen: int, actor: Actor, at: datetime, until: datetime) -> int:
    """Put a case out of one's way until a day inside its term. Its clock does not notice."""

    def decide(standing: CaseState) -> Change:
        require_permission(actor, Permission.SNOOZE, standing)
        if not at < until < standing.due_at:
            raise InvalidInput(FieldError("until", _OUTSIDE_TERM))
        return Change(EventType.SNOOZED, {"snoozed_until": format_instant(until), "by": actor.officer_id})

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def make_commitment(*, case: UUID, seen: int, actor: Actor, at: datetime, text: str, until: datetime) -> int:
    """Promise the citizen an action with a date."""
    text = validate_text("text", text)

    def decide(standing: CaseState) -> Change:
        require_permission(actor, Permission.COMMIT, standing)
        validate_future_date(until, at)
        return Change(
            EventType.COMMITTED,
            {"until": format_instant(until), "by": actor.officer_id},
            {"commitment": text},
        )

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def fulfil_commitment(*, case: UUID, seen: int, actor: Actor, at: datetime, text: str) -> int:
    """Say that a promised action is done, and how."""
    text = validate_text("text", text)

    def decide(standing: CaseState) -> Change:
        require_permission(actor, Permission.FULFIL, standing)
        return Change(EventType.FULFILLED, {"by": actor.officer_id}, {"fulfilment": text})

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def close_case(*, case: UUID, seen: int, actor: Actor, at: datetime) -> int:
    """Put away a case that its citizen has said is solved. Nothing else can be closed by hand."""

    def decide(standing: CaseState) -> Change:
        require_permission(actor, Permission.CLOSE, standing)
        return Change(EventType.CLOSED, {"by": actor.officer_id})

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def reveal_identity(*, case: UUID, seen: int, actor: Actor, at: datetime, reason: str) -> int:
    """Look at a withheld identity in order to call back. The look is journalled before anything is shown."""
    reason = validate_text("reason", reason)

    def decide(standing: CaseState) -> Change:
        require_permission(actor, Permission.REVEAL, standing)
        if not standing.withheld:
            raise NotPossibleNow(standing.state, _NOT_WITHHELD)
        return Change(
            EventType.IDENTITY_REVEALED,
            build_access_record(actor, Permission.REVEAL, standing),
            {"cause": reason},
        )

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def recuse_officer(*, case: UUID, seen: int, actor: Actor, at: datetime, reason: str) -> int:
    """Step aside for a conflict of interest: the officer no longer sees the case. An appeal gets another reviewer."""
    reason = validate_text("reason", reason)

    def decide(standing: CaseState) -> Change:
        require_permission(actor, Permission.RECUSE, standing)
        data: dict[str, object] = {"by": actor.officer_id}
        if standing.state is State.APPEALED and actor.officer_id == standing.reviewer_id:
            data["reviewer_id"] = find_next_reviewer(case, standing, at, [actor.officer_id])
        return Change(EventType.RECUSED, data, {"cause": reason})

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def decide_appeal(
    *, case: UUID, seen: int, actor: Actor, at: datetime, outcome: Disposition, text: str, quality_reason: str = ""
) -> int:  # fmt: skip
    """The reviewer's decision on an appeal. Upheld, wholly or partly: the case opens again with a new date.

    `SaysTooLittle` where it says nothing and no reason is given.
    """
    text = validate_text("text", text, limit=8000)
    reason = validate_quality_reason(quality_reason)
    if outcome not in (Disposition.UPHELD, Disposition.PARTLY_UPHELD, Disposition.NOT_UPHELD):
        raise InvalidInput(FieldError("outcome", _INVALID_OUTCOME))

    def decide_(standing: CaseState) -> Change:
        require_permission(actor, Permission.DECIDE, standing)
        if not can_decide_appeal(actor, standing):
            raise NotAllowed(_NOT_REVIEWER)
        data: dict[str, object] = {"appeal_outcome": str(outcome), "by": actor.officer_id}
        data |= build_quality_data(judge_decision(text, standing.kind), reason) | build_entity_data(standing)
        texts = {"decision": text, **reason}
        if outcome is Disposition.NOT_UPHELD:
            return Change(EventType.APPEAL_REJECTED, data, texts)
        policy = get_policy(
            kind=standing.kind, service=standing.service_id, entity=standing.entity_id, at=standing.received_at,
            urgent=standing.urgent and standing.care is Handling.OPEN,
        )  # fmt: skip
        due = compute_deadline(at, policy.terms, get_working_calendar())
        return Change(
            EventType.APPEAL_UPHELD,
            data | {"policy_id": policy.id, "due_at": format_instant(due)},
            texts,
        )

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide_)


def validate_future_date(until: datetime, at: datetime) -> None:
    """`Invalid` for a day that is past."""
    if until <= at:
        raise InvalidInput(FieldError("until", _DATE_IN_PAST))
