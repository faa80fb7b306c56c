"""Who watches the figures, of which bodies, and when: worked out once for each request."""

from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import get_language

from bekhedmetkom.cases.rules.access import has_permission_anywhere
from bekhedmetkom.entities.queries import get_tree
from bekhedmetkom.entities.tree import Body
from bekhedmetkom.identity.queries import get_reachable_bodies
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.interfaces.access_control import get_request_actor
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import get_local_date, now


@dataclass(frozen=True, slots=True)
class RequestContext:
    """`reach`: the bodies whose figures are theirs to watch; `None`: every body's."""

    actor: Actor
    at: datetime
    language: str
    name: str
    reach: frozenset[int] | None

    @property
    def today(self) -> date:
        return get_local_date(self.at)

    @property
    def bodies(self) -> list[Body]:
        """In the order of their names."""
        found = [body for body in get_tree() if self.reach is None or body.id in self.reach]
        return sorted(found, key=lambda body: body.get_name(self.language))

    @property
    def can_read_cases(self) -> bool:
        """Whether there are cases that this officer may read."""
        return has_permission_anywhere(self.actor, Permission.READ)


def get_context(request: HttpRequest) -> RequestContext:
    """The signed-in officer as an actor. Whoever watches no body has no dashboard: 403."""
    officer, actor = request.user, get_request_actor(request)
    if not officer.is_authenticated or actor is None or not has_permission_anywhere(actor, Permission.WATCH):
        raise PermissionDenied
    language = get_language() or "ar"
    return RequestContext(
        actor,
        now(),
        language,
        officer.name.in_language(language),
        get_reachable_bodies(actor, Permission.WATCH),
    )
