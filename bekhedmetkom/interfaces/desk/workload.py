"""The workload board: who at a body has how much before them. Each number leads to its list."""

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

from bekhedmetkom.cases.queries import Board, Load, board_of
from bekhedmetkom.entities.queries import list_units
from bekhedmetkom.identity.queries import get_organisation, list_colleagues
from bekhedmetkom.interfaces.actor import officer_required
from bekhedmetkom.interfaces.audience import audience
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.text import BilingualText

from .bodies import overseen
from .choices import HANDLERS
from .conditions import NOBODY
from .framed import framed
from .visit import RequestContext

# In the board's order: what is counted, the queue in which these cases are.
COLUMNS: tuple[tuple[str, str | Promise, str], ...] = (
    ("open", _("مفتوح"), "entity"),
    ("today", _("موعده اليوم"), "today"),
    ("overdue", _("متأخر"), "overdue"),
    ("approval", _("بانتظار الاعتماد"), "approval"),
    ("answered", _("رُدّ عليه في 7 أيام"), "answered"),
)


class Number(NamedTuple):
    """`address` leads to these cases; empty where there is none."""

    waiting: int
    address: str
    alarming: bool


class Line(NamedTuple):
    """A unit or an officer. `away`: on leave today."""

    name: BilingualText
    beside: BilingualText | None
    numbers: list[Number]
    away: bool


@audience("officer")
@officer_required
@never_cache
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """One body's board; of several that the officer oversees, the one in the address, else their own."""
    visit, shown = overseen(request)
    own = {grant.entity for grant in visit.actor.grants}
    asked = request.GET.get("entity", "")
    body = next((body for body in shown if str(body.id) == asked), None)
    body = body or next((body for body in shown if body.id in own), shown[0])
    counted = board_of(visit.actor, body.id, visit.at)
    context = {
        "body": body, "bodies": sorted(shown, key=lambda one: one.name_in(visit.language)) if len(shown) > 1 else [],
        "all": _line(body.words, counted.all, body.id), "columns": [title for _name, title, _queue in COLUMNS],
        "units": _units(counted, body.id, visit.at), "officers": _officers(counted, body.id, visit),
        "capped": counted.capped, "page_route": "desk:workload",
    }  # fmt: skip
    return framed(request, visit, "desk/workload.html", context)


def _units(counted: Board, body: int, at: datetime) -> list[Line]:
    """The body's units, and what no unit has; the most laden first."""
    lines = [
        (load := counted.units.get(unit.id, Load()), _line(unit.words, load, body, unit=str(unit.id)))
        for unit in list_units(body, get_local_date(at))
    ]
    nobody = _line(BilingualText("بلا مكلّف", "Assigned to nobody"), counted.nobody, body, officer=NOBODY)
    return [*_most_first(lines), nobody]


def _officers(counted: Board, body: int, visit: RequestContext) -> list[Line]:
    """Whoever handles cases there, each once, with their unit; what the deputy of somebody away has is theirs."""
    units = {unit.id: unit.words for unit in list_units(body, get_local_date(visit.at))}
    away = get_organisation(visit.at).away()
    people = {
        who.id: who
        for who in reversed(list_colleagues(body, visit.at))
        if who.role in HANDLERS or who.id in counted.officers
    }
    return _most_first(
        (
            load := counted.officers.get(key, Load()),
            _line(who.name, load, body, units.get(who.unit or 0), away=key in away, officer=str(key)),
        )
        for key, who in people.items()
    )


def _most_first(lines: Iterable[tuple[Load, Line]]) -> list[Line]:
    by_load = sorted(lines, key=lambda pair: (-pair[0].overdue, -pair[0].open, pair[1].name.ar))
    return [line for _load, line in by_load]


def _line(
    name: BilingualText,
    load: Load,
    body: int,
    beside: BilingualText | None = None,
    *,
    away: bool = False,
    **whose: str,
) -> Line:
    numbers = [
        Number(
            count := getattr(load, column), _list(queue, body, whose) if count else "", column == "overdue"
        )
        for column, _title, queue in COLUMNS
    ]
    return Line(name, beside, numbers, away)


def _list(queue: str, body: int, whose: dict[str, str]) -> str:
    return f"{reverse('desk:list')}?{urlencode({'queue': queue, 'entity': body, **whose})}"
