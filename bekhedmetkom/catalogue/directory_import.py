"""Import of the directory from a folder of CSV sheets, all or nothing.

`entities.directory_import` reads the sheets of bodies; this module reads topics, their confidentiality and policies.
`data/directory/README.md` describes the sheets.
"""

from collections.abc import Hashable, Iterable, Mapping
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import translation

from bekhedmetkom.entities import directory_import as bodies
from bekhedmetkom.entities.models import Entity
from bekhedmetkom.entities.sheet_import import DesiredRow, ImportReport, ImportRun, InvalidDirectory
from bekhedmetkom.entities.sheets import InvalidRow, RowProblem, SheetRow
from bekhedmetkom.entities.table_cache import refresh_versions

from . import policy_import, template_import
from .models import Service
from .policy_import import import_policies
from .rules import Complexity, Handling, Kind
from .template_import import import_templates

TOPICS = "categories.csv"
SENSITIVE = "sensitive_categories.csv"
POLICIES = "sla_defaults.csv"
TEMPLATES = "response_templates.csv"
SHEETS = (
    bodies.GOVERNORATES, bodies.ENTITIES, bodies.SERVICE_AREAS, bodies.HOURS, bodies.HOLIDAYS,
    TOPICS, SENSITIVE, POLICIES, TEMPLATES,
)  # fmt: skip
IMPORT_LOCK_ID = 7_308_112_002  # the advisory lock of an import

KIND_ALIASES = {"inquiry": Kind.QUESTION}  # names in the sheet that differ from ours
HUMAN_RIGHTS_COORDINATOR = "GHR"  # the Government Coordinator for Human Rights
FAMILY_PROTECTION = "FJPD"  # the Family and Juvenile Protection Department
OWN_RECEIVERS = {"CCU"}  # the Cybercrime Unit keeps its own cases of blackmail


def import_directory(folder: Path, *, at: datetime, dry_run: bool = False) -> ImportReport:
    """Import the sheets of a folder and return a report. Idempotent; a dry run writes nothing.

    Raises `InvalidDirectory` with every invalid row; then nothing was written.
    """
    run = ImportRun(folder, at)
    if not any(run.folder.has_sheet(sheet) for sheet in SHEETS):
        raise InvalidDirectory(
            [RowProblem(str(folder), 0, f"no sheet of the directory here ({', '.join(SHEETS)})")]
        )
    try:
        _import_sheets(run, dry_run)
    except IntegrityError as refused:
        raise InvalidDirectory(
            [RowProblem(str(folder), 0, f"the database refuses it: {_describe_error(refused)}")]
        ) from None
    refresh_versions()
    run.report.notes += [
        f"{sheet}: not in this folder" for sheet in SHEETS if not run.folder.has_sheet(sheet)
    ]
    return run.report


def _import_sheets(run: ImportRun, dry_run: bool) -> None:
    with translation.override("en"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORT_LOCK_ID])
        entities = bodies.import_entities(run)
        services = _import_topics(run, entities)
        _import_confidentiality(run, services, entities)
        import_policies(run, run.folder.read_rows(POLICIES, *policy_import.COLUMNS))
        import_templates(run, run.folder.read_rows(TEMPLATES, *template_import.COLUMNS))
        if run.folder.problems:
            raise InvalidDirectory(run.folder.problems)
        run.record_added()
        transaction.set_rollback(dry_run)


def _describe_error(refused: IntegrityError) -> str:
    """Return PostgreSQL's message on one line, e.g. for two topics of a body with one name."""
    return " ".join(str(refused).split())


def _import_topics(run: ImportRun, entities: Mapping[Hashable, Entity]) -> dict[Hashable, Service]:
    wanted: dict[Hashable, DesiredRow] = {}
    rows = run.folder.read_rows(TOPICS, "entity_code", "category_ar", "category_en", "typical_type")
    codes = _TopicCodes(rows)
    names: dict[tuple[str, str], int] = {}
    for row in rows:
        with run.folder.collect_errors(row):
            entity, name = row.get_required("entity_code"), row.get_required("category_ar")
            body = run.find_row(entities, entity, bodies.ENTITIES, "entity")
            if body and body.successor_id:  # its topics belong to the successor
                continue
            if names.setdefault((entity, name), row.line) != row.line:
                raise InvalidRow(f"{entity} has the topic {name} already in line {names[entity, name]}")
            code = row.get_text("code") or codes.get_code(entity, name)
            values = _read_topic_values(row)
            if body:
                bodies.add_desired_row(wanted, code, row, {"entity_id": body.pk, "name_ar": name, **values})
    return run.sync_rows(Service, "code", wanted)


class _TopicCodes:
    """Codes of topics without one in the sheet: the existing code, else the entity's first free number."""

    def __init__(self, rows: Iterable[SheetRow]) -> None:
        topics = Service.objects.values_list("entity__code", "name_ar", "code")
        self.existing_codes = {(entity, name): code for entity, name, code in topics}
        self.used_codes = {code for _, _, code in topics} | {row.get_text("code") for row in rows}

    def get_code(self, entity: str, name: str) -> str:
        if (entity, name) not in self.existing_codes:
            numbers = (f"{entity}-{number:03}" for number in count(1))
            code = next(code for code in numbers if code not in self.used_codes)
            self.used_codes.add(code)
            self.existing_codes[entity, name] = code
        return self.existing_codes[entity, name]


def _read_topic_values(row: SheetRow) -> dict[str, Any]:
    typical = KIND_ALIASES.get(row.get_text("typical_type")) or row.get_choice("typical_type", Kind)
    values: dict[str, Any] = {"name_en": row.get_required("category_en"), "typical_kind": str(typical)}
    if row.has_column("complexity"):
        values["complexity"] = str(row.get_choice("complexity", Complexity))
    values |= {
        column: row.get_flag(column)
        for column in ("about_place", "needs_identity", "urgent", "public")
        if row.has_column(column)
    }
    if row.has_column("policy"):
        values["policy_code"] = row.get_text("policy")
    return values


def _import_confidentiality(
    run: ImportRun, services: Mapping[Hashable, Service], entities: Mapping[Hashable, Entity]
) -> None:
    """Set the handling of the topics in the sheet; others keep theirs, so that omission opens nothing."""
    codes = {entity.pk: entity.code for entity in entities.values()}
    by_name = {(codes.get(topic.entity_id), topic.name_ar): code for code, topic in services.items()}
    wanted: dict[Hashable, DesiredRow] = {}
    for row in run.folder.read_rows(SENSITIVE, "entity_code", "category_ar", "handling"):
        with run.folder.collect_errors(row):
            entity, name = row.get_required("entity_code"), row.get_required("category_ar")
            handling = row.get_choice("handling", Handling)
            code = find_receiver(entity, handling)
            receiver = run.find_row(entities, code, bodies.ENTITIES, "receiver") if code else None
            receiver = bodies.get_current_entity(receiver, entities) if receiver else None
            body = run.find_row(entities, entity, bodies.ENTITIES, "entity")
            if not body or body.successor_id:
                continue
            if (entity, name) not in by_name:
                if run.folder.is_bad(TOPICS, entity_code=entity, category_ar=name):
                    continue
                raise InvalidRow(f"{entity} has no topic {name}")
            values = {"handling": str(handling), "receiver_id": receiver.pk if receiver else None}
            bodies.add_desired_row(wanted, by_name[entity, name], row, values)
    if not run.folder.problems:
        run.sync_rows(Service, "code", wanted)


def find_receiver(entity: str, handling: Handling) -> str | None:
    """Return the code of the body that receives a topic's cases in place of its entity, or `None`.

    The National Centre for Human Rights is independent of the government, so its cases here go to the government's
    own coordinator.
    """
    match handling:
        case Handling.HUMAN_RIGHTS:
            return HUMAN_RIGHTS_COORDINATOR
        case Handling.PROTECTED:
            return entity if entity in OWN_RECEIVERS else FAMILY_PROTECTION
        case _:
            return None
