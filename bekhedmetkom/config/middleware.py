"""What happens to every request before a door sees it."""

from collections.abc import Callable
from time import time

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

Answer = Callable[[HttpRequest], HttpResponse]
POLICY_OF_WAGTAIL = {  # its editor writes scripts and styles into its pages; ours never do
    "default-src": [SELF],
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "font-src": [SELF, "data:"],
    "connect-src": [SELF],
    "object-src": [NONE],
    "base-uri": [NONE],
    "form-action": [SELF],
    "frame-ancestors": [SELF],
}
LANGUAGES = dict(settings.LANGUAGES)
RENEW_EVERY = 60  # seconds; renewing at each request would write a row for each page


def language_of_the_address(answer: Answer) -> Answer:
    """Arabic at `/`, English at `/en/`. What the browser prefers does not count: one address, one page."""

    def with_language(request: HttpRequest) -> HttpResponse:
        first = request.path_info.removeprefix("/").partition("/")[0]
        language = first if first in LANGUAGES else settings.LANGUAGE_CODE
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = answer(request)
        response.headers.setdefault("Content-Language", language)
        return response

    return with_language


def content_security_policy(answer: Answer) -> Answer:
    """Pages under `/manage` are Wagtail's; the strict policy of the settings holds everywhere else.

    Both are written once: django-csp's own middleware writes them anew for each answer.
    """
    strict = build_policy()
    wagtail = build_policy(replace=POLICY_OF_WAGTAIL)

    def with_policy(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        its = request.resolver_match and "manage/" in request.resolver_match.route
        response.headers.setdefault("Content-Security-Policy", wagtail if its else strict)
        if its:  # they name officers: no cache keeps them
            response.headers["Cache-Control"] = "private, no-store"
        return response

    return with_policy


def idle_sessions_end(answer: Answer) -> Answer:
    """A session ends `SESSION_COOKIE_AGE` after the last request that showed it, not after the first."""

    def with_renewal(request: HttpRequest) -> HttpResponse:
        session = request.session
        if not session.is_empty() and time() - session.get("seen", 0) > RENEW_EVERY:
            session["seen"] = int(time())
        return answer(request)

    return with_renewal


def a_wrong_method_is_explained(answer: Answer) -> Answer:
    """Django answers it with an empty page; somebody who opens the address of a button reads what it is."""

    def with_page(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        if response.status_code != 405 or response.content or request.path_info.startswith("/api/v1/"):
            return response
        page = render(request, "405.html", status=405)
        page.headers["Allow"] = response.headers["Allow"]
        return page

    return with_page
