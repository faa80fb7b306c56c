"""Import of the directory's sheets of governorates, bodies, service areas, opening hours and holidays."""

from collections.abc import Hashable, Mapping
from typing import Any

from .commands import get_default_sector, rebuild_tree
from .models import Entity, EntityName, Governorate, Holiday, WorkingHours
from .rules import PRIME_MINISTRY_CODE, EntityKind
from .sheet_import import DesiredRow, ImportRun, RowDifference
from .sheets import InvalidRow, SheetRow
from .tree import CycleError, get_path_to_root

GOVERNORATES = "governorates.csv"
ENTITIES = "entities.csv"
SERVICE_AREAS = "entity_governorate.csv"
HOURS = "working_hours.csv"
HOLIDAYS = "holidays.csv"


def import_entities(run: ImportRun) -> dict[Hashable, Entity]:
    """Import these sheets. Returns all bodies by code, including those in no sheet."""
    governorates = run.sync_rows(Governorate, "code", _read_governorates(run))
    entities = _import_entities(run)
    _import_service_areas(run, entities, governorates)
    run.sync_rows(WorkingHours, "valid_from", _read_working_hours(run))
    run.sync_rows(Holiday, "date", _read_holidays(run))
    return entities


def _read_governorates(run: ImportRun) -> Mapping[Hashable, DesiredRow]:
    wanted: dict[Hashable, DesiredRow] = {}
    columns = ("iso_3166_2", "name_ar", "name_en", "region_ar")
    for row in run.folder.read_rows(GOVERNORATES, "code", *columns):
        with run.folder.collect_errors(row):
            add_desired_row(
                wanted,
                row.get_required("code"),
                row,
                {column: row.get_required(column) for column in columns},
            )
    return wanted


def add_desired_row(
    wanted: dict[Hashable, DesiredRow], key: Hashable, row: SheetRow, values: dict[str, Any]
) -> None:
    """Add the values of a row. Raises `InvalidRow` for a duplicate key."""
    if key in wanted:
        raise InvalidRow(f"{key} stands here already in line {wanted[key].row.line}")
    wanted[key] = DesiredRow(row, values)


def _import_entities(run: ImportRun) -> dict[Hashable, Entity]:
    """Import level by level, so that a new parent has its key before its children are saved."""
    wanted: dict[Hashable, DesiredRow] = {}
    for row in run.folder.read_rows(ENTITIES, "code", "name_ar", "name_en", "parent_code", "kind"):
        with run.folder.collect_errors(row):
            add_desired_row(wanted, row.get_required("code"), row, _read_entity_values(row))
    entities: dict[Hashable, Entity] = {entity.code: entity for entity in Entity.objects.all()}
    if not wanted:
        return entities
    _keep_manual_changes(wanted, entities)
    depths, home = _compute_depths(run, wanted, entities), get_default_sector()
    for depth in sorted(set(depths.values())):
        level = {code: wanted[code] for code in depths if depths[code] == depth}
        for row, values in level.values():
            if values:
                parent = entities.get(row.get_text("parent_code"))
                values["parent_id"] = get_current_entity(parent, entities).pk if parent else None
        entities = run.sync_rows(Entity, "code", level, sector=home)
    if not run.folder.problems:
        rebuild_tree()
    return entities


def _keep_manual_changes(wanted: Mapping[Hashable, DesiredRow], standing: Mapping[Hashable, Entity]) -> None:
    """Keep closings and renamings by administrators over the values of an older sheet."""
    renamed = set(EntityName.objects.values_list("entity__code", flat=True))
    for code, (_, values) in wanted.items():
        if code in standing and standing[code].successor_id:
            values.clear()
        elif code in renamed:
            del values["name_ar"], values["name_en"]


def get_current_entity(body: Entity, standing: Mapping[Hashable, Entity]) -> Entity:
    """Return the body, or its last successor."""
    by_key = {entity.pk: entity for entity in standing.values()}
    while body.successor_id:
        body = by_key[body.successor_id]
    return body


def _read_entity_values(row: SheetRow) -> dict[str, Any]:
    values: dict[str, Any] = {
        "name_ar": row.get_required("name_ar"),
        "name_en": row.get_required("name_en"),
        "kind": str(row.get_choice("kind", EntityKind)),
    }
    values |= {column: row.get_text(column) for column in ("email", "phone") if row.has_column(column)}
    if row.has_column("closed_on"):
        values["closed_on"] = row.get_date("closed_on") if row.get_text("closed_on") else None
    return values


def _compute_depths(
    run: ImportRun, wanted: Mapping[Hashable, DesiredRow], standing: Mapping[Hashable, Entity]
) -> dict[Hashable, int]:
    """Return the depth of each body in the tree; an invalid parent becomes a problem."""
    by_key = {entity.pk: entity.code for entity in standing.values()}
    parents: dict[Hashable, Hashable | None] = {
        entity.code: by_key[entity.parent_id] if entity.parent_id else None for entity in standing.values()
    }
    parents |= {code: row.get_text("parent_code") or None for code, (row, _) in wanted.items()}
    if PRIME_MINISTRY_CODE not in parents:
        run.folder.add_problem(
            next(iter(wanted.values())).row,
            f"the sheet has no body {PRIME_MINISTRY_CODE}, the Prime Ministry",
        )
    for bad in run.folder.bad_rows:
        if bad.file == ENTITIES:
            parents.setdefault(bad.get_text("code"), None)
    depths: dict[Hashable, int] = {}
    for code, (row, _) in wanted.items():
        with run.folder.collect_errors(row):
            if parents[code] is not None and parents[code] not in parents:
                raise InvalidRow(f"unknown parent {parents[code]!r}")
            try:
                depths[code] = len(get_path_to_root(code, parents))
            except CycleError as cycle:
                raise InvalidRow(f"bodies stand under each other: {cycle}") from None
            except KeyError:
                continue  # an ancestor has an unknown parent: its row reports the problem
    return depths


def _import_service_areas(
    run: ImportRun, entities: Mapping[Hashable, Entity], governorates: Mapping[Hashable, Governorate]
) -> None:
    """Replace the governorates of each body in the sheet; other bodies keep theirs."""
    pairs: dict[Hashable, dict[Hashable, SheetRow]] = {}
    for row in run.folder.read_rows(SERVICE_AREAS, "entity_code", "governorate_code"):
        with run.folder.collect_errors(row):
            entity, governorate = row.get_required("entity_code"), row.get_required("governorate_code")
            run.find_row(entities, entity, ENTITIES, "entity")
            run.find_row(governorates, governorate, GOVERNORATES, "governorate")
            if governorate in pairs.setdefault(entity, {}):
                raise InvalidRow(f"{entity} and {governorate} stand here already")
            pairs[entity][governorate] = row
    if run.folder.problems:
        return
    standing: dict[int, set[str]] = {}
    serves = Entity.governorates.through.objects
    for key, code in serves.values_list("entity_id", "governorate__code"):
        standing.setdefault(key, set()).add(code)
    for body, rows in pairs.items():
        before, after = standing.get(entities[body].pk, set()), {str(code) for code in rows}
        if before == after:
            run.report.unchanged_counts[SERVICE_AREAS] += len(after)
            continue
        entities[body].governorates.set(governorates[code] for code in after)
        if before:
            names = {"governorates": sorted(before)}, {"governorates": sorted(after)}
            run.report_changed(entities[body], RowDifference(SERVICE_AREAS, str(body), *names))
        else:
            run.report_added(SERVICE_AREAS, f"{body} serves {', '.join(sorted(after))}", len(after))


def _read_working_hours(run: ImportRun) -> Mapping[Hashable, DesiredRow]:
    wanted: dict[Hashable, DesiredRow] = {}
    labels = ("label_ar", "label_en", "decision")
    for row in run.folder.read_rows(HOURS, "valid_from", "valid_until", "opens", "closes", *labels):
        with run.folder.collect_errors(row):
            until = row.get_date("valid_until") if row.get_text("valid_until") else None
            opens, closes = row.get_time("opens"), row.get_time("closes")
            if opens >= closes:
                raise InvalidRow("closes is not later than opens")
            if until and until < row.get_date("valid_from"):
                raise InvalidRow("valid_until is before valid_from")
            values: dict[str, Any] = {"valid_until": until, "opens": opens, "closes": closes}
            add_desired_row(
                wanted,
                row.get_date("valid_from"),
                row,
                values | {label: row.get_required(label) for label in labels},
            )
    return wanted


def _read_holidays(run: ImportRun) -> Mapping[Hashable, DesiredRow]:
    """Keep holidays that administrators confirmed or withdrew over the values of the sheet."""
    standing = dict(Holiday.objects.values_list("date", "withdrawn_on"))
    wanted: dict[Hashable, DesiredRow] = {}
    for row in run.folder.read_rows(HOLIDAYS, "date", "name_ar", "name_en", "expected", "decision"):
        with run.folder.collect_errors(row):
            day, expected = row.get_date("date"), row.get_flag("expected")
            values = {column: row.get_required(column) for column in ("name_ar", "name_en", "decision")}
            settled = day in standing and (expected or standing[day] is not None)
            add_desired_row(wanted, day, row, {} if settled else {**values, "expected": expected})
    return wanted
