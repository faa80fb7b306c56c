"""A session that has not shown its second factor does nothing but show it, or set one up."""

from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

GetResponse = Callable[[HttpRequest], HttpResponse]


class SecondFactorMiddleware:
    """Holds for every view but those for anyone: it cannot be forgotten on a new page.

    Who has a second factor and came in without showing it, by whatever door, is out again. Who has none is led to
    set one up, outside the demonstration.
    """

    def __init__(self, answer: GetResponse):
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        shown = getattr(view, "view_class", view)
        for_anyone = getattr(shown, "audience", "") in ("public", "citizen")
        if (
            for_anyone
            or getattr(shown, "allowed_before_second_factor", False)
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
