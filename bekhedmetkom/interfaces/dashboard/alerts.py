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

from bekhedmetkom.entities.queries import get_tree
from bekhedmetkom.identity.queries import get_officer_names, get_reachable_bodies
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.insight.commands.watching import LONGEST, mute, unmute
from bekhedmetkom.insight.queries.alerts import Unusual, alerts, reach_of
from bekhedmetkom.insight.rules.indicators import INDICATORS
from bekhedmetkom.insight.rules.unusual import WATCHED, Over, Side, Sort
from bekhedmetkom.interfaces.actor import officer_required
from bekhedmetkom.interfaces.audience import audience
from bekhedmetkom.kernel.errors import InvalidInput, NotAllowed
from bekhedmetkom.kernel.formatting import format_short_date
from bekhedmetkom.kernel.text import BilingualText

from .asked import Asked, asked
from .leads import behind, instructing
from .saying import isolated, percent, signed
from .visit import RequestContext, get_context

FEW = 4  # that the board names
USUALLY_MUTED = timedelta(days=14)


class Line(NamedTuple):
    """An alert in words. `figures` and `cases`: addresses of what stands behind it; `weeks`: what was usual.

    `quiet`: whoever muted it did so for who looks, too.
    """

    one: Unusual
    name: str
    body: str
    said: str
    since: str
    weeks: list[str]
    figures: str
    cases: str
    ask: str
    own: bool
    muted_by: str
    quiet: bool


@audience("officer")
@officer_required
@never_cache
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """What stands, what is kept quiet, what is over."""
    return _shown(request, {})


@audience("officer")
@officer_required
@never_cache
@require_POST
def quiet(request: HttpRequest, alert: int) -> HttpResponse:
    """Tell nobody of it until a day, and why; or tell of it again."""
    visit = get_context(request)
    given: dict[str, Any] = {"alert": alert, "actor": visit.actor, "at": visit.at}
    try:
        if "again" in request.POST:
            unmute(**given)
            messages.success(request, _("ننبّه عنه من جديد."))
        else:
            until = parse_day(request.POST.get("until", "")) or visit.today - timedelta(days=1)
            mute(**given, until=until, reason=request.POST.get("reason", "").replace("\0", ""))
            messages.success(request, _("لن ننبّه عنه حتى ذلك اليوم."))
    except NotAllowed as refused:
        raise Http404 from refused
    except InvalidInput as refused:
        wrong = [words.in_(visit.language) for _field, words in refused.errors]
        typed = {name: request.POST.get(name, "") for name in ("until", "reason")}
        return _shown(request, {"wrong": wrong, "wrong_of": alert, "typed": typed}, status=422)
    return redirect("dashboard:alerts")


def parse_day(text: str) -> Any:
    """A day, or None for what is none."""
    try:
        return parse_date(text)
    except ValueError:
        return None


class Short(NamedTuple):
    """An alert as the board names it."""

    name: str
    body: str
    value: str
    address: str


def said_shortly(found: Sequence[Unusual], wanted: Asked) -> tuple[list[Short], int]:
    """The newest few, and how many more there are."""
    language = wanted.visit.language
    short = [
        Short(
            INDICATORS[one.figure].name.in_(language), get_tree()[one.entity].name_in(language), _moved(one),
            f"{reverse('dashboard:alerts')}#alert-{one.id}",
        )
        for one in found[:FEW]
    ]  # fmt: skip
    return short, len(found) - len(short)


def _moved(one: Unusual) -> str:
    """What it is now; of what is held against a forecast how far off that is."""
    if WATCHED[one.figure].sort is Sort.RATIO:
        return f"{signed(100 * (one.value - 1), 0)}%"
    return percent(one.value, 0)


def _shown(request: HttpRequest, more: dict[str, Any], status: int = 200) -> HttpResponse:
    visit = get_context(request)
    found = alerts(visit.reach, visit.today)
    who = get_officer_names({one.muted.officer for one in found if one.muted})
    lines = [_line(one, visit, request, who) for one in found]
    context = {
        "visit": visit, "until": visit.today + USUALLY_MUTED, "last": visit.today + timedelta(days=LONGEST),
        "now": [line for line in lines if line.one.over is None and not line.quiet],
        "quiet": [line for line in lines if line.one.over is None and line.quiet],
        "over": [line for line in lines if line.one.over], **more,
    }  # fmt: skip
    return render(request, "dashboard/alerts.html", context, status=status)


def _line(one: Unusual, visit: RequestContext, request: HttpRequest, who: Any) -> Line:
    language, body = visit.language, get_tree()[one.entity]
    reach = get_reachable_bodies(visit.actor, Permission.PLAN)
    days = {"from": one.on - timedelta(days=7), "to": one.on - timedelta(days=1)}
    query = request.GET.copy()
    query.update({"entity": body.code, **{name: str(day) for name, day in days.items()}})
    over = OVER[Over(one.because)] if one.because else BilingualText("", "")
    said = sentence(one)
    return Line(
        one, INDICATORS[one.figure].name.in_(language), body.name_in(language),
        f"{said.in_(language)} {over.in_(language)}".strip(), format_short_date(one.began, language),
        [_value(one, value) for value in one.weeks], f"{reverse('dashboard:board')}?{query.urlencode()}",
        _cases(one, query, visit), instructing(asked(query, visit), one.figure),
        reach is None or one.entity in reach,
        who[one.muted.officer].in_(language) if one.muted and one.muted.officer in who else "",
        one.muted is not None and one.muted.reach >= reach_of(visit.actor),
    )  # fmt: skip


def _cases(one: Unusual, query: QueryDict, visit: RequestContext) -> str:
    """Those of the week that is unusual; what is late is late now."""
    if one.figure != "overdue_share":
        return behind(asked(query, visit), one.figure)
    query = query.copy()
    del query["from"], query["to"]
    return behind(asked(query, visit), "overdue")


def _value(one: Unusual, value: float) -> str:
    return percent(value, 0)


def sentence(one: Unusual) -> BilingualText:
    """What is unusual, in one sentence with its numbers."""
    ratio = WATCHED[one.figure].sort is Sort.RATIO
    words = (
        (FEWER if one.side is Side.BELOW else MORE) if ratio else (FELL if one.side is Side.BELOW else ROSE)
    )
    change = abs(1 - one.value) if ratio else one.value
    return words.filled(
        value=isolated(percent(change, 0)), low=isolated(percent(max(one.low, 0), 0)),
        high=isolated(percent(one.high if ratio else min(one.high, 1), 0)), n=f"{one.n:,}",
    )  # fmt: skip


FELL = BilingualText(
    "نزلت في آخر 7 أيام إلى {value} (من {n}). المعتاد بين {low} و{high}.",
    "Down to {value} over the last 7 days (of {n}). Usual is between {low} and {high}.",
)
ROSE = BilingualText(
    "صعدت في آخر 7 أيام إلى {value} (من {n}). المعتاد بين {low} و{high}.",
    "Up to {value} over the last 7 days (of {n}). Usual is between {low} and {high}.",
)
FEWER = BilingualText(
    "أقل من المتوقع بـ{value} في آخر 7 أيام (توقعنا {n}). المعتاد بين {low} و{high} من المتوقع.",
    "{value} fewer than expected over the last 7 days ({n} expected). Usual is between {low} and {high} of it.",
)
MORE = BilingualText(
    "أكثر من المتوقع بـ{value} في آخر 7 أيام (توقعنا {n}). المعتاد بين {low} و{high} من المتوقع.",
    "{value} more than expected over the last 7 days ({n} expected). Usual is between {low} and {high} of it.",
)
OVER = {
    Over.BACK: BilingualText("عادت إلى المعتاد.", "It is back to usual."),
    Over.USUAL: BilingualText(
        "بقيت كذلك ثمانية أسابيع، فصار هذا هو المعتاد.", "It stayed for eight weeks, so this is now usual."
    ),
}
