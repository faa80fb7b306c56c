"""Privacy headers, language and cross-site protection of all requests to the box."""

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
    """Forbid caches, referrers, frames and resources of other origins."""

    def with_headers(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if settings.SECURE_PROXY_SSL_HEADER:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        return response

    return with_headers


def set_language_from_path(get_response: GetResponse) -> GetResponse:
    """Set the language by the path, Arabic at `/` and English at `/en/`, whatever the browser prefers."""

    def with_language(request: HttpRequest) -> HttpResponse:
        first = request.path_info.removeprefix("/").partition("/")[0]
        language = first if first in LANGUAGES else settings.LANGUAGE_CODE
        with translation.override(language):
            response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    return with_language


def refuse_cross_site_forms(get_response: GetResponse) -> GetResponse:
    """Refuse forms of other sites, by the browser's request headers and without a cookie."""

    def with_origin_check(request: HttpRequest) -> HttpResponse:
        is_read = request.method in ("GET", "HEAD")
        if not is_read and not security_policy.is_same_origin(request) and not is_carry_over_form(request):
            return errors.show_forbidden(request, None)
        return get_response(request)

    return with_origin_check


def is_carry_over_form(request: HttpRequest) -> bool:
    """Return whether the form carries an ordinary case's text over: it only fills our form."""
    return request.path_info.rpartition("/")[2] == "carried"


class IntakeClosedMiddleware:
    """Shows the closed page if the manifest turned out to be invalid: nothing was encrypted or stored."""

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return pages.show_intake_closed(request) if isinstance(exception, ManifestError) else None
