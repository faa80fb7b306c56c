"""What every get_response of the box carries, and which requests it does not even look at."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from bekhedmetkom.disclosures.rules.manifest import ManifestError

from . import errors, security_policy
from .discloser import pages

GetResponse = Callable[[HttpRequest], HttpResponse]
LANGUAGES = dict(settings.LANGUAGES)
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": security_policy.CONTENT_SECURITY_POLICY + "'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), browsing-topics=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-DNS-Prefetch-Control": "off",
    "X-Robots-Tag": "noindex",
}


def add_privacy_headers(get_response: GetResponse) -> GetResponse:
    """No cache keeps a page, no address is handed on, nothing is loaded from elsewhere."""

    def with_headers(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if settings.SECURE_PROXY_SSL_HEADER:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        return response

    return with_headers


def set_language_from_path(get_response: GetResponse) -> GetResponse:
    """Arabic at `/`, English at `/en/`, whatever the browser prefers: one address, one page."""

    def with_language(request: HttpRequest) -> HttpResponse:
        first = request.path_info.removeprefix("/").partition("/")[0]
        language = first if first in LANGUAGES else settings.LANGUAGE_CODE
        with translation.override(language):
            response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    return with_language


def refuse_cross_site_forms(get_response: GetResponse) -> GetResponse:
    """A form of another site's page is refused: browsers say where one stands, and no cookie is needed for it."""

    def if_from_here(request: HttpRequest) -> HttpResponse:
        reads = request.method in ("GET", "HEAD")
        if not reads and not security_policy.is_same_origin(request) and not is_carry_over_form(request):
            return errors.show_forbidden(request, None)
        return get_response(request)

    return if_from_here


def is_carry_over_form(request: HttpRequest) -> bool:
    """Whether it is the form by which an ordinary case's text is carried over: it only fills ours."""
    return request.path_info.rpartition("/")[2] == "carried"


class IntakeClosedMiddleware:
    """Whoever needed the manifest found that it does not hold: nothing was encrypted or kept, and a page says so."""

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return pages.show_intake_closed(request) if isinstance(exception, ManifestError) else None
