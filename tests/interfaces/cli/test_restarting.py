"""Stopping and renewing the web process, as `make run` starts it: whoever has been let in gets an answer."""

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from time import monotonic, sleep

from bekhedmetkom.interfaces.cli.run import web_command

PEOPLE = 12


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ask(port: int) -> str:
    """One request over a connection of its own: the process that answered, or `closed` where none listens."""
    asked = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        asked.request("POST", "/new", b"words")
    except ConnectionRefusedError:
        return "closed"
    answer = asked.getresponse()
    assert answer.status == 200
    return answer.read().decode()


@contextmanager
def web(*options: str) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    port = free_port()
    command = [*web_command(port)[:-1], *options, "tests.interfaces.cli.slow_app:application"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            deadline = monotonic() + 30
            while ask(port) == "closed":
                assert monotonic() < deadline
                sleep(0.1)
            yield port, process
        finally:
            with suppress(ProcessLookupError):
                process.terminate()


def test_who_is_being_served_when_it_stops_is_served() -> None:
    with web() as (port, process), ThreadPoolExecutor(PEOPLE) as people:
        asked = [people.submit(ask, port) for _ in range(PEOPLE)]
        sleep(0.15)
        process.send_signal(signal.SIGTERM)
        assert {one.result() for one in asked}.isdisjoint({"closed"})
        assert process.wait(20) == 0


def test_a_new_process_takes_over_without_a_lost_request() -> None:
    with web("--respawn-interval", "3") as (port, process), ThreadPoolExecutor(PEOPLE) as people:
        before, until = ask(port), monotonic() + 6
        os.kill(process.pid, signal.SIGHUP)

        def keep_asking(_person: int) -> list[str]:
            given = []
            while monotonic() < until:
                given.append(ask(port))
            return given

        given = [answer for answers in people.map(keep_asking, range(PEOPLE)) for answer in answers]
    assert "closed" not in given
    assert before in given
    assert len(set(given)) == 2
