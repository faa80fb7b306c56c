"""What is expected of the next 14 days, how far off it was before, and the days that it is made of."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bekhedmetkom.analytics.queries.dashboard import list_trend_steps
from bekhedmetkom.analytics.queries.dashboard_data import TrendStep
from bekhedmetkom.analytics.queries.forecast import get_forecasts
from bekhedmetkom.analytics.rules.forecast import Forecast
from bekhedmetkom.analytics.rules.indicators import INDICATORS
from bekhedmetkom.analytics.rules.slices import Slice
from bekhedmetkom.interfaces.access_control import audience, officer_required
from bekhedmetkom.kernel.formatting import format_in_both_languages, format_short_date
from bekhedmetkom.kernel.text import BilingualText

from . import charts
from .filters import parse_filters
from .phrases import format_percentage, isolate_number
from .request_context import get_context
from .table_cells import COUNT_COLUMN, TEXT_COLUMN, FigureTable

SHOWN_PAST = timedelta(days=42)  # that are drawn before today
BODY_FILTERS = ("sector", "entity")  # what narrows a forecast


class ForecastChart(NamedTuple):
    """One figure: `finding` in words, its drawings, how far off it was, and its days."""

    name: str
    finding: str
    error_text: str
    wide_chart: SafeString
    narrow_chart: SafeString
    table: FigureTable


@audience("officer")
@officer_required
@never_cache
@require_safe
def show_forecast(request: HttpRequest) -> HttpResponse:
    """Of the country, a sector, a body, or all that somebody watches."""
    visit = get_context(request)
    wanted = parse_filters(request.GET, visit)
    entities = wanted.slice.entities
    found = get_forecasts(entities, visit.today)
    looks: list[ForecastChart] = []
    if found:
        past = list_trend_steps(Slice(visit.today - SHOWN_PAST, visit.today - timedelta(days=1), entities))
        looks = [
            _build_chart(name, said, past, visit.language)
            for name, said in (("received", found.intake), ("open", found.backlog))
            if said
        ]
    context = {"visit": visit, "asked": wanted, "found": found, "looks": looks, "bodies": BODY_FILTERS}
    return render(request, "dashboard/forecast.html", context)


def _build_chart(name: str, said: Forecast, past: Sequence[TrendStep], language: str) -> ForecastChart:
    counts = [float(day.received if name == "received" else day.waiting) for day in past]
    finding = FINDINGS[name].format(**_format_error_numbers(said)).in_language(language)
    title = INDICATORS[name].name.in_language(language)
    chart = charts.TrendChart(
        [day.day for day in past],
        [charts.ChartLine(title, counts, f"{counts[-1]:,.0f}")],
        charts.build_count_axis([*counts, *(day.high for day in said.days)]),
        lambda value: f"{value:,.0f}",
        lambda day: format_short_date(day, language),
        expected=[charts.ExpectedPoint(*day) for day in said.days],
    )
    table = FigureTable(
        name,
        INDICATORS[name].name,
        [
            (DAY_HEADING, TEXT_COLUMN),
            (LEAST_HEADING, COUNT_COLUMN),
            (LIKELIEST_HEADING, COUNT_COLUMN),
            (MOST_HEADING, COUNT_COLUMN),
        ],
        [[format_in_both_languages(format_short_date, day.day), *map(round, day[1:])] for day in said.days],
    )
    errors = {
        "error": isolate_number(format_percentage(said.error, 0)),
        "usual": isolate_number(format_percentage(said.baseline_error, 0)),
        "tested": f"{said.tested_days:,}",
    }
    return ForecastChart(
        name,
        finding,
        (METHOD_NOTE if said.is_better_than_baseline else LAST_WEEK_NOTE)
        .format(**errors)
        .in_language(language),
        charts.draw_trend(chart, finding),
        charts.draw_trend(chart, finding, charts.NARROW),
        table,
    )


def _format_error_numbers(said: Forecast) -> dict[str, str]:
    last = said.days[-1]
    return {
        "sum": f"{sum(day.expected for day in said.days):,.0f}",
        "days": str(len(said.days)),
        "last": f"{last.expected:,.0f}",
        "low": f"{last.low:,.0f}",
        "high": f"{last.high:,.0f}",
    }


FINDINGS = {
    "received": BilingualText(
        "الوارد المتوقع: نحو {sum} في {days} يومًا", "Expected to come in: about {sum} in {days} days"
    ),
    "open": BilingualText(
        "المفتوح بعد {days} يومًا: نحو {last}، بين {low} و{high}",
        "Open in {days} days: about {last}, between {low} and {high}",
    ),
}
METHOD_NOTE = BilingualText(
    "جرّبنا هذا التوقع على أيام مضت ({tested} مرة)، فكان خطؤه {error} من العدد. ولو قلنا «كما في اليوم نفسه "
    "من الأسبوع الماضي» لكان الخطأ {usual}. ثمانية أيام من كل عشرة تقع داخل الشريط.",
    "Tried on days that have been ({tested} times), this forecast was off by {error} of the number; “as on the "
    "same weekday last week” would have been off by {usual}. Eight days in ten lie within the band.",
)
LAST_WEEK_NOTE = BilingualText(
    "حسابنا لم يكن أدق (خطؤه {error}) من أن نقول «كما في اليوم نفسه من الأسبوع الماضي» (خطؤه {usual})، فهذا ما نقوله "
    "هنا. ثمانية أيام من كل عشرة تقع داخل الشريط.",
    "Our method (off by {error}) was no better than “as on the same weekday last week” (off by {usual}), so that is "
    "what is said here. Eight days in ten lie within the band.",
)
DAY_HEADING, LEAST_HEADING = BilingualText("اليوم", "Day"), BilingualText("على الأقل", "At least")
LIKELIEST_HEADING, MOST_HEADING = BilingualText("الأرجح", "Likeliest"), BilingualText("على الأكثر", "At most")
