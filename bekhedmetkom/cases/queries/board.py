"""How much work whoever is at a body has before them: by unit and by officer, of the cases that the asker may read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count

from bekhedmetkom.kernel.actor import Actor

from ..models import IS_OPEN, Case
from ..rules.states import ANSWERED, State
from .queues import WORKED_STATES, Moments
from .visible import visible
from .worded import worded

COUNTED = 20_000  # open cases of a body, those that are due first; the largest body has fewer


@dataclass(slots=True)
class Load:
    """How many cases: open, and of these due today, late, before their approver; and answered in the last week."""

    open: int = 0
    today: int = 0
    overdue: int = 0
    approval: int = 0
    answered: int = 0

    def add(self, counts: Iterable[int]) -> None:
        """These as well."""
        for name, count in zip(self.__slots__, counts, strict=True):
            setattr(self, name, getattr(self, name) + count)


@dataclass(frozen=True, slots=True)
class Board:
    """Whose cases are with no unit, or with nobody by name, stand under `None`. `capped`: there are more."""

    all: Load = field(default_factory=Load)
    units: dict[int | None, Load] = field(default_factory=dict)
    officers: dict[int | None, Load] = field(default_factory=dict)
    nobody: Load = field(default_factory=Load)  # neither a unit has it nor an officer
    capped: bool = False


def board_of(viewer: Actor, entity: int, now: datetime) -> Board:
    """The board of one body, in two queries. A case counts with its unit, and with its officer too."""
    board, moments = Board(), Moments.at(now)
    said = {"now": moments.now, "midnight": moments.midnight, "since": moments.answered_since}
    counted = 0
    for unit, officer, *counts in [*_open(viewer, entity, said), *_answered(viewer, entity, said)]:
        counted += counts[0]
        loads = [board.all, board.units.setdefault(unit, Load()), board.officers.setdefault(officer, Load())]
        for load in [*loads, board.nobody] if unit is officer is None else loads:
            load.add(counts)
    return Board(board.all, board.units, board.officers, board.nobody, counted >= COUNTED)


def _open(viewer: Actor, entity: int, said: Mapping[str, Any]) -> Sequence[Sequence[int]]:
    cases = Case.objects.filter(visible(viewer), entity=entity, state__in=IS_OPEN)
    columns = cases.order_by("due_at", "pk").values_list("unit_id", "officer_id", "state", "due_at")
    found = worded(columns[:COUNTED])
    return (
        _asked(_OPEN.format(found=found.statement), [*_moments(said), *found.values])
        if found.statement
        else []
    )


def _answered(viewer: Actor, entity: int, said: Mapping[str, Any]) -> Sequence[Sequence[int]]:
    cases = Case.objects.filter(
        visible(viewer), entity=entity, state__in=[*ANSWERED, State.APPEALED], answered_at__gte=said["since"]
    )
    found = cases.order_by().values_list("unit_id", "officer_id").annotate(answered=Count("pk"))
    return [(unit, officer, 0, 0, 0, 0, answered) for unit, officer, answered in found]


def _moments(said: Mapping[str, Any]) -> list[Any]:
    return [said["now"], said["midnight"], said["now"]]


def _asked(statement: str, values: Sequence[Any]) -> list[Sequence[int]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: list[Sequence[int]] = cursor.fetchall()
        return found


_WORKED = ", ".join(f"'{state}'" for state in WORKED_STATES)
_OPEN = f"""
SELECT unit_id, officer_id, count(*),
    count(*) FILTER (WHERE state IN ({_WORKED}) AND due_at >= %s AND due_at < %s),
    count(*) FILTER (WHERE state IN ({_WORKED}) AND due_at < %s),
    count(*) FILTER (WHERE state = '{State.AWAITING_APPROVAL}'), 0
FROM ({{found}}) found GROUP BY 1, 2
"""
