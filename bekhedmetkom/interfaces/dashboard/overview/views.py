"""The page itself: the figures that an address asks for, at the desk, on a phone or on a wall."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bekhedmetkom.analytics.queries.dashboard import get_dashboard, get_forecast_and_alerts
from bekhedmetkom.analytics.rules.indicators import MIN_OBSERVATIONS
from bekhedmetkom.cases.rules.access import has_permission_anywhere
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.interfaces.access_control import audience, officer_required
from bekhedmetkom.live.queries import list_feed

from ..alerts import summarise_alerts
from ..filters import WALL_VIEWS, Filters, parse_filters
from ..request_context import get_context
from .attention import get_attention_panel
from .kpis import list_kpis
from .panels import build_map_legend, build_panels, has_forecast


@audience("officer")
@officer_required
@never_cache
@require_safe
def show_overview(request: HttpRequest) -> HttpResponse:
    """Everything at once; each figure leads to what it means and, for who may, to the cases behind it."""
    visit = get_context(request)
    if empty := [
        name for name, value in request.GET.items() if not value
    ]:  # as a form sends what was left open
        query = request.GET.copy()
        for name in empty:
            del query[name]
        return redirect(f"{reverse('dashboard:board')}{'?' if query else ''}{query.urlencode()}")
    wanted = parse_filters(request.GET, visit)
    template = "dashboard/wall_screens/screen.html" if wanted.is_wall else "dashboard/overview/page.html"
    return render(
        request,
        template,
        build_figures_context(wanted) | {"turns": WALL_VIEWS, "feed": list_feed(visit.actor)},
    )


@audience("officer")
@officer_required
@never_cache
@require_safe
def show_figures(request: HttpRequest) -> HttpResponse:
    """The figures alone, as a page that is open asks for them anew."""
    return render(
        request,
        "dashboard/overview/_figures.html",
        build_figures_context(parse_filters(request.GET, get_context(request))),
    )


def build_figures_context(wanted: Filters, *, needs: bool = True) -> dict[str, Any]:
    """What both ways to show figures need."""
    found = get_dashboard(wanted.slice, wanted.context.at)
    expected, unusual = get_forecast_and_alerts(
        wanted.context.actor, wanted.slice.entities, wanted.context.today
    )
    return {
        "visit": wanted.context, "asked": wanted, "board": found, "kpis": list_kpis(found, wanted),
        "panels": build_panels(found, wanted, expected if has_forecast(wanted) else None),
        "unusual": summarise_alerts(unusual, wanted), "legend": build_map_legend(), "enough": MIN_OBSERVATIONS,
        "needs": get_attention_panel(wanted) if needs else None,
        "asks": not wanted.is_wall and has_permission_anywhere(wanted.context.actor, Permission.ASK_HEAD),
    }  # fmt: skip
