"""The page itself: the figures that an address asks for, at the desk, on a phone or on a wall."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bekhedmetkom.cases.rules.access import holds
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.insight.queries.beside import beside
from bekhedmetkom.insight.queries.board import board
from bekhedmetkom.insight.rules.indicators import ENOUGH
from bekhedmetkom.interfaces.actor import officer_required
from bekhedmetkom.interfaces.audience import audience
from bekhedmetkom.live.queries import newest_of_feed

from .alerts import said_shortly
from .asked import TURNS, Asked, asked
from .kpis import kpis
from .map import legend
from .needs import wanted_of
from .panels import is_whole, panels
from .visit import get_context


@audience("officer")
@officer_required
@never_cache
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Everything at once; each figure leads to what it means and, for who may, to the cases behind it."""
    visit = get_context(request)
    if empty := [
        name for name, value in request.GET.items() if not value
    ]:  # as a form sends what was left open
        query = request.GET.copy()
        for name in empty:
            del query[name]
        return redirect(f"{reverse('dashboard:board')}{'?' if query else ''}{query.urlencode()}")
    wanted = asked(request.GET, visit)
    template = "dashboard/wall.html" if wanted.wall else "dashboard/page.html"
    return render(
        request, template, figures_of(wanted) | {"turns": TURNS, "feed": newest_of_feed(visit.actor)}
    )


@audience("officer")
@officer_required
@never_cache
@require_safe
def now(request: HttpRequest) -> HttpResponse:
    """The figures alone, as a page that is open asks for them anew."""
    return render(request, "dashboard/_figures.html", figures_of(asked(request.GET, get_context(request))))


def figures_of(wanted: Asked, *, needs: bool = True) -> dict[str, Any]:
    """What both ways to show figures need."""
    found = board(wanted.slice, wanted.visit.at)
    expected, unusual = beside(wanted.visit.actor, wanted.slice.entities, wanted.visit.today)
    return {
        "visit": wanted.visit, "asked": wanted, "board": found, "kpis": kpis(found, wanted),
        "panels": panels(found, wanted, expected if is_whole(wanted) else None),
        "unusual": said_shortly(unusual, wanted), "legend": legend(), "enough": ENOUGH,
        "needs": wanted_of(wanted) if needs else None,
        "asks": not wanted.wall and holds(wanted.visit.actor, Permission.ASK_HEAD),
    }  # fmt: skip
