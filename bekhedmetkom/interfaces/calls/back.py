"""Calling back: the next one, what to say, and what came of it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bekhedmetkom.calls import commands
from bekhedmetkom.calls.queries import back_of
from bekhedmetkom.calls.rules.backs import WHY_WORDS, Why
from bekhedmetkom.calls.rules.script import script_back
from bekhedmetkom.cases.commands import UseConfidentialChannel
from bekhedmetkom.catalogue.queries import service
from bekhedmetkom.entities.queries import tree
from bekhedmetkom.identity.commands.one_time import TooSoon
from bekhedmetkom.interfaces.actor import officer_required
from bekhedmetkom.interfaces.audience import audience
from bekhedmetkom.kernel.errors import Invalid, Refused

from .codes import send
from .forms import CodeForm, DigitsForm, HearForm, TriedForm
from .visit import Visit, lead_to, visit_of, with_own


@audience("officer")
@officer_required
@require_POST
def following(request: HttpRequest) -> HttpResponse:
    """Give this agent the next one to call."""
    visit = visit_of(request)
    back = commands.next_back(actor=visit.actor, at=visit.at)
    if back is None:
        messages.info(request, _("لا أحد ينتظر اتصالنا الآن."))
        return redirect("calls:home")
    return redirect("calls:back", back)


@audience("officer")
@with_own
@require_safe
def back(request: HttpRequest, visit: Visit, back: int) -> HttpResponse:
    """Whom to call, why, and what to say."""
    return _page(request, visit, back)


@audience("officer")
@with_own
@require_POST
def tried(request: HttpRequest, visit: Visit, back: int) -> HttpResponse:
    """Nobody was spoken with."""
    form = TriedForm(request.POST)
    if not form.is_valid():
        return _page(request, visit, back, tried=form, status=422)
    commands.tried(back=back, outcome=form.cleaned_data["outcome"], actor=visit.actor, at=visit.at)
    messages.success(request, _("حُفظ ذلك."))
    return redirect("calls:home")


@audience("officer")
@with_own
@require_POST
def spoke(request: HttpRequest, visit: Visit, back: int) -> HttpResponse:
    """They were spoken with: what they said."""
    held = back_of(back, visit.actor, visit.at)
    form = HearForm(request.POST, unsaid=_unsaid(held.why))
    if form.is_valid():
        try:
            commands.spoke(back=back, actor=visit.actor, at=visit.at, **form.cleaned_data)
        except UseConfidentialChannel:
            again = HearForm(unsaid=_unsaid(held.why), seen=held.case.seq)
            return _page(request, visit, back, hear=again, stopped=True, status=422)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("سُجّل ما قاله."))
            return redirect("calls:home")
    return _page(request, visit, back, hear=form, status=422)


@audience("officer")
@with_own
@require_POST
def prove(request: HttpRequest, visit: Visit, back: int) -> HttpResponse:
    """Before the answer is read out: who says that they are the citizen shows it."""
    way = request.POST.get("way", "")
    ours: dict[str, Any] = {"back": back, "actor": visit.actor, "at": visit.at}
    form: Any = (
        DigitsForm(request.POST, prefix="digits-")
        if way == "digits"
        else CodeForm(request.POST, prefix="code-")
    )
    try:
        if way == "send":
            send(lambda: commands.back_code_for(**ours), visit.at)
            messages.success(request, _("أُرسل الرمز إلى هاتفه. اطلب منه أن يقرأه لك."))
            return lead_to("calls:back", back, "digits-digits")
        if form.is_valid() and way == "digits":
            commands.prove_back(code=form.cleaned_data["digits"], **ours)
        elif form.is_valid():
            commands.open_back(code=form.cleaned_data["code"], **ours)
    except (Invalid, TooSoon) as refused:
        if way == "send":
            messages.error(request, refused.words.in_(visit.language))
            return redirect("calls:back", back)
        form.refuse(refused)
    if form.errors:
        return _page(request, visit, back, **{"digits" if way == "digits" else "code": form}, status=422)
    return lead_to("calls:back", back, f"read-{back_of(back, visit.actor, visit.at).case.reference}")


def _unsaid(why: Why) -> bool:
    """Whether somebody can be spoken with without being asked if it was solved."""
    return why in (Why.UNREACHED, Why.UNSOLVED, Why.READ_OUT)


def _page(
    request: HttpRequest, visit: Visit, back: int, *, status: int = 200, stopped: bool = False, **forms: Any
) -> HttpResponse:
    held = back_of(back, visit.actor, visit.at)
    topic = service(held.case.service_id) if held.case.service_id else None
    context = {
        "visit": visit, "held": held, "why": WHY_WORDS[held.why], "script": script_back(held.why), "stopped": stopped,
        "entity": tree()[held.case.entity_id], "topic": topic, "tried": TriedForm(),
        "hear": HearForm(unsaid=_unsaid(held.why), seen=held.case.seq),
        "digits": DigitsForm(prefix="digits-"), "code": CodeForm(prefix="code-"),
    } | forms  # fmt: skip
    return render(request, "calls/back.html", context, status=status)
