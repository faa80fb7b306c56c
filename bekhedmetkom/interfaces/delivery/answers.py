"""What people answer: letters that a mail server passes on, SMS that a gateway does."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from bekhedmetkom.attachments.rules import TryAgain
from bekhedmetkom.interfaces.access_control import audience
from bekhedmetkom.kernel import clock
from bekhedmetkom.messages.commands import hear_sms, take_in_letter
from bekhedmetkom.messages.commands.letters import LARGEST

from .bearing import each, plain, refused

MOST = 100
_FIELDS = {"id": 100, "from": 40, "text": 4000}  # letters at most


@audience("machine")
@csrf_exempt
@require_POST
def mail(request: HttpRequest) -> HttpResponse:
    """A letter as it came (message/rfc822), `X-Envelope-To` with the address; 503 asks for it again, a little later."""
    if answer := refused(request, settings.MAIL_IN_TOKEN):
        return answer
    to = request.headers.get("X-Envelope-To", "")
    raw = request.read(LARGEST + 1)
    if not to or not raw:
        return plain("Send the letter as the body, and its address as X-Envelope-To.", 400)
    try:
        take_in_letter(raw=raw, came_to=to, at=clock.now())
    except TryAgain as wait:
        response = plain("Its files cannot be looked at now; try again.", 503)
        response.headers["Retry-After"] = str(wait.after)
        return response
    return HttpResponse(status=204)


@audience("machine")
@csrf_exempt
@require_POST
def sms(request: HttpRequest) -> HttpResponse:
    """`{"id": …, "from": …, "text": …}`, or a list of them; the same id again changes nothing."""
    if answer := refused(request, settings.SMS_RECEIPT_TOKEN):
        return answer
    try:
        texts = each(request.body, _read, MOST)
    except ValueError:
        return plain('Send {"id": …, "from": …, "text": …} or a list of at most 100 of them, as JSON.', 400)
    at = clock.now()
    for key, sender, text in texts:
        hear_sms(sender=sender, text=text, key=key, at=at)
    return HttpResponse(status=204)


def _read(sent: Any) -> tuple[str, str, str]:
    if not isinstance(sent, dict):
        raise ValueError
    key, sender, text = (_word(sent.get(name), most) for name, most in _FIELDS.items())
    return key, sender, text


def _word(value: Any, most: int) -> str:
    """A text of one letter at least that can be kept; ids may be numbers."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError
    word = str(value)
    if not 0 < len(word) <= most or "\0" in word:
        raise ValueError
    word.encode()  # a lone surrogate is a ValueError
    return word
