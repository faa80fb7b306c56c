"""The pages that a device keeps, so that they open without a network. They say the same to everyone, and hold no token.

What stands in them, the device itself has: `static/portal/outbox.js`.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bekhedmetkom.attachments.rules import MOST_FILES
from bekhedmetkom.catalogue.rules import Kind
from bekhedmetkom.entities.queries import places
from bekhedmetkom.interfaces.audience import audience
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.clock import local_day

from ..entities import by_sector
from ..kinds import offers
from ..new.answers import BY_US, NO_TOPIC


@audience("public")
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """In the place of a page that cannot be fetched."""
    return render(request, "portal/app/offline.html")


@audience("public")
@require_safe
def write_offline(request: HttpRequest) -> HttpResponse:
    """A whole case on one page. No violation: those are kept on no device."""
    at = clock.now()
    return render(
        request,
        "portal/app/write.html",
        {
            "kinds": [offer for offer in offers(at) if offer.value != Kind.VIOLATION],
            "sectors": by_sector(local_day(at)), "places": places().values(),
            "by_us": BY_US, "no_topic": NO_TOPIC, "most": MOST_FILES,
        },
    )  # fmt: skip


@audience("public")
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """What was written on this device: what waits to be sent, what came back, what has arrived."""
    return render(request, "portal/app/waiting.html")
