"""The officer's notifications, newest first. Opening the page marks them as seen."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bekhedmetkom.interfaces.access_control import audience, officer_required
from bekhedmetkom.notifications.commands import mark_lines_seen
from bekhedmetkom.notifications.queries import MAX_INBOX_LINES, list_inbox_lines

from ..lists.count_cache import mark_notifications_seen
from ..navigation import render_page
from ..request_context import get_context


@audience("officer")
@officer_required
@never_cache
@require_safe
def show_notifications(request: HttpRequest) -> HttpResponse:
    """List each case once per reason; new ones are marked."""
    visit = get_context(request)
    lines = list_inbox_lines(visit.actor, visit.at)
    new = {line.id: line.event_id for line in lines if line.is_new}
    if new and request.method == "GET":
        mark_lines_seen(actor=visit.actor, at=visit.at, lines=new)
        mark_notifications_seen(visit.actor)
    context = {"lines": lines, "full": len(lines) == MAX_INBOX_LINES, "page_route": "desk:bell"}
    return render_page(request, visit, "desk/officer/notifications.html", context)
