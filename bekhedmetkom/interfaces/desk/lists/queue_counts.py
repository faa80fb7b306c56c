"""Counts of the side bar, and the number of new cases since a list was drawn; the page polls both.

Counting takes longer than reading a list, so a list shows cached counts and `sidebar_counts.js` fetches current ones.
Without JavaScript the list itself counts.
"""

from collections.abc import Mapping

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from bekhedmetkom.cases.queries import COUNT_LIMIT, count_arrivals, get_last_event_id
from bekhedmetkom.interfaces.access_control import audience, officer_required
from bekhedmetkom.kernel.formatting import NEW_CASE, format_count
from bekhedmetkom.notifications.queries import MAX_UNSEEN_COUNT

from ..request_context import RequestContext, get_context
from .count_cache import NOTIFICATIONS_KEY, count_queues, get_cached_counts, get_recent_counts
from .list_query import parse_list_query
from .queues import format_capped_count, format_case_count

LIVE_COOKIE = "live"  # the cookie of a browser whose script asks by itself
MAX_JOURNAL_POSITION = 2**63 - 1  # no place in the journals is beyond


def get_page_counts(request: HttpRequest, visit: RequestContext) -> Mapping[str, int]:
    """Return cached counts, perhaps none; current ones for a browser without JavaScript."""
    return (
        get_cached_counts(visit.actor)
        if LIVE_COOKIE in request.COOKIES
        else count_queues(visit.actor, visit.at)
    )


@audience("officer")
@officer_required
@cache_control(private=True, no_cache=True)
@conditional_page
@require_safe
def show_counts(request: HttpRequest) -> JsonResponse:
    """Return all counts, and what came into the list after `since`, a journal position.

    Without `since` the answer carries the current position.
    """
    visit = get_context(request)
    asked, waiting = parse_list_query(request.GET, visit), get_recent_counts(visit.actor, visit.at)
    queue, narrowing = asked.queue, asked.applied_filters
    said = {
        "counts": {
            name: format_capped_count(number) for name, number in waiting.items() if name != NOTIFICATIONS_KEY
        },
        "bell": format_notification_count(waiting),
        "number": "" if narrowing.is_active else format_case_count(waiting.get(queue.name, 0), visit),
    }
    since = request.GET.get("since", "")[:20]
    if not (since.isascii() and since.isdecimal() and int(since) <= MAX_JOURNAL_POSITION):
        return JsonResponse(said | {"since": get_last_event_id()})
    came = count_arrivals(visit.actor, queue.name, visit.at, int(since), narrowing.filters)
    return JsonResponse(said | {"came": _format_new_cases(came, visit.language)})


def format_notification_count(waiting: Mapping[str, int]) -> str:
    """Format the count of unseen notifications; empty for none."""
    number = waiting.get(NOTIFICATIONS_KEY, 0)
    return f"{MAX_UNSEEN_COUNT}+" if number > MAX_UNSEEN_COUNT else str(number or "")


def _format_new_cases(came: int, language: str) -> str:
    """Format the button's label: "3 طلبات جديدة"; empty for none."""
    if came > COUNT_LIMIT:
        return gettext("أكثر من %(n)s طلب جديد") % {"n": COUNT_LIMIT}
    return format_count(came, NEW_CASE, language) if came else ""
