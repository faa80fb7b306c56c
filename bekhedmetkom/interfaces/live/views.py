"""Renews stream tokens for pages that stay open longer than their token is valid."""

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bekhedmetkom.interfaces.access_control import audience, get_request_actor, officer_required
from bekhedmetkom.interfaces.ui.live_stream import build_stream_url
from bekhedmetkom.live.rules import Topic, list_topics


@audience("officer")
@officer_required
@never_cache
@require_safe
def get_stream_token(request: HttpRequest) -> JsonResponse:
    """Return the stream address for these topics with a new token; 403 if one is not permitted."""
    actor = get_request_actor(request)
    try:
        topics = frozenset(map(Topic, request.GET.get("topics", "").split(",")))
    except ValueError:
        raise BadRequest from None
    if actor is None or not topics <= list_topics(actor):
        raise PermissionDenied
    return JsonResponse({"address": build_stream_url(actor, topics)})
