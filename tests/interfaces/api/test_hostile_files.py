"""Files that somebody built to do harm: each is refused with a sentence or becomes harmless, and none is a fault."""

import struct
import zlib
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from bekhedmetkom.attachments import cleaner_process, rules, storage
from bekhedmetkom.attachments.models import Upload
from tests.commands.attachments.sample_files import jpeg, pdf, png
from tests.personas import Jordan

from .api_client import ApiClient, parse_problem

SCRIPT = b"<script>alert(1)</script>"
MEGABYTE = 1024 * 1024


def build_png_chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def build_png(kind: bytes, content: bytes) -> bytes:
    """A picture with one more chunk behind its header."""
    whole = png()
    return whole[:33] + build_png_chunk(kind, content) + whole[33:]


def build_mp4_box(kind: bytes, content: bytes = b"", size: int | None = None) -> bytes:
    return struct.pack(">I", 8 + len(content) if size is None else size) + kind + content


MP4_HEADER = build_mp4_box(b"ftyp", b"isom\0\0\2\0isomiso2mp41")


def build_pdf(*objects: bytes) -> bytes:
    """Without a table of contents: whoever reads it must look for its objects."""
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, one) for number, one in enumerate(objects, 1))
    return b"%PDF-1.7\n" + body + b"trailer\n<< /Root 1 0 R /Size 99 >>\nstartxref\n0\n%%EOF\n"


CATALOGUE = b"<< /Type /Catalog /Pages 2 0 R >>"
PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
HOSTILE_FILES: dict[str, Callable[[], bytes]] = {
    "a PDF that nests without end": lambda: build_pdf(CATALOGUE, PAGES, b"[" * 200_000 + b"]" * 200_000),
    "a PDF whose pages hold themselves": lambda: build_pdf(
        CATALOGUE, b"<< /Type /Pages /Kids [2 0 R] /Count 9 >>"
    ),
    "a PDF that says it has a milliard pages": lambda: build_pdf(
        CATALOGUE, b"<< /Type /Pages /Kids [] /Count 1000000000 >>"
    ),
    "a PDF with a drawing in itself": lambda: build_pdf(
        CATALOGUE, PAGES,
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Resources << /XObject << /X 4 0 R >> >> /Contents 5 0 R >>",
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 4 0 R >> >> /Length 5 >>\n"
        b"stream\n/X Do\nendstream",
        b"<< /Length 5 >>\nstream\n/X Do\nendstream",
    ),
    "a PNG with a bomb of words": lambda: build_png(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(64 * MEGABYTE), 9)),
    "a PNG with a bomb of colours": lambda: build_png(b"iCCP", b"x\0\0" + zlib.compress(bytes(64 * MEGABYTE), 9)),
    "a PNG whose chunk is longer than it": lambda: png()[:33] + b"\xff\xff\xff\xffzTXt",
    "a film whose box is longer than it": lambda: MP4_HEADER + build_mp4_box(b"moov", b"x" * 100, size=0xFFFFFFFF),
    "a film of boxes in boxes": lambda: MP4_HEADER + b"".join(
        struct.pack(">I", 8 * (5_000 - depth)) + b"moov" for depth in range(5_000)
    ),
    "a film of 2^63 bytes": lambda: MP4_HEADER + struct.pack(">I", 1) + b"mdat" + struct.pack(">Q", 2**63 - 1),
    "a GIF that is a script": lambda: b"GIF89a/*" + SCRIPT + b"*/=1;alert(1)",
    "an SVG": lambda: b"<svg xmlns='http://www.w3.org/2000/svg'>" + SCRIPT + b"</svg>",
    "a page named .jpg": lambda: b"<!doctype html>" + SCRIPT,
    "a photo with a page behind it": lambda: jpeg() + SCRIPT,
    "a picture with a page in it": lambda: build_png(b"tEXt", b"Comment\0" + SCRIPT),
    "a PDF with a page behind it": lambda: pdf() + SCRIPT,
    "a photo that ends in its header": lambda: jpeg()[:20],
    "one byte": lambda: b"\xff",
    "nothing": lambda: b"",
}  # fmt: skip


@pytest.mark.parametrize("what", HOSTILE_FILES)
def test_it_is_refused_with_a_sentence_or_becomes_harmless(
    what: str, jordan: Jordan, anyone: ApiClient
) -> None:
    answer = anyone.upload(HOSTILE_FILES[what]())
    if answer.status_code == 201:
        opened, _size = storage.open_file(UUID(answer.json()["id"]))
        with opened:
            kept = opened.read()
        assert SCRIPT not in kept
        assert len(kept) < MEGABYTE
    else:
        assert answer.status_code == 422
        (error,) = parse_problem(answer)["errors"]
        assert error["message_ar"]
        assert error["message_en"]
        assert not Upload.objects.exists()
    assert [
        left.name for left in cleaner_process.get_work_folder().iterdir() if not left.name.startswith("turn-")
    ] == []


def build_form(content: bytes, boundary: bytes = b"x", end: bytes = b"\r\n--x--\r\n") -> bytes:
    head = b'Content-Disposition: form-data; name="file"; filename="a.jpg"\r\nContent-Type: image/jpeg'
    return b"--" + boundary + b"\r\n" + head + b"\r\n\r\n" + content + end


@pytest.mark.parametrize(
    ("body", "sort"),
    [
        (build_form(b"x"), "multipart/form-data"),
        (build_form(b"x"), "multipart/form-data; boundary="),
        (build_form(b"x"), "multipart/form-data; boundary=another"),
        (build_form(b"x"), "multipart/form-data; boundary=" + "b" * 5_000),
        (build_form(b"x", b"y"), "multipart/form-data; boundary=x"),
        (build_form(b"x", end=b""), "multipart/form-data; boundary=x"),
        (build_form(b"x") + build_form(b"y"), "multipart/form-data; boundary=x"),
        (b"", "multipart/form-data; boundary=x"),
        (b"x", "image/jpeg"),
    ],
    ids=range(9),
)
def test_a_form_that_is_none_is_refused_with_a_sentence(body: bytes, sort: str, jordan: Jordan) -> None:
    answer: Any = Client(raise_request_exception=False).post("/api/v1/uploads", body, content_type=sort)
    assert answer.status_code in (400, 415, 422)
    assert parse_problem(answer)["detail"]
    assert not Upload.objects.exists()


def test_one_byte_too_many_is_too_large(jordan: Jordan, anyone: ApiClient) -> None:
    answer = anyone.upload(jpeg() + bytes(rules.MAX_FILE_BYTES))
    assert answer.status_code == 413
    assert parse_problem(answer)["detail"]
    assert not Upload.objects.exists()
