"""Fills the database with cases: batches of a seed's own randomness, lived and written by two processes."""

import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from random import Random

from django.db import connection, connections

from bekhedmetkom.cases import feed
from bekhedmetkom.kernel.references import SYMBOLS, parse_reference

from .arrivals import Arrivals
from .bank import Bank
from .cast import Cast
from .life import Life, Rulebook
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
    with _processes(Workshop(order)) as run, _nobody_follows():
        yield from run(range(order.batches))
        for name in SKIPPING:
            feed.skip_to_end(name)


@contextmanager
def _processes(workshop: "Workshop") -> Iterator[Callable[[Iterable[int]], Iterator[Sample]]]:
    if workshop.order.batches == 1:
        yield partial(map, workshop.batch)
        return
    connections.close_all()  # no process may use another's connection
    with multiprocessing.get_context("fork").Pool(PROCESSES, _inherit, [workshop]) as pool:
        yield partial(pool.imap, _inherited)


_here: list["Workshop"] = []


def _inherit(workshop: "Workshop") -> None:
    """What the first process has read, the others have by being born of it."""
    _here.append(workshop)


def _inherited(number: int) -> Sample:
    return _here[0].batch(number)


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


class Workshop:
    """All that one order needs, read once."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.bank = Bank(order.words)
        self.cast = Cast(self.bank, order.now)
        self.arrivals = Arrivals(self.bank, order.now)
        self.rules = Rulebook()

    def batch(self, number: int) -> Sample:
        """Live and write the `number`-th batch."""
        lives = self.lives(number)
        load(lives)
        return {f"{life.standing.state} {life.standing.language}": life.standing.reference for life in lives}

    def lives(self, number: int) -> list[Life]:
        """The cases of the `number`-th batch, a slice of the time covered, by when they came."""
        order = self.order
        random = Random(f"{order.seed} {order.cases} {number}")  # noqa: S311
        count = min(BATCH, order.cases - number * BATCH)
        moments = self.arrivals.moments(count, (number / order.batches, (number + 1) / order.batches), random)
        random.shuffle(moments)
        lives: list[Life] = []
        for place, at in enumerate(moments):
            numbers = (2 * (number * BATCH + place) + which for which in (0, 1))
            story = Story(
                self.arrivals.arrival(at, random), map(order.reference, numbers), bank=self.bank, cast=self.cast,
                random=random, now=order.now, rules=self.rules,
            )  # fmt: skip
            lives.extend(story.told(perhaps_twice=len(lives) + 1 < count))
            if len(lives) == count:
                break
        return sorted(lives, key=lambda life: life.standing.received_at)
