"""The bell: what concerns this officer, the newest first. What is before them here is seen."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bekhedmetkom.interfaces.actor import officer_required
from bekhedmetkom.interfaces.audience import audience
from bekhedmetkom.messages.commands import see
from bekhedmetkom.messages.queries import NEWEST, rung

from .framed import framed
from .remembered import has_seen
from .visit import get_context


@audience("officer")
@officer_required
@never_cache
@require_safe
def bell(request: HttpRequest) -> HttpResponse:
    """Each case once for each reason; new ones are marked this once."""
    visit = get_context(request)
    lines = rung(visit.actor, visit.at)
    new = {line.id: line.event for line in lines if line.new}
    if new and request.method == "GET":
        see(actor=visit.actor, at=visit.at, lines=new)
        has_seen(visit.actor)
    context = {"lines": lines, "full": len(lines) == NEWEST, "page_route": "desk:bell"}
    return framed(request, visit, "desk/bell.html", context)
