"""Verification of a caller: by the case's access code, or by a one-time code sent to the phone."""

from datetime import datetime
from math import ceil
from typing import NamedTuple
from uuid import UUID

from bekhedmetkom.cases.models import Case, Particulars
from bekhedmetkom.cases.queries import find_case_by_code
from bekhedmetkom.catalogue.rules import Handling
from bekhedmetkom.identity import throttle
from bekhedmetkom.identity.commands import one_time_codes
from bekhedmetkom.kernel import digits
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import FieldError, InvalidInput
from bekhedmetkom.kernel.formatting import SECOND, format_arabic_count, format_count
from bekhedmetkom.kernel.phone_numbers import is_mobile
from bekhedmetkom.kernel.references import parse_access_code
from bekhedmetkom.kernel.text import BilingualText

from ..models import CallBack
from ..queries.ownership import get_held_call_back

CODE_PURPOSE = "call"  # purpose of the one-time code

_WRONG_ACCESS_CODE = BilingualText(
    "لا يفتح هذا الرمز طلبًا بهذا الرقم. راجعهما رقمًا رقمًا.",
    "This code opens no case of that number. Check both.",
)
_NOT_BY_TELEPHONE = BilingualText(
    "لا يُقرأ هذا الطلب بالهاتف. يفتحه صاحبه برمزه في الموقع.",
    "This case is not read out by telephone: its citizen opens it with the code on the website.",
)
_NO_SMS = BilingualText(
    "لا تصل هذا الرقم رسائل. اسأل عن رمز المتابعة.", "This number gets no messages. Ask for the access code."
)
_WRONG_CODE = BilingualText(
    "ليس هذا الرمز الذي أُرسل، أو انتهت مدته.", "That is not the code that was sent, or its time is over."
)
_WAIT_AND_RETRY = BilingualText("انتظر {ar} ثم جرّب من جديد.", "Wait {en} and try again.")


class IssuedCode(NamedTuple):
    """A one-time code and the phone number that it is for."""

    phone: str
    code: str
    language: str = ""  # language of the case, if known


def issue_code(phone: str, asker: str, at: datetime) -> IssuedCode:
    """Issue a one-time code. Raises `InvalidInput` for a number that gets no SMS, and `TooManyCodes`."""
    if not phone or not is_mobile(phone):
        raise InvalidInput(FieldError("digits", _NO_SMS))
    return IssuedCode(
        phone, one_time_codes.issue_code(purpose=CODE_PURPOSE, address=phone, at=at, asker=asker)
    )


def verify_code(phone: str, asker: str, code: str, at: datetime) -> None:
    """Check the code that was read to the agent. Raises `InvalidInput`."""
    normalised = digits.normalise_code(code[:40])
    if not phone or not one_time_codes.verify_code(
        purpose=CODE_PURPOSE, address=phone, code=normalised, at=at, asker=asker
    ):
        raise InvalidInput(FieldError("digits", _WRONG_CODE))


def open_case_by_code(reference: str, code: str, actor: Actor, at: datetime) -> UUID:
    """Return the case that the access code opens.

    Raises `InvalidInput`: wrong code, too many attempts, or a confidential case.
    """
    guesser = ("access-code", f"calls {actor}", reference)
    if wait := ceil(throttle.take_attempt(throttle.CASE_LIMIT, *guesser, at=at).total_seconds()):
        wait_texts = format_arabic_count(wait, SECOND, after=True), format_count(wait, SECOND, "en")
        raise InvalidInput(FieldError("code", _WAIT_AND_RETRY.format(ar=wait_texts[0], en=wait_texts[1])))
    case = find_case_by_code(reference, code) if reference and code else None
    if case is None:
        raise InvalidInput(FieldError("code", _WRONG_ACCESS_CODE))
    throttle.return_attempt(*guesser)
    if Case.objects.values_list("care", flat=True).get(pk=case) != Handling.OPEN:
        raise InvalidInput(FieldError("code", _NOT_BY_TELEPHONE))
    return case


def issue_call_back_code(*, back: int, actor: Actor, at: datetime) -> IssuedCode:
    """Issue a one-time code for the case's phone, before its answer is read out."""
    row = get_held_call_back(back, actor, at)
    return issue_code(_get_phone(row), f"back {back}", at)._replace(language=row.case.language)


def verify_call_back_code(*, back: int, code: str, actor: Actor, at: datetime) -> None:
    """Check the one-time code that the called person reads back."""
    row = get_held_call_back(back, actor, at)
    verify_code(_get_phone(row), f"back {back}", code, at)
    CallBack.objects.filter(pk=back).update(proven_at=at)


def verify_call_back_access_code(*, back: int, code: str, actor: Actor, at: datetime) -> None:
    """Check the access code that the called person gives."""
    row = get_held_call_back(back, actor, at)
    open_case_by_code(row.case.reference, parse_access_code(code[:64]) or "", actor, at)
    CallBack.objects.filter(pk=back).update(proven_at=at)


def _get_phone(row: CallBack) -> str:
    return Particulars.objects.values_list("phone", flat=True).get(pk=row.case_id)
