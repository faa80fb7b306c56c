"""The list of a person's cases, opened with a one-time code to a phone or e-mail address.

Every address gets a code, also one without a case, so that nobody can test whether an address has one.
"""

from datetime import datetime

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from bekhedmetkom.cases.commands.text_validation import clean_text
from bekhedmetkom.cases.queries import MyCasesPage, list_my_cases
from bekhedmetkom.cases.rules.contact import ContactAddress
from bekhedmetkom.identity import oidc
from bekhedmetkom.identity.commands.one_time_codes import TooManyCodes
from bekhedmetkom.identity.rate_limit import ProofOfWorkRequired
from bekhedmetkom.interfaces.access_control import audience
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.errors import InvalidInput
from bekhedmetkom.notifications.commands import CodePurpose

from .. import cookies, one_time_codes
from ..one_time_codes import ContactAddressForm, OneTimeCodeForm
from ..tracking.contact import WRONG_CODE
from ..tracking.presentation import get_state_style
from ..tracking.views import no_store


@audience("public")
@require_http_methods(["GET", "HEAD", "POST"])
@no_store
def show_my_cases(request: HttpRequest) -> HttpResponse:
    """Show the list if this browser has verified a contact, else ask for an address or the code."""
    at = clock.now()
    pending = cookies.get_pending_code(request, cookies.MY_CASES_CODE_COOKIE, at)
    if request.method == "POST":
        if "code" in request.POST and pending:
            return _verify_code(request, pending, at)
        return _send_code(request, at)
    if known := cookies.get_verified_contacts(request, at):
        return _render_list(request, known, at)
    if pending and "sent" in request.GET:
        return _render_code_page(request, pending, OneTimeCodeForm())
    return _render_address_page(request, ContactAddressForm())


@audience("public")
@require_http_methods(["POST"])
def leave_my_cases(request: HttpRequest) -> HttpResponse:
    """Close the list and its cases in this browser."""
    response = redirect("portal:mine")
    cookies.delete_verified_contacts(response)
    return response


def _send_code(request: HttpRequest, at: datetime) -> HttpResponse:
    form = ContactAddressForm({"address": clean_text(request.POST.get("address", "")[:300])})
    if not form.is_valid():
        return _render_address_page(request, form)
    known = form.cleaned_data["address"]
    try:
        one_time_codes.count_code_request(request, known, at)
        pending = one_time_codes.send_code(known, CodePurpose.SIGN_IN, at)
    except ProofOfWorkRequired as needed:
        return one_time_codes.render_challenge_page(request, needed, "address")
    except TooManyCodes as too_soon:
        form.add_error("address", too_soon.message.in_language(get_language() or "ar"))
        response = _render_address_page(request, form, status=429)
        response["Retry-After"] = str(too_soon.seconds)
        return response
    response = redirect(f"{reverse('portal:mine')}?sent=1")
    cookies.set_pending_code(response, cookies.MY_CASES_CODE_COOKIE, [], pending, at)
    return response


def _verify_code(request: HttpRequest, pending: cookies.PendingCode, at: datetime) -> HttpResponse:
    form = OneTimeCodeForm({"code": clean_text(request.POST.get("code", "")[:40])})
    if not form.is_valid():
        return _render_code_page(request, pending, form)
    if not one_time_codes.verify_code(pending, CodePurpose.SIGN_IN, form.cleaned_data["code"], at):
        form.add_error("code", WRONG_CODE)
        return _render_code_page(request, pending, form)
    response = redirect("portal:mine")
    cookies.delete_pending_code(response, cookies.MY_CASES_CODE_COOKIE, [])
    cookies.set_verified_contacts(response, [pending.contact], at)
    return response


def _render_list(request: HttpRequest, known: list[ContactAddress], at: datetime) -> HttpResponse:
    try:
        page: MyCasesPage = list_my_cases(known, at, request.GET.get("cursor", "")[:200])
    except InvalidInput:  # an invalid cursor
        return redirect("portal:mine")
    context = {
        "cases": [(case, *get_state_style(case.standing)) for case in page.items],
        "next": page.next,
        "later": "cursor" in request.GET,
        "known": [one_time_codes.mask_contact(contact) for contact in known],
    }
    response = render(request, "portal/my_cases/list.html", context)
    cookies.set_verified_contacts(response, known, at)
    return response


def _render_address_page(request: HttpRequest, form: forms.Form, status: int = 200) -> HttpResponse:
    return render(
        request,
        "portal/my_cases/address.html",
        {"form": form, "sign_in": oidc.is_configured()},
        status=status,
    )


def _render_code_page(request: HttpRequest, pending: cookies.PendingCode, form: forms.Form) -> HttpResponse:
    context = {
        "form": form,
        "sent_to": one_time_codes.mask_contact(pending.contact),
        "known": pending.contact,
    }
    return render(request, "portal/my_cases/code.html", context)
