"""Where much comes from one network at once: work that the page's script does by itself, or a one-time code.

Nothing of it is kept here: what was typed travels in the page as ever, and so does for whom a code was asked.
"""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext

from bekhedmetkom.identity import rate_limit
from bekhedmetkom.identity.commands.one_time_codes import TooManyCodes
from bekhedmetkom.identity.rate_limit import ProofOfWorkRequired
from bekhedmetkom.interfaces.request_headers import get_client_address
from bekhedmetkom.messages.commands import CodePurpose

from .. import one_time_codes
from ..cookies import PendingCode
from ..one_time_codes import ContactAddressForm, OneTimeCodeForm
from . import frames
from .answers import Answers, get_hidden_fields

FIELD_PREFIX = "reach"  # before the names of these fields: `address` is the case's own


def count_submission(request: HttpRequest, key: str, at: datetime) -> None:
    """Count this sending; raises `ProofNeeded`."""
    proof, right = request.POST.get("proof", ""), _is_code_valid(request, at)
    rate_limit.count_submission(
        address=get_client_address(request), key=key, at=at, proof=proof, proven=right
    )


def render_challenge_page(
    request: HttpRequest, answers: Answers, key: str, needed: ProofOfWorkRequired, at: datetime
) -> HttpResponse:
    """The page that asks for one of the two. Whoever waits and sends again comes through as well."""
    go, sent = request.POST.get("go"), None
    reach = ContactAddressForm(
        prefix=FIELD_PREFIX, initial={"address": request.POST.get(f"{FIELD_PREFIX}-address", "")}
    )
    typed = go != "another" and f"{FIELD_PREFIX}-code" in request.POST
    code = OneTimeCodeForm(request.POST if typed else None, prefix=FIELD_PREFIX)
    if typed:
        sent = _get_pending_code(request)
        if code.is_valid():
            code.add_error("code", gettext("ليس هذا الرمز، أو انتهى وقته. اطلب رمزًا جديدًا"))
    elif go == "code":
        reach = ContactAddressForm(request.POST, prefix=FIELD_PREFIX)
        sent = _send_code(reach, at)
    context: dict[str, Any] = {
        **frames.build_frame_context(request),
        "carried": get_hidden_fields(answers, {}) | {"key": key, "step": "check"},
        "needed": needed, "reach": reach, "code": code, "form": code if sent else reach, "sent": sent,
        "sent_to": one_time_codes.mask_contact(sent.contact) if sent else "", "works": not sent and not reach.is_bound,
    }  # fmt: skip
    response = render(request, "portal/new_case/challenge.html", context, status=429)
    response["Retry-After"] = str(needed.wait_seconds)
    response["Cache-Control"] = "no-store"
    return response


def _send_code(reach: ContactAddressForm, at: datetime) -> PendingCode | None:
    """A code on its way, or `None` and what is wrong with the address."""
    if not reach.is_valid():
        return None
    try:
        return one_time_codes.send_code(reach.cleaned_data["address"], CodePurpose.CHALLENGE, at)
    except TooManyCodes as too_soon:
        reach.add_error("address", too_soon.message.in_language(get_language() or "ar"))
        return None


def _get_pending_code(request: HttpRequest) -> PendingCode | None:
    """For whom the code was asked that comes back with this page."""
    reach = ContactAddressForm(request.POST, prefix=FIELD_PREFIX)
    asker = request.POST.get(f"{FIELD_PREFIX}-asker", "")
    return PendingCode(reach.cleaned_data["address"], asker) if reach.is_valid() and asker else None


def _is_code_valid(request: HttpRequest, at: datetime) -> bool:
    if f"{FIELD_PREFIX}-code" not in request.POST:
        return False
    asked, code = _get_pending_code(request), OneTimeCodeForm(request.POST, prefix=FIELD_PREFIX)
    if asked is None or not code.is_valid():
        return False
    return one_time_codes.verify_code(asked, CodePurpose.CHALLENGE, code.cleaned_data["code"], at)
