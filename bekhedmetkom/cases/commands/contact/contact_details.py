"""How the person who brought a case is reached: confirmed, corrected, preferred; and a new code for who forgot theirs.

The journal says which way it was, never the address. Whoever calls has seen a one-time code, or a sign-in, that
proves the address to be the person's own.
"""

import secrets
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import FieldError, InvalidInput
from bekhedmetkom.kernel.text import BilingualText

from ...access_codes import hash_access_code
from ...journal import Change, hash_particulars, record
from ...models import Case, Particulars
from ...rules.case_state import CaseState
from ...rules.contact import ContactAddress, ContactPreference, is_same_address
from ...rules.states import EventType
from ...rules.transitions import NotPossibleNow
from ..permission_check import require_citizen

_NO_EMAIL = BilingualText(
    "لا بريد لديك في هذا الطلب. أضفه وأكده أولًا.",
    "This case has no e-mail address. Add and confirm one first.",
)
_NO_PHONE = BilingualText(
    "لا هاتف لديك في هذا الطلب. أضفه وأكده أولًا.", "This case has no phone number. Add and confirm one first."
)
_UNCONFIRMED = BilingualText(
    "الرد كاملًا يصل برسالة إلى رقم أكدته فقط. أكد رقمك أولًا.",
    "The full answer is sent to a confirmed number only. Confirm yours first.",
)


class RenewedCode(NamedTuple):
    """The case, and the code in clear: for the message that tells it, and nowhere else."""

    case: UUID
    code: str


def _get_reachable_particulars(case: UUID, standing: CaseState) -> Particulars:
    """How the citizen is reached. Where that was erased, no salt is left, and nobody writes there any more."""
    who = Particulars.objects.get(pk=case)
    if not who.salt:
        raise NotPossibleNow(standing.state)
    return who


def confirm_contact(*, case: UUID, actor: Actor, at: datetime, known: ContactAddress) -> int:
    """The holder of the access code has shown that this address is theirs; where it is another, it takes its place."""
    field = str(known.contact)

    def decide(standing: CaseState) -> Change:
        require_citizen(actor, standing)
        who = _get_reachable_particulars(case, standing)
        setattr(who, f"{field}_confirmed", True)
        data: dict[str, Any] = {"contact": field}
        if is_same_address(getattr(who, field), known.address):
            who.save(update_fields=[f"{field}_confirmed"])
            return Change(EventType.CONTACT_CONFIRMED, data)
        setattr(who, field, known.address)
        who.salt = secrets.token_bytes(16)
        who.save(update_fields=[field, f"{field}_confirmed", "salt"])
        return Change(
            EventType.CONTACT_CORRECTED, data | {"particulars": hash_particulars(who.salt, who.given())}
        )

    return record(case=case, seen=None, actor=actor, at=at, decide=decide)


def set_contact_preference(
    *, case: UUID, actor: Actor, at: datetime, tell_by: ContactPreference, full_by_sms: bool
) -> int:
    """How to be told what is new in this case, and whether the whole answer may come by SMS."""

    def decide(standing: CaseState) -> Change:
        require_citizen(actor, standing)
        who = _get_reachable_particulars(case, standing)
        if tell_by is ContactPreference.EMAIL and not who.email:
            raise InvalidInput(FieldError("tell_by", _NO_EMAIL))
        if tell_by is ContactPreference.SMS and not who.phone:
            raise InvalidInput(FieldError("tell_by", _NO_PHONE))
        if full_by_sms and not (who.phone and who.phone_confirmed):
            raise InvalidInput(FieldError("full_by_sms", _UNCONFIRMED))
        who.tell_by, who.full_by_sms = str(tell_by), full_by_sms
        who.save(update_fields=["tell_by", "full_by_sms"])
        return Change(EventType.CONTACT_PREFERRED, {"tell_by": str(tell_by), "full_by_sms": int(full_by_sms)})

    return record(case=case, seen=None, actor=actor, at=at, decide=decide)


def unsubscribe_case(*, case: UUID, actor: Actor, at: datetime) -> bool:
    """No more news of this case, as the link in every e-mail offers; `False` when that was so already.

    An erased case has none.
    """
    silent = Q(tell_by=str(ContactPreference.NONE), full_by_sms=False) | Q(salt=b"")
    with transaction.atomic():
        if Particulars.objects.filter(silent, pk=case).exists():
            return False
        set_contact_preference(
            case=case, actor=actor, at=at, tell_by=ContactPreference.NONE, full_by_sms=False
        )
    return True


def renew_access_code(*, reference: str, at: datetime, known: ContactAddress) -> RenewedCode | None:
    """A new access code, to be sent to this contact; `None` where no such case has this one confirmed.

    From here on the old code opens nothing. The new one is kept as a hash, as every code is. Called by the worker,
    which sees every case.
    """
    case = Case.objects.values_list("pk", flat=True).filter(reference=reference).first()
    if case is None:
        return None
    code = f"{secrets.randbelow(10**10):010d}"

    def decide(standing: CaseState) -> Change:
        who = _get_reachable_particulars(case, standing)
        if not (who.confirmed(known.contact) and is_same_address(getattr(who, known.contact), known.address)):
            raise _ContactNotConfirmed
        who.access_hash = hash_access_code(code)
        who.save(update_fields=["access_hash"])
        return Change(EventType.CODE_RENEWED, {"contact": str(known.contact)})

    try:
        record(case=case, seen=None, actor=Actor.citizen(reference), at=at, decide=decide)
    except _ContactNotConfirmed:
        return None
    return RenewedCode(case, code)


class _ContactNotConfirmed(Exception):
    """The contact is not one that this case's citizen has confirmed."""
