"""How much the web process takes on at once, so that slow senders and crowds hold nobody else up.

A request's body is read before it takes a place: a telephone that sends a photo over a slow network, or somebody who
never ends what he began, costs a waiting thread and no more. Whoever finds every place taken waits a little; then an
honest "come again in a moment" is better than a time-out. What waits for nothing (Messenger's webhook) has places of
its own: while the database is slow all others are taken.
"""

import json
from collections.abc import Callable, Iterable
from io import BytesIO
from tempfile import TemporaryFile
from threading import BoundedSemaphore
from typing import IO, Any, cast

from .error_pages import PLAIN_PAGE_CSP, render_plain_page

SERVER_THREADS = 72  # of the server (interfaces/cli/run.py): more than work, wait or are quick
MAX_CONCURRENT_REQUESTS = 16  # requests that are worked on at once
MAX_WAITING_REQUESTS = 40  # requests that may wait for a place; a longer queue would only be a slower refusal
MAX_CONCURRENT_BODIES = 44  # bodies that may be on their way at once; the threads that are left answer pages
QUICK_PATHS = frozenset({"/webhooks/messenger"})  # what never waits for the database
MAX_QUICK_REQUESTS = 6  # of the threads that neither work nor wait when everything is taken
WAIT_SECONDS = 8  # for a place
RETRY_AFTER_SECONDS = "5"
MAX_BODY_IN_MEMORY = 512 * 1024  # bytes of a body; a longer one goes through a file
MAX_BODY_BYTES = 24 * 1024 * 1024  # bytes of a body: one file of 20 MiB and what is around it
CHUNK_BYTES = 64 * 1024

WsgiApplication = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

_HEADERS = [
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", PLAIN_PAGE_CSP),
    ("X-Content-Type-Options", "nosniff"),
]
_BUSY = "503 Service Unavailable", ("الموقع مزدحم الآن", "لم نحفظ شيئًا. أعد المحاولة بعد ثوانٍ."), (
    "We are very busy just now", "Nothing was kept. Please try again in a few seconds.",
)  # fmt: skip
_TOO_LARGE = "413 Content Too Large", ("المرسَل أكبر من الحد", "لم نحفظ شيئًا. الحد للملف الواحد 20 ميغابايت."), (
    "This is too large", "Nothing was kept. One file may have 20 MB.",
)  # fmt: skip
_INCOMPLETE_BODY = "400 Bad Request", ("انقطع الإرسال", "لم نحفظ شيئًا. أعد المحاولة."), (
    "The sending broke off", "Nothing was kept. Please try again.",
)  # fmt: skip
_PROBLEM_SLUGS = {"503": "unavailable", "413": "too-large", "400": "malformed-request"}


class ConcurrencyLimiter:
    """Around the application: bodies first, then a place."""

    def __init__(
        self,
        application: WsgiApplication,
        *,
        places: int = MAX_CONCURRENT_REQUESTS,
        reading: int = MAX_CONCURRENT_BODIES,
        waiting: int = MAX_WAITING_REQUESTS,
        quick: int = MAX_QUICK_REQUESTS,
    ):
        self.application = application
        self.concurrent, self.bodies = BoundedSemaphore(places), BoundedSemaphore(reading)
        self.waiting, self.quick = BoundedSemaphore(waiting), BoundedSemaphore(quick)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        try:
            length = int(environ.get("CONTENT_LENGTH") or 0)
        except ValueError:
            length = 0  # Django takes it for none, too
        if length > MAX_BODY_BYTES:
            return _send_error(environ, start_response, _TOO_LARGE)
        if length > 0:
            if not self.bodies.acquire(blocking=False):
                return _send_error(environ, start_response, _BUSY)
            try:
                environ["wsgi.input"] = _read_body(environ["wsgi.input"], length)
            except OSError:
                return _send_error(environ, start_response, _INCOMPLETE_BODY)
            finally:
                self.bodies.release()
        place = self._acquire_slot(environ.get("PATH_INFO", ""))
        if place is None:
            return _send_error(environ, start_response, _BUSY)
        try:
            return _buffer_response(self.application(environ, start_response))
        finally:
            place.release()

    def _acquire_slot(self, path: str) -> BoundedSemaphore | None:
        """One now or soon; whoever finds too many waiting already is not kept waiting."""
        quick = path in QUICK_PATHS
        if quick and self.quick.acquire(blocking=False):
            return self.quick
        if self.concurrent.acquire(blocking=False):
            return self.concurrent
        if quick:  # never in the queue: that stands as long as the database does
            return self.quick if self.quick.acquire(timeout=WAIT_SECONDS) else None
        if not self.waiting.acquire(blocking=False):
            return None
        try:
            return self.concurrent if self.concurrent.acquire(timeout=WAIT_SECONDS) else None
        finally:
            self.waiting.release()


def _buffer_response(answer: Any) -> Iterable[bytes]:
    """An answer that is there whole is closed, and its database connection back, before its place is free.

    The server sends a list at once; anything else it asks for piece by piece, through another thread.
    """
    if getattr(answer, "streaming", True):
        return cast(Iterable[bytes], answer)
    pieces = list(answer)
    answer.close()
    return pieces


def _read_body(source: Any, length: int) -> IO[bytes]:
    """All of it, to be read from its beginning. `OSError` where it ends early: half a text is not what was written."""
    kept: Callable[[], IO[bytes]] = BytesIO if length <= MAX_BODY_IN_MEMORY else TemporaryFile
    file = kept()
    while length > 0:
        piece = source.read(min(CHUNK_BYTES, length))
        if not piece:
            raise OSError("the body ended early")
        file.write(piece)
        length -= len(piece)
    file.seek(0)
    return file


def _send_error(environ: dict[str, Any], start_response: Callable[..., Any], what: Any) -> list[bytes]:
    """In both languages: nothing here knows yet which of them is read."""
    status, arabic, english = what
    if environ.get("PATH_INFO", "").startswith("/api/"):
        sort, detail = "application/problem+json", " / ".join((arabic[1], english[1]))
        said = json.dumps(
            {"type": f"/api/v1/problems/{_PROBLEM_SLUGS[status[:3]]}", "title": f"{arabic[0]} / {english[0]}",
             "status": int(status[:3]), "detail": detail, "errors": []}, ensure_ascii=False,
        )  # fmt: skip
    elif environ.get("PATH_INFO", "").startswith("/open311/"):
        code, detail = int(status[:3]), " / ".join((arabic[1], english[1]))
        xml = environ["PATH_INFO"].endswith(".xml")
        sort = "text/xml; charset=utf-8" if xml else "application/json; charset=utf-8"
        said = (
            f"<?xml version='1.0' encoding='utf-8'?>\n<errors><error><code>{code}</code>"
            f"<description>{detail}</description></error></errors>"
            if xml
            else json.dumps([{"code": code, "description": detail}], ensure_ascii=False)
        )
    else:
        sort = "text/html; charset=utf-8"
        said = render_plain_page(arabic, english)
    body = said.encode()
    later = [("Retry-After", RETRY_AFTER_SECONDS)] if status.startswith("503") else []
    start_response(status, [("Content-Type", sort), ("Content-Length", str(len(body))), *later, *_HEADERS])
    return [body]
