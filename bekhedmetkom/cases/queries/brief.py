"""The figures of the brief, counted by the conditions of the lists and cards that its lines lead to."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from bekhedmetkom.entities.queries import get_working_calendar
from bekhedmetkom.identity.queries import RoleCoverage, get_role_coverage
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import get_local_date

from ..models import Case
from ..rules.brief import Brief
from .counting import counted
from .instructions import Instruction, instructions_of
from .narrowing import Filters, narrowed
from .needs import of_card
from .queues import UNSAID, UNSAID_MOMENTS, Moments, directory, in_queue
from .worded import Worded


def brief_of(viewer: Actor, now: datetime, asked: list[Instruction] | None = None) -> Brief:
    """One query; another for the instructions, unless who asks has them already."""
    since, until = _lately(get_local_date(now))
    statement = _counting(viewer, get_role_coverage(now), since, until, directory())
    said: dict[Any, Any] = dict(zip(UNSAID, Moments.at(now), strict=False))
    found = dict(statement.asked(said))
    due = datetime.combine(get_local_date(now) + timedelta(days=1), time(), get_working_calendar().zone)
    waiting = [one for one in asked if one.mine] if asked is not None else _mine(viewer, now)
    return Brief(
        since, until, found["came"], found["overdue"], found["escalated"], found["upheld"], found["approval"],
        sum(one.until <= due for one in waiting),
    )  # fmt: skip


def _mine(viewer: Actor, now: datetime) -> list[Instruction]:
    return [one for one in instructions_of(viewer, now) if one.mine]


def _lately(today: date) -> tuple[date, date]:
    """From the last working day before today until yesterday."""
    calendar, yesterday = get_working_calendar(), today - timedelta(days=1)
    since = yesterday
    while not calendar.is_open_day(since):
        since -= timedelta(days=1)
    return since, yesterday


@lru_cache(maxsize=1024)
def _counting(
    viewer: Actor, service: RoleCoverage, since: date, until: date, _directory: tuple[int, int]
) -> Worded:
    moments = UNSAID_MOMENTS
    came = narrowed(Filters(came_from=since, came_to=until), moments)
    parts: dict[str, QuerySet[Case]] = {
        "came": in_queue(viewer, "entity", moments, service).filter(came),
        "overdue": in_queue(viewer, "overdue", moments, service),
        "escalated": in_queue(viewer, "escalated", moments, service),
        "upheld": of_card("upheld", viewer, service),
        "approval": of_card("approval", viewer, service),
    }
    return counted(parts, UNSAID)
