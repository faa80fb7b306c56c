"""Everything that is told passes here once, and goes out to each stream that may hear it.

One connection to PostgreSQL listens (`listening.py`). The newest rows are kept in memory, so a browser that comes
again is told what it missed without a query; one that was away for longer is told to ask for everything (`again`).
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
    """The officer has as many streams as one may."""


class _KnownListener(NamedTuple):
    """An officer as they stood at that moment."""

    listener: Listener
    since: datetime


class Hub:
    def __init__(self) -> None:
        self._news: deque[tuple[LiveUpdate, bytes]] = deque(maxlen=MAX_REMEMBERED)
        self._streams: defaultdict[int, set[Stream]] = defaultdict(set)
        self._known: dict[int, _KnownListener] = {}
        self.position = 0  # the last number that was told

    @property
    def count(self) -> int:
        return sum(map(len, self._streams.values()))

    def hear(self, rows: Sequence[LiveUpdate]) -> None:
        """Pass these on."""
        fresh = [(news, _format_update(news)) for news in rows]
        self._news.extend(fresh)
        self.position = max(self.position, *(news.id for news in rows)) if rows else self.position
        for officer, streams in self._streams.items():
            theirs = list(_filter_updates(self._known[officer].listener, fresh))
            for stream in streams:
                if piece := _join_pieces(theirs, stream.topics):
                    stream.put(piece)

    async def listener(self, officer: int) -> Listener | None:
        """The officer as they stood at most 20 seconds ago."""
        known = self._known.get(officer)
        if known is None or now() - known.since > timedelta(seconds=RIGHTS_CHECK_SECONDS):
            at = now()
            listener = (await asyncio.to_thread(_load_listeners, [officer]))[officer]
            if listener is None:
                return None
            known = self._known[officer] = _KnownListener(listener, at)
        return known.listener

    def open(self, stream: Stream, after: int | None) -> None:
        """Begin, for an officer that `listener` has found: what was missed since `after`, then all that comes."""
        if len(self._streams[stream.officer]) >= MAX_STREAMS_PER_OFFICER:
            raise TooManyStreams
        self._streams[stream.officer].add(stream)
        missed = self._missed(stream, self._known[stream.officer].listener, after)
        stream.put(format_retry() + missed + format_event("hello", self.position))

    def close(self, stream: Stream) -> None:
        """Forget it."""
        self._streams[stream.officer].discard(stream)
        if not self._streams[stream.officer]:
            del self._streams[stream.officer]

    def end(self) -> None:
        """Let every stream end in good order: the process is told to stop."""
        for stream in self._all():
            stream.end()

    async def look(self) -> None:
        """For ever: cut who does not read, end what has run out."""
        while True:
            await asyncio.sleep(TICK_SECONDS)
            at = now()
            for stream in self._all():
                if at >= stream.until:
                    stream.end(format_event("renew", self.position))
                else:
                    stream.look(self.position)

    async def check(self) -> None:
        """For ever: end the streams of whom they are no longer for."""
        while True:
            await asyncio.sleep(RIGHTS_CHECK_SECONDS)
            try:
                found = await asyncio.to_thread(_load_listeners, list(self._streams))
            except Exception:
                log.exception("officers could not be looked up")
                found = {}
            self._keep_to(found)

    def _keep_to(self, found: dict[int, Listener | None]) -> None:
        at = now()
        self._known |= {
            officer: _KnownListener(listener, at) for officer, listener in found.items() if listener
        }
        for stream in self._all():
            known = self._known[stream.officer]
            gone = found.get(stream.officer, known) is None or at - known.since > MAX_UNCHECKED
            if gone or not stream.topics <= known.listener.topics:
                stream.end(format_event("renew", self.position))
        self._known = {officer: known for officer, known in self._known.items() if officer in self._streams}

    def _missed(self, stream: Stream, listener: Listener, after: int | None) -> bytes:
        if after is None or after == self.position:
            return b""
        if after > self.position or not self._news or after < self._news[0][0].id - 1:
            return format_event("again", self.position)
        since = [(news, piece) for news, piece in self._news if news.id > after]
        return _join_pieces(list(_filter_updates(listener, since)), stream.topics)

    def _all(self) -> list[Stream]:
        return [stream for streams in self._streams.values() for stream in streams]


def _filter_updates(
    listener: Listener, fresh: Sequence[tuple[LiveUpdate, bytes]]
) -> Iterator[tuple[Topic, bytes]]:
    return ((news.topic, piece) for news, piece in fresh if listener.hears(news))


def _join_pieces(heard: Sequence[tuple[Topic, bytes]], topics: frozenset[Topic]) -> bytes:
    return b"".join(piece for topic, piece in heard if topic in topics)


def _format_update(news: LiveUpdate) -> bytes:
    return format_event(news.topic, news.id, json.dumps(news.says, ensure_ascii=False))


def _load_listeners(officers: Sequence[int]) -> dict[int, Listener | None]:
    try:
        return dict(zip(officers, map(partial(find_listener, at=now()), officers), strict=True))
    finally:
        connection.close()  # back to the pool
