"""Walls that stay on for days: where an officer makes and ends them, and what the wall's own browser asks for.

A wall has no session. Its browser keeps a secret in a cookie of the wall's pages, which are read-only, lead nowhere
and name nobody; each asks anew what its officer may watch.
"""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from bekhedmetkom.analytics.commands.wall_screens import (
    MAX_NAME_LENGTH,
    MAX_SCREENS,
    SCREEN_LIFETIME,
    create_wall_screen,
    end_wall_screen,
    pair_wall_screen,
)
from bekhedmetkom.analytics.queries.wall_screens import ActiveScreen, find_wall_screen, list_wall_screens
from bekhedmetkom.identity.queries import get_reachable_bodies
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.interfaces.access_control import audience, officer_required
from bekhedmetkom.interfaces.ui.live_stream import build_stream_url
from bekhedmetkom.kernel.clock import now as moment
from bekhedmetkom.kernel.errors import InvalidInput, NotAllowed
from bekhedmetkom.live.queries import list_feed
from bekhedmetkom.live.rules import Topic

from .filters import WALL_VIEWS, Filters, parse_filters
from .overview.views import build_figures_context
from .request_context import RequestContext, get_context

WALL_COOKIE = "__Host-wall" if settings.HTTPS else "wall"
STREAM_TOPICS = (Topic.FEED, Topic.INDICATORS)


@audience("officer")
@officer_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def manage_wall_screens(request: HttpRequest) -> HttpResponse:
    """One's own walls; making one for the figures of this address, and ending one."""
    visit = get_context(request)
    if request.method != "POST":
        return _render_page(request, visit, {})
    if (ending := request.POST.get("end", "")).isascii() and ending.isdecimal() and len(ending) < 10:
        try:
            end_wall_screen(screen=int(ending), actor=visit.actor, at=visit.at)
        except NotAllowed as refused:
            raise Http404 from refused
        messages.success(request, _("أُغلقت الشاشة."))
        return redirect("dashboard:screens")
    try:
        token = create_wall_screen(
            name=request.POST.get("name", ""),
            query=_build_query(request.GET, visit),
            actor=visit.actor,
            at=visit.at,
        )
    except InvalidInput as refused:
        typed = {"wrong": refused.message.in_language(visit.language), "name": request.POST.get("name", "")}
        return _render_page(request, visit, typed, status=422)
    return _render_page(
        request, visit, {"made": request.build_absolute_uri(reverse("dashboard:open-screen", args=[token]))}
    )


def _build_query(query: QueryDict, visit: RequestContext) -> str:
    """What narrows; its days are always the last ones."""
    return parse_filters(query, visit).build_query_string("view", "show", "from", "to")


def _render_page(
    request: HttpRequest, visit: RequestContext, more: dict[str, Any], status: int = 200
) -> HttpResponse:
    context = {
        "visit": visit, "asked": parse_filters(request.GET, visit), "screens": list_wall_screens(visit.actor, visit.at),
        "days": SCREEN_LIFETIME.days, "most": MAX_SCREENS, "longest": MAX_NAME_LENGTH, **more,
    }  # fmt: skip
    return render(request, "dashboard/wall_screens/list.html", context, status=status)


@audience("public")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def open_wall_screen(request: HttpRequest, token: str) -> HttpResponse:
    """On the wall's own browser: a button first, for programs look at addresses too; then the wall, from now on."""
    if request.method != "POST":
        return render(request, "dashboard/wall_screens/open.html", {"token": token})
    found = pair_wall_screen(token=token, at=moment())
    if found is None:
        return render(request, "dashboard/wall_screens/open.html", {"over": True}, status=404)
    secret, until = found
    answer = redirect("dashboard:screen")
    answer.set_cookie(
        WALL_COOKIE, secret, expires=until, path="/", secure=settings.HTTPS, httponly=True, samesite="Strict"
    )
    return answer


@audience("public")
@never_cache
@require_safe
def show_wall_screen(request: HttpRequest) -> HttpResponse:
    """The wall itself. What is over says so, and nothing else."""
    found = _find_wall_screen(request)
    if found is None:
        return render(request, "dashboard/wall_screens/open.html", {"over": True}, status=403)
    wanted, shown = found
    context = build_figures_context(wanted, needs=False) | {
        "turns": WALL_VIEWS, "feed": list_feed(shown.actor), "device": True,
        "listens": build_stream_url(shown.actor, STREAM_TOPICS),
    }  # fmt: skip
    return render(request, "dashboard/wall_screens/screen.html", context)


@audience("public")
@never_cache
@require_safe
def show_wall_figures(request: HttpRequest) -> HttpResponse:
    """Its figures, as it asks for them anew."""
    found = _find_wall_screen(request)
    if found is None:
        raise PermissionDenied
    return render(request, "dashboard/overview/_figures.html", build_figures_context(found[0], needs=False))


@audience("public")
@never_cache
@require_GET
def get_stream_token(request: HttpRequest) -> JsonResponse:
    """The address of its stream, with a new token."""
    found = _find_wall_screen(request)
    if found is None:
        raise PermissionDenied
    return JsonResponse({"address": build_stream_url(found[1].actor, STREAM_TOPICS)})


def _find_wall_screen(request: HttpRequest) -> tuple[Filters, ActiveScreen] | None:
    """What the wall shows, by its cookie. Where a choice is its officer's no longer, it shows nothing: never more."""
    at = moment()
    shown = find_wall_screen(request.COOKIES.get(WALL_COOKIE, ""), at)
    if shown is None:
        return None
    visit = RequestContext(
        shown.actor,
        at,
        get_language() or "ar",
        shown.name,
        get_reachable_bodies(shown.actor, Permission.WATCH),
    )
    query = QueryDict(shown.query, mutable=True)
    query.update({"view": "wall", "show": request.GET.get("show", "")})
    wanted = parse_filters(query, visit)
    same = wanted.build_query_string("view", "show", "from", "to") == shown.query
    return (wanted, shown) if same else None
