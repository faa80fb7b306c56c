"""Submission of cases written offline, and content that a device shares with the app.

The device sends the same answers as the last page, with its own idempotency key; the response is JSON for the script.
"""

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from bekhedmetkom.attachments.commands import discard_uploads
from bekhedmetkom.cases.commands import (
    IdempotencyKeyReused,
    SubmissionInProgress,
    SubmissionResult,
    UseConfidentialChannel,
)
from bekhedmetkom.identity import rate_limit
from bekhedmetkom.identity.rate_limit import ProofOfWorkRequired
from bekhedmetkom.interfaces.access_control import audience
from bekhedmetkom.interfaces.request_headers import get_client_address
from bekhedmetkom.interfaces.ui.uploads import parse_upload_ids, receive_uploads
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.errors import Refusal
from bekhedmetkom.kernel.formatting import format_date, format_datetime
from bekhedmetkom.kernel.references import format_access_code
from bekhedmetkom.kernel.text import BilingualText

from .. import cookies
from . import submission, views
from .answers import Answers

_NOT_SENT = BilingualText("لم يُرسل", "Not sent")
_NOT_UNDERSTOOD = BilingualText(
    "لم نفهم ما أرسله هذا الجهاز.", "We did not understand what this device sent."
)


@audience("public")
@csrf_exempt  # only JSON, which another site cannot send; and there is no session
@require_POST
@cache_control(private=True, no_store=True)
def submit_offline_case(request: HttpRequest) -> JsonResponse:
    """Submit a case from the device's outbox. The same key returns the same result from any network."""
    if request.content_type != "application/json":
        return _build_problem([_NOT_UNDERSTOOD.in_language(_get_language())], status=415)
    request_data = _parse_request(request)
    if request_data is None:
        return _build_problem([_NOT_UNDERSTOOD.in_language(_get_language())], status=400)
    answers, key, proof = request_data
    at = clock.now()
    if views.is_gated(answers):
        return _build_gate_response(answers)
    if step := views.find_unanswered_step(answers):
        form = step.form(answers)
        form.is_valid()
        return _build_problem([str(sentence) for sentences in form.errors.values() for sentence in sentences])
    try:
        rate_limit.count_submission(address=get_client_address(request), key=key, at=at, proof=proof)
        case = submission.submit_case(answers, key, at)
    except ProofOfWorkRequired as needed:
        response = _build_problem(
            [needed.message.in_language(_get_language())],
            sort="work",
            status=429,
            challenge=needed.challenge,
            bits=needed.bits,
        )
        response["Retry-After"] = str(needed.wait_seconds)
        return response
    except UseConfidentialChannel:
        return _build_gate_response(answers)
    except SubmissionInProgress as under_way:
        return _build_problem([under_way.message.in_language(_get_language())], status=409)
    except IdempotencyKeyReused as reused:
        return _build_problem([reused.message.in_language(_get_language())], sort="reused")
    except Refusal as refused:
        return _build_problem([refused.message.in_language(_get_language())])
    response = JsonResponse(_build_receipt(case), status=201)
    cookies.set_received_case(response, case.reference, case.access_code, at)
    return response


@audience("public")
@csrf_exempt  # the device's share menu has no form of ours; nothing is submitted
@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_cache=True)
def receive_shared_content(request: HttpRequest) -> HttpResponse:
    """Start a case from content shared with the app, such as a photo."""
    if request.method != "POST":
        return redirect("portal:new")
    upload_ids, refusals = receive_uploads(request, clock.now())
    fields = QueryDict(mutable=True)
    fields["text"] = "\n".join(
        filter(None, (request.POST.get(name, "") for name in ("title", "text", "url")))
    )
    fields["uploads"] = upload_ids
    return views.start_case(request, Answers.from_post(fields), refusals)


def _parse_request(request: HttpRequest) -> tuple[Answers, str, str] | None:
    """Return answers, key and proof of work; `None` for a malformed request."""
    try:
        data: Any = json.loads(request.body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict) or not isinstance(data.get("answers"), dict):
        return None
    fields = QueryDict(mutable=True)
    for name, value in data["answers"].items():
        if isinstance(value, str):
            fields[name] = value
    key, proof = (value if isinstance(value := data.get(name), str) else "" for name in ("key", "proof"))
    return views.fill_in_kind(Answers.from_post(fields)), key, proof


def _build_receipt(case: SubmissionResult) -> dict[str, str]:
    """Return the receipt with formatted dates: the script formats none."""
    return {
        "reference": case.reference,
        "code": format_access_code(case.access_code),
        "due": _format_deadline(case),
        "received": format_datetime(case.received_at, _get_language()),
    }


def _format_deadline(case: SubmissionResult) -> str:
    return (
        format_datetime(case.due_at, _get_language())
        if case.urgent
        else format_date(case.due_at, _get_language())
    )


def _build_gate_response(answers: Answers) -> JsonResponse:
    """Delete the uploads and return the pointer to the confidential report."""
    discard_uploads(parse_upload_ids(answers.uploads))
    box = f"{settings.BOX_URL}/{'' if _get_language() == 'ar' else f'{_get_language()}/'}"
    return _build_problem([UseConfidentialChannel.message.in_language(_get_language())], sort="gate", box=box)


def _build_problem(
    sentences: list[str], *, sort: str = "refused", status: int = 422, **extra: str | int
) -> JsonResponse:
    """Return a problem as RFC 9457; `sort` tells the script how to proceed."""
    problem = {
        "status": status,
        "title": _NOT_SENT.in_language(_get_language()),
        "detail": " ".join(sentences),
        "sort": sort,
    }
    return JsonResponse(
        problem | {"said": sentences} | extra, status=status, content_type="application/problem+json"
    )


def _get_language() -> str:
    return get_language() or "ar"
