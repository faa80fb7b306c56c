"""What holds for every address of the door: format, jurisdiction, and that what goes wrong is said in the format."""

import logging
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.views.decorators.csrf import csrf_exempt

from bekhedmetkom.attachments.rules import TryAgain
from bekhedmetkom.cases.commands import UseConfidentialChannel
from bekhedmetkom.interfaces.audience import audience
from bekhedmetkom.kernel.errors import Invalid, Refused
from bekhedmetkom.kernel.words import Words

from .answers import CONTENT_TYPES, Refusal, refused

ROOT = "/open311/"
View = Callable[..., HttpResponseBase]

_NOTHING = Words("لا يوجد شيء بهذا العنوان.", "There is nothing at this address.")
_NO_FORMAT = Words("الصيغ المتاحة json و xml.", "The formats are json and xml.")
_NO_JURISDICTION = Words("لا نعرف jurisdiction_id هذا.", "There is no such jurisdiction_id here.")
_METHOD = Words("هذه الطريقة غير مقبولة هنا.", "This method is not offered here.")
_UNREADABLE = Words(
    "لم نفهم المرسَل. أرسل نموذجًا بترميز UTF-8.", "This cannot be read. Send a form, in UTF-8."
)
_TOO_LARGE = Words("المرسَل أكبر من الحد.", "The request is too large.")
_NOT_NOW = Words("الخدمة متوقفة لحظات. حاول بعد قليل.", "We are away for a moment. Try again in a while.")
_FAULT = Words("حدث خطأ عندنا. حاول بعد قليل.", "Something went wrong on our side. Try again in a while.")
_INSTEAD = Words("العنوان: {url}", "Its address: {url}")

# What Django itself refuses below `/open311/`.
_OF_DJANGO: Mapping[int, Words] = {
    302: _NOTHING, 400: _UNREADABLE, 403: _UNREADABLE, 404: _NOTHING, 405: _METHOD, 413: _TOO_LARGE, 500: _FAULT,
    503: _NOT_NOW,
}  # fmt: skip

# Where GeoReport v2 has another name for what a command or a reader calls a field.
_NAMES = {
    "text": "description", "name": "first_name, last_name", "address": "address_string", "uploads": "media",
    "service": "service_code", "national_number": "attribute[NATIONAL_NUMBER]", "passport": "attribute[PASSPORT]",
}  # fmt: skip

log = logging.getLogger(__name__)


def jurisdiction() -> str:
    """The name of the only one here: the platform's own host."""
    return urlsplit(settings.PUBLIC_URL).hostname or "localhost"


def nothing() -> Refusal:
    """That there is no such thing. A new one each time: what is raised keeps all that its raiser knew."""
    return Refusal(404, [_NOTHING])


def resource(*methods: str) -> Callable[[View], View]:
    """A view of the door: in one of the two formats, for our jurisdiction, and never a page or a bare fault."""

    def declare(view: View) -> View:
        @audience("public")
        @csrf_exempt
        @wraps(view)
        def answered(request: HttpRequest, extension: str, **given: Any) -> HttpResponseBase:
            try:
                if extension not in CONTENT_TYPES:
                    raise Refusal(404, [_NO_FORMAT])
                if request.method not in methods:
                    raise Refusal(405, [_METHOD], {"Allow": ", ".join(methods)})
                _ours(request.GET.get("jurisdiction_id", ""))
                if request.method == "POST":
                    _ours(request.POST.get("jurisdiction_id", ""))
                return view(request, **given)
            except Exception as error:
                return refused(request, _refusal(request, error))

        return answered

    return declare


def _ours(named: str) -> None:
    if named.strip() and named.strip().lower() != jurisdiction():
        raise Refusal(404, [_NO_JURISDICTION])


def _refusal(request: HttpRequest, error: Exception) -> Refusal:
    """Only faults of ours are logged, without what was sent."""
    match error:
        case Refusal():
            return error
        case UseConfidentialChannel():
            urls = Words(f"{settings.BOX_URL}/", f"{settings.BOX_URL}/en/")
            return Refusal(400, [error.words, _INSTEAD.filled(url=urls)])
        case Invalid():
            return Refusal(400, [_named(one.field, one.words) for one in error.errors])
        case TryAgain():
            return Refusal(503, [error.words], {"Retry-After": str(error.after)})
        case Refused():
            return Refusal(400, [error.words])
        case RequestDataTooBig():
            return Refusal(413, [_TOO_LARGE])
        case BadRequest() | SuspiciousOperation() | MultiPartParserError() | UnreadablePostError():
            return Refusal(400, [_UNREADABLE])
        case OperationalError():
            status, words = 503, _NOT_NOW
        case _:
            status, words = 500, _FAULT
    log.error("%s failed", request.resolver_match and request.resolver_match.view_name, exc_info=error)
    return Refusal(status, [words], {"Retry-After": "5"} if status == 503 else None)


def _named(field: str, words: Words) -> Words:
    name = _NAMES.get(field, field)
    return Words(f"{name}: {words.ar}", f"{name}: {words.en}")


def errors_of_django(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """What never reaches a view of the door (no such address, a host that is not ours) leaves in its formats too."""

    def with_errors(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        words = _OF_DJANGO.get(response.status_code)
        if (
            words is None
            or not request.path_info.startswith(ROOT)
            or response.headers.get("Content-Type") in CONTENT_TYPES.values()
        ):
            return response
        status = 404 if response.status_code == 302 else response.status_code
        kept = {name: response.headers[name] for name in ("Allow", "Retry-After") if name in response.headers}
        return refused(request, Refusal(status, [words], kept))

    return with_errors
