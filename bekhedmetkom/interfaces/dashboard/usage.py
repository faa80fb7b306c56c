"""How much people use what the platform offers them: visits, messages, answers to our question, devices, downloads."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bekhedmetkom.analytics.queries.indicators import get_usage, list_downloads
from bekhedmetkom.analytics.rules.indicators import APP_STORES, USAGE_INDICATORS
from bekhedmetkom.interfaces.access_control import audience, officer_required

from .filters import parse_filters
from .forecast import BODY_FILTERS
from .request_context import get_context
from .table_cells import COUNT_COLUMN, INDICATOR_COLUMN, TEXT_COLUMN, FigureTable, IndicatorCell

DOWNLOADS_PERIOD = timedelta(days=365)


@audience("officer")
@officer_required
@never_cache
@require_safe
def show_usage(request: HttpRequest) -> HttpResponse:
    """Days and bodies narrow it; what the stores report is the country's, and stands below for everybody."""
    visit = get_context(request)
    wanted = parse_filters(request.GET, visit)
    found = get_usage(wanted.slice)
    figures = FigureTable(
        "interaction",
        _("التفاعل"),
        [
            (_("المؤشر"), TEXT_COLUMN),
            (_("في هذه المدة"), INDICATOR_COLUMN),
            (_("في المدة قبلها"), INDICATOR_COLUMN),
            (_("قبل سنة"), INDICATOR_COLUMN),
        ],
        [
            [
                USAGE_INDICATORS[key].name,
                *(
                    IndicatorCell(USAGE_INDICATORS[key], one)
                    for one in (row.current, row.previous, row.last_year)
                ),
            ]
            for key, row in found.items()
            if key != "downloads" or wanted.slice.entities is None
        ],
    )
    stores = FigureTable(
        "downloads",
        USAGE_INDICATORS["downloads"].name,
        [
            (_("الشهر"), TEXT_COLUMN),
            (_("المتجر"), TEXT_COLUMN),
            (_("عدد التنزيلات"), COUNT_COLUMN),
            (_("المصدر"), TEXT_COLUMN),
        ],
        [
            [f"{row.month:%Y-%m}", dict(APP_STORES)[row.store], row.count, row.source]
            for row in list_downloads(visit.today - DOWNLOADS_PERIOD)
        ],
    )
    context = {"visit": visit, "asked": wanted, "bodies": BODY_FILTERS, "figures": figures, "stores": stores}
    return render(request, "dashboard/usage.html", context)
