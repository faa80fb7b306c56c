"""Lenient parser of GeoReport v2 responses, because servers differ in format, envelope and types.

The format is detected from the body: some servers answer in XML whatever was requested.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

# What holds members in XML, whatever they are called there.
_LIST_ELEMENTS = frozenset({"services", "service_requests", "requests", "errors", "attributes", "values"})
MAX_DEPTH = 20


class UnreadableAnswer(Exception):
    """The body is neither JSON nor XML, or not GeoReport."""


@dataclass(frozen=True, slots=True)
class RemoteService:
    """A service of the body's system. `has_attributes`: it has questions of its own."""

    code: str
    name: str
    group: str = ""
    has_attributes: bool = False


@dataclass(frozen=True, slots=True)
class RemoteRequest:
    """A request in the body's system. `text`: all its texts, to search for our reference."""

    id: str
    is_closed: bool
    notes: str
    text: str


@dataclass(frozen=True, slots=True)
class PostReceipt:
    """Answer to a POST or a token: the id, or a token to ask for it."""

    id: str = ""
    token: str = ""


def parse_body(body: bytes) -> Any:
    """Return lists, mappings and strings. Raises `UnreadableAnswer`."""
    text = body.removeprefix(b"\xef\xbb\xbf").lstrip()
    try:
        if text.startswith(b"<"):
            return _convert_element(fromstring(text, forbid_dtd=True), MAX_DEPTH)
        return json.loads(text)
    except (ParseError, DefusedXmlException, ValueError, RecursionError) as error:
        raise UnreadableAnswer from error


def parse_services(said: Any) -> list[RemoteService]:
    """Return services that have a code, each once. Raises `UnreadableAnswer` if there is no list."""
    found: dict[str, RemoteService] = {}
    for one in _list_members(said):
        if code := _get_text(one.get("service_code")):
            found.setdefault(
                code,
                RemoteService(
                    code,
                    _get_text(one.get("service_name")) or code,
                    _get_text(one.get("group")),
                    _get_text(one.get("metadata")).lower() == "true",
                ),
            )
    return list(found.values())


def parse_required_attributes(said: Any) -> list[str]:
    """Return the codes of required attributes."""
    definition = said[0] if isinstance(said, list) and said else said
    attributes = definition.get("attributes") if isinstance(definition, dict) else None
    return [
        _get_text(one.get("code"))
        for one in (attributes if isinstance(attributes, list) else [])
        if isinstance(one, dict)
        and _get_text(one.get("required")).lower() == "true"
        and _get_text(one.get("variable")).lower() != "false"
    ]


def parse_receipt(said: Any) -> PostReceipt:
    """Return the receipt. Raises `UnreadableAnswer` without id or token."""
    for one in _list_members(said):
        found = PostReceipt(_get_text(one.get("service_request_id")), _get_text(one.get("token")))
        if found.id or found.token:
            return found
    raise UnreadableAnswer


def parse_requests(said: Any) -> list[RemoteRequest]:
    """Return requests that have an id. Any status other than "closed" is open."""
    return [
        RemoteRequest(
            id,
            _get_text(one.get("status")).lower() == "closed",
            _get_text(one.get("status_notes")),
            "\n".join(_iterate_texts(one)),
        )
        for one in _list_members(said)
        if (id := _get_text(one.get("service_request_id")))
    ]


def parse_refusal(said: Any) -> str:
    """Return the error's descriptions in one line; empty if it is no error."""
    try:
        wrong = [one for one in _list_members(said) if "code" in one and "service_request_id" not in one]
    except UnreadableAnswer:
        return ""
    return " ".join(_get_text(one.get("description")) or _get_text(one.get("code")) for one in wrong)


def _list_members(said: Any) -> list[Mapping[str, Any]]:
    """Return the members of a list, of a list inside an envelope, or a single object as a list."""
    if isinstance(said, dict):
        inner = next(iter(said.values())) if len(said) == 1 else None
        said = inner if isinstance(inner, list) else [inner if isinstance(inner, dict) else said]
    if not isinstance(said, list):
        raise UnreadableAnswer
    return [one for one in said if isinstance(one, dict)]


def _convert_element(element: Element, deep: int) -> Any:
    if not deep:
        raise UnreadableAnswer
    if _get_local_name(element) in _LIST_ELEMENTS:
        return [_convert_element(inner, deep - 1) for inner in element]
    if len(element):
        return {_get_local_name(inner): _convert_element(inner, deep - 1) for inner in element}
    return element.text


def _get_local_name(element: Element) -> str:
    """Return the tag without its namespace."""
    return str(element.tag).rpartition("}")[2]


def _get_text(value: Any) -> str:
    """Return the value as text: ids may be numbers, and true is a word in XML."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value).strip() if isinstance(value, str | int | float) else ""


def _iterate_texts(value: Any) -> Iterator[str]:
    match value:
        case dict():
            for inner in value.values():
                yield from _iterate_texts(inner)
        case list():
            for inner in value:
                yield from _iterate_texts(inner)
        case _:
            yield _get_text(value)
