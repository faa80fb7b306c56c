"""Benchmarks, started by `bekhedmetkom bench NAME --json`.

Each benchmark is a module or package of this one with a function `measure(options)` that returns its figures.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

PROJECT_ROOT = Path(__file__).resolve().parent.parent
DATA_FOLDER = PROJECT_ROOT / "data"


@dataclass(frozen=True, slots=True)
class Options:
    """Options of one run. An option that the command line does not give is `None`.

    `home` is the benchmark's own folder, with its own databases.
    """

    home: Path
    cases: int | None = None
    data: Path | None = None
    seconds: int | None = None
    viewers: int | None = None
    per_second: int | None = None
    seed: int | None = None
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A benchmark, the names of the `Options` that it reads, and whether `bench` without a name runs it."""

    name: str
    summary: str
    options: tuple[str, ...] = ()
    default: bool = False

    def load(self) -> Callable[[Options], dict[str, Any]]:
        """Import the benchmark's module and return its `measure`."""
        measure: Callable[[Options], dict[str, Any]] = import_module(f"{__name__}.{self.name}").measure
        return measure


BENCHMARKS: Mapping[str, Benchmark] = {
    benchmark.name: benchmark
    for benchmark in (
        Benchmark("intake", "submissions over HTTP", ("cases",), default=True),
        Benchmark("desk", "officers' lists, searches and case pages", ("cases",), default=True),
        Benchmark("dashboard", "dashboard pages and roll-ups", ("cases",), default=True),
        Benchmark("live", "updates of open pages", ("viewers", "per_second", "seconds"), default=True),
        Benchmark("language", "suggestions and classifiers", ("data", "seconds"), default=True),
        Benchmark("box", "the sealed box, also under attack", default=True),
        Benchmark("crash", "submissions while processes are killed", ("cases",)),
        Benchmark("messenger", "Messenger's webhook under load and faults", ("seconds",)),
        Benchmark("officers", "two hundred officers at once", ("cases", "seconds")),
        Benchmark("problems", "detection of bursts of similar cases", ("cases", "days", "seed", "data")),
        Benchmark("weeks", "simulated working weeks against a reference model", ("cases",)),
    )
}
