"""The real platform, started as `make run` starts it, in a home of its own; and what its processes cost."""

import json
import os
import re
import socket
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from time import monotonic, sleep, thread_time
from typing import Any

import httpx
import psutil
import psycopg
from django.db import connections
from psycopg.conninfo import conninfo_to_dict

from bekhedmetkom.config.database.embedded_server import MAIN_DATABASE

COMMAND = [sys.executable, "-m", "bekhedmetkom.interfaces.cli.main"]
START_SECONDS = 180
EMBEDDINGS_TIMEOUT_SECONDS = (
    180  # within which a new installation has worked out the vectors of its catalogue
)
# A benchmark makes its own PostgreSQL, whatever the installation around it uses.
_IGNORED_VARIABLES = (
    "DATABASE_URL", "BOX_DATABASE_URL", "BOX_URL", "BOX_KEYS", "PUBLIC_URL", "LIVE_URL", "ALLOWED_HOSTS",
    "TRUSTED_PROXIES",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RunningPlatform:
    """The running platform: where it answers, who may sign in, and the process that all others are born of."""

    home: Path
    web: str
    live: str
    accounts: Mapping[str, Mapping[str, str]]
    process: psutil.Process

    @property
    def database_url(self) -> str:
        """As the owner of the database, who sees everything."""
        return f"postgresql://postgres@/{MAIN_DATABASE}?host={self.home / 'postgres'}"

    def read_cpu_seconds(self) -> Mapping[str, float]:
        """CPU seconds that its parts have taken so far: `web`, `live`, `worker`, `database`."""
        spent: defaultdict[str, float] = defaultdict(float)
        for part in self.process.children():
            with suppress(psutil.Error):
                spent[_get_part_name(part)] += _sum_family_cpu(part)
        return spent

    def read_memory_mb(self, part: str) -> float:
        """The resident memory of a part now, in MB."""
        found = self.list_processes(part)
        family = [one for first in found for one in (first, *first.children(recursive=True))]
        return float(sum(one.memory_info().rss for one in family)) / 1e6

    def list_processes(self, part: str) -> list[psutil.Process]:
        """Those of a part; when one is ended, the platform starts it again."""
        return [one for one in self.process.children() if _get_part_name(one) == part]


def run_command(home: Path, *words: str, **environment: str) -> None:
    """Run a `bekhedmetkom` command in that home, its output on ours (standard error, for the figures go elsewhere)."""
    subprocess.run(
        [*COMMAND, *words], env=_build_environment(home, environment), check=True, stdout=sys.stderr
    )


@contextmanager
def run_platform(home: Path, **environment: str) -> Iterator[RunningPlatform]:
    """Everything that `make run` starts, on free ports, until the block ends."""
    ports = {name: str(find_free_port()) for name in ("PORT", "LIVE_PORT", "BOX_PORT")}
    running = subprocess.Popen(
        [*COMMAND, "run"], env=_build_environment(home, {**ports, **environment}), stdout=sys.stderr
    )
    try:
        said = _wait_for_run_file(home, running)
        yield RunningPlatform(
            home.absolute(), said["web"], said["live"], said["accounts"], psutil.Process(running.pid)
        )
    finally:
        running.terminate()
        running.wait()


@contextmanager
def use_database(url: str) -> Iterator[None]:
    """Django's connection of this process leads to a database of the benchmark's for a while."""
    given = conninfo_to_dict(url)
    ours = {"NAME": given["dbname"], "USER": given["user"], "HOST": given["host"], "PASSWORD": "", "PORT": ""}
    default = connections["default"].settings_dict
    before = {name: default[name] for name in ours}
    try:
        _switch_database(ours)
        yield
    finally:
        _switch_database(before)


def _switch_database(places: Mapping[str, Any]) -> None:
    connections.close_all()
    connections.settings["default"].update(places)
    connections["default"].settings_dict.update(places)


def create_desk_token(platform: RunningPlatform, role: str) -> str:
    """A desk token of one of the demonstration's officers."""
    made = subprocess.run(
        [*COMMAND, "token", "create", "--officer", platform.accounts[role]["email"], "--scope", "desk", "--json"],
        env=_build_environment(platform.home, {}), check=True, capture_output=True, text=True,
    )  # fmt: skip
    return str(json.loads(made.stdout.splitlines()[-1])["token"])


def wait_for_embeddings(platform: RunningPlatform) -> float | None:
    """Seconds until suggestions go by meaning too; `None` when they do not.

    A web process that starts learns the directory by heart, some seconds of processor time, four seconds after its
    start: whoever counts what requests cost waits for that.
    """
    began = monotonic()
    while monotonic() - began < EMBEDDINGS_TIMEOUT_SECONDS:
        said = httpx.post(f"{platform.web}/api/v1/suggest", json={"text": "شارعنا معتم"}).json()
        if not any(warning["code"] == "by_words_only" for warning in said["warnings"]):
            return round(monotonic() - began, 1)
        sleep(0.5)
    return None


def count_statements(platform: RunningPlatform, ask: Callable[[], object], times: int = 5) -> float:
    """How many statements the web process sends for one request, by the server's own log."""
    log = platform.home / "postgres" / "server.log"
    said = re.compile(r"\[bekhedmetkom-web\] LOG:  (statement|execute .*?):")
    with psycopg.connect(platform.database_url, autocommit=True) as connection:
        for name, value in {"log_statement": "all", "log_line_prefix": "[%a] "}.items():
            connection.execute(f"ALTER SYSTEM SET {name} = '{value}'".encode())
        connection.execute("SELECT pg_reload_conf()")
        sleep(0.5)
        before = log.stat().st_size
        for _ in range(times):
            ask()
        sleep(0.5)
        lines = log.read_bytes()[before:].decode(errors="replace").splitlines()
        connection.execute("ALTER SYSTEM RESET ALL")
        connection.execute("SELECT pg_reload_conf()")
    return round(sum(bool(said.search(line)) for line in lines) / times, 1)


def count_lagging_followers(connection: "psycopg.Connection[Any]") -> int:
    """How many have not read all there is, in the feed's order: the last in it is not always the highest number."""
    row = connection.execute(
        "SELECT count(*) FROM follower f WHERE EXISTS"
        " (SELECT FROM event e WHERE (e.epoch, e.xid, e.id) > (f.epoch, f.xid::text::xid8, f.event))"
    ).fetchone()
    assert row
    return int(row[0])


def measure_python_ms() -> float:
    """CPU time of a million additions here and now: CPU figures of two runs compare as these do."""
    number, began = 0, thread_time()
    for one in range(1_000_000):
        number += one
    return round(1000 * (thread_time() - began), 1)


def compute_percentiles(seconds: Sequence[float], digits: int = 2) -> dict[str, float]:
    """The percentiles of many times, in milliseconds: `p50`, `p95`, `p99`."""
    cuts = quantiles(seconds, n=100, method="inclusive")
    return {f"p{share}": round(1000 * cuts[share - 1], digits) for share in (50, 95, 99)}


def _build_environment(home: Path, more: Mapping[str, str]) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if name not in _IGNORED_VARIABLES}
    ours.pop("BK_PROCESS", None)
    ours.pop("MAKELEVEL", None)
    return ours | {"BK_HOME": str(home.absolute()), "DEMO": "1"} | dict(more)


def _wait_for_run_file(home: Path, running: subprocess.Popen[bytes]) -> Any:
    deadline = monotonic() + START_SECONDS
    while monotonic() < deadline:
        if running.poll() is not None:
            raise SystemExit(f"The platform did not start; {home / 'logs'} may say why.")
        with suppress(FileNotFoundError):
            return json.loads((home / "run.json").read_text())
        sleep(0.1)
    raise SystemExit(f"The platform was not ready within {START_SECONDS} seconds.")


def find_free_port() -> int:
    """One that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def parse_box_words(page: str) -> tuple[str, ...]:
    """The ten words of the page on which the sealed box shows them."""
    grid = page[page.index("words__grid") : page.index("</ol>")]
    return tuple(re.findall(r"<li>([^<]+)</li>", grid))


def _get_part_name(part: psutil.Process) -> str:
    """Which part of the platform a process is."""
    if "postgres" in part.name():
        return "database"
    return str(part.environ().get("BK_PROCESS", "command"))


def _sum_family_cpu(part: psutil.Process) -> float:
    """CPU seconds of a part with all its processes, ended ones too: read again where one ends meanwhile."""
    while True:
        with suppress(psutil.NoSuchProcess):
            family = [part, *part.children(recursive=True)]
            seconds = sum(_sum_cpu_seconds(one) for one in family)
            if part.children(recursive=True) == family[1:]:
                return seconds
        if not part.is_running():
            raise psutil.NoSuchProcess(part.pid)


def _sum_cpu_seconds(one: psutil.Process) -> float:
    """Its own CPU time and that of its children that have ended."""
    spent = one.cpu_times()
    return float(spent.user + spent.system + spent.children_user + spent.children_system)
