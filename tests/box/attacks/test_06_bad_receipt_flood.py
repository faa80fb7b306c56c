"""Attack 6: a crowd that sends bad receipts again and again makes a good one wait a little, and locks nobody out.

500 connections to the real process, in seconds, is `bench box`. Here is what makes it so, in numbers of receipts: who
came first is served first, also who was told to come again.
"""

from collections.abc import Callable
from functools import partial
from threading import Event, Lock, Thread
from time import monotonic, sleep

import pytest

from bekhedmetkom.disclosures.derivation_queue import DerivationQueue, QueueFull
from tests.mutations import check_with_mutations

CROWD = 120
AT_ONCE, WAITING = 2, 8
AGAIN_SECONDS = 0.03
DERIVATION_SECONDS = 0.003
PATIENCE = 20  # seconds; what is waited for comes at once
MOST_SERVED_BEFORE = (
    60  # of the crowd, while a good one waits; without its turn it waits as long as chance will
)


class Crowd:
    """Threads that try, are served or sent away, and try again as newcomers."""

    def __init__(self, queue: DerivationQueue):
        self.queue, self.over, self.lock = queue, Event(), Lock()
        self.served = 0
        self.at_once = self.most_at_once = 0
        self.threads = [Thread(target=self._tries, daemon=True) for _ in range(CROWD)]

    def derives(self) -> None:
        with self.lock:
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        sleep(DERIVATION_SECONDS)
        with self.lock:
            self.at_once -= 1
            self.served += 1

    def _tries(self) -> None:
        while not self.over.is_set():
            try:
                self.queue.run(monotonic(), self.derives)
            except QueueFull:
                sleep(0.001)


def waits_among(queue: DerivationQueue) -> tuple[int, int]:
    """How many of the crowd are served before a good one is; and how many were ever derived at once."""
    crowd = Crowd(queue)
    for thread in crowd.threads:
        thread.start()
    _until(
        lambda: len(queue._waiters) == WAITING or crowd.served > CROWD
    )  # where there is no queue, none stand in it
    since, before = monotonic(), crowd.served
    for _ in range(200):
        try:
            queue.run(since, crowd.derives)
            break
        except QueueFull:
            sleep(AGAIN_SECONDS)
    served = crowd.served - before
    crowd.over.set()
    for thread in crowd.threads:
        thread.join(10)
    return served, crowd.most_at_once


def test_a_good_receipt_has_its_turn_in_a_crowd() -> None:
    def promise() -> None:
        served, at_once = waits_among(DerivationQueue(AT_ONCE, WAITING))
        assert served <= MOST_SERVED_BEFORE
        assert at_once == AT_ONCE

    def everybody_at_once(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(DerivationQueue, "run", lambda queue, since, what: what())

    check_with_mutations(promise, {"there is no line": everybody_at_once})


def test_who_came_first_is_served_first() -> None:
    def newest_first(patch: pytest.MonkeyPatch) -> None:
        stand = DerivationQueue._join
        patch.setattr(DerivationQueue, "_join", lambda queue, since: stand(queue, -since))

    check_with_mutations(_first_come_first_served, {"who came last is served first": newest_first})


def _first_come_first_served() -> None:
    queue, order, hold = DerivationQueue(1, 3), list[int](), Event()
    threads = [_served_first(queue, hold)]
    for number in (3, 1, 2):
        threads.append(_started(partial(queue.run, float(number), partial(order.append, number))))
        _until(lambda: len(queue._waiters) == len(threads) - 1)
    hold.set()
    for thread in threads:
        thread.join(PATIENCE)
    assert order == [1, 2, 3]


def test_who_comes_again_takes_the_place_of_the_last() -> None:
    queue, hold, sent_away, order = DerivationQueue(1, 1), Event(), Event(), list[str]()

    def last() -> None:
        try:
            queue.run(8.0, lambda: order.append("last"))
        except QueueFull:
            sent_away.set()

    threads = [_served_first(queue, hold), _started(last)]
    _until(lambda: queue._waiters)
    threads.append(_started(lambda: queue.run(1.0, lambda: order.append("first"))))
    assert sent_away.wait(PATIENCE)
    hold.set()
    for thread in threads:
        thread.join(PATIENCE)
    assert order == ["first"]


def _started(what: Callable[[], object]) -> Thread:
    thread = Thread(target=what, daemon=True)
    thread.start()
    return thread


def _served_first(queue: DerivationQueue, hold: Event) -> Thread:
    """Somebody who is being served until `hold`, so that all others wait."""
    begun = Event()

    def serving() -> None:
        begun.set()
        hold.wait(PATIENCE)

    thread = _started(lambda: queue.run(0.0, serving))
    assert begun.wait(PATIENCE)
    return thread


def _until(what: Callable[[], object]) -> None:
    deadline = monotonic() + PATIENCE
    while not what():
        assert monotonic() < deadline
        sleep(0.001)
