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
from bekhedmetkom.kernel.errors import FieldError, Invalid
from bekhedmetkom.kernel.references import parse_access_code, parse_reference
from bekhedmetkom.kernel.words import Words

from ..models import Call, Line, Opened
from ..queries.hands import NotProven, NotYours, agent, held, is_proven
from ..rules.wrapping import WrapUp
from .proving import Sent, issued, opened_by, read_back

_LINE = Words("اكتب رقم خطك كما يسميه المقسم.", "Write your telephone as the exchange names it.")
_TAKEN_LINE = Words("هذا الخط لموظف آخر.", "This telephone is another agent's.")
_NOT_THEIRS = Words("ليس هذا من طلبات هذا الرقم.", "This is not one of that number's cases.")


def sit_at(*, line: str, actor: Actor, at: datetime) -> None:
    """The agent's telephone from now on; empty: none."""
    officer, name = agent(actor), line.strip()[:100]
    if not name:
        Line.objects.filter(officer=officer).delete()
        return
    if not name.isprintable():
        raise Invalid(FieldError("line", _LINE))
    try:
        with transaction.atomic():
            Line.objects.update_or_create(officer_id=officer, defaults={"name": name})
    except IntegrityError as error:
        raise Invalid(FieldError("line", _TAKEN_LINE)) from error


def take(*, call: int, actor: Actor, at: datetime) -> None:
    """The agent has this call: as the exchange did not say so itself."""
    officer = agent(actor)
    with transaction.atomic():
        found = Call.objects.select_for_update().filter(pk=call, wrapped_at=None).first()
        if found is None or found.officer_id not in (None, officer):
            raise NotYours
        if found.ended_at and not found.answered_at:  # missed, whoever presses the button later
            raise NotYours
        Call.objects.filter(pk=call).update(
            officer=officer, taken_at=found.taken_at or at, answered_at=found.answered_at or at
        )


def wrap_up(*, call: int, wrap: WrapUp, actor: Actor, at: datetime) -> None:
    """The agent has done with it. What was being written, and what was opened, is over."""
    with transaction.atomic():
        held(call, actor, lock=True)
        Call.objects.filter(pk=call).update(wrap=str(wrap), wrapped_at=at, draft={})


def open_with_code(*, call: int, reference: str, code: str, actor: Actor, at: datetime) -> UUID:
    """The case that this reference and access code open, for as long as the call lasts."""
    mine = held(call, actor)
    known, secret = parse_reference(reference[:64]), parse_access_code(code[:64])
    case = opened_by(known or "", secret or "", actor, at)
    _opened(mine, case, "code", actor, at)
    return case


def code_for(*, call: int, actor: Actor, at: datetime) -> Sent:
    """Six digits for the number that calls, for whoever holds that telephone to read back: the door sends them."""
    return issued(held(call, actor).number, f"call {call}", at)


def prove_number(*, call: int, code: str, actor: Actor, at: datetime) -> None:
    """The caller reads what is sent to the number: its cases can be looked for."""
    mine = held(call, actor)
    read_back(mine.number, f"call {call}", code, at)
    Call.objects.filter(pk=call).update(proven_at=at)


def open_of_number(*, call: int, reference: str, actor: Actor, at: datetime) -> UUID:
    """One of the cases on which the proven number is confirmed. One that is kept with care wants its own code."""
    mine = held(call, actor)
    if not is_proven(mine, at):
        raise NotProven
    known = parse_reference(reference[:64])
    case = own_case([Known(Contact.PHONE, mine.number)], known) if known else None
    if case is None:
        raise Invalid(FieldError("reference", _NOT_THEIRS))
    _opened(mine, case, "number", actor, at)
    return case


def _opened(call: Call, case: UUID, how: str, actor: Actor, at: datetime) -> None:
    Opened.objects.update_or_create(
        call=call, case_id=case, defaults={"officer_id": agent(actor), "how": how, "at": at}
    )
