"""Many who begin to send and go no further hold no connection to the database: the others are served."""

import socket
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from bekhedmetkom.config.postgres import Server
from bekhedmetkom.disclosures.place import Place
from tests.box.serving import served

SLOW = 40  # the box has 12 connections


def test_slow_senders_hold_up_nobody(server: Server, box_url: str, home_box: Place, tmp_path: Path) -> None:
    with served(tmp_path / "tmp", threads=96) as box, ExitStack() as stack:
        address = urlsplit(box.url)
        head = (
            b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.bin"\r\n\r\n' + b"x" * 100_000
        )
        for _ in range(SLOW):
            sender = stack.enter_context(
                socket.create_connection((address.hostname or "", address.port or 0), 20)
            )
            sender.sendall(
                b"POST /send HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/form-data; boundary=x\r\n"
                b"Content-Length: 5000000\r\n\r\n" + head
            )
        for path in ("/", "/manifest", "/words"):
            assert httpx.get(f"{box.url}{path}", timeout=30).status_code == 200, path
        opened = httpx.post(f"{box.url}/open", json={"lookup": "00" * 16}, timeout=30)
        assert opened.status_code == 200
