"""Changes of the directory by administrators. Each is logged with actor, time, old and new values."""

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

# Never logged: secrets, and the time of the last sign-in.
EXCLUDED_FIELDS = {"password", "last_login"}
TREE_LOCK_ID = 7_308_112_001  # advisory lock: one writer of the tree at a time


class CyclicParent(InvalidInput):
    """The new parent is below the body itself."""

    def __init__(self) -> None:
        super().__init__(
            FieldError(
                "parent",
                BilingualText("لا تتبع جهة إلى جهة تحتها.", "A body cannot stand under one below it."),
            )
        )


class AlreadyHoliday(InvalidInput):
    """The day is already a holiday."""

    def __init__(self) -> None:
        super().__init__(
            FieldError("date", BilingualText("هذا اليوم عطلة من قبل.", "That day is a holiday already."))
        )


def save_change(
    row: Model, *, actor: Actor, at: datetime, save: Callable[[], object] | None = None
) -> ChangeRecord | None:
    """Save a row of the directory, the catalogue or identity, and log the change in the same transaction.

    `save` replaces `row.save`, e.g. by a form's `save` with its many-to-many fields. Returns the log entry, or `None`
    when nothing changed. Raises `CyclicParent` for a body whose new parent is below it.
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
    """The parent of a unit belongs to the same body and is not below the unit."""
    if unit.parent and unit.parent.entity_id != unit.entity_id:
        raise InvalidInput(FieldError("parent", _UNIT_OF_ANOTHER_BODY))
    try:
        get_path_to_root(unit.pk, dict(Unit.objects.values_list("pk", "parent_id")))
    except CycleError:
        raise CyclicParent from None


_UNIT_OF_ANOTHER_BODY = BilingualText("هذه الوحدة ليست من الجهة.", "This unit is not of that body.")


def _update_current_name(row: Entity, at: datetime) -> None:
    """Copy a corrected name to the body's current `EntityName`, if it has had several."""
    names = EntityName.objects.filter(entity=row).exclude(since__gt=at.astimezone(AMMAN).date())
    if today := names.order_by(F("since").asc(nulls_first=True)).last():
        names.filter(pk=today.pk).update(name_ar=row.name_ar, name_en=row.name_en)


def _check_self_reference(row: Model) -> None:
    """A body or unit is neither its own parent nor its own successor."""
    self_references = [
        name for name in ("parent", "successor") if row.pk and getattr(row, f"{name}_id", None) == row.pk
    ]
    if self_references:
        raise InvalidInput(*(FieldError(name, _SELF_REFERENCE) for name in self_references))


_SELF_REFERENCE = BilingualText(
    "اختر غيرها: لا تتبع نفسها ولا تحل محل نفسها.", "Choose another: this is the one itself."
)


def record_change(
    row: Model, before: dict[str, Any] | None, *, actor: Actor, at: datetime
) -> ChangeRecord | None:
    """Log a saved row: the changed fields, or all fields of a new row. Returns `None` when nothing changed."""
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
    """Delete an unreferenced row and log its values."""
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
    """Declare a holiday, or restore a withdrawn one. Returns its key. Raises `AlreadyHoliday`."""
    with transaction.atomic():
        holiday = Holiday.objects.select_for_update().filter(date=day).first() or Holiday(date=day)
        if holiday.pk and holiday.withdrawn_on is None:
            raise AlreadyHoliday
        holiday.name_ar, holiday.name_en, holiday.decision = name_ar, name_en, decision
        holiday.expected, holiday.withdrawn_on = False, None
        save_change(holiday, actor=actor, at=at)
        return int(holiday.pk)


def confirm_holiday(*, holiday: int, decision: str, actor: Actor, at: datetime) -> None:
    """Confirm an expected holiday (moon sighted). For another date, withdraw it and declare a new one."""
    with transaction.atomic():
        row = Holiday.objects.select_for_update().get(pk=holiday)
        row.expected, row.decision = False, decision
        save_change(row, actor=actor, at=at)


def withdraw_holiday(*, holiday: int, decision: str, actor: Actor, at: datetime) -> None:
    """Withdraw a holiday. The row stays, so that no import restores the holiday."""
    with transaction.atomic():
        row = Holiday.objects.select_for_update().get(pk=holiday)
        row.expected, row.decision, row.withdrawn_on = False, decision, at.astimezone(AMMAN).date()
        save_change(row, actor=actor, at=at)


def get_default_sector() -> Sector:
    """Return the sector of bodies without a ministry."""
    names = {"name_ar": PRIME_MINISTRY_SECTOR_NAME.ar, "name_en": PRIME_MINISTRY_SECTOR_NAME.en}
    return Sector.objects.get_or_create(code=PRIME_MINISTRY_CODE, defaults=names)[0]


def rebuild_tree() -> None:
    """Recompute ancestors and sector of every body, and create the sectors of new ministries.

    Raises `CycleError` (of keys) when bodies are parents of each other.
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
    """Return {code: sector} of the leading bodies and of the default sector; missing ones are created."""
    home = get_default_sector()
    existing = {sector.code: sector for sector in Sector.objects.all()}
    sectors = {home.code: home}
    for leader in leaders:
        sector = existing.get(leader.code)
        if sector is None or sector.ministry_id != leader.pk:
            sector = sector or Sector(code=leader.code, name_ar=leader.name_ar, name_en=leader.name_en)
            sector.ministry = leader
            sector.save()
        sectors[leader.code] = sector
    return sectors


def _serialise_row(row: Model) -> dict[str, Any] | None:
    """Return the stored values of a row as JSON types; `None` when it is not stored yet."""
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
