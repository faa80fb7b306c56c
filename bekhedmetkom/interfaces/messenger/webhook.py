"""`/webhooks/messenger`: Meta asks once whether the address is ours, then posts what people say to the page."""

import hmac

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from bekhedmetkom.interfaces.audience import audience
from bekhedmetkom.kernel import clock
from bekhedmetkom.messenger.commands import NotSigned, take_in

MOST = 4 * 1024 * 1024  # bytes of a post; their batches are far smaller


@audience("machine")
@csrf_exempt
@require_http_methods(["GET", "POST"])
def messenger(request: HttpRequest) -> HttpResponse:
    """200 as soon as it is kept; whatever is signed is taken, so that nobody posts it for ever."""
    if not settings.MESSENGER_APP_SECRET:
        raise Http404
    if request.method == "GET":
        return _verified(request)
    raw = request.read(MOST + 1)  # as it came: the signature is over these bytes
    if len(raw) > MOST:
        return _plain("This is larger than any post of Messenger.", 413)
    try:
        take_in(raw=raw, signature=request.headers.get("X-Hub-Signature-256", ""), at=clock.now())
    except NotSigned:
        return _plain("X-Hub-Signature-256 is not the app secret's over this body.", 403)
    return _plain("EVENT_RECEIVED")


def _verified(request: HttpRequest) -> HttpResponse:
    asked, token = request.GET, settings.MESSENGER_VERIFY_TOKEN
    shown = asked.get("hub.verify_token", "").encode("utf-8", "replace")
    known = bool(token) and hmac.compare_digest(shown, token.encode())
    if not known or asked.get("hub.mode") != "subscribe" or "hub.challenge" not in asked:
        return _plain("The verify token is not the one agreed on.", 403)
    return HttpResponse(asked["hub.challenge"], content_type="text/plain; charset=utf-8")


def _plain(sentence: str, status: int = 200) -> HttpResponse:
    return HttpResponse(f"{sentence}\n", status=status, content_type="text/plain; charset=utf-8")
