"""The page of one call: verification, draft, opened cases and wrap-up."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bekhedmetkom.calls import commands
from bekhedmetkom.calls.commands import CallerNotVerified
from bekhedmetkom.calls.queries import CallInHand, find_opened_case, get_call, get_day_figures
from bekhedmetkom.calls.rules.script import get_script, spell_code, spell_reference
from bekhedmetkom.calls.rules.wrap_up import WrapUp
from bekhedmetkom.cases.commands import UseConfidentialChannel, preview_submission
from bekhedmetkom.catalogue.rules import Kind
from bekhedmetkom.entities.queries import get_tree
from bekhedmetkom.identity.commands.one_time_codes import TooManyCodes
from bekhedmetkom.interfaces.access_control import audience
from bekhedmetkom.kernel.errors import InvalidInput, Refusal
from bekhedmetkom.kernel.formatting import format_date, format_timestamp
from bekhedmetkom.kernel.phone_numbers import format_phone
from bekhedmetkom.kernel.references import parse_reference

from .forms import (
    DRAFT_FIELDS,
    AppealForm,
    CaseCodeForm,
    CaseForm,
    ConsoleForm,
    MessageForm,
    OneTimeCodeForm,
    ResolutionForm,
    WrapUpForm,
)
from .one_time_codes import send_code
from .request_context import RequestContext, redirect_to_anchor, require_own_call

# Forms of an opened case.
_CASE_FORMS: dict[str, type[ConsoleForm]] = {
    "write": MessageForm,
    "hear": ResolutionForm,
    "appeal": AppealForm,
}


@audience("officer")
@require_own_call
@require_safe
def show_call(request: HttpRequest, visit: RequestContext, call: int) -> HttpResponse:
    """Show the call with its form, the opened cases and the script."""
    return _render_page(request, visit, call)


@audience("officer")
@require_own_call
@require_POST
def save_draft(request: HttpRequest, visit: RequestContext, call: int) -> HttpResponse:
    """Save the draft; return its destination and deadline as JSON for the page's script."""
    typed = {name: request.POST.get(name, "")[:8000] for name in DRAFT_FIELDS}
    try:
        commands.save_draft(call=call, fields=typed, actor=visit.actor, at=visit.at)
    except UseConfidentialChannel:
        return JsonResponse({"stopped": True}, status=422)
    answer = {"at": format_timestamp(visit.at, visit.at, visit.language)}
    form = CaseForm(request.POST, visit, draft={}, number="")
    if form.is_valid():
        try:
            case = preview_submission(submission=form.build_submission(), at=visit.at)
        except UseConfidentialChannel:
            commands.clear_draft(call=call, actor=visit.actor)
            return JsonResponse({"stopped": True}, status=422)
        except Refusal:
            return JsonResponse(answer)
        answer |= {
            "to": "" if case.triage else get_tree()[case.entity_id].get_name(visit.language),
            "due": format_date(case.due_at, visit.language),
            "urgent": "1" if case.urgent else "",
        }
    return JsonResponse(answer)


@audience("officer")
@require_own_call
@require_POST
def register_case(request: HttpRequest, visit: RequestContext, call: int) -> HttpResponse:
    """Register the case and show its reference and access code, which appear on this page only."""
    held = get_call(call, visit.actor, visit.at)
    form = CaseForm(request.POST, visit, draft={}, number="")
    if not form.is_valid():
        return _render_page(request, visit, call, case_form=form, status=422)
    values = form.cleaned_data
    try:
        case = commands.register_case(
            call=call,
            submission=form.build_submission(),
            by_call=values["reply_by"] == "call",
            key=values["key"],
            actor=visit.actor,
            at=visit.at,
        )
    except UseConfidentialChannel:
        commands.clear_draft(call=call, actor=visit.actor)
        fresh_form = CaseForm(request.POST, visit, draft={}, number="", gated=True)
        return _render_page(request, visit, call, case_form=fresh_form, stopped=True, status=422)
    except Refusal as refused:
        form.add_refusal(refused)
        return _render_page(request, visit, call, case_form=form, status=422)
    context = {
        "visit": visit,
        "held": held,
        "taken": case,
        "by_call": values["reply_by"] == "call",
        "entity": None if case.triage else get_tree()[case.entity],
        "reference": spell_reference(case.reference),
        "code": spell_code(case.access_code),
        "text": values["text"],
        "wrap": WrapUpForm(WrapUp.REGISTERED),
        "script": get_script(values["kind"])[-2:],
    }
    return render(request, "calls/registered.html", context)


@audience("officer")
@require_own_call
@require_POST
def verify_caller(request: HttpRequest, visit: RequestContext, call: int) -> HttpResponse:
    """Verify the caller by an access code or by a one-time code sent to the number."""
    held = get_call(call, visit.actor, visit.at)
    way = request.POST.get("way", "")
    arguments: dict[str, Any] = {"call": call, "actor": visit.actor, "at": visit.at}
    code, digits = CaseCodeForm(prefix="prove-"), OneTimeCodeForm(prefix="digits-")
    place = _get_case_anchor(request.POST.get("reference", ""))
    try:
        if way == "send":
            send_code(lambda: commands.issue_call_code(call=call, actor=visit.actor, at=visit.at), visit.at)
            messages.success(request, _("أُرسل الرمز إلى الرقم الذي يتصل. اطلب منه أن يقرأه لك."))
            place = "digits-digits"
        elif way == "digits":
            digits = OneTimeCodeForm(request.POST, prefix="digits-")
            if not digits.is_valid():
                return _render_page(request, visit, call, digits=digits, status=422)
            commands.verify_number(code=digits.cleaned_data["digits"], **arguments)
            place = "own"
        elif way == "open":
            commands.open_case_of_number(reference=request.POST.get("reference", ""), **arguments)
        else:
            code = CaseCodeForm(request.POST, prefix="prove-")
            if not code.is_valid():
                return _render_page(request, visit, call, code=code, status=422)
            commands.open_case_with_code(**code.cleaned_data, **arguments)
    except (InvalidInput, TooManyCodes) as refused:
        form = code if way not in ("send", "digits", "open") else digits
        if not form.is_bound:
            messages.error(request, refused.message.in_language(visit.language))
            return redirect("calls:call", held.call.pk)
        form.add_refusal(refused)
        return _render_page(request, visit, call, code=code, digits=digits, status=422)
    return redirect_to_anchor("calls:call", call, place)


@audience("officer")
@require_own_call
@require_POST
def add_message(request: HttpRequest, visit: RequestContext, call: int) -> HttpResponse:
    """Add the caller's message to their case."""
    case, reference = _get_opened_case(request, visit, call)
    act = partial(commands.add_message, case=case, reference=reference)
    return _handle_case_form(request, visit, call, (reference, "write"), act, _("أُضيف ما قاله إلى طلبه."))


@audience("officer")
@require_own_call
@require_POST
def record_resolution(request: HttpRequest, visit: RequestContext, call: int) -> HttpResponse:
    """Record whether the caller says that the case was solved."""
    case, reference = _get_opened_case(request, visit, call)
    act = partial(commands.record_resolution, case=case)
    return _handle_case_form(request, visit, call, (reference, "hear"), act, _("سُجّل جواب مقدم الطلب."))


@audience("officer")
@require_own_call
@require_POST
def submit_appeal(request: HttpRequest, visit: RequestContext, call: int) -> HttpResponse:
    """Submit the caller's appeal."""
    case, reference = _get_opened_case(request, visit, call)
    act = partial(commands.submit_appeal, case=case, reference=reference)
    return _handle_case_form(
        request, visit, call, (reference, "appeal"), act, _("سُجّل اعتراضه، وله موعد جديد.")
    )


@audience("officer")
@require_own_call
@require_POST
def wrap_up_call(request: HttpRequest, visit: RequestContext, call: int) -> HttpResponse:
    """Finish the call."""
    form = WrapUpForm(data=request.POST)
    if not form.is_valid():
        return _render_page(request, visit, call, wrap=form, status=422)
    commands.wrap_up(call=call, wrap=form.cleaned_data["wrap"], actor=visit.actor, at=visit.at)
    messages.success(request, _("انتهت المكالمة."))
    return redirect("calls:home")


def _get_case_anchor(reference: str) -> str:
    """Return the id of an opened case's section."""
    return f"read-{parse_reference(reference[:64])}"


def _get_opened_case(request: HttpRequest, visit: RequestContext, call: int) -> tuple[Any, str]:
    reference = parse_reference(request.POST.get("reference", "")[:64])
    case = find_opened_case(call, reference, visit.actor, visit.at) if reference else None
    if reference is None or case is None:
        raise CallerNotVerified
    return case, reference


def _handle_case_form(
    request: HttpRequest,
    visit: RequestContext,
    call: int,
    about: tuple[str, str],
    act: Callable[..., None],
    done: str,
) -> HttpResponse:
    """Handle a form about an opened case; after the corruption check refuses, no typed text is shown again."""
    reference, verb = about
    form = _CASE_FORMS[verb](request.POST, prefix=f"{verb}-{reference}-")
    if form.is_valid():
        try:
            act(call=call, actor=visit.actor, at=visit.at, **form.cleaned_data)
        except UseConfidentialChannel:
            return _render_page(request, visit, call, stopped=True, status=422)
        except Refusal as refused:
            form.add_refusal(refused)
        else:
            messages.success(request, done)
            return redirect_to_anchor("calls:call", call, _get_case_anchor(reference))
    return _render_page(request, visit, call, about=(reference, verb, form), status=422)


def _render_page(
    request: HttpRequest,
    visit: RequestContext,
    call: int,
    *,
    status: int = 200,
    case_form: CaseForm | None = None,
    about: tuple[str, str, Any] | None = None,
    stopped: bool = False,
    **forms: Any,
) -> HttpResponse:
    held = get_call(call, visit.actor, visit.at)
    number = format_phone(held.call.number) if held.call.number else ""
    form = case_form or CaseForm(None, visit, draft=held.call.draft, number=number)
    context = {
        "visit": visit,
        "held": held,
        "form": form,
        "stopped": stopped,
        "day": get_day_figures(visit.actor, visit.at),
        "waited": _get_waiting_seconds(held),
        "talked": int((visit.at - (held.call.answered_at or visit.at)).total_seconds()),
        "cases": [_build_case_forms(case, about) for case in held.opened_cases],
        "code": CaseCodeForm(prefix="prove-"),
        "digits": OneTimeCodeForm(prefix="digits-"),
        "wrap": WrapUpForm(),
        "script": get_script(_get_kind(form)),
        "scripts": [(kind, get_script(kind)) for kind in Kind],
    } | forms
    return render(request, "calls/call.html", context, status=status)


def _build_case_forms(case: Any, about: tuple[str, str, Any] | None) -> dict[str, Any]:
    """Return an opened case with its forms; the submitted form keeps what was typed."""
    reference = case.standing.reference
    forms: dict[str, Any] = {
        "write": MessageForm(prefix=f"write-{reference}-"),
        "appeal": AppealForm(prefix=f"appeal-{reference}-"),
        "hear": ResolutionForm(seen=case.seq, prefix=f"hear-{reference}-"),
    }
    if about and about[0] == reference:
        forms[about[1]] = about[2]
    return {"case": case, **forms}


def _get_kind(form: CaseForm) -> Kind | None:
    chosen = str(form["kind"].value() or "")
    return Kind(chosen) if chosen in list(Kind) else None


def _get_waiting_seconds(held: CallInHand) -> int:
    """Return how long the caller waited."""
    return int(((held.call.answered_at or held.call.began_at) - held.call.began_at).total_seconds())
