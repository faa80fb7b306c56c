"""Attack 2: a process killed in the middle of an upload of 20 MiB leaves no plain text on any disk."""

import socket
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import urlsplit

import psycopg
import pytest

from bekhedmetkom.config.database.embedded_server import EmbeddedServer
from bekhedmetkom.disclosures.installation import Installation
from tests.box.support.box_process import BoxProcess, run_box
from tests.box.support.environment import HOME
from tests.box.support.plaintext_search import find_files_with_text

CANARY = "CANARY-in-a-file-5d21"
SIZE = 20 * 1024 * 1024
SENT = 12 * 1024 * 1024
LINE = CANARY.encode() + b"\n"


def start_upload(box: BoxProcess) -> socket.socket:
    """Send a form whose file stops after 12 MiB."""
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


def has_received_most(box_url: str, box: BoxProcess) -> bool:
    """Return whether the box has processed most of it: encrypted pieces in the database, or temporary files."""
    with psycopg.connect(box_url, autocommit=True) as dba:
        row = dba.execute("SELECT count(*) FROM disclosures_piece").fetchone()
    waiting = sum(file.stat().st_size for file in box.temporary.rglob("*") if file.is_file())
    return bool(row and row[0] > 30) or waiting > SENT // 2


@pytest.mark.parametrize("broken", ["", "use_temporary_files"])
def test_killed_upload_leaves_no_plain_text(
    broken: str, server: EmbeddedServer, box_url: str, home_box: Installation, tmp_path: Path
) -> None:
    with run_box(tmp_path / "tmp", broken=broken) as box:
        sender = start_upload(box)
        deadline = monotonic() + 60
        while not has_received_most(box_url, box):
            assert monotonic() < deadline, box.log.read_text()
            sleep(0.05)
        box.kill()
        sender.close()
    with psycopg.connect(server.build_url("postgres"), autocommit=True) as maintenance:
        maintenance.execute("CHECKPOINT")
    left = find_files_with_text(HOME, [CANARY]) + find_files_with_text(tmp_path / "tmp", [CANARY])
    assert bool(left) == bool(broken), left
