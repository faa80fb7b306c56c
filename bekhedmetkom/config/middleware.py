"""What happens to every request before a door sees it."""

from collections.abc import Callable
from time import time

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation.trans_real import get_language_from_path

Answer = Callable[[HttpRequest], HttpResponse]
RENEW_EVERY = 60  # seconds; renewing at each request would write a row for each page


def language_of_the_address(answer: Answer) -> Answer:
    """Arabic at `/`, English at `/en/`. What the browser prefers does not count: one address, one page."""

    def with_language(request: HttpRequest) -> HttpResponse:
        language = get_language_from_path(request.path_info, strict=True) or settings.LANGUAGE_CODE
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = answer(request)
        response.headers.setdefault("Content-Language", language)
        return response

    return with_language


def idle_sessions_end(answer: Answer) -> Answer:
    """A session ends `SESSION_COOKIE_AGE` after the last request that showed it, not after the first."""

    def with_renewal(request: HttpRequest) -> HttpResponse:
        session = request.session
        if not session.is_empty() and time() - session.get("seen", 0) > RENEW_EVERY:
            session["seen"] = int(time())
        return answer(request)

    return with_renewal
