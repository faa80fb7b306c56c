"""The list page: a queue or search results, nearest deadline first."""

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
    CasePage,
    ConfidentialEscalation,
    Escalation,
    ListPreferences,
    SavedViewItem,
    find_desk_case,
    get_case_highlights,
    get_list_preferences,
    is_leadership,
    list_confidential_escalations,
)
from bekhedmetkom.entities.queries import get_tree
from bekhedmetkom.interfaces.access_control import audience, officer_required
from bekhedmetkom.kernel.errors import InvalidInput
from bekhedmetkom.kernel.references import parse_reference
from bekhedmetkom.kernel.text import BilingualText

from ..request_context import RequestContext, get_context
from .bulk_forms import list_bulk_actions
from .list_panels import LIST_PANELS
from .list_query import DEFAULT_COLUMNS, ListQuery, get_search_words, parse_list_query, select_columns
from .queue_counts import get_page_counts
from .queues import Queue, build_sidebar, format_case_count, list_own_queues

PAGE_SIZE = 50


@audience("officer")
@officer_required
@never_cache
@require_safe
def show_list(request: HttpRequest) -> HttpResponse:
    """Show one page of a queue or of search results. A reference in the search box redirects to its case."""
    visit = get_context(request)
    if not request.GET and is_leadership(visit.actor):
        return redirect("desk:needs")
    reference = parse_reference(get_search_words(request.GET))
    if reference and find_desk_case(visit.actor, reference, visit.at):
        return redirect("desk:case", reference)
    if empty := [
        name for name, value in request.GET.items() if not value
    ]:  # as a form sends what was left open
        return _redirect(request, _remove_params(request.GET, *empty))
    asked = parse_list_query(request.GET, visit)
    try:
        return render_list(
            request,
            asked,
            panel="filter" if asked.applied_filters.invalid_dates else request.GET.get("panel", ""),
        )
    except InvalidInput:  # a cursor that nobody gave out
        return _redirect(request, _remove_params(request.GET, "cursor"))


def render_list(
    request: HttpRequest, asked: ListQuery, *, panel: str = "", error: str = "", status: int = 200
) -> HttpResponse:
    """Render the list. `panel` names the panel that is open above it; `error` is shown in it."""
    visit, cursor = asked.visit, request.GET.get("cursor", "")
    page, kept, counts = (
        asked.get_page(cursor, PAGE_SIZE),
        get_list_preferences(visit.actor),
        get_page_counts(request, visit),
    )
    views, view = _list_views(kept, asked)
    context: dict[str, Any] = {
        "bulks": list_bulk_actions(visit) if page.items else (),
        "visit": visit,
        "side": build_sidebar(visit, counts),
        "queue": asked.queue,
        "searched": asked.search_words,
        "asked": asked,
        "heading": _get_heading(asked, view),
        "empty": _("لا طلب فيه هذه الكلمات.") if asked.search_words else asked.queue.empty,
        "number": _format_number(asked, counts),
        "page": page,
        "cursor": cursor,
        "told": _get_escalations(visit, asked.queue, page),
        "withheld": _list_withheld(visit, asked.queue),
        "live": asked.build_query_string(without="q"),
        "later": asked.build_query_string(cursor=page.next) if page.next else "",
        "columns": asked.columns or select_columns(kept.columns or ()) or DEFAULT_COLUMNS,
        "compact": kept.compact,
        "views": views,
        "view": view,
        "panel": LIST_PANELS.get(panel),
        "error": error,
        "opened": LIST_PANELS[panel].build(request, asked, kept, view) if panel in LIST_PANELS else None,
    }
    return render(request, "desk/lists/list.html", context, status=status)


def _get_heading(asked: ListQuery, view: SavedViewItem | None) -> str:
    if asked.search_words:
        return _("البحث عن «%(words)s»") % {"words": asked.search_words}
    return view.name if view else asked.queue.title.in_language(asked.visit.language)


def _format_number(asked: ListQuery, counts: Mapping[str, int]) -> str:
    if asked.search_words or asked.applied_filters.is_active:
        return ""
    return format_case_count(counts.get(asked.queue.name, 0), asked.visit)


def _list_views(kept: ListPreferences, asked: ListQuery) -> tuple[list[SavedViewItem], SavedViewItem | None]:
    """Return the saved views of the officer's queues, and the one that this list is."""
    own = {queue.name for queue in list_own_queues(asked.visit)}
    views = [view for view in kept.views if QueryDict(view.address).get("queue") in own]
    return views, next((view for view in views if view.address == asked.build_query_string()), None)


def _redirect(request: HttpRequest, address: str) -> HttpResponse:
    return redirect(f"{request.path}?{address}" if address else request.path)


def _get_escalations(visit: RequestContext, queue: Queue, page: CasePage) -> Mapping[UUID, Escalation]:
    """Return the escalation of each case in the list of an official's level."""
    if queue.name != "escalated":
        return {}
    found = get_case_highlights(visit.actor, {row.id for row in page.items}, visit.at)
    return {key: known.raised for key, known in found.items() if known.raised}


def _list_withheld(visit: RequestContext, queue: Queue) -> list[tuple[BilingualText, ConfidentialEscalation]]:
    if queue.name != "escalated":
        return []
    return [
        (get_tree()[line.entity].name, line) for line in list_confidential_escalations(visit.actor, visit.at)
    ]


def _remove_params(query: QueryDict, *names: str) -> str:
    return urlencode([pair for pair in query.items() if pair[0] not in names])
