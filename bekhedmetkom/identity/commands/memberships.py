"""Memberships: grant a role at a body or unit for a period, and end it."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from bekhedmetkom.entities.models import Unit
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.errors import FieldError, InvalidInput
from bekhedmetkom.kernel.text import BilingualText

from ..models import NATIONWIDE_ROLES, Membership
from ..rules import ROLE_PERMISSIONS, Reach, Role
from .change_log import ensure_administrator, ensure_other_officer, save_change, serialise_row

UNIT_REQUIRED_ROLES = {Role.SUB_OFFICER}
# Roles that are limited to a unit when the membership names one.
UNIT_ALLOWED_ROLES = {
    role for role, grants in ROLE_PERMISSIONS.items() if {Reach.UNIT, Reach.ENTITY} & set(grants.values())
}


def grant_role(
    *,
    officer: int,
    role: Role | str,
    entity: int | None = None,
    unit: int | None = None,
    valid_from: date | None = None,
    valid_until: date | None = None,
    actor: Actor,
    at: datetime,
) -> int:
    """Grant a role, from today by default; returns the membership's id. Raises `InvalidInput`.

    `valid_until` is the first day without the role.
    """
    ensure_administrator(actor)
    ensure_other_officer(actor, officer)
    role = Role(role)
    start = valid_from or get_local_date(at)
    _check_place(role, entity, unit)
    if valid_until is not None and valid_until <= start:
        raise InvalidInput(
            FieldError("valid_until", BilingualText("تنتهي قبل أن تبدأ.", "It ends before it begins."))
        )
    row = Membership(
        officer_id=officer,
        role=role.value,
        entity_id=entity,
        unit_id=unit,
        valid_from=start,
        valid_until=valid_until,
    )
    try:
        save_change(row, before=None, actor=actor, at=at)
    except IntegrityError as error:
        held = BilingualText("يحمل هذا الدور في هذه المدة.", "They already hold this role during that time.")
        raise InvalidInput(FieldError("role", held)) from error
    return row.pk


def end_membership(*, membership: int, on: date | None = None, actor: Actor, at: datetime) -> None:
    """End a role on a day, today unless another is named: that day is the first without it.

    A role that ends earlier anyway stays as it is.
    """
    ensure_administrator(actor)
    with transaction.atomic():
        row = Membership.objects.select_for_update().get(pk=membership)
        ensure_other_officer(actor, row.officer_id)
        before = serialise_row(row)
        end = max(on or get_local_date(at), row.valid_from)
        if row.valid_until is None or end < row.valid_until:
            row.valid_until = end
            save_change(row, before=before, actor=actor, at=at)


def _check_place(role: Role, entity: int | None, unit: int | None) -> None:
    """Check the database constraints first, for readable errors."""
    errors = []
    if entity is None and role.value not in NATIONWIDE_ROLES:
        errors.append(
            FieldError("entity", BilingualText("اختر الجهة لهذا الدور.", "Choose the body for this role."))
        )
    if unit is None and role in UNIT_REQUIRED_ROLES:
        errors.append(
            FieldError("unit", BilingualText("اختر الوحدة لهذا الدور.", "Choose the unit for this role."))
        )
    if unit is not None and role not in UNIT_ALLOWED_ROLES:
        whole = BilingualText(
            "هذا الدور للجهة كلها، لا لوحدة منها.", "This role is for the whole body, not for a unit."
        )
        errors.append(FieldError("unit", whole))
    elif unit is not None and not Unit.objects.filter(pk=unit, entity=entity).exists():
        errors.append(
            FieldError("unit", BilingualText("هذه الوحدة ليست من الجهة.", "This unit is not of that body."))
        )
    if errors:
        raise InvalidInput(*errors)
