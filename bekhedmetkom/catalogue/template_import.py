"""Import of reply templates from their sheet. A changed text becomes a new version."""

from collections.abc import Iterable

from bekhedmetkom.entities.sheet_import import ImportRun, RowDifference
from bekhedmetkom.entities.sheets import InvalidRow, SheetRow

from .models import ResponseTemplate
from .rules import DISPOSITIONS_BY_KIND, Disposition, Kind

COLUMNS = ("kind", "disposition", "name_ar", "body_ar", "body_en")


def import_templates(run: ImportRun, rows: Iterable[SheetRow]) -> None:
    """Import the templates for all bodies."""
    general = ResponseTemplate.objects.filter(entity=None).order_by("version")
    newest = {(text.kind, text.disposition, text.name_ar): text for text in general}
    seen: set[tuple[str, str, str]] = set()
    for row in rows:
        with run.folder.collect_errors(row):
            kind, disposition = row.get_choice("kind", Kind), row.get_choice("disposition", Disposition)
            if disposition not in DISPOSITIONS_BY_KIND[kind]:
                raise InvalidRow(f"a {kind} cannot end as {disposition}")
            key = str(kind), str(disposition), row.get_required("name_ar")
            if key in seen:
                raise InvalidRow(f"{key[2]} stands here already")
            seen.add(key)
            bodies = {column: row.get_required(column) for column in ("body_ar", "body_en")}
            _save_template(run, row, newest.get(key), ResponseTemplate(
                kind=key[0], disposition=key[1], name_ar=key[2], **bodies
            ))  # fmt: skip


def _save_template(
    run: ImportRun, row: SheetRow, last: ResponseTemplate | None, text: ResponseTemplate
) -> None:
    columns = ("body_ar", "body_en")
    before = {column: getattr(last, column) for column in columns} if last else {}
    after = {column: getattr(text, column) for column in columns}
    if before == after:
        run.report.unchanged_counts[row.file] += 1
        return
    text.version = last.version + 1 if last else 1
    if not run.is_valid(text, row):
        return
    text.save()
    if last:
        run.report_changed(text, RowDifference(row.file, text.name_ar, before, after))
    else:
        run.report_added(row.file, text.name_ar)
