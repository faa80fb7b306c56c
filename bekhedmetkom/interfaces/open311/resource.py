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

from bekhedmetkom.attachments.rules import TemporaryFailure
from bekhedmetkom.cases.commands import UseConfidentialChannel
from bekhedmetkom.interfaces.access_control import audience
from bekhedmetkom.kernel.errors import InvalidInput, Refusal
from bekhedmetkom.kernel.text import BilingualText

from .responses import CONTENT_TYPES, RequestError, render_error

ROOT_PATH = "/open311/"
View = Callable[..., HttpResponseBase]

_NOT_FOUND = BilingualText("لا يوجد شيء بهذا العنوان.", "There is nothing at this address.")
_UNKNOWN_FORMAT = BilingualText("الصيغ المتاحة json و xml.", "The formats are json and xml.")
_UNKNOWN_JURISDICTION = BilingualText(
    "لا نعرف jurisdiction_id هذا.", "There is no such jurisdiction_id here."
)
_METHOD_NOT_ALLOWED = BilingualText("هذه الطريقة غير مقبولة هنا.", "This method is not offered here.")
_UNREADABLE = BilingualText(
    "لم نفهم المرسَل. أرسل نموذجًا بترميز UTF-8.", "This cannot be read. Send a form, in UTF-8."
)
_TOO_LARGE = BilingualText("المرسَل أكبر من الحد.", "The request is too large.")
_UNAVAILABLE = BilingualText(
    "الخدمة متوقفة لحظات. حاول بعد قليل.", "We are away for a moment. Try again in a while."
)
_SERVER_ERROR = BilingualText(
    "حدث خطأ عندنا. حاول بعد قليل.", "Something went wrong on our side. Try again in a while."
)
_ALTERNATIVE_URL = BilingualText("العنوان: {url}", "Its address: {url}")

# What Django itself refuses below `/open311/`.
_MESSAGE_BY_STATUS: Mapping[int, BilingualText] = {
    302: _NOT_FOUND,
    400: _UNREADABLE,
    403: _UNREADABLE,
    404: _NOT_FOUND,
    405: _METHOD_NOT_ALLOWED,
    413: _TOO_LARGE,
    500: _SERVER_ERROR,
    503: _UNAVAILABLE,
}

# Where GeoReport v2 has another name for what a command or a reader calls a field.
_FIELD_NAMES = {
    "text": "description", "name": "first_name, last_name", "address": "address_string", "uploads": "media",
    "service": "service_code", "national_number": "attribute[NATIONAL_NUMBER]", "passport": "attribute[PASSPORT]",
}  # fmt: skip

logger = logging.getLogger(__name__)


def get_jurisdiction() -> str:
    """The name of the only one here: the platform's own host."""
    return urlsplit(settings.PUBLIC_URL).hostname or "localhost"


def build_not_found() -> RequestError:
    """That there is no such thing. A new one each time: what is raised keeps all that its raiser knew."""
    return RequestError(404, [_NOT_FOUND])


def resource(*methods: str) -> Callable[[View], View]:
    """A view of the door: in one of the two formats, for our jurisdiction, and never a page or a bare fault."""

    def declare(view: View) -> View:
        @audience("public")
        @csrf_exempt
        @wraps(view)
        def answered(request: HttpRequest, extension: str, **given: Any) -> HttpResponseBase:
            try:
                if extension not in CONTENT_TYPES:
                    raise RequestError(404, [_UNKNOWN_FORMAT])
                if request.method not in methods:
                    raise RequestError(405, [_METHOD_NOT_ALLOWED], {"Allow": ", ".join(methods)})
                _check_jurisdiction(request.GET.get("jurisdiction_id", ""))
                if request.method == "POST":
                    _check_jurisdiction(request.POST.get("jurisdiction_id", ""))
                return view(request, **given)
            except Exception as error:
                return render_error(request, _convert_exception(request, error))

        return answered

    return declare


def _check_jurisdiction(named: str) -> None:
    if named.strip() and named.strip().lower() != get_jurisdiction():
        raise RequestError(404, [_UNKNOWN_JURISDICTION])


def _convert_exception(request: HttpRequest, error: Exception) -> RequestError:
    """Only faults of ours are logged, without what was sent."""
    match error:
        case RequestError():
            return error
        case UseConfidentialChannel():
            urls = BilingualText(f"{settings.BOX_URL}/", f"{settings.BOX_URL}/en/")
            return RequestError(400, [error.message, _ALTERNATIVE_URL.format(url=urls)])
        case InvalidInput():
            return RequestError(400, [_prefix_field_name(one.field, one.message) for one in error.errors])
        case TemporaryFailure():
            return RequestError(503, [error.message], {"Retry-After": str(error.retry_after)})
        case Refusal():
            return RequestError(400, [error.message])
        case RequestDataTooBig():
            return RequestError(413, [_TOO_LARGE])
        case BadRequest() | SuspiciousOperation() | MultiPartParserError() | UnreadablePostError():
            return RequestError(400, [_UNREADABLE])
        case OperationalError():
            status, words = 503, _UNAVAILABLE
        case _:
            status, words = 500, _SERVER_ERROR
    logger.error("%s failed", request.resolver_match and request.resolver_match.view_name, exc_info=error)
    return RequestError(status, [words], {"Retry-After": "5"} if status == 503 else None)


def _prefix_field_name(field: str, words: BilingualText) -> BilingualText:
    name = _FIELD_NAMES.get(field, field)
    return BilingualText(f"{name}: {words.ar}", f"{name}: {words.en}")


def open311_error_middleware(
    answer: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """What never reaches a view of the door (no such address, a host that is not ours) leaves in its formats too."""

    def with_errors(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        words = _MESSAGE_BY_STATUS.get(response.status_code)
        if (
            words is None
            or not request.path_info.startswith(ROOT_PATH)
            or response.headers.get("Content-Type") in CONTENT_TYPES.values()
        ):
            return response
        status = 404 if response.status_code == 302 else response.status_code
        kept = {name: response.headers[name] for name in ("Allow", "Retry-After") if name in response.headers}
        return render_error(request, RequestError(status, [words], kept))

    return with_errors
