"""A virus scanner beside the platform: what it says is done, and while it says nothing no file comes in."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pytest_django import Settings

from bekhedmetkom.attachments import rules, virus_scan
from bekhedmetkom.attachments.models import Upload
from bekhedmetkom.attachments.rules import FileRefused, TemporaryFailure

from .sample_files import jpeg
from .upload_helpers import upload_file

pytestmark = pytest.mark.django_db
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@contextmanager
def clamd(place: socket.socket, answer: Callable[[bytes], bytes]) -> Iterator[list[bytes]]:
    """Listens as ClamAV does: `zINSTREAM`, pieces with their length, an empty one; then answers, and hangs up."""
    got: list[bytes] = []
    place.listen()
    place.settimeout(10)

    def serve() -> None:
        while True:
            try:
                caller, _ = place.accept()
            except OSError:
                return
            with caller, caller.makefile("rb") as stream:  # both: a stream that stays open holds the line
                assert stream.read(10) == b"zINSTREAM\0"
                content = b""
                while size := struct.unpack(">I", stream.read(4))[0]:
                    content += stream.read(size)
                got.append(content)
                caller.sendall(answer(content))

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield got
    place.close()


@pytest.fixture
def on_disk(tmp_path: Path, settings: Settings) -> socket.socket:
    settings.CLAMAV_SOCKET = str(tmp_path / "clamd.sock")
    place = socket.socket(socket.AF_UNIX)
    place.bind(settings.CLAMAV_SOCKET)
    return place


def judge(content: bytes) -> bytes:
    return b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0"


def test_clean_file_is_scanned_whole_and_accepted(on_disk: socket.socket) -> None:
    photo = jpeg()
    with clamd(on_disk, judge) as got:
        assert upload_file(photo).size > 0
    assert got == [photo]


def test_scanner_works_over_tcp(settings: Settings) -> None:
    place = socket.socket()
    place.bind(("127.0.0.1", 0))
    settings.CLAMAV_SOCKET = f"127.0.0.1:{place.getsockname()[1]}"
    with clamd(place, judge) as got:
        assert upload_file(jpeg()).size > 0
    assert len(got) == 1


def test_infected_file_is_refused(on_disk: socket.socket) -> None:
    with clamd(on_disk, judge), pytest.raises(FileRefused) as refusal:
        upload_file(jpeg() + EICAR)
    assert refusal.value.message == rules.INFECTED
    assert not Upload.objects.exists()


@pytest.mark.parametrize("said", [b"INSTREAM size limit exceeded. ERROR\0", b"", b"stream: ", b"\xff" * 5000])
def test_unreadable_scanner_answer_refuses_the_file(on_disk: socket.socket, said: bytes) -> None:
    with clamd(on_disk, lambda _: said), pytest.raises(TemporaryFailure) as refusal:
        upload_file(jpeg())
    assert refusal.value.message == rules.NOT_SCANNED
    assert not Upload.objects.exists()


def test_no_file_is_accepted_while_scanner_is_down(settings: Settings, tmp_path: Path) -> None:
    settings.CLAMAV_SOCKET = str(tmp_path / "nobody.sock")
    with pytest.raises(TemporaryFailure) as refusal:
        upload_file(jpeg())
    assert refusal.value.retry_after > 0


def test_silent_scanner_times_out(on_disk: socket.socket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(virus_scan, "TIMEOUT_SECONDS", 0.2)
    on_disk.listen()
    with on_disk, pytest.raises(TemporaryFailure):
        upload_file(jpeg())
