"""Where a page listens to what happens: the live process's address, with the token that lets the page in."""

from collections.abc import Collection
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from bekhedmetkom.interfaces.actor import actor_of_request
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import now
from bekhedmetkom.live import tokens
from bekhedmetkom.live.rules import Topic, topics_of


def address_of_stream(actor: Actor, topics: Collection[Topic]) -> str:
    """For this officer's page, these topics, and as long as a token is good for."""
    assert actor.officer_id is not None
    query = {"topics": ",".join(sorted(topics)), "token": tokens.made(actor.officer_id, topics, now())}
    return f"{settings.LIVE_URL}/events?{urlencode(query, safe=',:')}"


def stream_of_page(request: HttpRequest, wanted: Collection[Topic]) -> tuple[str, str] | None:
    """Where the page listens, and where it asks for the next token; `None` for whom none of these topics is."""
    actor = actor_of_request(request)
    topics = topics_of(actor) & frozenset(wanted) if actor else frozenset()
    if actor is None or not topics:
        return None
    return address_of_stream(actor, topics), f"{reverse('live:token')}?topics={','.join(sorted(topics))}"
