"""`prepare`: bring database and static files to what this tree needs. `make run` calls it at each start."""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import BaseCommand, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from bekhedmetkom.analytics.commands import is_rebuild_needed
from bekhedmetkom.analytics.rollups import APPLY_EVENTS as STATEMENT

DIRECTORY_FOLDER = settings.ROOT / "data" / "directory"


class Command(BaseCommand):
    help = "Migrate, import the directory, collect static files, fill an empty demonstration."
    requires_system_checks = ()  # they load every door, at each start; the tests ask them

    def handle(self, *args: Any, **options: Any) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Preparing the database")
            call_command("migrate", verbosity=0)
            with (
                connection.cursor() as cursor
            ):  # of a column that has just come it knows nothing, and reads all cases
                cursor.execute("ANALYZE")
        with _detect_change(
            "directory", [_get_database_identity(), *map(_hash_file, sorted(DIRECTORY_FOLDER.glob("*.csv")))]
        ) as new:
            if new:
                self.stdout.write("Importing the directory")
                call_command("directory", "import", str(DIRECTORY_FOLDER), stdout=StringIO())
        with _detect_change("static", _list_static_sources()) as new:
            if new:
                call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        with _detect_change("analytics", [_get_database_identity(), STATEMENT]) as new:
            if (new and not _has_no_cases()) or is_rebuild_needed():
                self.stdout.write("Summing up the journal")
                call_command("projections", "rebuild", stdout=StringIO())
        if settings.DEMO and _has_no_cases():
            self.stdout.write("Filling the demonstration")
            call_command("demo", stdout=StringIO())


@contextmanager
def _detect_change(name: str, parts: Iterable[str]) -> Iterator[bool]:
    """Whether these differ from when this was last done to its end; a stamp in BK_HOME remembers."""
    stamp = settings.BK_HOME / "stamps" / name
    now = _hash_parts(parts)
    yield not stamp.exists() or stamp.read_text() != now
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(now)


def _hash_parts(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _hash_file(file: Path) -> str:
    return f"{file.name} {hashlib.sha256(file.read_bytes()).hexdigest()}"


def _get_database_identity() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT concat(system_identifier, ' ', oid) FROM pg_control_system(), pg_database"
            " WHERE datname = current_database()"
        )
        return str(cursor.fetchone()[0])


def _list_static_sources() -> Iterable[str]:
    for finder in get_finders():
        for path, storage in finder.list([]):
            file = Path(storage.path(path))
            yield f"{path} {file.stat().st_size} {file.stat().st_mtime_ns}"


def _has_no_cases() -> bool:
    with connection.cursor() as cursor:
        cursor.execute('SELECT NOT EXISTS (SELECT FROM "case")')
        return bool(cursor.fetchone()[0])
