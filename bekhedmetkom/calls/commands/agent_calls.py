"""An agent's phone line and calls, and the cases that are opened during a call.

A phone number alone proves nothing: it can be forged or shared. Before a case is read out, the caller gives its access
code or reads back a one-time code that was sent to the number (docs/decisions/0055).
"""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from bekhedmetkom.cases.queries import find_my_case
from bekhedmetkom.cases.rules.contact import ContactAddress, ContactType
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import FieldError, InvalidInput
from bekhedmetkom.kernel.references import parse_access_code, parse_reference
from bekhedmetkom.kernel.text import BilingualText

from ..models import Call, Line, Opened
from ..queries.ownership import (
    CallerNotVerified,
    CallNotHeld,
    get_agent_id,
    get_held_call,
    is_number_verified,
)
from ..rules.wrap_up import WrapUp
from .caller_verification import IssuedCode, issue_code, open_case_by_code, verify_code

_INVALID_LINE = BilingualText(
    "اكتب رقم خطك كما يسميه المقسم.", "Write your telephone as the exchange names it."
)
_LINE_TAKEN = BilingualText("هذا الخط لموظف آخر.", "This telephone is another agent's.")
_NOT_OF_NUMBER = BilingualText("ليس هذا من طلبات هذا الرقم.", "This is not one of that number's cases.")


def set_agent_line(*, line: str, actor: Actor, at: datetime) -> None:
    """Set the agent's phone line; an empty line removes it. Raises `InvalidInput`."""
    officer, name = get_agent_id(actor), line.strip()[:100]
    if not name:
        Line.objects.filter(officer=officer).delete()
        return
    if not name.isprintable():
        raise InvalidInput(FieldError("line", _INVALID_LINE))
    try:
        with transaction.atomic():
            Line.objects.update_or_create(officer_id=officer, defaults={"name": name})
    except IntegrityError as error:
        raise InvalidInput(FieldError("line", _LINE_TAKEN)) from error


def take_call(*, call: int, actor: Actor, at: datetime) -> None:
    """Assign the call to the agent. Raises `CallNotHeld` if another agent has it or it is over."""
    officer = get_agent_id(actor)
    with transaction.atomic():
        row = Call.objects.select_for_update().filter(pk=call, wrapped_at=None).first()
        if row is None or row.officer_id not in (None, officer):
            raise CallNotHeld
        if row.ended_at and not row.answered_at:  # a missed call cannot be taken later
            raise CallNotHeld
        Call.objects.filter(pk=call).update(
            officer=officer, taken_at=row.taken_at or at, answered_at=row.answered_at or at
        )


def wrap_up(*, call: int, wrap: WrapUp, actor: Actor, at: datetime) -> None:
    """Finish the call: its draft is deleted and its opened cases are closed."""
    with transaction.atomic():
        get_held_call(call, actor, lock=True)
        Call.objects.filter(pk=call).update(wrap=str(wrap), wrapped_at=at, draft={})


def open_case_with_code(*, call: int, reference: str, code: str, actor: Actor, at: datetime) -> UUID:
    """Open a case with reference and access code for the rest of the call; return its id. Raises `InvalidInput`."""
    held_call = get_held_call(call, actor)
    known, secret = parse_reference(reference[:64]), parse_access_code(code[:64])
    case = open_case_by_code(known or "", secret or "", actor, at)
    _record_opened(held_call, case, "code", actor, at)
    return case


def issue_call_code(*, call: int, actor: Actor, at: datetime) -> IssuedCode:
    """Issue a one-time code for the caller's number; the interface sends it."""
    return issue_code(get_held_call(call, actor).number, f"call {call}", at)


def verify_number(*, call: int, code: str, actor: Actor, at: datetime) -> None:
    """Check the code that the caller reads back; from then on the cases of the number can be listed."""
    held_call = get_held_call(call, actor)
    verify_code(held_call.number, f"call {call}", code, at)
    Call.objects.filter(pk=call).update(proven_at=at)


def open_case_of_number(*, call: int, reference: str, actor: Actor, at: datetime) -> UUID:
    """Open one of the cases on which the verified number is confirmed; return its id.

    Raises `CallerNotVerified` and `InvalidInput`. A confidential case needs its own access code.
    """
    held_call = get_held_call(call, actor)
    if not is_number_verified(held_call, at):
        raise CallerNotVerified
    known = parse_reference(reference[:64])
    case = find_my_case([ContactAddress(ContactType.PHONE, held_call.number)], known) if known else None
    if case is None:
        raise InvalidInput(FieldError("reference", _NOT_OF_NUMBER))
    _record_opened(held_call, case, "number", actor, at)
    return case


def _record_opened(call: Call, case: UUID, how: str, actor: Actor, at: datetime) -> None:
    Opened.objects.update_or_create(
        call=call, case_id=case, defaults={"officer_id": get_agent_id(actor), "how": how, "at": at}
    )
