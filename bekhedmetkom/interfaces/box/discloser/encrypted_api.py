"""API for disclosers with JavaScript: the browser encrypts requests and decrypts responses, without cookies."""

from base64 import b64encode
from time import monotonic
from typing import Any

import pyrage
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_POST, require_safe

from bekhedmetkom.disclosures import commands, current_manifest, outer_keys, queries
from bekhedmetkom.kernel.clock import get_local_date, now

from ..api_requests import (
    BINARY_TYPE,
    MalformedRequest,
    answer_errors_as_json,
    get_turn_parts,
    parse_json_body,
    parse_number,
    parse_uuid,
    receive_uploads,
    stream_bytes,
)
from .receipt_login import wait_for_time_step


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


def _parse_hex(value: Any, length: int) -> bytes:
    try:
        parsed = bytes.fromhex(value)
    except (TypeError, ValueError):
        raise MalformedRequest from None
    if len(parsed) != length:
        raise MalformedRequest
    return parsed


def _parse_recipient(value: Any) -> str:
    try:
        pyrage.x25519.Recipient.from_str(value)
    except (pyrage.RecipientError, TypeError):
        raise MalformedRequest from None
    return str(value)
