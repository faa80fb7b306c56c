"""The attention page of officials above the case handlers, and following a case."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from bekhedmetkom.analytics.queries.alerts import list_current_alerts
from bekhedmetkom.analytics.rules.indicators import INDICATORS
from bekhedmetkom.cases.commands import follow_case, unfollow_case
from bekhedmetkom.cases.queries import (
    get_attention_page,
    get_brief,
    has_attention_page,
)
from bekhedmetkom.cases.rules import brief
from bekhedmetkom.entities.queries import get_tree, get_working_calendar
from bekhedmetkom.interfaces.access_control import audience, officer_required
from bekhedmetkom.kernel.clock import get_local_date

from ..case.actions import ACTIONS
from ..navigation import render_page
from ..request_context import get_case_or_404, get_context
from .instructions import build_instruction_lines, list_figure_instructions

MAX_ALERTS = 5
DEFAULT_ANSWER_DAYS = 2  # working days, for what is asked by one tap
CARD_TITLES = {
    "escalated": (gettext_lazy("مرفوع إليك"), "escalated"),
    "approval": (gettext_lazy("بانتظار اعتمادك"), "approval"),
    "upheld": (gettext_lazy("اعتراضات قُبلت"), ""),
    "overdue": (gettext_lazy("الأكثر تأخرًا"), "overdue"),
    "followed": (gettext_lazy("جديد ما تتابعه"), ""),
}


MORE_ACTIONS = ("instruct", "ask-head", "delegate", "assign", "extend", "answer", "note")


@audience("officer")
@officer_required
@never_cache
@require_safe
def show_attention(request: HttpRequest) -> HttpResponse:
    """Show the cards of what needs this official, the most urgent first."""
    visit = get_context(request)
    if not has_attention_page(visit.actor):
        raise Http404
    found = get_attention_page(visit.actor, visit.at)
    cards = [
        {"name": card, "title": title, "queue": queue, "needs": found.cards[card], "more": card in found.more}
        for card, (title, queue) in CARD_TITLES.items()
        if found.cards[card]
    ]
    figures = get_brief(visit.actor, visit.at, found.mine)
    root = "" if visit.language == "ar" else f"/{visit.language}"
    late = [one for one in (*found.mine, *found.given) if one.until < visit.at]
    unusual = list_current_alerts(visit.actor, get_local_date(visit.at))
    figures_asked = [line for line in list_figure_instructions(visit) if line["one"].outcome is None]
    context = {
        "unusual": [
            (INDICATORS[one.indicator].name, get_tree()[one.entity].name) for one in unusual[:MAX_ALERTS]
        ],
        "more_unusual": len(unusual) > MAX_ALERTS,
        "brief": [
            (line.words.in_language(visit.language), root + line.page)
            for line in brief.list_brief_lines(figures)
        ],
        "cards": cards,
        "withheld": [(get_tree()[line.entity].name, line) for line in found.withheld],
        "more_acts": [(name, ACTIONS[name].label) for name in MORE_ACTIONS],
        "late": build_instruction_lines(late, {}),
        "figures": figures_asked,
        "asked": len(found.mine) + sum(line["one"].is_for_viewer for line in figures_asked),
        "given": len(found.given) + sum(line["one"].is_by_viewer for line in figures_asked),
        "until": get_working_calendar().add_working_days(get_local_date(visit.at), DEFAULT_ANSWER_DAYS),
        "page_route": "desk:needs",
        "nothing": not (cards or late or found.withheld or unusual or figures_asked),
    }
    return render_page(request, visit, "desk/leadership/attention.html", context)


@audience("officer")
@officer_required
@never_cache
@require_POST
def set_case_follow(request: HttpRequest, reference: str) -> HttpResponse:
    """Follow or unfollow a case."""
    visit = get_context(request)
    case = get_case_or_404(visit, reference)
    if request.POST.get("on") == "1":
        follow_case(case=case.id, seen=case.seq, actor=visit.actor, at=visit.at)
        messages.success(request, _("ستجد جديد الطلب في «يحتاجك»."))
    else:
        unfollow_case(case=case.id, actor=visit.actor, at=visit.at)
        messages.success(request, _("لم تعد تتابعه."))
    if request.POST.get("back") == "needs":
        return redirect("desk:needs")
    return redirect("desk:case", case.standing.reference)
