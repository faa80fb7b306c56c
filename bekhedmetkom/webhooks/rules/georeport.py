"""What a server of GeoReport v2 says, read as leniently as makers differ: format, envelope and types. Pure.

The format is told by what came and not by what was asked for: some servers answer in XML whatever the address ends in.
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
    """Neither JSON nor XML, or not of GeoReport."""


@dataclass(frozen=True, slots=True)
class RemoteService:
    """About what the body's system can be told. `asks`: it has questions of its own (`required_of`)."""

    code: str
    name: str
    group: str = ""
    has_attributes: bool = False


@dataclass(frozen=True, slots=True)
class RemoteRequest:
    """A request as it stands there. `words`: all that it says, to look for our reference in."""

    id: str
    is_closed: bool
    notes: str
    text: str


@dataclass(frozen=True, slots=True)
class PostReceipt:
    """What was answered to a POST, or to a token: the id, or a token for which there will be one."""

    id: str = ""
    token: str = ""


def parse_body(body: bytes) -> Any:
    """Lists, mappings and words. Raises `Unreadable`."""
    text = body.removeprefix(b"\xef\xbb\xbf").lstrip()
    try:
        if text.startswith(b"<"):
            return _convert_element(fromstring(text, forbid_dtd=True), MAX_DEPTH)
        return json.loads(text)
    except (ParseError, DefusedXmlException, ValueError, RecursionError) as error:
        raise UnreadableAnswer from error


def parse_services(said: Any) -> list[RemoteService]:
    """Those with a code, each once. Raises `Unreadable` where there is no list at all."""
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
    """The codes of the attributes without which a request is refused."""
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
    """Raises `Unreadable` where it says neither id nor token: nobody knows then what became of it."""
    for one in _list_members(said):
        found = PostReceipt(_get_text(one.get("service_request_id")), _get_text(one.get("token")))
        if found.id or found.token:
            return found
    raise UnreadableAnswer


def parse_requests(said: Any) -> list[RemoteRequest]:
    """Those with an id. What stands there in another word than "closed" is still open."""
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
    """The sentences of an error, in one line; empty where it is none."""
    try:
        wrong = [one for one in _list_members(said) if "code" in one and "service_request_id" not in one]
    except UnreadableAnswer:
        return ""
    return " ".join(_get_text(one.get("description")) or _get_text(one.get("code")) for one in wrong)


def _list_members(said: Any) -> list[Mapping[str, Any]]:
    """Of a bare list, of a list in an envelope of one name, or what stands there alone."""
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
    """Without the namespace that some servers declare."""
    return str(element.tag).rpartition("}")[2]


def _get_text(value: Any) -> str:
    """Ids are numbers with some, strings with others; true is a word in XML."""
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
