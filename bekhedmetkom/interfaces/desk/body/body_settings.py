"""What a body sets up itself and looks back on: its pages, for whom each is, and which body an address means."""

from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bekhedmetkom.cases.rules.access import has_entity_permission
from bekhedmetkom.entities.queries import get_tree
from bekhedmetkom.entities.tree import Body
from bekhedmetkom.identity.rules import ROLE_PERMISSIONS, Permission, Role
from bekhedmetkom.kernel.clock import get_local_date

from ..request_context import RequestContext


class SettingsTab(NamedTuple):
    """A page of these: the name of its address, its title, its picture, and which permission opens it."""

    name: str
    title: str | Promise
    icon: str
    permission: Permission


SETTINGS_TABS = (
    SettingsTab("approval", _("اعتماد الردود"), "shield-check", Permission.ARRANGE),
    SettingsTab("templates", _("قوالب الردود"), "square-pen", Permission.ARRANGE),
    SettingsTab("distribution", _("توزيع الطلبات"), "route", Permission.ARRANGE),
    SettingsTab("passed", _("جودة ما أُرسل"), "scale", Permission.INSTRUCT),
)


def build_page_context(request: HttpRequest, visit: RequestContext, name: str) -> dict[str, Any]:
    """What every page of these shows; `body` is the one that the address names, else the officer's first.

    403 for whom this page is not, 404 for a body that is not theirs.
    """
    tab = next(tab for tab in SETTINGS_TABS if tab.name == name)
    bodies = _list_bodies(visit, tab.permission)
    if not bodies:
        raise PermissionDenied
    code = request.GET.get("entity") or bodies[0].code
    body = next((body for body in bodies if body.code == code), None)
    if body is None:
        raise Http404
    tabs = [tab for tab in SETTINGS_TABS if has_entity_permission(visit.actor, tab.permission, body.id)]
    return {"visit": visit, "tabs": tabs, "tab": tab, "body": body, "bodies": bodies}


def _list_bodies(visit: RequestContext, permission: Permission) -> list[Body]:
    """The open bodies to which the officer has this permission, by name; the officer's own come first."""
    own = {grant.entity for grant in visit.actor.grants}
    today = get_local_date(visit.at)
    found = [
        body
        for body in get_tree()
        if body.is_open(today) and has_entity_permission(visit.actor, permission, body.id)
    ]
    return sorted(found, key=lambda body: (body.id not in own, body.get_name(visit.language)))


def get_first_tab(visit: RequestContext) -> SettingsTab | None:
    """Where the way from the lists leads; nowhere for who has none of these pages."""
    held = [ROLE_PERMISSIONS[Role(grant.role)] for grant in visit.actor.grants if grant.unit is None]
    return next((tab for tab in SETTINGS_TABS if any(tab.permission in grants for grants in held)), None)
