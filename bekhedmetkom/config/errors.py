"""The last pages: shown even where the page that explains what went wrong would meet it itself."""

import logging
import sys

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.defaults import bad_request, server_error

from .plain import POLICY, plain_page

LAST_WORDS = plain_page(
    ("حدث خطأ عندنا", "الخطأ منا لا منك. أعد المحاولة بعد دقائق."),
    ("Something went wrong on our side", "It is not your doing. Please try again in a few minutes."),
)
NOT_NOW = plain_page(
    (
        "الموقع متوقف لحظات",
        "لا نصل إلى بياناتنا الآن، ولم نحفظ شيئًا مما أرسلته. ارجع إلى الصفحة السابقة وأعد المحاولة بعد دقيقة.",
    ),
    (
        "We are away for a moment",
        "We cannot reach our data just now, and nothing that you sent was kept. Please go back and try again in a"
        " minute.",
    ),
)
RETRY_AFTER = "30"
_HEADERS = {"Cache-Control": "no-store", "Content-Security-Policy": POLICY}


def misread(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page of a request that could not be read. Django's would try once more to read its form, and fail."""
    request.POST = QueryDict()
    return bad_request(request, exception)


def fault(request: HttpRequest) -> HttpResponse:
    """The page of a fault; without it an exception's message, which may quote somebody, would end in a log."""
    if isinstance(sys.exc_info()[1], OperationalError):  # no database, or a wait that was too long
        return HttpResponse(NOT_NOW, status=503, headers=_HEADERS | {"Retry-After": RETRY_AFTER})
    try:
        return server_error(request)
    except Exception:
        logging.getLogger(__name__).exception("the page for faults failed")
        return HttpResponse(LAST_WORDS, status=500, headers=_HEADERS)
