"""Where a file was made, with which device and by whom: told by every file that comes in, by none that is kept."""

import io
import sys
from pathlib import Path
from typing import Any

import av
import pikepdf
import pytest
from PIL import Image

from bekhedmetkom.attachments.rules import FileRefused

from .sample_files import (
    SAMPLE_FILES,
    build_picture,
    docx,
    extract_all_bytes,
    find_secrets,
    jpeg,
    mp4,
    pdf,
    rotate_video,
)
from .upload_helpers import read_stored_file, upload_file

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("family", SAMPLE_FILES)
def test_cleaned_file_has_no_place_device_or_author(family: str) -> None:
    make, becomes = SAMPLE_FILES[family]
    given = make()
    assert find_secrets(given), "a file that tells nothing proves nothing"

    received = upload_file(given, name="anything")

    assert received.media_type == becomes
    assert find_secrets(read_stored_file(received)) == []


@pytest.mark.parametrize("family", ["jpeg", "heic", "png", "webp"])
def test_picture_content_is_unchanged(family: str) -> None:
    make, _becomes = SAMPLE_FILES[family]
    with Image.open(io.BytesIO(read_stored_file(upload_file(make())))) as seen:
        assert seen.size == (320, 200)
        assert not seen.getexif()
        points = seen.convert("RGB").resize((16, 10)).tobytes()
    meant = build_picture().resize((16, 10)).tobytes()
    assert max(abs(a - b) for a, b in zip(points, meant, strict=True)) < 40


def test_picture_is_rotated_and_loses_its_orientation_tag() -> None:
    with Image.open(io.BytesIO(read_stored_file(upload_file(jpeg(orientation=6))))) as seen:
        assert seen.size == (200, 320)
        red, green, _blue = seen.convert("RGB").crop((190, 10, 191, 11)).tobytes()
        assert red > 150  # the red corner is where it was seen: top right
        assert green < 100


@pytest.mark.parametrize("family", ["mp4", "mov", "m4a", "ogg", "vorbis", "webm", "weba"])
def test_cleaned_recordings_play_completely(family: str) -> None:
    given = SAMPLE_FILES[family][0]()
    assert _played(read_stored_file(upload_file(given))) == _played(given)


def _played(recording: bytes) -> dict[str, int]:
    opened: Any
    with av.open(io.BytesIO(recording)) as opened:
        frames: dict[str, int] = dict.fromkeys((stream.type for stream in opened.streams), 0)
        for frame in opened.decode():
            frames["video" if isinstance(frame, av.VideoFrame) else "audio"] += 1
    return frames


def test_video_rotation_is_kept() -> None:
    """The turn is a fact about the picture, not about who took it."""
    given = rotate_video(mp4())
    opened: Any
    with av.open(io.BytesIO(read_stored_file(upload_file(given)))) as opened:
        assert next(opened.decode(video=0)).rotation in (90, -90)


def test_cleaned_pdf_looks_the_same_and_has_no_actions() -> None:
    with pikepdf.open(io.BytesIO(read_stored_file(upload_file(pdf())))) as seen:
        assert set(seen.Root.keys()) == {"/Type", "/Pages"}
        assert "/Info" not in seen.trailer
        assert "/Annots" not in seen.pages[0]
        assert len(seen.attachments) == 0
    laid_open = extract_all_bytes(read_stored_file(upload_file(pdf())))
    assert b"what is seen" in laid_open
    assert b"filled in" in laid_open  # a form that was filled in is part of the page now
    for act in (b"/JavaScript", b"/JS", b"/Launch", b"/OpenAction", b"/EmbeddedFile", b"app.alert"):
        assert act not in laid_open


def test_data_after_the_picture_is_removed() -> None:
    polyglot = jpeg() + docx() + b"<script>alert(1)</script>"
    after = read_stored_file(upload_file(polyglot))
    assert b"PK\x03\x04" not in after
    assert b"<script>" not in after


def test_polyglot_pdf_archive_becomes_plain_pdf() -> None:
    after = read_stored_file(upload_file(pdf() + docx()))
    assert after.startswith(b"%PDF-")
    assert b"PK\x03\x04" not in after


def test_file_name_gets_the_extension_of_the_cleaned_type() -> None:
    assert (
        upload_file(SAMPLE_FILES["heic"][0](), name="../../etc/صورة من الحفرة.HEIC").name
        == "صورة من الحفرة.jpg"
    )
    assert upload_file(jpeg(), name="C:\\x\\bill.exe").name == "bill.jpg"
    assert upload_file(jpeg(), name="\u202egpj.exe\x00").name == "gpj.jpg"
    assert upload_file(jpeg(), name="...").name == "image.jpg"
    assert len(upload_file(jpeg(), name="س" * 500).name) <= 100


def test_cleaner_process_has_empty_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the one place where bytes from strangers meet large libraries: it must hold nothing worth stealing."""
    seen = tmp_path / "seen"
    spy = tmp_path / "python"
    spy.write_text(f"#!/bin/sh\nenv > {seen}\n")
    spy.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(spy))
    monkeypatch.setenv("SECRET_KEY", "the key of the house")
    monkeypatch.setenv("DATABASE_URL", "postgresql://owner:secret@db/bekhedmetkom")

    with pytest.raises(FileRefused):
        upload_file(jpeg())

    names = {line.partition("=")[0] for line in seen.read_text().splitlines()}
    assert names <= {"MALLOC_ARENA_MAX", "PWD", "OLDPWD", "SHLVL", "_"}
