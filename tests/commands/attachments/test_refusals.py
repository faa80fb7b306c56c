"""What is not taken, with which sentence; and that nothing of it stays."""

import io
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from PIL import Image
from pytest_django import Settings

from bekhedmetkom.attachments import cleaner_process, commands, rules, storage
from bekhedmetkom.attachments.models import Upload
from bekhedmetkom.attachments.queries import list_pending_uploads
from bekhedmetkom.attachments.rules import FileRefused, TemporaryFailure
from bekhedmetkom.kernel.text import BilingualText

from .sample_files import SAMPLE_FILES, build_padded_png, build_picture, docx, jpeg
from .upload_helpers import NOON, read_stored_file, upload_file

pytestmark = pytest.mark.django_db

MEGABYTE = 1024 * 1024


def zip_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("zeros", bytes(20 * MEGABYTE))
    return out.getvalue()


def locked_pdf() -> bytes:
    out = io.BytesIO()
    made = pikepdf.new()
    made.add_blank_page()
    made.save(out, encryption=pikepdf.Encryption(owner="o", user="u"))
    return out.getvalue()


def pdf_without_pages() -> bytes:
    out = io.BytesIO()
    pikepdf.new().save(out)
    return out.getvalue()


def pdf_of_many_pages() -> bytes:
    out = io.BytesIO()
    made = pikepdf.new()
    for _ in range(1001):
        made.add_blank_page(page_size=(10, 10))
    made.save(out)
    return out.getvalue()


REFUSED: dict[str, tuple[Callable[[], bytes], BilingualText]] = {
    "nothing": (lambda: b"", rules.EMPTY),
    "too big": (lambda: jpeg() + bytes(rules.MAX_FILE_BYTES), rules.TOO_BIG),
    "Word": (docx, rules.OFFICE),
    "a program": (lambda: b"MZ\x90\x00" + bytes(200), rules.UNKNOWN),
    "a page of the web": (lambda: b"<!doctype html><script>alert(1)</script>", rules.UNKNOWN),
    "a drawing with a script": (lambda: b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", rules.UNKNOWN),
    "plain words": ("كلام".encode, rules.UNKNOWN),
    "a picture behind something else": (lambda: b"\x00" + jpeg(), rules.UNKNOWN),
    "a locked PDF": (locked_pdf, rules.LOCKED),
    "a PDF without pages": (pdf_without_pages, rules.DAMAGED),
    "a PDF of a thousand pages and one": (pdf_of_many_pages, rules.TOO_LARGE_INSIDE),
    "a beginning alone": (lambda: b"%PDF-1.7\n", rules.DAMAGED),
    "a picture that says it is huge": (lambda: build_padded_png(60_000, 60_000), rules.TOO_LARGE_INSIDE),
    "a picture that is not as long as it says": (lambda: build_padded_png(6000, 6000), rules.DAMAGED),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_refused_file_has_message_and_leaves_nothing(what: str) -> None:
    make, words = REFUSED[what]
    with pytest.raises(FileRefused) as refusal:
        upload_file(make(), name="photo.jpg")
    assert refusal.value.message == words
    assert not Upload.objects.exists()
    assert _left_in_the_workshop() == []


def test_archive_is_refused_unopened() -> None:
    with pytest.raises(FileRefused):
        upload_file(zip_bomb(), name="photos.zip")


@pytest.mark.parametrize("family", SAMPLE_FILES)
def test_truncated_file_is_refused_or_shorter(family: str) -> None:
    """A recording that breaks off may still play as far as it goes; everything else is refused."""
    whole = SAMPLE_FILES[family][0]()
    try:
        shorter = upload_file(whole[: len(whole) // 2])
    except FileRefused as refusal:
        assert refusal.message == rules.DAMAGED
        return
    assert family in ("ogg", "vorbis", "webm", "weba", "pdf", "scan")
    assert shorter.size < len(whole)


def _left_in_the_workshop() -> list[str]:
    return [
        entry.name
        for entry in cleaner_process.get_work_folder().iterdir()
        if not entry.name.startswith("turn-")
    ]


MEASURED = """
from pathlib import Path
from bekhedmetkom.attachments.file_cleaner.__main__ import main
main()
print(next(line.split()[1] for line in Path("/proc/self/status").open() if line.startswith("VmHWM")))
"""


@pytest.mark.parametrize(
    ("kind", "width", "height"), [("JPEG", 12000, 8000), ("PNG", 8000, 6200), ("WEBP", 5400, 4400)]
)
def test_largest_pictures_are_cleaned_within_600_megabytes(
    tmp_path: Path, kind: str, width: int, height: int
) -> None:
    """Beyond 4096 points a side they are made smaller. Measured: the most memory that the program ever held."""
    large, small = tmp_path / "large", tmp_path / "small"
    Image.new("RGB", (width, height), (90, 120, 30)).save(large, kind, quality=60)

    done = subprocess.run(
        [sys.executable, "-I", "-c", MEASURED, kind.lower(), large, small],
        capture_output=True, text=True, check=True, env={"MALLOC_ARENA_MAX": "2"},
    )  # fmt: skip

    kilobytes = int(done.stdout.split("}")[1])
    assert kilobytes < 600 * 1024
    with Image.open(small) as seen:
        assert 4000 < max(seen.size) <= 4096


def test_third_concurrent_upload_is_told_to_retry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cleaner_process, "SLOT_WAIT_SECONDS", 0.1)
    with (
        cleaner_process._wait_for_slot(),
        cleaner_process._wait_for_slot(),
        pytest.raises(TemporaryFailure) as busy,
    ):
        upload_file(jpeg())
    assert busy.value.message == rules.BUSY
    assert busy.value.retry_after > 0
    assert upload_file(jpeg()).size > 0  # and a moment later it is taken


def test_unclaimed_uploads_are_limited(settings: Settings) -> None:
    first = upload_file(jpeg())
    settings.UPLOADS_WAITING_BYTES = first.size - 1
    with pytest.raises(TemporaryFailure) as full:
        upload_file(jpeg())
    assert full.value.message == rules.FULL


def test_full_disk_is_reported_and_leaves_nothing(settings: Settings, tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where a folder should be")
    settings.STORAGES = settings.STORAGES | {
        "files": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": blocked},
        }
    }
    with pytest.raises(TemporaryFailure) as full:
        upload_file(jpeg())
    assert full.value.message == rules.FULL


def test_unclaimed_upload_is_deleted_after_a_day() -> None:
    forgotten, fresh = upload_file(jpeg()), upload_file(jpeg(), at=NOON + timedelta(hours=5))
    later = NOON + timedelta(hours=26)

    assert (
        list_pending_uploads([forgotten.id, fresh.id], later) == list_pending_uploads([fresh.id], later) != []
    )
    assert commands.delete_expired_uploads(later) == 1
    assert commands.delete_expired_uploads(later) == 0

    with pytest.raises(FileNotFoundError):
        read_stored_file(forgotten)
    assert read_stored_file(fresh)


def test_withdrawn_upload_is_deleted_at_once() -> None:
    received = upload_file(jpeg())
    commands.discard_uploads([received.id])
    assert list_pending_uploads([received.id], NOON) == []
    with pytest.raises(FileNotFoundError):
        read_stored_file(received)


def test_stored_file_is_readable_only_by_owner(settings: Settings, tmp_path: Path) -> None:
    from bekhedmetkom.config import settings as as_installed

    options = as_installed.STORAGES["files"]["OPTIONS"] | {"location": tmp_path / "files"}
    settings.STORAGES = settings.STORAGES | {"files": as_installed.STORAGES["files"] | {"OPTIONS": options}}
    received = upload_file(jpeg())
    file = tmp_path / "files" / storage.get_storage_path(received.id)
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert str(received.id.hex) in file.name  # and no name that somebody gave


def test_media_type_is_detected_from_content() -> None:
    out = io.BytesIO()
    build_picture().save(out, "PNG")
    assert upload_file(out.getvalue(), name="contract.pdf").media_type == "image/png"


def test_crashed_cleaner_means_damaged_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    dying = tmp_path / "python"
    dying.write_text("#!/bin/sh\nkill -9 $$\n")
    dying.chmod(0o700)
    monkeypatch.setattr("sys.executable", str(dying))
    with pytest.raises(FileRefused) as refusal:
        upload_file(jpeg())
    assert refusal.value.message == rules.DAMAGED
    assert Path(cleaner_process.get_work_folder()).exists()


def test_pdf_decompression_bomb_is_refused() -> None:
    """Sixty-four megabytes of nothing in sixty-four kilobytes: copied as it lies, never opened."""
    squeezer = zlib.compressobj(9)
    squeezed = b"".join(squeezer.compress(bytes(MEGABYTE)) for _ in range(1024 // 16)) + squeezer.flush()
    made = pikepdf.new()
    made.add_blank_page()
    bomb = pikepdf.Stream(made, squeezed)
    bomb.stream_dict = pikepdf.Dictionary(
        Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=8192, Height=8192, BitsPerComponent=8,
        ColorSpace=pikepdf.Name.DeviceGray, Filter=pikepdf.Name.FlateDecode,
    )  # fmt: skip
    made.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Bomb=made.make_indirect(bomb)))
    made.pages[0].Contents = made.make_stream(b"/Bomb Do")
    out = io.BytesIO()
    made.save(out)
    assert upload_file(out.getvalue()).size < MEGABYTE
