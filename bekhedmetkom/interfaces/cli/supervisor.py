"""`bekhedmetkom run`: the whole platform in the foreground, one tree of processes that lives and dies together.

What ends by itself is started again, so that one fault of one process is not the end of all.
"""

import fcntl
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from time import monotonic, sleep
from types import FrameType
from typing import NamedTuple, NoReturn, TypeVar

import psycopg

from bekhedmetkom.config.concurrency_limit import SERVER_THREADS
from bekhedmetkom.config.database.embedded_server import (
    EmbeddedServer,
    StartupError,
    create_box_database,
    create_main_database,
    terminate_with_parent,
    terminate_with_parent_hook,
)
from bekhedmetkom.config.installation import get_box_database_password, get_home

READY_SECONDS = 60
PORT_SECONDS = 2
STOP_SECONDS = 15
RESPAWN_INTERVAL_SECONDS = 20
MAX_RESTARTS, RESTART_WINDOW_SECONDS = (
    10,
    60,
)  # a part that ends more often than that is broken, and stays down
# No query string, for a search holds names; no address, for it is a person's.
ACCESS_LOG = ("--access-log", "--access-log-fmt", "%(time)s %(method)s %(path)s %(status)d %(dt_ms).0f ms")
COMMAND = [sys.executable, "-m", "bekhedmetkom.interfaces.cli.main"]
BOX_THREADS = 96  # most wait in disclosures/derivation_queue.py or for slow uploads
MAX_STREAMS = 4096  # that the live process holds at once
STREAM_BUFFER_BYTES = 65_536  # of a stream whose reader is slow, before it is cut off
LIVE_STOP_SECONDS = 5
BOX_HEADER_TIMEOUT_SECONDS = 10  # for a request's first lines to the box
# Each of 64 threads would keep what it once needed: web has 578 MB instead of 981 (bench officers).
MALLOC_ENVIRONMENT = {"MALLOC_ARENA_MAX": "2"}
# Neither service is told what opens the other's doors.
BOX_ONLY_VARIABLES = ("BOX_DATABASE_URL", "BOX_SMTP_URL", "BOX_KEYS")
MAIN_ONLY_VARIABLES = (
    "DATABASE_URL", "WEB_DATABASE_URL", "WORKER_DATABASE_URL", "REPLICA_URL", "SECRET_KEY", "SMTP_URL", "METRICS_TOKEN",
    "SMS_TOKEN", "SMS_URL", "SMS_RECEIPT_TOKEN", "OIDC_CLIENT_SECRET", "S3_ACCESS_KEY", "S3_SECRET_KEY",
)  # fmt: skip


T = TypeVar("T")


class _Ports(NamedTuple):
    web: int
    live: int
    box: int


@dataclass(frozen=True, slots=True)
class Process:
    """A process of the platform, and the port and path that answer 200 when it is ready."""

    name: str
    command: list[str]
    port: int = 0
    readiness_path: str = ""


def run_platform() -> int:
    """Start everything, say where it is, stay until told to stop. What is in the way gets one sentence, and 1."""
    if "MAKELEVEL" in os.environ:
        terminate_with_parent(os.getppid(), signal.SIGTERM)
    signal.signal(signal.SIGTERM, _handle_stop_signal)
    signal.signal(signal.SIGINT, _handle_stop_signal)
    home = get_home()
    try:
        with _lock_home(home):
            ports = _Ports(
                _get_free_port("PORT", 8000),
                _get_free_port("LIVE_PORT", 8002),
                _get_free_port("BOX_PORT", 8001),
            )
            with _open_database(home) as server:
                _run_processes(home, ports, server)
    except StartupError as problem:
        print(f"bekhedmetkom: {problem}", file=sys.stderr)
        return 1
    except OSError as problem:
        print(f"bekhedmetkom: {problem.strerror}: {problem.filename or home}", file=sys.stderr)
        return 1
    except StopRequested:
        return 0


class StopRequested(BaseException):
    """Somebody asked the platform to stop."""


def _handle_stop_signal(_signal: int, _frame: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # asked twice is asked once: stopping is under way
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise StopRequested


def _run_processes(home: Path, ports: _Ports, server: EmbeddedServer | None) -> NoReturn:
    _run_prepare("command", "prepare")
    _run_prepare("box", "box", "prepare")
    parts = [
        Process("web", build_web_command(ports.web), ports.web, "/readyz"),
        Process("live", build_live_command(ports.live), ports.live, "/healthz"),
        Process("worker", [*COMMAND, "work"]),
        Process("box", build_box_command(ports.box), ports.box, "/healthz"),
    ]
    # Two host names for one machine: what a browser keeps of the one it does not show the other.
    addresses = {
        "web": f"http://localhost:{ports.web}",
        "live": f"http://localhost:{ports.live}",
        "box": f"http://127.0.0.1:{ports.box}",
    }
    with _run_all(parts, home / "logs") as processes:
        _wait_until_ready(parts, processes, home / "logs")
        with _write_run_file(home, addresses):
            _restart_ended_processes(parts, processes, home / "logs", server)


def _run_prepare(name: str, *words: str) -> None:
    done = subprocess.run(
        [*COMMAND, *words],
        check=False,
        env=_build_environment(name),
        preexec_fn=terminate_with_parent_hook(signal.SIGTERM),
    )
    if done.returncode:
        raise StartupError("the database could not be prepared; the lines above say why")


def build_web_command(port: int) -> list[str]:
    """The web process. SIGHUP renews it: the old one goes on until the new one has had time to load."""
    return _build_granian_command(
        "wsgi",
        port,
        "--blocking-threads",
        str(SERVER_THREADS),
        "--respawn-interval",
        str(RESPAWN_INTERVAL_SECONDS),
        *ACCESS_LOG,
    )


def build_live_command(port: int) -> list[str]:
    """The live process: as many connections as there are open pages. Who does not read does not hold up its end."""
    limits = (
        "--backlog",
        str(MAX_STREAMS),
        "--backpressure",
        str(MAX_STREAMS),
        "--http1-buffer-size",
        str(STREAM_BUFFER_BYTES),
        *ACCESS_LOG,
    )
    return _build_granian_command("asgi", port, *limits, "--workers-kill-timeout", str(LIVE_STOP_SECONDS))


def build_box_command(port: int) -> list[str]:
    """The sealed box. Nobody writes down who came, and when."""
    threads, head = str(BOX_THREADS), str(BOX_HEADER_TIMEOUT_SECONDS * 1000)
    limits = ("--blocking-threads", threads, "--http1-header-read-timeout", head)
    return _build_granian_command("wsgi", port, *limits, module="box_wsgi", level="error")


def _build_granian_command(
    interface: str, port: int, *options: str, module: str = "", level: str = "warning"
) -> list[str]:
    return [
        sys.executable, "-m", "granian", "--interface", interface, "--host", os.environ.get("HOST", "127.0.0.1"),
        "--port", str(port), "--workers", "1", "--no-ws", "--log-level", level, *options,
        f"bekhedmetkom.config.{module or interface}:application",
    ]  # fmt: skip


def _build_environment(name: str) -> dict[str, str]:
    """What a part of that name may know."""
    kept_from_it = MAIN_ONLY_VARIABLES if name == "box" else BOX_ONLY_VARIABLES
    demo = {"DEMO": "0"} if "DATABASE_URL" in os.environ and "DEMO" not in os.environ else {}
    known = {variable: value for variable, value in os.environ.items() if variable not in kept_from_it}
    return MALLOC_ENVIRONMENT | known | demo | {"BK_PROCESS": name}


@contextmanager
def _lock_home(home: Path) -> Iterator[None]:
    home.mkdir(parents=True, exist_ok=True)
    with (home / "run.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StartupError(f"it runs already on {home}; stop that one first, or set BK_HOME") from None
        (home / "run.lock").write_bytes(b"%d\n" % os.getpid())  # says at once when the disk is full
        (home / "run.json").unlink(missing_ok=True)  # of one that was killed before it could
        os.environ["BK_HOME"] = str(home)
        yield


@contextmanager
def _open_database(home: Path) -> Iterator[EmbeddedServer | None]:
    """Ours, for whichever service names no other; `None` where both do."""
    named = [name for name in ("DATABASE_URL", "BOX_DATABASE_URL") if os.environ.get(name)]
    for name in named:
        _check_database(name)
    if len(named) == 2:
        yield None
        return
    server = EmbeddedServer(home / "postgres")
    try:
        server.start()
        create_main_database(server)
        create_box_database(server, get_box_database_password(home))
        yield server
    finally:
        server.stop()


def _check_database(name: str) -> None:
    try:
        with psycopg.connect(os.environ[name], connect_timeout=5) as connection:
            version = connection.info.server_version
    except psycopg.Error as problem:
        reason = str(problem).strip().splitlines()[0].strip()
        raise StartupError(f"the database that {name} names does not answer: {reason}") from None
    if version < 180000:
        raise StartupError(f"PostgreSQL 18 is needed, and {name} names a version {version // 10000}")


def _get_free_port(name: str, default: int) -> int:
    value = os.environ.get(name, str(default))
    if not value.isdecimal() or not 0 < int(value) < 65536:
        raise StartupError(f"{name} is {value!r}, which is no port")
    deadline = monotonic() + PORT_SECONDS  # those who were killed a moment ago may still be leaving
    while problem := _find_port_error(int(value)):
        if monotonic() > deadline:
            raise StartupError(f"port {value} cannot be had ({problem}): set {name} to another")
        sleep(0.1)
    return int(value)


def _find_port_error(port: int) -> str | None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((os.environ.get("HOST", "127.0.0.1"), port))
        except OSError as problem:
            return problem.strerror or "in use"
    return None


@contextmanager
def _run_all(parts: list[Process], logs: Path) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    logs.mkdir(exist_ok=True)
    processes: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for part in parts:
            (logs / f"{part.name}.log").unlink(missing_ok=True)
            processes[part.name] = _start_process(part, logs)
        yield processes
    finally:
        for process in processes.values():
            process.terminate()
        deadline = monotonic() + STOP_SECONDS
        for process in processes.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, deadline - monotonic()))
            _kill_process_group(process)


def _start_process(part: Process, logs: Path) -> subprocess.Popen[bytes]:
    with (logs / f"{part.name}.log").open("ab") as log:
        return subprocess.Popen(
            part.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            env=_build_environment(part.name), preexec_fn=terminate_with_parent_hook(signal.SIGTERM),
        )  # fmt: skip


def _kill_process_group(process: subprocess.Popen[bytes]) -> None:
    """What is left of its group, if anything is."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _wait_until_ready(
    parts: list[Process], processes: dict[str, subprocess.Popen[bytes]], logs: Path
) -> None:
    deadline = monotonic() + READY_SECONDS
    waiting = [part for part in parts if part.readiness_path]
    while waiting:
        _check_alive(processes, logs)
        answer = _request_readiness(waiting[0])
        if answer.startswith("200"):
            waiting.pop(0)
        elif monotonic() > deadline:
            raise StartupError(f"{waiting[0].name} was not ready within {READY_SECONDS} seconds: {answer}")
        else:
            sleep(0.1)


def _request_readiness(part: Process) -> str:
    asked = HTTPConnection("127.0.0.1", part.port, timeout=5)
    try:
        asked.request("GET", part.readiness_path, headers={"Host": "localhost"})
        answer = asked.getresponse()
        return f"{answer.status} {answer.read(200).decode(errors='replace')}"
    except (OSError, HTTPException) as problem:
        return str(problem)
    finally:
        asked.close()


def _check_alive(processes: dict[str, subprocess.Popen[bytes]], logs: Path) -> None:
    for name, process in processes.items():
        if process.poll() is not None:
            raise StartupError(f"{name} has ended with {process.returncode}; {logs / name}.log says why")


def _restart_ended_processes(
    parts: list[Process],
    processes: dict[str, subprocess.Popen[bytes]],
    logs: Path,
    server: EmbeddedServer | None,
) -> NoReturn:
    """Start again whatever ends; what was acknowledged is in the database, and whoever had no answer asks again."""
    ends: dict[str, list[float]] = {}
    while True:
        if server and not server.is_running:
            _count_restart(ends, "PostgreSQL", server.folder / "server.log")
            server.restart()
        for part in parts:
            if (code := processes[part.name].poll()) is not None:
                _count_restart(ends, part.name, logs / f"{part.name}.log", code)
                _kill_process_group(processes[part.name])
                processes[part.name] = _start_process(part, logs)
        sleep(0.2)


def _count_restart(ends: dict[str, list[float]], name: str, log: Path, code: int | None = None) -> None:
    """Say that it has ended; too often in a minute, and everything ends with it."""
    recent = [end for end in ends.get(name, []) if monotonic() - end < RESTART_WINDOW_SECONDS]
    ends[name] = [*recent, monotonic()]
    how = f" with {code}" if code is not None else ""
    if len(recent) == MAX_RESTARTS:
        raise StartupError(f"{name} has ended{how} again and again; {log} says why")
    print(f"bekhedmetkom: {name} has ended{how} and is started again; {log} may say why", file=sys.stderr)


@contextmanager
def _write_run_file(home: Path, addresses: dict[str, str]) -> Iterator[None]:
    """`run.json` says where everything is as long as it is there; the same for the person at the terminal."""
    accounts: dict[str, dict[str, str]] = _read_json(home / "accounts.json", {})
    announcement = home / "run.json"
    written = home / f"run.json.{secrets.token_hex(4)}"
    with os.fdopen(os.open(written, os.O_WRONLY | os.O_CREAT, 0o600), "w") as out:
        json.dump(addresses | {"accounts": accounts}, out, ensure_ascii=False, indent=1)
    written.replace(announcement)
    try:
        print(
            _format_announcement(addresses, accounts, _read_json(home / "examples.json", []), home),
            flush=True,
        )
        yield
    finally:
        announcement.unlink(missing_ok=True)


def _read_json(file: Path, otherwise: T) -> T:
    """What `demo` left for us to say."""
    with suppress(FileNotFoundError):
        kept: T = json.loads(file.read_text())
        return kept
    return otherwise


def _format_announcement(
    addresses: dict[str, str], accounts: dict[str, dict[str, str]], examples: list[dict[str, str]], home: Path
) -> str:
    lines = [f"  {name:<16} {address}" for name, address in addresses.items()]
    if accounts:
        lines += ["", f"Demonstration accounts, at {addresses['web']}/sign-in:"]
        lines += [f"  {role:<16} {who['email']:<40} {who['password']}" for role, who in accounts.items()]
    if examples:
        lines += ["", f"Cases to follow as their citizen, at {addresses['web']}/track:"]
        lines += [f"  {case['reference']}  {case['access_code']}  {case['about']}" for case in examples]
    return "\n".join(
        ["Bekhedmetkom is ready.", *lines, "", f"Logs: {home / 'logs'}. Ctrl-C stops everything."]
    )
