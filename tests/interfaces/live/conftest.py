"""The live process for real: Granian, on the database of the test, and viewers that keep what they were told."""

import json
import os
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Condition, Thread
from time import monotonic, sleep
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import connection
from psycopg.conninfo import make_conninfo

from bekhedmetkom.cases.feed import advance_consumer
from bekhedmetkom.interfaces.cli.supervisor import build_live_command
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import now
from bekhedmetkom.live import tokens
from bekhedmetkom.live.rules import Topic
from bekhedmetkom.live.subscriber import LiveUpdateSubscriber
from tests.personas import Jordan
from tests.queries.cases.test_feed import ALL

TIMEOUT_SECONDS = 20  # seconds; what is waited for comes at once


def run_subscriber() -> None:
    """As the worker does, five times a second."""
    while advance_consumer(LiveUpdateSubscriber(), horizon=ALL):
        pass


def create_page_token(actor: Actor, *topics: Topic, at: datetime | None = None) -> str:
    assert actor.officer_id
    return tokens.create_token(actor.officer_id, topics or list(Topic), at or now())


@dataclass
class Viewer:
    """A browser's EventSource, as far as it matters here: it comes again by itself, and says where it was."""

    port: int
    path: str
    told: list[tuple[str, str, Any]] = field(default_factory=list)  # id, event, data
    comments: int = 0
    last: str = ""
    begun: int = 0
    over: bool = False
    link: HTTPConnection | None = None
    news: Condition = field(default_factory=Condition)

    def start(self) -> "Viewer":
        Thread(target=self._watch, daemon=True).start()
        self.until(self.has_begun)
        return self

    def leave(self) -> None:
        self.over = True
        if self.link and self.link.sock:
            self.link.sock.shutdown(socket.SHUT_RDWR)

    def has_begun(self, times: int = 1) -> bool:
        return self.begun >= times

    def has_heard(self, topic: str, times: int = 1) -> bool:
        return len(self.heard(topic)) >= times

    def until(self, what: Callable[[], object]) -> None:
        with self.news:
            assert self.news.wait_for(what, TIMEOUT_SECONDS), self.told

    def heard(self, topic: str) -> list[Any]:
        return [data for _, event, data in self.told if event == topic]

    def _watch(self) -> None:
        while not self.over:
            with suppress(OSError, HTTPException, EOFError):
                self._once()
            sleep(0.1)

    def _once(self) -> None:
        link = self.link = HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_SECONDS)
        link.request("GET", self.path, headers={"Last-Event-ID": self.last} if self.last else {})
        answer = link.getresponse()
        if answer.status != 200:
            raise EOFError
        event: dict[str, str] = {}
        while line := answer.readline():
            name, _, value = line.decode().rstrip("\n").partition(": ")
            if line == b"\n":
                self._take(event)
                event = {}
            elif line.startswith(b":"):
                self.comments += 1
            else:
                event[name] = value

    def _take(self, event: dict[str, str]) -> None:
        with self.news:
            self.last = event.get("id", self.last)
            self.begun += event.get("event") == "hello"
            if "data" in event:
                self.told.append((event["id"], event["event"], json.loads(event["data"])))
            self.news.notify_all()


class LiveServer:
    """The live process, which can be stopped and started again at its port."""

    def __init__(self, home: Path) -> None:
        self.home = home
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])

    def start(self) -> None:
        given = connection.settings_dict
        url = make_conninfo(
            dbname=given["NAME"], user=given["USER"], password=given["PASSWORD"] or None, host=given["HOST"],
            port=given["PORT"] or None,
        )  # fmt: skip
        env = os.environ | {
            "DATABASE_URL": url, "BK_PROCESS": "live", "BK_HOME": str(self.home), "SECRET_KEY": settings.SECRET_KEY,
            "PUBLIC_URL": settings.PUBLIC_URL,
        }  # fmt: skip
        self.process = subprocess.Popen(
            build_live_command(self.port),
            env=env,
            cwd=settings.ROOT,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
        )
        deadline = monotonic() + TIMEOUT_SECONDS
        while self.get("/healthz")[0] != 200:
            assert monotonic() < deadline
            sleep(0.05)

    def stop(self, sign: int = signal.SIGTERM) -> float:
        """How many seconds it took to end. As under `make run`: killed, all its family is."""
        began = monotonic()
        self.process.send_signal(sign)
        self.process.wait(TIMEOUT_SECONDS)
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        return monotonic() - began

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str]]:
        """Status and headers; the body is not read, for it may never end."""
        link = HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_SECONDS)
        try:
            link.request("GET", path, headers=headers)
            answer = link.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}
        except OSError:
            return 0, {}
        finally:
            link.close()

    def address(self, actor: Actor, *topics: Topic, **more: Any) -> str:
        wanted = topics or tuple(Topic)
        return f"/events?{urlencode({'topics': ','.join(wanted), 'token': create_page_token(actor, *wanted), **more})}"

    def viewer(self, actor: Actor, *topics: Topic) -> Viewer:
        return Viewer(self.port, self.address(actor, *topics)).start()


@pytest.fixture
def live(committed_jordan: Jordan, tmp_path: Path) -> Iterator[LiveServer]:
    server = LiveServer(tmp_path)
    server.start()
    yield server
    server.stop()
