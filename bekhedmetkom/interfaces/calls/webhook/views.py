"""The webhook of the telephone exchange: call events as a form or as JSON.

The token is sent in a header (`Authorization: Bearer` or `X-Token`), or in the URL by exchanges that cannot set one.
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
    """Record an event and return `{}`. Unknown events are ignored; repeated ones change nothing."""
    provided = (
        token
        or request.headers.get("X-Token")
        or request.headers.get("Authorization", "").removeprefix("Bearer ")
    )
    if not hmac.compare_digest(provided.encode("utf-8", "replace"), settings.CALLS_TOKEN.encode()):
        return _build_error("The token is not the one agreed on.", 403)
    try:
        fields = _parse_fields(request)
    except (ValueError, RecursionError, RequestDataTooBig, MultiPartParserError):
        return _build_error("Send the event as a form or as one JSON object.", 400)
    call_id = _clean_word(fields.get("callId"))
    event = _parse_event(fields, clock.now())
    if not call_id:
        return _build_error("callId is missing.", 400)
    if event:
        record_event(call_id=call_id, event=event)
    return JsonResponse({})


def _parse_fields(request: HttpRequest) -> Mapping[str, Any]:
    """Return the posted fields by name; form fields as lists. Raises `ValueError`."""
    if "json" not in (request.content_type or ""):
        return {name: request.POST.getlist(name) for name in request.POST}
    fields = json.loads(request.body)
    if not isinstance(fields, dict):
        raise ValueError
    return fields


def _parse_event(fields: Mapping[str, Any], at: datetime) -> CallEvent | None:
    """Return the event, or `None` if it does not change the call."""
    name = _clean_word(fields.get("event"))
    if name not in _NAMES:
        return None
    direction = _clean_word(fields.get("direction"))
    is_outgoing = direction == Direction.OUT
    answering = _clean_word(fields.get("answeringNumber"))
    lines = [*_clean_words(fields.get("user[]", fields.get("user"))), *([answering] if answering else [])]
    return CallEvent(
        at=at,
        name=EventName(name),
        number=parse_outside_number(_clean_word(fields.get("to" if is_outgoing else "from"))),
        direction=direction if direction in _DIRECTIONS else "",
        lines=tuple(dict.fromkeys(lines)),
        queue=_clean_word(fields.get("queue")),
        cause=_clean_word(fields.get("cause")),
    )


def _clean_word(value: Any) -> str:
    """Return one short printable word; empty for anything else."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) < 10**30 else ""
    if not isinstance(value, str):
        return ""
    return "".join(character for character in value[:MAX_WORD_LENGTH] if character.isprintable()).strip()


def _clean_words(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [word for item in values[:MAX_LINES] if not isinstance(item, list) and (word := _clean_word(item))]


def _build_error(sentence: str, status: int) -> HttpResponse:
    return JsonResponse({"errors": [sentence]}, status=status)
