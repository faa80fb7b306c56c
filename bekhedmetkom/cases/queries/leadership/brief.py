"""The figures of the brief, counted by the conditions of the lists and cards that its lines lead to."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from bekhedmetkom.entities.queries import get_working_calendar
from bekhedmetkom.identity.queries import RoleCoverage, get_role_coverage
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import get_local_date

from ...models import Case
from ...rules.brief import Brief
from ..lists.filters import QueueFilter, build_filter
from ..lists.queue_counts import build_count_statement
from ..lists.queues import (
    MOMENT_PLACEHOLDERS,
    PLACEHOLDERS,
    QueueMoments,
    filter_queue,
    get_directory_version,
)
from ..prepared_statements import PreparedStatement
from .attention import filter_card
from .instructions import Instruction, list_instructions


def get_brief(viewer: Actor, now: datetime, asked: list[Instruction] | None = None) -> Brief:
    """One query; another for the instructions, unless who asks has them already."""
    since, until = _get_period(get_local_date(now))
    statement = _build_counts(viewer, get_role_coverage(now), since, until, get_directory_version())
    said: dict[Any, Any] = dict(zip(PLACEHOLDERS, QueueMoments.at(now), strict=False))
    found = dict(statement.asked(said))
    due = datetime.combine(get_local_date(now) + timedelta(days=1), time(), get_working_calendar().zone)
    waiting = [one for one in asked if one.mine] if asked is not None else _list_own_instructions(viewer, now)
    return Brief(
        since, until, found["came"], found["overdue"], found["escalated"], found["upheld"], found["approval"],
        sum(one.until <= due for one in waiting),
    )  # fmt: skip


def _list_own_instructions(viewer: Actor, now: datetime) -> list[Instruction]:
    return [one for one in list_instructions(viewer, now) if one.mine]


def _get_period(today: date) -> tuple[date, date]:
    """From the last working day before today until yesterday."""
    calendar, yesterday = get_working_calendar(), today - timedelta(days=1)
    since = yesterday
    while not calendar.is_open_day(since):
        since -= timedelta(days=1)
    return since, yesterday


@lru_cache(maxsize=1024)
def _build_counts(
    viewer: Actor, service: RoleCoverage, since: date, until: date, _directory: tuple[int, int]
) -> PreparedStatement:
    moments = MOMENT_PLACEHOLDERS
    came = build_filter(QueueFilter(came_from=since, came_to=until), moments)
    parts: dict[str, QuerySet[Case]] = {
        "came": filter_queue(viewer, "entity", moments, service).filter(came),
        "overdue": filter_queue(viewer, "overdue", moments, service),
        "escalated": filter_queue(viewer, "escalated", moments, service),
        "upheld": filter_card("upheld", viewer, service),
        "approval": filter_card("approval", viewer, service),
    }
    return build_count_statement(parts, PLACEHOLDERS)
