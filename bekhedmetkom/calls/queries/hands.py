"""Whose a call or a call-back is: each is one agent's at a time, and nobody else's business."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from bekhedmetkom.cases import wall
from bekhedmetkom.cases.rules.access import holds
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import NotAllowed, Refused
from bekhedmetkom.kernel.words import Words

from ..models import Call, CallBack, Opened
from ..rules.backs import HELD

PROOF_LASTS = timedelta(minutes=45)


class NotYours(Refused):
    words = Words("هذه المكالمة عند موظف آخر، أو انتهت.", "Another agent has this call, or it is over.")


class NotHeld(Refused):
    words = Words("هذا الاتصال عند موظف آخر، أو انتهى.", "Another agent has this call-back, or it is over.")


class NotProven(Refused):
    words = Words("لم يثبت بعد أن الطلب له.", "It is not yet shown that this case is theirs.")


def agent(actor: Actor) -> int:
    """The officer behind the actor; `NotAllowed` for who does not take calls."""
    if actor.officer_id is None or not holds(actor, Permission.TAKE_CALLS):
        raise NotAllowed
    return actor.officer_id


def held(call: int, actor: Actor, *, lock: bool = False) -> Call:
    """The agent's own call; `NotYours` for any other and for one that is wrapped up."""
    calls = Call.objects.select_for_update() if lock else Call.objects.all()
    found = calls.filter(pk=call, officer=agent(actor), wrapped_at=None).first()
    if found is None:
        raise NotYours
    return found


def is_proven(call: Call, at: datetime) -> bool:
    """Whether the number that calls was shown to be in the caller's hand."""
    return call.proven_at is not None and at - call.proven_at < PROOF_LASTS


def let_in_to(call: Call, case: UUID, at: datetime) -> None:
    """Let the request in to a case that was opened during this call; `NotProven` for any other."""
    if not Opened.objects.filter(call=call, case=case, at__gt=at - PROOF_LASTS).exists():
        raise NotProven
    wall.for_citizen(case)


def is_proven_back(back: CallBack, at: datetime) -> bool:
    """The same of who was called."""
    return back.proven_at is not None and at - back.proven_at < HELD


def held_by(officer: int, at: datetime) -> QuerySet[CallBack]:
    """The call-backs that an agent has in hand."""
    return CallBack.objects.filter(officer=officer, done_at=None, held_at__gt=at - HELD)


def held_back(back: int, actor: Actor, at: datetime, *, lock: bool = False) -> CallBack:
    """One's own call-back; the request is let in to its case. `NotHeld` for any other."""
    rows = held_by(agent(actor), at)
    found = (rows.select_for_update() if lock else rows).filter(pk=back).first()
    if found is None:
        raise NotHeld
    wall.for_citizen(found.case_id)
    return found
