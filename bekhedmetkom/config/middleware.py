"""What happens to every request before a door sees it."""

from collections.abc import Callable
from time import time
from typing import Any

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.utils import build_policy
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.module_loading import import_string

GetResponse = Callable[[HttpRequest], HttpResponse]
WAGTAIL_CSP = {  # its editor writes scripts and styles into its pages; ours never do
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
LIVE_PAGE_ROUTES = ("desk", "dashboard", "wall")  # routes of pages with a stream
LANGUAGES = dict(settings.LANGUAGES)
RENEWAL_INTERVAL_SECONDS = 60  # seconds; renewing at each request would write a row for each page


def url_language_middleware(answer: GetResponse) -> GetResponse:
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


def content_security_policy_middleware(answer: GetResponse) -> GetResponse:
    """Pages under `/manage` are Wagtail's; the strict policy of the settings holds everywhere else, where officers'
    pages may listen to the live process too.

    Each is written once: django-csp's own middleware writes them anew for each answer.
    """
    strict = build_policy()
    listening = build_policy(update={"connect-src": settings.LIVE_URL})
    wagtail = build_policy(replace=WAGTAIL_CSP)

    def with_policy(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        route = request.resolver_match.route if request.resolver_match else ""
        its = "manage/" in route
        listens = route.removeprefix("en/").startswith(LIVE_PAGE_ROUTES)
        policy = wagtail if its else listening if listens else strict
        response.headers.setdefault("Content-Security-Policy", policy)
        if its:  # they name officers: no cache keeps them
            response.headers["Cache-Control"] = "private, no-store"
        return response

    return with_policy


class BrowserMiddleware:
    """Sessions, and all that rests on them: `MIDDLEWARE_FOR_PEOPLE`, for every request but a program's.

    A program's is one to the API that shows no session.
    """

    def __init__(self, answer: GetResponse):
        self.answer: GetResponse = answer
        self.get_response_with_session: Any = answer
        self.middleware: list[Any] = []
        for path in reversed(settings.MIDDLEWARE_FOR_PEOPLE):
            self.middleware.insert(0, import_string(path)(self.get_response_with_session))
            self.get_response_with_session = convert_exception_to_response(self.middleware[0])

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _is_program_request(request):
            request.user = AnonymousUser()
            return self.answer(request)
        response: HttpResponse = self.get_response_with_session(request)
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        return self._call_hooks("process_view", request, view, args, kwargs)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return self._call_hooks("process_exception", request, exception)

    def _call_hooks(self, hook: str, request: HttpRequest, *more: Any) -> HttpResponse | None:
        """What the first of them answers that answers at all."""
        if _is_program_request(request):
            return None
        answers = (getattr(one, hook)(request, *more) for one in self.middleware if hasattr(one, hook))
        return next((answer for answer in answers if answer is not None), None)


def _is_program_request(request: HttpRequest) -> bool:
    if request.path_info.startswith("/open311/"):  # there is nothing that a session could open
        return True
    return request.path_info.startswith("/api/v1/") and settings.SESSION_COOKIE_NAME not in request.COOKIES


def session_renewal_middleware(answer: GetResponse) -> GetResponse:
    """A session ends `SESSION_COOKIE_AGE` after the last request that showed it, not after the first.

    What a page asks for by itself does not count: nobody may be sitting there.
    """

    def with_renewal(request: HttpRequest) -> HttpResponse:
        session = request.session
        by_itself = "X-By-Itself" in request.headers
        if (
            not by_itself
            and not session.is_empty()
            and time() - session.get("seen", 0) > RENEWAL_INTERVAL_SECONDS
        ):
            session["seen"] = int(time())
        return answer(request)

    return with_renewal


def method_not_allowed_middleware(answer: GetResponse) -> GetResponse:
    """Django answers it with an empty page; somebody who opens the address of a button reads what it is."""

    def with_page(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        if response.status_code != 405 or response.content or request.path_info.startswith("/api/v1/"):
            return response
        page = render(request, "405.html", status=405)
        page.headers["Allow"] = response.headers["Allow"]
        return page

    return with_page
