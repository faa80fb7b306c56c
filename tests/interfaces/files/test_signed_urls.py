"""What an address of a file gives, to whom, for how long, and what it lets a browser do."""

from datetime import timedelta
from time import time
from typing import Any
from uuid import uuid4

import pytest
from django.core import signing
from django.test import Client

from bekhedmetkom.attachments import storage
from bekhedmetkom.attachments.commands import ReceivedFile
from bekhedmetkom.attachments.rules import MediaType
from bekhedmetkom.attachments.signed_urls import URL_LIFETIME, build_file_url
from tests.commands.attachments.sample_files import SAMPLE_FILES, find_secrets
from tests.commands.attachments.upload_helpers import read_stored_file, upload_file
from tests.interfaces.permission_table import Row

from .permissions import ROWS

pytestmark = pytest.mark.django_db
LABEL = "BK-1V5H-28RP"


def address(received: ReceivedFile) -> str:
    return build_file_url(received.id, received.media_type, LABEL)


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_row_of_the_table(row: Row, client: Client) -> None:
    whose, status = row.situation, row.status
    path = address(upload_file(SAMPLE_FILES["jpeg"][0]())) if whose == "own" else "/files/not-a-token"
    assert client.get(path).status_code == status


@pytest.mark.parametrize("family", ["jpeg", "heic", "png", "webp", "mp4", "m4a", "ogg", "pdf"])
def test_file_is_served_unchanged_with_safe_headers(family: str, client: Client) -> None:
    make, becomes = SAMPLE_FILES[family]
    received = upload_file(make(), name="بيت خالد.jpg")

    answer = client.get(address(received))

    served = body(answer)
    assert served == read_stored_file(received)
    assert find_secrets(served) == []
    said = answer.headers
    assert said["Content-Type"] == becomes
    assert said["X-Content-Type-Options"] == "nosniff"
    assert said["Content-Disposition"].startswith(f'inline; filename="{LABEL}-')
    assert said["Cache-Control"] == "private, no-store"
    assert "default-src 'none'" in said["Content-Security-Policy"]
    assert "script-src" not in said["Content-Security-Policy"]
    assert ("sandbox" in said["Content-Security-Policy"]) == (family != "pdf")
    assert not answer.cookies


def test_url_reveals_nothing_about_the_file() -> None:
    received = upload_file(SAMPLE_FILES["jpeg"][0](), name="بيت خالد.jpg")
    token = address(received).removeprefix("/files/")
    assert "خالد" not in token
    assert "خالد" not in str(signing.b64_decode(token.partition(":")[0].encode()))


def test_url_expires_after_fifteen_minutes(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    path = address(upload_file(SAMPLE_FILES["jpeg"][0]()))
    start = time()
    monkeypatch.setattr("django.core.signing.time.time", lambda: start + URL_LIFETIME.total_seconds() - 5)
    assert client.get(path).status_code == 200
    monkeypatch.setattr("django.core.signing.time.time", lambda: start + URL_LIFETIME.total_seconds() + 5)
    assert client.get(path).status_code == 404


def test_forged_url_is_not_found(client: Client) -> None:
    received = upload_file(SAMPLE_FILES["jpeg"][0]())
    path = address(received)
    forged = signing.dumps([received.id.hex, "image/jpeg", LABEL], key="another", salt="bekhedmetkom.files")
    other_use = signing.dumps([received.id.hex, "image/jpeg", LABEL], salt="something else")
    for wrong in (
        f"{path}x",
        path[:-1],
        f"/files/{forged}",
        f"/files/{other_use}",
        f"/files/{received.id}",
        "/files/x:y:z",
    ):
        assert client.get(wrong).status_code == 404


def test_deleted_file_is_not_found(client: Client) -> None:
    received = upload_file(SAMPLE_FILES["jpeg"][0]())
    storage.delete_file(received.id)
    assert client.get(address(received)).status_code == 404
    assert client.get(build_file_url(uuid4(), MediaType.PDF, LABEL)).status_code == 404


@pytest.mark.parametrize(
    ("wanted", "first", "last"),
    [("bytes=0-9", 0, 9), ("bytes=10-", 10, None), ("bytes=-5", -5, None), ("bytes=0-999999999", 0, None)],
)
def test_range_request_returns_the_part(client: Client, wanted: str, first: int, last: int | None) -> None:
    received = upload_file(SAMPLE_FILES["m4a"][0]())
    whole = read_stored_file(received)

    answer = client.get(address(received), headers={"Range": wanted})

    part = whole[first : None if last is None else last + 1]
    assert body(answer) == part
    assert answer.status_code == (200 if part == whole else 206)
    if part != whole:
        start = len(whole) + first if first < 0 else first
        assert answer.headers["Content-Range"] == f"bytes {start}-{start + len(part) - 1}/{len(whole)}"


@pytest.mark.parametrize("wanted", ["bytes=999999999-", "bytes=9-3", "bytes=-0"])
def test_range_beyond_the_end_is_refused(client: Client, wanted: str) -> None:
    received = upload_file(SAMPLE_FILES["m4a"][0]())
    answer = client.get(address(received), headers={"Range": wanted})
    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == f"bytes */{received.size}"


@pytest.mark.parametrize("wanted", ["bytes=0-1,4-5", "lines=1-2", "bytes=-", "bytes=a-b", "bytes=٣-٤"])
def test_other_range_gets_the_whole_file(client: Client, wanted: str) -> None:
    received = upload_file(SAMPLE_FILES["m4a"][0]())
    answer = client.get(address(received), headers={"Range": wanted.encode().decode("latin-1")})
    assert (answer.status_code, len(body(answer))) == (200, received.size)


def test_head_request_returns_headers_only(client: Client) -> None:
    received = upload_file(SAMPLE_FILES["m4a"][0]())
    answer = client.head(address(received))
    assert (answer.status_code, answer.headers["Content-Length"]) == (200, str(received.size))
    assert timedelta(minutes=1) < URL_LIFETIME < timedelta(hours=1)
