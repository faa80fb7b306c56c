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
from bekhedmetkom.identity import limits
from bekhedmetkom.identity.limits import ProofNeeded
from bekhedmetkom.interfaces.address import address_of
from bekhedmetkom.interfaces.audience import audience
from bekhedmetkom.interfaces.look.uploads import ids_in, taken_in
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.dates import say_date, say_moment
from bekhedmetkom.kernel.errors import Refused
from bekhedmetkom.kernel.references import show_access_code
from bekhedmetkom.kernel.words import Words

from .. import cookies
from . import sending, views
from .answers import Answers

_NOT_SENT = Words("لم يُرسل", "Not sent")
_UNREAD = Words("لم نفهم ما أرسله هذا الجهاز.", "We did not understand what this device sent.")


@audience("public")
@csrf_exempt  # JSON alone, which no other site's page can make a browser send here; and no session stands behind it
@require_POST
@cache_control(private=True, no_store=True)
def send(request: HttpRequest) -> JsonResponse:
    """Take in what waited on a device. The same key again gives the same answer, from whatever network it comes."""
    if request.content_type != "application/json":
        return _refused([_UNREAD.in_(_language())], status=415)
    sent = _read(request)
    if sent is None:
        return _refused([_UNREAD.in_(_language())], status=400)
    answers, key, proof = sent
    at = clock.now()
    if views.is_stopped(answers):
        return _gate(answers)
    if step := views.unanswered(answers):
        form = step.form(answers)
        form.is_valid()
        return _refused([str(sentence) for sentences in form.errors.values() for sentence in sentences])
    try:
        limits.admit(address=address_of(request), key=key, at=at, proof=proof)
        case = sending.send(answers, key, at)
    except ProofNeeded as needed:
        response = _refused(
            [needed.words.in_(_language())],
            sort="work",
            status=429,
            challenge=needed.challenge,
            bits=needed.bits,
        )
        response["Retry-After"] = str(needed.wait)
        return response
    except UseConfidentialChannel:
        return _gate(answers)
    except StillUnderWay as under_way:
        return _refused([under_way.words.in_(_language())], status=409)
    except KeyReused as reused:
        return _refused([reused.words.in_(_language())], sort="reused")
    except Refused as refused:
        return _refused([refused.words.in_(_language())])
    response = JsonResponse(_taken(case), status=201)
    cookies.remember_received(response, case.reference, case.access_code, at)
    return response


@audience("public")
@csrf_exempt  # the device's own menu has no form of ours; a page is opened, and no case is kept
@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_cache=True)
def shared(request: HttpRequest) -> HttpResponse:
    """What somebody shared with the app, such as a photo of the gallery, begins a case."""
    if request.method != "POST":
        return redirect("portal:new")
    ids, refused = taken_in(request, clock.now())
    words = QueryDict(mutable=True)
    words["text"] = "\n".join(filter(None, (request.POST.get(name, "") for name in ("title", "text", "url"))))
    words["uploads"] = ids
    return views.begin(request, Answers.sent(words), refused)


def _read(request: HttpRequest) -> tuple[Answers, str, str] | None:
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
    return views.with_kind(Answers.sent(words)), key, proof


def _taken(case: Submitted) -> dict[str, str]:
    """What the person keeps, in words: no script makes dates of its own."""
    return {
        "reference": case.reference,
        "code": show_access_code(case.access_code),
        "due": _by(case),
        "received": say_moment(case.received_at, _language()),
    }


def _by(case: Submitted) -> str:
    return say_moment(case.due_at, _language()) if case.urgent else say_date(case.due_at, _language())


def _gate(answers: Answers) -> JsonResponse:
    """The safer way, as on the pages: nothing was kept here, its files neither."""
    discard(ids_in(answers.uploads))
    box = f"{settings.BOX_URL}/{'' if _language() == 'ar' else f'{_language()}/'}"
    return _refused([UseConfidentialChannel.words.in_(_language())], sort="gate", box=box)


def _refused(said: list[str], *, sort: str = "refused", status: int = 422, **more: str | int) -> JsonResponse:
    """A problem as the API words it (RFC 9457), with what our script does with it."""
    problem = {"status": status, "title": _NOT_SENT.in_(_language()), "detail": " ".join(said), "sort": sort}
    return JsonResponse(
        problem | {"said": said} | more, status=status, content_type="application/problem+json"
    )


def _language() -> str:
    return get_language() or "ar"
