"""The pages of a new case. Every page posts all answers; nothing is stored before submission."""

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

from bekhedmetkom.attachments.commands import discard_uploads
from bekhedmetkom.cases.commands import SubmissionInProgress, UseConfidentialChannel
from bekhedmetkom.cases.commands.text_validation import clean_text
from bekhedmetkom.cases.queries import find_case_for_citizen
from bekhedmetkom.catalogue.queries import list_services_of
from bekhedmetkom.catalogue.rules import Handling, Kind
from bekhedmetkom.identity.rate_limit import ProofOfWorkRequired
from bekhedmetkom.interfaces.access_control import audience
from bekhedmetkom.interfaces.ui.uploads import REMOVED_FILES_FIELD, parse_upload_ids, receive_uploads
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.errors import Refusal
from bekhedmetkom.language.corruption import detect_corruption
from bekhedmetkom.language.danger import detect_danger
from bekhedmetkom.language.kind_classifier import rank_kinds

from .. import cookies
from ..case_kinds import list_promised_kinds
from ..information.published_answers import find_similar_answers
from . import challenge, destinations, frames, submission
from .answers import AUTO_ROUTE, NO_TOPIC, Answers, get_hidden_fields
from .forms import UNSURE, DescribeForm
from .frames import get_frame
from .steps import CHECK, STEPS, Step, find_first_open_step, get_previous_step, get_progress

MAX_SEARCH_LENGTH = 100

# Without no-store the back button shows each page as it was.
_allow_back_button = cache_control(private=True, no_cache=True)


@audience("public")
@require_http_methods(["GET", "HEAD", "POST"])
@_allow_back_button
def write_case(request: HttpRequest) -> HttpResponse:
    """Handle a step. `step` names the posted page and `go` the button; an empty `go` means continue."""
    return _handle_step(request)


@audience("public")
@csrf_exempt  # nothing depends on a session, and browsers keep no cookie of ours inside another site
@require_http_methods(["GET", "HEAD", "POST"])
def write_framed_case(request: HttpRequest) -> HttpResponse:
    """Handle a step in an embedding site or on a kiosk. `entity` stays in the URL."""
    return frames.apply_frame_headers(request, _handle_step(request))


def _handle_step(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _render_next_step(request, Answers.from_link(request.GET))
    answers = fill_in_kind(Answers.from_post(request.POST))
    step, go = request.POST.get("step", ""), request.POST.get("go", "")
    if answers.fear == "yes" and go != "back":
        if get_frame(request).keeps_state:
            return redirect("portal:confidential")
        return _render_gate(request, replace(answers, fear=""), step)
    if is_gated(answers):
        return _render_gate(request, answers, step)
    if step == "describe":
        upload_ids, refused = receive_uploads(request, clock.now())
        answers = replace(answers, uploads=upload_ids)
        if refused or REMOVED_FILES_FIELD in request.POST:
            return _render_step(request, STEPS[step], answers, checked=bool(refused), refused=refused)
    match go:
        case "send" | "code" | "another":
            return _submit_case(request, answers)
        case "back":
            return _render_step(request, get_previous_step(step, answers), answers)
        case "stay" | "find" if step in STEPS:
            return _render_step(request, STEPS[step], answers)
        case "" if step == "destination" and request.POST.get("find", "") != request.POST.get("found", ""):
            return _render_step(request, STEPS[step], answers)  # Enter was pressed in the search field
        case change if change in STEPS:
            return _render_step(request, STEPS[change], answers)
        case _ if step in STEPS and not STEPS[step].form(answers).is_valid():
            return _render_step(request, STEPS[step], answers, checked=True)
        case _:
            return _render_next_step(request, answers)


@audience("public")
@require_safe
@cache_control(private=True, no_store=True)
def show_received_case(request: HttpRequest) -> HttpResponse:
    """Show reference, access code and deadline. Reloading works for an hour; the code is never in a URL."""
    at = clock.now()
    if not (received := cookies.get_received_case(request, at)):
        return redirect("portal:track")
    return _render_received_case(request, *received, at)


def _render_received_case(request: HttpRequest, reference: str, code: str, at: datetime) -> HttpResponse:
    case = find_case_for_citizen(reference, code, at)
    if case is None:
        return redirect("portal:track")
    is_confidential = case.standing.care is not Handling.OPEN
    context = {**frames.build_frame_context(request), "case": case, "code": code, "care": is_confidential}
    return render(request, "portal/new_case/received.html", context)


def start_case(request: HttpRequest, answers: Answers, refused: Sequence[str]) -> HttpResponse:
    """Render the first page for a text or files from elsewhere; `refused` lists files that were refused."""
    if is_gated(answers):
        return _render_gate(request, answers, "kind")
    if refused:
        return _render_step(request, STEPS["describe"], answers, checked=True, refused=refused)
    return _render_next_step(request, answers)


def find_unanswered_step(answers: Answers) -> Step | None:
    """Return the step that must be answered before submission, or `None`."""
    step = find_first_open_step(answers)
    # A submitted recording no longer exists.
    return None if step and step.name == "describe" and answers.uploads else step


def _render_next_step(request: HttpRequest, answers: Answers) -> HttpResponse:
    step = find_first_open_step(answers)
    return _render_step(request, step, answers) if step else _render_check(request, answers)


def _render_step(
    request: HttpRequest,
    step: Step | None,
    answers: Answers,
    *,
    checked: bool = False,
    refused: Sequence[str] = (),
) -> HttpResponse:
    """Render a step with its answers; `checked` also shows errors."""
    step = step or STEPS["kind"]
    form = step.form(answers, checked=checked)
    for sentence in refused:
        form.add_error("uploads", sentence)
    context = {
        "form": form,
        **_build_page_context(request, step.name, answers, form.fields),
        **_build_step_context(request, step, answers),
    }
    return render(request, f"portal/new_case/{step.name}.html", context)


def _build_step_context(request: HttpRequest, step: Step, answers: Answers) -> dict[str, Any]:
    """Return the context of one step beside its form."""
    match step.name:
        case "kind":
            return {"kinds": list_promised_kinds(clock.now()), "unsure": UNSURE}
        case "destination":
            query = clean_text(request.POST.get("find", "")[:MAX_SEARCH_LENGTH])
            results = destinations.search_destinations(query) if query else []
            chosen = destinations.get_chosen_destination(answers)
            options = (
                [*results, chosen] if query else [chosen, *destinations.list_suggested_destinations(answers)]
            )
            return {
                "query": query,
                "searched": bool(query),
                "options": destinations.remove_duplicates(options),
                "by_us": AUTO_ROUTE,
                "published": []
                if query or answers.kind == Kind.VIOLATION
                else find_similar_answers(answers.text),
            }
        case "topic" if body := answers.entity:
            today = clock.get_local_date(clock.now())
            topics = [topic for topic in list_services_of(body.id) if topic.is_open(today)]
            return {"body": body, "topics": topics, "no_topic": f"{body.code}/{NO_TOPIC}"}
        case _:
            return {}


def _render_check(
    request: HttpRequest, answers: Answers, *, key: str = "", refused: Refusal | None = None
) -> HttpResponse:
    """Render the check page; its key makes a repeated submission harmless."""
    context = {
        **_build_page_context(request, CHECK, answers, {}),
        **submission.preview_case(answers, clock.now()),
        "key": key or secrets.token_urlsafe(24),
        "refused": refused.message.in_language(get_language() or "ar") if refused else "",
    }
    return render(request, "portal/new_case/check.html", context)


def _submit_case(request: HttpRequest, answers: Answers) -> HttpResponse:
    if find_unanswered_step(answers):
        return _render_next_step(request, answers)
    key, at = request.POST.get("key", ""), clock.now()
    try:
        challenge.count_submission(request, key, at)
        case = submission.submit_case(answers, key, at, get_frame(request).channel)
    except ProofOfWorkRequired as needed:
        return challenge.render_challenge_page(request, answers, key, needed, at)
    except UseConfidentialChannel:
        return _render_gate(request, answers, CHECK)
    except SubmissionInProgress as under_way:  # the same key: it is this case that is being submitted
        return _render_check(request, answers, key=key, refused=under_way)
    except Refusal as refused:
        remaining = replace(answers, uploads=" ".join(str(file.id) for file in answers.files))
        return _render_check(request, remaining, refused=refused)
    if not get_frame(request).keeps_state:  # the receipt is rendered directly; the same key renders it again
        return _render_received_case(request, case.reference, case.access_code, at)
    response = redirect("portal:received")
    cookies.set_received_case(response, case.reference, case.access_code, at)
    return response


def _render_gate(request: HttpRequest, answers: Answers, step: str) -> HttpResponse:
    """Point to the confidential report before anything is stored. The answers are in this page only."""
    discard_uploads(parse_upload_ids(answers.uploads))
    answers = replace(answers, uploads="")
    response = render(
        request,
        "portal/new_case/gate.html",
        {**frames.build_frame_context(request), "carried": get_hidden_fields(answers, {}), "step": step},
    )
    response["Cache-Control"] = "no-store"
    return response


def is_gated(answers: Answers) -> bool:
    """Return whether a text or the chosen topic belongs in the confidential report."""
    if answers.gate == "declined":
        return False
    free_texts = (answers.text, answers.address, answers.about_employee, answers.about_unit)
    sealed = answers.topic is not None and answers.topic.handling is Handling.SEALED
    return sealed or any(detect_corruption(text) for text in free_texts if text)


def fill_in_kind(answers: Answers) -> Answers:
    """Guess the kind from the text if the person was not sure; the check page lets them change it."""
    if answers.kind != UNSURE or not DescribeForm(answers).is_valid():
        return answers
    guesses = rank_kinds(answers.text)
    return replace(answers, kind=str(guesses[0][0] if guesses else Kind.COMPLAINT))


def _build_page_context(request: HttpRequest, name: str, answers: Answers, asked: Any) -> dict[str, Any]:
    """Return the context of every page."""
    done, total = get_progress(name, answers)
    return {
        **frames.build_frame_context(request),
        "step": name,
        "answers": answers,
        "carried": get_hidden_fields(answers, asked),
        "done": done,
        "total": total,
        "bar": [number < done for number in range(total)],
        "danger": bool(answers.text) and detect_danger(answers.text) is not None,
    }
