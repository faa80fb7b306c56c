"""kill -9 while people submit, with the platform as `make run` starts it. `bench crash` does the same at length."""

import tempfile
from pathlib import Path

from bench import Options
from bench.crash import crashed


def test_whatever_is_killed_nothing_acknowledged_is_lost_and_nobody_is_told_twice() -> None:
    with tempfile.TemporaryDirectory(prefix="bk-") as home:
        came_of_it = crashed(Options(home=Path(home)), submissions=60, rounds=1, kills=3)
    assert came_of_it["acknowledged"] == 60
    assert came_of_it["kills"] == {"web": 1, "worker": 1, "database": 1}
    assert {came_of_it[name] for name in ("lost", "doubled", "changed", "told_twice", "faults")} == {0}
    assert came_of_it["journal_verified"]
