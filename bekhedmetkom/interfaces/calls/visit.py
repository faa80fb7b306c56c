"""Who sits at the console, and when: worked out once for each request."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import get_language

from bekhedmetkom.cases.rules.access import holds
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.interfaces.actor import actor_of_request
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import now


@dataclass(frozen=True, slots=True)
class Visit:
    actor: Actor
    at: datetime
    language: str
    name: str


def visit_of(request: HttpRequest) -> Visit:
    """The signed-in officer as an actor. Whoever takes no calls has no console: 403."""
    officer, actor = request.user, actor_of_request(request)
    if not officer.is_authenticated or actor is None or not holds(actor, Permission.TAKE_CALLS):
        raise PermissionDenied
    language = get_language() or "ar"
    return Visit(actor, now(), language, officer.name.in_(language))
