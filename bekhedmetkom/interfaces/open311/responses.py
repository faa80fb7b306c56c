"""The two formats of GeoReport v2, told by an address's end: every answer and every refusal is in the one asked for."""

import re
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element, SubElement, tostring

import orjson
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language_from_request

from bekhedmetkom.kernel.text import BilingualText, Language

JSON, XML = "json", "xml"
CONTENT_TYPES: Mapping[str, str] = {
    JSON: "application/json; charset=utf-8",
    XML: "text/xml; charset=utf-8",
}
# What each member of a list is called in XML.
_XML_ITEM_NAMES: Mapping[str, str] = {
    "services": "service", "service_requests": "request", "errors": "error", "attributes": "attribute",
    "values": "value", "endpoints": "endpoint", "formats": "format",
}  # fmt: skip
_INVALID_XML_CHARACTERS = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


PRECONDITION_FAILED = BilingualText(
    "تغيّر ما تطلبه منذ أُخذت علامته (ETag) المذكورة في If-Match، فاطلبه من دونها.",
    "This has changed since it had the ETag in If-Match: ask for it without that header.",
)


class ResponseContent(NamedTuple):
    """`name` is the root element in XML; in JSON the value stands alone. `cache`: of a reading."""

    name: str
    value: Any
    cache: str = "no-cache"


class RequestError(Exception):
    """A refusal on its way out."""

    def __init__(
        self, status: int, words: Iterable[BilingualText], headers: Mapping[str, str] | None = None
    ) -> None:
        self.status, self.messages, self.headers = status, list(words), headers or {}
        super().__init__(str(status))


def get_format(request: HttpRequest) -> str:
    """As the address ends; JSON where it ends in neither."""
    return XML if request.path_info.endswith(".xml") else JSON


def get_language(request: HttpRequest) -> Language:
    """As `Accept-Language` asks; Arabic where it says nothing."""
    return "en" if get_language_from_request(request).startswith("en") else "ar"


def render_response(request: HttpRequest, answer: ResponseContent) -> HttpResponseBase:
    """What was asked for, or that it has not changed since; where it was wanted only as it was, that it is not."""
    body = _encode(answer.name, answer.value, get_format(request))
    response = _build_response(request, body, 200)
    response.headers["ETag"] = f'"{sha256(body).hexdigest()[:32]}"'
    response.headers["Cache-Control"] = answer.cache
    found = get_conditional_response(request, etag=response.headers["ETag"], response=response)
    assert found is not None
    return (
        render_error(request, RequestError(412, [PRECONDITION_FAILED])) if found.status_code == 412 else found
    )


def render_created(request: HttpRequest, answer: ResponseContent) -> HttpResponse:
    """What is said to who brought something; no cache keeps it."""
    response = _build_response(request, _encode(answer.name, answer.value, get_format(request)), 200)
    response.headers["Cache-Control"] = "no-store"
    return response


def render_error(request: HttpRequest, refusal: RequestError) -> HttpResponse:
    language = get_language(request)
    errors = [
        {"code": refusal.status, "description": words.in_language(language)} for words in refusal.messages
    ]
    response = _build_response(request, _encode("errors", errors, get_format(request)), refusal.status)
    response.headers["Cache-Control"] = "no-store"
    for name, value in refusal.headers.items():
        response.headers[name] = value
    return response


def _build_response(request: HttpRequest, body: bytes, status: int) -> HttpResponse:
    headers = {"Content-Language": get_language(request), "Vary": "Accept-Language"}
    return HttpResponse(body, status=status, content_type=CONTENT_TYPES[get_format(request)], headers=headers)


def _encode(name: str, value: Any, form: str) -> bytes:
    if form == JSON:
        return orjson.dumps(value)
    root = Element(name)
    _fill_element(root, value)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _fill_element(element: Element, value: Any) -> None:
    match value:
        case None:
            return
        case dict():
            for name, inner in value.items():
                _fill_element(SubElement(element, name), inner)
        case list():
            for inner in value:
                _fill_element(SubElement(element, _XML_ITEM_NAMES[element.tag]), inner)
        case bool():
            element.text = str(value).lower()
        case _:
            element.text = _INVALID_XML_CHARACTERS.sub("", str(value))
