"""Frame of a body's settings pages: tabs, permissions, and the body that the address names."""

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
    """A tab: URL name, title, icon and required permission."""

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
    """Return the context of a settings page. `body` is the one in the query string, else the officer's first.

    Raises `PermissionDenied` without the tab's permission and `Http404` for a body out of reach.
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
    """Return the open bodies for which the officer has the permission, by name; their own first."""
    own = {grant.entity for grant in visit.actor.grants}
    today = get_local_date(visit.at)
    found = [
        body
        for body in get_tree()
        if body.is_open(today) and has_entity_permission(visit.actor, permission, body.id)
    ]
    return sorted(found, key=lambda body: (body.id not in own, body.get_name(visit.language)))


def get_first_tab(visit: RequestContext) -> SettingsTab | None:
    """Return the first tab that the officer may open; `None` if there is none."""
    held = [ROLE_PERMISSIONS[Role(grant.role)] for grant in visit.actor.grants if grant.unit is None]
    return next((tab for tab in SETTINGS_TABS if any(tab.permission in grants for grants in held)), None)
