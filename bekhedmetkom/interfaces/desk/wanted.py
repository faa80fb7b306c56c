"""Which list an address asks for: a queue or words that are searched for, what narrows it, its order, its columns."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import QueryDict

from bekhedmetkom.cases.queries import EVERYTHING, ORDERS, Page, desk_page, usual_order
from bekhedmetkom.cases.rules.states import State

from .columns import columns_in
from .conditions import Narrowing, narrowing
from .queues import Queue, chosen_queue, widest
from .visit import RequestContext


@dataclass(frozen=True, slots=True)
class Wanted:
    """`queue` is the widest of the officer's where `words` are searched for. `order` and `columns`: empty for usual."""

    visit: RequestContext
    queue: Queue
    words: str
    narrowing: Narrowing
    order: str
    columns: tuple[str, ...]

    @property
    def name(self) -> str:
        """Of the list, as `desk_page` has it."""
        return EVERYTHING if self.words else self.queue.name

    @property
    def sorted_by(self) -> str:
        return self.order or usual_order(self.name)

    def page(self, cursor: str, most: int) -> Page:
        """`Invalid` for a cursor that nobody gave out."""
        filters = replace(self.narrowing.filters, q=self.words)
        return desk_page(self.visit.actor, self.name, self.visit.at, filters, cursor, most, self.order)

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


def wanted(query: QueryDict, visit: RequestContext) -> Wanted:
    """404 for a queue that is none of the officer's."""
    words = typed(query)
    queue = widest(visit) if words else chosen_queue(query, visit)
    order = query.get("order", "")
    usual = usual_order(EVERYTHING if words else queue.name)
    return Wanted(
        visit, queue, words, narrowing(query, visit, list(State) if words else queue.states),
        order if usual and order in ORDERS and order != usual else "", columns_in(query.get("columns", "").split(".")),
    )  # fmt: skip


def typed(query: QueryDict) -> str:
    """What is searched for; empty where nothing is."""
    return (query.get("q") or "").strip()[:100]
