"""Who watches the figures, of which bodies, and when: worked out once for each request."""

from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import get_language

from bekhedmetkom.cases.rules.access import holds
from bekhedmetkom.entities.queries import tree
from bekhedmetkom.entities.tree import Body
from bekhedmetkom.identity.queries import reached
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.interfaces.actor import actor_of_request
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import local_day, now


@dataclass(frozen=True, slots=True)
class Visit:
    """`reach`: the bodies whose figures are theirs to watch; `None`: every body's."""

    actor: Actor
    at: datetime
    language: str
    name: str
    reach: frozenset[int] | None

    @property
    def today(self) -> date:
        return local_day(self.at)

    @property
    def bodies(self) -> list[Body]:
        """In the order of their names."""
        found = [body for body in tree() if self.reach is None or body.id in self.reach]
        return sorted(found, key=lambda body: body.name_in(self.language))

    @property
    def reads(self) -> bool:
        """Whether there are cases that this officer may read."""
        return holds(self.actor, Permission.READ)


def visit_of(request: HttpRequest) -> Visit:
    """The signed-in officer as an actor. Whoever watches no body has no dashboard: 403."""
    officer, actor = request.user, actor_of_request(request)
    if not officer.is_authenticated or actor is None or not holds(actor, Permission.WATCH):
        raise PermissionDenied
    language = get_language() or "ar"
    return Visit(actor, now(), language, officer.name.in_(language), reached(actor, Permission.WATCH))
