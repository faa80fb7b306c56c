"""The talk after a report: either side adds a turn."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from .. import journal
from ..rules.state import Part, Turn
from ..rules.statuses import Status
from ..standing import in_hand, in_hand_of, save
from .mixing import mix_in

MOST_TURNS = 200


class TurnTaken(Exception):
    """Another turn came in between: whoever sealed this for its place seals it again. `turn` is the next one."""

    def __init__(self, turn: int):
        super().__init__()
        self.turn = turn


class TalkIsOver(Exception):
    """The report is closed, or has had all the turns that it may have."""


def discloser_writes(lookup: bytes, *, turn: int, parts: Sequence[Part], today: date) -> None:
    """The discloser says something. Raises `NoSuchReport`, `TurnTaken`, `TalkIsOver`."""
    with in_hand(lookup=lookup) as found:
        _may_speak(len(found.state.turns), turn, found.state.status)
        save(found, found.state.said(Turn("discloser", today, tuple(parts))))
        mix_in(found.report.day)


def officer_writes(report: UUID, *, officer: str, turn: int, parts: Sequence[Part], today: date) -> None:
    """The Commission says something. Raises as `discloser_writes` does."""
    with in_hand_of(officer, report) as found:
        _may_speak(len(found.state.turns), turn, found.state.status)
        save(found, found.state.said(Turn("commission", today, tuple(parts))))
        journal.write(who=officer, what="wrote", report=report, day=today)
        mix_in(found.report.day)


def _may_speak(turns: int, turn: int, status: Status) -> None:
    if status is Status.CLOSED or turns >= MOST_TURNS:
        raise TalkIsOver
    if turn != turns:
        raise TurnTaken(turns)
