"""A table by itself: as a page with all its rows, or to take along as CSV or XLSX. The same numbers as the page's."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bekhedmetkom.insight.queries.board import board
from bekhedmetkom.insight.queries.shape import Board
from bekhedmetkom.interfaces.actor import officer_required
from bekhedmetkom.interfaces.audience import audience
from bekhedmetkom.interfaces.look.sheets import WRITERS

from .asked import Asked, asked
from .cells import Table
from .tables import TABLES
from .visit import get_context


@audience("officer")
@officer_required
@never_cache
@require_safe
def table(request: HttpRequest, name: str) -> HttpResponse:
    """All rows of a table of the page."""
    wanted, _board, found = _table(request, name)
    context = {
        "visit": wanted.visit, "asked": wanted, "board": _board, "table": found,
        "drawn": found.html(wanted.visit.language),
    }  # fmt: skip
    return render(request, "dashboard/table.html", context)


@audience("officer")
@officer_required
@never_cache
@require_safe
def sheet(request: HttpRequest, name: str, form: str) -> HttpResponse:
    """The same as a file."""
    if form not in WRITERS:
        raise Http404
    wanted, _board, found = _table(request, name)
    language = wanted.visit.language
    answer = HttpResponse(*WRITERS[form](found.lines(language), language, 0))
    days = f"{wanted.slice.start}-{wanted.slice.end}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-{days}.{form}"'
    return answer


def _table(request: HttpRequest, name: str) -> tuple[Asked, Board, Table]:
    visit = get_context(request)
    if name not in TABLES:
        raise Http404
    wanted = asked(request.GET, visit)
    found = board(wanted.slice, visit.at)
    return wanted, found, TABLES[name](found)
