"""What the telephone exchange tells of each call, in the usual shape of such webhooks: a form, or JSON.

The token stands in a header (`Authorization: Bearer`, `X-Token`) or, for exchanges that can send none, in the address.
"""

import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from bekhedmetkom.calls.commands import record_event
from bekhedmetkom.calls.rules.call_events import (
    MAX_LINES,
    MAX_WORD_LENGTH,
    CallEvent,
    Direction,
    EventName,
    parse_outside_number,
)
from bekhedmetkom.interfaces.access_control import audience
from bekhedmetkom.kernel import clock

_NAMES, _DIRECTIONS = {str(name) for name in EventName}, {str(way) for way in Direction}


@audience("machine")
@csrf_exempt
@require_POST
def receive_event(request: HttpRequest, token: str = "") -> HttpResponse:
    """`{}`, whatever the event means to us; one that comes again changes nothing, so the exchange may repeat it."""
    shown = (
        token
        or request.headers.get("X-Token")
        or request.headers.get("Authorization", "").removeprefix("Bearer ")
    )
    if not hmac.compare_digest(shown.encode("utf-8", "replace"), settings.CALLS_TOKEN.encode()):
        return _build_error("The token is not the one agreed on.", 403)
    try:
        sent = _parse_fields(request)
    except (ValueError, RecursionError, RequestDataTooBig, MultiPartParserError):
        return _build_error("Send the event as a form or as one JSON object.", 400)
    call_id = _clean_word(sent.get("callId"))
    event = _parse_event(sent, clock.now())
    if not call_id:
        return _build_error("callId is missing.", 400)
    if event:
        record_event(call_id=call_id, event=event)
    return JsonResponse({})


def _parse_fields(request: HttpRequest) -> Mapping[str, Any]:
    """What was sent, by name; of a form the lists as lists."""
    if "json" not in (request.content_type or ""):
        return {name: request.POST.getlist(name) for name in request.POST}
    sent = json.loads(request.body)
    if not isinstance(sent, dict):
        raise ValueError
    return sent


def _parse_event(sent: Mapping[str, Any], at: datetime) -> CallEvent | None:
    """The event, or `None` for one that says nothing about who talks with whom, as a key that was pressed."""
    name = _clean_word(sent.get("event"))
    if name not in _NAMES:
        return None
    direction = _clean_word(sent.get("direction"))
    outward = direction == Direction.OUT
    answering = _clean_word(sent.get("answeringNumber"))
    lines = [*_clean_words(sent.get("user[]", sent.get("user"))), *([answering] if answering else [])]
    return CallEvent(
        at=at, name=EventName(name), number=parse_outside_number(_clean_word(sent.get("to" if outward else "from"))),
        direction=direction if direction in _DIRECTIONS else "", lines=tuple(dict.fromkeys(lines)),
        queue=_clean_word(sent.get("queue")), cause=_clean_word(sent.get("cause")),
    )  # fmt: skip


def _clean_word(value: Any) -> str:
    """One short printable word; empty for anything else."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) < 10**30 else ""
    if not isinstance(value, str):
        return ""
    return "".join(sign for sign in value[:MAX_WORD_LENGTH] if sign.isprintable()).strip()


def _clean_words(value: Any) -> list[str]:
    listed = value if isinstance(value, list) else [value]
    return [word for one in listed[:MAX_LINES] if not isinstance(one, list) and (word := _clean_word(one))]


def _build_error(sentence: str, status: int) -> HttpResponse:
    return JsonResponse({"errors": [sentence]}, status=status)
