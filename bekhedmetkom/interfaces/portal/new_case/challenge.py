"""The challenge after many submissions from one network: a proof of work or a one-time code.

Nothing is stored: the answers and the contact for the code travel in the page.
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
from bekhedmetkom.notifications.commands import CodePurpose

from .. import one_time_codes
from ..cookies import PendingCode
from ..one_time_codes import ContactAddressForm, OneTimeCodeForm
from . import frames
from .answers import Answers, get_hidden_fields

FIELD_PREFIX = "reach"  # field prefix: `address` is a field of the case


def count_submission(request: HttpRequest, key: str, at: datetime) -> None:
    """Count the submission. Raises `ProofOfWorkRequired`."""
    proof, proven = request.POST.get("proof", ""), _is_code_valid(request, at)
    rate_limit.count_submission(
        address=get_client_address(request), key=key, at=at, proof=proof, proven=proven
    )


def render_challenge_page(
    request: HttpRequest, answers: Answers, key: str, needed: ProofOfWorkRequired, at: datetime
) -> HttpResponse:
    """Render the challenge page. Waiting and sending again also works."""
    go, sent = request.POST.get("go"), None
    contact_form = ContactAddressForm(
        prefix=FIELD_PREFIX, initial={"address": request.POST.get(f"{FIELD_PREFIX}-address", "")}
    )
    typed = go != "another" and f"{FIELD_PREFIX}-code" in request.POST
    code = OneTimeCodeForm(request.POST if typed else None, prefix=FIELD_PREFIX)
    if typed:
        sent = _get_pending_code(request)
        if code.is_valid():
            code.add_error("code", gettext("ليس هذا الرمز، أو انتهى وقته. اطلب رمزًا جديدًا"))
    elif go == "code":
        contact_form = ContactAddressForm(request.POST, prefix=FIELD_PREFIX)
        sent = _send_code(contact_form, at)
    context: dict[str, Any] = {
        **frames.build_frame_context(request),
        "carried": get_hidden_fields(answers, {}) | {"key": key, "step": "check"},
        "needed": needed,
        "reach": contact_form,
        "code": code,
        "form": code if sent else contact_form,
        "sent": sent,
        "sent_to": one_time_codes.mask_contact(sent.contact) if sent else "",
        "works": not sent and not contact_form.is_bound,
    }
    response = render(request, "portal/new_case/challenge.html", context, status=429)
    response["Retry-After"] = str(needed.wait_seconds)
    response["Cache-Control"] = "no-store"
    return response


def _send_code(contact_form: ContactAddressForm, at: datetime) -> PendingCode | None:
    """Send a code; return `None` and set the form's error if that fails."""
    if not contact_form.is_valid():
        return None
    try:
        return one_time_codes.send_code(contact_form.cleaned_data["address"], CodePurpose.CHALLENGE, at)
    except TooManyCodes as too_soon:
        contact_form.add_error("address", too_soon.message.in_language(get_language() or "ar"))
        return None


def _get_pending_code(request: HttpRequest) -> PendingCode | None:
    """Return the contact for which the posted page's code was sent, or `None`."""
    contact_form = ContactAddressForm(request.POST, prefix=FIELD_PREFIX)
    browser_token = request.POST.get(f"{FIELD_PREFIX}-asker", "")
    return (
        PendingCode(contact_form.cleaned_data["address"], browser_token)
        if contact_form.is_valid() and browser_token
        else None
    )


def _is_code_valid(request: HttpRequest, at: datetime) -> bool:
    if f"{FIELD_PREFIX}-code" not in request.POST:
        return False
    pending, code = _get_pending_code(request), OneTimeCodeForm(request.POST, prefix=FIELD_PREFIX)
    if pending is None or not code.is_valid():
        return False
    return one_time_codes.verify_code(pending, CodePurpose.CHALLENGE, code.cleaned_data["code"], at)
