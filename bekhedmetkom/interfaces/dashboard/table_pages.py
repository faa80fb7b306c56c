"""A table by itself: as a page with all its rows, or to take along as CSV or XLSX. The same numbers as the page's."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bekhedmetkom.analytics.queries.dashboard import get_dashboard
from bekhedmetkom.analytics.queries.dashboard_data import Dashboard
from bekhedmetkom.interfaces.access_control import audience, officer_required
from bekhedmetkom.interfaces.ui.spreadsheet import WRITERS

from .filters import Filters, parse_filters
from .request_context import get_context
from .table_cells import FigureTable
from .tables import TABLE_BUILDERS


@audience("officer")
@officer_required
@never_cache
@require_safe
def show_table(request: HttpRequest, name: str) -> HttpResponse:
    """All rows of a table of the page."""
    wanted, _board, found = _get_table(request, name)
    context = {
        "visit": wanted.context, "asked": wanted, "board": _board, "table": found,
        "drawn": found.render_html(wanted.context.language),
    }  # fmt: skip
    return render(request, "dashboard/table.html", context)


@audience("officer")
@officer_required
@never_cache
@require_safe
def download_table(request: HttpRequest, name: str, form: str) -> HttpResponse:
    """The same as a file."""
    if form not in WRITERS:
        raise Http404
    wanted, _board, found = _get_table(request, name)
    language = wanted.context.language
    answer = HttpResponse(*WRITERS[form](found.build_sheet_rows(language), language, 0))
    days = f"{wanted.slice.start}-{wanted.slice.end}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-{days}.{form}"'
    return answer


def _get_table(request: HttpRequest, name: str) -> tuple[Filters, Dashboard, FigureTable]:
    visit = get_context(request)
    if name not in TABLE_BUILDERS:
        raise Http404
    wanted = parse_filters(request.GET, visit)
    found = get_dashboard(wanted.slice, visit.at)
    return wanted, found, TABLE_BUILDERS[name](found)
