"""`/webhooks/messenger`: verification of the subscription, and posts of events."""

import hmac

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from bekhedmetkom.interfaces.access_control import audience
from bekhedmetkom.kernel import clock
from bekhedmetkom.messenger.commands import InvalidSignature, accept_webhook

MAX_BODY_BYTES = 4 * 1024 * 1024  # far more than Meta sends in one post


@audience("machine")
@csrf_exempt
@require_http_methods(["GET", "POST"])
def receive_webhook(request: HttpRequest) -> HttpResponse:
    """Store a signed post and return 200, also for content that is not understood, so that Meta does not repeat it."""
    if not settings.MESSENGER_APP_SECRET:
        raise Http404
    if request.method == "GET":
        return _verify_subscription(request)
    raw = request.read(MAX_BODY_BYTES + 1)  # the signature is over the raw bytes
    if len(raw) > MAX_BODY_BYTES:
        return _build_text_response("This is larger than any post of Messenger.", 413)
    try:
        accept_webhook(raw=raw, signature=request.headers.get("X-Hub-Signature-256", ""), at=clock.now())
    except InvalidSignature:
        return _build_text_response("X-Hub-Signature-256 is not the app secret's over this body.", 403)
    return _build_text_response("EVENT_RECEIVED")


def _verify_subscription(request: HttpRequest) -> HttpResponse:
    parameters, token = request.GET, settings.MESSENGER_VERIFY_TOKEN
    provided = parameters.get("hub.verify_token", "").encode("utf-8", "replace")
    is_valid = bool(token) and hmac.compare_digest(provided, token.encode())
    if not is_valid or parameters.get("hub.mode") != "subscribe" or "hub.challenge" not in parameters:
        return _build_text_response("The verify token is not the one agreed on.", 403)
    return HttpResponse(parameters["hub.challenge"], content_type="text/plain; charset=utf-8")


def _build_text_response(sentence: str, status: int = 200) -> HttpResponse:
    return HttpResponse(f"{sentence}\n", status=status, content_type="text/plain; charset=utf-8")
