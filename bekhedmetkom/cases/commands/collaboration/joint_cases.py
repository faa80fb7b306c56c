"""Joint cases: another body takes part in a case, by a day of its own; the body that has the case gives the one answer.

A body accepts, or returns it with a reason. Twice returned, the Prime Ministry unit decides, as it does with referrals.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from bekhedmetkom.entities.queries import get_prime_ministry, get_tree
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.errors import FieldError, InvalidInput
from bekhedmetkom.kernel.text import BilingualText

from ...journal import Change, record
from ...queries.case.tasks import Task, count_returned_requests, list_open_tasks
from ...queries.routing.conflict_of_interest import find_body_without_conflict
from ...rules.access import can_order_participation
from ...rules.case_state import CaseState, format_instant
from ...rules.states import EventType
from ...rules.transitions import NotPossibleNow
from ..permission_check import require_permission
from ..text_validation import validate_text
from .tasks import (
    build_ended_tasks_data,
    build_revoked_access_data,
    get_pending_tasks,
    require_not_confidential,
    select_task,
    validate_task_date,
)

MAX_RETURNS = 2  # after as many, the Prime Ministry unit decides

_BODY_NOT_FOUND = BilingualText("هذه الجهة غير موجودة أو أُغلقت.", "This body does not exist or is closed.")
_SAME_BODY = BilingualText("الطلب عند هذه الجهة أصلًا.", "The case is already with this body.")
_ALREADY_ASKED = BilingualText("طُلبت مشاركة هذه الجهة من قبل.", "This body was asked already.")
_BODY_IN_CONFLICT = BilingualText(
    "كل من يستقبل الطلبات في هذه الجهة يعمل تحت من تخصه الشكوى.",
    "Everybody who receives cases at this body works under whom it complains of.",
)
_PARTICIPATION_ORDERED = BilingualText(
    "قررت وحدة المتابعة في رئاسة الوزراء أن تشارك جهتكم.",
    "The Prime Ministry unit has decided that your body takes part.",
)


def request_participation(
    *, case: UUID, seen: int, actor: Actor, at: datetime, entity: int, text: str, until: datetime
) -> int:
    """Ask another body to take part, by a day inside the case's term. From the Prime Ministry unit it is a decision."""
    text = validate_text("text", text)

    def decide(standing: CaseState) -> Change:
        require_permission(actor, Permission.JOIN, standing)
        require_not_confidential(standing)
        if entity not in get_tree() or not get_tree()[entity].is_open(get_local_date(at)):
            raise InvalidInput(FieldError("entity", _BODY_NOT_FOUND))
        if entity == standing.entity_id:
            raise InvalidInput(FieldError("entity", _SAME_BODY))
        if find_body_without_conflict(entity, standing, standing.care, at) != entity:
            raise InvalidInput(FieldError("entity", _BODY_IN_CONFLICT))
        validate_task_date(standing.due_at, until, at)
        waiting = list_open_tasks(case, standing.tasks)
        asked = [one for one in waiting if entity in (one.wanted or one.entity,) and one.unit is None]
        data = {"asked_body": entity, "until": format_instant(until), "by": actor.officer_id}
        if can_order_participation(actor):
            data |= _build_decision_data(actor, [one for one in asked if one.wanted], waiting)
            asked = [one for one in asked if not one.wanted]
        elif count_returned_requests(case) >= MAX_RETURNS:
            data |= {"asked_body": get_prime_ministry(), "wanted": entity}
        if asked:
            raise InvalidInput(FieldError("entity", _ALREADY_ASKED))
        return Change(EventType.JOIN_ASKED, data, {"instruction": text})

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def accept_participation(*, case: UUID, seen: int, actor: Actor, at: datetime, of: int | None = None) -> int:
    """The body takes part. The case stays with the body that asked, which alone answers the citizen."""

    def decide(standing: CaseState) -> Change:
        part = _get_participation_request(case, actor, standing, of)
        return Change(
            EventType.JOIN_ACCEPTED, {"of": part.seq, "asked_body": part.entity, "by": actor.officer_id}
        )

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def decline_participation(
    *, case: UUID, seen: int, actor: Actor, at: datetime, reason: str, of: int | None = None
) -> int:
    """The body does not take part, and says why; it sees the case no more."""
    reason = validate_text("reason", reason)

    def decide(standing: CaseState) -> Change:
        part = _get_participation_request(case, actor, standing, of)
        if part.ordered:
            raise NotPossibleNow(standing.state, _PARTICIPATION_ORDERED)
        waiting = list_open_tasks(case, standing.tasks)
        return Change(
            EventType.JOIN_RETURNED,
            build_ended_tasks_data(actor, part) | build_revoked_access_data(part, waiting),
            {"cause": reason},
        )

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def _get_participation_request(case: UUID, actor: Actor, standing: CaseState, of: int | None) -> Task:
    """What this officer's body was asked, and has not said anything to."""
    require_permission(actor, Permission.TAKE_PART, standing)
    waiting = get_pending_tasks(case, standing)
    open_ = [one for one in waiting if one.unit is None and not one.agreed]
    return select_task(of, waiting, [one for one in open_ if one.answered_by(actor)])


def _build_decision_data(actor: Actor, questions: list[Task], waiting: list[Task]) -> dict[str, Any]:
    """The Prime Ministry unit's word, by which what it was asked is over."""
    if not questions:
        return {"ordered": 1}
    over = build_ended_tasks_data(actor, *questions)
    left = [one for one in waiting if one not in questions]
    return {"ordered": 1, "ended": over["ended"], "ends": over["ends"]} | (
        {} if any(one.wanted for one in left) else {"shut_bodies": [get_prime_ministry()]}
    )
