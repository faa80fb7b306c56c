"""The workload board: open cases of each unit and officer of a body. Each number links to its list."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bekhedmetkom.cases.queries import Workload, WorkloadBoard, get_workload_board
from bekhedmetkom.entities.queries import list_units
from bekhedmetkom.identity.queries import get_organisation, list_colleagues
from bekhedmetkom.interfaces.access_control import audience, officer_required
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.text import BilingualText

from ..choices import HANDLER_ROLES
from ..lists.filters import NOBODY
from ..navigation import render_page
from ..request_context import RequestContext
from .bodies import get_overseen_bodies

# In the board's order: what is counted, the queue in which these cases are.
WORKLOAD_COLUMNS: tuple[tuple[str, str | Promise, str], ...] = (
    ("open", _("مفتوح"), "entity"),
    ("today", _("موعده اليوم"), "today"),
    ("overdue", _("متأخر"), "overdue"),
    ("approval", _("بانتظار الاعتماد"), "approval"),
    ("answered", _("رُدّ عليه في 7 أيام"), "answered"),
)


class LoadCount(NamedTuple):
    """`url` is the list of these cases; empty if there are none."""

    case_count: int
    url: str
    is_alarming: bool


class LoadRow(NamedTuple):
    """A unit or an officer. `is_away`: on leave today."""

    name: BilingualText
    unit: BilingualText | None
    counts: list[LoadCount]
    is_away: bool


@audience("officer")
@officer_required
@never_cache
@require_safe
def show_workload(request: HttpRequest) -> HttpResponse:
    """Show the board of the body in the query string, else of the officer's own body."""
    visit, shown = get_overseen_bodies(request)
    own = {grant.entity for grant in visit.actor.grants}
    asked = request.GET.get("entity", "")
    body = next((body for body in shown if str(body.id) == asked), None)
    body = body or next((body for body in shown if body.id in own), shown[0])
    counted = get_workload_board(visit.actor, body.id, visit.at)
    context = {
        "body": body,
        "bodies": sorted(shown, key=lambda one: one.get_name(visit.language)) if len(shown) > 1 else [],
        "all": _build_row(body.name, counted.all, body.id),
        "columns": [title for _name, title, _queue in WORKLOAD_COLUMNS],
        "units": _build_unit_rows(counted, body.id, visit.at),
        "officers": _build_officer_rows(counted, body.id, visit),
        "capped": counted.capped,
        "page_route": "desk:workload",
    }
    return render_page(request, visit, "desk/body/workload.html", context)


def _build_unit_rows(counted: WorkloadBoard, body: int, at: datetime) -> list[LoadRow]:
    """Return the body's units, and the cases without a unit; the highest load first."""
    lines = [
        (load := counted.units.get(unit.id, Workload()), _build_row(unit.name, load, body, unit=str(unit.id)))
        for unit in list_units(body, get_local_date(at))
    ]
    nobody = _build_row(BilingualText("بلا مكلّف", "Assigned to nobody"), counted.nobody, body, officer=NOBODY)
    return [*_sort_by_load(lines), nobody]


def _build_officer_rows(counted: WorkloadBoard, body: int, visit: RequestContext) -> list[LoadRow]:
    """Return the body's case handlers with their unit. A deputy's row includes the absent officer's cases."""
    units = {unit.id: unit.name for unit in list_units(body, get_local_date(visit.at))}
    away = get_organisation(visit.at).get_absent_officers()
    people = {
        who.id: who
        for who in reversed(list_colleagues(body, visit.at))
        if who.role in HANDLER_ROLES or who.id in counted.officers
    }
    return _sort_by_load(
        (
            load := counted.officers.get(key, Workload()),
            _build_row(who.name, load, body, units.get(who.unit or 0), away=key in away, officer=str(key)),
        )
        for key, who in people.items()
    )


def _sort_by_load(lines: Iterable[tuple[Workload, LoadRow]]) -> list[LoadRow]:
    by_load = sorted(lines, key=lambda pair: (-pair[0].overdue, -pair[0].open, pair[1].name.ar))
    return [line for _load, line in by_load]


def _build_row(
    name: BilingualText,
    load: Workload,
    body: int,
    beside: BilingualText | None = None,
    *,
    away: bool = False,
    **whose: str,
) -> LoadRow:
    numbers = [
        LoadCount(
            count := getattr(load, column),
            _build_list_url(queue, body, whose) if count else "",
            column == "overdue",
        )
        for column, _title, queue in WORKLOAD_COLUMNS
    ]
    return LoadRow(name, beside, numbers, away)


def _build_list_url(queue: str, body: int, whose: dict[str, str]) -> str:
    return f"{reverse('desk:list')}?{urlencode({'queue': queue, 'entity': body, **whose})}"
