"""API for disclosers with JavaScript: requests and responses are encrypted by the browser. No cookies, no
sessions.
"""

import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from time import monotonic
from typing import Any
from uuid import UUID

import pyrage
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_POST, require_safe

from bekhedmetkom.disclosures import commands, current_manifest, outer_keys, part_storage, queries
from bekhedmetkom.disclosures.reports import NoSuchReport
from bekhedmetkom.disclosures.rules.frame import CorruptData
from bekhedmetkom.disclosures.rules.report_state import Part
from bekhedmetkom.kernel.clock import get_local_date, now

from ..upload_handlers import BrowserEncryptedUploadHandler
from .receipt_login import wait_for_time_step

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


@require_safe
@answer_errors_as_json
def show_manifest(request: HttpRequest) -> HttpResponseBase:
    """Return the signed manifest; clients verify it themselves."""
    epoch = current_manifest.get_current_manifest(get_local_date(now())).epoch
    signed = current_manifest.read_signed_manifest()
    return JsonResponse(
        {
            "manifest": b64encode(signed.body).decode(),
            "signature": b64encode(signed.signature).decode(),
            "epoch": epoch,
        }
    )


@require_POST
@answer_errors_as_json
def submit_encrypted_report(request: HttpRequest) -> HttpResponseBase:
    """Store a report: 201; sent again: 200; encrypted to an older manifest: 409."""
    today = get_local_date(now())
    current_manifest.get_current_manifest(today)
    key = outer_keys.generate_key()
    with receive_uploads(request, key) as files:
        fields = request.POST
        (text,) = files.parts.get("text", [None])
        if text is None or not {"ring", "identity"} <= files.small_fields.keys():
            raise MalformedRequest
        report = commands.EncryptedReport(
            lookup_id=_parse_hex(fields.get("lookup"), 16),
            reader=_parse_recipient(fields.get("reader")),
            recipient=_parse_recipient(fields.get("recipient")),
            anchor=_parse_hex(fields.get("anchor"), 32),
            key_ring=files.small_fields["ring"],
            identity=files.small_fields["identity"],
            epoch=parse_number(fields.get("epoch")),
            parts=[text, *files.parts.get("file", [])],
            excluded_officers=[officer[:64] for officer in fields.getlist("exclude")[:50]],
        )
        try:
            commands.submit_report(report, key=key, today=today)
        except commands.DuplicateReport:
            return JsonResponse({})
        files.parts = {}
    return JsonResponse({}, status=201)


@require_POST
@answer_errors_as_json
def open_conversation(request: HttpRequest) -> HttpResponseBase:
    """Return what a look-up id leads to, encrypted. Always 200, at the same cost and after the same time."""
    begun = monotonic()
    encrypted = queries.get_encrypted_conversation(_parse_hex(parse_json_body(request).get("lookup"), 16))
    answer = HttpResponse(encrypted, content_type=BINARY_TYPE)
    wait_for_time_step(begun)
    return answer


@require_POST
@answer_errors_as_json
def send_encrypted_message(request: HttpRequest) -> HttpResponseBase:
    """Add the discloser's next turn."""
    lookup = _parse_hex(request.headers.get("X-Lookup"), 16)
    today = get_local_date(now())
    current_manifest.get_current_manifest(today)
    with receive_uploads(request, queries.get_outer_key(lookup)) as files:
        parts = get_turn_parts(files)
        commands.send_discloser_message(
            lookup, turn=parse_number(request.POST.get("turn")), parts=parts, today=today
        )
        files.parts = {}
    return JsonResponse({}, status=201)


@require_POST
@answer_errors_as_json
def download_encrypted_file(request: HttpRequest) -> HttpResponseBase:
    """Return an encrypted file of the Commission."""
    body = parse_json_body(request)
    return stream_bytes(queries.read_file(_parse_hex(body.get("lookup"), 16), parse_uuid(body.get("id"))))


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


def _parse_hex(value: Any, length: int) -> bytes:
    try:
        parsed = bytes.fromhex(value)
    except (TypeError, ValueError):
        raise MalformedRequest from None
    if len(parsed) != length:
        raise MalformedRequest
    return parsed


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


def _parse_recipient(value: Any) -> str:
    try:
        pyrage.x25519.Recipient.from_str(value)
    except (pyrage.RecipientError, TypeError):
        raise MalformedRequest from None
    return str(value)
