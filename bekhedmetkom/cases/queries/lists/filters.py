"""What narrows a queue, as the desk and the API name it: anything that stands on a row."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q

from bekhedmetkom.catalogue.rules import Kind
from bekhedmetkom.entities.queries import get_working_calendar

from ...rules.states import State
from .case_rows import WORKED_STATES
from .queues import QueueMoments


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Ids are of the directory; `q` is free words, a reference or part of one. Days count whole, the last one too."""

    kind: Kind | None = None
    state: State | None = None
    service: int | None = None
    governorate: int | None = None
    entity: int | None = None
    unit: int | None = None
    officer: int | None = None
    nobody: bool = False  # neither officer nor unit has it
    channel: str | None = None
    urgent: bool = False
    overdue: bool = False
    due_from: date | None = None
    due_to: date | None = None
    came_from: date | None = None
    came_to: date | None = None
    q: str = ""


NO_FILTER = QueueFilter()  # nothing narrows

_EQUAL_FIELDS = ("kind", "state", "service", "governorate", "entity", "unit", "officer", "channel")
_DATE_FIELDS = {
    "due_from": "due_at__gte",
    "due_to": "due_at__lt",
    "came_from": "received_at__gte",
    "came_to": "received_at__lt",
}


def build_filter(filters: QueueFilter, moments: QueueMoments) -> Q:
    """The condition that these filters are; words that are searched for are `search`'s."""
    given: dict[str, Any] = {
        name: value for name in _EQUAL_FIELDS if (value := getattr(filters, name)) is not None
    }
    for name, compared in _DATE_FIELDS.items():
        if day := getattr(filters, name):
            given[compared] = _get_midnight(day + timedelta(days=name.endswith("_to")))
    if filters.nobody:
        given |= {"officer": None, "unit": None}
    if filters.urgent:
        given["urgent"] = True
    late = Q(state__in=[str(state) for state in State if state in WORKED_STATES], due_at__lt=moments.now)
    return Q(**given) & (late if filters.overdue else Q())


def _get_midnight(day: date) -> datetime:
    return datetime.combine(day, time(), get_working_calendar().zone)
