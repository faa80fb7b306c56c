"""The queues: what waits for whom, the nearest date first."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bekhedmetkom.cases.queries import (
    Kept,
    Page,
    Raised,
    View,
    Withheld,
    beside,
    desk_case,
    is_higher,
    kept_of,
    raised_in_confidence,
)
from bekhedmetkom.entities.queries import get_tree
from bekhedmetkom.interfaces.actor import officer_required
from bekhedmetkom.interfaces.audience import audience
from bekhedmetkom.kernel.errors import InvalidInput
from bekhedmetkom.kernel.references import parse_reference
from bekhedmetkom.kernel.text import BilingualText

from .bulk_forms import offered
from .columns import USUAL, columns_in
from .counts import known
from .menus import PANELS
from .queues import Queue, how_many, own_queues, side_bar
from .visit import RequestContext, get_context
from .wanted import Wanted, typed, wanted

PAGE = 50


@audience("officer")
@officer_required
@never_cache
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """One queue, or what a search finds, a page at a time."""
    visit = get_context(request)
    if not request.GET and is_higher(visit.actor):
        return redirect("desk:needs")
    reference = parse_reference(typed(request.GET))
    if reference and desk_case(visit.actor, reference, visit.at):
        return redirect("desk:case", reference)
    if empty := [
        name for name, value in request.GET.items() if not value
    ]:  # as a form sends what was left open
        return _at(request, _without(request.GET, *empty))
    asked = wanted(request.GET, visit)
    try:
        return list_page(
            request, asked, panel="filter" if asked.narrowing.unread else request.GET.get("panel", "")
        )
    except InvalidInput:  # a cursor that nobody gave out
        return _at(request, _without(request.GET, "cursor"))


def list_page(
    request: HttpRequest, asked: Wanted, *, panel: str = "", error: str = "", status: int = 200
) -> HttpResponse:
    """The list that is asked for; `panel`: what stands open above it, perhaps with what is wrong with it."""
    visit, cursor = asked.visit, request.GET.get("cursor", "")
    page, kept, counts = asked.page(cursor, PAGE), kept_of(visit.actor), known(request, visit)
    views, view = _views(kept, asked)
    context: dict[str, Any] = {
        "bulks": offered(visit) if page.items else (),
        "visit": visit, "side": side_bar(visit, counts), "queue": asked.queue, "searched": asked.words, "asked": asked,
        "heading": _heading(asked, view), "empty": _("لا طلب فيه هذه الكلمات.") if asked.words else asked.queue.empty,
        "number": _number(asked, counts), "page": page, "cursor": cursor,
        "told": _told(visit, asked.queue, page), "withheld": _withheld(visit, asked.queue),
        "live": asked.address(without="q"),
        "later": asked.address(cursor=page.next) if page.next else "",
        "columns": asked.columns or columns_in(kept.columns or ()) or USUAL, "compact": kept.compact,
        "views": views, "view": view, "panel": PANELS.get(panel), "error": error,
        "opened": PANELS[panel].of(request, asked, kept, view) if panel in PANELS else None,
    }  # fmt: skip
    return render(request, "desk/list.html", context, status=status)


def _heading(asked: Wanted, view: View | None) -> str:
    if asked.words:
        return _("البحث عن «%(words)s»") % {"words": asked.words}
    return view.name if view else asked.queue.title.in_(asked.visit.language)


def _number(asked: Wanted, counts: Mapping[str, int]) -> str:
    if asked.words or asked.narrowing.narrows:
        return ""
    return how_many(counts.get(asked.queue.name, 0), asked.visit)


def _views(kept: Kept, asked: Wanted) -> tuple[list[View], View | None]:
    """The views that the officer's queues have, and the one that this list is."""
    own = {queue.name for queue in own_queues(asked.visit)}
    views = [view for view in kept.views if QueryDict(view.address).get("queue") in own]
    return views, next((view for view in views if view.address == asked.address()), None)


def _at(request: HttpRequest, address: str) -> HttpResponse:
    return redirect(f"{request.path}?{address}" if address else request.path)


def _told(visit: RequestContext, queue: Queue, page: Page) -> Mapping[UUID, Raised]:
    """On the list of one's level: what was told, on what ground, what came of it, when it climbs."""
    if queue.name != "escalated":
        return {}
    found = beside(visit.actor, {row.id for row in page.items}, visit.at)
    return {key: known.raised for key, known in found.items() if known.raised}


def _withheld(visit: RequestContext, queue: Queue) -> list[tuple[BilingualText, Withheld]]:
    if queue.name != "escalated":
        return []
    return [(get_tree()[line.entity].words, line) for line in raised_in_confidence(visit.actor, visit.at)]


def _without(query: QueryDict, *names: str) -> str:
    return urlencode([pair for pair in query.items() if pair[0] not in names])
