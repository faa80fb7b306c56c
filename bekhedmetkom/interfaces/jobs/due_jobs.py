"""Everything that is due by the clock, for the worker's minute job and `work --once`."""

import logging
from collections.abc import Callable, Sequence
from datetime import date, datetime

from bekhedmetkom.analytics.commands.reports import send_report_emails
from bekhedmetkom.assistant.commands.messenger_events import process_messenger_events
from bekhedmetkom.cases import commands, feed
from bekhedmetkom.catalogue.commands import apply_body_succession as transfer_topics
from bekhedmetkom.entities.queries import get_calendar_version, get_tree_version
from bekhedmetkom.entities.succession import apply_planned_changes
from bekhedmetkom.identity.commands import apply_body_succession as transfer_memberships
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.messenger import commands as messenger
from bekhedmetkom.notifications.commands import send_due_messages, send_grouped_emails, send_morning_digests
from bekhedmetkom.problems.commands import detect_or_backfill
from bekhedmetkom.routing.commands import apply_body_succession as transfer_rules
from bekhedmetkom.webhooks import commands as webhooks

from .access_code_recovery import answer_recovery_requests

MAX_ROUNDS = 50

# In this order: a unit moves before its officers, a topic before the rules for it.
BODY_SUCCESSION_STEPS: Sequence[Callable[[datetime], int]] = (
    apply_planned_changes, transfer_topics, transfer_rules, transfer_memberships,
)  # fmt: skip

log = logging.getLogger(__name__)


class DueJobs:
    """Runs what is due; running late or twice gives the same result.

    Remembers the calendar version and the tree of bodies that it has applied.
    """

    def __init__(self) -> None:
        self._applied_calendar: int | None = None
        self._applied_tree: tuple[int, date] | None = None

    def run_minute(self, at: datetime) -> int:
        """Do everything that is due; return how much was done."""
        done = (
            self._apply_body_succession(at) + self._reschedule_for_calendar(at) + commands.sweep_deadlines(at)
        )
        done += (
            commands.release_cases_of_departed_officers(at)
            + commands.resolve_conflicts(at)
            + commands.distribute_cases(at)
        )
        return done + send_morning_digests(at) + send_report_emails(at) + send_grouped_emails(at)

    def run_until_done(self, at: datetime) -> int:
        """Repeat until nothing is left: a deadline makes an event, the event a message, and the message is sent."""
        done = 0
        for _ in range(MAX_ROUNDS):
            this_round = (
                self.run_minute(at)
                + answer_recovery_requests(at)
                + feed.run_consumers()
                + send_due_messages(at)
            )
            this_round += detect_or_backfill(at)
            this_round += (
                webhooks.send_due_deliveries(at)
                + webhooks.run_due_exchanges(at)
                + commands.fetch_due_pictures(at)
            )
            this_round += process_messenger_events(at) + messenger.send_due_messages(at)
            done += this_round
            if not this_round:
                break
        return done

    def _apply_body_succession(self, at: datetime) -> int:
        """After a body was renamed or closed, which happens at midnight, transfer what it had and then its cases."""
        seen = get_tree_version(), get_local_date(at)
        done = 0
        if seen != self._applied_tree:
            try:
                done = sum(follow(at) for follow in BODY_SUCCESSION_STEPS)
                self._applied_tree = seen
            except Exception:  # no deadline waits for it; tried again at the next look
                log.exception("the change of a body could not take effect")
        return done + commands.apply_body_succession(at)

    def _reschedule_for_calendar(self, at: datetime) -> int:
        """Recalculate the deadlines of open cases after a holiday was added or moved."""
        version = get_calendar_version()
        if version == self._applied_calendar:
            return 0
        moved = commands.reschedule_cases(at)
        self._applied_calendar = version
        return moved
