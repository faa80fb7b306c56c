"""The pages of those above the work: what needs them, what they asked for, which cases they follow."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from bekhedmetkom.cases.commands import follow, unfollow
from bekhedmetkom.cases.queries import Instruction, brief_of, instructions_of, is_higher, needs_of
from bekhedmetkom.cases.rules import brief
from bekhedmetkom.cases.rules.states import Happened
from bekhedmetkom.entities.queries import tree, working_calendar
from bekhedmetkom.identity.queries import names
from bekhedmetkom.insight.queries.alerts import unusual_now
from bekhedmetkom.insight.rules.indicators import INDICATORS
from bekhedmetkom.interfaces.actor import officer_required
from bekhedmetkom.interfaces.audience import audience
from bekhedmetkom.kernel.clock import local_day

from .framed import framed
from .reading import read
from .verbs import VERBS
from .visit import visit_of

MOST_UNUSUAL = 5
ANSWERED_WITHIN = 2  # working days, for what is asked by one tap
TITLES = {
    "escalated": (gettext_lazy("مرفوع إليك"), "escalated"),
    "approval": (gettext_lazy("بانتظار اعتمادك"), "approval"),
    "upheld": (gettext_lazy("اعتراضات قُبلت"), ""),
    "overdue": (gettext_lazy("الأكثر تأخرًا"), "overdue"),
    "followed": (gettext_lazy("جديد ما تتابعه"), ""),
}


MORE = ("instruct", "ask-head", "delegate", "assign", "extend", "answer", "note")


@audience("officer")
@officer_required
@never_cache
@require_safe
def needs(request: HttpRequest) -> HttpResponse:
    """The first page of a higher official: a few cards, the most urgent first, each case with what can be done."""
    visit = visit_of(request)
    if not is_higher(visit.actor):
        raise Http404
    found = needs_of(visit.actor, visit.at)
    cards = [
        {"name": card, "title": title, "queue": queue, "needs": found.cards[card], "more": card in found.more}
        for card, (title, queue) in TITLES.items()
        if found.cards[card]
    ]
    figures = brief_of(visit.actor, visit.at, found.mine)
    root = "" if visit.language == "ar" else f"/{visit.language}"
    late = [one for one in (*found.mine, *found.given) if one.until < visit.at]
    unusual = unusual_now(visit.actor, local_day(visit.at))
    context = {
        "unusual": [(INDICATORS[one.figure].name, tree()[one.entity].words) for one in unusual[:MOST_UNUSUAL]],
        "more_unusual": len(unusual) > MOST_UNUSUAL,
        "brief": [(line.words.in_(visit.language), root + line.page) for line in brief.lines(figures)],
        "cards": cards, "withheld": [(tree()[line.entity].words, line) for line in found.withheld],
        "more_acts": [(name, VERBS[name].label) for name in MORE],
        "late": lines(late, {}), "asked": len(found.mine), "given": len(found.given),
        "until": working_calendar().add_working_days(local_day(visit.at), ANSWERED_WITHIN),
        "page_route": "desk:needs", "nothing": not (cards or late or found.withheld or unusual),
    }  # fmt: skip
    return framed(request, visit, "desk/needs.html", context)


@audience("officer")
@officer_required
@never_cache
@require_safe
def instructions(request: HttpRequest) -> HttpResponse:
    """What was asked of this officer with a day, and what they asked of others, until there is a report."""
    visit = visit_of(request)
    found = instructions_of(visit.actor, visit.at)
    who = names({one.by for one in found})
    context = {
        "page_route": "desk:instructions",
        "mine": lines([one for one in found if one.mine], who),
        "given": lines([one for one in found if not one.mine], who),
    }
    return framed(request, visit, "desk/instructions.html", context)


def lines(found: list[Instruction], who: Any) -> list[dict[str, Any]]:
    """Instructions with their words."""
    return [
        {
            "one": one,
            "body": tree()[one.entity_id].words,
            "by": who.get(one.by),
            "sort": SORTS[Happened(one.kind)],
        }
        for one in found
    ]


SORTS = {
    Happened.INSTRUCTED: pgettext_lazy("asked", "توجيه"),
    Happened.HEAD_ASKED: gettext_lazy("سؤال إلى رئيس الجهة"),
    Happened.DELEGATED: pgettext_lazy("asked", "تفويض"),
    Happened.TASK_ASKED: gettext_lazy("مهمة"),
    Happened.JOIN_ASKED: gettext_lazy("طلب مشاركة"),
}


@audience("officer")
@officer_required
@never_cache
@require_POST
def following(request: HttpRequest, reference: str) -> HttpResponse:
    """Follow a case, or no longer."""
    visit = visit_of(request)
    case = read(visit, reference)
    if request.POST.get("on") == "1":
        follow(case=case.id, seen=case.seq, actor=visit.actor, at=visit.at)
        messages.success(request, _("ستجد جديد الطلب في «يحتاجك»."))
    else:
        unfollow(case=case.id, actor=visit.actor, at=visit.at)
        messages.success(request, _("لم تعد تتابعه."))
    if request.POST.get("back") == "needs":
        return redirect("desk:needs")
    return redirect("desk:case", case.standing.reference)
