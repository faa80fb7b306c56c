"""Files in a bucket: the same bytes come back, and go when they are to go. The bucket is a small server beside us."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from pytest_django import Settings

from bekhedmetkom.attachments import commands, storage

from .sample_files import jpeg
from .upload_helpers import read_stored_file, upload_file

pytestmark = pytest.mark.django_db


class Bucket(BaseHTTPRequestHandler):
    """As much of S3 as keeping, reading and deleting an object needs."""

    objects: dict[str, bytes] = {}
    asked: list[str] = []

    def _answer(self, status: int, content: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("ETag", '"0"')
        self.send_header("Last-Modified", "Thu, 26 Nov 2026 10:00:00 GMT")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def _key(self) -> str:
        self.asked.append(f"{self.command} {self.path}")
        return self.path.partition("?")[0]

    def do_PUT(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        if "aws-chunked" in self.headers.get("Content-Encoding", ""):
            content = _unchunked(content)
        self.objects[self._key()] = content
        self._answer(200)

    def do_GET(self) -> None:
        found = self.objects.get(self._key())
        self._answer(404) if found is None else self._answer(200, found)

    do_HEAD = do_GET

    def do_DELETE(self) -> None:
        self.objects.pop(self._key(), None)
        self._answer(204)

    def log_message(self, *args: Any) -> None:
        pass


def _unchunked(content: bytes) -> bytes:
    """The bytes inside `aws-chunked`: a size in hexadecimal before each piece, and a trailer."""
    whole = b""
    while True:
        line, _, content = content.partition(b"\r\n")
        size = int(line.partition(b";")[0], 16)
        if not size:
            return whole
        whole, content = whole + content[:size], content[size + 2 :]


@pytest.fixture
def bucket(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Bucket]]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Bucket)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.STORAGES = settings.STORAGES | {
        "files": {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {
                "bucket_name": "files", "endpoint_url": f"http://127.0.0.1:{server.server_port}", "region_name": "x",
                "access_key": "a", "secret_key": "b", "default_acl": "private", "file_overwrite": False,
                "addressing_style": "path",
            },
        }
    }  # fmt: skip
    Bucket.objects, Bucket.asked = {}, []
    yield Bucket
    server.shutdown()
    server.server_close()


def test_file_is_stored_in_bucket_and_deleted(bucket: type[Bucket]) -> None:
    received = upload_file(jpeg(), name="بيت.jpg")
    assert list(bucket.objects) == [f"/files/{storage.get_storage_path(received.id)}"]
    assert read_stored_file(received).startswith(b"\xff\xd8")
    assert storage.open_file(received.id)[1] == received.size

    commands.discard_uploads([received.id])

    assert bucket.objects == {}
    with pytest.raises(FileNotFoundError):
        read_stored_file(received)
