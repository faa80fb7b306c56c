"""Where a page listens to what happens: the live process's address, with the token that lets the page in."""

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
    """For this officer's page, these topics, and as long as a token is good for."""
    assert actor.officer_id is not None
    query = {
        "topics": ",".join(sorted(topics)),
        "token": tokens.create_token(actor.officer_id, topics, now()),
    }
    return f"{settings.LIVE_URL}/events?{urlencode(query, safe=',:')}"


def get_page_stream(request: HttpRequest, wanted: Collection[Topic]) -> tuple[str, str] | None:
    """Where the page listens, and where it asks for the next token; `None` for whom none of these topics is."""
    actor = get_request_actor(request)
    topics = list_topics(actor) & frozenset(wanted) if actor else frozenset()
    if actor is None or not topics:
        return None
    return build_stream_url(actor, topics), f"{reverse('live:token')}?topics={','.join(sorted(topics))}"
