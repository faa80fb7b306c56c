"""What the person who brought the case does with it: the citizen's word."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from bekhedmetkom.catalogue.queries import get_appeal_policy, get_policy_version
from bekhedmetkom.catalogue.rules import Disposition
from bekhedmetkom.entities.queries import get_working_calendar
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import FieldError, InvalidInput
from bekhedmetkom.kernel.text import BilingualText

from ..journal import Change, record
from ..queries.routing.appeal_reviewers import find_next_reviewer
from ..rules.actions import has_confirmed_solved
from ..rules.case_state import CaseState, format_instant
from ..rules.deadlines import (
    build_reopening_data,
    build_resumption_data,
    compute_deadline,
    get_appeal_deadline,
)
from ..rules.states import ANSWERED_STATES, EventType, State
from ..rules.transitions import NotPossibleNow
from .permission_check import require_citizen
from .text_validation import check_corruption_gate, validate_text

_INVALID_STARS = BilingualText("اختر من نجمة إلى خمس نجوم.", "Choose one to five stars.")
_APPEAL_PERIOD_OVER = BilingualText(
    "انتهت مدة الاعتراض على هذا الرد.", "The time to appeal against this answer has passed."
)
_RATING_PERIOD_OVER = BilingualText("انتهت مدة تقييم هذا الطلب.", "The time for rating this case has passed.")
_DECISION_IS_FINAL = BilingualText(
    "قرار الاعتراض نهائي على هذه المنصة. في القرار ذكر الجهات التي يمكنك اللجوء إليها.",
    "The decision on your appeal is final here; it names where else you can go.",
)


def add_message(
    *, case: UUID, seen: int | None, actor: Actor, at: datetime, text: str = "", uploads: Sequence[UUID] = (),
    gate_declined: bool = False, via: str = "",
) -> int:  # fmt: skip
    """Add information or answer a question, in words, files or both.

    It ends a pause, and reopens what was closed for want of information. `via`: the way it came, where that is not
    the case's own page (`email`).
    """
    text = check_corruption_gate(validate_text("text", text, required=not uploads), declined=gate_declined)
    said = {"message": text} if text else {}
    way = {"via": via} if via else {}

    def decide(standing: CaseState) -> Change:
        require_citizen(actor, standing)
        if standing.state in ANSWERED_STATES and standing.disposition is Disposition.INSUFFICIENT:
            terms = get_policy_version(standing.policy_id).terms
            return Change(
                EventType.SUPPLIED,
                build_reopening_data(standing, at, terms, get_working_calendar()) | way,
                said,
                uploads,
            )
        return Change(
            EventType.WROTE, build_resumption_data(standing, at, get_working_calendar()) | way, said, uploads
        )

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def rate_case(
    *, case: UUID, seen: int | None, actor: Actor, at: datetime, solved: bool, stars: int | None = None,
    comment: str = "", gate_declined: bool = False, via: str = "",
) -> int:  # fmt: skip
    """Was it solved? The one word that counts as resolved is this yes; a no counts at once."""
    validate_stars(stars)
    comment = check_corruption_gate(
        validate_text("comment", comment, limit=2000, required=False), declined=gate_declined
    )

    def decide(standing: CaseState) -> Change:
        require_citizen(actor, standing)
        if at > get_appeal_deadline(standing, get_policy_version(standing.policy_id).terms):
            raise NotPossibleNow(standing.state, _RATING_PERIOD_OVER)
        if standing.state is State.RESOLVED and has_confirmed_solved(standing):
            raise NotPossibleNow(standing.state)
        happened = EventType.CONFIRMED if solved else EventType.DENIED
        facts = {"stars": stars, "via": via or None}
        known = {name: fact for name, fact in facts.items() if fact is not None}
        return Change(happened, known, {"comment": comment} if comment else {})

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def validate_stars(stars: int | None) -> None:
    """`Invalid` but for one to five, or none."""
    if stars is not None and stars not in range(1, 6):
        raise InvalidInput(FieldError("stars", _INVALID_STARS))


def appeal_case(
    *, case: UUID, seen: int | None, actor: Actor, at: datetime, reason: str, gate_declined: bool = False
) -> int:
    """«Not solved», and why: goes to a reviewer who never handled the case, with a term of its own."""
    reason = check_corruption_gate(validate_text("reason", reason), declined=gate_declined)

    def decide(standing: CaseState) -> Change:
        require_citizen(actor, standing)
        if standing.appeal_outcome is Disposition.NOT_UPHELD:
            raise NotPossibleNow(standing.state, _DECISION_IS_FINAL)
        if standing.state in ANSWERED_STATES and at > get_appeal_deadline(
            standing, get_policy_version(standing.policy_id).terms
        ):
            raise NotPossibleNow(standing.state, _APPEAL_PERIOD_OVER)
        policy = get_appeal_policy(entity=standing.entity_id, at=at)
        data = {
            "policy_id": policy.id,
            "due_at": format_instant(compute_deadline(at, policy.terms, get_working_calendar())),
            "reviewer_id": find_next_reviewer(case, standing, at),
            "against": standing.policy_id,
        }
        return Change(EventType.APPEALED, data, {"appeal": reason})

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def withdraw_case(*, case: UUID, seen: int | None, actor: Actor, at: datetime) -> int:
    """Take the case back, before it is answered."""

    def decide(standing: CaseState) -> Change:
        require_citizen(actor, standing)
        return Change(EventType.WITHDRAWN, {"disposition": str(Disposition.WITHDRAWN)})

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def erase_case(*, case: UUID, seen: int | None, actor: Actor, at: datetime) -> int:
    """Take the case back whatever became of it, and delete every word, name and file in it, of officers too.

    Its number, its dates and what happened stay; the event says nothing of why.
    """

    def decide(standing: CaseState) -> Change:
        require_citizen(actor, standing)
        ended = standing.disposition or standing.state is State.MERGED
        return Change(EventType.ERASED, {} if ended else {"disposition": str(Disposition.WITHDRAWN)})

    with transaction.atomic():
        seq = record(case=case, seen=seen, actor=actor, at=at, decide=decide)
        with connection.cursor() as cursor:
            cursor.execute("SELECT erase_words(%s)", [case])
    return seq
