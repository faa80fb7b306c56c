"""`box prepare`: migrate the database and collect static files where needed; `make run` calls it each time."""

import hashlib
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from bekhedmetkom.disclosures.commands import create_decoy
from bekhedmetkom.disclosures.installation import get_installation
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.clock import get_local_date

from . import demo_commission

HELP = "migrate, collect static files, make the demonstration's Commission"


def add_arguments(parser: ArgumentParser) -> None:
    """There are none."""


def handle(options: Mapping[str, Any]) -> None:
    """Run each step that is needed."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0)
    stamp = get_installation().home / "static.stamp"
    fingerprint = hashlib.sha256("\n".join(_list_static_sources()).encode()).hexdigest()
    if not stamp.exists() or stamp.read_text() != fingerprint:
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.write_text(fingerprint)
    today = get_local_date(clock.now())
    if get_installation().demo:
        demo_commission.create_demo_commission(today)
    create_decoy(today)


def _list_static_sources() -> Iterator[str]:
    for finder in get_finders():
        for path, storage in finder.list([]):
            file = Path(storage.path(path))
            yield f"{path} {file.stat().st_size} {file.stat().st_mtime_ns}"
