"""How much work whoever is at a body has before them: by unit and by officer, of the cases that the asker may read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count

from bekhedmetkom.kernel.actor import Actor

from ...models import OPEN_STATE_NAMES, Case
from ...rules.states import ANSWERED_STATES, State
from ..prepared_statements import prepare_statement
from ..visibility import build_visibility_filter
from .queues import WORKED_STATE_NAMES, QueueMoments

MAX_COUNTED_CASES = 20_000  # open cases of a body, those that are due first; the largest body has fewer


@dataclass(slots=True)
class Workload:
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
class WorkloadBoard:
    """Whose cases are with no unit, or with nobody by name, stand under `None`. `capped`: there are more."""

    all: Workload = field(default_factory=Workload)
    units: dict[int | None, Workload] = field(default_factory=dict)
    officers: dict[int | None, Workload] = field(default_factory=dict)
    nobody: Workload = field(default_factory=Workload)  # neither a unit has it nor an officer
    capped: bool = False


def get_workload_board(viewer: Actor, entity: int, now: datetime) -> WorkloadBoard:
    """The board of one body, in two queries. A case counts with its unit, and with its officer too."""
    board, moments = WorkloadBoard(), QueueMoments.at(now)
    said = {"now": moments.now, "midnight": moments.midnight, "since": moments.answered_since}
    counted = 0
    for unit, officer, *counts in [
        *_count_open(viewer, entity, said),
        *_count_answered(viewer, entity, said),
    ]:
        counted += counts[0]
        loads = [
            board.all,
            board.units.setdefault(unit, Workload()),
            board.officers.setdefault(officer, Workload()),
        ]
        for load in [*loads, board.nobody] if unit is officer is None else loads:
            load.add(counts)
    return WorkloadBoard(board.all, board.units, board.officers, board.nobody, counted >= MAX_COUNTED_CASES)


def _count_open(viewer: Actor, entity: int, said: Mapping[str, Any]) -> Sequence[Sequence[int]]:
    cases = Case.objects.filter(build_visibility_filter(viewer), entity=entity, state__in=OPEN_STATE_NAMES)
    columns = cases.order_by("due_at", "pk").values_list("unit_id", "officer_id", "state", "due_at")
    found = prepare_statement(columns[:MAX_COUNTED_CASES])
    return (
        _fetch_counts(_OPEN_SQL.format(found=found.statement), [*_build_parameters(said), *found.values])
        if found.statement
        else []
    )


def _count_answered(viewer: Actor, entity: int, said: Mapping[str, Any]) -> Sequence[Sequence[int]]:
    cases = Case.objects.filter(
        build_visibility_filter(viewer),
        entity=entity,
        state__in=[*ANSWERED_STATES, State.APPEALED],
        answered_at__gte=said["since"],
    )
    found = cases.order_by().values_list("unit_id", "officer_id").annotate(answered=Count("pk"))
    return [(unit, officer, 0, 0, 0, 0, answered) for unit, officer, answered in found]


def _build_parameters(said: Mapping[str, Any]) -> list[Any]:
    return [said["now"], said["midnight"], said["now"]]


def _fetch_counts(statement: str, values: Sequence[Any]) -> list[Sequence[int]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: list[Sequence[int]] = cursor.fetchall()
        return found


_WORKED_STATES_SQL = ", ".join(f"'{state}'" for state in WORKED_STATE_NAMES)
_OPEN_SQL = f"""
SELECT unit_id, officer_id, count(*),
    count(*) FILTER (WHERE state IN ({_WORKED_STATES_SQL}) AND due_at >= %s AND due_at < %s),
    count(*) FILTER (WHERE state IN ({_WORKED_STATES_SQL}) AND due_at < %s),
    count(*) FILTER (WHERE state = '{State.AWAITING_APPROVAL}'), 0
FROM ({{found}}) found GROUP BY 1, 2
"""
