"""The real platform, started as `make run` starts it, in a home of its own; and what its processes cost."""

import json
import os
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from time import monotonic, sleep
from typing import Any

import psutil

from bekhedmetkom.config.postgres import DATABASE

BEKHEDMETKOM = [sys.executable, "-m", "bekhedmetkom.interfaces.cli.main"]
START_SECONDS = 180
# A benchmark makes its own PostgreSQL, whatever the installation around it uses.
_NOT_OURS = ("DATABASE_URL", "BOX_DATABASE_URL", "PUBLIC_URL", "LIVE_URL", "ALLOWED_HOSTS", "TRUSTED_PROXIES")


@dataclass(frozen=True, slots=True)
class Platform:
    """The running platform: where it answers, who may sign in, and the process that all others are born of."""

    home: Path
    web: str
    accounts: Mapping[str, Mapping[str, str]]
    process: psutil.Process

    @property
    def database_url(self) -> str:
        """As the owner of the database, who sees everything."""
        return f"postgresql://postgres@/{DATABASE}?host={self.home / 'postgres'}"

    def cpu(self) -> Counter[str]:
        """CPU seconds that its parts have taken so far: `web`, `live`, `worker`, `database`."""
        spent: Counter[str] = Counter()
        for part in self.process.children():
            with suppress(psutil.Error):
                family = [part, *part.children(recursive=True)]
                spent[_name(part)] += sum(_seconds(one) for one in family)  # type: ignore[assignment]
        return spent

    def peak_mb(self, part: str) -> float:
        """The resident memory of a part now, in MB."""
        found = [one for one in self.process.children() if _name(one) == part]
        family = [one for first in found for one in (first, *first.children(recursive=True))]
        return sum(one.memory_info().rss for one in family) / 1e6


def command(home: Path, *words: str, **environment: str) -> None:
    """Run a `bekhedmetkom` command in that home, its output on ours (standard error, for the figures go elsewhere)."""
    subprocess.run(
        [*BEKHEDMETKOM, *words], env=_environment(home, environment), check=True, stdout=sys.stderr
    )


@contextmanager
def platform(home: Path, **environment: str) -> Iterator[Platform]:
    """Everything that `make run` starts, on free ports, until the block ends."""
    ports = {"PORT": str(_free_port()), "LIVE_PORT": str(_free_port())}
    running = subprocess.Popen(
        [*BEKHEDMETKOM, "run"], env=_environment(home, {**ports, **environment}), stdout=sys.stderr
    )
    try:
        said = _announced(home, running)
        yield Platform(home.absolute(), said["web"], said["accounts"], psutil.Process(running.pid))
    finally:
        running.terminate()
        running.wait()


def spread(seconds: Sequence[float], digits: int = 2) -> dict[str, float]:
    """The percentiles of many times, in milliseconds: `p50`, `p95`, `p99`."""
    cuts = quantiles(seconds, n=100, method="inclusive")
    return {f"p{share}": round(1000 * cuts[share - 1], digits) for share in (50, 95, 99)}


def _environment(home: Path, more: Mapping[str, str]) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if name not in _NOT_OURS}
    ours.pop("BK_PROCESS", None)
    ours.pop("MAKELEVEL", None)
    return ours | {"BK_HOME": str(home.absolute()), "DEMO": "1"} | dict(more)


def _announced(home: Path, running: subprocess.Popen[bytes]) -> Any:
    deadline = monotonic() + START_SECONDS
    while monotonic() < deadline:
        if running.poll() is not None:
            raise SystemExit(f"The platform did not start; {home / 'logs'} may say why.")
        with suppress(FileNotFoundError):
            return json.loads((home / "run.json").read_text())
        sleep(0.1)
    raise SystemExit(f"The platform was not ready within {START_SECONDS} seconds.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _name(part: psutil.Process) -> str:
    """Which part of the platform a process is."""
    if "postgres" in part.name():
        return "database"
    return str(part.environ().get("BK_PROCESS", "command"))


def _seconds(one: psutil.Process) -> float:
    """Its own CPU time and that of its children that have ended."""
    spent = one.cpu_times()
    return float(spent.user + spent.system + spent.children_user + spent.children_system)
