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

from bekhedmetkom.identity.queries import get_reachable_bodies
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.insight.commands.screens import LASTS, MOST, NAME, end_screen, make_screen, open_screen
from bekhedmetkom.insight.queries.screens import Shown, screens_of, shown_by
from bekhedmetkom.interfaces.actor import officer_required
from bekhedmetkom.interfaces.audience import audience
from bekhedmetkom.interfaces.look.streams import address_of_stream
from bekhedmetkom.kernel.clock import now as moment
from bekhedmetkom.kernel.errors import InvalidInput, NotAllowed
from bekhedmetkom.live.queries import newest_of_feed
from bekhedmetkom.live.rules import Topic

from .asked import TURNS, Asked, asked
from .board import figures_of
from .visit import RequestContext, get_context

COOKIE = "__Host-wall" if settings.HTTPS else "wall"
TOPICS = (Topic.FEED, Topic.INDICATORS)


@audience("officer")
@officer_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def screens(request: HttpRequest) -> HttpResponse:
    """One's own walls; making one for the figures of this address, and ending one."""
    visit = get_context(request)
    if request.method != "POST":
        return _shown(request, visit, {})
    if (ending := request.POST.get("end", "")).isascii() and ending.isdecimal() and len(ending) < 10:
        try:
            end_screen(screen=int(ending), actor=visit.actor, at=visit.at)
        except NotAllowed as refused:
            raise Http404 from refused
        messages.success(request, _("أُغلقت الشاشة."))
        return redirect("dashboard:screens")
    try:
        token = make_screen(
            name=request.POST.get("name", ""),
            query=_query(request.GET, visit),
            actor=visit.actor,
            at=visit.at,
        )
    except InvalidInput as refused:
        typed = {"wrong": refused.words.in_(visit.language), "name": request.POST.get("name", "")}
        return _shown(request, visit, typed, status=422)
    return _shown(
        request, visit, {"made": request.build_absolute_uri(reverse("dashboard:open-screen", args=[token]))}
    )


def _query(query: QueryDict, visit: RequestContext) -> str:
    """What narrows; its days are always the last ones."""
    return asked(query, visit).address("view", "show", "from", "to")


def _shown(
    request: HttpRequest, visit: RequestContext, more: dict[str, Any], status: int = 200
) -> HttpResponse:
    context = {
        "visit": visit, "asked": asked(request.GET, visit), "screens": screens_of(visit.actor, visit.at),
        "days": LASTS.days, "most": MOST, "longest": NAME, **more,
    }  # fmt: skip
    return render(request, "dashboard/screens.html", context, status=status)


@audience("public")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def opened(request: HttpRequest, token: str) -> HttpResponse:
    """On the wall's own browser: a button first, for programs look at addresses too; then the wall, from now on."""
    if request.method != "POST":
        return render(request, "dashboard/open_screen.html", {"token": token})
    found = open_screen(token=token, at=moment())
    if found is None:
        return render(request, "dashboard/open_screen.html", {"over": True}, status=404)
    secret, until = found
    answer = redirect("dashboard:screen")
    answer.set_cookie(
        COOKIE, secret, expires=until, path="/", secure=settings.HTTPS, httponly=True, samesite="Strict"
    )
    return answer


@audience("public")
@never_cache
@require_safe
def screen(request: HttpRequest) -> HttpResponse:
    """The wall itself. What is over says so, and nothing else."""
    found = _wanted(request)
    if found is None:
        return render(request, "dashboard/open_screen.html", {"over": True}, status=403)
    wanted, shown = found
    context = figures_of(wanted, needs=False) | {
        "turns": TURNS, "feed": newest_of_feed(shown.actor), "device": True,
        "listens": address_of_stream(shown.actor, TOPICS),
    }  # fmt: skip
    return render(request, "dashboard/wall.html", context)


@audience("public")
@never_cache
@require_safe
def now(request: HttpRequest) -> HttpResponse:
    """Its figures, as it asks for them anew."""
    found = _wanted(request)
    if found is None:
        raise PermissionDenied
    return render(request, "dashboard/_figures.html", figures_of(found[0], needs=False))


@audience("public")
@never_cache
@require_GET
def token(request: HttpRequest) -> JsonResponse:
    """The address of its stream, with a new token."""
    found = _wanted(request)
    if found is None:
        raise PermissionDenied
    return JsonResponse({"address": address_of_stream(found[1].actor, TOPICS)})


def _wanted(request: HttpRequest) -> tuple[Asked, Shown] | None:
    """What the wall shows, by its cookie. Where a choice is its officer's no longer, it shows nothing: never more."""
    at = moment()
    shown = shown_by(request.COOKIES.get(COOKIE, ""), at)
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
    wanted = asked(query, visit)
    same = wanted.address("view", "show", "from", "to") == shown.query
    return (wanted, shown) if same else None
