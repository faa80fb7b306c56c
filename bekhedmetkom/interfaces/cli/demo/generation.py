"""Fills the database with cases: batches of a seed's own randomness, lived and written by several processes."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random

from django.db import connection

from bekhedmetkom.analytics.commands import rebuild_rollups
from bekhedmetkom.cases import feed
from bekhedmetkom.interfaces.cli.process_pool import map_in_processes
from bekhedmetkom.kernel.references import REFERENCE_ALPHABET, REFERENCE_LENGTH, REFERENCE_PREFIX

from .arrivals import ArrivalGenerator
from .bulk_insert import insert_cases
from .case_story import CaseStory
from .simulated_case import DeadlineRules, SimulatedCase
from .staff import StaffDirectory
from .text_bank import TextBank

BATCH_SIZE = 1000
# What the planner knows of these is out of date when so much has come at once.
ANALYZE = 'ANALYZE "case", event, case_text, case_particulars, case_search'

BatchSample = Mapping[str, str]  # a reference for each state and language: "answered ar"


@dataclass(frozen=True, slots=True)
class DemoOrder:
    """What to make. The same order on the same directory and people makes the same cases."""

    cases: int
    seed: int
    now: datetime
    texts_folder: Path

    @property
    def batch_count(self) -> int:
        return -(-self.cases // BATCH_SIZE)


class ReferenceSequence:
    """The references of a seed, by number: they look random and none comes twice, as two in a million drawn would."""

    def __init__(self, seed: int) -> None:
        random = Random(f"references {seed}")
        self.step, self.start = random.getrandbits(40) | 1, random.getrandbits(40)

    def __call__(self, number: int) -> str:
        value = (self.start + number * self.step) % len(REFERENCE_ALPHABET) ** REFERENCE_LENGTH
        shown = "".join(REFERENCE_ALPHABET[value >> 5 * place & 31] for place in range(REFERENCE_LENGTH))
        return f"{REFERENCE_PREFIX}-{shown[:4]}-{shown[4:]}"


def is_generated(order: DemoOrder) -> bool:
    """Whether the cases of this seed are there already."""
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT EXISTS (SELECT FROM "case" WHERE reference = %s)', [ReferenceSequence(order.seed)(0)]
        )
        return bool(cursor.fetchone()[0])


def generate_cases(order: DemoOrder) -> Iterator[BatchSample]:
    """Make the cases; yields for each batch as it is written a reference for each state and language."""
    feed.run_consumers()
    with (
        map_in_processes(BatchGenerator(order).insert_batch, range(order.batch_count)) as samples,
        _pause_followers(),
    ):
        yield from samples
        for follower in feed.get_consumers():  # search has its rows already, and nobody is to be told
            feed.skip_consumer_to_end(follower.name)
    rebuild_rollups(map_in_processes)
    with connection.cursor() as cursor:
        cursor.execute(ANALYZE)


@contextmanager
def _pause_followers() -> Iterator[None]:
    """Followers wait while this goes on, so that none announces a case that was made up."""
    with connection.cursor() as cursor:
        for follower in feed.get_consumers():
            cursor.execute("SELECT pg_advisory_lock(hashtext('follower'), hashtext(%s))", [follower.name])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock_all()")


class BatchGenerator:
    """All that one order needs, read once."""

    def __init__(self, order: DemoOrder) -> None:
        self.order = order
        self.bank = TextBank(order.texts_folder)
        self.staff = StaffDirectory(self.bank, order.now)
        self.arrivals = ArrivalGenerator(self.bank, order.now)
        self.rules = DeadlineRules()
        self.references = ReferenceSequence(order.seed)

    def insert_batch(self, number: int) -> BatchSample:
        """Live and write the `number`-th batch."""
        lives = self.generate_batch(number)
        insert_cases(lives)
        return {f"{life.state.state} {life.state.language}": life.state.reference for life in lives}

    def generate_batch(self, number: int) -> list[SimulatedCase]:
        """The cases of the `number`-th batch, a slice of the time covered, by when they came."""
        order = self.order
        random = Random(f"{order.seed} {order.cases} {number}")
        count = min(BATCH_SIZE, order.cases - number * BATCH_SIZE)
        moments = self.arrivals.draw_times(
            count, (number / order.batch_count, (number + 1) / order.batch_count), random
        )
        random.shuffle(moments)
        lives: list[SimulatedCase] = []
        for place, at in enumerate(moments):
            numbers = (2 * (number * BATCH_SIZE + place) + which for which in (0, 1))
            story = CaseStory(
                self.arrivals.draw_arrival(at, random), map(self.references, numbers), bank=self.bank, cast=self.staff,
                random=random, now=order.now, rules=self.rules,
            )  # fmt: skip
            lives.extend(story.tell(perhaps_twice=len(lives) + 1 < count))
            if len(lives) == count:
                break
        return sorted(lives, key=lambda life: life.state.received_at)
