"""Who may open a view: the declared audience, and decorators that require an officer or an administrator."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Literal, TypeVar, get_args

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from bekhedmetkom.cases import row_security
from bekhedmetkom.identity import queries
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.actor import Actor

View = Callable[..., HttpResponseBase]


def get_request_actor(request: HttpRequest) -> Actor | None:
    """Return the signed-in officer with today's permissions; `None` for everybody else. Cached on the request."""
    kept = vars(request)
    if "actor" not in kept:
        user = request.user
        kept["actor"] = queries.get_actor(user, clock.now()) if user.is_authenticated else None
        if kept["actor"]:
            row_security.allow_officer(kept["actor"])
    actor: Actor | None = kept["actor"]
    return actor


def officer_required(view: View) -> View:
    """Redirect to sign-in, and back to the same page, unless an officer is signed in."""

    @wraps(view)
    def only_for_officers(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if get_request_actor(request) is None:
            return redirect_to_login(request.get_full_path(), reverse("sign-in"))
        return view(request, *args, **kwargs)

    return only_for_officers


def administrator_required(view: View) -> View:
    """Require an administrator. Raises `PermissionDenied` for other officers."""

    @officer_required
    @wraps(view)
    def only_for_administrators(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm("wagtailadmin.access_admin"):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return only_for_administrators


Audience = Literal["public", "citizen", "officer", "administrator", "machine"]
AnyView = TypeVar("AnyView", bound=Callable[..., object])


def audience(who: Audience) -> Callable[[AnyView], AnyView]:
    """Declare a view's audience: anyone, the holder of an access code, officers, administrators, programs."""
    if who not in get_args(Audience):
        raise ValueError(f"no audience {who!r}")

    def declare(view: AnyView) -> AnyView:
        marked: Any = view
        marked.audience = who
        return view

    return declare
