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

from bekhedmetkom.calls.commands import hear_event
from bekhedmetkom.calls.rules.events import LONGEST, MOST_LINES, CallEvent, Direction, Name, outside_number
from bekhedmetkom.interfaces.audience import audience
from bekhedmetkom.kernel import clock

_NAMES, _DIRECTIONS = {str(name) for name in Name}, {str(way) for way in Direction}


@audience("machine")
@csrf_exempt
@require_POST
def heard(request: HttpRequest, token: str = "") -> HttpResponse:
    """`{}`, whatever the event means to us; one that comes again changes nothing, so the exchange may repeat it."""
    shown = (
        token
        or request.headers.get("X-Token")
        or request.headers.get("Authorization", "").removeprefix("Bearer ")
    )
    if not hmac.compare_digest(shown.encode("utf-8", "replace"), settings.CALLS_TOKEN.encode()):
        return _refused("The token is not the one agreed on.", 403)
    try:
        sent = _fields(request)
    except (ValueError, RecursionError, RequestDataTooBig, MultiPartParserError):
        return _refused("Send the event as a form or as one JSON object.", 400)
    call_id = _word(sent.get("callId"))
    event = _event(sent, clock.now())
    if not call_id:
        return _refused("callId is missing.", 400)
    if event:
        hear_event(call_id=call_id, event=event)
    return JsonResponse({})


def _fields(request: HttpRequest) -> Mapping[str, Any]:
    """What was sent, by name; of a form the lists as lists."""
    if "json" not in (request.content_type or ""):
        return {name: request.POST.getlist(name) for name in request.POST}
    sent = json.loads(request.body)
    if not isinstance(sent, dict):
        raise ValueError
    return sent


def _event(sent: Mapping[str, Any], at: datetime) -> CallEvent | None:
    """The event, or `None` for one that says nothing about who talks with whom, as a key that was pressed."""
    name = _word(sent.get("event"))
    if name not in _NAMES:
        return None
    direction = _word(sent.get("direction"))
    outward = direction == Direction.OUT
    answering = _word(sent.get("answeringNumber"))
    lines = [*_words(sent.get("user[]", sent.get("user"))), *([answering] if answering else [])]
    return CallEvent(
        at=at, name=Name(name), number=outside_number(_word(sent.get("to" if outward else "from"))),
        direction=direction if direction in _DIRECTIONS else "", lines=tuple(dict.fromkeys(lines)),
        queue=_word(sent.get("queue")), cause=_word(sent.get("cause")),
    )  # fmt: skip


def _word(value: Any) -> str:
    """One short printable word; empty for anything else."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) < 10**30 else ""
    if not isinstance(value, str):
        return ""
    return "".join(sign for sign in value[:LONGEST] if sign.isprintable()).strip()


def _words(value: Any) -> list[str]:
    listed = value if isinstance(value, list) else [value]
    return [word for one in listed[:MOST_LINES] if not isinstance(one, list) and (word := _word(one))]


def _refused(sentence: str, status: int) -> HttpResponse:
    return JsonResponse({"errors": [sentence]}, status=status)
