"""Who looks at the desk, and when: worked out once for each request."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import get_language

from bekhedmetkom.cases.rules.access import holds
from bekhedmetkom.entities.queries import get_tree
from bekhedmetkom.identity.rules import ROLE_PERMISSIONS, Permission, Role
from bekhedmetkom.interfaces.actor import actor_of_request
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import now

from .remembered import forget


@dataclass(frozen=True, slots=True)
class RequestContext:
    """`body` is the public body that the officer works at, in words; empty for who reaches the whole country."""

    actor: Actor
    at: datetime
    language: str
    name: str
    body: str

    @property
    def registers(self) -> bool:
        """Whether the officer writes down cases for others."""
        return holds(self.actor, Permission.REGISTER)

    @property
    def takes_calls(self) -> bool:
        """Whether the officer sits at the call centre's console too."""
        return holds(self.actor, Permission.TAKE_CALLS)

    @property
    def searches_people(self) -> bool:
        return holds(self.actor, Permission.SEARCH_PEOPLE)


def get_context(request: HttpRequest) -> RequestContext:
    """The signed-in officer as an actor. Whoever has no role that reads cases has no desk: 403."""
    officer, actor = request.user, actor_of_request(request)
    if not officer.is_authenticated or actor is None:
        raise PermissionDenied
    if not any(Permission.READ in ROLE_PERMISSIONS[Role(grant.role)] for grant in actor.grants):
        raise PermissionDenied
    if request.method == "POST":
        forget(actor)
    language = get_language() or "ar"
    bodies = [
        get_tree()[grant.entity].name_in(language) for grant in actor.grants if grant.entity is not None
    ]
    return RequestContext(actor, now(), language, officer.name.in_(language), bodies[0] if bodies else "")
