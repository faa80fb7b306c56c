"""Instructions about cases and about figures: the page that lists them, and closing one about a figure."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from bekhedmetkom.analytics.commands.instructions import answer_instruction, withdraw_instruction
from bekhedmetkom.analytics.queries import instructions as figure_instructions
from bekhedmetkom.analytics.queries.instructions import InstructionDetails
from bekhedmetkom.analytics.rules.indicators import INDICATORS, Unit
from bekhedmetkom.cases.queries import Instruction
from bekhedmetkom.cases.queries import list_instructions as list_case_instructions
from bekhedmetkom.cases.rules.access import has_permission_anywhere
from bekhedmetkom.cases.rules.states import EventType
from bekhedmetkom.entities.queries import get_tree
from bekhedmetkom.identity.queries import get_officer_names
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.interfaces.access_control import audience, officer_required
from bekhedmetkom.kernel.clock import AMMAN
from bekhedmetkom.kernel.errors import InvalidInput, NotAllowed
from bekhedmetkom.kernel.text import BilingualText

from ..navigation import render_page
from ..request_context import RequestContext, get_context


def list_figure_instructions(visit: RequestContext) -> list[dict[str, Any]]:
    """Return instructions about figures with their labels: open ones first, then recently ended ones."""
    found = figure_instructions.list_instructions(visit.actor, visit.at)
    who = get_officer_names({key for one in found for key in (one.officer, one.ended_by) if key})
    watches = has_permission_anywhere(visit.actor, Permission.WATCH)
    return [
        {
            "one": one,
            "figure": INDICATORS[one.indicator].name,
            "value": _format_value(one),
            "body": get_tree()[one.entity].name,
            "by": who.get(one.officer),
            "ended_by": who.get(one.ended_by or 0),
            "until": datetime.combine(one.until, time(23, 59), AMMAN),
            "page": f"{reverse('dashboard:board')}?{one.query}" if watches else "",
        }
        for one in found
    ]


def _format_value(one: InstructionDetails) -> str:
    """Format the value that the figure had when the instruction was given."""
    if one.value is None:
        return ""
    match INDICATORS[one.indicator].unit:
        case Unit.SHARE:
            return f"{100 * one.value:.1f}%"
        case Unit.COUNT:
            return f"{one.value:,.0f}"
        case _:
            return f"{one.value:,.1f}"


@audience("officer")
@officer_required
@never_cache
@require_safe
def show_instructions(request: HttpRequest) -> HttpResponse:
    """List the instructions given to and by this officer that are not answered yet."""
    return _render_instructions(request, get_context(request), {})


@audience("officer")
@officer_required
@never_cache
@require_POST
def close_figure_instruction(request: HttpRequest, instruction: int) -> HttpResponse:
    """Answer or withdraw an instruction about a figure. Raises `Http404` for another officer's."""
    visit, text = get_context(request), request.POST.get("text", "")
    try:
        if "withdraw" in request.POST:
            withdraw_instruction(instruction=instruction, actor=visit.actor, at=visit.at)
            messages.success(request, _("سُحب التوجيه."))
        else:
            answer_instruction(instruction=instruction, text=text, actor=visit.actor, at=visit.at)
            messages.success(request, _("أُرسل جوابك."))
    except NotAllowed as refused:
        raise Http404 from refused
    except InvalidInput as refused:
        wrong = {"of": instruction, "words": refused.message.in_language(visit.language), "text": text}
        return _render_instructions(request, visit, {"wrong": wrong}, status=422)
    return redirect("desk:instructions")


def _render_instructions(
    request: HttpRequest, visit: RequestContext, more: dict[str, Any], status: int = 200
) -> HttpResponse:
    instructions = list_case_instructions(visit.actor, visit.at)
    names = get_officer_names({instruction.by for instruction in instructions})
    figures = list_figure_instructions(visit)
    context = {
        "page_route": "desk:instructions",
        "figures": [line for line in figures if line["one"].outcome is None],
        "ended": [line for line in figures if line["one"].outcome],
        "mine": build_instruction_lines([given for given in instructions if given.mine], names),
        "given": build_instruction_lines([given for given in instructions if not given.mine], names),
    }
    page = render_page(request, visit, "desk/leadership/instructions.html", context | more)
    page.status_code = status
    return page


def build_instruction_lines(
    instructions: list[Instruction], names: Mapping[int, BilingualText]
) -> list[dict[str, Any]]:
    """Return case instructions with their labels; `names` of the officers who gave them."""
    return [
        {
            "one": instruction,
            "body": get_tree()[instruction.entity_id].name,
            "by": names.get(instruction.by),
            "sort": INSTRUCTION_LABELS[EventType(instruction.kind)],
        }
        for instruction in instructions
    ]


INSTRUCTION_LABELS = {
    EventType.INSTRUCTED: pgettext_lazy("asked", "توجيه"),
    EventType.HEAD_ASKED: gettext_lazy("سؤال إلى رئيس الجهة"),
    EventType.DELEGATED: pgettext_lazy("asked", "تفويض"),
    EventType.TASK_ASKED: gettext_lazy("مهمة"),
    EventType.JOIN_ASKED: gettext_lazy("طلب مشاركة"),
}
