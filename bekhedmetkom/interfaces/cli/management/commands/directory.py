"""`directory import FOLDER [--dry-run]`: bodies, topics, deadlines and calendar from spreadsheets."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bekhedmetkom.catalogue.directory_import import SHEETS, import_directory
from bekhedmetkom.entities.sheet_import import ImportReport, InvalidDirectory
from bekhedmetkom.kernel.clock import now


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        importing = actions.add_parser("import", help="take in a folder of sheets, all of it or nothing")
        importing.add_argument("folder", type=Path)
        importing.add_argument("--dry-run", action="store_true", help="show what would change; write nothing")

    def handle(self, *, folder: Path, dry_run: bool, **options: Any) -> None:
        try:
            report = import_directory(folder, at=now(), dry_run=dry_run)
        except InvalidDirectory as bad:
            for problem in bad.problems:
                self.stderr.write(str(problem))
            raise CommandError(f"Nothing was imported: {len(bad.problems)} to correct.") from None
        for line in [*report.notes, *(report.added if dry_run else ()), *report.changed]:
            self.stdout.write(str(line))
        self._write_counts(report)
        if dry_run:
            self.stdout.write("Nothing was written: this was a dry run.")

    def _write_counts(self, report: ImportReport) -> None:
        for sheet in SHEETS:
            changed = sum(difference.file == sheet for difference in report.changed)
            if report.added_counts[sheet] or changed or report.unchanged_counts[sheet]:
                added, unchanged = report.added_counts[sheet], report.unchanged_counts[sheet]
                self.stdout.write(f"{sheet}: {added} new, {changed} changed, {unchanged} as before")
        self.stdout.write(f"{report.changes} changes")
