"""Middleware that requires the second factor."""

from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

GetResponse = Callable[[HttpRequest], HttpResponse]


class SecondFactorMiddleware:
    """Applies to every view except those for the public and citizens.

    Logs out officers who have a second factor but did not show it; sends officers without one to set it up, except in
    the demonstration.
    """

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        target = getattr(view, "view_class", view)
        for_anyone = getattr(target, "audience", "") in ("public", "citizen")
        if (
            for_anyone
            or getattr(target, "allowed_before_second_factor", False)
            or not request.user.is_authenticated
        ):
            return None
        if request.user.has_second_factor:
            if any(record["method"] == "mfa" for record in get_authentication_records(request, request.user)):
                return None
            logout(request)
            return HttpResponseRedirect(reverse("sign-in"))
        if settings.OFFICERS_NEED_SECOND_FACTOR:
            return HttpResponseRedirect(reverse("mfa_index"))
        return None
