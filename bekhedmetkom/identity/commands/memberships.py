"""Roles: granted to officers for a time, at a body or at one of its units, and ended."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from bekhedmetkom.entities.models import Unit
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import local_day
from bekhedmetkom.kernel.errors import FieldError, Invalid
from bekhedmetkom.kernel.words import Words

from ..models import NATIONWIDE, Membership
from ..rules import GRANTS, Reach, Role
from .history import as_row, must_manage, not_for_oneself, save

NEEDS_A_UNIT = {Role.SUB_OFFICER}
# Roles that reach no further than a unit where their membership names one.
MAY_NAME_A_UNIT = {
    role for role, grants in GRANTS.items() if {Reach.UNIT, Reach.ENTITY} & set(grants.values())
}


def grant(
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
    """Give an officer a role, from today unless another day is named; returns the membership's id.

    `valid_until` is the first day without the role.
    """
    must_manage(actor)
    not_for_oneself(actor, officer)
    role = Role(role)
    start = valid_from or local_day(at)
    _check_place(role, entity, unit)
    if valid_until is not None and valid_until <= start:
        raise Invalid(FieldError("valid_until", Words("تنتهي قبل أن تبدأ.", "It ends before it begins.")))
    row = Membership(
        officer_id=officer,
        role=role.value,
        entity_id=entity,
        unit_id=unit,
        valid_from=start,
        valid_until=valid_until,
    )
    try:
        save(row, before=None, actor=actor, at=at)
    except IntegrityError as error:
        held = Words("يحمل هذا الدور في هذه المدة.", "They already hold this role during that time.")
        raise Invalid(FieldError("role", held)) from error
    return row.pk


def end_membership(*, membership: int, on: date | None = None, actor: Actor, at: datetime) -> None:
    """End a role on a day, today unless another is named: that day is the first without it.

    A role that ends earlier anyway stays as it is.
    """
    must_manage(actor)
    with transaction.atomic():
        row = Membership.objects.select_for_update().get(pk=membership)
        not_for_oneself(actor, row.officer_id)
        before = as_row(row)
        end = max(on or local_day(at), row.valid_from)
        if row.valid_until is None or end < row.valid_until:
            row.valid_until = end
            save(row, before=before, actor=actor, at=at)


def _check_place(role: Role, entity: int | None, unit: int | None) -> None:
    """The same rules that PostgreSQL holds, in words for who fills in the form."""
    errors = []
    if entity is None and role.value not in NATIONWIDE:
        errors.append(FieldError("entity", Words("اختر الجهة لهذا الدور.", "Choose the body for this role.")))
    if unit is None and role in NEEDS_A_UNIT:
        errors.append(FieldError("unit", Words("اختر الوحدة لهذا الدور.", "Choose the unit for this role.")))
    if unit is not None and role not in MAY_NAME_A_UNIT:
        whole = Words(
            "هذا الدور للجهة كلها، لا لوحدة منها.", "This role is for the whole body, not for a unit."
        )
        errors.append(FieldError("unit", whole))
    elif unit is not None and not Unit.objects.filter(pk=unit, entity=entity).exists():
        errors.append(
            FieldError("unit", Words("هذه الوحدة ليست من الجهة.", "This unit is not of that body."))
        )
    if errors:
        raise Invalid(*errors)
