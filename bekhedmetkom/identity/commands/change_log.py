"""Permission check and change log of administrators' commands."""

from datetime import date, datetime
from typing import Any

from django.db import models, transaction

from bekhedmetkom.entities.models import ChangeRecord
from bekhedmetkom.entities.table_cache import refresh_versions
from bekhedmetkom.kernel.actor import CLOCK, Actor
from bekhedmetkom.kernel.errors import NotAllowed
from bekhedmetkom.kernel.text import BilingualText

from ..rules import Role


class OwnRoleChange(NotAllowed):
    message = BilingualText(
        "لا يغيّر أحد صلاحياته بنفسه. يغيّرها مدير نظام آخر.",
        "Nobody changes their own roles. Another administrator does.",
    )


def ensure_administrator(actor: Actor) -> None:
    """Raise `NotAllowed` unless the actor is an administrator or the command line."""
    if actor != CLOCK and not any(held.role == Role.ADMINISTRATOR for held in actor.grants):
        raise NotAllowed


def ensure_other_officer(actor: Actor, officer: int) -> None:
    if actor.officer_id == officer:
        raise OwnRoleChange


def save_change(row: models.Model, *, before: dict[str, Any] | None, actor: Actor, at: datetime) -> None:
    with transaction.atomic():
        row.save()
        ChangeRecord.objects.create(
            at=at,
            actor=str(actor),
            model=row._meta.label,
            key=str(row.pk),
            before=before,
            after=serialise_row(row),
        )
        refresh_versions()


def record_change(
    model: str, key: int, *, before: list[str], after: list[str], actor: Actor, at: datetime
) -> None:
    """Log a change in third-party tables: the kinds before and after."""
    ChangeRecord.objects.create(
        at=at, actor=str(actor), model=model, key=str(key), before={"kinds": before}, after={"kinds": after}
    )


def serialise_row(row: models.Model) -> dict[str, Any]:
    """Return the columns as JSON types, without secrets and columns that sign-in writes."""
    hidden = {"password", "hash", "last_login", "is_superuser"}
    values = {f.attname: f.value_from_object(row) for f in row._meta.concrete_fields if f.name not in hidden}
    return {name: v.isoformat() if isinstance(v, date) else v for name, v in values.items()}
