"""One call at its agent's place: who shows what, what is written down, what is read, how it ended."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bekhedmetkom.calls import commands
from bekhedmetkom.calls.commands import NotProven
from bekhedmetkom.calls.queries import InHand, call_of, day_of, opened_case
from bekhedmetkom.calls.rules.script import script_of
from bekhedmetkom.calls.rules.spelling import spelled_code, spelled_reference
from bekhedmetkom.calls.rules.wrapping import WrapUp
from bekhedmetkom.cases.commands import UseConfidentialChannel, foreseen
from bekhedmetkom.catalogue.rules import Kind
from bekhedmetkom.entities.queries import tree
from bekhedmetkom.identity.commands.one_time import TooSoon
from bekhedmetkom.interfaces.audience import audience
from bekhedmetkom.kernel.dates import say_date, say_stamp
from bekhedmetkom.kernel.errors import Invalid, Refused
from bekhedmetkom.kernel.phones import show_phone
from bekhedmetkom.kernel.references import parse_reference

from .codes import send
from .forms import (
    DRAFTED,
    AppealForm,
    CaseForm,
    ConsoleForm,
    DigitsForm,
    HearForm,
    ProveForm,
    WrapForm,
    WriteForm,
)
from .visit import Visit, lead_to, with_own

# What the caller may say of an opened case.
_FORMS: dict[str, type[ConsoleForm]] = {"write": WriteForm, "hear": HearForm, "appeal": AppealForm}


@audience("officer")
@with_own
@require_safe
def call(request: HttpRequest, visit: Visit, call: int) -> HttpResponse:
    """The call with its form, what was opened, and what to say."""
    return _page(request, visit, call)


@audience("officer")
@with_own
@require_POST
def draft(request: HttpRequest, visit: Visit, call: int) -> HttpResponse:
    """Keep what is typed so far, and say where it would go and by when. For the page's script."""
    typed = {name: request.POST.get(name, "")[:8000] for name in DRAFTED}
    try:
        commands.keep_draft(call=call, fields=typed, actor=visit.actor, at=visit.at)
    except UseConfidentialChannel:
        return JsonResponse({"stopped": True}, status=422)
    said = {"at": say_stamp(visit.at, visit.at, visit.language)}
    form = CaseForm(request.POST, visit, draft={}, number="")
    if form.is_valid():
        try:
            case = foreseen(submission=form.submission(), at=visit.at)
        except UseConfidentialChannel:
            commands.forget_draft(call=call, actor=visit.actor)
            return JsonResponse({"stopped": True}, status=422)
        except Refused:
            return JsonResponse(said)
        said |= {
            "to": "" if case.triage else tree()[case.entity_id].name_in(visit.language),
            "due": say_date(case.due_at, visit.language),
            "urgent": "1" if case.urgent else "",
        }
    return JsonResponse(said)


@audience("officer")
@with_own
@require_POST
def register(request: HttpRequest, visit: Visit, call: int) -> HttpResponse:
    """Take the case down; its number and code are on the page that answers, to be read out, and nowhere else."""
    held = call_of(call, visit.actor, visit.at)
    form = CaseForm(request.POST, visit, draft={}, number="")
    if not form.is_valid():
        return _page(request, visit, call, case_form=form, status=422)
    given = form.cleaned_data
    try:
        taken = commands.take_down(
            call=call, submission=form.submission(), by_call=given["reply_by"] == "call", key=given["key"],
            actor=visit.actor, at=visit.at,
        )  # fmt: skip
    except UseConfidentialChannel:
        commands.forget_draft(call=call, actor=visit.actor)
        again = CaseForm(request.POST, visit, draft={}, number="", gated=True)
        return _page(request, visit, call, case_form=again, stopped=True, status=422)
    except Refused as refused:
        form.refuse(refused)
        return _page(request, visit, call, case_form=form, status=422)
    context = {
        "visit": visit, "held": held, "taken": taken, "by_call": given["reply_by"] == "call",
        "entity": None if taken.triage else tree()[taken.entity],
        "reference": spelled_reference(taken.reference), "code": spelled_code(taken.access_code),
        "text": given["text"], "wrap": WrapForm(WrapUp.REGISTERED), "script": script_of(given["kind"])[-2:],
    }  # fmt: skip
    return render(request, "calls/registered.html", context)


@audience("officer")
@with_own
@require_POST
def prove(request: HttpRequest, visit: Visit, call: int) -> HttpResponse:
    """Show that a case is the caller's: its access code, or a code sent to the number and read back."""
    held = call_of(call, visit.actor, visit.at)
    way = request.POST.get("way", "")
    ours: dict[str, Any] = {"call": call, "actor": visit.actor, "at": visit.at}
    code, digits = ProveForm(prefix="prove-"), DigitsForm(prefix="digits-")
    place = _read(request.POST.get("reference", ""))
    try:
        if way == "send":
            send(lambda: commands.code_for(call=call, actor=visit.actor, at=visit.at), visit.at)
            messages.success(request, _("أُرسل الرمز إلى الرقم الذي يتصل. اطلب منه أن يقرأه لك."))
            place = "digits-digits"
        elif way == "digits":
            digits = DigitsForm(request.POST, prefix="digits-")
            if not digits.is_valid():
                return _page(request, visit, call, digits=digits, status=422)
            commands.prove_number(code=digits.cleaned_data["digits"], **ours)
            place = "own"
        elif way == "open":
            commands.open_of_number(reference=request.POST.get("reference", ""), **ours)
        else:
            code = ProveForm(request.POST, prefix="prove-")
            if not code.is_valid():
                return _page(request, visit, call, code=code, status=422)
            commands.open_with_code(**code.cleaned_data, **ours)
    except (Invalid, TooSoon) as refused:
        form = code if way not in ("send", "digits", "open") else digits
        if not form.is_bound:
            messages.error(request, refused.words.in_(visit.language))
            return redirect("calls:call", held.call.pk)
        form.refuse(refused)
        return _page(request, visit, call, code=code, digits=digits, status=422)
    return lead_to("calls:call", call, place)


@audience("officer")
@with_own
@require_POST
def write(request: HttpRequest, visit: Visit, call: int) -> HttpResponse:
    """Add what the caller says to their case."""
    case, reference = _opened(request, visit, call)
    act = partial(commands.add_words, case=case, reference=reference)
    return _said(request, visit, call, (reference, "write"), act, _("أُضيف ما قاله إلى طلبه."))


@audience("officer")
@with_own
@require_POST
def hear(request: HttpRequest, visit: Visit, call: int) -> HttpResponse:
    """Note whether the caller says that it was solved."""
    case, reference = _opened(request, visit, call)
    act = partial(commands.hear_word, case=case)
    return _said(request, visit, call, (reference, "hear"), act, _("سُجّل جواب مقدم الطلب."))


@audience("officer")
@with_own
@require_POST
def appeal(request: HttpRequest, visit: Visit, call: int) -> HttpResponse:
    """The caller appeals, in their own words."""
    case, reference = _opened(request, visit, call)
    act = partial(commands.appeal_for, case=case, reference=reference)
    return _said(request, visit, call, (reference, "appeal"), act, _("سُجّل اعتراضه، وله موعد جديد."))


@audience("officer")
@with_own
@require_POST
def wrap(request: HttpRequest, visit: Visit, call: int) -> HttpResponse:
    """The agent has done with the call."""
    form = WrapForm(data=request.POST)
    if not form.is_valid():
        return _page(request, visit, call, wrap=form, status=422)
    commands.wrap_up(call=call, wrap=form.cleaned_data["wrap"], actor=visit.actor, at=visit.at)
    messages.success(request, _("انتهت المكالمة."))
    return redirect("calls:home")


def _read(reference: str) -> str:
    """Where on the page an opened case is read."""
    return f"read-{parse_reference(reference[:64])}"


def _opened(request: HttpRequest, visit: Visit, call: int) -> tuple[Any, str]:
    reference = parse_reference(request.POST.get("reference", "")[:64])
    case = opened_case(call, reference, visit.actor, visit.at) if reference else None
    if reference is None or case is None:
        raise NotProven
    return case, reference


def _said(
    request: HttpRequest, visit: Visit, call: int, about: tuple[str, str], act: Callable[..., None], done: str
) -> HttpResponse:
    """What the caller says of an opened case; past the gate nothing that was typed is shown again."""
    reference, verb = about
    form = _FORMS[verb](request.POST, prefix=f"{verb}-{reference}-")
    if form.is_valid():
        try:
            act(call=call, actor=visit.actor, at=visit.at, **form.cleaned_data)
        except UseConfidentialChannel:
            return _page(request, visit, call, stopped=True, status=422)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, done)
            return lead_to("calls:call", call, _read(reference))
    return _page(request, visit, call, about=(reference, verb, form), status=422)


def _page(
    request: HttpRequest, visit: Visit, call: int, *, status: int = 200, case_form: CaseForm | None = None,
    about: tuple[str, str, Any] | None = None, stopped: bool = False, **forms: Any,
) -> HttpResponse:  # fmt: skip
    held = call_of(call, visit.actor, visit.at)
    number = show_phone(held.call.number) if held.call.number else ""
    form = case_form or CaseForm(None, visit, draft=held.call.draft, number=number)
    context = {
        "visit": visit, "held": held, "form": form, "stopped": stopped, "day": day_of(visit.actor, visit.at),
        "waited": _seconds(held), "talked": int((visit.at - (held.call.answered_at or visit.at)).total_seconds()),
        "cases": [_with_forms(case, about) for case in held.opened],
        "code": ProveForm(prefix="prove-"), "digits": DigitsForm(prefix="digits-"), "wrap": WrapForm(),
        "script": script_of(_kind(form)), "scripts": [(kind, script_of(kind)) for kind in Kind],
    } | forms  # fmt: skip
    return render(request, "calls/call.html", context, status=status)


def _with_forms(case: Any, about: tuple[str, str, Any] | None) -> dict[str, Any]:
    """An opened case with the forms for what can be done to it; the one that was sent keeps what was typed."""
    reference = case.standing.reference
    forms: dict[str, Any] = {
        "write": WriteForm(prefix=f"write-{reference}-"),
        "appeal": AppealForm(prefix=f"appeal-{reference}-"),
        "hear": HearForm(seen=case.seq, prefix=f"hear-{reference}-"),
    }
    if about and about[0] == reference:
        forms[about[1]] = about[2]
    return {"case": case, **forms}


def _kind(form: CaseForm) -> Kind | None:
    chosen = str(form["kind"].value() or "")
    return Kind(chosen) if chosen in list(Kind) else None


def _seconds(held: InHand) -> int:
    """How long the caller waited."""
    return int(((held.call.answered_at or held.call.began_at) - held.call.began_at).total_seconds())
