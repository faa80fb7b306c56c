"""A button of /manage: whoever pressed it acts by a command, and the page that comes next says what came of it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.http import HttpRequest
from django.utils.translation import get_language
from wagtail.admin import messages

from bekhedmetkom.interfaces.actor import actor_of_request
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import Refused


@contextmanager
def acting(request: HttpRequest) -> Iterator[Actor]:
    """Whoever asks. Where the command refuses, its sentence is the notice, and the rest of the block is left out."""
    actor = actor_of_request(request)
    assert actor is not None
    try:
        yield actor
    except Refused as refused:
        messages.error(request, refused.words.in_(get_language() or "ar"))
