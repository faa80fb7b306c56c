"""What the clock asks for, whether the worker's minute or `work --once` comes to do it."""

from datetime import date, datetime

from bekhedmetkom.cases import commands, feed
from bekhedmetkom.entities.queries import calendar_version
from bekhedmetkom.identity.queries import memberships_version
from bekhedmetkom.kernel.clock import local_day
from bekhedmetkom.messages.commands import send_due

from .forgotten import answer_forgotten

ROUNDS = 50


class Due:
    """Does what is due; done late or twice, it comes to the same.

    Knows by which calendar it has set the dates, and of which day's officers it has taken back what they left.
    """

    def __init__(self) -> None:
        self._calendar: int | None = None
        self._officers: tuple[int, date] | None = None

    def run(self, at: datetime) -> int:
        """Record everything whose time has come; returns how much that was."""
        done = self._follow_the_calendar(at) + commands.sweep(at) + self._follow_the_officers(at)
        return done + commands.keep_clear(at)

    def run_everything(self, at: datetime) -> int:
        """Until nothing is left: a deadline makes an event, the event a message, and the message is sent."""
        done = 0
        for _ in range(ROUNDS):
            this_round = self.run(at) + answer_forgotten(at) + feed.run_once() + send_due(at)
            done += this_round
            if not this_round:
                break
        return done

    def _follow_the_calendar(self, at: datetime) -> int:
        """After a holiday was set or moved, every open case's date moves with it."""
        version = calendar_version()
        if version == self._calendar:
            return 0
        moved = commands.reschedule(at)
        self._calendar = version
        return moved

    def _follow_the_officers(self, at: datetime) -> int:
        """After a role has ended, which it does at midnight or when somebody says so."""
        seen = memberships_version(), local_day(at)
        if seen == self._officers:
            return 0
        taken = commands.take_back(at)
        self._officers = seen
        return taken
