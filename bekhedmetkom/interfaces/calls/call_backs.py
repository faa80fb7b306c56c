"""The page of one call-back: script, verification and outcome."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bekhedmetkom.calls import commands
from bekhedmetkom.calls.queries import get_call_back
from bekhedmetkom.calls.rules.call_backs import CALL_BACK_REASON_LABELS, CallBackReason
from bekhedmetkom.calls.rules.script import get_call_back_script
from bekhedmetkom.cases.commands import UseConfidentialChannel
from bekhedmetkom.catalogue.queries import get_service
from bekhedmetkom.entities.queries import get_tree
from bekhedmetkom.identity.commands.one_time_codes import TooManyCodes
from bekhedmetkom.interfaces.access_control import audience, officer_required
from bekhedmetkom.kernel.errors import InvalidInput, Refusal

from .forms import AccessCodeForm, AttemptForm, OneTimeCodeForm, ResolutionForm
from .one_time_codes import send_code
from .request_context import RequestContext, get_context, redirect_to_anchor, require_own_call


@audience("officer")
@officer_required
@require_POST
def take_next_call_back(request: HttpRequest) -> HttpResponse:
    """Give the agent the next call-back."""
    visit = get_context(request)
    back = commands.take_next_call_back(actor=visit.actor, at=visit.at)
    if back is None:
        messages.info(request, _("لا أحد ينتظر اتصالنا الآن."))
        return redirect("calls:home")
    return redirect("calls:back", back)


@audience("officer")
@require_own_call
@require_safe
def show_call_back(request: HttpRequest, visit: RequestContext, back: int) -> HttpResponse:
    """Show whom to call, why, and the script."""
    return _render_page(request, visit, back)


@audience("officer")
@require_own_call
@require_POST
def record_attempt(request: HttpRequest, visit: RequestContext, back: int) -> HttpResponse:
    """Record that the citizen was not spoken with."""
    form = AttemptForm(request.POST)
    if not form.is_valid():
        return _render_page(request, visit, back, tried=form, status=422)
    commands.record_attempt(back=back, outcome=form.cleaned_data["outcome"], actor=visit.actor, at=visit.at)
    messages.success(request, _("حُفظ ذلك."))
    return redirect("calls:home")


@audience("officer")
@require_own_call
@require_POST
def record_conversation(request: HttpRequest, visit: RequestContext, back: int) -> HttpResponse:
    """Record what the citizen said."""
    held = get_call_back(back, visit.actor, visit.at)
    form = ResolutionForm(request.POST, is_answer_optional=_is_answer_optional(held.reason))
    if form.is_valid():
        try:
            commands.record_conversation(back=back, actor=visit.actor, at=visit.at, **form.cleaned_data)
        except UseConfidentialChannel:
            fresh_form = ResolutionForm(
                is_answer_optional=_is_answer_optional(held.reason), seen=held.case.seq
            )
            return _render_page(request, visit, back, hear=fresh_form, stopped=True, status=422)
        except Refusal as refused:
            form.add_refusal(refused)
        else:
            messages.success(request, _("سُجّل ما قاله."))
            return redirect("calls:home")
    return _render_page(request, visit, back, hear=form, status=422)


@audience("officer")
@require_own_call
@require_POST
def verify_citizen(request: HttpRequest, visit: RequestContext, back: int) -> HttpResponse:
    """Verify the called person before the answer is read out."""
    way = request.POST.get("way", "")
    arguments: dict[str, Any] = {"back": back, "actor": visit.actor, "at": visit.at}
    form: Any = (
        OneTimeCodeForm(request.POST, prefix="digits-")
        if way == "digits"
        else AccessCodeForm(request.POST, prefix="code-")
    )
    try:
        if way == "send":
            send_code(lambda: commands.issue_call_back_code(**arguments), visit.at)
            messages.success(request, _("أُرسل الرمز إلى هاتفه. اطلب منه أن يقرأه لك."))
            return redirect_to_anchor("calls:back", back, "digits-digits")
        if form.is_valid() and way == "digits":
            commands.verify_call_back_code(code=form.cleaned_data["digits"], **arguments)
        elif form.is_valid():
            commands.verify_call_back_access_code(code=form.cleaned_data["code"], **arguments)
    except (InvalidInput, TooManyCodes) as refused:
        if way == "send":
            messages.error(request, refused.message.in_language(visit.language))
            return redirect("calls:back", back)
        form.add_refusal(refused)
    if form.errors:
        return _render_page(
            request, visit, back, **{"digits" if way == "digits" else "code": form}, status=422
        )
    return redirect_to_anchor(
        "calls:back", back, f"read-{get_call_back(back, visit.actor, visit.at).case.reference}"
    )


def _is_answer_optional(why: CallBackReason) -> bool:
    """Return whether the agent may leave open whether the case was solved."""
    return why in (CallBackReason.UNREACHED, CallBackReason.UNSOLVED, CallBackReason.READ_OUT)


def _render_page(
    request: HttpRequest,
    visit: RequestContext,
    back: int,
    *,
    status: int = 200,
    stopped: bool = False,
    **forms: Any,
) -> HttpResponse:
    held = get_call_back(back, visit.actor, visit.at)
    topic = get_service(held.case.service_id) if held.case.service_id else None
    context = {
        "visit": visit,
        "held": held,
        "why": CALL_BACK_REASON_LABELS[held.reason],
        "script": get_call_back_script(held.reason),
        "stopped": stopped,
        "entity": get_tree()[held.case.entity_id],
        "topic": topic,
        "tried": AttemptForm(),
        "hear": ResolutionForm(is_answer_optional=_is_answer_optional(held.reason), seen=held.case.seq),
        "digits": OneTimeCodeForm(prefix="digits-"),
        "code": AccessCodeForm(prefix="code-"),
    } | forms
    return render(request, "calls/call_back.html", context, status=status)
