"""The waiting line before Argon2id: two at a time, for each takes 64 MiB and a processor.

First come, first served, also for who had to come again: whoever finds the line full is told to, with the moment of
their first try; they are let in before those who came later. So a crowd that tries wrong receipts again and again makes
everybody wait a little, and locks nobody out.
"""

import heapq
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from threading import Event, Lock
from typing import TypeVar

MAX_CONCURRENT = 2
MAX_WAITING = 16  # threads that may wait; the others of the server answer everything else, and who comes again is not late
WAIT_SECONDS = 25

T = TypeVar("T")


class QueueFull(Exception):
    """Come again in a few seconds."""


@dataclass(order=True, slots=True)
class _Waiter:
    since: float
    number: int
    called: Event = field(compare=False, default_factory=Event)
    sent_away: bool = field(compare=False, default=False)


class DerivationQueue:
    """`at_once` are served; `waiting` may wait, those who came first before the others."""

    def __init__(self, at_once: int = MAX_CONCURRENT, waiting: int = MAX_WAITING):
        self._free, self._most = at_once, waiting
        self._lock, self._numbers = Lock(), count()
        self._line: list[_Waiter] = []

    def serve(self, since: float, what: Callable[[], T]) -> T:
        """Do it when it is the turn of who came at `since`. Raises `LineIsFull`."""
        with self._turn(since):
            return what()

    @contextmanager
    def _turn(self, since: float) -> Iterator[None]:
        place = self._stand(since)
        if place and not place.called.wait(WAIT_SECONDS):
            self._give_up(place)
        if place and place.sent_away:
            raise QueueFull
        try:
            yield
        finally:
            self._next()

    def _stand(self, since: float) -> _Waiter | None:
        """`None` for whoever need not wait."""
        with self._lock:
            if self._free:
                self._free -= 1
                return None
            place = _Waiter(since, next(self._numbers))
            if len(self._line) >= self._most:
                last = max(self._line)
                if last < place:
                    raise QueueFull
                self._remove(last)
            heapq.heappush(self._line, place)
            return place

    def _give_up(self, place: _Waiter) -> None:
        with self._lock:
            if not place.called.is_set():
                self._remove(place)

    def _remove(self, place: _Waiter) -> None:
        self._line.remove(place)
        heapq.heapify(self._line)
        place.sent_away = True
        place.called.set()

    def _next(self) -> None:
        with self._lock:
            if self._line:
                heapq.heappop(self._line).called.set()
            else:
                self._free += 1


DERIVATION_QUEUE = DerivationQueue()  # of this process
