"""Ownership of calls and call-backs: one agent at a time."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from bekhedmetkom.cases import row_security
from bekhedmetkom.cases.rules.access import has_permission_anywhere
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import NotAllowed, Refusal
from bekhedmetkom.kernel.text import BilingualText

from ..models import Call, CallBack, Opened
from ..rules.call_backs import HOLD_TIME

PROOF_LIFETIME = timedelta(minutes=45)


class CallNotHeld(Refusal):
    message = BilingualText(
        "هذه المكالمة عند موظف آخر، أو انتهت.", "Another agent has this call, or it is over."
    )


class CallBackNotHeld(Refusal):
    message = BilingualText(
        "هذا الاتصال عند موظف آخر، أو انتهى.", "Another agent has this call-back, or it is over."
    )


class CallerNotVerified(Refusal):
    message = BilingualText("لم يثبت بعد أن الطلب له.", "It is not yet shown that this case is theirs.")


def get_agent_id(actor: Actor) -> int:
    """Return the actor's officer id. Raises `NotAllowed` without the permission to take calls."""
    if actor.officer_id is None or not has_permission_anywhere(actor, Permission.TAKE_CALLS):
        raise NotAllowed
    return actor.officer_id


def get_held_call(call: int, actor: Actor, *, lock: bool = False) -> Call:
    """Return the agent's open call. Raises `CallNotHeld`."""
    calls = Call.objects.select_for_update() if lock else Call.objects.all()
    held = calls.filter(pk=call, officer=get_agent_id(actor), wrapped_at=None).first()
    if held is None:
        raise CallNotHeld
    return held


def is_number_verified(call: Call, at: datetime) -> bool:
    """Return whether the caller proved to hold the calling number."""
    return call.proven_at is not None and at - call.proven_at < PROOF_LIFETIME


def grant_case_access(call: Call, case: UUID, at: datetime) -> None:
    """Grant the request access to a case opened during this call. Raises `CallerNotVerified`."""
    if not Opened.objects.filter(call=call, case=case, at__gt=at - PROOF_LIFETIME).exists():
        raise CallerNotVerified
    row_security.allow_citizen(case)


def is_call_back_verified(back: CallBack, at: datetime) -> bool:
    """Return whether the called person proved to be the citizen."""
    return back.proven_at is not None and at - back.proven_at < HOLD_TIME


def list_held_call_backs(officer: int, at: datetime) -> QuerySet[CallBack]:
    """Return the call-backs that an agent has in hand."""
    return CallBack.objects.filter(officer=officer, done_at=None, held_at__gt=at - HOLD_TIME)


def get_held_call_back(back: int, actor: Actor, at: datetime, *, lock: bool = False) -> CallBack:
    """Return the agent's call-back and grant access to its case. Raises `CallBackNotHeld`."""
    rows = list_held_call_backs(get_agent_id(actor), at)
    held = (rows.select_for_update() if lock else rows).filter(pk=back).first()
    if held is None:
        raise CallBackNotHeld
    row_security.allow_citizen(held.case_id)
    return held
