"""The box's real process, for tests of what it leaves behind; optionally with a broken promise
(`broken_wsgi.py`).
"""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

import httpx
import psutil

from tests.box.support.actors import parse_receipt
from tests.box.support.environment import HOME

START_SECONDS = 60


@dataclass(frozen=True, slots=True)
class BoxProcess:
    """A running process, its URL, and the folders that it may write to."""

    url: str
    process: psutil.Process
    temporary: Path
    log: Path

    def kill(self) -> None:
        """Kill the process and its children with SIGKILL."""
        family = [self.process, *self.process.children(recursive=True)]
        for process in family:
            with suppress(psutil.Error):
                process.kill()
        psutil.wait_procs(family, timeout=10)

    def submit_report(self, text: str, *files: tuple[str, bytes], **fields: str) -> tuple[str, ...]:
        """Submit a report without JavaScript and return its receipt."""
        answer = httpx.post(
            f"{self.url}/send", data={"text": text, "identity": "no"} | fields, timeout=120,
            files=[("files", file) for file in files] or [("files", ("", b""))],
        )  # fmt: skip
        assert answer.status_code == 200, answer.text
        return parse_receipt(answer.text)

    def log_in(self, words: tuple[str, ...]) -> str:
        """Log in and return the conversation page."""
        opened = httpx.post(f"{self.url}/words", data={"words": " ".join(words)}, timeout=60)
        # httpx does not send `Secure` cookies over http
        cookie = opened.headers["Set-Cookie"].split(";")[0]
        return httpx.get(f"{self.url}/talk", headers={"Cookie": cookie}, timeout=60).text


@contextmanager
def run_box(temporary: Path, *, broken: str = "", threads: int = 16) -> Iterator[BoxProcess]:
    """Run the box on the test's own home until the block ends; `broken` names a function of `broken_wsgi.py`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    temporary.mkdir(exist_ok=True)
    log = temporary / "server.log"
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", "1", "--no-ws", "--log-level", "error", "--blocking-threads", str(threads),
        "tests.box.support.broken_wsgi:application",
    ]  # fmt: skip
    environment = os.environ | {"TMPDIR": str(temporary), "BROKEN": broken, "BK_HOME": str(HOME), "DEMO": "1"}
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, env=environment)
    try:
        _wait_until_ready(f"http://127.0.0.1:{port}", process, log)
        yield BoxProcess(f"http://127.0.0.1:{port}", psutil.Process(process.pid), temporary, log)
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(15)
        if process.poll() is None:
            process.kill()
            process.wait()


def _wait_until_ready(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = monotonic() + START_SECONDS
    while monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        with suppress(httpx.HTTPError):
            if httpx.get(f"{url}/healthz").status_code == 200:
                return
        sleep(0.1)
    raise AssertionError(log.read_text())
