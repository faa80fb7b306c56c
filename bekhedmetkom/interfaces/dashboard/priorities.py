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

from bekhedmetkom.catalogue.queries import find_service_by_code, get_service
from bekhedmetkom.entities.queries import get_governorates, get_tree
from bekhedmetkom.identity.queries import get_officer_names, get_reachable_bodies
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.insight.commands.weighing import LETTERS, LONG_AGO, decide
from bekhedmetkom.insight.queries.priorities import Decided, decisions, priorities
from bekhedmetkom.insight.rules.gaps import DAYS, FORMULAS, LEAST, MOST, NAMES, USUAL, Gap, Part
from bekhedmetkom.insight.rules.indicators import INDICATORS
from bekhedmetkom.interfaces.actor import officer_required
from bekhedmetkom.interfaces.audience import audience
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
from .asked import Asked, asked
from .cells import shown_reading
from .findings import GOVERNORATE
from .leads import behind
from .saying import isolated, percent
from .visit import RequestContext, get_context

SHOWN = 20
TYPED = ("entity", "topic", "place", "day", "words")
NARROWS = ("sector", "entity", "topic", "governorate")


class Line(NamedTuple):
    """A gap in words; `parts` are the parts of a hundred that each counts for before its weight."""

    place: int
    gap: Gap
    body: str
    topic: str
    where: str
    score: str
    bar: SafeString
    parts: list[tuple[BilingualText, str]]
    facts: str
    figures: str
    cases: str
    own: bool
    codes: tuple[str, str, str]


class Weight(NamedTuple):
    name: Part
    words: BilingualText
    formula: BilingualText
    value: int


@audience("officer")
@officer_required
@never_cache
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The ranked list, its formula with weights to choose, and decisions with the figures before and after."""
    return _shown(request, {})


@audience("officer")
@officer_required
@never_cache
@require_POST
def note(request: HttpRequest) -> HttpResponse:
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
        decide(
            entity=body.id, service=topic.id, governorate=place.id, words=typed["words"], actor=visit.actor,
            day=parse_day(typed["day"]) or visit.today + timedelta(days=1), at=visit.at,
        )  # fmt: skip
    except NotAllowed as refused:
        raise Http404 from refused
    except InvalidInput as refused:
        wrong = [words.in_(visit.language) for _field, words in refused.errors]
        return _shown(request, {"wrong": wrong, "typed": typed}, status=422)
    messages.success(request, _("كُتب القرار، وسترى هنا ما تغيّر بعده."))
    return redirect(f"{reverse('dashboard:priorities')}#decided")


def _shown(request: HttpRequest, more: dict[str, Any], status: int = 200) -> HttpResponse:
    visit = get_context(request)
    wanted, weights = asked(request.GET, visit), _weights(request.GET)
    part = wanted.slice
    found = priorities(part.entities, weights, service=part.service, governorate=part.governorate)
    decided = decisions(part.entities, visit.today)
    who = get_officer_names({one.officer for one in decided})
    shown = found.gaps[:SHOWN]
    context = {
        "visit": visit, "asked": wanted, "narrows": NARROWS, "least": LEAST, "days": DAYS, "most": MOST,
        "weights": [Weight(name, NAMES[name], FORMULAS[name], weights[name]) for name in Part],
        "lines": [_line(place, gap, visit, wanted) for place, gap in enumerate(shown, 1)],
        "left": len(found.gaps) - len(shown), "letters": LETTERS, "earliest": visit.today - timedelta(days=LONG_AGO),
        "made": format_timestamp(found.made_at, visit.at, visit.language) if found.made_at else "",
        "decided": [_decided(one, visit, who) for one in decided], "changed": weights != dict(USUAL), **more,
    }  # fmt: skip
    return render(request, "dashboard/priorities.html", context, status=status)


def _weights(query: Mapping[str, Any]) -> dict[Part, int]:
    """As the address says, as far as it can be read."""
    return {name: _weight(str(query.get(f"w_{name}", "")), usual) for name, usual in USUAL.items()}


def _weight(text: str, usual: int) -> int:
    return min(int(text), MOST) if text.isascii() and text.isdigit() and len(text) < 4 else usual


def _line(place: int, gap: Gap, visit: RequestContext, wanted: Asked) -> Line:
    cell, language = gap.cell, visit.language
    body, topic, where = (
        get_tree()[cell.entity],
        get_service(cell.service),
        get_governorates()[cell.governorate],
    )
    reach = get_reachable_bodies(visit.actor, Permission.PLAN)
    days = {"from": visit.today - timedelta(days=DAYS), "to": visit.today - timedelta(days=1)}
    figures = wanted.address("sector", entity=body.code, topic=topic.code, governorate=where.code, **days)
    age = BilingualText("", "")
    if cell.waiting:
        age = AGE.filled(days=format_count(round(cell.age / cell.waiting), DAY, language))
    facts = FACTS.filled(
        received=format_count(cell.received, CASE, language),
        people=format_count(cell.people, PERSON, language, after=True),
        urgent=f"{cell.urgent:,}",
        no=f"{cell.no:,}",
        upheld=f"{cell.upheld:,}",
        again=f"{cell.again:,}",
        waiting=f"{cell.waiting:,}",
        age=age.in_(language),
        places=format_count(gap.places, GOVERNORATE, language, after=True),
    )
    return Line(
        place, gap, body.name_in(language), topic.name_in(language), where.name_in(language), f"{gap.score:.0f}",
        charts.bar(gap.score), [(NAMES[part], f"{100 * value:.0f}") for part, value in gap.parts.items()],
        facts.in_(language), f"{reverse('dashboard:board')}?{figures}",
        behind(wanted, "received", entity=body.code, topic=topic.code, governorate=where.code, **days),
        reach is None or cell.entity in reach, (body.code, topic.code, where.code),
    )  # fmt: skip


def _decided(one: Decided, visit: RequestContext, who: Mapping[int, BilingualText]) -> dict[str, Any]:
    """A decision with its figures before and after, or why there are none yet."""
    language = visit.language
    change = ""
    if one.days and one.change.value is not None:
        low, high = one.change.low or 0, one.change.high or 0
        sure = CLEAR if low > 1 or high < 1 else UNCLEAR
        change = CAME.filled(
            before=f"{one.before:,}", after=f"{one.after:,}", low=isolated(_moved(low)), high=isolated(_moved(high)),
            sure=sure,
        ).in_(language)  # fmt: skip
    return {
        "one": one,
        "body": get_tree()[one.entity].name_in(language),
        "topic": get_service(one.service).name_in(language),
        "where": get_governorates()[one.governorate].name_in(language),
        "day": format_short_date(one.day, language, year=True),
        "who": who[one.officer].in_(language) if one.officer in who else "",
        "change": change,
        "span": format_count(one.days, DAY, language),
        "shares": [
            (
                INDICATORS[share.key].name.in_(language),
                SafeString(shown_reading(share.before, language)),
                SafeString(shown_reading(share.after, language)),
                (CLEAR if share.clear else UNCLEAR).in_(language)
                if share.before.value is not None and share.after.value is not None
                else "",
            )
            for share in one.shares
        ],
    }


def _moved(ratio: float) -> str:
    return f"{'+' if ratio >= 1 else '−'}{percent(abs(ratio - 1), 0)}"


FACTS = BilingualText(
    "وصل {received}، وفيه بعد الإحالة وتغيير الموضوع طلبات {people}؛ عاجل {urgent}، لم يُحل {no}، اعتراض ثبت "
    "{upheld}، عاد في مكانه {again}؛ مفتوح {waiting}{age}؛ الموضوع في {places} من 12.",
    "{received} came; after referrals and changes of topic it has those of {people}; urgent {urgent}, not solved "
    "{no}, appeals upheld {upheld}, again at the same place {again}; open {waiting}{age}; the topic is in {places} "
    "of 12.",
)
AGE = BilingualText("، متوسط عمره {days}", ", {days} old on average")
CAME = BilingualText(
    "الوارد: {before} قبله، {after} بعده. التغير بين {low} و{high}: {sure}.",
    "Received: {before} before, {after} after. The change lies between {low} and {high}: {sure}.",
)
CLEAR = BilingualText("فرق واضح", "a clear difference")
UNCLEAR = BilingualText("لا فرق واضح", "no clear difference")
