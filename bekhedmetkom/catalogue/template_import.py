"""Texts that replies begin with, from their sheet. A changed text is a new version; the old one stays."""

from collections.abc import Iterable

from bekhedmetkom.entities.sheet_import import ImportRun, RowDifference
from bekhedmetkom.entities.sheets import InvalidRow, SheetRow

from .models import ResponseTemplate
from .rules import DISPOSITIONS_BY_KIND, Disposition, Kind

COLUMNS = ("kind", "disposition", "name_ar", "body_ar", "body_en")


def import_templates(run: ImportRun, rows: Iterable[SheetRow]) -> None:
    """Import the texts that every body may use."""
    everyones = ResponseTemplate.objects.filter(entity=None).order_by("version")
    newest = {(text.kind, text.disposition, text.name_ar): text for text in everyones}
    seen: set[tuple[str, str, str]] = set()
    for row in rows:
        with run.folder.reading(row):
            kind, disposition = row.one_of("kind", Kind), row.one_of("disposition", Disposition)
            if disposition not in DISPOSITIONS_BY_KIND[kind]:
                raise InvalidRow(f"a {kind} cannot end as {disposition}")
            key = str(kind), str(disposition), row.needed("name_ar")
            if key in seen:
                raise InvalidRow(f"{key[2]} stands here already")
            seen.add(key)
            bodies = {column: row.needed(column) for column in ("body_ar", "body_en")}
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
        run.report.same[row.file] += 1
        return
    text.version = last.version + 1 if last else 1
    if not run.accepts(text, row):
        return
    text.save()
    if last:
        run.changed(text, RowDifference(row.file, text.name_ar, before, after))
    else:
        run.add(row.file, text.name_ar)
