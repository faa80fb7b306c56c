"""Stopping and renewing the web process, as `make run` starts it: whoever has been let in gets an answer."""

import os
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from time import monotonic, sleep

import psutil
import pytest

from bekhedmetkom.interfaces.cli.supervisor import build_web_command

CLIENTS = 12
TIMEOUT_SECONDS = 60  # seconds, on a machine that does other things too


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def request_status(port: int) -> str:
    """One request over a connection of its own: the process that answered, or `closed` where none listens."""
    asked = HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
    try:
        asked.request("POST", "/new", b"words")
    except ConnectionRefusedError:
        return "closed"
    answer = asked.getresponse()
    assert answer.status == 200
    return answer.read().decode()


@dataclass
class WebProcess:
    """The process, where it answers, and the file in which each request that has begun leaves a byte."""

    port: int
    process: subprocess.Popen[bytes]
    begun: Path


@pytest.fixture
def web(tmp_path: Path) -> Iterator[WebProcess]:
    port, begun = free_port(), tmp_path / "begun"
    command = [
        *build_web_command(port)[:-1],
        "--respawn-interval",
        "3",
        "tests.interfaces.cli.slow_wsgi_app:application",
    ]
    environment = os.environ | {"BEGUN": str(begun)}
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, env=environment) as process:
        try:
            wait_until(lambda: request_status(port) != "closed")
            yield WebProcess(port, process, begun)
        finally:
            with suppress(ProcessLookupError):
                process.terminate()


def wait_until(what: Callable[[], object]) -> None:
    deadline = monotonic() + TIMEOUT_SECONDS
    while not what():
        assert monotonic() < deadline
        sleep(0.02)


def test_who_is_being_served_when_it_stops_is_served(web: WebProcess) -> None:
    with ThreadPoolExecutor(CLIENTS) as people:
        before = web.begun.stat().st_size
        asked = [people.submit(request_status, web.port) for _ in range(CLIENTS)]
        wait_until(lambda: web.begun.stat().st_size == before + CLIENTS)
        web.process.send_signal(signal.SIGTERM)
        assert {one.result() for one in asked}.isdisjoint({"closed"})
        assert web.process.wait(TIMEOUT_SECONDS) == 0


def test_a_new_process_takes_over_without_a_lost_request(web: WebProcess) -> None:
    before = request_status(web.port)
    os.kill(web.process.pid, signal.SIGHUP)

    def keep_asking(_person: int) -> list[str]:
        given, deadline = list[str](), monotonic() + TIMEOUT_SECONDS
        while psutil.pid_exists(int(before)) and monotonic() < deadline:
            given.append(request_status(web.port))
        return [*given, request_status(web.port)]

    with ThreadPoolExecutor(CLIENTS) as people:
        given = [answer for answers in people.map(keep_asking, range(CLIENTS)) for answer in answers]
    assert "closed" not in given
    assert before in given
    assert len(set(given)) == 2
