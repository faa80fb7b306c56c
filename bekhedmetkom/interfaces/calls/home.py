"""The console between calls: ringing calls, call-backs and the figures of the day."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from bekhedmetkom.calls.commands import CallNotHeld, set_agent_line, take_call
from bekhedmetkom.calls.queries import (
    count_completed_call_backs,
    count_waiting_call_backs,
    find_call_in_hand,
    get_agent_line,
    get_day_figures,
    list_ringing_calls,
    list_unclaimed_calls,
)
from bekhedmetkom.calls.rules.call_backs import CALL_BACK_REASON_LABELS
from bekhedmetkom.calls.rules.script import get_script
from bekhedmetkom.interfaces.access_control import audience, officer_required
from bekhedmetkom.kernel.errors import InvalidInput

from .forms import LineForm
from .request_context import RequestContext, get_context


@audience("officer")
@officer_required
@never_cache
@require_safe
def show_home(request: HttpRequest) -> HttpResponse:
    """Show the console; an agent with a call in hand is redirected to it."""
    visit = get_context(request)
    if call := find_call_in_hand(visit.actor, visit.at):
        return redirect("calls:call", call)
    return _render_page(request, visit, get_agent_line(visit.actor))


@audience("officer")
@officer_required
@never_cache
@require_safe
def show_ringing_calls(request: HttpRequest) -> HttpResponse:
    """Render the list of ringing calls, which the page's script refreshes."""
    visit = get_context(request)
    call = find_call_in_hand(visit.actor, visit.at)
    return render(
        request,
        "calls/_ringing_calls.html",
        _build_ringing_context(visit, get_agent_line(visit.actor)) | {"mine": call},
    )


@audience("officer")
@officer_required
@require_POST
def save_line(request: HttpRequest) -> HttpResponse:
    """Set the agent's phone line."""
    visit, form = get_context(request), LineForm(request.POST)
    if form.is_valid():
        try:
            set_agent_line(line=form.cleaned_data["line"], actor=visit.actor, at=visit.at)
        except InvalidInput as refused:
            form.add_refusal(refused)
        else:
            messages.success(request, _("حُفظ خطك."))
            return redirect("calls:home")
    return _render_page(request, visit, get_agent_line(visit.actor), form)


@audience("officer")
@officer_required
@require_POST
def accept_call(request: HttpRequest, pk: int) -> HttpResponse:
    """Assign the call to the agent."""
    visit = get_context(request)
    try:
        take_call(call=pk, actor=visit.actor, at=visit.at)
    except CallNotHeld as refused:
        messages.error(request, refused.message.in_language(visit.language))
        return redirect("calls:home")
    return redirect("calls:call", pk)


def _build_ringing_context(visit: RequestContext, line: str) -> dict[str, Any]:
    return {
        "visit": visit,
        "ringing": [
            (call, int((visit.at - call.began_at).total_seconds()))
            for call in list_ringing_calls(line, visit.at)
        ],
        "unclaimed": list_unclaimed_calls(visit.at),
        "day": get_day_figures(visit.actor, visit.at),
    }


def _render_page(
    request: HttpRequest, visit: RequestContext, line: str, refused: LineForm | None = None
) -> HttpResponse:
    waiting = count_waiting_call_backs(visit.at)
    context = _build_ringing_context(visit, line) | {
        "line": refused or LineForm(initial={"line": line}),
        "backs": [(CALL_BACK_REASON_LABELS[why], count) for why, count in waiting.items()],
        "backs_in_all": sum(waiting.values()),
        "backs_done": count_completed_call_backs(visit.at),
        "script": get_script(None),
    }
    return render(request, "calls/home.html", context, status=422 if refused else 200)
