"""One server-sent events stream: its queue, heartbeat and end."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import datetime
from secrets import randbelow
from time import monotonic
from typing import Any

from bekhedmetkom.live.rules import Topic

AsgiMessage = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[AsgiMessage]]
Send = Callable[[AsgiMessage], Awaitable[None]]

MAX_WAITING = 500  # pieces; who is behind by more is cut off, comes again and is told what it missed
HEARTBEAT_SECONDS = 15
STUCK_SECONDS = 10  # that one piece may take to go out
RETRY_MS, RETRY_SPREAD_MS = 1000, 3000  # when a browser comes again: not all at once


class Stream:
    """A browser's stream. `put` never waits: a slow reader is cut off and delays nobody."""

    def __init__(self, officer: int, topics: frozenset[Topic], until: datetime) -> None:
        self.officer_id, self.topics, self.expires_at = officer, topics, until
        self._waiting: deque[bytes] = deque()
        self._has_data = asyncio.Event()
        self._is_ending = False
        self._sending_since: float | None = None
        self._sent_at = monotonic()
        self._task: asyncio.Task[Any] | None = None

    def put(self, piece: bytes) -> None:
        """Queue one piece."""
        if len(self._waiting) >= MAX_WAITING:
            self.cut()
        else:
            self._waiting.append(piece)
            self._has_data.set()

    def end(self, piece: bytes = b"") -> None:
        """Send what is queued, then this piece, and close cleanly."""
        if piece:
            self._waiting.append(piece)
        self._is_ending = True
        self._has_data.set()

    def cut(self) -> None:
        """Close at once without sending anything more."""
        self._is_ending = True
        if self._task:
            self._task.cancel()

    def tick(self, position: int) -> None:
        """Called every second: cut the stream if it is stuck, send a heartbeat if it is quiet."""
        now = monotonic()
        if self._sending_since is not None and now - self._sending_since > STUCK_SECONDS:
            self.cut()
        elif not self._waiting and now - self._sent_at > HEARTBEAT_SECONDS:
            self.put(format_heartbeat(position))

    async def run(self, receive: Receive, send: Send) -> None:
        """Send until either side closes."""
        self._task = asyncio.current_task()
        gone = asyncio.create_task(self._wait_for_disconnect(receive))
        try:
            while not self._is_ending or self._waiting:
                await self._has_data.wait()
                self._has_data.clear()
                piece = b"".join(self._waiting)
                self._waiting.clear()
                if piece:
                    await self._send(send, piece)
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        except asyncio.CancelledError:
            if not self._is_ending:  # not by us: the server is ending
                raise
        finally:
            gone.cancel()

    async def _send(self, send: Send, piece: bytes) -> None:
        self._sending_since = monotonic()
        await send({"type": "http.response.body", "body": piece, "more_body": True})
        self._sending_since, self._sent_at = None, monotonic()

    async def _wait_for_disconnect(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self.cut()


def format_event(event: str, id: int, data: str = "{}") -> bytes:
    """Return an event in the SSE format; `data` is one line of JSON."""
    return f"id: {id}\nevent: {event}\ndata: {data}\n\n".encode()


def format_heartbeat(position: int) -> bytes:
    """Return a comment with the current id, which moves the browser's position without an event."""
    return f":\nid: {position}\n\n".encode()


def format_retry() -> bytes:
    """Return a randomised reconnection delay."""
    return f"retry: {RETRY_MS + randbelow(RETRY_SPREAD_MS)}\n\n".encode()
