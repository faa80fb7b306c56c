"""The last pages: shown even where the page that explains what went wrong would meet it itself."""

import logging
import sys

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.defaults import bad_request, server_error

LAST_WORDS = (
    '<!doctype html><html lang="ar" dir="rtl"><meta charset="utf-8"><title>حدث خطأ عندنا</title>'
    "<h1>حدث خطأ عندنا</h1><p>الخطأ منا لا منك. أعد المحاولة بعد دقائق.</p>"
    '<p lang="en" dir="ltr">Something went wrong on our side. Please try again in a few minutes.</p></html>'
)


NOT_NOW = (
    '<!doctype html><html lang="ar" dir="rtl"><meta charset="utf-8"><title>الموقع متوقف لحظات</title>'
    "<main><h1>الموقع متوقف لحظات</h1><p>لا نصل إلى بياناتنا الآن، ولم نحفظ شيئًا مما أرسلته. ارجع إلى الصفحة السابقة"
    " وأعد المحاولة بعد دقيقة.</p>"
    '<p lang="en" dir="ltr">We cannot reach our data just now, and nothing that you sent was kept. Please go back and'
    " try again in a minute.</p></main></html>"
)
RETRY_AFTER = "30"


def misread(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page of a request that could not be read. Django's would try once more to read its form, and fail."""
    request.POST = QueryDict()
    return bad_request(request, exception)


def fault(request: HttpRequest) -> HttpResponse:
    """The page of a fault; without it an exception's message, which may quote somebody, would end in a log."""
    if isinstance(sys.exc_info()[1], OperationalError):  # no database, or a wait that was too long
        return HttpResponse(
            NOT_NOW, status=503, headers={"Retry-After": RETRY_AFTER, "Cache-Control": "no-store"}
        )
    try:
        return server_error(request)
    except Exception:
        logging.getLogger(__name__).exception("the page for faults failed")
        return HttpResponse(LAST_WORDS, status=500)
