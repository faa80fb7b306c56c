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
from bekhedmetkom.live.queries import Listener, News, listening
from bekhedmetkom.live.rules import Topic

from .stream import Stream, again_in, spelled

REMEMBERED = 10_000  # rows
LOOK_SECONDS = 1.0
CHECK_SECONDS = 20.0  # how old what is known of an officer may be
LONGEST_UNCHECKED = timedelta(seconds=50)  # while the database is away; then their streams end
MOST_OF_AN_OFFICER = 8  # streams: a few windows and a wall

log = logging.getLogger(__name__)


class TooMany(Exception):
    """The officer has as many streams as one may."""


class _Known(NamedTuple):
    """An officer as they stood at that moment."""

    listener: Listener
    since: datetime


class Hub:
    def __init__(self) -> None:
        self._news: deque[tuple[News, bytes]] = deque(maxlen=REMEMBERED)
        self._streams: defaultdict[int, set[Stream]] = defaultdict(set)
        self._known: dict[int, _Known] = {}
        self.position = 0  # the last number that was told

    @property
    def count(self) -> int:
        return sum(map(len, self._streams.values()))

    def hear(self, rows: Sequence[News]) -> None:
        """Pass these on."""
        fresh = [(news, _spell(news)) for news in rows]
        self._news.extend(fresh)
        self.position = max(self.position, *(news.id for news in rows)) if rows else self.position
        for officer, streams in self._streams.items():
            theirs = list(_heard(self._known[officer].listener, fresh))
            for stream in streams:
                if piece := _joined(theirs, stream.topics):
                    stream.put(piece)

    async def listener(self, officer: int) -> Listener | None:
        """The officer as they stood at most 20 seconds ago."""
        known = self._known.get(officer)
        if known is None or now() - known.since > timedelta(seconds=CHECK_SECONDS):
            at = now()
            listener = (await asyncio.to_thread(_look_up, [officer]))[officer]
            if listener is None:
                return None
            known = self._known[officer] = _Known(listener, at)
        return known.listener

    def open(self, stream: Stream, after: int | None) -> None:
        """Begin, for an officer that `listener` has found: what was missed since `after`, then all that comes."""
        if len(self._streams[stream.officer]) >= MOST_OF_AN_OFFICER:
            raise TooMany
        self._streams[stream.officer].add(stream)
        missed = self._missed(stream, self._known[stream.officer].listener, after)
        stream.put(again_in() + missed + spelled("hello", self.position))

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
            await asyncio.sleep(LOOK_SECONDS)
            at = now()
            for stream in self._all():
                if at >= stream.until:
                    stream.end(spelled("renew", self.position))
                else:
                    stream.look(self.position)

    async def check(self) -> None:
        """For ever: end the streams of whom they are no longer for."""
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            try:
                found = await asyncio.to_thread(_look_up, list(self._streams))
            except Exception:
                log.exception("officers could not be looked up")
                found = {}
            self._keep_to(found)

    def _keep_to(self, found: dict[int, Listener | None]) -> None:
        at = now()
        self._known |= {officer: _Known(listener, at) for officer, listener in found.items() if listener}
        for stream in self._all():
            known = self._known[stream.officer]
            gone = found.get(stream.officer, known) is None or at - known.since > LONGEST_UNCHECKED
            if gone or not stream.topics <= known.listener.topics:
                stream.end(spelled("renew", self.position))
        self._known = {officer: known for officer, known in self._known.items() if officer in self._streams}

    def _missed(self, stream: Stream, listener: Listener, after: int | None) -> bytes:
        if after is None or after == self.position:
            return b""
        if after > self.position or not self._news or after < self._news[0][0].id - 1:
            return spelled("again", self.position)
        since = [(news, piece) for news, piece in self._news if news.id > after]
        return _joined(list(_heard(listener, since)), stream.topics)

    def _all(self) -> list[Stream]:
        return [stream for streams in self._streams.values() for stream in streams]


def _heard(listener: Listener, fresh: Sequence[tuple[News, bytes]]) -> Iterator[tuple[Topic, bytes]]:
    return ((news.topic, piece) for news, piece in fresh if listener.hears(news))


def _joined(heard: Sequence[tuple[Topic, bytes]], topics: frozenset[Topic]) -> bytes:
    return b"".join(piece for topic, piece in heard if topic in topics)


def _spell(news: News) -> bytes:
    return spelled(news.topic, news.id, json.dumps(news.says, ensure_ascii=False))


def _look_up(officers: Sequence[int]) -> dict[int, Listener | None]:
    try:
        return dict(zip(officers, map(partial(listening, at=now()), officers), strict=True))
    finally:
        connection.close()  # back to the pool
