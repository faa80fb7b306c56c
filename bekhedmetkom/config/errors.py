"""The last pages: shown even where the page that explains what went wrong would meet it itself."""

import logging

from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.defaults import bad_request, server_error

LAST_WORDS = (
    '<!doctype html><html lang="ar" dir="rtl"><meta charset="utf-8"><title>حدث خطأ عندنا</title>'
    "<h1>حدث خطأ عندنا</h1><p>الخطأ منا لا منك. أعد المحاولة بعد دقائق.</p>"
    '<p lang="en" dir="ltr">Something went wrong on our side. Please try again in a few minutes.</p></html>'
)


def misread(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page of a request that could not be read. Django's would try once more to read its form, and fail."""
    request.POST = QueryDict()
    return bad_request(request, exception)


def fault(request: HttpRequest) -> HttpResponse:
    """The page of a fault; without it an exception's message, which may quote somebody, would end in a log."""
    try:
        return server_error(request)
    except Exception:
        logging.getLogger(__name__).exception("the page for faults failed")
        return HttpResponse(LAST_WORDS, status=500)
