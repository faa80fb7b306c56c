"""The list that a query string asks for: queue or search, filters, sort order and columns."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bekhedmetkom.cases.queries import ALL_CASES, SORT_ORDERS, CasePage, get_case_page, get_default_order
from bekhedmetkom.cases.rules.states import State

from ..request_context import RequestContext
from .filters import AppliedFilters, parse_filters
from .queues import Queue, get_requested_queue, get_widest_queue


@dataclass(frozen=True, slots=True)
class ListQuery:
    """`queue` is the officer's widest for a search. Empty `order` and `columns` mean the default."""

    visit: RequestContext
    queue: Queue
    search_words: str
    applied_filters: AppliedFilters
    order: str
    columns: tuple[str, ...]

    @property
    def name(self) -> str:
        """The list's name, as `desk_page` takes it."""
        return ALL_CASES if self.search_words else self.queue.name

    @property
    def sort_order(self) -> str:
        return self.order or get_default_order(self.name)

    def get_page(self, cursor: str, most: int) -> CasePage:
        """Return the page of cases. Raises `InvalidInput` for an invalid cursor."""
        filters = replace(self.applied_filters.filters, q=self.search_words)
        return get_case_page(self.visit.actor, self.name, self.visit.at, filters, cursor, most, self.order)

    def build_params(self) -> dict[str, str]:
        """Return the normalised parameters of this list."""
        of_it = {"q": self.search_words} if self.search_words else {"queue": self.queue.name}
        more = {"order": self.order, "columns": ".".join(self.columns)}
        return of_it | self.applied_filters.values | {name: value for name, value in more.items() if value}

    @property
    def unfiltered_query_string(self) -> str:
        """The query string without filters."""
        return urlencode(
            {
                name: value
                for name, value in self.build_params().items()
                if name not in self.applied_filters.values
            }
        )

    def build_query_string(self, without: str = "", **more: str) -> str:
        """Return the query string of this list, without the parameter `without` and with `changes`."""
        return urlencode(
            {name: value for name, value in (self.build_params() | more).items() if value and name != without}
        )


def parse_list_query(query: QueryDict, visit: RequestContext) -> ListQuery:
    """Parse a query string. Raises `Http404` for a queue that the officer does not have."""
    words = get_search_words(query)
    queue = get_widest_queue(visit) if words else get_requested_queue(query, visit)
    order = query.get("order", "")
    usual = get_default_order(ALL_CASES if words else queue.name)
    return ListQuery(
        visit,
        queue,
        words,
        parse_filters(query, visit, list(State) if words else queue.states),
        order if usual and order in SORT_ORDERS and order != usual else "",
        select_columns(query.get("columns", "").split(".")),
    )


def get_search_words(query: QueryDict) -> str:
    """Return the search words; empty if it is no search."""
    return (query.get("q") or "").strip()[:100]


class Column(NamedTuple):
    """`look` is its CSS class; a `narrow` column is left out of small screens."""

    title: str | Promise
    is_default: bool = True


COLUMNS: Mapping[str, Column] = {
    "due": Column(_("الموعد")),
    "ref": Column(_("الرقم")),
    "subject": Column(pgettext_lazy("column", "الطلب")),
    "kind": Column(_("النوع")),
    "topic": Column(_("الموضوع"), is_default=False),
    "area": Column(_("المكان")),
    "body": Column(_("الجهة"), is_default=False),
    "unit": Column(_("القسم"), is_default=False),
    "who": Column(_("المكلّف")),
    "state": Column(_("الحالة")),
    "channel": Column(_("القناة"), is_default=False),
    "came": Column(_("وصل"), is_default=False),
    "last": Column(_("آخر حركة")),
}
REQUIRED_COLUMN = "subject"  # without it a line says nothing
DEFAULT_COLUMNS = tuple(name for name, column in COLUMNS.items() if column.is_default)


def select_columns(names: Iterable[str]) -> tuple[str, ...]:
    """Return the known columns among these names, in display order."""
    chosen = set(names) & COLUMNS.keys()
    return tuple(name for name in COLUMNS if name in chosen or name == REQUIRED_COLUMN) if chosen else ()
