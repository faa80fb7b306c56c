"""How administrators change the directory. Every change is written down with who, when, before and after."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Model

from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import AMMAN
from bekhedmetkom.kernel.errors import FieldError, InvalidInput
from bekhedmetkom.kernel.text import BilingualText

from .models import ChangeRecord, Entity, EntityName, Holiday, Sector, Unit
from .rules import PRIME_MINISTRY_CODE, PRIME_MINISTRY_SECTOR_NAME, EntityKind, is_sector_leader
from .table_cache import refresh_versions
from .tree import CycleError, get_path_to_root

# What no history may keep: secrets, and a time that moves at every sign-in.
EXCLUDED_FIELDS = {"password", "last_login"}
TREE_LOCK_ID = 7_308_112_001  # any number of ours: one writer of the tree at a time


class CyclicParent(InvalidInput):
    """The new parent stands under the body itself."""

    def __init__(self) -> None:
        super().__init__(
            FieldError(
                "parent",
                BilingualText("لا تتبع جهة إلى جهة تحتها.", "A body cannot stand under one below it."),
            )
        )


class AlreadyHoliday(InvalidInput):
    """That day is a holiday already."""

    def __init__(self) -> None:
        super().__init__(
            FieldError("date", BilingualText("هذا اليوم عطلة من قبل.", "That day is a holiday already."))
        )


def save_change(
    row: Model, *, actor: Actor, at: datetime, save: Callable[[], object] | None = None
) -> ChangeRecord | None:
    """Save a row of the directory, the catalogue or the people, and what that changed, in one transaction.

    `save` is for whoever has more to store with it (a form's `save` with its many-to-many); without it the
    row itself is saved. Returns the entry in the history, or `None` when nothing differs. `UnderItself` is
    raised for a body whose new parent stands under it.
    """
    with transaction.atomic():
        _check_self_reference(row)
        before = _serialise_row(row)
        if isinstance(row, Entity) and row.sector_id is None:
            row.sector = get_default_sector()
        (save or row.save)()
        if isinstance(row, Entity):
            _update_current_name(row, at)
            try:
                rebuild_tree()
            except CycleError:
                raise CyclicParent from None
        if isinstance(row, Unit):
            _check_unit_parent(row)
        entry = record_change(row, before, actor=actor, at=at)
        refresh_versions()
        return entry


def _check_unit_parent(unit: Unit) -> None:
    """A unit stands under one of its own body, and never under one below itself."""
    if unit.parent and unit.parent.entity_id != unit.entity_id:
        raise InvalidInput(FieldError("parent", _UNIT_OF_ANOTHER_BODY))
    try:
        get_path_to_root(unit.pk, dict(Unit.objects.values_list("pk", "parent_id")))
    except CycleError:
        raise CyclicParent from None


_UNIT_OF_ANOTHER_BODY = BilingualText("هذه الوحدة ليست من الجهة.", "This unit is not of that body.")


def _update_current_name(row: Entity, at: datetime) -> None:
    """A name that is corrected was never right: where a body has had several, today's says the same from its day."""
    names = EntityName.objects.filter(entity=row).exclude(since__gt=at.astimezone(AMMAN).date())
    if today := names.order_by(F("since").asc(nulls_first=True)).last():
        names.filter(pk=today.pk).update(name_ar=row.name_ar, name_en=row.name_en)


def _check_self_reference(row: Model) -> None:
    """No body or unit stands under itself or takes its own place; a form offers it among the others."""
    itself = [
        name for name in ("parent", "successor") if row.pk and getattr(row, f"{name}_id", None) == row.pk
    ]
    if itself:
        raise InvalidInput(*(FieldError(name, _SELF_REFERENCE) for name in itself))


_SELF_REFERENCE = BilingualText(
    "اختر غيرها: لا تتبع نفسها ولا تحل محل نفسها.", "Choose another: this is the one itself."
)


def record_change(
    row: Model, before: dict[str, Any] | None, *, actor: Actor, at: datetime
) -> ChangeRecord | None:
    """The history's entry for a row that has just been saved: only what differs, everything for a new row."""
    after = _serialise_row(row) or {}
    differing = [name for name in after if before is None or before.get(name) != after[name]]
    if not differing:
        return None
    return ChangeRecord.objects.create(
        at=at,
        actor=str(actor),
        model=row._meta.label,
        key=str(row.pk),
        before=None if before is None else {name: before.get(name) for name in differing},
        after={name: after[name] for name in differing},
    )


def delete_row(row: Model, *, actor: Actor, at: datetime) -> None:
    """Delete a row that nothing rests on; that it was there stays written."""
    with transaction.atomic():
        ChangeRecord.objects.create(
            at=at,
            actor=str(actor),
            model=row._meta.label,
            key=str(row.pk),
            before=_serialise_row(row),
            after=None,
        )
        row.delete()
        refresh_versions()


def declare_holiday(
    *, day: date, name_ar: str, name_en: str, decision: str, actor: Actor, at: datetime
) -> int:
    """Close the offices on a day by a decision; a withdrawn holiday comes back. Returns its key."""
    with transaction.atomic():
        holiday = Holiday.objects.select_for_update().filter(date=day).first() or Holiday(date=day)
        if holiday.pk and holiday.withdrawn_on is None:
            raise AlreadyHoliday
        holiday.name_ar, holiday.name_en, holiday.decision = name_ar, name_en, decision
        holiday.expected, holiday.withdrawn_on = False, None
        save_change(holiday, actor=actor, at=at)
        return int(holiday.pk)


def confirm_holiday(*, holiday: int, decision: str, actor: Actor, at: datetime) -> None:
    """The moon was seen: the expected holiday is certain. Another day is a withdrawal and a new holiday."""
    with transaction.atomic():
        row = Holiday.objects.select_for_update().get(pk=holiday)
        row.expected, row.decision = False, decision
        save_change(row, actor=actor, at=at)


def withdraw_holiday(*, holiday: int, decision: str, actor: Actor, at: datetime) -> None:
    """The offices work on that day after all. The row stays, so that no import brings the holiday back."""
    with transaction.atomic():
        row = Holiday.objects.select_for_update().get(pk=holiday)
        row.expected, row.decision, row.withdrawn_on = False, decision, at.astimezone(AMMAN).date()
        save_change(row, actor=actor, at=at)


def get_default_sector() -> Sector:
    """The sector of whatever stands under no ministry."""
    names = {"name_ar": PRIME_MINISTRY_SECTOR_NAME.ar, "name_en": PRIME_MINISTRY_SECTOR_NAME.en}
    return Sector.objects.get_or_create(code=PRIME_MINISTRY_CODE, defaults=names)[0]


def rebuild_tree() -> None:
    """Work out every body's ancestors and sector from its parent, and make the sectors of new ministries.

    Raises `Cycle` (of keys) when bodies stand under each other.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TREE_LOCK_ID])
        rows = {row.pk: row for row in Entity.objects.all()}
        parents = {key: row.parent_id for key, row in rows.items()}
        sectors = _get_or_create_sectors(
            [row for row in rows.values() if is_sector_leader(EntityKind(row.kind))]
        )
        moved = []
        for row in rows.values():
            path = get_path_to_root(row.pk, parents)
            leader = next(
                (rows[key].code for key in reversed(path) if rows[key].code in sectors), PRIME_MINISTRY_CODE
            )
            if row.ancestors != path or row.sector_id != sectors[leader].pk:
                row.ancestors, row.sector = path, sectors[leader]
                moved.append(row)
        Entity.objects.bulk_update(moved, ["ancestors", "sector"])


def _get_or_create_sectors(leaders: list[Entity]) -> dict[str, Sector]:
    """The sector of each leading body by its code, made where it has to be, and the home of the rest."""
    home = get_default_sector()
    standing = {sector.code: sector for sector in Sector.objects.all()}
    found = {home.code: home}
    for leader in leaders:
        sector = standing.get(leader.code)
        if sector is None or sector.ministry_id != leader.pk:
            sector = sector or Sector(code=leader.code, name_ar=leader.name_ar, name_en=leader.name_en)
            sector.ministry = leader
            sector.save()
        found[leader.code] = sector
    return found


def _serialise_row(row: Model) -> dict[str, Any] | None:
    """The row as the database holds it, in JSON's own types; `None` when it is not there yet."""
    stored = type(row)._base_manager.filter(pk=row.pk).first() if row.pk else None
    if stored is None:
        return None
    fields = [field for field in stored._meta.concrete_fields if field.editable or field.primary_key]
    values = {field.attname: _to_json_value(field.value_from_object(stored)) for field in fields}
    many = {
        field.name: sorted(other.pk for other in getattr(stored, field.name).all())
        for field in stored._meta.many_to_many
    }
    return {name: value for name, value in (values | many).items() if _is_recorded(name)}


def _is_recorded(name: str) -> bool:
    return name not in EXCLUDED_FIELDS and not name.endswith("hash")


def _to_json_value(value: Any) -> Any:
    return value if isinstance(value, (bool, int, str, list, dict, type(None))) else str(value)
