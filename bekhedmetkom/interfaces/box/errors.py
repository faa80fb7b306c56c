"""Pages for what went wrong. None says a word of what was sent, and the log has a fault's kind and places alone."""

import logging
import sys

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bekhedmetkom.config.plain import POLICY, plain_page

_HEADERS = {"Cache-Control": "no-store", "Content-Security-Policy": POLICY, "Referrer-Policy": "no-referrer"}
_MISREAD = (
    ("لم نفهم ما أُرسل", "لم يُحفظ شيء. ارجع إلى الصفحة السابقة وأعد المحاولة."),
    ("We could not read what was sent", "Nothing was kept. Please go back and try again."),
)
_REFUSED = (
    ("هذا النموذج ليس من صفحتنا", "لم يُحفظ شيء. افتح الصفحة من عنوانها ثم أعد المحاولة."),
    (
        "This form is not from our page",
        "Nothing was kept. Please open the page by its address and try again.",
    ),
)
_FAULT = (
    ("حدث خطأ عندنا", "الخطأ منا لا منك، ولم يُحفظ شيء. أعد المحاولة بعد دقائق."),
    (
        "Something went wrong on our side",
        "It is not your doing, and nothing was kept. Please try again in a few minutes.",
    ),
)
_AWAY = (
    ("الصفحة متوقفة لحظات", "لم يُحفظ شيء. ارجع إلى الصفحة السابقة وأعد المحاولة بعد دقيقة."),
    ("We are away for a moment", "Nothing was kept. Please go back and try again in a minute."),
)


def misread(request: HttpRequest, exception: Exception | None) -> HttpResponse:
    """400."""
    return _page(_MISREAD, 400)


def refused(request: HttpRequest, exception: Exception | None) -> HttpResponse:
    """403."""
    return _page(_REFUSED, 403)


def unknown(request: HttpRequest, exception: Exception | None) -> HttpResponse:
    """404, for what does not exist and for what is another's."""
    return render(request, "box/unknown.html", status=404)


def fault(request: HttpRequest) -> HttpResponse:
    """500, or 503 where the database is away."""
    logging.getLogger("box").error("a fault", exc_info=True)
    if isinstance(sys.exc_info()[1], OperationalError):
        return _page(_AWAY, 503)
    return _page(_FAULT, 500)


def _page(said: tuple[tuple[str, str], tuple[str, str]], status: int) -> HttpResponse:
    later = {"Retry-After": "60"} if status == 503 else {}
    return HttpResponse(plain_page(*said, name=""), status=status, headers=_HEADERS | later)
