"""Receipts of an SMS gateway: `{"id": …, "status": …}` or a list of them, with `SMS_RECEIPT_TOKEN` as bearer.

`id` is the gateway's own name for the message, or `reference` ours, as it was given with it.
"""

import re
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from bekhedmetkom.interfaces.access_control import audience
from bekhedmetkom.kernel import clock
from bekhedmetkom.messages.commands import report, report_own
from bekhedmetkom.messages.rules.receipts import Fate, fate_of

from .bearing import each, plain, refused

MOST = 1000
_ID = re.compile(r"[!-~]{1,100}")
_OURS = re.compile(r"message-(\d{1,18})", re.ASCII)

Receipt = tuple[str, int | None, Fate]


@audience("machine")
@csrf_exempt
@require_POST
def sms(request: HttpRequest) -> HttpResponse:
    """204 once all are written down; a receipt that comes again changes nothing, so the gateway may repeat them."""
    if answer := refused(request, settings.SMS_RECEIPT_TOKEN):
        return answer
    try:
        receipts = each(request.body, _read, MOST)
    except ValueError:
        return plain('Send {"id": …, "status": …} or a list of at most 1000 of them, as JSON.', 400)
    at = clock.now()
    for gateway_id, own, fate in receipts:
        if own is not None:
            report_own(message=own, fate=fate, at=at)
        else:
            report(gateway_id=gateway_id, fate=fate, at=at)
    return HttpResponse(status=204)


def _read(receipt: Any) -> Receipt:
    if not isinstance(receipt, dict) or not isinstance(receipt.get("status"), str):
        raise ValueError
    ours = _OURS.fullmatch(str(receipt.get("reference", "")))
    named = receipt.get("id")
    known = str(named) if isinstance(named, str | int) and not isinstance(named, bool) else ""
    if not ours and not _ID.fullmatch(known):
        raise ValueError
    return known, int(ours[1]) if ours else None, fate_of(receipt["status"])
