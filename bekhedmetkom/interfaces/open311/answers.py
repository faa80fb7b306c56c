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

from bekhedmetkom.kernel.words import Language, Words

JSON, XML = "json", "xml"
CONTENT_TYPES: Mapping[str, str] = {
    JSON: "application/json; charset=utf-8",
    XML: "text/xml; charset=utf-8",
}
# What each member of a list is called in XML.
_ONE_OF: Mapping[str, str] = {
    "services": "service", "service_requests": "request", "errors": "error", "attributes": "attribute",
    "values": "value", "endpoints": "endpoint", "formats": "format",
}  # fmt: skip
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


NOT_AS_IT_WAS = Words(
    "تغيّر ما تطلبه منذ أُخذت علامته (ETag) المذكورة في If-Match، فاطلبه من دونها.",
    "This has changed since it had the ETag in If-Match: ask for it without that header.",
)


class Answer(NamedTuple):
    """`name` is the root element in XML; in JSON the value stands alone. `cache`: of a reading."""

    name: str
    value: Any
    cache: str = "no-cache"


class Refusal(Exception):
    """A refusal on its way out."""

    def __init__(self, status: int, words: Iterable[Words], headers: Mapping[str, str] | None = None) -> None:
        self.status, self.words, self.headers = status, list(words), headers or {}
        super().__init__(str(status))


def format_of(request: HttpRequest) -> str:
    """As the address ends; JSON where it ends in neither."""
    return XML if request.path_info.endswith(".xml") else JSON


def language_of(request: HttpRequest) -> Language:
    """As `Accept-Language` asks; Arabic where it says nothing."""
    return "en" if get_language_from_request(request).startswith("en") else "ar"


def read(request: HttpRequest, answer: Answer) -> HttpResponseBase:
    """What was asked for, or that it has not changed since; where it was wanted only as it was, that it is not."""
    body = _written(answer.name, answer.value, format_of(request))
    response = _response(request, body, 200)
    response.headers["ETag"] = f'"{sha256(body).hexdigest()[:32]}"'
    response.headers["Cache-Control"] = answer.cache
    found = get_conditional_response(request, etag=response.headers["ETag"], response=response)
    assert found is not None
    return refused(request, Refusal(412, [NOT_AS_IT_WAS])) if found.status_code == 412 else found


def taken(request: HttpRequest, answer: Answer) -> HttpResponse:
    """What is said to who brought something; no cache keeps it."""
    response = _response(request, _written(answer.name, answer.value, format_of(request)), 200)
    response.headers["Cache-Control"] = "no-store"
    return response


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    language = language_of(request)
    errors = [{"code": refusal.status, "description": words.in_(language)} for words in refusal.words]
    response = _response(request, _written("errors", errors, format_of(request)), refusal.status)
    response.headers["Cache-Control"] = "no-store"
    for name, value in refusal.headers.items():
        response.headers[name] = value
    return response


def _response(request: HttpRequest, body: bytes, status: int) -> HttpResponse:
    headers = {"Content-Language": language_of(request), "Vary": "Accept-Language"}
    return HttpResponse(body, status=status, content_type=CONTENT_TYPES[format_of(request)], headers=headers)


def _written(name: str, value: Any, form: str) -> bytes:
    if form == JSON:
        return orjson.dumps(value)
    root = Element(name)
    _fill(root, value)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _fill(element: Element, value: Any) -> None:
    match value:
        case None:
            return
        case dict():
            for name, inner in value.items():
                _fill(SubElement(element, name), inner)
        case list():
            for inner in value:
                _fill(SubElement(element, _ONE_OF[element.tag]), inner)
        case bool():
            element.text = str(value).lower()
        case _:
            element.text = _NOT_IN_XML.sub("", str(value))
