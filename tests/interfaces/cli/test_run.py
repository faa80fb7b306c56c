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

from bekhedmetkom.config.postgres import DATABASE, Server
from bench import Options
from bench.crash import TEXT, crashed
from tests.conftest import TEMPLATE, copy_of_a_migrated_cluster

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
            copy_of_a_migrated_cluster(Path(folder) / "postgres")
            mine = Server(Path(folder) / "postgres", scratch=True)
            mine.start()
            with psycopg.connect(mine.url("postgres"), autocommit=True) as maintenance:
                maintenance.execute(f'ALTER DATABASE "{TEMPLATE}" RENAME TO "{DATABASE}"'.encode())
            mine.stop()
        yield Path(folder)


@pytest.fixture
def ports() -> dict[str, str]:
    with ExitStack() as stack:
        probes = {name: stack.enter_context(socket.socket()) for name in ("PORT", "LIVE_PORT", "BOX_PORT")}
        for probe in probes.values():
            probe.bind(("127.0.0.1", 0))
        return {name: str(probe.getsockname()[1]) for name, probe in probes.items()}


def environment(home: Path, **more: str) -> dict[str, str]:
    plain = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "MAKELEVEL")}
    return plain | {"BK_HOME": str(home), "DEMO": "0"} | more


def start(env: dict[str, str]) -> subprocess.Popen[str]:
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
def running(env: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    process = start(env)
    try:
        wait_until_ready(process, START_SECONDS)
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=STOP_SECONDS)


def refused(env: dict[str, str]) -> str:
    """The one line of a start that fails."""
    process = start(env)
    said, _ = process.communicate(timeout=START_SECONDS)
    assert process.returncode == 1
    assert len(said.splitlines()) == 1, said
    return said


def family(process: subprocess.Popen[str]) -> list[psutil.Process]:
    return [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]


def work_of_loading(env: dict[str, str]) -> float:
    """CPU seconds of a process that loads the web application and ends."""
    loading = subprocess.Popen([sys.executable, "-c", "import bekhedmetkom.config.wsgi"], env=env)
    _, status, used = os.wait4(loading.pid, 0)
    assert status == 0
    return used.ru_utime + used.ru_stime


def answer(port: str, path: str) -> tuple[int, bytes]:
    asked = HTTPConnection("localhost", int(port), timeout=STOP_SECONDS)
    asked.request("GET", path)
    got = asked.getresponse()
    return got.status, got.read()


def test_its_whole_life(home: Path, ports: dict[str, str], tmp_path: Path) -> None:
    """One home for all of it: the first start makes and imports everything, the others are quick."""
    with running(environment(home, **ports)) as process:
        comes_up_and_says_where_it_is(home, ports)
        killed_hard_it_leaves_nothing(process)
    assert {file.stat().st_mode & 0o777 for file in (home / "secrets").iterdir()} == {0o600}
    kept = home / "secrets" / "secret-key"
    assert (home / "secrets").stat().st_mode & 0o077 == 0
    secret = kept.read_text()
    with running(environment(home, **ports)) as process:
        worked = sum(sum(member.cpu_times()) for member in family(process))
        assert worked < RESTARTING * work_of_loading(environment(home, BK_PROCESS="web"))
        assert answer(ports["PORT"], "/readyz")[0] == 200
        assert kept.read_text() == secret
        assert "runs already" in refused(environment(home, PORT="1", LIVE_PORT="2", BOX_PORT="3"))
        elsewhere = environment(tmp_path / "other", PORT=ports["PORT"], LIVE_PORT="9", BOX_PORT="10")
        assert f"port {ports['PORT']} cannot be had" in refused(elsewhere)
        assert answer(ports["PORT"], "/entities?q=a-name-somebody-looked-for")[0] == 200
        goes_without_a_trace(home, process)
    killed_in_part_while_people_submit_it_loses_nothing_and_tells_nobody_twice(home)


def comes_up_and_says_where_it_is(home: Path, ports: dict[str, str]) -> None:
    announced = json.loads((home / "run.json").read_text())
    assert announced["web"] == f"http://localhost:{ports['PORT']}"
    assert announced["live"] == f"http://localhost:{ports['LIVE_PORT']}"
    assert announced["box"] == f"http://127.0.0.1:{ports['BOX_PORT']}"
    assert (home / "run.json").stat().st_mode & 0o777 == 0o600
    assert answer(ports["PORT"], "/readyz") == (200, b'{"ready": true, "missing": []}')
    assert answer(ports["LIVE_PORT"], "/healthz") == (200, b"ok\n")
    assert answer(ports["BOX_PORT"], "/healthz") == (200, b"ok\n")
    with slow_senders(ports["PORT"], 30):
        assert answer(ports["PORT"], "/healthz")[0] == 200


def goes_without_a_trace(home: Path, process: subprocess.Popen[str]) -> None:
    everyone = family(process)
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
def slow_senders(port: str, number: int) -> Iterator[None]:
    """They announce a body, send three bytes of it and wait."""
    with ExitStack() as connections:
        for _ in range(number):
            sender = connections.enter_context(socket.create_connection(("localhost", int(port)), 10))
            sender.sendall(b"POST /new HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nabc")
        yield


def killed_hard_it_leaves_nothing(process: subprocess.Popen[str]) -> None:
    everyone = family(process)
    assert len(everyone) > 5
    process.kill()
    assert psutil.wait_procs(everyone, timeout=STOP_SECONDS)[1] == []


def killed_in_part_while_people_submit_it_loses_nothing_and_tells_nobody_twice(home: Path) -> None:
    """`bench crash` does the same at length."""
    victims = ("web", "worker", "worker", "worker", "database")
    came_of_it = crashed(Options(home=home), submissions=40, rounds=1, kills=5, victims=victims)
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
    assert sentence in refused(environment(tmp_path) | ports | variables)


def test_a_full_disk_is_named(ports: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "run.lock").symlink_to("/dev/full")
    assert "No space left on device" in refused(environment(tmp_path) | ports)
