"""The live process: `GET /events`, server-sent events for open pages; `/healthz`.

A page shows the token that the web process made for it (`live.tokens`); rights are looked up here, and again and again
while the stream is open. What is asked otherwise than this is refused.
"""

import asyncio
import signal
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any, NamedTuple
from urllib.parse import parse_qs

from django.conf import settings

from bekhedmetkom.kernel.clock import now
from bekhedmetkom.live import tokens
from bekhedmetkom.live.rules import Topic

from .database_listener import listen_for_updates
from .hub import Hub, TooManyStreams
from .stream import Receive, Send, Stream

Scope = MutableMapping[str, Any]
READY_SECONDS = 3.0
MAX_EVENT_ID = 2**63 - 1
OPEN_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # of nginx in front
    (b"x-content-type-options", b"nosniff"),
]


class RequestRefused(Exception):
    """With the status that says why."""

    def __init__(self, status: int, why: str) -> None:
        self.status, self.reason = status, why


class StreamRequest(NamedTuple):
    """What a good request asks for."""

    officer_id: int
    stream: Stream
    last_event_id: int | None


class LiveApplication:
    """A plain ASGI application: two paths, many connections that stay open."""

    def __init__(self) -> None:
        self.hub = Hub()
        self.ready = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._handle_lifespan(receive, send)
        elif scope["type"] == "http":
            await self._handle_request(scope, receive, send)

    async def _handle_request(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/healthz":
            return await _send_text(send, 200, "ok\n")
        if scope["path"] != "/events":
            return await _send_text(send, 404, "not found\n")
        shared = _build_cors_headers(_get_header(scope, b"origin"))
        try:
            stream = await self._open_stream(scope)
        except RequestRefused as refused:
            return await _send_text(send, refused.status, f"{refused.reason}\n", shared)
        try:
            await send({"type": "http.response.start", "status": 200, "headers": [*OPEN_HEADERS, *shared]})
            await stream.run(receive, send)
        finally:
            self.hub.remove_stream(stream)

    async def _open_stream(self, scope: Scope) -> Stream:
        asked = _parse_request(scope)
        with suppress(TimeoutError):
            await asyncio.wait_for(self.ready.wait(), READY_SECONDS)
        if not self.ready.is_set():
            raise RequestRefused(503, "not ready")
        listener = await self.hub.get_listener(asked.officer_id)
        if listener is None or not asked.stream.topics <= listener.topics:
            raise RequestRefused(403, "not yours")
        try:
            self.hub.add_stream(asked.stream, asked.last_event_id)
        except TooManyStreams:
            raise RequestRefused(429, "too many streams of one officer") from None
        return asked.stream

    async def _handle_lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        await self.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self.stop()
        await send({"type": "lifespan.shutdown.complete"})

    async def start(self) -> None:
        """Begin to listen. SIGTERM ends the streams: the server waits for them, and they would never end."""
        loop = asyncio.get_running_loop()
        with suppress(ValueError):  # not the main thread: a test's, which stops it itself
            # Beside the server's own handler, which the loop calls: this one Python calls.
            for sign in (signal.SIGTERM, signal.SIGINT):
                signal.signal(sign, lambda *_: loop.call_soon_threadsafe(self.hub.end_streams))
        work = listen_for_updates(self.hub, self.ready), self.hub.run_ticks(), self.hub.run_rights_checks()
        self._tasks = [asyncio.create_task(task) for task in work]

    def stop(self) -> None:
        self.hub.end_streams()
        for task in self._tasks:
            task.cancel()


def _parse_request(scope: Scope) -> StreamRequest:
    if scope["method"] != "GET":
        raise RequestRefused(405, "GET only")
    if (origin := _get_header(scope, b"origin")) and origin != settings.PUBLIC_URL:
        raise RequestRefused(403, "another site's page")
    given = {name: values[-1] for name, values in parse_qs(scope["query_string"].decode("latin-1")).items()}
    try:
        topics = frozenset(map(Topic, given["topics"].split(",")))
    except (KeyError, ValueError):
        raise RequestRefused(400, f"topics: any of {','.join(Topic)}") from None
    shown = tokens.parse_token(given.get("token", ""), now())
    if shown is None:
        raise RequestRefused(401, "no token, or its time is over")
    if not topics <= shown.topics:
        raise RequestRefused(403, "not yours")
    after = _parse_event_id(_get_header(scope, b"last-event-id") or given.get("after", ""))
    return StreamRequest(shown.officer_id, Stream(shown.officer_id, topics, shown.expires_at), after)


def _parse_event_id(given: str) -> int | None:
    """Where the browser was; what is no number is nowhere."""
    good = given.isascii() and given.isdecimal() and len(given) < 20
    return min(int(given), MAX_EVENT_ID) if good else None


def _get_header(scope: Scope, name: bytes) -> str:
    return str(next((value.decode("latin-1") for key, value in scope["headers"] if key == name), ""))


def _build_cors_headers(origin: str) -> list[tuple[bytes, bytes]]:
    """Pages of ours may read the answer, those of nobody else."""
    if origin != settings.PUBLIC_URL:
        return [(b"vary", b"origin")]
    return [
        (b"vary", b"origin"),
        (b"access-control-allow-origin", origin.encode()),
        (b"access-control-allow-credentials", b"true"),
    ]


async def _send_text(
    send: Send, status: int, text: str, more: list[tuple[bytes, bytes]] | None = None
) -> None:
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"cache-control", b"no-store"),
        *(more or []),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text.encode()})
