"""The signed-in agent and the time of a request."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache

from bekhedmetkom.calls.commands import CallBackNotHeld, CallerNotVerified, CallNotHeld
from bekhedmetkom.cases.rules.access import has_permission_anywhere
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.interfaces.access_control import View, get_request_actor, officer_required
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import now


@dataclass(frozen=True, slots=True)
class RequestContext:
    """The agent, the time, the language and the agent's name."""

    actor: Actor
    at: datetime
    language: str
    name: str


def get_context(request: HttpRequest) -> RequestContext:
    """Return the context of the signed-in agent. Raises `PermissionDenied` without the permission to take calls."""
    officer, actor = request.user, get_request_actor(request)
    if (
        not officer.is_authenticated
        or actor is None
        or not has_permission_anywhere(actor, Permission.TAKE_CALLS)
    ):
        raise PermissionDenied
    language = get_language() or "ar"
    return RequestContext(actor, now(), language, officer.name.in_language(language))


def redirect_to_anchor(page: str, pk: int, place: str) -> HttpResponse:
    """Redirect to the page at an anchor, where keyboard focus continues."""
    return redirect(f"{reverse(page, args=[pk])}#{place}")


def require_own_call(view: Callable[[HttpRequest, RequestContext, int], HttpResponse]) -> View:
    """Decorate a view of the agent's own call or call-back; otherwise redirect to the console, or 404 for GET."""

    @officer_required
    @never_cache
    @wraps(view)
    def wrapper(request: HttpRequest, pk: int) -> HttpResponseBase:
        visit = get_context(request)
        try:
            return view(request, visit, pk)
        except (CallBackNotHeld, CallerNotVerified, CallNotHeld) as refused:
            if request.method == "GET":
                raise Http404 from refused
            messages.error(request, refused.message.in_language(visit.language))
            return redirect("calls:home")

    return wrapper
