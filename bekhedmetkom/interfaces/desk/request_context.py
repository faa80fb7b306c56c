"""The signed-in officer, the time and the language of a desk request, and the case that its address names."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils.translation import get_language

from bekhedmetkom.cases.queries import DeskCase, find_case_state, find_desk_case
from bekhedmetkom.cases.rules.access import has_permission_anywhere
from bekhedmetkom.cases.rules.case_state import CaseState
from bekhedmetkom.entities.queries import get_tree
from bekhedmetkom.identity.rules import ROLE_PERMISSIONS, Permission, Role
from bekhedmetkom.interfaces.access_control import get_request_actor
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import now
from bekhedmetkom.kernel.references import parse_reference

from .lists.count_cache import expire_counts


@dataclass(frozen=True, slots=True)
class RequestContext:
    """`body_name`: the public body that the officer works at; empty for one who works for the whole country."""

    actor: Actor
    at: datetime
    language: str
    officer_name: str
    body_name: str

    @property
    def can_register(self) -> bool:
        """Whether the officer registers cases for others."""
        return has_permission_anywhere(self.actor, Permission.REGISTER)

    @property
    def can_take_calls(self) -> bool:
        """Whether the officer also uses the call centre console."""
        return has_permission_anywhere(self.actor, Permission.TAKE_CALLS)

    @property
    def can_search_people(self) -> bool:
        return has_permission_anywhere(self.actor, Permission.SEARCH_PEOPLE)


def get_context(request: HttpRequest) -> RequestContext:
    """Return the request's context. Raises `PermissionDenied` for an officer without a role that reads cases."""
    officer, actor = request.user, get_request_actor(request)
    if not officer.is_authenticated or actor is None:
        raise PermissionDenied
    if not any(Permission.READ in ROLE_PERMISSIONS[Role(grant.role)] for grant in actor.grants):
        raise PermissionDenied
    if request.method == "POST":
        expire_counts(actor)
    language = get_language() or "ar"
    bodies = [
        get_tree()[grant.entity].get_name(language) for grant in actor.grants if grant.entity is not None
    ]
    return RequestContext(
        actor, now(), language, officer.name.in_language(language), bodies[0] if bodies else ""
    )


def get_case_or_404(visit: RequestContext, reference: str) -> DeskCase:
    """Return the case. Raises `Http404` for an unknown case or one that the officer may not read."""
    known = parse_reference(reference)
    found = find_desk_case(visit.actor, known, visit.at) if known else None
    if found is None:
        raise Http404
    return found


def get_case_state_or_404(visit: RequestContext, reference: str) -> tuple[UUID, CaseState]:
    """Return the id and the state of the case, without its texts. Raises `Http404` as `get_case_or_404` does."""
    known = parse_reference(reference)
    found = find_case_state(visit.actor, known) if known else None
    if found is None:
        raise Http404
    return found
