"""A queue, or what a search finds, a page at a time."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import F, Q

from bekhedmetkom.identity.queries import RoleCoverage, get_role_coverage
from bekhedmetkom.kernel.actor import Actor

from ..prepared_statements import PreparedStatement, prepare_statement
from ..visibility import find_only_units
from . import search
from .case_rows import CaseRow, build_rows, select_rows
from .filters import NO_FILTER, QueueFilter, build_filter
from .keyset import build_cursor, parse_cursor
from .queues import (
    ALL_CASES,
    MOMENT_PLACEHOLDERS,
    PLACEHOLDERS,
    QueueMoments,
    filter_queue,
    get_directory_version,
)

MAX_PAGE_SIZE = 100
NEWEST_FIRST_QUEUES = frozenset(
    {"unassigned", "triage", ALL_CASES}
)  # what has just come in: the newest first


class SortOrder(NamedTuple):
    """By which column, in which direction, and how the rows that follow compare."""

    column: str
    direction: str
    beyond: str


SORT_ORDERS = {"due": SortOrder("due_at", "", "gt"), "newest": SortOrder("received_at", "-", "lt")}
_BY_ANSWER_TIME = SortOrder("answered_at", "-", "lt")  # of what was answered, and of nothing else


@dataclass(frozen=True, slots=True)
class CasePage:
    items: list[CaseRow] = field(default_factory=list)
    next: str | None = None


def get_default_order(queue: str) -> str:
    """One of `ORDERS`: how a queue is sorted unless somebody wants it otherwise; empty where it has one order alone."""
    if queue == "answered":
        return ""
    return "newest" if queue in NEWEST_FIRST_QUEUES else "due"


def get_case_page(
    viewer: Actor,
    queue: str,
    now: datetime,
    filters: QueueFilter = NO_FILTER,
    cursor: str = "",
    limit: int = 50,
    order: str = "",
) -> CasePage:
    """One page of a queue, in one of `ORDERS` or its usual one. `cursor`: `next` of the page before.

    A search with `queue=EVERYTHING` looks at closed cases too.
    """
    limit = max(1, min(limit, MAX_PAGE_SIZE))
    after = parse_cursor(cursor) if cursor else ()
    searched, usual = bool(filters.q.strip()), get_default_order(queue)
    order = (order or usual) if usual else ""
    statement = _build_page_statement(
        viewer,
        queue,
        get_role_coverage(now),
        replace(filters, q=""),
        order,
        searched,
        bool(after),
        limit,
        get_directory_version(),
    )
    said: dict[Any, Any] = dict(zip(PLACEHOLDERS, (*QueueMoments.at(now), *after), strict=False))
    found = statement.asked(said | search.build_search_values(filters.q))
    page, column = build_rows(found[:limit], now), SORT_ORDERS.get(order, _BY_ANSWER_TIME).column
    return CasePage(
        page, build_cursor(getattr(page[-1], column), page[-1].id) if len(found) > limit else None
    )


@lru_cache(maxsize=1024)
def _build_page_statement(
    viewer: Actor, queue: str, service: RoleCoverage, filters: QueueFilter, order: str, searched: bool, goes_on: bool,
    limit: int, _directory: tuple[int, int],
) -> PreparedStatement:  # fmt: skip
    """The statement of `desk_page`: `goes_on` after the row that `UNSAID` stands for."""
    moments = MOMENT_PLACEHOLDERS
    rows = filter_queue(viewer, queue, moments, service).filter(build_filter(filters, moments))
    if searched:
        rows = rows.filter(search.build_search_filter(viewer))
    column, direction, beyond = SORT_ORDERS.get(order, _BY_ANSWER_TIME)
    if goes_on:
        moment, key = PLACEHOLDERS[3:]
        rows = rows.filter(
            Q((f"{column}__{beyond}", moment)) | Q((f"pk__{beyond}", key)), (f"{column}__{beyond}e", moment)
        )
    if find_only_units(viewer) and order != get_default_order(queue):
        # A unit's cases are few and sorted faster than found one by one among those of the country.
        rows = rows.annotate(sorted_by=F(column) + timedelta()).order_by(
            f"{direction}sorted_by", f"{direction}pk"
        )
    else:
        rows = rows.order_by(f"{direction}{column}", f"{direction}pk")
    lines = select_rows(rows)
    return prepare_statement(lines[: limit + 1], (*PLACEHOLDERS, *search.SEARCH_PLACEHOLDERS))
