"""Slow and stalled uploads hold no database connection, and no thread for long."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from errno import EMFILE
from pathlib import Path
from time import sleep
from urllib.parse import urlsplit

import httpx
import pytest

from bekhedmetkom.config.database.embedded_server import EmbeddedServer
from bekhedmetkom.disclosures.installation import Installation
from bekhedmetkom.interfaces.box.background_threads import TrafficSample, cut_stalled_connections
from tests.box.support.box_process import BoxProcess, run_box

SLOW_CLIENTS = 40  # the box has 12 connections
THREADS = 4
HEAD = (
    b"POST /send HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/form-data; boundary=x\r\n"
    b"Content-Length: %d\r\n\r\n"
)
FILE = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.bin"\r\n\r\n'


def start_upload(box: BoxProcess, stack: ExitStack, length: int = 5_000_000) -> socket.socket:
    """Send the beginning of a report."""
    address = urlsplit(box.url)
    sender = stack.enter_context(socket.create_connection((address.hostname or "", address.port or 0), 20))
    sender.sendall(HEAD % length + FILE)
    return sender


def test_slow_uploads_hold_no_database_connection(
    server: EmbeddedServer, box_url: str, home_box: Installation, tmp_path: Path
) -> None:
    with run_box(tmp_path / "tmp", threads=96) as box, ExitStack() as stack:
        for _ in range(SLOW_CLIENTS):
            start_upload(box, stack).sendall(b"x" * 100_000)
        for path in ("/", "/manifest", "/words"):
            assert httpx.get(f"{box.url}{path}", timeout=30).status_code == 200, path
        opened = httpx.post(f"{box.url}/open", json={"lookup": "00" * 16}, timeout=30)
        assert opened.status_code == 200


@pytest.mark.parametrize("patient", [False, True], ids=["cut", "waited for"])
def test_stalled_connections_are_cut(
    server: EmbeddedServer, box_url: str, home_box: Installation, tmp_path: Path, patient: bool
) -> None:
    broken = "keep_stalled_connections" if patient else "shorten_stall_limit"
    with run_box(tmp_path / "tmp", threads=THREADS, broken=broken) as box, ExitStack() as stack:
        for _ in range(2 * THREADS):
            start_upload(box, stack)
        sleep(8)
        if patient:
            with pytest.raises(httpx.TimeoutException):
                httpx.get(f"{box.url}/words", timeout=15)
        else:
            assert httpx.get(f"{box.url}/words", timeout=25).status_code == 200


def test_slow_but_steady_upload_is_not_cut(
    server: EmbeddedServer, box_url: str, home_box: Installation, tmp_path: Path
) -> None:
    piece, times = b"x" * 20_000, 14
    fields = b"".join(
        b'\r\n--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s' % field
        for field in ((b"text", b"slow"), (b"identity", b"no"))
    )
    end = fields + b"\r\n--x--\r\n"
    with (
        run_box(tmp_path / "tmp", threads=THREADS, broken="shorten_stall_limit") as box,
        ExitStack() as stack,
    ):
        sender = start_upload(box, stack, len(FILE) + times * len(piece) + len(end))
        for _ in range(times):
            sender.sendall(piece)
            sleep(1)
        sender.sendall(end)
        assert sender.recv(200).startswith(b"HTTP/1.1 200")


def test_watch_survives_a_lack_of_descriptors(monkeypatch: pytest.MonkeyPatch) -> None:
    def raise_emfile(_folder: Path) -> Iterator[Path]:
        raise OSError(EMFILE, "Too many open files")

    monkeypatch.setattr(Path, "iterdir", raise_emfile)
    seen = {1: TrafficSample(0.0, 100)}
    assert cut_stalled_connections(seen, 1.0) == seen
