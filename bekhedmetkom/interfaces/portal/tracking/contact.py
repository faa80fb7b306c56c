"""The contacts of a case: confirmation with a one-time code, and correction."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.commands.text_validation import clean_text
from bekhedmetkom.cases.queries import CitizenCase, get_case_for_citizen
from bekhedmetkom.cases.rules.contact import ContactAddress, ContactType
from bekhedmetkom.cases.rules.transitions import NotPossibleNow
from bekhedmetkom.identity import oidc
from bekhedmetkom.identity.commands.one_time_codes import TooManyCodes
from bekhedmetkom.identity.rate_limit import ProofOfWorkRequired
from bekhedmetkom.interfaces.access_control import audience
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.phone_numbers import is_mobile, mask_phone
from bekhedmetkom.notifications.commands import CodePurpose

from .. import cookies, one_time_codes
from ..one_time_codes import ContactAddressForm, OneTimeCodeForm
from . import presentation
from .views import no_store, require_open_case

WRONG_CODE = _("الرمز غير صحيح أو انتهت مدته. راجعه، أو اطلب رمزًا جديدًا")


@dataclass(frozen=True, slots=True)
class CaseContact:
    """A contact of the case as its page shows it."""

    contact: ContactType
    label: Promise
    display_value: str
    confirmed: bool
    can_receive_code: bool  # false for a landline


def list_contacts(case: CitizenCase) -> list[CaseContact]:
    """Return the phone number and the e-mail address of the case."""
    particulars = case.particulars
    phone, email = ContactType.PHONE, ContactType.EMAIL
    contacts = []
    if particulars.phone:
        masked = mask_phone(particulars.phone)
        contacts.append(
            CaseContact(phone, _("الهاتف"), masked, particulars.phone_confirmed, is_mobile(particulars.phone))
        )
    if particulars.email:
        contacts.append(
            CaseContact(email, _("البريد الإلكتروني"), particulars.email, particulars.email_confirmed, True)
        )
    return contacts


@audience("citizen")
@require_http_methods(["GET", "HEAD", "POST"])
@no_store
@require_open_case
def edit_contact(request: HttpRequest, reference: str, key: UUID) -> HttpResponse:
    """Confirm a contact of the case, or replace it."""
    at = clock.now()
    case = get_case_for_citizen(key, at)
    if presentation.is_erased(case):
        return redirect("portal:case", reference)
    pending = cookies.get_pending_code(request, cookies.CASE_CODE_COOKIE, at)
    if request.method != "POST":
        if pending and "sent" in request.GET:
            return _render_code_page(request, case, pending, OneTimeCodeForm())
        return _render_contact_page(request, case, ContactAddressForm())
    if "code" in request.POST and pending:
        return _verify_code(request, case, pending, at)
    return _send_code(request, case, at)


def _send_code(request: HttpRequest, case: CitizenCase, at: datetime) -> HttpResponse:
    """Send a code to a contact of the case (`to`) or to the typed one; a verified contact needs none."""
    reference, particulars = case.standing.reference, case.particulars
    verified = cookies.get_verified_contacts(request, at)
    number = next((contact for contact in verified if contact.contact is ContactType.NATIONAL_NUMBER), None)
    if number and request.POST.get("to") == number.contact:
        return _confirm_contact(case, number, at)
    form = ContactAddressForm({"address": clean_text(request.POST.get("address", "")[:300])})
    match request.POST.get("to"):
        case ContactType.PHONE if particulars.phone and is_mobile(particulars.phone):
            known = ContactAddress(ContactType.PHONE, particulars.phone)
        case ContactType.EMAIL if particulars.email:
            known = ContactAddress(ContactType.EMAIL, particulars.email)
        case _ if form.is_valid():
            known = form.cleaned_data["address"]
        case _:
            return _render_contact_page(request, case, form)
    if known in verified:
        return _confirm_contact(case, known, at)
    try:
        one_time_codes.count_code_request(request, known, at)
        pending = one_time_codes.send_code(known, CodePurpose.CONFIRM, at)
    except ProofOfWorkRequired as needed:
        return one_time_codes.render_challenge_page(request, needed, "to", "address")
    except TooManyCodes as too_soon:
        return _render_contact_page(
            request, case, ContactAddressForm(initial=dict(form.data)), too_soon=too_soon
        )
    response = redirect(f"{reverse('portal:contact', args=[reference])}?sent=1")
    cookies.set_pending_code(response, cookies.CASE_CODE_COOKIE, [reference], pending, at)
    return response


def _verify_code(
    request: HttpRequest, case: CitizenCase, pending: cookies.PendingCode, at: datetime
) -> HttpResponse:
    reference = case.standing.reference
    form = OneTimeCodeForm({"code": clean_text(request.POST.get("code", "")[:40])})
    if not form.is_valid():
        return _render_code_page(request, case, pending, form)
    if not one_time_codes.verify_code(pending, CodePurpose.CONFIRM, form.cleaned_data["code"], at):
        form.add_error("code", WRONG_CODE)
        return _render_code_page(request, case, pending, form)
    response = _confirm_contact(case, pending.contact, at)
    cookies.delete_pending_code(response, cookies.CASE_CODE_COOKIE, [reference])
    return response


def _confirm_contact(case: CitizenCase, known: ContactAddress, at: datetime) -> HttpResponse:
    reference = case.standing.reference
    try:
        commands.confirm_contact(case=case.id, actor=Actor.citizen(reference), at=at, known=known)
    except NotPossibleNow:  # erased in another window
        return redirect("portal:case", reference)
    return redirect(f"{reverse('portal:case', args=[reference])}?done=contact")


def _render_contact_page(
    request: HttpRequest,
    case: CitizenCase,
    form: ContactAddressForm,
    *,
    too_soon: TooManyCodes | None = None,
) -> HttpResponse:
    verified = cookies.get_verified_contacts(request, clock.now())
    context = {
        "case": case,
        "ways": list_contacts(case),
        "form": form,
        "sign_in": oidc.is_configured(),
        "number": next(
            (contact for contact in verified if contact.contact is ContactType.NATIONAL_NUMBER), None
        ),
        "refused": too_soon.message.in_language(get_language() or "ar") if too_soon else "",
    }
    response = render(request, "portal/tracking/contact.html", context, status=429 if too_soon else 200)
    if too_soon:
        response["Retry-After"] = str(too_soon.seconds)
    return response


def _render_code_page(
    request: HttpRequest, case: CitizenCase, pending: cookies.PendingCode, form: OneTimeCodeForm
) -> HttpResponse:
    context = {
        "case": case,
        "form": form,
        "sent_to": one_time_codes.mask_contact(pending.contact),
        "known": pending.contact,
    }
    return render(request, "portal/tracking/code.html", context)
