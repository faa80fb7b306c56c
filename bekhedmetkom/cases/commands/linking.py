"""One of many cases about one problem, or no longer; each keeps its reference, its code and its own answer."""

from datetime import datetime
from uuid import UUID

from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.text import BilingualText

from ..journal import Change, record
from ..rules.case_state import CaseState
from ..rules.states import EventType
from ..rules.transitions import NotPossibleNow
from ..rules.verbs import links
from .permitted import allowed

_NOT_OF_MANY = BilingualText(
    "لا يُربط هذا الطلب بمشكلة: سُحب أو دُمج، أو يُعالج بعناية خاصة.",
    "This case is linked to no problem: it was withdrawn or merged, or it is handled with special care.",
)
_THERE_ALREADY = BilingualText("الطلب مربوط بهذه المشكلة.", "The case is linked to this problem already.")
_TO_NONE = BilingualText("الطلب غير مربوط بمشكلة.", "The case is linked to no problem.")


def link(*, case: UUID, seen: int | None, actor: Actor, at: datetime, problem: int | None) -> int:
    """Link a case to a problem, of which the caller knows that it is there; `None`: to none any more."""

    def decide(standing: CaseState) -> Change:
        allowed(actor, Permission.LINK, standing)
        if not links(standing):
            raise NotPossibleNow(standing.state, _NOT_OF_MANY)
        if standing.problem_id == problem:
            raise NotPossibleNow(standing.state, _THERE_ALREADY if problem else _TO_NONE)
        if problem is None:
            data = {"by": actor.officer_id, "problem_id": None, "was": standing.problem_id}
            return Change(EventType.UNLINKED, data)
        return Change(EventType.LINKED, {"by": actor.officer_id, "problem_id": problem})

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)
