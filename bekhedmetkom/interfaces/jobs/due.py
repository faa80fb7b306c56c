"""What the clock asks for, whether the worker's minute or `work --once` comes to do it."""

import logging
from collections.abc import Callable, Sequence
from datetime import date, datetime

from bekhedmetkom.analytics.commands.reports import send_report_emails
from bekhedmetkom.assistant.commands.messenger_events import process_messenger_events
from bekhedmetkom.cases import commands, feed
from bekhedmetkom.catalogue.commands import apply_body_succession as topics_follow
from bekhedmetkom.entities.queries import get_calendar_version, get_tree_version
from bekhedmetkom.entities.succession import apply_planned_changes
from bekhedmetkom.identity.commands import apply_body_succession as officers_follow
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.messages.commands import gather, send_due, tell_mornings
from bekhedmetkom.messenger import commands as messenger
from bekhedmetkom.problems.commands import detect_or_backfill
from bekhedmetkom.routing.commands import apply_body_succession as rules_follow
from bekhedmetkom.webhooks import commands as webhooks

from .forgotten import answer_forgotten

ROUNDS = 50

# In this order: a unit moves before its officers, a topic before the rules for it.
FOLLOW_BODIES: Sequence[Callable[[datetime], int]] = (
    apply_planned_changes, topics_follow, rules_follow, officers_follow,
)  # fmt: skip

log = logging.getLogger(__name__)


class Due:
    """Does what is due; done late or twice, it comes to the same.

    Knows by which calendar it has set the dates, and of which day's bodies it has moved what they had.
    """

    def __init__(self) -> None:
        self._calendar: int | None = None
        self._bodies: tuple[int, date] | None = None

    def run(self, at: datetime) -> int:
        """Record everything whose time has come; returns how much that was."""
        done = self._follow_the_bodies(at) + self._follow_the_calendar(at) + commands.sweep(at)
        done += commands.take_back(at) + commands.keep_clear(at) + commands.distribute(at)
        return done + tell_mornings(at) + send_report_emails(at) + gather(at)

    def run_everything(self, at: datetime) -> int:
        """Until nothing is left: a deadline makes an event, the event a message, and the message is sent."""
        done = 0
        for _ in range(ROUNDS):
            this_round = self.run(at) + answer_forgotten(at) + feed.run_once() + send_due(at)
            this_round += detect_or_backfill(at)
            this_round += webhooks.send_due(at) + webhooks.exchange_due(at) + commands.fetch_due(at)
            this_round += process_messenger_events(at) + messenger.send_due_messages(at)
            done += this_round
            if not this_round:
                break
        return done

    def _follow_the_bodies(self, at: datetime) -> int:
        """After a body got another name or closed, which it does at midnight: all that was its own, then its cases."""
        seen = get_tree_version(), get_local_date(at)
        done = 0
        if seen != self._bodies:
            try:
                done = sum(follow(at) for follow in FOLLOW_BODIES)
                self._bodies = seen
            except Exception:  # no deadline waits for it; tried again at the next look
                log.exception("the change of a body could not take effect")
        return done + commands.follow_bodies(at)

    def _follow_the_calendar(self, at: datetime) -> int:
        """After a holiday was set or moved, every open case's date moves with it."""
        version = get_calendar_version()
        if version == self._calendar:
            return 0
        moved = commands.reschedule(at)
        self._calendar = version
        return moved
