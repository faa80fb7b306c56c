"""Slow senders and crowds: who never ends what he began holds up nobody, and who finds no place is told so."""

import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from io import BytesIO
from threading import Barrier, Event
from time import monotonic, sleep
from typing import Any

import pytest

from bekhedmetkom.config import concurrency_limit
from bekhedmetkom.config.concurrency_limit import MAX_BODY_BYTES, ConcurrencyLimiter


class EndlessBody:
    """A body whose sender has gone quiet, until the test is over."""

    def __init__(self) -> None:
        self.begun, self.over = Event(), Event()

    def read(self, _size: int) -> bytes:
        self.begun.set()
        self.over.wait(20)
        raise OSError("the connection was lost")


def echo_application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("200 OK", [])
    return [environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))]


def send_request(
    app: ConcurrencyLimiter, path: str = "/new", body: Any = b"", length: int | None = None, query: str = ""
) -> tuple[str, bytes, Any]:
    said: list[Any] = []
    environ = {
        "PATH_INFO": path, "QUERY_STRING": query, "CONTENT_LENGTH": str(len(body) if length is None else length),
        "wsgi.input": BytesIO(body) if isinstance(body, bytes) else body,
    }  # fmt: skip
    content = b"".join(app(environ, lambda status, headers: said.extend((status, dict(headers)))))
    return said[0], content, said[1]


@pytest.mark.parametrize("size", [0, 1, 100_000, 3_000_000])
def test_a_body_arrives_whole(size: int) -> None:
    body = b"x" * size
    assert send_request(ConcurrencyLimiter(echo_application), body=body)[:2] == ("200 OK", body)


def test_who_never_ends_what_he_began_holds_up_nobody() -> None:
    app, slow = ConcurrencyLimiter(echo_application, places=1, reading=2), EndlessBody()
    with ThreadPoolExecutor(1) as threads:
        waits = threads.submit(send_request, app, body=slow, length=10)
        assert slow.begun.wait(10)
        assert send_request(app)[0] == "200 OK"
        assert send_request(app, body=b"a case")[:2] == ("200 OK", b"a case")
        slow.over.set()
        status, page, _ = waits.result()
    assert status == "400 Bad Request"
    assert "انقطع الإرسال" in page.decode()
    assert send_request(app, body=b"a case")[0] == "200 OK"


def test_half_a_body_is_none() -> None:
    status, page, _ = send_request(ConcurrencyLimiter(echo_application), body=b"text=half", length=100)
    assert status == "400 Bad Request"
    assert "لم نحفظ شيئًا" in page.decode()


def test_too_many_slow_ones_are_told_to_come_again_and_pages_go_on() -> None:
    app, slow = ConcurrencyLimiter(echo_application, places=1, reading=1), EndlessBody()
    with ThreadPoolExecutor(1) as threads:
        waits = threads.submit(send_request, app, body=slow, length=10)
        assert slow.begun.wait(10)
        status, page, headers = send_request(app, body=b"a case")
        assert (status, headers["Retry-After"]) == ("503 Service Unavailable", "5")
        assert "مزدحم" in page.decode()
        assert send_request(app)[0] == "200 OK"
        slow.over.set()
        waits.result()


def test_who_finds_no_place_is_told_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(concurrency_limit, "WAIT_SECONDS", 0.05)
    busy, begun = Event(), Event()

    def works(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        begun.set()
        busy.wait(20)
        return echo_application(environ, start_response)

    app = ConcurrencyLimiter(works, places=1)
    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(send_request, app)
        assert begun.wait(10)
        status, content, headers = send_request(app, path="/api/v1/cases", body=b"{}")
        busy.set()
        assert first.result()[0] == "200 OK"
    assert (status, headers["Content-Type"]) == ("503 Service Unavailable", "application/problem+json")
    assert json.loads(content)["status"] == 503
    assert send_request(app)[0] == "200 OK"


def test_who_finds_too_many_waiting_is_told_at_once() -> None:
    busy, begun = Event(), Event()

    def works(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        begun.set()
        busy.wait(20)
        return echo_application(environ, start_response)

    app = ConcurrencyLimiter(works, places=1, waiting=1)
    with ThreadPoolExecutor(2) as threads:
        inside = threads.submit(send_request, app)
        assert begun.wait(10)
        waits = threads.submit(send_request, app)
        while app.waiting.acquire(blocking=False):  # until the second one stands there
            app.waiting.release()
            sleep(0.01)
        came = monotonic()
        status, page, headers = send_request(app)
        assert (status, headers["Retry-After"]) == ("503 Service Unavailable", "5")
        assert "مزدحم" in page.decode()
        assert monotonic() - came < concurrency_limit.WAIT_SECONDS / 2
        busy.set()
        assert [one.result()[0] for one in (inside, waits)] == ["200 OK", "200 OK"]
    assert send_request(app)[0] == "200 OK"


def test_the_webhook_waits_for_nobody() -> None:
    """While all others wait for a database that is slow."""
    busy, begun = Event(), Event()

    def works(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/new":
            begun.set()
            busy.wait(20)
        return echo_application(environ, start_response)

    app = ConcurrencyLimiter(works, places=1, waiting=1)
    with ThreadPoolExecutor(1) as threads:
        inside = threads.submit(send_request, app)
        assert begun.wait(10)
        for _ in range(concurrency_limit.MAX_QUICK_REQUESTS + 1):
            assert send_request(app, path="/webhooks/messenger", body=b"{}")[0] == "200 OK"
        busy.set()
        assert inside.result()[0] == "200 OK"


def test_the_webhooks_that_find_its_places_taken_wait_for_those_and_not_in_the_queue() -> None:
    """The queue stands as long as the database does; a post of Meta's is done in a moment."""
    busy, taken, ended = Event(), Barrier(3), Event()

    def works(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/new":
            taken.wait(10)
            busy.wait(20)
        elif environ["QUERY_STRING"] == "first":
            taken.wait(10)
            ended.wait(20)
        return echo_application(environ, start_response)

    app = ConcurrencyLimiter(works, places=1, waiting=1, quick=1)
    with ThreadPoolExecutor(3) as threads:
        inside = threads.submit(send_request, app)
        first = threads.submit(send_request, app, path="/webhooks/messenger", query="first")
        taken.wait(10)
        second = threads.submit(send_request, app, path="/webhooks/messenger")
        ended.set()
        assert [one.result(5)[0] for one in (first, second)] == ["200 OK", "200 OK"]
        assert not inside.done()
        busy.set()
        assert inside.result()[0] == "200 OK"


def test_what_is_larger_than_any_file_is_not_read() -> None:
    status, page, _ = send_request(
        ConcurrencyLimiter(echo_application), body=EndlessBody(), length=MAX_BODY_BYTES + 1
    )
    assert status == "413 Content Too Large"
    assert "أكبر من الحد" in page.decode()


def test_its_pages_fit_a_phone_and_their_policy_lets_their_style_through() -> None:
    _, content, headers = send_request(
        ConcurrencyLimiter(echo_application), body=EndlessBody(), length=MAX_BODY_BYTES + 1
    )
    page = content.decode()
    assert 'name="viewport"' in page
    style = re.search("<style>(.+)</style>", page)
    assert style
    digest = b64encode(sha256(style[1].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in headers["Content-Security-Policy"]


@pytest.mark.parametrize("length", ["-5", "x", "1e3", ""])
def test_a_length_that_is_none_is_none(length: str) -> None:
    said: list[str] = []
    environ = {"PATH_INFO": "/", "CONTENT_LENGTH": length, "wsgi.input": EndlessBody()}

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        start_response("200 OK", [])
        return []

    list(ConcurrencyLimiter(app)(environ, lambda status, headers: said.append(status)))
    assert said == ["200 OK"]


@pytest.mark.parametrize(
    ("path", "kind"),
    [("requests.xml", "text/xml"), ("requests.json", "application/json"), ("x", "application/json")],
)
def test_open311_is_told_in_its_formats(path: str, kind: str) -> None:
    status, said, headers = send_request(
        ConcurrencyLimiter(echo_application), f"/open311/v2/{path}", length=MAX_BODY_BYTES + 1
    )
    assert status.startswith("413")
    assert headers["Content-Type"] == f"{kind}; charset=utf-8"
    assert b"413" in said and b"20 MB" in said
    assert (b"<description>" if "xml" in kind else b'"description"') in said
