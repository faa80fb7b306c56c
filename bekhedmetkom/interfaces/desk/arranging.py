"""What a body sets up itself: its pages, for whom they are, and which body an address means."""

from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bekhedmetkom.cases.rules.access import may_at
from bekhedmetkom.entities.queries import tree
from bekhedmetkom.entities.tree import Body
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.clock import local_day

from .visit import Visit


class Tab(NamedTuple):
    """A page of these: the name of its address, its title, its picture."""

    name: str
    title: str | Promise
    icon: str


TABS = (
    Tab("approval", _("اعتماد الردود"), "shield-check"),
    Tab("distribution", _("توزيع الطلبات"), "route"),
)


def arranged(visit: Visit) -> list[Body]:
    """The bodies whose work this officer may set up, by name; the officer's own come first."""
    own = {grant.entity for grant in visit.actor.grants}
    today = local_day(visit.at)
    found = [
        body for body in tree() if body.is_open(today) and may_at(visit.actor, Permission.ARRANGE, body.id)
    ]
    return sorted(found, key=lambda body: (body.id not in own, body.name_in(visit.language)))


def body_of(request: HttpRequest, visit: Visit) -> Body:
    """The body that the address names, else the officer's first: 403 for who sets up none, 404 for another's."""
    bodies = arranged(visit)
    if not bodies:
        raise PermissionDenied
    code = request.GET.get("entity") or bodies[0].code
    body = next((body for body in bodies if body.code == code), None)
    if body is None:
        raise Http404
    return body
