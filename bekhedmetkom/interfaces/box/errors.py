"""Error pages. They contain nothing that was sent, and the log only the kind and place of an error."""

import logging
import sys

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bekhedmetkom.config.error_pages import PLAIN_PAGE_CSP, render_plain_page

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": PLAIN_PAGE_CSP,
    "Referrer-Policy": "no-referrer",
}
_BAD_REQUEST = (
    ("لم نفهم ما أُرسل", "لم يُحفظ شيء. ارجع إلى الصفحة السابقة وأعد المحاولة."),
    ("We could not read what was sent", "Nothing was kept. Please go back and try again."),
)
_FORBIDDEN = (
    ("هذا النموذج ليس من صفحتنا", "لم يُحفظ شيء. افتح الصفحة من عنوانها ثم أعد المحاولة."),
    (
        "This form is not from our page",
        "Nothing was kept. Please open the page by its address and try again.",
    ),
)
_SERVER_ERROR = (
    ("حدث خطأ عندنا", "الخطأ منا لا منك، ولم يُحفظ شيء. أعد المحاولة بعد دقائق."),
    (
        "Something went wrong on our side",
        "It is not your doing, and nothing was kept. Please try again in a few minutes.",
    ),
)
_DATABASE_UNAVAILABLE = (
    ("الصفحة متوقفة لحظات", "لم يُحفظ شيء. ارجع إلى الصفحة السابقة وأعد المحاولة بعد دقيقة."),
    ("We are away for a moment", "Nothing was kept. Please go back and try again in a minute."),
)


def show_bad_request(request: HttpRequest, exception: Exception | None) -> HttpResponse:
    """Return the page for status 400."""
    return _render_error(_BAD_REQUEST, 400)


def show_forbidden(request: HttpRequest, exception: Exception | None) -> HttpResponse:
    """Return the page for status 403."""
    return _render_error(_FORBIDDEN, 403)


def show_not_found(request: HttpRequest, exception: Exception | None) -> HttpResponse:
    """Return the page for status 404."""
    return render(request, "box/not_found.html", status=404)


def show_server_error(request: HttpRequest) -> HttpResponse:
    """Return the page for status 500, or 503 if the database is unavailable."""
    logging.getLogger("box").error("server error", exc_info=True)
    if isinstance(sys.exc_info()[1], OperationalError):
        return _render_error(_DATABASE_UNAVAILABLE, 503)
    return _render_error(_SERVER_ERROR, 500)


def _render_error(texts: tuple[tuple[str, str], tuple[str, str]], status: int) -> HttpResponse:
    retry = {"Retry-After": "60"} if status == 503 else {}
    return HttpResponse(render_plain_page(*texts, name=""), status=status, headers=_HEADERS | retry)
