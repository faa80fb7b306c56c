"""What is expected of the next 14 days, how far off it was before, and the days that it is made of."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bekhedmetkom.insight.queries.board import course
from bekhedmetkom.insight.queries.forecast import forecast
from bekhedmetkom.insight.queries.shape import Step
from bekhedmetkom.insight.rules.forecast import Forecast
from bekhedmetkom.insight.rules.indicators import INDICATORS
from bekhedmetkom.insight.rules.slices import Slice
from bekhedmetkom.interfaces.actor import officer_required
from bekhedmetkom.interfaces.audience import audience
from bekhedmetkom.kernel.formatting import format_in_both_languages, format_short_date
from bekhedmetkom.kernel.text import BilingualText

from . import charts
from .asked import asked
from .cells import COUNT, WORDS, Table
from .saying import isolated, percent
from .visit import get_context

BACK = timedelta(days=42)  # that are drawn before today
BODIES = ("sector", "entity")  # what narrows a forecast


class Look(NamedTuple):
    """One figure: `finding` in words, its drawings, how far off it was, and its days."""

    name: str
    finding: str
    error: str
    wide: SafeString
    narrow: SafeString
    table: Table


@audience("officer")
@officer_required
@never_cache
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Of the country, a sector, a body, or all that somebody watches."""
    visit = get_context(request)
    wanted = asked(request.GET, visit)
    entities = wanted.slice.entities
    found = forecast(entities, visit.today)
    looks: list[Look] = []
    if found:
        past = course(Slice(visit.today - BACK, visit.today - timedelta(days=1), entities))
        looks = [
            _look(name, said, past, visit.language)
            for name, said in (("received", found.intake), ("open", found.backlog)) if said
        ]  # fmt: skip
    context = {"visit": visit, "asked": wanted, "found": found, "looks": looks, "bodies": BODIES}
    return render(request, "dashboard/outlook.html", context)


def _look(name: str, said: Forecast, past: Sequence[Step], language: str) -> Look:
    counts = [float(day.received if name == "received" else day.waiting) for day in past]
    finding = FINDINGS[name].filled(**_numbers(said)).in_(language)
    title = INDICATORS[name].name.in_(language)
    chart = charts.Trend(
        [day.day for day in past], [charts.Line(title, counts, f"{counts[-1]:,.0f}")],
        charts.round_up([*counts, *(day.high for day in said.days)]), lambda value: f"{value:,.0f}",
        lambda day: format_short_date(day, language), expected=[charts.Expected(*day) for day in said.days],
    )  # fmt: skip
    table = Table(
        name, INDICATORS[name].name, [(DAY, WORDS), (LEAST, COUNT), (LIKELIEST, COUNT), (MOST, COUNT)],
        [[format_in_both_languages(format_short_date, day.day), *map(round, day[1:])] for day in said.days],
    )  # fmt: skip
    errors = {
        "error": isolated(percent(said.error, 0)), "usual": isolated(percent(said.usual_error, 0)),
        "tested": f"{said.tested:,}",
    }  # fmt: skip
    return Look(
        name, finding, (METHOD if said.by_method else LAST_WEEK).filled(**errors).in_(language),
        charts.trend(chart, finding), charts.trend(chart, finding, charts.NARROW), table,
    )  # fmt: skip


def _numbers(said: Forecast) -> dict[str, str]:
    last = said.days[-1]
    return {
        "sum": f"{sum(day.middle for day in said.days):,.0f}", "days": str(len(said.days)),
        "last": f"{last.middle:,.0f}", "low": f"{last.low:,.0f}", "high": f"{last.high:,.0f}",
    }  # fmt: skip


FINDINGS = {
    "received": BilingualText(
        "الوارد المتوقع: نحو {sum} في {days} يومًا", "Expected to come in: about {sum} in {days} days"
    ),
    "open": BilingualText(
        "المفتوح بعد {days} يومًا: نحو {last}، بين {low} و{high}",
        "Open in {days} days: about {last}, between {low} and {high}",
    ),
}
METHOD = BilingualText(
    "جرّبنا هذا التوقع على أيام مضت ({tested} مرة)، فكان خطؤه {error} من العدد. ولو قلنا «كما في اليوم نفسه "
    "من الأسبوع الماضي» لكان الخطأ {usual}. ثمانية أيام من كل عشرة تقع داخل الشريط.",
    "Tried on days that have been ({tested} times), this forecast was off by {error} of the number; “as on the "
    "same weekday last week” would have been off by {usual}. Eight days in ten lie within the band.",
)
LAST_WEEK = BilingualText(
    "حسابنا لم يكن أدق (خطؤه {error}) من أن نقول «كما في اليوم نفسه من الأسبوع الماضي» (خطؤه {usual})، فهذا ما نقوله "
    "هنا. ثمانية أيام من كل عشرة تقع داخل الشريط.",
    "Our method (off by {error}) was no better than “as on the same weekday last week” (off by {usual}), so that is "
    "what is said here. Eight days in ten lie within the band.",
)
DAY, LEAST = BilingualText("اليوم", "Day"), BilingualText("على الأقل", "At least")
LIKELIEST, MOST = BilingualText("الأرجح", "Likeliest"), BilingualText("على الأكثر", "At most")
