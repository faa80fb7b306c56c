"""`bekhedmetkom run` for real: it comes up, says where it is, goes without a trace, and is plain about obstacles."""

import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from time import monotonic

import psutil
import psycopg
import pytest

from bekhedmetkom.config.database.embedded_server import MAIN_DATABASE, EmbeddedServer
from bench import Options
from bench.crash import TEXT, run_crash_test
from tests.conftest import TEMPLATE, copy_migrated_cluster

START_SECONDS = 120  # the first start imports the directory, on a machine that does other things too
RESTARTING = (
    6  # times the work of loading the web application once: five processes load it or most of it, and the box
)
STOP_SECONDS = 60
LOG_OF_POSTGRESQL = "postgres/server.log"
READY = "Bekhedmetkom is ready."


@pytest.fixture
def home(server: tuple[str, str]) -> Iterator[Path]:
    """A home whose database is migrated, as it is for all tests: the first start has the rest to do.

    Not under pytest's own folder: each run of pytest closes that one to PostgreSQL's user again.
    """
    with tempfile.TemporaryDirectory(prefix="bk-") as folder:
        if "DATABASE_URL" not in os.environ:
            copy_migrated_cluster(Path(folder) / "postgres")
            mine = EmbeddedServer(Path(folder) / "postgres", scratch=True)
            mine.start()
            with psycopg.connect(mine.build_url("postgres"), autocommit=True) as maintenance:
                maintenance.execute(f'ALTER DATABASE "{TEMPLATE}" RENAME TO "{MAIN_DATABASE}"'.encode())
            mine.stop()
        yield Path(folder)


@pytest.fixture
def ports() -> dict[str, str]:
    with ExitStack() as stack:
        probes = {name: stack.enter_context(socket.socket()) for name in ("PORT", "LIVE_PORT", "BOX_PORT")}
        for probe in probes.values():
            probe.bind(("127.0.0.1", 0))
        return {name: str(probe.getsockname()[1]) for name, probe in probes.items()}


def build_environment(home: Path, **more: str) -> dict[str, str]:
    plain = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "MAKELEVEL")}
    return plain | {"BK_HOME": str(home), "DEMO": "0"} | more


def start_platform(env: dict[str, str]) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "bekhedmetkom.interfaces.cli.main", "run"]
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def wait_until_ready(process: subprocess.Popen[str], seconds: float) -> None:
    """Read what it prints up to the line that it is ready; fails when that does not come in time."""
    assert process.stdout
    said, deadline = b"", monotonic() + seconds
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while READY not in said.decode(errors="replace"):
            assert selector.select(deadline - monotonic()), f"not ready after {seconds} s: {said.decode()}"
            more = os.read(process.stdout.fileno(), 65536)
            assert more, f"it ended: {said.decode()}"
            said += more


@contextmanager
def run_platform(env: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    process = start_platform(env)
    try:
        wait_until_ready(process, START_SECONDS)
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=STOP_SECONDS)


def get_startup_error(env: dict[str, str]) -> str:
    """The one line of a start that fails."""
    process = start_platform(env)
    said, _ = process.communicate(timeout=START_SECONDS)
    assert process.returncode == 1
    assert len(said.splitlines()) == 1, said
    return said


def list_processes(process: subprocess.Popen[str]) -> list[psutil.Process]:
    return [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]


def measure_load_cpu(env: dict[str, str]) -> float:
    """CPU seconds of a process that loads the web application and ends."""
    loading = subprocess.Popen([sys.executable, "-c", "import bekhedmetkom.config.wsgi"], env=env)
    _, status, used = os.wait4(loading.pid, 0)
    assert status == 0
    return used.ru_utime + used.ru_stime


def get_response(port: str, path: str) -> tuple[int, bytes]:
    asked = HTTPConnection("localhost", int(port), timeout=STOP_SECONDS)
    asked.request("GET", path)
    got = asked.getresponse()
    return got.status, got.read()


def test_its_whole_life(home: Path, ports: dict[str, str], tmp_path: Path) -> None:
    """One home for all of it: the first start makes and imports everything, the others are quick."""
    with run_platform(build_environment(home, **ports)) as process:
        check_startup(home, ports)
        check_kill(process)
    assert {file.stat().st_mode & 0o777 for file in (home / "secrets").iterdir()} == {0o600}
    kept = home / "secrets" / "secret-key"
    assert (home / "secrets").stat().st_mode & 0o077 == 0
    secret = kept.read_text()
    with run_platform(build_environment(home, **ports)) as process:
        worked = sum(sum(member.cpu_times()) for member in list_processes(process))
        assert worked < RESTARTING * measure_load_cpu(build_environment(home, BK_PROCESS="web"))
        assert get_response(ports["PORT"], "/readyz")[0] == 200
        assert kept.read_text() == secret
        assert "runs already" in get_startup_error(
            build_environment(home, PORT="1", LIVE_PORT="2", BOX_PORT="3")
        )
        elsewhere = build_environment(tmp_path / "other", PORT=ports["PORT"], LIVE_PORT="9", BOX_PORT="10")
        assert f"port {ports['PORT']} cannot be had" in get_startup_error(elsewhere)
        assert get_response(ports["PORT"], "/entities?q=a-name-somebody-looked-for")[0] == 200
        check_shutdown(home, process)
    check_partial_kill(home)


def check_startup(home: Path, ports: dict[str, str]) -> None:
    announced = json.loads((home / "run.json").read_text())
    assert announced["web"] == f"http://localhost:{ports['PORT']}"
    assert announced["live"] == f"http://localhost:{ports['LIVE_PORT']}"
    assert announced["box"] == f"http://127.0.0.1:{ports['BOX_PORT']}"
    assert (home / "run.json").stat().st_mode & 0o777 == 0o600
    assert get_response(ports["PORT"], "/readyz") == (200, b'{"ready": true, "missing": []}')
    assert get_response(ports["LIVE_PORT"], "/healthz") == (200, b"ok\n")
    assert get_response(ports["BOX_PORT"], "/healthz") == (200, b"ok\n")
    with open_slow_connections(ports["PORT"], 30):
        assert get_response(ports["PORT"], "/healthz")[0] == 200


def check_shutdown(home: Path, process: subprocess.Popen[str]) -> None:
    everyone = list_processes(process)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=STOP_SECONDS)
    assert process.returncode == 0
    assert psutil.wait_procs(everyone, timeout=STOP_SECONDS)[1] == []
    assert not (home / "run.json").exists()
    written = "".join(file.read_text() for file in (home / "logs").iterdir())
    assert "GET /entities 200" in written
    assert "looked-for" not in written
    assert (home / "logs" / "box.log").read_text() == ""  # nobody writes down who came to the box


@contextmanager
def open_slow_connections(port: str, number: int) -> Iterator[None]:
    """They announce a body, send three bytes of it and wait."""
    with ExitStack() as connections:
        for _ in range(number):
            sender = connections.enter_context(socket.create_connection(("localhost", int(port)), 10))
            sender.sendall(b"POST /new HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nabc")
        yield


def check_kill(process: subprocess.Popen[str]) -> None:
    everyone = list_processes(process)
    assert len(everyone) > 5
    process.kill()
    assert psutil.wait_procs(everyone, timeout=STOP_SECONDS)[1] == []


def check_partial_kill(home: Path) -> None:
    """`bench crash` does the same at length."""
    victims = ("web", "worker", "worker", "worker", "database")
    came_of_it = run_crash_test(Options(home=home), submissions=40, rounds=1, kills=5, victims=victims)
    assert came_of_it["acknowledged"] == came_of_it["told"] + came_of_it["not_told"] == 40
    assert came_of_it["kills"] == {"web": 1, "worker": 3, "database": 1}
    assert {came_of_it[name] for name in ("lost", "doubled", "changed", "told_twice", "faults")} == {0}
    assert came_of_it["journal_verified"]
    assert came_of_it["figures_verified"]
    written = "".join(
        file.read_text(errors="replace") for file in [*(home / "logs").iterdir(), home / LOG_OF_POSTGRESQL]
    )
    assert "POST /api/v1/cases" in written
    assert "was not properly shut down" in written  # PostgreSQL speaks here too
    for theirs in (TEXT, "سناء", "example.jo"):
        assert theirs not in written


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"PORT": "eighty"}, "PORT is 'eighty', which is no port"),
        ({"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}, "DATABASE_URL names does not answer"),
        ({"DATABASE_URL": "not an address"}, "DATABASE_URL names does not answer"),
        ({"BK_HOME": "/dev/full/home"}, "/dev/full/home"),
    ],
    ids=str,
)
def test_what_is_set_wrongly_is_named(
    variables: dict[str, str], sentence: str, ports: dict[str, str], tmp_path: Path
) -> None:
    assert sentence in get_startup_error(build_environment(tmp_path) | ports | variables)


def test_a_full_disk_is_named(ports: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "run.lock").symlink_to("/dev/full")
    assert "No space left on device" in get_startup_error(build_environment(tmp_path) | ports)
