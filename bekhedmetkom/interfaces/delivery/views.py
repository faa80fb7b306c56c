"""Webhooks of the mail server and the SMS gateway: replies and receipts."""

import hmac
import json
import re
from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from bekhedmetkom.attachments.rules import TemporaryFailure
from bekhedmetkom.interfaces.access_control import audience
from bekhedmetkom.kernel import clock
from bekhedmetkom.notifications.commands import (
    process_email_reply,
    process_sms_reply,
    record_receipt,
    record_receipt_by_message,
)
from bekhedmetkom.notifications.commands.email_replies import MAX_EMAIL_BYTES
from bekhedmetkom.notifications.rules.delivery import ReceiptStatus, parse_receipt_status

MAX_SMS = 100
_SMS_FIELDS = {"id": 100, "from": 40, "text": 4000}  # letters at most


@audience("machine")
@csrf_exempt
@require_POST
def receive_email(request: HttpRequest) -> HttpResponse:
    """Take a raw e-mail (message/rfc822) with its recipient in `X-Envelope-To`; 503 asks for a retry."""
    if answer := check_bearer_token(request, settings.MAIL_IN_TOKEN):
        return answer
    to = request.headers.get("X-Envelope-To", "")
    raw = request.read(MAX_EMAIL_BYTES + 1)
    if not to or not raw:
        return build_text_response("Send the letter as the body, and its address as X-Envelope-To.", 400)
    try:
        process_email_reply(raw=raw, came_to=to, at=clock.now())
    except TemporaryFailure as wait:
        response = build_text_response("Its files cannot be looked at now; try again.", 503)
        response.headers["Retry-After"] = str(wait.retry_after)
        return response
    return HttpResponse(status=204)


@audience("machine")
@csrf_exempt
@require_POST
def receive_sms(request: HttpRequest) -> HttpResponse:
    """Take `{"id": …, "from": …, "text": …}` or a list of them; a repeated id changes nothing."""
    if answer := check_bearer_token(request, settings.SMS_RECEIPT_TOKEN):
        return answer
    try:
        texts = parse_items(request.body, _parse_sms, MAX_SMS)
    except ValueError:
        return build_text_response(
            'Send {"id": …, "from": …, "text": …} or a list of at most 100 of them, as JSON.', 400
        )
    at = clock.now()
    for key, sender, text in texts:
        process_sms_reply(sender=sender, text=text, key=key, at=at)
    return HttpResponse(status=204)


def _parse_sms(sent: Any) -> tuple[str, str, str]:
    if not isinstance(sent, dict):
        raise ValueError
    key, sender, text = (_parse_field(sent.get(name), most) for name, most in _SMS_FIELDS.items())
    return key, sender, text


def _parse_field(value: Any, most: int) -> str:
    """Return a non-empty storable text; ids may be numbers. Raises `ValueError`."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError
    word = str(value)
    if not 0 < len(word) <= most or "\0" in word:
        raise ValueError
    word.encode()  # a lone surrogate is a ValueError
    return word


MAX_RECEIPTS = 1000
_GATEWAY_ID = re.compile(r"[!-~]{1,100}")
_MESSAGE_REFERENCE = re.compile(r"message-(\d{1,18})", re.ASCII)

ParsedReceipt = tuple[str, int | None, ReceiptStatus]


@audience("machine")
@csrf_exempt
@require_POST
def receive_receipts(request: HttpRequest) -> HttpResponse:
    """Store delivery receipts and answer 204; repeated receipts change nothing."""
    if answer := check_bearer_token(request, settings.SMS_RECEIPT_TOKEN):
        return answer
    try:
        receipts = parse_items(request.body, _parse_receipt, MAX_RECEIPTS)
    except ValueError:
        return build_text_response(
            'Send {"id": …, "status": …} or a list of at most 1000 of them, as JSON.', 400
        )
    at = clock.now()
    for gateway_id, own, fate in receipts:
        if own is not None:
            record_receipt_by_message(message=own, fate=fate, at=at)
        else:
            record_receipt(gateway_id=gateway_id, fate=fate, at=at)
    return HttpResponse(status=204)


def _parse_receipt(receipt: Any) -> ParsedReceipt:
    if not isinstance(receipt, dict) or not isinstance(receipt.get("status"), str):
        raise ValueError
    ours = _MESSAGE_REFERENCE.fullmatch(str(receipt.get("reference", "")))
    named = receipt.get("id")
    known = str(named) if isinstance(named, str | int) and not isinstance(named, bool) else ""
    if not ours and not _GATEWAY_ID.fullmatch(known):
        raise ValueError
    return known, int(ours[1]) if ours else None, parse_receipt_status(receipt["status"])


T = TypeVar("T")


def check_bearer_token(request: HttpRequest, token: str) -> HttpResponse | None:
    """Return a 403 response for a wrong token, else `None`. Raises `Http404` if no token is configured."""
    if not token:
        raise Http404
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if hmac.compare_digest(shown.encode("utf-8", "replace"), token.encode()):
        return None
    return build_text_response("The bearer token is not the one agreed on.", 403)


def parse_items(body: bytes, read: Callable[[Any], T], most: int) -> list[T]:
    """Parse a JSON body: one item or a list of at most `most`. Raises `ValueError`."""
    try:
        said = json.loads(body)
    except RecursionError:
        raise ValueError from None
    found = said if isinstance(said, list) else [said]
    if not 0 < len(found) <= most:
        raise ValueError
    return [read(one) for one in found]


def build_text_response(sentence: str, status: int) -> HttpResponse:
    return HttpResponse(f"{sentence}\n", status=status, content_type="text/plain; charset=utf-8")
