"""The console between two calls: what rings, who waits to be called back, how the day goes."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from bekhedmetkom.calls.commands import NotYours, sit_at, take
from bekhedmetkom.calls.queries import backs_done, backs_waiting, day_of, in_hand, line_of, ringing, unclaimed
from bekhedmetkom.calls.rules.backs import WHY_WORDS
from bekhedmetkom.calls.rules.script import script_of
from bekhedmetkom.interfaces.actor import officer_required
from bekhedmetkom.interfaces.audience import audience
from bekhedmetkom.kernel.errors import Invalid

from .forms import LineForm
from .visit import Visit, visit_of


@audience("officer")
@officer_required
@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """An agent with a call in hand comes to that call."""
    visit = visit_of(request)
    if call := in_hand(visit.actor, visit.at):
        return redirect("calls:call", call)
    return _page(request, visit, line_of(visit.actor))


@audience("officer")
@officer_required
@never_cache
@require_safe
def rings(request: HttpRequest) -> HttpResponse:
    """The piece of the page that its script asks for again and again."""
    visit = visit_of(request)
    mine = in_hand(visit.actor, visit.at)
    return render(request, "calls/_rings.html", _rings(visit, line_of(visit.actor)) | {"mine": mine})


@audience("officer")
@officer_required
@require_POST
def line(request: HttpRequest) -> HttpResponse:
    """The telephone before this agent."""
    visit, form = visit_of(request), LineForm(request.POST)
    if form.is_valid():
        try:
            sit_at(line=form.cleaned_data["line"], actor=visit.actor, at=visit.at)
        except Invalid as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("حُفظ خطك."))
            return redirect("calls:home")
    return _page(request, visit, line_of(visit.actor), form)


@audience("officer")
@officer_required
@require_POST
def taking(request: HttpRequest, pk: int) -> HttpResponse:
    """This agent has the call."""
    visit = visit_of(request)
    try:
        take(call=pk, actor=visit.actor, at=visit.at)
    except NotYours as refused:
        messages.error(request, refused.words.in_(visit.language))
        return redirect("calls:home")
    return redirect("calls:call", pk)


def _rings(visit: Visit, line: str) -> dict[str, Any]:
    return {
        "visit": visit,
        "ringing": [
            (call, int((visit.at - call.began_at).total_seconds())) for call in ringing(line, visit.at)
        ],
        "unclaimed": unclaimed(visit.at),
        "day": day_of(visit.actor, visit.at),
    }


def _page(request: HttpRequest, visit: Visit, line: str, refused: LineForm | None = None) -> HttpResponse:
    waiting = backs_waiting(visit.at)
    context = _rings(visit, line) | {
        "line": refused or LineForm(initial={"line": line}),
        "backs": [(WHY_WORDS[why], count) for why, count in waiting.items()],
        "backs_in_all": sum(waiting.values()),
        "backs_done": backs_done(visit.at),
        "script": script_of(None),
    }
    return render(request, "calls/home.html", context, status=422 if refused else 200)
