"""The address of the live process for a page, with the token that admits it."""

from collections.abc import Collection
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from bekhedmetkom.interfaces.access_control import get_request_actor
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import now
from bekhedmetkom.live import tokens
from bekhedmetkom.live.rules import Topic, list_topics


def build_stream_url(actor: Actor, topics: Collection[Topic]) -> str:
    """Return the stream's address for this officer and these topics, valid as long as its token."""
    assert actor.officer_id is not None
    query = {
        "topics": ",".join(sorted(topics)),
        "token": tokens.create_token(actor.officer_id, topics, now()),
    }
    return f"{settings.LIVE_URL}/events?{urlencode(query, safe=',:')}"


def get_page_stream(request: HttpRequest, wanted: Collection[Topic]) -> tuple[str, str] | None:
    """Return the stream's address and where to renew it; `None` if no topic is open to the officer."""
    actor = get_request_actor(request)
    topics = list_topics(actor) & frozenset(wanted) if actor else frozenset()
    if actor is None or not topics:
        return None
    return build_stream_url(actor, topics), f"{reverse('live:token')}?topics={','.join(sorted(topics))}"
