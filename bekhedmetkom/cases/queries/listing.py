"""A queue, or what a search finds, a page at a time."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import F, Q

from bekhedmetkom.identity.queries import RoleCoverage, get_role_coverage
from bekhedmetkom.kernel.actor import Actor

from . import search
from .keyset import next_page, read_cursor
from .narrowing import EVERY, Filters, narrowed
from .queues import EVERYTHING, UNSAID, UNSAID_MOMENTS, Moments, directory, in_queue
from .rows import Row, as_rows, lines_of
from .visible import units_only
from .worded import Worded, worded

LIMIT = 100
INBOXES = frozenset({"unassigned", "triage", EVERYTHING})  # what has just come in: the newest first


class Order(NamedTuple):
    """By which column, in which direction, and how the rows that follow compare."""

    column: str
    direction: str
    beyond: str


ORDERS = {"due": Order("due_at", "", "gt"), "newest": Order("received_at", "-", "lt")}
_ANSWERED_LAST = Order("answered_at", "-", "lt")  # of what was answered, and of nothing else


@dataclass(frozen=True, slots=True)
class Page:
    items: list[Row] = field(default_factory=list)
    next: str | None = None


def usual_order(queue: str) -> str:
    """One of `ORDERS`: how a queue is sorted unless somebody wants it otherwise; empty where it has one order alone."""
    if queue == "answered":
        return ""
    return "newest" if queue in INBOXES else "due"


def desk_page(
    viewer: Actor,
    queue: str,
    now: datetime,
    filters: Filters = EVERY,
    cursor: str = "",
    limit: int = 50,
    order: str = "",
) -> Page:
    """One page of a queue, in one of `ORDERS` or its usual one. `cursor`: `next` of the page before.

    A search with `queue=EVERYTHING` looks at closed cases too.
    """
    limit = max(1, min(limit, LIMIT))
    after = read_cursor(cursor) if cursor else ()
    searched, usual = bool(filters.q.strip()), usual_order(queue)
    order = (order or usual) if usual else ""
    statement = _listing(
        viewer, queue, get_role_coverage(now), replace(filters, q=""), order, searched, bool(after), limit, directory()
    )  # fmt: skip
    said: dict[Any, Any] = dict(zip(UNSAID, (*Moments.at(now), *after), strict=False))
    found = statement.asked(said | search.said(filters.q))
    page, column = as_rows(found[:limit], now), ORDERS.get(order, _ANSWERED_LAST).column
    return Page(page, next_page(getattr(page[-1], column), page[-1].id) if len(found) > limit else None)


@lru_cache(maxsize=1024)
def _listing(
    viewer: Actor, queue: str, service: RoleCoverage, filters: Filters, order: str, searched: bool, goes_on: bool,
    limit: int, _directory: tuple[int, int],
) -> Worded:  # fmt: skip
    """The statement of `desk_page`: `goes_on` after the row that `UNSAID` stands for."""
    moments = UNSAID_MOMENTS
    rows = in_queue(viewer, queue, moments, service).filter(narrowed(filters, moments))
    if searched:
        rows = rows.filter(search.found(viewer))
    column, direction, beyond = ORDERS.get(order, _ANSWERED_LAST)
    if goes_on:
        moment, key = UNSAID[3:]
        rows = rows.filter(
            Q((f"{column}__{beyond}", moment)) | Q((f"pk__{beyond}", key)), (f"{column}__{beyond}e", moment)
        )
    if units_only(viewer) and order != usual_order(queue):
        # A unit's cases are few and sorted faster than found one by one among those of the country.
        rows = rows.annotate(sorted_by=F(column) + timedelta()).order_by(
            f"{direction}sorted_by", f"{direction}pk"
        )
    else:
        rows = rows.order_by(f"{direction}{column}", f"{direction}pk")
    lines = lines_of(rows)
    return worded(lines[: limit + 1], (*UNSAID, *search.UNSAID))
