"""How whoever is on the line shows that a case is theirs: its access code, or six digits sent to the telephone."""

from datetime import datetime
from math import ceil
from typing import NamedTuple
from uuid import UUID

from bekhedmetkom.cases.models import Case, Particulars
from bekhedmetkom.cases.queries import case_of
from bekhedmetkom.catalogue.rules import Handling
from bekhedmetkom.identity import pace
from bekhedmetkom.identity.commands import one_time
from bekhedmetkom.kernel import digits
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.dates import SECOND, counted, say_count
from bekhedmetkom.kernel.errors import FieldError, Invalid
from bekhedmetkom.kernel.phones import is_mobile
from bekhedmetkom.kernel.references import parse_access_code
from bekhedmetkom.kernel.words import Words

from ..models import CallBack
from ..queries.hands import held_back

PURPOSE = "call"  # of a one-time code

_NOTHING_OPENS = Words(
    "لا يفتح هذا الرمز طلبًا بهذا الرقم. راجعهما رقمًا رقمًا.",
    "This code opens no case of that number. Check both.",
)
_NOT_ALOUD = Words(
    "لا يُقرأ هذا الطلب بالهاتف. يفتحه صاحبه برمزه في الموقع.",
    "This case is not read out by telephone: its citizen opens it with the code on the website.",
)
_NO_SMS = Words(
    "لا تصل هذا الرقم رسائل. اسأل عن رمز المتابعة.", "This number gets no messages. Ask for the access code."
)
_WRONG_CODE = Words(
    "ليس هذا الرمز الذي أُرسل، أو انتهت مدته.", "That is not the code that was sent, or its time is over."
)
_SLOWLY = Words("انتظر {ar} ثم جرّب من جديد.", "Wait {en} and try again.")


class Sent(NamedTuple):
    """A code, and the telephone that it is for."""

    phone: str
    code: str
    language: str = ""  # of the case, where one is known


def issued(phone: str, asker: str, at: datetime) -> Sent:
    """A new code for that telephone. Raises `Invalid` where no message arrives, and `one_time.TooSoon`."""
    if not phone or not is_mobile(phone):
        raise Invalid(FieldError("digits", _NO_SMS))
    return Sent(phone, one_time.issue(purpose=PURPOSE, address=phone, at=at, asker=asker))


def read_back(phone: str, asker: str, code: str, at: datetime) -> None:
    """The code as it was read to the agent; `Invalid` where it is another."""
    read = digits.packed(code[:40])
    if not phone or not one_time.check(purpose=PURPOSE, address=phone, code=read, at=at, asker=asker):
        raise Invalid(FieldError("digits", _WRONG_CODE))


def opened_by(reference: str, code: str, actor: Actor, at: datetime) -> UUID:
    """The case that this access code opens. Guessing gets slow; what is kept with care is not read out at all."""
    guesser = ("access-code", f"calls {actor}", reference)
    if wait := ceil(pace.take(pace.ONE_CASE, *guesser, at=at).total_seconds()):
        waits = counted(wait, SECOND, after=True), say_count(wait, SECOND, "en")
        raise Invalid(FieldError("code", _SLOWLY.filled(ar=waits[0], en=waits[1])))
    case = case_of(reference, code) if reference and code else None
    if case is None:
        raise Invalid(FieldError("code", _NOTHING_OPENS))
    pace.give_back(*guesser)
    if Case.objects.values_list("care", flat=True).get(pk=case) != Handling.OPEN:
        raise Invalid(FieldError("code", _NOT_ALOUD))
    return case


def back_code_for(*, back: int, actor: Actor, at: datetime) -> Sent:
    """Six digits for the case's own telephone, before its answer is read out to whoever was called there."""
    row = held_back(back, actor, at)
    return issued(_phone(row), f"back {back}", at)._replace(language=row.case.language)


def prove_back(*, back: int, code: str, actor: Actor, at: datetime) -> None:
    """Whoever is called reads what is sent to the case's telephone."""
    row = held_back(back, actor, at)
    read_back(_phone(row), f"back {back}", code, at)
    CallBack.objects.filter(pk=back).update(proven_at=at)


def open_back(*, back: int, code: str, actor: Actor, at: datetime) -> None:
    """Whoever is called has said the access code that they wrote down."""
    row = held_back(back, actor, at)
    opened_by(row.case.reference, parse_access_code(code[:64]) or "", actor, at)
    CallBack.objects.filter(pk=back).update(proven_at=at)


def _phone(row: CallBack) -> str:
    return Particulars.objects.values_list("phone", flat=True).get(pk=row.case_id)
