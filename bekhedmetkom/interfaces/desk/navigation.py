"""The frame of a desk page: the pages that the officer's roles have, and the side bar."""

from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bekhedmetkom.cases.queries import has_attention_page
from bekhedmetkom.cases.rules.access import has_permission_anywhere
from bekhedmetkom.identity.queries import get_reachable_bodies
from bekhedmetkom.identity.rules import Permission

from .lists.queue_counts import get_page_counts
from .lists.queues import build_sidebar
from .request_context import RequestContext


class NavigationPage(NamedTuple):
    route: str
    icon: str
    title: str | Promise
    count_key: str = ""  # the name of how much waits there (remembered.py)


ATTENTION_PAGE = NavigationPage("desk:needs", "megaphone", _("يحتاجك"))
WORKLOAD_PAGE = NavigationPage("desk:workload", "users", _("عبء العمل"))
BODIES_PAGE = NavigationPage("desk:bodies", "flag", _("الجهات"))
INSTRUCTIONS_PAGE = NavigationPage("desk:instructions", "handshake", _("توجيهات ومهام"))

DASHBOARD_PAGE = NavigationPage("dashboard:board", "chart-column", _("المؤشرات"))
PROBLEMS_PAGE = NavigationPage("desk:problems", "copy", _("المشكلات"))
CONVERSATIONS_PAGE = NavigationPage("desk:talks", "headset", _("المحادثات"), "talks")


def list_pages(visit: RequestContext) -> list[NavigationPage]:
    """Return the pages of the officer's roles, in the order of the side bar."""
    within = get_reachable_bodies(visit.actor, Permission.OVERSEE)
    return [
        *([ATTENTION_PAGE] if has_attention_page(visit.actor) else []),
        *([DASHBOARD_PAGE] if has_permission_anywhere(visit.actor, Permission.WATCH) else []),
        *([CONVERSATIONS_PAGE] if has_permission_anywhere(visit.actor, Permission.TALK) else []),
        INSTRUCTIONS_PAGE,
        *([PROBLEMS_PAGE] if has_permission_anywhere(visit.actor, Permission.LINK) else []),
        *([WORKLOAD_PAGE, BODIES_PAGE] if within is None or within else []),
    ]


def render_page(
    request: HttpRequest, visit: RequestContext, template: str, context: dict[str, Any]
) -> HttpResponse:
    """Render a page with its side bar. `page_route` in `context` marks the current entry of the side bar."""
    frame = {
        "visit": visit,
        "side": build_sidebar(visit, get_page_counts(request, visit)),
        "queue": None,
        "searched": "",
    }
    return render(request, template, frame | context)
