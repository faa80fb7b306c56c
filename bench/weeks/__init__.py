"""Working weeks, played: every event that time causes, at its true time, none twice and none missing.

    bekhedmetkom bench weeks --json [--cases 5000]

`script` plays six weeks on the real commands, the real sweep and a real PostgreSQL of its own; `life` says what people
do with one case; `model` says, independently and as simply as possible, what has to come of it; `comparing` holds the
two against each other. The tests play the same in small.
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

from .. import Options, platform_runner

DEFAULT_CASES = 5_000
OFFICER_COUNT = 200
SWEEP_INTERVAL = timedelta(minutes=10)
MAX_FAULTS_SHOWN = 20  # faults in full; of more, the number


def measure(options: Options) -> dict[str, Any]:
    """How much was played, and how much of it was wrong: `wrong`, `twice`, `missing`, `late`, `untold` are to be 0."""
    with _run_database(options.home):
        from .comparison import compare_weeks
        from .simulation import WeeksSimulation

        began = monotonic()
        weeks = WeeksSimulation(
            cases=options.cases or DEFAULT_CASES, officers=OFFICER_COUNT, every=SWEEP_INTERVAL
        )
        weeks.play()
        found = compare_weeks(weeks)
        return {
            "cases": len(weeks.lives), "officers": len(weeks.staff.officers), "acts": weeks.acts.total(),
            "events": dict(sorted(found.events.items())), "wrong": len(found.wrong), "twice": len(found.twice),
            "missing": len(found.missing), "late": len(found.late), "untold": len(found.untold),
            "faults": found.faults[:MAX_FAULTS_SHOWN],
            "stories": dict(list(found.stories.items())[:MAX_FAULTS_SHOWN]), "seconds": round(monotonic() - began),
        }  # fmt: skip


@contextmanager
def _run_database(home: Path) -> Iterator[None]:
    """A server that gives up safety for speed, for as long as the weeks last."""
    folder = home / "postgres"
    shutil.rmtree(folder, ignore_errors=True)
    server = EmbeddedServer(folder, scratch=True)
    server.start()
    try:
        with platform_runner.use_database(server.url("postgres")):
            call_command("migrate", verbosity=0)
            yield
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
