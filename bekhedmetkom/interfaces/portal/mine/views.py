"""A code to the telephone or the e-mail address, then every case on which it is confirmed.

Every address gets a code, whether it is on a case or not: who has none learns it only after showing that it is theirs.
"""

from datetime import datetime

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from bekhedmetkom.cases.commands.wording import cleaned
from bekhedmetkom.cases.queries import MyCases, cases_of
from bekhedmetkom.cases.rules.contact import Known
from bekhedmetkom.identity import oidc
from bekhedmetkom.identity.commands.one_time import TooSoon
from bekhedmetkom.identity.limits import ProofNeeded
from bekhedmetkom.interfaces.audience import audience
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.errors import Invalid
from bekhedmetkom.messages.commands import CodePurpose

from .. import codes, cookies
from ..case.contact import NO_SUCH_CODE
from ..case.showing import looks_of
from ..case.views import no_store
from ..codes import AddressForm, CodeForm


@audience("public")
@require_http_methods(["GET", "HEAD", "POST"])
@no_store
def mine(request: HttpRequest) -> HttpResponse:
    """The list, where this browser has shown whose it is; else the way there."""
    at = clock.now()
    asked = cookies.asked(request, cookies.ASKED_BY_MINE, at)
    if request.method == "POST":
        if "code" in request.POST and asked:
            return _enter(request, asked, at)
        return _send(request, at)
    if known := cookies.mine(request, at):
        return _list(request, known, at)
    if asked and "sent" in request.GET:
        return _code_page(request, asked, CodeForm())
    return _address_page(request, AddressForm())


@audience("public")
@require_http_methods(["POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """Close everything that was opened here without its own code."""
    response = redirect("portal:mine")
    cookies.forget_mine(response)
    return response


def _send(request: HttpRequest, at: datetime) -> HttpResponse:
    form = AddressForm({"address": cleaned(request.POST.get("address", "")[:300])})
    if not form.is_valid():
        return _address_page(request, form)
    known = form.cleaned_data["address"]
    try:
        codes.admit(request, known, at)
        asked = codes.send(known, CodePurpose.SIGN_IN, at)
    except ProofNeeded as needed:
        return codes.proof_page(request, needed, "address")
    except TooSoon as too_soon:
        form.add_error("address", too_soon.words.in_(get_language() or "ar"))
        response = _address_page(request, form, status=429)
        response["Retry-After"] = str(too_soon.seconds)
        return response
    response = redirect(f"{reverse('portal:mine')}?sent=1")
    cookies.remember_asked(response, cookies.ASKED_BY_MINE, [], asked, at)
    return response


def _enter(request: HttpRequest, asked: cookies.Asked, at: datetime) -> HttpResponse:
    form = CodeForm({"code": cleaned(request.POST.get("code", "")[:40])})
    if not form.is_valid():
        return _code_page(request, asked, form)
    if not codes.proves(asked, CodePurpose.SIGN_IN, form.cleaned_data["code"], at):
        form.add_error("code", NO_SUCH_CODE)
        return _code_page(request, asked, form)
    response = redirect("portal:mine")
    cookies.forget_asked(response, cookies.ASKED_BY_MINE, [])
    cookies.remember_mine(response, [asked.known], at)
    return response


def _list(request: HttpRequest, known: list[Known], at: datetime) -> HttpResponse:
    try:
        page: MyCases = cases_of(known, at, request.GET.get("cursor", "")[:200])
    except Invalid:  # a cursor that nobody gave out
        return redirect("portal:mine")
    context = {
        "cases": [(case, *looks_of(case.standing)) for case in page.items],
        "next": page.next,
        "later": "cursor" in request.GET,
        "known": [codes.masked(one) for one in known],
    }
    response = render(request, "portal/mine/list.html", context)
    cookies.remember_mine(response, known, at)
    return response


def _address_page(request: HttpRequest, form: forms.Form, status: int = 200) -> HttpResponse:
    return render(
        request, "portal/mine/address.html", {"form": form, "sign_in": oidc.is_set_up()}, status=status
    )


def _code_page(request: HttpRequest, asked: cookies.Asked, form: forms.Form) -> HttpResponse:
    context = {"form": form, "sent_to": codes.masked(asked.known), "known": asked.known}
    return render(request, "portal/mine/code.html", context)
