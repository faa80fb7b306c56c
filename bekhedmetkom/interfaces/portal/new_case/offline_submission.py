"""The last step for what was written on a device without a network, and the first for what it shares with us.

The device sends the answers that the pages would have sent, with the key that it drew for them; so all is as if it
had come from the last page, but for the answer, which a script reads.
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

from bekhedmetkom.attachments.commands import discard
from bekhedmetkom.cases.commands import KeyReused, StillUnderWay, Submitted, UseConfidentialChannel
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
@csrf_exempt  # JSON alone, which no other site's page can make a browser send here; and no session stands behind it
@require_POST
@cache_control(private=True, no_store=True)
def submit_offline_case(request: HttpRequest) -> JsonResponse:
    """Take in what waited on a device. The same key again gives the same answer, from whatever network it comes."""
    if request.content_type != "application/json":
        return _build_problem([_NOT_UNDERSTOOD.in_language(_get_language())], status=415)
    sent = _parse_request(request)
    if sent is None:
        return _build_problem([_NOT_UNDERSTOOD.in_language(_get_language())], status=400)
    answers, key, proof = sent
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
    except StillUnderWay as under_way:
        return _build_problem([under_way.message.in_language(_get_language())], status=409)
    except KeyReused as reused:
        return _build_problem([reused.message.in_language(_get_language())], sort="reused")
    except Refusal as refused:
        return _build_problem([refused.message.in_language(_get_language())])
    response = JsonResponse(_build_receipt(case), status=201)
    cookies.set_received_case(response, case.reference, case.access_code, at)
    return response


@audience("public")
@csrf_exempt  # the device's own menu has no form of ours; a page is opened, and no case is kept
@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_cache=True)
def receive_shared_content(request: HttpRequest) -> HttpResponse:
    """What somebody shared with the app, such as a photo of the gallery, begins a case."""
    if request.method != "POST":
        return redirect("portal:new")
    ids, refused = receive_uploads(request, clock.now())
    words = QueryDict(mutable=True)
    words["text"] = "\n".join(filter(None, (request.POST.get(name, "") for name in ("title", "text", "url"))))
    words["uploads"] = ids
    return views.start_case(request, Answers.from_post(words), refused)


def _parse_request(request: HttpRequest) -> tuple[Answers, str, str] | None:
    """The answers, their key and the solved challenge; `None` where it is not what our script writes."""
    try:
        sent: Any = json.loads(request.body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(sent, dict) or not isinstance(sent.get("answers"), dict):
        return None
    words = QueryDict(mutable=True)
    for name, value in sent["answers"].items():
        if isinstance(value, str):
            words[name] = value
    key, proof = (value if isinstance(value := sent.get(name), str) else "" for name in ("key", "proof"))
    return views.fill_in_kind(Answers.from_post(words)), key, proof


def _build_receipt(case: Submitted) -> dict[str, str]:
    """What the person keeps, in words: no script makes dates of its own."""
    return {
        "reference": case.reference,
        "code": format_access_code(case.access_code),
        "due": _format_deadline(case),
        "received": format_datetime(case.received_at, _get_language()),
    }


def _format_deadline(case: Submitted) -> str:
    return (
        format_datetime(case.due_at, _get_language())
        if case.urgent
        else format_date(case.due_at, _get_language())
    )


def _build_gate_response(answers: Answers) -> JsonResponse:
    """The safer way, as on the pages: nothing was kept here, its files neither."""
    discard(parse_upload_ids(answers.uploads))
    box = f"{settings.BOX_URL}/{'' if _get_language() == 'ar' else f'{_get_language()}/'}"
    return _build_problem([UseConfidentialChannel.message.in_language(_get_language())], sort="gate", box=box)


def _build_problem(
    said: list[str], *, sort: str = "refused", status: int = 422, **more: str | int
) -> JsonResponse:
    """A problem as the API words it (RFC 9457), with what our script does with it."""
    problem = {
        "status": status,
        "title": _NOT_SENT.in_language(_get_language()),
        "detail": " ".join(said),
        "sort": sort,
    }
    return JsonResponse(
        problem | {"said": said} | more, status=status, content_type="application/problem+json"
    )


def _get_language() -> str:
    return get_language() or "ar"
