"""Comparison of bodies, and the page of each: deadline policies, calendar, officers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bekhedmetkom.cases.queries import list_approval_rules
from bekhedmetkom.catalogue.queries import (
    EffectivePolicy,
    PolicyVersion,
    list_effective_policies,
    list_topics_with_own_terms,
)
from bekhedmetkom.catalogue.rules import LEVEL_LABELS, Duration, PolicyTerms
from bekhedmetkom.entities.queries import get_tree, get_units, list_hours_and_holidays
from bekhedmetkom.entities.tree import Body
from bekhedmetkom.identity.queries import (
    RoleCoverage,
    RoleHolder,
    get_reachable_bodies,
    get_role_coverage,
    list_role_holders_of_bodies,
)
from bekhedmetkom.identity.rules import ROLE_LABELS, Permission, Role
from bekhedmetkom.interfaces.access_control import audience, officer_required
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.formatting import HOUR, format_count, format_working_days
from bekhedmetkom.kernel.text import BilingualText

from ..navigation import render_page
from ..request_context import RequestContext, get_context

# Whom each body has, or is served by; an approver only where replies are approved.
REQUIRED_ROLES = (Role.MAIN_OFFICER, Role.MANAGER, Role.HEAD_OF_BODY, Role.REVIEWER, Role.APPROVER)
BODY_FILTERS: Mapping[str, str | Lazy] = {
    "": gettext_lazy("الكل"), "missing": gettext_lazy("ينقصها موظف"), "rules": gettext_lazy("لها قواعد تختلف"),
}  # fmt: skip


class RoleStatus(NamedTuple):
    """A role at a body: who holds it, or which body serves in its place. `is_missing`: nobody does."""

    role: BilingualText
    names: list[BilingualText]
    served_by: BilingualText | None
    is_missing: bool


@dataclass(frozen=True, slots=True)
class BodyRow:
    """A row of the comparison. `differences`: policies that differ from the national ones."""

    body: Body
    differences: list[str]
    roles: list[RoleStatus]
    officer_count: int

    @property
    def list_cells(self) -> list[tuple[RoleStatus, int]]:
        """Return its roles with their column spans; neighbouring roles served by one body share a cell."""
        cells: list[tuple[RoleStatus, int]] = []
        for post in self.roles:
            last, over = cells[-1] if cells else (None, 0)
            if last and post.served_by and post.served_by == last.served_by:
                cells[-1] = last, over + 1
            else:
                cells.append((post, 1))
        return cells

    @property
    def is_understaffed(self) -> bool:
        return any(not post.names for post in self.roles)


@audience("officer")
@officer_required
@never_cache
@require_safe
def show_bodies(request: HttpRequest) -> HttpResponse:
    """Compare all bodies that the officer oversees: policy differences and vacant roles."""
    visit, shown = get_overseen_bodies(request)
    only = request.GET.get("only", "")
    if only not in BODY_FILTERS:
        only = ""
    staff = _group_by_body(list_role_holders_of_bodies([body.id for body in shown], visit.at))
    service = get_role_coverage(visit.at)
    lines = [_build_row(body, staff.get(body.id, []), service, visit) for body in shown]
    if only:
        lines = [line for line in lines if (line.is_understaffed if only == "missing" else line.differences)]
    context = {
        "lines": lines,
        "roles": [ROLE_LABELS[role] for role in REQUIRED_ROLES],
        "only": only,
        "choices": BODY_FILTERS.items(),
        "page_route": "desk:bodies",
    }
    return render_page(request, visit, "desk/body/bodies.html", context)


@audience("officer")
@officer_required
@never_cache
@require_safe
def show_body(request: HttpRequest, code: str) -> HttpResponse:
    """Show one body: its policies with their versions, the calendar, its officers."""
    visit, shown = get_overseen_bodies(request)
    one = next((body for body in shown if body.code == code), None)
    if one is None:
        raise Http404
    staff = list_role_holders_of_bodies([one.id], visit.at)
    hours, holidays = list_hours_and_holidays(get_local_date(visit.at))
    in_a_year = get_local_date(visit.at) + timedelta(days=365)
    context = {
        "body": one, "line": _build_row(one, staff, get_role_coverage(visit.at), visit),
        "rules": [_build_policy(rule, visit) for rule in list_effective_policies(one.id, visit.at)],
        "topics": [
            (topic.name, _format_terms(promise.terms, visit.language), promise)
            for topic, promise in list_topics_with_own_terms(one.id, visit.at)
        ],
        "hours": [(BilingualText(row.label_ar, row.label_en), row) for row in hours],
        "soon": [one for one in holidays if one.date < in_a_year],
        "later": [one for one in holidays if one.date >= in_a_year],
        "page_route": "desk:bodies",
        "staff": [(ROLE_LABELS[held.role], held.name, _get_unit_name(held)) for held in staff],
    }  # fmt: skip
    return render_page(request, visit, "desk/body/body.html", context)


def get_overseen_bodies(request: HttpRequest) -> tuple[RequestContext, list[Body]]:
    """Return the context and the open bodies that the officer oversees. Raises `PermissionDenied` if there are none."""
    visit = get_context(request)
    within = get_reachable_bodies(visit.actor, Permission.OVERSEE)
    today = get_local_date(visit.at)
    shown = [body for body in get_tree() if (within is None or body.id in within) and body.is_open(today)]
    if not shown:
        raise PermissionDenied
    return visit, shown


def _group_by_body(held: list[RoleHolder]) -> dict[int, list[RoleHolder]]:
    bodies: dict[int, list[RoleHolder]] = {}
    for one in held:
        bodies.setdefault(one.entity, []).append(one)
    return bodies


def _build_row(body: Body, staff: list[RoleHolder], service: RoleCoverage, visit: RequestContext) -> BodyRow:
    roles = [role for role in REQUIRED_ROLES if role is not Role.APPROVER or list_approval_rules(body.id)]
    return BodyRow(
        body,
        [
            _format_difference(rule, visit.language)
            for rule in list_effective_policies(body.id, visit.at)
            if rule.is_different
        ],
        [_build_role_status(body.id, role, staff, service) for role in roles],
        len({held.name for held in staff}),
    )


def _build_role_status(body: int, role: Role, staff: list[RoleHolder], service: RoleCoverage) -> RoleStatus:
    names = [held.name for held in staff if held.role is role]
    nearest = None if names else service.find_nearest(body, role)
    return RoleStatus(
        ROLE_LABELS[role], names, get_tree()[nearest].name if nearest else None, not names and not nearest
    )


def _format_difference(rule: EffectivePolicy, language: str) -> str:
    said = {"name": rule.national_policy.get_name(language), "own": _format_duration(rule.policy.terms.due, language),
            "national": _format_duration(rule.national_policy.terms.due, language)}  # fmt: skip
    if rule.policy.terms.due == rule.national_policy.terms.due:
        return _("%(name)s: المدة نفسها، وأحكام أخرى") % said
    return _("%(name)s: %(own)s بدل %(national)s") % said


def _build_policy(rule: EffectivePolicy, visit: RequestContext) -> dict[str, Any]:
    return {
        "name": rule.national_policy.get_name(visit.language), "rule": rule,
        "terms": _format_terms(rule.policy.terms, visit.language),
        "set_by": get_tree()[rule.set_by_entity].name if rule.set_by_entity else None,
        "difference": _format_difference(rule, visit.language) if rule.is_different else "",
        "versions": [(one, _format_version_status(one, rule.policy, visit.at)) for one in rule.versions],
    }  # fmt: skip


def _format_version_status(version: PolicyVersion, holds: PolicyVersion, at: datetime) -> str:
    if version.valid_from > at:
        return _("تسري من")
    return _("سارية منذ") if version.id == holds.id else _("كانت منذ")


def _format_terms(terms: PolicyTerms, language: str) -> list[tuple[str, str]]:
    """Return the terms as label and text: reply, extension, escalation steps."""
    said = [(_("الرد خلال"), _format_duration(terms.due, language))]
    if terms.extensions:
        said.append((_("التمديد"), format_working_days(terms.extension_days, language)))
    if terms.no_action:
        level = LEVEL_LABELS[terms.no_action.level].in_language(language)
        said.append((_("بلا إجراء"), f"{_format_duration(terms.no_action.after, language)}: {level}"))
    for rung in terms.ladder:
        level, after = LEVEL_LABELS[rung.level].in_language(language), _format_duration(rung.after, language)
        none = rung.after == Duration()
        label = _("بعد وصوله") if rung.from_receipt else _("عند التأخر") if none else _("بعد الموعد")
        said.append((label, level if none else f"{after}: {level}"))
    return said


def _format_duration(span: Duration, language: str) -> str:
    if span.clock_hours:
        return format_count(span.clock_hours, HOUR, language)
    return format_working_days(span.working_days, language)


def _get_unit_name(held: RoleHolder) -> BilingualText | None:
    section = get_units().get(held.unit or 0)
    return section.name if section else None
