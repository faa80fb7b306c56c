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

from bekhedmetkom.config.postgres import Server

from .. import Options, stage

CASES = 5_000
OFFICERS = 200
SWEEP = timedelta(minutes=10)
SHOWN = 20  # faults in full; of more, the number


def measure(options: Options) -> dict[str, Any]:
    """How much was played, and how much of it was wrong: `wrong`, `twice`, `missing`, `late`, `untold` are to be 0."""
    with _database(options.home):
        from .comparing import compared
        from .script import Weeks

        began = monotonic()
        weeks = Weeks(cases=options.cases or CASES, officers=OFFICERS, every=SWEEP)
        weeks.play()
        found = compared(weeks)
        return {
            "cases": len(weeks.lives), "officers": len(weeks.staff.officers), "acts": weeks.acts.total(),
            "events": dict(sorted(found.events.items())), "wrong": len(found.wrong), "twice": len(found.twice),
            "missing": len(found.missing), "late": len(found.late), "untold": len(found.untold),
            "faults": found.faults[:SHOWN],
            "stories": dict(list(found.stories.items())[:SHOWN]), "seconds": round(monotonic() - began),
        }  # fmt: skip


@contextmanager
def _database(home: Path) -> Iterator[None]:
    """A server that gives up safety for speed, for as long as the weeks last."""
    folder = home / "postgres"
    shutil.rmtree(folder, ignore_errors=True)
    server = Server(folder, scratch=True)
    server.start()
    try:
        with stage.connected(server.url("postgres")):
            call_command("migrate", verbosity=0)
            yield
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
