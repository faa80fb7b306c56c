"""Pictures that were named by their address: fetched once, cleaned, the case's own; never from inside our house."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import UUID

import pytest
from pytest_django import Settings

from bekhedmetkom.attachments import storage
from bekhedmetkom.attachments.rules import MAX_FILE_BYTES
from bekhedmetkom.cases import commands
from bekhedmetkom.cases.commands.intake import picture_download
from bekhedmetkom.cases.models import Attachment, Case, Event, PictureToFetch
from bekhedmetkom.cases.queries import verify_journal
from bekhedmetkom.cases.rules.states import EventType
from tests.commands.attachments.sample_files import find_secrets, jpeg
from tests.personas import DAY, HOUR, NOON, Jordan

MINUTE = timedelta(minutes=1)


class Gallery(ThreadingHTTPServer):
    """Somebody's server, which answers as a test says."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status, self.content, self.asked = 200, jpeg(), 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hole.jpg?size=full"


class _Handler(BaseHTTPRequestHandler):
    server: Gallery

    def do_GET(self) -> None:
        self.server.asked += 1
        self.send_response(self.server.status)
        if self.server.status == 302:
            self.send_header("Location", "http://127.0.0.1:5432/")
        self.send_header("Content-Length", str(len(self.server.content)))
        self.end_headers()
        self.wfile.write(self.server.content)

    def log_message(self, format: str, *args: object) -> None: ...


@pytest.fixture
def gallery(settings: Settings) -> Iterator[Gallery]:
    settings.OUTWARD_NETWORKS = (ip_network("127.0.0.0/8"),)
    server = Gallery()
    Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def waits() -> PictureToFetch:
    return PictureToFetch.objects.get()


def test_it_comes_once_and_clean(jordan: Jordan, gallery: Gallery) -> None:
    case = jordan.create_case(picture_url=gallery.url)
    assert picture_download.fetch_due_pictures(NOON + MINUTE) == 1
    assert picture_download.fetch_due_pictures(NOON + HOUR) == 0
    file = Attachment.objects.get(case=case)
    assert (file.media_type, file.name, file.from_citizen, file.shown) == (
        "image/jpeg",
        "hole.jpg",
        True,
        True,
    )
    event = Event.objects.get(case=case, seq=file.seq)
    assert (event.kind, event.actor) == (EventType.WROTE, "citizen")
    assert gallery.url not in str(event.data)
    assert not PictureToFetch.objects.exists()
    assert list(verify_journal()) == []


def test_what_is_kept_is_not_what_was_sent(
    jordan: Jordan, gallery: Gallery, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert find_secrets(gallery.content)
    kept: list[bytes] = []
    keep = storage.save_file

    def seen(key: UUID, path: Path) -> None:
        kept.append(path.read_bytes())
        keep(key, path)

    monkeypatch.setattr(storage, "save_file", seen)
    jordan.create_case(picture_url=gallery.url)
    assert picture_download.fetch_due_pictures(NOON) == 1
    assert find_secrets(kept[0]) == []


def test_who_is_not_there_is_asked_again_and_given_up_in_the_end(jordan: Jordan, gallery: Gallery) -> None:
    case, at = jordan.create_case(picture_url=gallery.url), NOON
    gallery.status = 503
    for wait in picture_download.RETRY_DELAYS:
        assert picture_download.fetch_due_pictures(at) == 0
        assert waits().next_at == at + wait
        assert picture_download.fetch_due_pictures(at + wait - MINUTE / 2) == 0
        at += wait
    assert picture_download.fetch_due_pictures(at) == 0
    assert waits().given_up_at == at
    assert gallery.asked == len(picture_download.RETRY_DELAYS) + 1
    assert not Attachment.objects.filter(case=case).exists()
    assert picture_download.delete_given_up_pictures(at + 31 * DAY) == 1


def _missing(gallery: Gallery) -> None:
    gallery.status = 404


def _elsewhere(gallery: Gallery) -> None:
    gallery.status = 302


def _a_page(gallery: Gallery) -> None:
    gallery.content = b"<html><script>alert(1)</script></html>"


def _too_much(gallery: Gallery) -> None:
    gallery.content = b"\xff\xd8\xff" + b"x" * MAX_FILE_BYTES


@pytest.mark.parametrize("spoil", [_missing, _elsewhere, _a_page, _too_much])
def test_what_is_no_picture_is_given_up_at_once(
    jordan: Jordan, gallery: Gallery, spoil: Callable[[Gallery], None]
) -> None:
    case = jordan.create_case(picture_url=gallery.url)
    spoil(gallery)
    assert picture_download.fetch_due_pictures(NOON) == 0
    assert waits().given_up_at == NOON
    assert gallery.asked == 1
    assert not Attachment.objects.filter(case=case).exists()


def test_nobody_is_fetched_from_inside_our_house(
    jordan: Jordan, gallery: Gallery, settings: Settings
) -> None:
    settings.OUTWARD_NETWORKS = ()
    jordan.create_case(picture_url=gallery.url)
    jordan.create_case(picture_url="http://169.254.169.254/latest/meta-data")
    assert picture_download.fetch_due_pictures(NOON) == 0
    assert gallery.asked == 0


def test_who_was_killed_with_it_in_hand_brings_it_once(
    jordan: Jordan, gallery: Gallery, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = jordan.create_case(picture_url=gallery.url)

    def killed(**_: Any) -> Any:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(picture_download, "add_message", killed)
        with pytest.raises(KeyboardInterrupt):
            picture_download.fetch_due_pictures(NOON)
    assert picture_download.fetch_due_pictures(NOON + MINUTE) == 0  # still leased
    assert picture_download.fetch_due_pictures(NOON + HOUR) == 1
    assert Attachment.objects.filter(case=case).count() == 1


def test_an_erased_case_forgets_the_address(jordan: Jordan, gallery: Gallery) -> None:
    case = jordan.create_case(picture_url=gallery.url)
    commands.erase_case(case=case.pk, seen=None, actor=jordan.get_citizen(case), at=NOON)
    assert not PictureToFetch.objects.exists()


def test_a_case_that_is_over_takes_no_picture(jordan: Jordan, gallery: Gallery) -> None:
    case = jordan.create_case(picture_url=gallery.url)
    commands.withdraw_case(case=case.pk, seen=None, actor=jordan.get_citizen(case), at=NOON)
    assert picture_download.fetch_due_pictures(NOON) == 0
    assert waits().given_up_at == NOON
    assert Case.objects.get(pk=case.pk).state == "withdrawn"
