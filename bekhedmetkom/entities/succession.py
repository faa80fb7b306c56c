"""Renaming, closing and succession of public bodies, planned for a date by a decision.

Plans can be cancelled until the date. The worker then applies them with `apply_planned_changes` here and
`apply_body_succession` of catalogue, routing, identity and cases; all of these are idempotent.
"""

from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import F

from bekhedmetkom.kernel.actor import CLOCK, Actor
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.errors import FieldError, InvalidInput
from bekhedmetkom.kernel.text import BilingualText

from .commands import save_change
from .models import ChangeRecord, Entity, EntityName, Unit
from .rules import PRIME_MINISTRY_CODE

_PAST_DATE = BilingualText("اختر اليوم أو يومًا بعده.", "Choose today or a later day.")
_NAME_REQUIRED = BilingualText("اكتب الاسم باللغتين.", "Write the name in both languages.")
_SAME_NAME = BilingualText("هذا اسمها من قبل.", "That is its name already.")
_DECISION_REQUIRED = BilingualText(
    "اكتب القرار الذي يستند إليه هذا.", "Write down the decision that this rests on."
)
_CLOSED = BilingualText("هذه الجهة مغلقة، أو لها موعد إغلاق.", "This body is closed, or is to be closed.")
_NOT_THE_ROOT = BilingualText("رئاسة الوزراء لا تُغلق.", "The Prime Ministry is not closed.")
_SUCCESSOR_BELOW = BilingualText(
    "لا تحل محلها جهة تتبع لها. انقل تبعيتها أولًا.",
    "A body below it cannot take its place: move that one first.",
)


def rename_entity(
    *, entity: int, name_ar: str, name_en: str, on: date, decision: str, actor: Actor, at: datetime
) -> None:
    """Rename a body from a date on. Earlier events keep the earlier name. Raises `InvalidInput`."""
    name_ar, name_en, decision = " ".join(name_ar.split()), " ".join(name_en.split()), decision.strip()
    with transaction.atomic():
        row = Entity.objects.select_for_update().get(pk=entity)
        _check_plan(on, decision, at)
        if not (name_ar and name_en):
            raise InvalidInput(FieldError("name_ar" if not name_ar else "name_en", _NAME_REQUIRED))
        if (name_ar, name_en) == (row.name_ar, row.name_en):
            raise InvalidInput(FieldError("name_ar", _SAME_NAME))
        if not row.is_open(on):
            raise InvalidInput(FieldError("on", _CLOSED))
        if not row.names.exists():
            EntityName.objects.create(entity=row, name_ar=row.name_ar, name_en=row.name_en)
        name = row.names.filter(since=on).first() or EntityName(entity=row, since=on)
        name.name_ar, name.name_en, name.decision = name_ar, name_en, decision
        save_change(name, actor=actor, at=at)
        _apply_names(get_local_date(at), actor, at)


def close_entity(*, entity: int, successor: int, on: date, decision: str, actor: Actor, at: datetime) -> None:
    """Close a body from `on`, with a successor; so bodies are merged. Raises `InvalidInput`."""
    with transaction.atomic():
        rows = {row.pk: row for row in Entity.objects.select_for_update().order_by("pk")}
        row, successor_body = rows[entity], rows.get(successor)
        _check_plan(on, decision.strip(), at)
        if row.code == PRIME_MINISTRY_CODE:
            raise InvalidInput(FieldError("successor", _NOT_THE_ROOT))
        if row.closed_on is not None and row.closed_on <= get_local_date(at):
            raise InvalidInput(FieldError("on", _CLOSED))
        if successor_body is None or successor_body.closed_on is not None:
            raise InvalidInput(FieldError("successor", _CLOSED))
        if successor_body.pk != row.pk and row.pk in successor_body.ancestors:
            raise InvalidInput(FieldError("successor", _SUCCESSOR_BELOW))
        row.successor, row.closed_on, row.decision = successor_body, on, decision.strip()
        save_change(row, actor=actor, at=at)


def cancel_planned_changes(*, entity: int, actor: Actor, at: datetime) -> None:
    """Cancel a future closing and future names of a body."""
    today = get_local_date(at)
    with transaction.atomic():
        row = Entity.objects.select_for_update().get(pk=entity)
        if row.closed_on is not None and row.closed_on > today:
            row.closed_on, row.successor, row.decision = None, None, ""
            save_change(row, actor=actor, at=at)
        for name in row.names.filter(since__gt=today):
            ChangeRecord.objects.create(
                at=at, actor=str(actor), model=EntityName._meta.label, key=str(name.pk), after=None,
                before={"name_ar": name.name_ar, "name_en": name.name_en, "since": str(name.since)},
            )  # fmt: skip
            name.delete()


class Succession(NamedTuple):
    """A closed body, its successor, and the date."""

    closed: Entity
    successor: Entity
    since: date


def list_successions(day: date) -> list[Succession]:
    """Return the successions up to that day, in order."""
    rows = Entity.objects.filter(closed_on__lte=day).select_related("successor").order_by("closed_on", "pk")
    return [Succession(row, row.successor, row.closed_on) for row in rows if row.successor and row.closed_on]


def apply_planned_changes(at: datetime) -> int:
    """Apply due names and successions; returns the number of changes.

    The successor gets the closed body's units and becomes parent of its children and of the closed body itself.
    """
    day, changes = get_local_date(at), 0
    with transaction.atomic():
        changes += _apply_names(day, CLOCK, at)
        for closed, successor_body, on in list_successions(day):
            for body in [*Entity.objects.filter(parent=closed), closed]:
                if body.parent_id != successor_body.pk:
                    body.parent = successor_body
                    changes += save_change(body, actor=CLOCK, at=at) is not None
            changes += _transfer_units(closed, successor_body, on, at)
    return changes


def _check_plan(on: date, decision: str, at: datetime) -> None:
    if on < get_local_date(at):
        raise InvalidInput(FieldError("on", _PAST_DATE))
    if not decision:
        raise InvalidInput(FieldError("decision", _DECISION_REQUIRED))


def _apply_names(day: date, actor: Actor, at: datetime) -> int:
    """Copy due names to the bodies; returns the number of changes."""
    due = EntityName.objects.filter(since__lte=day).order_by("entity_id", F("since").desc())
    done = 0
    for name in due.distinct("entity_id").select_related("entity"):
        name.entity.name_ar, name.entity.name_en = name.name_ar, name.name_en
        done += save_change(name.entity, actor=actor, at=at) is not None
    return done


def _transfer_units(closed: Entity, successor_body: Entity, on: date, at: datetime) -> int:
    """Copy each open unit to the successor, with another code where that is taken, and close the old one.

    Earlier cases and roles keep referring to the old unit.
    """
    taken = set(Unit.objects.filter(entity=successor_body).values_list("code", flat=True))
    units = list(Unit.objects.filter(entity=closed, closed_on=None).order_by("pk"))
    for unit in units:
        code = f"{closed.code}-{unit.code}"[-40:] if unit.code in taken else unit.code
        new = Unit(entity=successor_body, code=code, name_ar=unit.name_ar, name_en=unit.name_en)
        save_change(new, actor=CLOCK, at=at)
        unit.closed_on, unit.successor = on, new
        save_change(unit, actor=CLOCK, at=at)
    for unit in units:
        if unit.successor and unit.parent and unit.parent.successor:
            unit.successor.parent = unit.parent.successor
            save_change(unit.successor, actor=CLOCK, at=at)
    return len(units)
