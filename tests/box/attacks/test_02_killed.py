"""Attack 2: killed in the middle of an upload of 20 MiB, the box has left no plain byte on any disk."""

import socket
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import urlsplit

import psycopg
import pytest

from bekhedmetkom.config.postgres import Server
from bekhedmetkom.disclosures.place import Place
from tests.box.home import HOME
from tests.box.needles import found_in
from tests.box.serving import Served, served

CANARY = "CANARY-in-a-file-5d21"
SIZE = 20 * 1024 * 1024
SENT = 12 * 1024 * 1024
LINE = CANARY.encode() + b"\n"


def begins_to_send(box: Served) -> socket.socket:
    """A form whose file stops coming after 12 MiB."""
    head = (
        b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\nnothing\r\n'
        b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.bin"\r\n\r\n'
    )
    address = urlsplit(box.url)
    sender = socket.create_connection((address.hostname or "", address.port or 0), 60)
    sender.sendall(
        b"POST /send HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/form-data; boundary=x\r\n"
        + f"Content-Length: {len(head) + SIZE}\r\n\r\n".encode()
        + head
    )
    sender.sendall((LINE * (SENT // len(LINE) + 1))[:SENT])
    return sender


def arrived(box_url: str, box: Served) -> bool:
    """Whether the box has dealt with most of it: sealed pieces in the database, or files where none should be."""
    with psycopg.connect(box_url, autocommit=True) as dba:
        row = dba.execute("SELECT count(*) FROM disclosures_piece").fetchone()
    waiting = sum(file.stat().st_size for file in box.temporary.rglob("*") if file.is_file())
    return bool(row and row[0] > 30) or waiting > SENT // 2


@pytest.mark.parametrize("broken", ["", "temporary_files"])
def test_killed_in_the_middle_of_an_upload(
    broken: str, server: Server, box_url: str, home_box: Place, tmp_path: Path
) -> None:
    with served(tmp_path / "tmp", broken=broken) as box:
        sender = begins_to_send(box)
        deadline = monotonic() + 60
        while not arrived(box_url, box):
            assert monotonic() < deadline, box.log.read_text()
            sleep(0.05)
        box.kill()
        sender.close()
    with psycopg.connect(server.url("postgres"), autocommit=True) as maintenance:
        maintenance.execute("CHECKPOINT")
    left = found_in(HOME, [CANARY]) + found_in(tmp_path / "tmp", [CANARY])
    assert bool(left) == bool(broken), left
