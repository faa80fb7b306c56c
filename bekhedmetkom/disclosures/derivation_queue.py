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
    may_run: Event = field(compare=False, default_factory=Event)
    is_rejected: bool = field(compare=False, default=False)


class DerivationQueue:
    """`max_concurrent` are served; `waiting` may wait, those who came first before the others."""

    def __init__(self, max_concurrent: int = MAX_CONCURRENT, max_waiting: int = MAX_WAITING):
        self._free_slots, self._max_waiting = max_concurrent, max_waiting
        self._lock, self._numbers = Lock(), count()
        self._waiters: list[_Waiter] = []

    def run(self, since: float, derive: Callable[[], T]) -> T:
        """Do it when it is the turn of who came at `since`. Raises `LineIsFull`."""
        with self._wait_for_turn(since):
            return derive()

    @contextmanager
    def _wait_for_turn(self, since: float) -> Iterator[None]:
        waiter = self._join(since)
        if waiter and not waiter.may_run.wait(WAIT_SECONDS):
            self._leave(waiter)
        if waiter and waiter.is_rejected:
            raise QueueFull
        try:
            yield
        finally:
            self._release_slot()

    def _join(self, since: float) -> _Waiter | None:
        """`None` for whoever need not wait."""
        with self._lock:
            if self._free_slots:
                self._free_slots -= 1
                return None
            waiter = _Waiter(since, next(self._numbers))
            if len(self._waiters) >= self._max_waiting:
                last = max(self._waiters)
                if last < waiter:
                    raise QueueFull
                self._remove(last)
            heapq.heappush(self._waiters, waiter)
            return waiter

    def _leave(self, waiter: _Waiter) -> None:
        with self._lock:
            if not waiter.may_run.is_set():
                self._remove(waiter)

    def _remove(self, waiter: _Waiter) -> None:
        self._waiters.remove(waiter)
        heapq.heapify(self._waiters)
        waiter.is_rejected = True
        waiter.may_run.set()

    def _release_slot(self) -> None:
        with self._lock:
            if self._waiters:
                heapq.heappop(self._waiters).may_run.set()
            else:
                self._free_slots += 1


DERIVATION_QUEUE = DerivationQueue()  # of this process
