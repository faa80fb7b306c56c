"""What the APIs of disclosers and of the Commission share: parsing of requests, uploads, errors as JSON."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from bekhedmetkom.disclosures import commands, part_storage
from bekhedmetkom.disclosures.reports import NoSuchReport
from bekhedmetkom.disclosures.rules.frame import CorruptData
from bekhedmetkom.disclosures.rules.report_state import Part
from bekhedmetkom.kernel.clock import get_local_date, now

from .upload_handlers import BrowserEncryptedUploadHandler

BINARY_TYPE = "application/octet-stream"
MAX_JSON_BYTES = 4096


class MalformedRequest(Exception):
    """The request is not what this URL accepts."""


class RequestTooLarge(Exception):
    """A file is too large, there are too many, or today's capacity is used up."""


def answer_errors_as_json(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Turn refusals into JSON responses."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except (MalformedRequest, UnicodeError):
            return JsonResponse({}, status=400)
        except RequestTooLarge:
            return JsonResponse({}, status=413)
        except (NoSuchReport, CorruptData):
            return JsonResponse({}, status=404)
        except commands.TurnConflict as conflict:
            return JsonResponse({"turn": conflict.turn}, status=409)
        except (commands.ConversationClosed, commands.NotPossibleNow, commands.ManifestChanged):
            return JsonResponse({}, status=409)

    return answered


@contextmanager
def receive_uploads(request: HttpRequest, key: bytes) -> Iterator[BrowserEncryptedUploadHandler]:
    """Read the request's uploads. Parts that the block leaves in `parts` are deleted. Raises `RequestTooLarge`."""
    files = BrowserEncryptedUploadHandler(key, get_local_date(now()))
    request.upload_handlers = [files]
    part_storage.release_connection()
    try:
        len(request.POST)  # reading it is what brings the files in
        if files.too_large:
            raise RequestTooLarge
        yield files
    finally:
        files.discard()


def get_turn_parts(files: BrowserEncryptedUploadHandler) -> list[Part]:
    """Return a message and its files. Raises `MalformedRequest`."""
    messages = files.parts.get("message", [])
    if len(messages) != 1:
        raise MalformedRequest
    return [*messages, *files.parts.get("file", [])]


def parse_json_body(request: HttpRequest) -> dict[str, Any]:
    """Return the request's JSON object. Raises `MalformedRequest`."""
    try:
        if int(request.headers.get("Content-Length") or 0) > MAX_JSON_BYTES:
            raise MalformedRequest
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        raise MalformedRequest from None
    if not isinstance(body, dict):
        raise MalformedRequest
    return body


def stream_bytes(pieces: Iterator[bytes]) -> HttpResponseBase:
    """Stream encrypted bytes; the first are read before the response starts, so that an error changes its
    status.
    """
    first = next(pieces, b"")

    def iterate_all() -> Iterator[bytes]:
        yield first
        yield from pieces

    return StreamingHttpResponse(iterate_all(), content_type=BINARY_TYPE)


def parse_uuid(value: Any) -> UUID:
    """Parse an id from a URL or JSON. Raises `MalformedRequest`."""
    try:
        return UUID(value)
    except (TypeError, ValueError, AttributeError):
        raise MalformedRequest from None


def parse_number(value: Any) -> int:
    """Parse a small number from a form. Raises `MalformedRequest`."""
    if not isinstance(value, str) or not value.isascii() or not value.isdigit() or len(value) > 6:
        raise MalformedRequest
    return int(value)
