"""Fills the database with cases: batches of a seed's own randomness, lived and written by two processes."""

import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from random import Random

from django.db import connection, connections

from bekhedmetkom.cases import feed
from bekhedmetkom.kernel.references import SYMBOLS, parse_reference

from .arrivals import Arrivals
from .bank import Bank
from .cast import Cast
from .life import Life
from .load import load
from .story import Story

BATCH = 1000
PROCESSES = 2
SKIPPING = (
    "search",
    "messages",
)  # followers that have nothing to do: its rows are written, nobody is to be told

Sample = Mapping[str, str]  # a reference for each state and language: "answered ar"


@dataclass(frozen=True, slots=True)
class Order:
    """What to make. The same order on the same directory and people makes the same cases."""

    cases: int
    seed: int
    now: datetime
    words: Path

    @property
    def batches(self) -> int:
        return -(-self.cases // BATCH)

    def reference(self, number: int) -> str:
        """The `number`-th of a sequence that looks random and repeats none: a million drawn by chance would."""
        random = Random(f"references {self.seed}")  # noqa: S311
        step, start = random.getrandbits(40) | 1, random.getrandbits(40)
        value = (start + number * step) % len(SYMBOLS) ** 8
        shown = parse_reference("".join(SYMBOLS[value >> 5 * place & 31] for place in range(8)))
        assert shown is not None
        return shown


def is_made(order: Order) -> bool:
    """Whether the cases of this seed are there already."""
    with connection.cursor() as cursor:
        cursor.execute('SELECT EXISTS (SELECT FROM "case" WHERE reference = %s)', [order.reference(0)])
        return bool(cursor.fetchone()[0])


def fill(order: Order) -> Iterator[Sample]:
    """Make the cases; yields for each batch as it is written a reference for each state and language."""
    feed.run_once()
    _workshop(order)  # read by this process, inherited by the others
    with _processes(order.batches) as run, _nobody_follows():
        yield from run(partial(_batch, order), range(order.batches))
        for name in SKIPPING:
            feed.skip_to_end(name)


Run = Callable[[Callable[[int], Sample], Iterable[int]], Iterator[Sample]]


@contextmanager
def _processes(batches: int) -> Iterator[Run]:
    if batches == 1:
        yield map
        return
    connections.close_all()  # no process may use another's connection
    with multiprocessing.get_context("fork").Pool(PROCESSES) as pool:
        yield pool.imap


@contextmanager
def _nobody_follows() -> Iterator[None]:
    """Followers wait while this goes on, so that none announces a case that was made up."""
    with connection.cursor() as cursor:
        for name in SKIPPING:
            cursor.execute("SELECT pg_advisory_lock(hashtext('follower'), hashtext(%s))", [name])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock_all()")


def _batch(order: Order, number: int) -> Sample:
    bank, cast, arrivals = _workshop(order)
    random = Random(f"{order.seed} {order.cases} {number}")  # noqa: S311
    count = min(BATCH, order.cases - number * BATCH)
    moments = arrivals.moments(count, (number / order.batches, (number + 1) / order.batches), random)
    random.shuffle(moments)
    lives: list[Life] = []
    for place, at in enumerate(moments):
        references = [order.reference(2 * (number * BATCH + place) + which) for which in (0, 1)]
        story = Story(
            arrivals.arrival(at, random), references[0], bank=bank, cast=cast, random=random, now=order.now
        )
        lives.extend(story.told(references[1] if len(lives) + 1 < count else ""))
        if len(lives) == count:
            break
    lives.sort(key=lambda life: life.standing.received_at)
    load(lives, random)
    return {f"{life.standing.state} {life.standing.language}": life.standing.reference for life in lives}


@cache
def _workshop(order: Order) -> tuple[Bank, Cast, Arrivals]:
    bank = Bank(order.words)
    return bank, Cast(bank, order.now), Arrivals(bank, order.now)
