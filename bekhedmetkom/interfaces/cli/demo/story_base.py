"""What every part of a story needs: when the next thing happens, who has the case, and in which words."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from bekhedmetkom.cases.rules.deadlines import resumed
from bekhedmetkom.kernel.clock import AMMAN

from .arrivals import Arrival
from .simulated_case import DeadlineRules, SimulatedCase
from .staff import StaffDirectory, Team
from .text_bank import TextBank

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WORKING_DAY_LENGTH = 7 * HOUR


class StoryBase:
    """One arrival with everything that its story is told from. What is to come is placed by its share of the way."""

    life: SimulatedCase  # the case
    who: int  # the officer who has it
    base: datetime  # up to where the story has been told …
    done: float  # … and which share of the way to the answer that is
    span: timedelta  # how long the answer takes, in working time; round the clock for urgent matters
    clock: bool

    def __init__(
        self,
        arrival: Arrival,
        *,
        bank: TextBank,
        cast: StaffDirectory,
        random: Random,
        now: datetime,
        rules: DeadlineRules,
    ) -> None:
        self.arrival, self.bank, self.cast, self.random, self.now = arrival, bank, cast, random, now
        self.rules, self.calendar = rules, rules.calendar
        self.language = arrival.written.language
        self.about = "place" if arrival.topic.about_place else "paper"
        self.team: Team | None = None
        self.promised: datetime | None = None

    def _plan(self) -> None:
        """Choose when the answer will come; what goes before it is placed by its share of that time."""
        case, random = self.life.standing, self.random
        self.base, self.done = case.received_at, 0.0
        self.clock = case.urgent  # urgent matters do not wait for the office to open
        span = case.due_at - case.received_at if self.clock else self._working(case.received_at, case.due_at)
        if random.random() < 0.12:
            self.span = span + random.expovariate(1 / 2.4) * WORKING_DAY_LENGTH
        else:
            self.span = span * random.betavariate(1.2, 6 if self.clock else 2.8)

    def _at(self, share: float) -> datetime:
        """When that share of the way to the answer is behind."""
        step = self.span * max(share - self.done, 0)
        self.base = self.base + step if self.clock else self.calendar.add_working_time(self.base, step)
        self.done = max(share, self.done)
        return self.base

    def _working(self, a: datetime, b: datetime) -> timedelta:
        return max(self.calendar.get_working_time(a, b), HOUR)

    def _pause_over(self, at: datetime) -> dict[str, Any]:
        return resumed(self.life.standing, at, self.calendar)

    def _distributor(self) -> int:
        case = self.life.standing
        return self.cast.distributor(case.entity_id, case.care, urgent=case.urgent, random=self.random)

    def _filled(self, text: str, at: datetime) -> str:
        return self.arrival.blanks.filled(text, at)

    def _inside(self, verb: str) -> str:
        return self.random.choice(self.bank.inside[verb])

    def _spoken(self, what: str) -> str:
        """A sentence of the bank for this, about a place or a paper where it makes a difference."""
        replies = self.bank.replies
        fitting = replies.get((f"{what} {self.about}", self.language)) or replies[what, self.language]
        return self.random.choice(fitting)

    def _citizens_hour(self, at: datetime) -> datetime:
        """The same, but not in the middle of the night."""
        hour = at.astimezone(AMMAN).hour
        return at + (8 - hour) * HOUR if hour < 8 else at
