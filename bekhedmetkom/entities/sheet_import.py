"""Import of sheets: rows are matched by key and only differences are written."""

from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model

from bekhedmetkom.kernel.actor import Actor, ActorKind

from .models import ChangeRecord
from .sheets import InvalidRow, RowProblem, SheetFolder, SheetRow

M = TypeVar("M", bound=Model)
IMPORT_ACTOR = Actor(ActorKind.CLIENT, "directory import")


class DesiredRow(NamedTuple):
    """The values that a sheet row requires of a database row."""

    row: SheetRow
    values: dict[str, Any]


class RowDifference(NamedTuple):
    file: str
    name: str
    before: dict[str, Any]
    after: dict[str, Any]

    def __str__(self) -> str:
        changes = (f"{column} {self.before[column]!r} -> {self.after[column]!r}" for column in self.after)
        return f"{self.file}: {self.name}: {', '.join(changes)}"


@dataclass
class ImportReport:
    """Result of an import or a dry run."""

    added_counts: Counter[str] = field(default_factory=Counter)
    unchanged_counts: Counter[str] = field(default_factory=Counter)
    added: list[str] = field(default_factory=list)
    changed: list[RowDifference] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def changes(self) -> int:
        """Return the number of added and changed rows."""
        return self.added_counts.total() + len(self.changed)


class InvalidDirectory(Exception):
    """Invalid rows; nothing was imported."""

    def __init__(self, problems: list[RowProblem]):
        self.problems = sorted(problems, key=lambda problem: (problem.file, problem.line))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class ImportRun:
    """A running import: folder, time and report."""

    def __init__(self, folder: Path, at: datetime):
        self.folder = SheetFolder(folder)
        self.at = at
        self.report = ImportReport()

    def find_row(self, standing: Mapping[Hashable, M], key: str, sheet: str, what: str) -> M | None:
        """Return the row that a cell refers to. Raises `InvalidRow` when there is none.

        `None` where that row or its sheet is invalid itself, so that only the cause is reported.
        """
        if key in standing:
            return standing[key] if standing[key].pk else None
        if self.folder.is_bad(sheet, code=key):
            return None
        raise InvalidRow(f"unknown {what} {key!r}")

    def sync_rows(
        self, model: type[M], key: str, wanted: Mapping[Hashable, DesiredRow], **only_new: object
    ) -> dict[Hashable, M]:
        """Update the database to the sheet. Returns all rows by key, including those in no sheet.

        `only_new` are values of added rows. A row that fails validation becomes a problem and is returned without a
        primary key, so that references to it are no further problems.
        """
        standing: dict[Hashable, M] = {getattr(row, key): row for row in model._default_manager.all()}
        new: list[M] = []
        moved: list[tuple[M, RowDifference]] = []
        for value, (row, values) in wanted.items():
            if value not in standing:
                standing[value] = model(**{key: value}, **values, **only_new)
                if self.is_valid(standing[value], row):
                    new.append(standing[value])
                    self.report_added(row.file, f"{value} {values.get('name_ar', '')}")
                continue
            difference = _apply_values(standing[value], values, row.file, str(value))
            if difference is None:
                self.report.unchanged_counts[row.file] += 1
            elif self.is_valid(standing[value], row):
                moved.append((standing[value], difference))
        self._write(model, new, moved)
        return standing

    def is_valid(self, instance: Model, row: SheetRow) -> bool:
        """Validate the fields of the model; errors become a problem of the row."""
        relations = [field.name for field in instance._meta.concrete_fields if field.is_relation]
        try:
            instance.clean_fields(exclude=relations)
        except ValidationError as invalid:
            errors = (f"{name}: {' '.join(texts)}" for name, texts in invalid.message_dict.items())
            self.folder.add_problem(row, "; ".join(errors))
            return False
        return True

    def _write(self, model: type[M], new: list[M], moved: list[tuple[M, RowDifference]]) -> None:
        model._default_manager.bulk_create(new)
        if moved:
            columns = sorted({column for _, difference in moved for column in difference.after})
            model._default_manager.bulk_update([instance for instance, _ in moved], columns, batch_size=500)
        for instance, difference in moved:
            self.report_changed(instance, difference)

    def report_added(self, file: str, name: str, rows: int = 1) -> None:
        """Add rows to the report."""
        self.report.added_counts[file] += rows
        self.report.added.append(f"{file}: new: {name}")

    def record_added(self) -> None:
        """Log the number of added rows per sheet in one change record."""
        if self.report.added_counts:
            ChangeRecord.objects.create(
                at=self.at,
                actor=str(IMPORT_ACTOR),
                model="directory",
                key="import",
                after=dict(self.report.added_counts),
            )

    def report_changed(self, instance: Model, difference: RowDifference) -> None:
        """Add a changed row to the report and to the change log."""
        self.report.changed.append(difference)
        ChangeRecord.objects.create(
            at=self.at,
            actor=str(IMPORT_ACTOR),
            model=instance._meta.label,
            key=str(instance.pk),
            before={name: _to_json_value(value) for name, value in difference.before.items()},
            after={name: _to_json_value(value) for name, value in difference.after.items()},
        )


def _apply_values(instance: Model, values: dict[str, Any], file: str, name: str) -> RowDifference | None:
    before = {column: getattr(instance, column) for column in values}
    differing = {column: value for column, value in values.items() if before[column] != value}
    if not differing:
        return None
    for column, value in differing.items():
        setattr(instance, column, value)
    return RowDifference(file, name, {column: before[column] for column in differing}, differing)


def _to_json_value(value: Any) -> Any:
    return value if isinstance(value, (bool, int, str, list, dict, type(None))) else str(value)
