"""Attack 6: a flood of bad receipts makes a valid one wait a little, and locks nobody out.

The load test with 500 connections is `bench box`. These tests count derivations: clients are served in the
order of their first attempt, also after a rejection.
"""

from collections.abc import Callable
from functools import partial
from threading import Event, Lock, Thread
from time import monotonic, sleep

import pytest

from bekhedmetkom.disclosures.derivation_queue import DerivationQueue, QueueFull
from tests.mutations import check_with_mutations

FLOOD_SIZE = 120
MAX_CONCURRENT, MAX_WAITING = 2, 8
RETRY_SECONDS = 0.03
DERIVATION_SECONDS = 0.003
TIMEOUT_SECONDS = 20  # never reached in a passing test
MAX_SERVED_BEFORE = 60  # of the flood, while a valid receipt waits


class Flood:
    """Threads that try, are served or rejected, and try again as new clients."""

    def __init__(self, queue: DerivationQueue):
        self.queue, self.over, self.lock = queue, Event(), Lock()
        self.served = 0
        self.at_once = self.most_at_once = 0
        self.threads = [Thread(target=self._run_client, daemon=True) for _ in range(FLOOD_SIZE)]

    def derive(self) -> None:
        with self.lock:
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        sleep(DERIVATION_SECONDS)
        with self.lock:
            self.at_once -= 1
            self.served += 1

    def _run_client(self) -> None:
        while not self.over.is_set():
            try:
                self.queue.run(monotonic(), self.derive)
            except QueueFull:
                sleep(0.001)


def measure_wait(queue: DerivationQueue) -> tuple[int, int]:
    """Return how many of the flood are served before a valid receipt, and the maximum of concurrent derivations."""
    flood = Flood(queue)
    for thread in flood.threads:
        thread.start()
    _wait_until(lambda: len(queue._waiters) == MAX_WAITING or flood.served > FLOOD_SIZE)
    since, before = monotonic(), flood.served
    for _ in range(200):
        try:
            queue.run(since, flood.derive)
            break
        except QueueFull:
            sleep(RETRY_SECONDS)
    served = flood.served - before
    flood.over.set()
    for thread in flood.threads:
        thread.join(10)
    return served, flood.most_at_once


def test_valid_receipt_is_served_during_a_flood() -> None:
    def promise() -> None:
        served, at_once = measure_wait(DerivationQueue(MAX_CONCURRENT, MAX_WAITING))
        assert served <= MAX_SERVED_BEFORE
        assert at_once == MAX_CONCURRENT

    def skip_queue(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(DerivationQueue, "run", lambda queue, since, what: what())

    check_with_mutations(promise, {"there is no line": skip_queue})


def test_first_client_is_served_first() -> None:
    def reverse_order(patch: pytest.MonkeyPatch) -> None:
        stand = DerivationQueue._join
        patch.setattr(DerivationQueue, "_join", lambda queue, since: stand(queue, -since))

    check_with_mutations(_assert_order, {"who came last is served first": reverse_order})


def _assert_order() -> None:
    queue, order, hold = DerivationQueue(1, 3), list[int](), Event()
    threads = [_occupy_slot(queue, hold)]
    for number in (3, 1, 2):
        threads.append(_start_thread(partial(queue.run, float(number), partial(order.append, number))))
        _wait_until(lambda: len(queue._waiters) == len(threads) - 1)
    hold.set()
    for thread in threads:
        thread.join(TIMEOUT_SECONDS)
    assert order == [1, 2, 3]


def test_returning_client_replaces_the_last_waiter() -> None:
    queue, hold, sent_away, order = DerivationQueue(1, 1), Event(), Event(), list[str]()

    def last() -> None:
        try:
            queue.run(8.0, lambda: order.append("last"))
        except QueueFull:
            sent_away.set()

    threads = [_occupy_slot(queue, hold), _start_thread(last)]
    _wait_until(lambda: queue._waiters)
    threads.append(_start_thread(lambda: queue.run(1.0, lambda: order.append("first"))))
    assert sent_away.wait(TIMEOUT_SECONDS)
    hold.set()
    for thread in threads:
        thread.join(TIMEOUT_SECONDS)
    assert order == ["first"]


def _start_thread(what: Callable[[], object]) -> Thread:
    thread = Thread(target=what, daemon=True)
    thread.start()
    return thread


def _occupy_slot(queue: DerivationQueue, hold: Event) -> Thread:
    """Occupy the only slot until `hold` is set, so that all others wait."""
    begun = Event()

    def serving() -> None:
        begun.set()
        hold.wait(TIMEOUT_SECONDS)

    thread = _start_thread(lambda: queue.run(0.0, serving))
    assert begun.wait(TIMEOUT_SECONDS)
    return thread


def _wait_until(what: Callable[[], object]) -> None:
    deadline = monotonic() + TIMEOUT_SECONDS
    while not what():
        assert monotonic() < deadline
        sleep(0.001)
