"""Officers: created and changed by administrators; they choose a password by invitation."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import FieldError, InvalidInput, NotAllowed, Refusal
from bekhedmetkom.kernel.personal_details import parse_email, parse_person_name
from bekhedmetkom.kernel.text import BilingualText

from .. import credentials
from ..authentication import find_secret
from ..models import Invitation, LostDevice, Officer
from .change_log import (
    OwnRoleChange,
    ensure_administrator,
    ensure_other_officer,
    record_change,
    save_change,
    serialise_row,
)

INVITATION_LIFETIME = timedelta(days=7)

PASSWORD_ERRORS = {
    "password_too_short": BilingualText(
        "كلمة السر قصيرة: 12 حرفًا أو أكثر.", "Too short: use 12 characters or more."
    ),
    "password_too_common": BilingualText(
        "كلمة السر هذه شائعة يسهل تخمينها.", "This password is common and easy to guess."
    ),
    "password_too_similar": BilingualText(
        "كلمة السر هذه تشبه اسمك أو بريدك.", "This password is too close to your name or e-mail."
    ),
}


class InvitationNotUsable(Refusal):
    """The link was used, expired, replaced, or never existed: the same answer for all."""

    message = BilingualText(
        "هذا الرابط لم يعد صالحًا. اطلب من مدير النظام رابطًا جديدًا.",
        "This link no longer works. Ask your administrator for a new one.",
    )


class SecondPersonRequired(NotAllowed):
    message = BilingualText(
        "طلبتَ ذلك بنفسك. يؤكده مدير نظام آخر.",
        "You asked for this yourself. Another administrator confirms it.",
    )


class AwaitingSecondPerson(Refusal):
    message = BilingualText(
        "ضاع جهاز هذا الموظف. يدخل ثانية بعد أن يؤكد مدير نظام آخر.",
        "This officer's device is lost: they come in again once another administrator confirms it.",
    )


class NoLostDeviceReport(Refusal):
    message = BilingualText(
        "لم يطلب أحد ذلك، أو تمّ من قبل.", "Nobody has asked for this, or it is done already."
    )


def create_officer(
    *, email: str, name_ar: str, name_en: str = "", language: str = "ar", actor: Actor, at: datetime
) -> int:
    """Create an officer without role or password; returns the id. Raises `InvalidInput`."""
    ensure_administrator(actor)
    officer = Officer(
        email=clean_email(email),
        name_ar=_clean_name("name_ar", name_ar),
        name_en=name_en.strip(),
        language=language,
    )
    officer.set_unusable_password()
    _save_officer(officer, before=None, actor=actor, at=at)
    return officer.pk


def change_officer(
    *,
    officer: int,
    email: str,
    name_ar: str,
    name_en: str,
    language: str,
    is_active: bool,
    actor: Actor,
    at: datetime,
) -> None:
    """Change an officer's details. Deactivation ends access at once, whatever roles remain."""
    ensure_administrator(actor)
    with transaction.atomic():
        row = Officer.objects.select_for_update().get(pk=officer)
        if actor.officer_id == officer and not is_active:
            raise OwnRoleChange
        before = serialise_row(row)
        row.email, row.name_ar, row.name_en = (
            clean_email(email),
            _clean_name("name_ar", name_ar),
            name_en.strip(),
        )
        row.language, row.is_active = language, is_active
        _save_officer(row, before=before, actor=actor, at=at)


def invite_officer(*, officer: int, actor: Actor, at: datetime) -> str:
    """Create an invitation to choose a password; earlier ones become invalid.

    Returns the secret of the link, which is not stored. Raises `AwaitingSecondPerson` while a lost device is open.
    """
    ensure_administrator(actor)
    made = credentials.generate_secret()
    with transaction.atomic():
        if LostDevice.objects.filter(officer=officer).exists():
            raise AwaitingSecondPerson
        Invitation.objects.filter(officer=officer, accepted_at=None, expires_at__gt=at).update(expires_at=at)
        invitation = Invitation(
            officer_id=officer,
            prefix=made.prefix,
            hash=made.hash,
            created_at=at,
            expires_at=at + INVITATION_LIFETIME,
        )
        save_change(invitation, before=None, actor=actor, at=at)
    return made.text


def report_lost_device(*, officer: int, actor: Actor, at: datetime) -> None:
    """Lock an officer out at once: all sessions end and the password is unusable.

    The second factors stay until another administrator agrees (`approve_device_reset`), so that no single person can
    take over the account.
    """
    ensure_administrator(actor)
    ensure_other_officer(actor, officer)
    with transaction.atomic():
        row = Officer.objects.select_for_update().get(pk=officer)
        row.set_unusable_password()
        row.save(update_fields=["password"])
        Invitation.objects.filter(officer=officer, accepted_at=None, expires_at__gt=at).update(expires_at=at)
        if not LostDevice.objects.filter(officer=officer).exists():
            save_change(
                LostDevice(officer=row, asked_by=str(actor), asked_at=at), before=None, actor=actor, at=at
            )


def approve_device_reset(*, officer: int, actor: Actor, at: datetime) -> str:
    """Delete the lost second factors as second person; returns the secret of an invitation.

    Raises `SecondPersonRequired` for the person who reported it, `NoLostDeviceReport` without a report.
    """
    ensure_administrator(actor)
    ensure_other_officer(actor, officer)
    with transaction.atomic():
        row = Officer.objects.select_for_update().get(pk=officer)
        asked = LostDevice.objects.filter(officer=officer).first()
        if asked is None:
            raise NoLostDeviceReport
        if asked.asked_by == str(actor):
            raise SecondPersonRequired
        factors = row.authenticator_set.all()
        kinds = sorted(factor.type for factor in factors)
        factors.delete()
        asked.delete()
        record_change("identity.second_factor", officer, before=kinds, after=[], actor=actor, at=at)
        return invite_officer(officer=officer, actor=actor, at=at)


def accept_invitation(*, token: str, password: str, at: datetime) -> int:
    """Set the password of an invited officer; returns the id. Raises `InvitationNotUsable` or `InvalidInput`."""
    with transaction.atomic():
        found = find_secret(Invitation, token, "officer", lock=True)
        if found is None or not found.is_usable(at) or not found.officer.is_active:
            raise InvitationNotUsable
        _set_password(found.officer, password)
        found.accepted_at = at
        found.save(update_fields=["accepted_at"])
    return found.officer_id


def change_password(*, officer: int, current: str, password: str) -> None:
    """Change the password of an officer who knows the current one. All other sessions end."""
    with transaction.atomic():
        row = Officer.objects.select_for_update().get(pk=officer)
        if not row.check_password(current):
            wrong = BilingualText("كلمة السر الحالية غير صحيحة.", "The current password is not right.")
            raise InvalidInput(FieldError("current", wrong))
        _set_password(row, password)


def clean_email(text: str) -> str:
    """Return the address as stored. Raises `InvalidInput`."""
    email = parse_email(text)
    if email is None:
        wrong = BilingualText("اكتب بريدًا إلكترونيًا صحيحًا.", "Enter a valid e-mail address.")
        raise InvalidInput(FieldError("email", wrong))
    return email.lower()


def _clean_name(field: str, text: str) -> str:
    name = parse_person_name(text)
    if name is None:
        raise InvalidInput(
            FieldError(field, BilingualText("اكتب الاسم بالحروف.", "Enter the name in letters."))
        )
    return name


def _set_password(officer: Officer, password: str) -> None:
    try:
        validate_password(password, officer)
    except ValidationError as error:
        other = BilingualText("اختر كلمة سر أخرى.", "Choose another password.")
        messages = [PASSWORD_ERRORS.get(detail.code or "", other) for detail in error.error_list]
        raise InvalidInput(*(FieldError("password", message) for message in messages)) from error
    officer.set_password(password)
    officer.save(update_fields=["password"])


def _save_officer(officer: Officer, *, before: dict[str, Any] | None, actor: Actor, at: datetime) -> None:
    try:
        save_change(officer, before=before, actor=actor, at=at)
    except IntegrityError as error:
        taken = BilingualText("لموظف آخر هذا البريد.", "Another officer has this address.")
        raise InvalidInput(FieldError("email", taken)) from error
