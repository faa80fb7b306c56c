"""The telephone: who could not be reached otherwise is called, and who is called can say whether it was solved."""

from datetime import datetime
from uuid import UUID

from bekhedmetkom.catalogue.queries import get_policy_version
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import CLOCK, Actor
from bekhedmetkom.kernel.errors import NotAllowed
from bekhedmetkom.kernel.text import BilingualText

from ..journal import Change, record
from ..rules.access import looked
from ..rules.case_state import CaseState
from ..rules.contact import Contact
from ..rules.deadlines import appeal_until
from ..rules.states import ANSWERED, OPEN, EventType
from ..rules.transitions import NotPossibleNow
from ..rules.verbs import hears_yes
from .citizen import starred
from .permitted import allowed
from .wording import worded

_HAD_A_HAND = BilingualText(
    "عملت على هذا الطلب، فلا تسجّل أنت كلمة صاحبه. اطلب ذلك من غيرك.",
    "You had a hand in this case: somebody else has to note what its citizen says.",
)
_NOT_A_BODYS = BilingualText(
    "لا تسجّل الجهة عن نفسها أن الأمر حُلّ ولا عدد النجوم. يقول ذلك مقدم الطلب في صفحته، أو لمركز الاتصال.",
    "A body does not note of itself that it was solved, nor stars. The citizen says so on their page, or to the call"
    " centre.",
)
_OVER = BilingualText("انتهت مدة تقييم هذا الطلب.", "The time for rating this case has passed.")
_SAID = BilingualText("قال مقدم الطلب ذلك من قبل.", "The citizen has said that already.")
_REACHED = BilingualText("لا رسالة لم تصل في هذا الطلب.", "No message of this case failed to arrive.")


def could_not_reach(*, case: UUID, contact: Contact, at: datetime) -> bool:
    """A message to the citizen came back or was refused for good; `False` where nobody needs to call for that.

    The journal says which way it was, never the address. One failure puts the case on the list, more add nothing.
    """

    def decide(standing: CaseState) -> Change:
        if standing.unreached or standing.state not in (*OPEN, *ANSWERED):
            raise _NobodyCalls
        return Change(EventType.UNREACHED, {"contact": str(contact)})

    try:
        record(case=case, seen=None, actor=CLOCK, at=at, decide=decide)
    except _NobodyCalls:
        return False
    return True


def called(*, case: UUID, seen: int, actor: Actor, at: datetime, text: str, handed: bool = False) -> int:
    """An officer spoke with the citizen; what was said stays inside. The case leaves the list of call-backs.

    `handed`: by the call centre, to one of its agents.
    """
    text = worded("text", text)

    def decide(standing: CaseState) -> Change:
        allowed(actor, Permission.CALL, standing, handed=handed)
        if not standing.unreached:
            raise NotPossibleNow(standing.state, _REACHED)
        return Change(EventType.CALLED, {"by": actor.officer_id}, {"note": text})

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def heard(
    *, case: UUID, seen: int, actor: Actor, at: datetime, solved: bool, stars: int | None = None, comment: str = "",
    handed: bool = False,
) -> int:  # fmt: skip
    """The citizen's word by telephone: was it solved? Through whom it came is kept, and the citizen is told.

    Nobody says it who had a hand in the case. A yes, and stars, only whoever speaks for no body that answers. `handed`:
    by the call centre, to one of its agents.
    """
    starred(stars)
    comment = worded("comment", comment, limit=2000, required=False)

    def decide(standing: CaseState) -> Change:
        allowed(actor, Permission.HEAR, standing, handed=handed)
        if actor.officer_id in standing.handlers:
            raise NotAllowed(_HAD_A_HAND)
        if (solved or stars) and not hears_yes(actor, standing):
            raise NotAllowed(_NOT_A_BODYS)
        if standing.state in ANSWERED and at > appeal_until(
            standing, get_policy_version(standing.policy_id).terms
        ):
            raise NotPossibleNow(standing.state, _OVER)
        if standing.solved in (True, solved):
            raise NotPossibleNow(standing.state, _SAID)
        data = looked(actor, Permission.HEAR, standing, handed=handed) | {"heard_by_id": actor.officer_id}
        return Change(
            EventType.HEARD_SOLVED if solved else EventType.HEARD_UNSOLVED,
            data if stars is None else data | {"stars": stars},
            {"comment": comment} if comment else {},
        )

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


class _NobodyCalls(Exception):
    """It is on the list already, or over."""
