"""The pages on which a case is written. Every answer comes back with each page; nothing is kept before it is sent."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from bekhedmetkom.attachments.commands import discard
from bekhedmetkom.cases.commands import StillUnderWay, UseConfidentialChannel
from bekhedmetkom.cases.commands.wording import cleaned
from bekhedmetkom.cases.queries import for_citizen
from bekhedmetkom.catalogue.queries import services_of
from bekhedmetkom.catalogue.rules import Handling, Kind
from bekhedmetkom.identity.limits import ProofNeeded
from bekhedmetkom.interfaces.audience import audience
from bekhedmetkom.interfaces.look.uploads import DROP, ids_in, taken_in
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.errors import Refused
from bekhedmetkom.language.danger import danger_to_life
from bekhedmetkom.language.gate import speaks_of_corruption
from bekhedmetkom.language.kinds import guess_kind

from .. import cookies
from ..kinds import offers
from ..published import fitting
from . import destinations, frames, proof, sending
from .answers import BY_US, NO_TOPIC, Answers, carried
from .forms import UNSURE, DescribeForm
from .frames import frame_of
from .steps import CHECK, STEPS, Step, before, first_open, progress

LONGEST_SEARCH = 100

# Not no-store: the browser's back button shows each page as it was.
_kept_by_the_browser = cache_control(private=True, no_cache=True)


@audience("public")
@require_http_methods(["GET", "HEAD", "POST"])
@_kept_by_the_browser
def new(request: HttpRequest) -> HttpResponse:
    """One question a page. `step` says which page was sent, `go` which button: none of them means continue."""
    return _answered(request)


@audience("public")
@csrf_exempt  # nothing rests on a session here, and inside another's page the browser keeps no cookie of ours
@require_http_methods(["GET", "HEAD", "POST"])
def framed(request: HttpRequest) -> HttpResponse:
    """The same inside another's page, or on the screen of a service hall. `entity` stays in the address."""
    return frames.framed(request, _answered(request))


def _answered(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _next(request, Answers.linked(request.GET))
    answers = with_kind(Answers.sent(request.POST))
    step, go = request.POST.get("step", ""), request.POST.get("go", "")
    if answers.fear == "yes" and go != "back":
        if frame_of(request).keeps:
            return redirect("portal:confidential")
        return _gate(request, replace(answers, fear=""), step)
    if is_stopped(answers):
        return _gate(request, answers, step)
    if step == "describe":
        ids, refused = taken_in(request, clock.now())
        answers = replace(answers, uploads=ids)
        if refused or DROP in request.POST:
            return _show(request, STEPS[step], answers, checked=bool(refused), refused=refused)
    match go:
        case "send" | "code" | "another":
            return _send(request, answers)
        case "back":
            return _show(request, before(step, answers), answers)
        case "stay" | "find" if step in STEPS:
            return _show(request, STEPS[step], answers)
        case "" if step == "destination" and request.POST.get("find", "") != request.POST.get("found", ""):
            return _show(request, STEPS[step], answers)  # Enter was pressed in the search field
        case change if change in STEPS:
            return _show(request, STEPS[change], answers)
        case _ if step in STEPS and not STEPS[step].form(answers).is_valid():
            return _show(request, STEPS[step], answers, checked=True)
        case _:
            return _next(request, answers)


@audience("public")
@require_safe
@cache_control(private=True, no_store=True)
def received(request: HttpRequest) -> HttpResponse:
    """Reference, access code, promised date. Reloading shows the same for an hour; the code is never in an address."""
    at = clock.now()
    if not (sent := cookies.just_received(request, at)):
        return redirect("portal:track")
    return _received(request, *sent, at)


def _received(request: HttpRequest, reference: str, code: str, at: datetime) -> HttpResponse:
    case = for_citizen(reference, code, at)
    if case is None:
        return redirect("portal:track")
    care = case.standing.care is not Handling.OPEN
    context = {**frames.around(request), "case": case, "code": code, "care": care}
    return render(request, "portal/new/received.html", context)


def begin(request: HttpRequest, answers: Answers, refused: Sequence[str]) -> HttpResponse:
    """The first page for somebody who comes with a text or files; `refused` says which files cannot come along."""
    if is_stopped(answers):
        return _gate(request, answers, "kind")
    if refused:
        return _show(request, STEPS["describe"], answers, checked=True, refused=refused)
    return _next(request, answers)


def unanswered(answers: Answers) -> Step | None:
    """What must be asked before it can be sent."""
    step = first_open(answers)
    return None if step and step.name == "describe" and answers.uploads else step  # a sent recording is gone


def _next(request: HttpRequest, answers: Answers) -> HttpResponse:
    step = first_open(answers)
    return _show(request, step, answers) if step else _check(request, answers)


def _show(
    request: HttpRequest,
    step: Step | None,
    answers: Answers,
    *,
    checked: bool = False,
    refused: Sequence[str] = (),
) -> HttpResponse:
    """One question, with what was typed; `checked` also says what is wrong with it."""
    step = step or STEPS["kind"]
    form = step.form(answers, checked=checked)
    for sentence in refused:
        form.add_error("uploads", sentence)
    context = {
        "form": form,
        **_around(request, step.name, answers, form.fields),
        **_of_step(request, step, answers),
    }
    return render(request, f"portal/new/{step.name}.html", context)


def _of_step(request: HttpRequest, step: Step, answers: Answers) -> dict[str, Any]:
    """What one page shows beside its form."""
    match step.name:
        case "kind":
            return {"kinds": offers(clock.now()), "unsure": UNSURE}
        case "destination":
            query = cleaned(request.POST.get("find", "")[:LONGEST_SEARCH])
            results = destinations.found(query) if query else []
            mine = destinations.chosen(answers)
            options = [*results, mine] if query else [mine, *destinations.suggested(answers)]
            return {
                "query": query,
                "searched": bool(query),
                "options": destinations.distinct(options),
                "by_us": BY_US,
                "published": [] if query or answers.kind == Kind.VIOLATION else fitting(answers.text),
            }
        case "topic" if body := answers.entity:
            today = clock.local_day(clock.now())
            topics = [topic for topic in services_of(body.id) if topic.is_open(today)]
            return {"body": body, "topics": topics, "no_topic": f"{body.code}/{NO_TOPIC}"}
        case _:
            return {}


def _check(
    request: HttpRequest, answers: Answers, *, key: str = "", refused: Refused | None = None
) -> HttpResponse:
    """All answers on one page, with the promised date; the key in its form makes sending it twice harmless."""
    context = {
        **_around(request, CHECK, answers, {}),
        **sending.foreseen(answers, clock.now()),
        "key": key or secrets.token_urlsafe(24),
        "refused": refused.words.in_(get_language() or "ar") if refused else "",
    }
    return render(request, "portal/new/check.html", context)


def _send(request: HttpRequest, answers: Answers) -> HttpResponse:
    if unanswered(answers):
        return _next(request, answers)
    key, at = request.POST.get("key", ""), clock.now()
    try:
        proof.admit(request, key, at)
        sent = sending.send(answers, key, at, frame_of(request).name)
    except ProofNeeded as needed:
        return proof.page(request, answers, key, needed, at)
    except UseConfidentialChannel:
        return _gate(request, answers, CHECK)
    except StillUnderWay as under_way:  # the same key: what is under way is this very case
        return _check(request, answers, key=key, refused=under_way)
    except Refused as refused:
        there = replace(answers, uploads=" ".join(str(file.id) for file in answers.files))
        return _check(request, there, refused=refused)
    if not frame_of(request).keeps:  # said at once; sent again with the same key, the same is said
        return _received(request, sent.reference, sent.access_code, at)
    response = redirect("portal:received")
    cookies.remember_received(response, sent.reference, sent.access_code, at)
    return response


def _gate(request: HttpRequest, answers: Answers, step: str) -> HttpResponse:
    """The safer way, before anything is kept. What was typed is in this page alone, and no cache may hold it."""
    discard(ids_in(answers.uploads))
    answers = replace(answers, uploads="")
    response = render(
        request,
        "portal/new/gate.html",
        {**frames.around(request), "carried": carried(answers, {}), "step": step},
    )
    response["Cache-Control"] = "no-store"
    return response


def is_stopped(answers: Answers) -> bool:
    """Whether the gate stands before these words, or before the topic that was chosen for them."""
    if answers.gate == "declined":
        return False
    typed_freely = (answers.text, answers.address, answers.about_employee, answers.about_unit)
    sealed = answers.topic is not None and answers.topic.handling is Handling.SEALED
    return sealed or any(speaks_of_corruption(typed) for typed in typed_freely if typed)


def with_kind(answers: Answers) -> Answers:
    """Whoever was not sure of the kind gets our guess once there is a text; it can be changed on the last page."""
    if answers.kind != UNSURE or not DescribeForm(answers).is_valid():
        return answers
    guesses = guess_kind(answers.text)
    return replace(answers, kind=str(guesses[0][0] if guesses else Kind.COMPLAINT))


def _around(request: HttpRequest, name: str, answers: Answers, asked: Any) -> dict[str, Any]:
    """What stands on every page of the way."""
    done, total = progress(name, answers)
    return {
        **frames.around(request),
        "step": name,
        "answers": answers,
        "carried": carried(answers, asked),
        "done": done,
        "total": total,
        "bar": [place < done for place in range(total)],
        "danger": bool(answers.text) and danger_to_life(answers.text) is not None,
    }
