"""Where planning is worth most: ranked by an open formula, with what was decided and what it changed."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from bekhedmetkom.analytics.commands.priorities import (
    MAX_DECISION_AGE_DAYS,
    MAX_DECISION_LENGTH,
    record_decision,
)
from bekhedmetkom.analytics.queries.priorities import DecisionResult, list_decisions, rank_priorities
from bekhedmetkom.analytics.rules.indicators import INDICATORS
from bekhedmetkom.analytics.rules.priorities import (
    DEFAULT_WEIGHTS,
    MAX_WEIGHT,
    MIN_CASES,
    PART_FORMULAS,
    PART_NAMES,
    PRIORITY_DAYS,
    Priority,
    PriorityPart,
)
from bekhedmetkom.catalogue.queries import find_service_by_code, get_service
from bekhedmetkom.entities.queries import get_governorates, get_tree
from bekhedmetkom.identity.queries import get_officer_names, get_reachable_bodies
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.interfaces.access_control import audience, officer_required
from bekhedmetkom.kernel.errors import InvalidInput, NotAllowed
from bekhedmetkom.kernel.formatting import (
    CASE,
    DAY,
    PERSON,
    format_count,
    format_short_date,
    format_timestamp,
)
from bekhedmetkom.kernel.text import BilingualText

from . import charts
from .alerts import parse_day
from .drill_down_links import build_cases_address
from .filters import Filters, parse_filters
from .overview.findings import GOVERNORATE
from .phrases import format_percentage, isolate_number
from .request_context import RequestContext, get_context
from .table_cells import format_share

MAX_SHOWN = 20
FORM_FIELDS = ("entity", "topic", "place", "day", "words")
PRIORITY_FILTERS = ("sector", "entity", "topic", "governorate")


class PriorityLine(NamedTuple):
    """A gap in words; `parts` are the parts of a hundred that each counts for before its weight."""

    rank: int
    priority: Priority
    body: str
    topic: str
    governorate: str
    score: str
    bar: SafeString
    parts: list[tuple[BilingualText, str]]
    facts_text: str
    figures_url: str
    cases_url: str
    can_decide: bool
    codes: tuple[str, str, str]


class WeightField(NamedTuple):
    name: PriorityPart
    label: BilingualText
    formula: BilingualText
    value: int


@audience("officer")
@officer_required
@never_cache
@require_safe
def show_priorities(request: HttpRequest) -> HttpResponse:
    """The ranked list, its formula with weights to choose, and decisions with the figures before and after."""
    return _render_page(request, {})


@audience("officer")
@officer_required
@never_cache
@require_POST
def record_decision_view(request: HttpRequest) -> HttpResponse:
    """Write down what was decided."""
    visit = get_context(request)
    typed = {
        name: request.POST.get(name, "").replace("\0", "")
        for name in ("entity", "topic", "place", "day", "words")
    }
    body, topic = get_tree().by_code.get(typed["entity"]), find_service_by_code(typed["topic"])
    place = next((one for one in get_governorates().values() if one.code == typed["place"]), None)
    if body is None or topic is None or place is None:
        raise Http404
    try:
        record_decision(
            entity=body.id, service=topic.id, governorate=place.id, words=typed["words"], actor=visit.actor,
            day=parse_day(typed["day"]) or visit.today + timedelta(days=1), at=visit.at,
        )  # fmt: skip
    except NotAllowed as refused:
        raise Http404 from refused
    except InvalidInput as refused:
        wrong = [words.in_language(visit.language) for _field, words in refused.errors]
        return _render_page(request, {"wrong": wrong, "typed": typed}, status=422)
    messages.success(request, _("كُتب القرار، وسترى هنا ما تغيّر بعده."))
    return redirect(f"{reverse('dashboard:priorities')}#decided")


def _render_page(request: HttpRequest, more: dict[str, Any], status: int = 200) -> HttpResponse:
    visit = get_context(request)
    wanted, weights = parse_filters(request.GET, visit), _parse_weights(request.GET)
    part = wanted.slice
    found = rank_priorities(part.entities, weights, service=part.service, governorate=part.governorate)
    decided = list_decisions(part.entities, visit.today)
    who = get_officer_names({one.officer for one in decided})
    shown = found.priorities[:MAX_SHOWN]
    context = {
        "visit": visit,
        "asked": wanted,
        "narrows": PRIORITY_FILTERS,
        "least": MIN_CASES,
        "days": PRIORITY_DAYS,
        "most": MAX_WEIGHT,
        "weights": [
            WeightField(name, PART_NAMES[name], PART_FORMULAS[name], weights[name]) for name in PriorityPart
        ],
        "lines": [_build_line(place, gap, visit, wanted) for place, gap in enumerate(shown, 1)],
        "left": len(found.priorities) - len(shown),
        "letters": MAX_DECISION_LENGTH,
        "earliest": visit.today - timedelta(days=MAX_DECISION_AGE_DAYS),
        "made": format_timestamp(found.created_at, visit.at, visit.language) if found.created_at else "",
        "decided": [_build_decision(one, visit, who) for one in decided],
        "changed": weights != dict(DEFAULT_WEIGHTS),
        **more,
    }
    return render(request, "dashboard/priorities.html", context, status=status)


def _parse_weights(query: Mapping[str, Any]) -> dict[PriorityPart, int]:
    """As the address says, as far as it can be read."""
    return {
        name: _parse_weight(str(query.get(f"w_{name}", "")), usual) for name, usual in DEFAULT_WEIGHTS.items()
    }


def _parse_weight(text: str, usual: int) -> int:
    return min(int(text), MAX_WEIGHT) if text.isascii() and text.isdigit() and len(text) < 4 else usual


def _build_line(place: int, gap: Priority, visit: RequestContext, wanted: Filters) -> PriorityLine:
    cell, language = gap.counts, visit.language
    body, topic, where = (
        get_tree()[cell.entity],
        get_service(cell.service),
        get_governorates()[cell.governorate],
    )
    reach = get_reachable_bodies(visit.actor, Permission.PLAN)
    days = {"from": visit.today - timedelta(days=PRIORITY_DAYS), "to": visit.today - timedelta(days=1)}
    figures = wanted.build_query_string(
        "sector", entity=body.code, topic=topic.code, governorate=where.code, **days
    )
    age = BilingualText("", "")
    if cell.waiting:
        age = AGE_TEXT.format(days=format_count(round(cell.total_age_days / cell.waiting), DAY, language))
    facts = FACTS_TEXT.format(
        received=format_count(cell.received, CASE, language),
        people=format_count(cell.people, PERSON, language, after=True),
        urgent=f"{cell.urgent:,}",
        no=f"{cell.unsolved:,}",
        upheld=f"{cell.upheld:,}",
        again=f"{cell.recurring:,}",
        waiting=f"{cell.waiting:,}",
        age=age.in_language(language),
        places=format_count(gap.governorate_count, GOVERNORATE, language, after=True),
    )
    return PriorityLine(
        place, gap, body.get_name(language), topic.get_name(language), where.get_name(language), f"{gap.score:.0f}",
        charts.draw_bar(gap.score), [(PART_NAMES[part], f"{100 * value:.0f}") for part, value in gap.parts.items()],
        facts.in_language(language), f"{reverse('dashboard:board')}?{figures}",
        build_cases_address(wanted, "received", entity=body.code, topic=topic.code, governorate=where.code, **days),
        reach is None or cell.entity in reach, (body.code, topic.code, where.code),
    )  # fmt: skip


def _build_decision(
    one: DecisionResult, visit: RequestContext, who: Mapping[int, BilingualText]
) -> dict[str, Any]:
    """A decision with its figures before and after, or why there are none yet."""
    language = visit.language
    change = ""
    if one.compared_days and one.change.value is not None:
        low, high = one.change.low or 0, one.change.high or 0
        sure = CLEAR_DIFFERENCE if low > 1 or high < 1 else NO_CLEAR_DIFFERENCE
        change = RECEIVED_TEXT.format(
            before=f"{one.received_before:,}",
            after=f"{one.received_after:,}",
            low=isolate_number(_format_ratio(low)),
            high=isolate_number(_format_ratio(high)),
            sure=sure,
        ).in_language(language)
    return {
        "one": one,
        "body": get_tree()[one.entity].get_name(language),
        "topic": get_service(one.service).get_name(language),
        "where": get_governorates()[one.governorate].get_name(language),
        "day": format_short_date(one.effective_on, language, year=True),
        "who": who[one.officer].in_language(language) if one.officer in who else "",
        "change": change,
        "span": format_count(one.compared_days, DAY, language),
        "shares": [
            (
                INDICATORS[share.key].name.in_language(language),
                SafeString(format_share(share.before, language)),
                SafeString(format_share(share.after, language)),
                (CLEAR_DIFFERENCE if share.is_clear else NO_CLEAR_DIFFERENCE).in_language(language)
                if share.before.value is not None and share.after.value is not None
                else "",
            )
            for share in one.shares
        ],
    }


def _format_ratio(ratio: float) -> str:
    return f"{'+' if ratio >= 1 else '−'}{format_percentage(abs(ratio - 1), 0)}"


FACTS_TEXT = BilingualText(
    "وصل {received}، وفيه بعد الإحالة وتغيير الموضوع طلبات {people}؛ عاجل {urgent}، لم يُحل {no}، اعتراض ثبت "
    "{upheld}، عاد في مكانه {again}؛ مفتوح {waiting}{age}؛ الموضوع في {places} من 12.",
    "{received} came; after referrals and changes of topic it has those of {people}; urgent {urgent}, not solved "
    "{no}, appeals upheld {upheld}, again at the same place {again}; open {waiting}{age}; the topic is in {places} "
    "of 12.",
)
AGE_TEXT = BilingualText("، متوسط عمره {days}", ", {days} old on average")
RECEIVED_TEXT = BilingualText(
    "الوارد: {before} قبله، {after} بعده. التغير بين {low} و{high}: {sure}.",
    "Received: {before} before, {after} after. The change lies between {low} and {high}: {sure}.",
)
CLEAR_DIFFERENCE = BilingualText("فرق واضح", "a clear difference")
NO_CLEAR_DIFFERENCE = BilingualText("لا فرق واضح", "no clear difference")
