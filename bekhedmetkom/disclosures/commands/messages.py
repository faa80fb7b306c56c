"""Messages of the discloser and the Commission after the report: each is a turn."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from .. import journal
from ..reports import lock_report, lock_report_for_officer, save_state
from ..rules.report_state import Part, Turn
from ..rules.statuses import Status
from .row_shuffling import shuffle_reports_of_day

MAX_TURNS = 200


class TurnConflict(Exception):
    """Another turn was added meanwhile; the client encrypts again for `turn`, the next number."""

    def __init__(self, turn: int):
        super().__init__()
        self.turn = turn


class ConversationClosed(Exception):
    """The report is closed or has reached its maximum of turns."""


def send_discloser_message(lookup: bytes, *, turn: int, parts: Sequence[Part], today: date) -> None:
    """Add the discloser's turn. Raises `NoSuchReport`, `TurnConflict`, `ConversationClosed`."""
    with lock_report(lookup=lookup) as unwrapped:
        _check_turn(len(unwrapped.state.turns), turn, unwrapped.state.status)
        save_state(unwrapped, unwrapped.state.with_turn(Turn("discloser", today, tuple(parts))))
        shuffle_reports_of_day(unwrapped.report.day)


def send_officer_message(
    report: UUID, *, officer: str, turn: int, parts: Sequence[Part], today: date
) -> None:
    """Add the Commission's turn. Raises `NoSuchReport`, `TurnConflict`, `ConversationClosed`."""
    with lock_report_for_officer(officer, report) as unwrapped:
        _check_turn(len(unwrapped.state.turns), turn, unwrapped.state.status)
        save_state(unwrapped, unwrapped.state.with_turn(Turn("commission", today, tuple(parts))))
        journal.append_entry(who=officer, what="wrote", report=report, day=today)
        shuffle_reports_of_day(unwrapped.report.day)


def _check_turn(turns: int, turn: int, status: Status) -> None:
    if status is Status.CLOSED or turns >= MAX_TURNS:
        raise ConversationClosed
    if turn != turns:
        raise TurnConflict(turns)
