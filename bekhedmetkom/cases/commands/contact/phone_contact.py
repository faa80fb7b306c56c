"""The telephone: who could not be reached otherwise is called, and who is called can say whether it was solved."""

from datetime import datetime
from uuid import UUID

from bekhedmetkom.catalogue.queries import get_policy_version
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import CLOCK, Actor
from bekhedmetkom.kernel.errors import NotAllowed
from bekhedmetkom.kernel.text import BilingualText

from ...journal import Change, record
from ...rules.access import build_access_record
from ...rules.actions import can_record_solved
from ...rules.case_state import CaseState
from ...rules.contact import ContactType
from ...rules.deadlines import get_appeal_deadline
from ...rules.states import ANSWERED_STATES, OPEN_STATES, EventType
from ...rules.transitions import NotPossibleNow
from ..citizen import validate_stars
from ..permission_check import require_permission
from ..text_validation import validate_text

_HANDLED_CASE = BilingualText(
    "عملت على هذا الطلب، فلا تسجّل أنت كلمة صاحبه. اطلب ذلك من غيرك.",
    "You had a hand in this case: somebody else has to note what its citizen says.",
)
_BODY_CANNOT_CONFIRM = BilingualText(
    "لا تسجّل الجهة عن نفسها أن الأمر حُلّ ولا عدد النجوم. يقول ذلك مقدم الطلب في صفحته، أو لمركز الاتصال.",
    "A body does not note of itself that it was solved, nor stars. The citizen says so on their page, or to the call"
    " centre.",
)
_RATING_PERIOD_OVER = BilingualText("انتهت مدة تقييم هذا الطلب.", "The time for rating this case has passed.")
_ALREADY_SAID = BilingualText("قال مقدم الطلب ذلك من قبل.", "The citizen has said that already.")
_NO_FAILED_MESSAGE = BilingualText(
    "لا رسالة لم تصل في هذا الطلب.", "No message of this case failed to arrive."
)


def record_failed_contact(*, case: UUID, contact: ContactType, at: datetime) -> bool:
    """A message to the citizen came back or was refused for good; `False` where nobody needs to call for that.

    The journal says which way it was, never the address. One failure puts the case on the list, more add nothing.
    """

    def decide(standing: CaseState) -> Change:
        if standing.unreached or standing.state not in (*OPEN_STATES, *ANSWERED_STATES):
            raise _NoCallNeeded
        return Change(EventType.UNREACHED, {"contact": str(contact)})

    try:
        record(case=case, seen=None, actor=CLOCK, at=at, decide=decide)
    except _NoCallNeeded:
        return False
    return True


def record_call(*, case: UUID, seen: int, actor: Actor, at: datetime, text: str, handed: bool = False) -> int:
    """An officer spoke with the citizen; what was said stays inside. The case leaves the list of call-backs.

    `handed`: by the call centre, to one of its agents.
    """
    text = validate_text("text", text)

    def decide(standing: CaseState) -> Change:
        require_permission(actor, Permission.CALL, standing, handed=handed)
        if not standing.unreached:
            raise NotPossibleNow(standing.state, _NO_FAILED_MESSAGE)
        return Change(EventType.CALLED, {"by": actor.officer_id}, {"note": text})

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def record_phone_feedback(
    *, case: UUID, seen: int, actor: Actor, at: datetime, solved: bool, stars: int | None = None, comment: str = "",
    handed: bool = False,
) -> int:  # fmt: skip
    """The citizen's word by telephone: was it solved? Through whom it came is kept, and the citizen is told.

    Nobody says it who had a hand in the case. A yes, and stars, only whoever speaks for no body that answers. `handed`:
    by the call centre, to one of its agents.
    """
    validate_stars(stars)
    comment = validate_text("comment", comment, limit=2000, required=False)

    def decide(standing: CaseState) -> Change:
        require_permission(actor, Permission.HEAR, standing, handed=handed)
        if actor.officer_id in standing.handlers:
            raise NotAllowed(_HANDLED_CASE)
        if (solved or stars) and not can_record_solved(actor, standing):
            raise NotAllowed(_BODY_CANNOT_CONFIRM)
        if standing.state in ANSWERED_STATES and at > get_appeal_deadline(
            standing, get_policy_version(standing.policy_id).terms
        ):
            raise NotPossibleNow(standing.state, _RATING_PERIOD_OVER)
        if standing.solved in (True, solved):
            raise NotPossibleNow(standing.state, _ALREADY_SAID)
        data = build_access_record(actor, Permission.HEAR, standing, handed=handed) | {
            "heard_by_id": actor.officer_id
        }
        return Change(
            EventType.HEARD_SOLVED if solved else EventType.HEARD_UNSOLVED,
            data if stars is None else data | {"stars": stars},
            {"comment": comment} if comment else {},
        )

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


class _NoCallNeeded(Exception):
    """It is on the list already, or over."""
