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
from ..queries.workload import next_reviewer
from ..rules.access import looked
from ..rules.case_state import CaseState, format_instant
from ..rules.deadlines import extended, promised
from ..rules.events.base import higher_level
from ..rules.quality import decision_judged
from ..rules.states import EventType, State
from ..rules.transitions import NotPossibleNow
from ..rules.verbs import decides, extends
from .composing import bodys_word
from .permitted import allowed
from .reply import passed, reason_given
from .wording import worded

_ONCE = BilingualText("مُدّد هذا الطلب مرة، ولا يُمدّد ثانية.", "A case is extended once only.")
_EXPIRED = BilingualText(
    "انقضى الموعد. التمديد يكون قبله.", "The date has passed: an extension comes before it."
)
_NO_TERM = BilingualText("قاعدة المدة لا تسمح بالتمديد.", "This case's terms allow no extension.")
_HANDLER = BilingualText(
    "التمديد لمسؤول أعلى ممن يعالج الطلب.", "Only somebody above the handler can extend."
)
_IN_TERM = BilingualText(
    "اختر يومًا بعد اليوم وقبل الموعد.", "Choose a day after today and before the due date."
)
_FUTURE = BilingualText("اختر تاريخًا قادمًا.", "Choose a date to come.")
_NOT_WITHHELD = BilingualText("الهوية في هذا الطلب غير محجوبة.", "The identity is not withheld in this case.")
_OUTCOME = BilingualText("اختر: قُبل، أو قُبل بعضه، أو لم يُقبل.", "Choose upheld, partly upheld or not upheld.")
_ALREADY_THERE = BilingualText(
    "الطلب مرفوع إلى هذا المستوى أو أعلى منه.", "The case is at this level or above already."
)
_NOT_REVIEWER = BilingualText("القرار للمراجع المكلّف وحده.", "The decision is the assigned reviewer's alone.")


def extend(*, case: UUID, seen: int, actor: Actor, at: datetime, reason: str) -> int:
    """One longer term, before it expires, by somebody above the handler, with a reason that the citizen reads."""
    reason = worded("reason", reason)

    def decide(standing: CaseState) -> Change:
        allowed(actor, Permission.EXTEND, standing)
        terms = get_policy_version(standing.policy_id).terms
        if not extends(actor, standing):
            raise NotAllowed(_HANDLER)
        if standing.extensions >= terms.extensions:
            raise NotPossibleNow(standing.state, _ONCE if terms.extensions else _NO_TERM)
        if at > standing.due_at:
            raise NotPossibleNow(standing.state, _EXPIRED)
        data = extended(standing, terms.extension_days, get_working_calendar()) | {"by": actor.officer_id}
        return Change(EventType.EXTENDED, data, {"reason": reason})

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def escalate(
    *, case: UUID, seen: int, actor: Actor, at: datetime, level: EscalationLevel, reason: str
) -> int:
    """Raise a case to a higher official without waiting for the clock."""
    reason = worded("reason", reason)

    def decide(standing: CaseState) -> Change:
        allowed(actor, Permission.ESCALATE, standing)
        if higher_level(standing.level, level) == standing.level:
            raise NotPossibleNow(standing.state, _ALREADY_THERE)
        return Change(EventType.ESCALATED, {"level": str(level), "by": actor.officer_id}, {"cause": reason})

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def snooze(*, case: UUID, seen: int, actor: Actor, at: datetime, until: datetime) -> int:
    """Put a case out of one's way until a day inside its term. Its clock does not notice."""

    def decide(standing: CaseState) -> Change:
        allowed(actor, Permission.SNOOZE, standing)
        if not at < until < standing.due_at:
            raise InvalidInput(FieldError("until", _IN_TERM))
        return Change(EventType.SNOOZED, {"snoozed_until": format_instant(until), "by": actor.officer_id})

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def commit(*, case: UUID, seen: int, actor: Actor, at: datetime, text: str, until: datetime) -> int:
    """Promise the citizen an action with a date."""
    text = worded("text", text)

    def decide(standing: CaseState) -> Change:
        allowed(actor, Permission.COMMIT, standing)
        to_come(until, at)
        return Change(
            EventType.COMMITTED,
            {"until": format_instant(until), "by": actor.officer_id},
            {"commitment": text},
        )

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def fulfil(*, case: UUID, seen: int, actor: Actor, at: datetime, text: str) -> int:
    """Say that a promised action is done, and how."""
    text = worded("text", text)

    def decide(standing: CaseState) -> Change:
        allowed(actor, Permission.FULFIL, standing)
        return Change(EventType.FULFILLED, {"by": actor.officer_id}, {"fulfilment": text})

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def close(*, case: UUID, seen: int, actor: Actor, at: datetime) -> int:
    """Put away a case that its citizen has said is solved. Nothing else can be closed by hand."""

    def decide(standing: CaseState) -> Change:
        allowed(actor, Permission.CLOSE, standing)
        return Change(EventType.CLOSED, {"by": actor.officer_id})

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def reveal(*, case: UUID, seen: int, actor: Actor, at: datetime, reason: str) -> int:
    """Look at a withheld identity in order to call back. The look is journalled before anything is shown."""
    reason = worded("reason", reason)

    def decide(standing: CaseState) -> Change:
        allowed(actor, Permission.REVEAL, standing)
        if not standing.withheld:
            raise NotPossibleNow(standing.state, _NOT_WITHHELD)
        return Change(
            EventType.IDENTITY_REVEALED, looked(actor, Permission.REVEAL, standing), {"cause": reason}
        )

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def recuse(*, case: UUID, seen: int, actor: Actor, at: datetime, reason: str) -> int:
    """Step aside for a conflict of interest: the officer no longer sees the case. An appeal gets another reviewer."""
    reason = worded("reason", reason)

    def decide(standing: CaseState) -> Change:
        allowed(actor, Permission.RECUSE, standing)
        data: dict[str, object] = {"by": actor.officer_id}
        if standing.state is State.APPEALED and actor.officer_id == standing.reviewer_id:
            data["reviewer_id"] = next_reviewer(case, standing, at, [actor.officer_id])
        return Change(EventType.RECUSED, data, {"cause": reason})

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def decide(
    *, case: UUID, seen: int, actor: Actor, at: datetime, outcome: Disposition, text: str, quality_reason: str = ""
) -> int:  # fmt: skip
    """The reviewer's decision on an appeal. Upheld, wholly or partly: the case opens again with a new date.

    `SaysTooLittle` where it says nothing and no reason is given.
    """
    text = worded("text", text, limit=8000)
    reason = reason_given(quality_reason)
    if outcome not in (Disposition.UPHELD, Disposition.PARTLY_UPHELD, Disposition.NOT_UPHELD):
        raise InvalidInput(FieldError("outcome", _OUTCOME))

    def decide_(standing: CaseState) -> Change:
        allowed(actor, Permission.DECIDE, standing)
        if not decides(actor, standing):
            raise NotAllowed(_NOT_REVIEWER)
        data: dict[str, object] = {"appeal_outcome": str(outcome), "by": actor.officer_id}
        data |= passed(decision_judged(text, standing.kind), reason) | bodys_word(standing)
        texts = {"decision": text, **reason}
        if outcome is Disposition.NOT_UPHELD:
            return Change(EventType.APPEAL_REJECTED, data, texts)
        policy = get_policy(
            kind=standing.kind, service=standing.service_id, entity=standing.entity_id, at=standing.received_at,
            urgent=standing.urgent and standing.care is Handling.OPEN,
        )  # fmt: skip
        due = promised(at, policy.terms, get_working_calendar())
        return Change(
            EventType.APPEAL_UPHELD,
            data | {"policy_id": policy.id, "due_at": format_instant(due)},
            texts,
        )

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide_)


def to_come(until: datetime, at: datetime) -> None:
    """`Invalid` for a day that is past."""
    if until <= at:
        raise InvalidInput(FieldError("until", _FUTURE))
