"""Queue in front of Argon2id: two derivations run at once, since each takes 64 MiB and a processor core.

Waiters are ordered by the time of their first attempt. When the queue is full, the latest is rejected and may
retry with that time, so a flood of bad receipts delays everybody a little and locks nobody out.
"""

import heapq
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from threading import Event, Lock
from typing import TypeVar

MAX_CONCURRENT = 2
MAX_WAITING = 16  # waiting threads; the server's other threads answer everything else
WAIT_SECONDS = 25

T = TypeVar("T")


class QueueFull(Exception):
    """Raised when the queue has no room; the client retries after a few seconds."""


@dataclass(order=True, slots=True)
class _Waiter:
    since: float
    number: int
    may_run: Event = field(compare=False, default_factory=Event)
    is_rejected: bool = field(compare=False, default=False)


class DerivationQueue:
    """Runs `max_concurrent` derivations at once and lets `max_waiting` threads wait, earliest first."""

    def __init__(self, max_concurrent: int = MAX_CONCURRENT, max_waiting: int = MAX_WAITING):
        self._free_slots, self._max_waiting = max_concurrent, max_waiting
        self._lock, self._numbers = Lock(), count()
        self._waiters: list[_Waiter] = []

    def run(self, since: float, derive: Callable[[], T]) -> T:
        """Run `derive` when it is the turn of a client that first came at `since`. Raises `QueueFull`."""
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
        """Take a free slot (returns None) or a place in the queue."""
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


DERIVATION_QUEUE = DerivationQueue()
