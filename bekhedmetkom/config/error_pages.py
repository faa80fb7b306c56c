"""A page that stands by itself, in both languages: for when no template, no style sheet and no database can be counted
on."""

import logging
import sys
from base64 import b64encode
from hashlib import sha256

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.defaults import bad_request, server_error

_STYLE = (
    "body{margin:0;border-top:8px solid #0B5D57;background:#FAF7F2;color:#1B2A2A;"
    "font:18px/1.75 Tahoma,Arial,sans-serif}"
    "main{max-width:36em;margin:0 auto;padding:48px 16px}"
    "h1,h2{font-size:28px;line-height:1.4;margin:0}section+section{margin-top:32px}"
)
PLAIN_PAGE_CSP = (  # no style but this one, and nothing else at all
    f"default-src 'none'; style-src 'sha256-{b64encode(sha256(_STYLE.encode()).digest()).decode()}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def render_plain_page(arabic: tuple[str, str], english: tuple[str, str], *, name: str = " – بخدمتكم") -> str:
    """Each is a heading and the sentences below it; `name` stands behind it in the title."""
    return (
        '<!doctype html><html lang="ar" dir="rtl"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{arabic[0]}{name}</title><style>{_STYLE}</style></head><body><main>"
        f"<section><h1>{arabic[0]}</h1><p>{arabic[1]}</p></section>"
        f'<section lang="en" dir="ltr"><h2>{english[0]}</h2><p>{english[1]}</p></section>'
        "</main></body></html>"
    )


SERVER_ERROR_PAGE = render_plain_page(
    ("حدث خطأ عندنا", "الخطأ منا لا منك. أعد المحاولة بعد دقائق."),
    ("Something went wrong on our side", "It is not your doing. Please try again in a few minutes."),
)
DATABASE_UNAVAILABLE_PAGE = render_plain_page(
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
RETRY_AFTER_SECONDS = "30"
_HEADERS = {"Cache-Control": "no-store", "Content-Security-Policy": PLAIN_PAGE_CSP}


def handle_bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page of a request that could not be read. Django's would try once more to read its form, and fail."""
    request.POST = QueryDict()
    return bad_request(request, exception)


def handle_server_error(request: HttpRequest) -> HttpResponse:
    """The page of a fault; without it an exception's message, which may quote somebody, would end in a log."""
    if isinstance(sys.exc_info()[1], OperationalError):  # no database, or a wait that was too long
        return HttpResponse(
            DATABASE_UNAVAILABLE_PAGE, status=503, headers=_HEADERS | {"Retry-After": RETRY_AFTER_SECONDS}
        )
    try:
        return server_error(request)
    except Exception:
        logging.getLogger(__name__).exception("the page for faults failed")
        return HttpResponse(SERVER_ERROR_PAGE, status=500, headers=_HEADERS)
