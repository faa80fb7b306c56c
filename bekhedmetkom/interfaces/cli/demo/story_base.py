"""What every part of a story needs: when the next thing happens, who has the case, and in which words."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from bekhedmetkom.cases.rules.deadlines import build_resumption_data
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
    officer_id: int  # the officer who has it
    told_until: datetime  # up to where the story has been told …
    share_done: float  # … and which share of the way to the answer that is
    answer_time: timedelta  # how long the answer takes, in working time; round the clock for urgent matters
    round_the_clock: bool

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
        self.arrival, self.bank, self.staff, self.random, self.now = arrival, bank, cast, random, now
        self.rules, self.calendar = rules, rules.calendar
        self.language = arrival.submission_text.language
        self.subject = "place" if arrival.topic.about_place else "paper"
        self.team: Team | None = None
        self.commitment_date: datetime | None = None

    def _plan_answer(self) -> None:
        """Choose when the answer will come; what goes before it is placed by its share of that time."""
        case, random = self.life.state, self.random
        self.told_until, self.share_done = case.received_at, 0.0
        self.round_the_clock = case.urgent  # urgent matters do not wait for the office to open
        span = (
            case.due_at - case.received_at
            if self.round_the_clock
            else self._get_working_time(case.received_at, case.due_at)
        )
        if random.random() < 0.12:
            self.answer_time = span + random.expovariate(1 / 2.4) * WORKING_DAY_LENGTH
        else:
            self.answer_time = span * random.betavariate(1.2, 6 if self.round_the_clock else 2.8)

    def _advance_to_share(self, share: float) -> datetime:
        """When that share of the way to the answer is behind."""
        step = self.answer_time * max(share - self.share_done, 0)
        self.told_until = (
            self.told_until + step
            if self.round_the_clock
            else self.calendar.add_working_time(self.told_until, step)
        )
        self.share_done = max(share, self.share_done)
        return self.told_until

    def _get_working_time(self, a: datetime, b: datetime) -> timedelta:
        return max(self.calendar.get_working_time(a, b), HOUR)

    def _get_resume_data(self, at: datetime) -> dict[str, Any]:
        return build_resumption_data(self.life.state, at, self.calendar)

    def _choose_distributor(self) -> int:
        case = self.life.state
        return self.staff.choose_distributor(
            case.entity_id, case.care, urgent=case.urgent, random=self.random
        )

    def _fill(self, text: str, at: datetime) -> str:
        return self.arrival.placeholders.fill(text, at)

    def _choose_internal_text(self, verb: str) -> str:
        return self.random.choice(self.bank.internal_texts[verb])

    def _choose_reply_text(self, what: str) -> str:
        """A sentence of the bank for this, about a place or a paper where it makes a difference."""
        replies = self.bank.replies
        fitting = replies.get((f"{what} {self.subject}", self.language)) or replies[what, self.language]
        return self.random.choice(fitting)

    def _move_to_daytime(self, at: datetime) -> datetime:
        """The same, but not in the middle of the night."""
        hour = at.astimezone(AMMAN).hour
        return at + (8 - hour) * HOUR if hour < 8 else at
