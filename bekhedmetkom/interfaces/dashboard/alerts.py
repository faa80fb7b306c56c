"""Figures that left their band: what happened, the evidence, and keeping quiet about one for a while."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from bekhedmetkom.analytics.commands.alerts import MAX_MUTE_DAYS, mute_alert, unmute_alert
from bekhedmetkom.analytics.queries.alerts import AlertDetails, get_reach, list_alerts
from bekhedmetkom.analytics.rules.alerts import WATCH_RULES, AlertEndReason, BandSide, IndicatorType
from bekhedmetkom.analytics.rules.indicators import INDICATORS
from bekhedmetkom.entities.queries import get_tree
from bekhedmetkom.identity.queries import get_officer_names, get_reachable_bodies
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.interfaces.access_control import audience, officer_required
from bekhedmetkom.kernel.errors import InvalidInput, NotAllowed
from bekhedmetkom.kernel.formatting import format_short_date
from bekhedmetkom.kernel.text import BilingualText

from .drill_down_links import build_cases_address, build_instruction_address
from .filters import Filters, parse_filters
from .phrases import format_percentage, format_signed, isolate_number
from .request_context import RequestContext, get_context

MAX_ON_OVERVIEW = 4  # that the board names
DEFAULT_MUTE_PERIOD = timedelta(days=14)


class AlertLine(NamedTuple):
    """An alert in words. `figures` and `cases`: addresses of what stands behind it; `weeks`: what was usual.

    `quiet`: whoever muted it did so for who looks, too.
    """

    alert: AlertDetails
    name: str
    body: str
    sentence: str
    since: str
    weeks: list[str]
    figures_url: str
    cases_url: str
    instruction_url: str
    can_mute: bool
    muted_by: str
    is_muted: bool


@audience("officer")
@officer_required
@never_cache
@require_safe
def show_alerts(request: HttpRequest) -> HttpResponse:
    """What stands, what is kept quiet, what is over."""
    return _render_page(request, {})


@audience("officer")
@officer_required
@never_cache
@require_POST
def mute_or_unmute_alert(request: HttpRequest, alert: int) -> HttpResponse:
    """Tell nobody of it until a day, and why; or tell of it again."""
    visit = get_context(request)
    given: dict[str, Any] = {"alert": alert, "actor": visit.actor, "at": visit.at}
    try:
        if "again" in request.POST:
            unmute_alert(**given)
            messages.success(request, _("ننبّه عنه من جديد."))
        else:
            until = parse_day(request.POST.get("until", "")) or visit.today - timedelta(days=1)
            mute_alert(**given, until=until, reason=request.POST.get("reason", "").replace("\0", ""))
            messages.success(request, _("لن ننبّه عنه حتى ذلك اليوم."))
    except NotAllowed as refused:
        raise Http404 from refused
    except InvalidInput as refused:
        wrong = [words.in_language(visit.language) for _field, words in refused.errors]
        typed = {name: request.POST.get(name, "") for name in ("until", "reason")}
        return _render_page(request, {"wrong": wrong, "wrong_of": alert, "typed": typed}, status=422)
    return redirect("dashboard:alerts")


def parse_day(text: str) -> Any:
    """A day, or None for what is none."""
    try:
        return parse_date(text)
    except ValueError:
        return None


class AlertSummary(NamedTuple):
    """An alert as the board names it."""

    name: str
    body: str
    value: str
    url: str


def summarise_alerts(found: Sequence[AlertDetails], wanted: Filters) -> tuple[list[AlertSummary], int]:
    """The newest few, and how many more there are."""
    language = wanted.context.language
    short = [
        AlertSummary(
            INDICATORS[one.indicator].name.in_language(language),
            get_tree()[one.entity].get_name(language),
            _format_value(one),
            f"{reverse('dashboard:alerts')}#alert-{one.id}",
        )
        for one in found[:MAX_ON_OVERVIEW]
    ]
    return short, len(found) - len(short)


def _format_value(one: AlertDetails) -> str:
    """What it is now; of what is held against a forecast how far off that is."""
    if WATCH_RULES[one.indicator].indicator_type is IndicatorType.RATIO:
        return f"{format_signed(100 * (one.value - 1), 0)}%"
    return format_percentage(one.value, 0)


def _render_page(request: HttpRequest, more: dict[str, Any], status: int = 200) -> HttpResponse:
    visit = get_context(request)
    found = list_alerts(visit.reach, visit.today)
    who = get_officer_names({one.mute.officer for one in found if one.mute})
    lines = [_build_line(one, visit, request, who) for one in found]
    context = {
        "visit": visit,
        "until": visit.today + DEFAULT_MUTE_PERIOD,
        "last": visit.today + timedelta(days=MAX_MUTE_DAYS),
        "now": [line for line in lines if line.alert.ended_on is None and not line.is_muted],
        "quiet": [line for line in lines if line.alert.ended_on is None and line.is_muted],
        "over": [line for line in lines if line.alert.ended_on],
        **more,
    }
    return render(request, "dashboard/alerts/page.html", context, status=status)


def _build_line(one: AlertDetails, visit: RequestContext, request: HttpRequest, who: Any) -> AlertLine:
    language, body = visit.language, get_tree()[one.entity]
    reach = get_reachable_bodies(visit.actor, Permission.PLAN)
    days = {"from": one.value_on - timedelta(days=7), "to": one.value_on - timedelta(days=1)}
    query = request.GET.copy()
    query.update({"entity": body.code, **{name: str(day) for name, day in days.items()}})
    over = END_REASON_TEXTS[AlertEndReason(one.end_reason)] if one.end_reason else BilingualText("", "")
    said = build_sentence(one)
    return AlertLine(
        one,
        INDICATORS[one.indicator].name.in_language(language),
        body.get_name(language),
        f"{said.in_language(language)} {over.in_language(language)}".strip(),
        format_short_date(one.started_on, language),
        [_format_week_value(one, value) for value in one.baseline_values],
        f"{reverse('dashboard:board')}?{query.urlencode()}",
        _build_cases_address(one, query, visit),
        build_instruction_address(parse_filters(query, visit), one.indicator),
        reach is None or one.entity in reach,
        who[one.mute.officer].in_language(language) if one.mute and one.mute.officer in who else "",
        one.mute is not None and one.mute.body_count >= get_reach(visit.actor),
    )


def _build_cases_address(one: AlertDetails, query: QueryDict, visit: RequestContext) -> str:
    """Those of the week that is unusual; what is late is late now."""
    if one.indicator != "overdue_share":
        return build_cases_address(parse_filters(query, visit), one.indicator)
    query = query.copy()
    del query["from"], query["to"]
    return build_cases_address(parse_filters(query, visit), "overdue")


def _format_week_value(one: AlertDetails, value: float) -> str:
    return format_percentage(value, 0)


def build_sentence(one: AlertDetails) -> BilingualText:
    """What is unusual, in one sentence with its numbers."""
    ratio = WATCH_RULES[one.indicator].indicator_type is IndicatorType.RATIO
    words = (
        (FEWER_TEXT if one.side is BandSide.BELOW else MORE_TEXT)
        if ratio
        else (FELL_TEXT if one.side is BandSide.BELOW else ROSE_TEXT)
    )
    change = abs(1 - one.value) if ratio else one.value
    return words.format(
        value=isolate_number(format_percentage(change, 0)),
        low=isolate_number(format_percentage(max(one.low, 0), 0)),
        high=isolate_number(format_percentage(one.high if ratio else min(one.high, 1), 0)),
        n=f"{one.observations:,}",
    )


FELL_TEXT = BilingualText(
    "نزلت في آخر 7 أيام إلى {value} (من {n}). المعتاد بين {low} و{high}.",
    "Down to {value} over the last 7 days (of {n}). Usual is between {low} and {high}.",
)
ROSE_TEXT = BilingualText(
    "صعدت في آخر 7 أيام إلى {value} (من {n}). المعتاد بين {low} و{high}.",
    "Up to {value} over the last 7 days (of {n}). Usual is between {low} and {high}.",
)
FEWER_TEXT = BilingualText(
    "أقل من المتوقع بـ{value} في آخر 7 أيام (توقعنا {n}). المعتاد بين {low} و{high} من المتوقع.",
    "{value} fewer than expected over the last 7 days ({n} expected). Usual is between {low} and {high} of it.",
)
MORE_TEXT = BilingualText(
    "أكثر من المتوقع بـ{value} في آخر 7 أيام (توقعنا {n}). المعتاد بين {low} و{high} من المتوقع.",
    "{value} more than expected over the last 7 days ({n} expected). Usual is between {low} and {high} of it.",
)
END_REASON_TEXTS = {
    AlertEndReason.RECOVERED: BilingualText("عادت إلى المعتاد.", "It is back to usual."),
    AlertEndReason.NEW_NORMAL: BilingualText(
        "بقيت كذلك ثمانية أسابيع، فصار هذا هو المعتاد.", "It stayed for eight weeks, so this is now usual."
    ),
}
