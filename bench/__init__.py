"""Benchmarks: `bekhedmetkom bench NAME --json`. One module a benchmark, with `measure(options)` and its figures."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Options:
    """What may be said on the command line; each benchmark takes what concerns it.

    `home` is the folder in which it may keep what it makes: databases of its own, never the installation's.
    """

    home: Path
    cases: int | None = None
    data: Path | None = None
    seconds: int | None = None
    viewers: int | None = None
    per_second: int | None = None
    seed: int | None = None
    days: int | None = None
