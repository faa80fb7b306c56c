"""Where much comes from one network at once: work that the page's script does by itself, or a one-time code.

Nothing of it is kept here: what was typed travels in the page as ever, and so does for whom a code was asked.
"""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext

from bekhedmetkom.identity import limits
from bekhedmetkom.identity.commands.one_time import TooSoon
from bekhedmetkom.identity.limits import ProofNeeded
from bekhedmetkom.interfaces.address import address_of
from bekhedmetkom.messages.commands import CodePurpose

from .. import codes
from ..codes import AddressForm, CodeForm
from ..cookies import Asked
from . import frames
from .answers import Answers, carried

REACH = "reach"  # before the names of these fields: `address` is the case's own


def admit(request: HttpRequest, key: str, at: datetime) -> None:
    """Count this sending; raises `ProofNeeded`."""
    proof, right = request.POST.get("proof", ""), _code_is_right(request, at)
    limits.admit(address=address_of(request), key=key, at=at, proof=proof, proven=right)


def page(request: HttpRequest, answers: Answers, key: str, needed: ProofNeeded, at: datetime) -> HttpResponse:
    """The page that asks for one of the two. Whoever waits and sends again comes through as well."""
    go, sent = request.POST.get("go"), None
    reach = AddressForm(prefix=REACH, initial={"address": request.POST.get(f"{REACH}-address", "")})
    typed = go != "another" and f"{REACH}-code" in request.POST
    code = CodeForm(request.POST if typed else None, prefix=REACH)
    if typed:
        sent = _asked(request)
        if code.is_valid():
            code.add_error("code", gettext("ليس هذا الرمز، أو انتهى وقته. اطلب رمزًا جديدًا"))
    elif go == "code":
        reach = AddressForm(request.POST, prefix=REACH)
        sent = _sent(reach, at)
    context: dict[str, Any] = {
        **frames.around(request),
        "carried": carried(answers, {}) | {"key": key, "step": "check"},
        "needed": needed, "reach": reach, "code": code, "form": code if sent else reach, "sent": sent,
        "sent_to": codes.masked(sent.known) if sent else "", "works": not sent and not reach.is_bound,
    }  # fmt: skip
    response = render(request, "portal/new/proof.html", context, status=429)
    response["Retry-After"] = str(needed.wait)
    response["Cache-Control"] = "no-store"
    return response


def _sent(reach: AddressForm, at: datetime) -> Asked | None:
    """A code on its way, or `None` and what is wrong with the address."""
    if not reach.is_valid():
        return None
    try:
        return codes.send(reach.cleaned_data["address"], CodePurpose.CHALLENGE, at)
    except TooSoon as too_soon:
        reach.add_error("address", too_soon.words.in_(get_language() or "ar"))
        return None


def _asked(request: HttpRequest) -> Asked | None:
    """For whom the code was asked that comes back with this page."""
    reach = AddressForm(request.POST, prefix=REACH)
    asker = request.POST.get(f"{REACH}-asker", "")
    return Asked(reach.cleaned_data["address"], asker) if reach.is_valid() and asker else None


def _code_is_right(request: HttpRequest, at: datetime) -> bool:
    if f"{REACH}-code" not in request.POST:
        return False
    asked, code = _asked(request), CodeForm(request.POST, prefix=REACH)
    if asked is None or not code.is_valid():
        return False
    return codes.proves(asked, CodePurpose.CHALLENGE, code.cleaned_data["code"], at)
