"""An agent at the telephone: which one is theirs, which call, and who shows that a case is the caller's.

A number alone proves nothing: it can be forged, and a telephone may be a family's. Before anything of a case is read,
its access code is said, or a code that was sent to the number is read back (docs/decisions/0055).
"""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from bekhedmetkom.cases.queries import own_case
from bekhedmetkom.cases.rules.contact import Contact, Known
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
    """The agent's telephone from now on; empty: none."""
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
    """The agent has this call: as the exchange did not say so itself."""
    officer = get_agent_id(actor)
    with transaction.atomic():
        found = Call.objects.select_for_update().filter(pk=call, wrapped_at=None).first()
        if found is None or found.officer_id not in (None, officer):
            raise CallNotHeld
        if found.ended_at and not found.answered_at:  # missed, whoever presses the button later
            raise CallNotHeld
        Call.objects.filter(pk=call).update(
            officer=officer, taken_at=found.taken_at or at, answered_at=found.answered_at or at
        )


def wrap_up(*, call: int, wrap: WrapUp, actor: Actor, at: datetime) -> None:
    """The agent has done with it. What was being written, and what was opened, is over."""
    with transaction.atomic():
        get_held_call(call, actor, lock=True)
        Call.objects.filter(pk=call).update(wrap=str(wrap), wrapped_at=at, draft={})


def open_case_with_code(*, call: int, reference: str, code: str, actor: Actor, at: datetime) -> UUID:
    """The case that this reference and access code open, for as long as the call lasts."""
    mine = get_held_call(call, actor)
    known, secret = parse_reference(reference[:64]), parse_access_code(code[:64])
    case = open_case_by_code(known or "", secret or "", actor, at)
    _record_opened(mine, case, "code", actor, at)
    return case


def issue_call_code(*, call: int, actor: Actor, at: datetime) -> IssuedCode:
    """Six digits for the number that calls, for whoever holds that telephone to read back: the door sends them."""
    return issue_code(get_held_call(call, actor).number, f"call {call}", at)


def verify_number(*, call: int, code: str, actor: Actor, at: datetime) -> None:
    """The caller reads what is sent to the number: its cases can be looked for."""
    mine = get_held_call(call, actor)
    verify_code(mine.number, f"call {call}", code, at)
    Call.objects.filter(pk=call).update(proven_at=at)


def open_case_of_number(*, call: int, reference: str, actor: Actor, at: datetime) -> UUID:
    """One of the cases on which the proven number is confirmed. One that is kept with care wants its own code."""
    mine = get_held_call(call, actor)
    if not is_number_verified(mine, at):
        raise CallerNotVerified
    known = parse_reference(reference[:64])
    case = own_case([Known(Contact.PHONE, mine.number)], known) if known else None
    if case is None:
        raise InvalidInput(FieldError("reference", _NOT_OF_NUMBER))
    _record_opened(mine, case, "number", actor, at)
    return case


def _record_opened(call: Call, case: UUID, how: str, actor: Actor, at: datetime) -> None:
    Opened.objects.update_or_create(
        call=call, case_id=case, defaults={"officer_id": get_agent_id(actor), "how": how, "at": at}
    )
