"""The queues: what waits for whom, the nearest date first."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bekhedmetkom.cases.queries import EVERYTHING, INBOXES, desk_case, desk_page
from bekhedmetkom.cases.rules.states import State
from bekhedmetkom.interfaces.actor import officer_required
from bekhedmetkom.interfaces.audience import audience
from bekhedmetkom.kernel.errors import Invalid
from bekhedmetkom.kernel.references import parse_reference

from .counts import known
from .filters import FilterForm
from .queues import chosen_queue, how_many, side_bar, widest
from .visit import visit_of

PAGE = 50


@audience("officer")
@officer_required
@never_cache
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """One queue, or what a search finds, a page at a time."""
    visit = visit_of(request)
    words = typed(request.GET)
    reference = parse_reference(words)
    if reference and desk_case(visit.actor, reference, visit.at):
        return redirect("desk:case", reference)
    chosen = widest(visit) if words else chosen_queue(request.GET, visit)
    filters = FilterForm(request.GET, visit=visit, states=list(State) if words else chosen.states)
    try:
        page = desk_page(
            visit.actor, EVERYTHING if words else chosen.name, visit.at, filters.wanted(words),
            request.GET.get("cursor", ""), PAGE,
        )  # fmt: skip
    except Invalid:  # a cursor that nobody gave out
        return redirect(f"{request.path}?{_without(request.GET, 'cursor')}")
    counts = known(request, visit)
    return render(
        request,
        "desk/list.html",
        {
            "visit": visit, "side": side_bar(visit, counts), "queue": chosen, "searched": words, "filters": filters,
            "heading": _("البحث عن «%(words)s»") % {"words": words} if words else chosen.title.in_(visit.language),
            "empty": _("لا طلب فيه هذه الكلمات.") if words else chosen.empty,
            "number": "" if words or filters.narrows else how_many(counts.get(chosen.name, 0), visit),
            "inbox": bool(words) or chosen.name in INBOXES,
            "page": page, "first": _without(request.GET, "cursor"), "later": _next(request.GET, page.next),
            "live": _without(request.GET, "cursor", "q"),
            "unfiltered": _without(request.GET, "cursor", *filters.fields),
            "asked": [pair for pair in request.GET.items() if pair[0] in ("q", "queue", *filters.fields)],
        },
    )  # fmt: skip


def typed(query: QueryDict) -> str:
    """What is searched for; empty where nothing is."""
    return (query.get("q") or "").strip()[:100]


def _without(query: QueryDict, *names: str) -> str:
    kept = query.copy()
    for name in names:
        kept.pop(name, None)
    return kept.urlencode()


def _next(query: QueryDict, cursor: str | None) -> str:
    if cursor is None:
        return ""
    following = query.copy()
    following["cursor"] = cursor
    return following.urlencode()
