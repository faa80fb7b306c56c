"""Distributes live updates to all open streams that may receive them.

One PostgreSQL connection listens (`database_listener.py`). The newest updates stay in memory, so a returning browser
gets what it missed without a query; after a longer absence it is told to reload everything (`again`).
"""

import asyncio
import json
import logging
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from django.db import connection

from bekhedmetkom.kernel.clock import now
from bekhedmetkom.live.queries import Listener, LiveUpdate, find_listener
from bekhedmetkom.live.rules import Topic

from .stream import Stream, format_event, format_retry

MAX_REMEMBERED = 10_000  # rows
TICK_SECONDS = 1.0
RIGHTS_CHECK_SECONDS = 20.0  # how old what is known of an officer may be
MAX_UNCHECKED = timedelta(seconds=50)  # while the database is away; then their streams end
MAX_STREAMS_PER_OFFICER = 8  # streams: a few windows and a wall

log = logging.getLogger(__name__)


class TooManyStreams(Exception):
    """The officer has the maximum number of open streams."""


class _KnownListener(NamedTuple):
    """An officer's permissions, and when they were loaded."""

    listener: Listener
    loaded_at: datetime


class Hub:
    def __init__(self) -> None:
        self._recent_updates: deque[tuple[LiveUpdate, bytes]] = deque(maxlen=MAX_REMEMBERED)
        self._streams: defaultdict[int, set[Stream]] = defaultdict(set)
        self._listeners: dict[int, _KnownListener] = {}
        self.position = 0  # the last number that was told

    @property
    def stream_count(self) -> int:
        return sum(map(len, self._streams.values()))

    def publish(self, rows: Sequence[LiveUpdate]) -> None:
        """Pass these updates on to the streams."""
        fresh = [(news, _format_update(news)) for news in rows]
        self._recent_updates.extend(fresh)
        self.position = max(self.position, *(news.id for news in rows)) if rows else self.position
        for officer, streams in self._streams.items():
            theirs = list(_filter_updates(self._listeners[officer].listener, fresh))
            for stream in streams:
                if piece := _join_pieces(theirs, stream.topics):
                    stream.put(piece)

    async def get_listener(self, officer: int) -> Listener | None:
        """Return the officer's permissions, at most 20 seconds old."""
        known = self._listeners.get(officer)
        if known is None or now() - known.loaded_at > timedelta(seconds=RIGHTS_CHECK_SECONDS):
            at = now()
            listener = (await asyncio.to_thread(_load_listeners, [officer]))[officer]
            if listener is None:
                return None
            known = self._listeners[officer] = _KnownListener(listener, at)
        return known.listener

    def add_stream(self, stream: Stream, after: int | None) -> None:
        """Add a stream: send updates missed since `after`, then all new ones. Raises `TooManyStreams`."""
        if len(self._streams[stream.officer_id]) >= MAX_STREAMS_PER_OFFICER:
            raise TooManyStreams
        self._streams[stream.officer_id].add(stream)
        missed = self._build_missed_updates(stream, self._listeners[stream.officer_id].listener, after)
        stream.put(format_retry() + missed + format_event("hello", self.position))

    def remove_stream(self, stream: Stream) -> None:
        """Remove the stream."""
        self._streams[stream.officer_id].discard(stream)
        if not self._streams[stream.officer_id]:
            del self._streams[stream.officer_id]

    def end_streams(self) -> None:
        """End all streams cleanly; called when the process stops."""
        for stream in self._list_streams():
            stream.end()

    async def run_ticks(self) -> None:
        """Loop: cut streams that are not read and end expired ones."""
        while True:
            await asyncio.sleep(TICK_SECONDS)
            at = now()
            for stream in self._list_streams():
                if at >= stream.expires_at:
                    stream.end(format_event("renew", self.position))
                else:
                    stream.tick(self.position)

    async def run_rights_checks(self) -> None:
        """Loop: end streams of officers who lost access."""
        while True:
            await asyncio.sleep(RIGHTS_CHECK_SECONDS)
            try:
                found = await asyncio.to_thread(_load_listeners, list(self._streams))
            except Exception:
                log.exception("officers could not be looked up")
                found = {}
            self._apply_rights(found)

    def _apply_rights(self, found: dict[int, Listener | None]) -> None:
        at = now()
        self._listeners |= {
            officer: _KnownListener(listener, at) for officer, listener in found.items() if listener
        }
        for stream in self._list_streams():
            known = self._listeners[stream.officer_id]
            gone = found.get(stream.officer_id, known) is None or at - known.loaded_at > MAX_UNCHECKED
            if gone or not stream.topics <= known.listener.topics:
                stream.end(format_event("renew", self.position))
        self._listeners = {
            officer: known for officer, known in self._listeners.items() if officer in self._streams
        }

    def _build_missed_updates(self, stream: Stream, listener: Listener, after: int | None) -> bytes:
        if after is None or after == self.position:
            return b""
        if after > self.position or not self._recent_updates or after < self._recent_updates[0][0].id - 1:
            return format_event("again", self.position)
        since = [(news, piece) for news, piece in self._recent_updates if news.id > after]
        return _join_pieces(list(_filter_updates(listener, since)), stream.topics)

    def _list_streams(self) -> list[Stream]:
        return [stream for streams in self._streams.values() for stream in streams]


def _filter_updates(
    listener: Listener, fresh: Sequence[tuple[LiveUpdate, bytes]]
) -> Iterator[tuple[Topic, bytes]]:
    return ((news.topic, piece) for news, piece in fresh if listener.can_receive(news))


def _join_pieces(heard: Sequence[tuple[Topic, bytes]], topics: frozenset[Topic]) -> bytes:
    return b"".join(piece for topic, piece in heard if topic in topics)


def _format_update(news: LiveUpdate) -> bytes:
    return format_event(news.topic, news.id, json.dumps(news.data, ensure_ascii=False))


def _load_listeners(officers: Sequence[int]) -> dict[int, Listener | None]:
    try:
        return dict(zip(officers, map(partial(find_listener, at=now()), officers), strict=True))
    finally:
        connection.close()  # back to the pool
