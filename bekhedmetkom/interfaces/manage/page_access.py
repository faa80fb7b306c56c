"""Which of Wagtail's own pages are open: those that our viewsets need. Everything else is not there.

Its pages for users, images, documents, page trees and workflows would save without our history of changes.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase

from bekhedmetkom.interfaces.access_control import administrator_required, audience

OPEN_VIEWSETS = frozenset({
    "entities", "units", "sectors", "governorates", "officers", "memberships", "topics", "reply-texts", "policies",
    "holidays", "downloads", "working-hours", "programs", "approval-rules", "messages", "changes",
    "systems", "forwarded",
})  # fmt: skip
OPEN_WAGTAIL_PAGES = frozenset(
    {"wagtailadmin_logout", "wagtailadmin_sprite", "wagtailadmin_javascript_catalog"}
)


def restrict_page(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For administrators alone; 404 for what is not ours."""

    @audience("administrator")
    @administrator_required
    @wraps(view)
    def only_ours(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        match = request.resolver_match
        assert match is not None
        if match.namespace not in OPEN_VIEWSETS and match.url_name not in OPEN_WAGTAIL_PAGES:
            raise Http404
        return view(request, *args, **kwargs)

    return only_ours
