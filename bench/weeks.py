"""Simulated working weeks: every event that time causes is recorded once and at the right time.

    bekhedmetkom bench weeks --json [--cases 5000]

The simulation (`tests/models/working_weeks`) runs six weeks on the real commands, the real sweep and its own
PostgreSQL, and compares the events with those of an independent reference model. The tests run a small one.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import Any

from django.core.management import call_command

from bekhedmetkom.config.database.embedded_server import EmbeddedServer

from . import Options, platform_runner

DEFAULT_CASES = 5_000
OFFICER_COUNT = 200
SWEEP_INTERVAL = timedelta(minutes=10)
MAX_FAULTS_SHOWN = 20  # the figures quote at most this many


def measure(options: Options) -> dict[str, Any]:
    """Return the counts of the run; `wrong`, `twice`, `missing`, `late` and `untold` must be 0."""
    with _run_database(options.home):
        from tests.models.working_weeks.comparison import compare_weeks
        from tests.models.working_weeks.simulation import WeeksSimulation

        began = monotonic()
        weeks = WeeksSimulation(
            cases=options.cases or DEFAULT_CASES, officers=OFFICER_COUNT, every=SWEEP_INTERVAL
        )
        weeks.run()
        found = compare_weeks(weeks)
        return {
            "cases": len(weeks.cases_simulated),
            "officers": len(weeks.staff.officers),
            "acts": weeks.action_counts.total(),
            "events": dict(sorted(found.events.items())),
            "wrong": len(found.wrong),
            "twice": len(found.twice),
            "missing": len(found.missing),
            "late": len(found.late),
            "untold": len(found.untold),
            "faults": found.faults[:MAX_FAULTS_SHOWN],
            "stories": dict(list(found.stories.items())[:MAX_FAULTS_SHOWN]),
            "seconds": round(monotonic() - began),
        }


@contextmanager
def _run_database(home: Path) -> Iterator[None]:
    """Run a temporary server without durability and point Django at its migrated database."""
    folder = home / "postgres"
    shutil.rmtree(folder, ignore_errors=True)
    server = EmbeddedServer(folder, scratch=True)
    server.start()
    try:
        with platform_runner.use_database(server.build_url("postgres")):
            call_command("migrate", verbosity=0)
            yield
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
