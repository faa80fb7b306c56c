"""Way B: everything comes sealed by the browser, and answers go out sealed. No cookie, no session, no plain word."""

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
    """It is not what this address takes."""


class RequestTooLarge(Exception):
    """Larger than a file may be, more of them, or more than a day has room for."""


def answer_errors_as_json(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Refusals without a page: a script asks here."""

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
        except commands.TurnConflict as taken:
            return JsonResponse({"turn": taken.turn}, status=409)
        except (commands.ConversationClosed, commands.NotPossibleNow, commands.ManifestChanged):
            return JsonResponse({}, status=409)

    return answered


@require_safe
@answer_errors_as_json
def show_manifest(request: HttpRequest) -> HttpResponseBase:
    """The Commission's keys as they were signed: whoever seals verifies them by itself."""
    epoch = current_manifest.get_current_manifest(get_local_date(now())).epoch
    signed = current_manifest.read_signed_manifest()
    said = {"manifest": signed.body, "signature": signed.signature}
    return JsonResponse({name: b64encode(value).decode() for name, value in said.items()} | {"epoch": epoch})


@require_POST
@answer_errors_as_json
def submit_encrypted_report(request: HttpRequest) -> HttpResponseBase:
    """A report: 201; the same again (its answer was lost): 200; sealed to an older manifest: 409."""
    today = get_local_date(now())
    current_manifest.get_current_manifest(today)
    key = outer_keys.generate_key()
    with receive_uploads(request, key) as files:
        said = request.POST
        (text,) = files.parts.get("text", [None])
        if text is None or not {"ring", "identity"} <= files.small_fields.keys():
            raise MalformedRequest
        report = commands.EncryptedReport(
            lookup_id=_parse_hex(said.get("lookup"), 16),
            reader=_parse_recipient(said.get("reader")),
            recipient=_parse_recipient(said.get("recipient")),
            anchor=_parse_hex(said.get("anchor"), 32),
            key_ring=files.small_fields["ring"],
            identity=files.small_fields["identity"],
            epoch=parse_number(said.get("epoch")),
            parts=[text, *files.parts.get("file", [])],
            excluded_officers=[officer[:64] for officer in said.getlist("exclude")[:50]],
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
    """What a look-up id leads to, sealed to its words. Always 200, at the same cost, after the same time."""
    begun = monotonic()
    found = queries.get_encrypted_conversation(_parse_hex(parse_json_body(request).get("lookup"), 16))
    answer = HttpResponse(found, content_type=BINARY_TYPE)
    wait_for_time_step(begun)
    return answer


@require_POST
@answer_errors_as_json
def send_encrypted_message(request: HttpRequest) -> HttpResponseBase:
    """The discloser's next turn."""
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
    """A file of the Commission's, as it is sealed."""
    said = parse_json_body(request)
    return stream_bytes(queries.read_file(_parse_hex(said.get("lookup"), 16), parse_uuid(said.get("id"))))


@contextmanager
def receive_uploads(request: HttpRequest, key: bytes) -> Iterator[BrowserEncryptedUploadHandler]:
    """Reads the request; what its view has not taken out of `parts` by the end is dropped."""
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
    """A message and its files."""
    messages = files.parts.get("message", [])
    if len(messages) != 1:
        raise MalformedRequest
    return [*messages, *files.parts.get("file", [])]


def parse_json_body(request: HttpRequest) -> dict[str, Any]:
    """The JSON object of a request."""
    try:
        if int(request.headers.get("Content-Length") or 0) > MAX_JSON_BYTES:
            raise MalformedRequest
        said = json.loads(request.body)
    except (ValueError, RecursionError):
        raise MalformedRequest from None
    if not isinstance(said, dict):
        raise MalformedRequest
    return said


def stream_bytes(pieces: Iterator[bytes]) -> HttpResponseBase:
    """Sealed bytes; the first of them is looked at before anything is answered."""
    first = next(pieces, b"")

    def all_of_them() -> Iterator[bytes]:
        yield first
        yield from pieces

    return StreamingHttpResponse(all_of_them(), content_type=BINARY_TYPE)


def _parse_hex(said: Any, length: int) -> bytes:
    try:
        found = bytes.fromhex(said)
    except (TypeError, ValueError):
        raise MalformedRequest from None
    if len(found) != length:
        raise MalformedRequest
    return found


def parse_uuid(said: Any) -> UUID:
    """The id of a report or a part, as it is said in an address or in JSON."""
    try:
        return UUID(said)
    except (TypeError, ValueError, AttributeError):
        raise MalformedRequest from None


def parse_number(said: Any) -> int:
    """A small number as a form writes it."""
    if not isinstance(said, str) or not said.isascii() or not said.isdigit() or len(said) > 6:
        raise MalformedRequest
    return int(said)


def _parse_recipient(said: Any) -> str:
    try:
        pyrage.x25519.Recipient.from_str(said)
    except (pyrage.RecipientError, TypeError):
        raise MalformedRequest from None
    return str(said)
