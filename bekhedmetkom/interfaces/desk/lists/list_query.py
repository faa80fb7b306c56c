"""Which list an address asks for: a queue or words that are searched for, what narrows it, its order, its columns."""

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
    """`queue` is the widest of the officer's where `words` are searched for. `order` and `columns`: empty for usual."""

    visit: RequestContext
    queue: Queue
    words: str
    narrowing: AppliedFilters
    order: str
    columns: tuple[str, ...]

    @property
    def name(self) -> str:
        """Of the list, as `desk_page` has it."""
        return ALL_CASES if self.words else self.queue.name

    @property
    def sorted_by(self) -> str:
        return self.order or get_default_order(self.name)

    def page(self, cursor: str, most: int) -> CasePage:
        """`Invalid` for a cursor that nobody gave out."""
        filters = replace(self.narrowing.filters, q=self.words)
        return get_case_page(self.visit.actor, self.name, self.visit.at, filters, cursor, most, self.order)

    def parts(self) -> dict[str, str]:
        """The address of this list, always spelled alike."""
        of_it = {"q": self.words} if self.words else {"queue": self.queue.name}
        more = {"order": self.order, "columns": ".".join(self.columns)}
        return of_it | self.narrowing.given | {name: value for name, value in more.items() if value}

    @property
    def unnarrowed(self) -> str:
        """The address of the whole list."""
        return urlencode(
            {name: value for name, value in self.parts().items() if name not in self.narrowing.given}
        )

    def address(self, without: str = "", **more: str) -> str:
        """The same list but for what is said here: what follows the question mark."""
        return urlencode(
            {name: value for name, value in (self.parts() | more).items() if value and name != without}
        )


def parse_list_query(query: QueryDict, visit: RequestContext) -> ListQuery:
    """404 for a queue that is none of the officer's."""
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
    """What is searched for; empty where nothing is."""
    return (query.get("q") or "").strip()[:100]


class Column(NamedTuple):
    """`look` names its class; `narrow`: left out where there is no room for all."""

    title: str | Promise
    usual: bool = True


COLUMNS: Mapping[str, Column] = {
    "due": Column(_("الموعد")),
    "ref": Column(_("الرقم")),
    "subject": Column(pgettext_lazy("column", "الطلب")),
    "kind": Column(_("النوع")),
    "topic": Column(_("الموضوع"), usual=False),
    "area": Column(_("المكان")),
    "body": Column(_("الجهة"), usual=False),
    "unit": Column(_("القسم"), usual=False),
    "who": Column(_("المكلّف")),
    "state": Column(_("الحالة")),
    "channel": Column(_("القناة"), usual=False),
    "came": Column(_("وصل"), usual=False),
    "last": Column(_("آخر حركة")),
}
REQUIRED_COLUMN = "subject"  # without it a line says nothing
DEFAULT_COLUMNS = tuple(name for name, column in COLUMNS.items() if column.usual)


def select_columns(names: Iterable[str]) -> tuple[str, ...]:
    """Those of these names that are columns, in the order in which they stand; empty where none is."""
    chosen = set(names) & COLUMNS.keys()
    return tuple(name for name in COLUMNS if name in chosen or name == REQUIRED_COLUMN) if chosen else ()
