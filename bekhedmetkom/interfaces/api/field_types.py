"""Codes, references and times as callers write them, read into what commands take. JSON knows codes, never ids."""

from datetime import UTC, date, datetime, time
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from bekhedmetkom.catalogue.queries import find_service_by_code
from bekhedmetkom.entities.queries import get_governorates, get_tree
from bekhedmetkom.kernel import references
from bekhedmetkom.kernel.clock import AMMAN

_EARLIEST, _LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


def _parse_entity(code: Any) -> int:
    body = get_tree().by_code.get(code) if isinstance(code, str) else None
    if body is None:
        raise PydanticCustomError("unknown_entity", "no such body")
    return body.id


def _parse_service(code: Any) -> int:
    topic = find_service_by_code(code) if isinstance(code, str) else None
    if topic is None:
        raise PydanticCustomError("unknown_service", "no such topic")
    return topic.id


def _parse_governorate(code: Any) -> int:
    found = next((place.id for place in get_governorates().values() if place.code == code), None)
    if found is None:
        raise PydanticCustomError("unknown_governorate", "no such governorate")
    return found


def _parse_reference(text: str) -> str:
    reference = references.parse_reference(text)
    if reference is None:
        raise PydanticCustomError("not_a_reference", "not a reference")
    return reference


def _parse_day(text: Any) -> date:
    try:
        day = date.fromisoformat(text)
    except (TypeError, ValueError):
        raise PydanticCustomError("not_a_day", "not a day") from None
    if not _EARLIEST.date() < day < _LATEST.date():
        raise PydanticCustomError("not_a_day", "not a day")
    return day


def _parse_moment(text: Any) -> datetime:
    """A time with its zone; a date alone means until the end of that day in Jordan."""
    try:
        if not isinstance(text, str):
            raise TypeError
        if len(text) == len("2026-12-31"):
            read = datetime.combine(date.fromisoformat(text), time.max, AMMAN).replace(microsecond=0)
        else:
            read = datetime.fromisoformat(text)
        if read.utcoffset() is None or not _EARLIEST < read < _LATEST:
            raise ValueError
    except (TypeError, ValueError, OverflowError):
        raise PydanticCustomError("not_a_moment", "not a time with a zone") from None
    return read.astimezone(UTC)


def _string_schema(description: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "description": description})


EntityCode = Annotated[
    int, BeforeValidator(_parse_entity), _string_schema("Code of a body, as `/entities` gives it")
]
ServiceCode = Annotated[
    int,
    BeforeValidator(_parse_service),
    _string_schema("Code of a topic, as `/entities/{code}/services` gives it"),
]
GovernorateCode = Annotated[
    int,
    BeforeValidator(_parse_governorate),
    _string_schema("Code of a governorate, as `/governorates` gives it"),
]
Reference = Annotated[str, AfterValidator(_parse_reference)]
Day = Annotated[date, BeforeValidator(_parse_day), WithJsonSchema({"type": "string", "format": "date"})]
Moment = Annotated[
    datetime,
    BeforeValidator(_parse_moment),
    WithJsonSchema(
        {"type": "string", "description": "RFC 3339 with a zone, or a date alone: the end of that day"}
    ),
]
ShortText = Annotated[str, StringConstraints(max_length=300)]
LongText = Annotated[str, StringConstraints(max_length=20_000)]  # the commands measure it more closely
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False, strict=True)]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False, strict=True)]
