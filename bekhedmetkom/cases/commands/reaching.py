"""Whom no message reaches is called: the fact that one did not arrive, and the call that mends it."""

from datetime import datetime
from uuid import UUID

from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import CLOCK, Actor
from bekhedmetkom.kernel.words import Words

from ..journal import Act, record
from ..rules.contact import Contact
from ..rules.standing import Standing
from ..rules.states import ANSWERED, OPEN, Happened, NotPossibleNow
from .permitted import allowed
from .wording import worded

_REACHED = Words("لا رسالة لم تصل في هذا الطلب.", "No message of this case failed to arrive.")


def could_not_reach(*, case: UUID, contact: Contact, at: datetime) -> bool:
    """A message to the citizen came back or was refused for good; `False` where nobody needs to call for that.

    The journal says which way it was, never the address. One failure puts the case on the list, more add nothing.
    """

    def decide(standing: Standing) -> Act:
        if standing.unreached or standing.state not in (*OPEN, *ANSWERED):
            raise _NobodyCalls
        return Act(Happened.UNREACHED, {"contact": str(contact)})

    try:
        record(case=case, seen=None, actor=CLOCK, at=at, decide=decide)
    except _NobodyCalls:
        return False
    return True


def called(*, case: UUID, seen: int, actor: Actor, at: datetime, text: str) -> int:
    """An officer spoke with the citizen; what was said stays inside. The case leaves the list of call-backs."""
    text = worded("text", text)

    def decide(standing: Standing) -> Act:
        allowed(actor, Permission.CALL, standing)
        if not standing.unreached:
            raise NotPossibleNow(standing.state, _REACHED)
        return Act(Happened.CALLED, {"by": actor.officer_id}, {"note": text})

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


class _NobodyCalls(Exception):
    """It is on the list already, or over."""
