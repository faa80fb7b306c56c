"""How the citizen of a case is reached: confirmed with a one-time code, corrected, and told what they want to hear."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.commands.wording import cleaned
from bekhedmetkom.cases.queries import CitizenCase, of_citizen
from bekhedmetkom.cases.rules.contact import Contact, Known, TellBy
from bekhedmetkom.cases.rules.transitions import NotPossibleNow
from bekhedmetkom.identity import oidc
from bekhedmetkom.identity.commands.one_time_codes import TooManyCodes
from bekhedmetkom.identity.rate_limit import ProofOfWorkRequired
from bekhedmetkom.interfaces.access_control import audience
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import InvalidInput
from bekhedmetkom.kernel.phone_numbers import is_mobile, mask_phone
from bekhedmetkom.messages.commands import CodePurpose

from .. import cookies, one_time_codes
from ..one_time_codes import ContactAddressForm, OneTimeCodeForm
from . import presentation
from .views import no_store, require_open_case

WRONG_CODE = _("الرمز غير صحيح أو انتهت مدته. راجعه، أو اطلب رمزًا جديدًا")


@dataclass(frozen=True, slots=True)
class CaseContact:
    """A contact that the case has, as its page shows it."""

    contact: Contact
    label: Promise
    display_value: str
    confirmed: bool
    can_receive_code: bool  # a landline gets no code


def list_contacts(case: CitizenCase) -> list[CaseContact]:
    """The telephone and the e-mail address that a case has."""
    who = case.particulars
    phone, email = Contact.PHONE, Contact.EMAIL
    ways = []
    if who.phone:
        shown = mask_phone(who.phone)
        ways.append(CaseContact(phone, _("الهاتف"), shown, who.phone_confirmed, is_mobile(who.phone)))
    if who.email:
        ways.append(CaseContact(email, _("البريد الإلكتروني"), who.email, who.email_confirmed, True))
    return ways


@audience("citizen")
@require_http_methods(["GET", "HEAD", "POST"])
@no_store
@require_open_case
def edit_contact(request: HttpRequest, reference: str, key: UUID) -> HttpResponse:
    """Confirm the telephone or the address that the case has, or another in its place."""
    at = clock.now()
    shown = of_citizen(key, at)
    if presentation.is_erased(shown):
        return redirect("portal:case", reference)
    asked = cookies.get_pending_code(request, cookies.CASE_CODE_COOKIE, at)
    if request.method != "POST":
        if asked and "sent" in request.GET:
            return _render_code_page(request, shown, asked, OneTimeCodeForm())
        return _render_contact_page(request, shown, ContactAddressForm())
    if "code" in request.POST and asked:
        return _verify_code(request, shown, asked, at)
    return _send_code(request, shown, at)


def _send_code(request: HttpRequest, shown: CitizenCase, at: datetime) -> HttpResponse:
    """A code to what the case has (`to`), or to what was typed; none where this browser has proven it already."""
    reference, who = shown.standing.reference, shown.particulars
    proven = cookies.get_verified_contacts(request, at)
    number = next((one for one in proven if one.contact is Contact.NATIONAL_NUMBER), None)
    if number and request.POST.get("to") == number.contact:
        return _confirm_contact(shown, number, at)
    form = ContactAddressForm({"address": cleaned(request.POST.get("address", "")[:300])})
    match request.POST.get("to"):
        case Contact.PHONE if who.phone and is_mobile(who.phone):
            known = Known(Contact.PHONE, who.phone)
        case Contact.EMAIL if who.email:
            known = Known(Contact.EMAIL, who.email)
        case _ if form.is_valid():
            known = form.cleaned_data["address"]
        case _:
            return _render_contact_page(request, shown, form)
    if known in proven:
        return _confirm_contact(shown, known, at)
    try:
        one_time_codes.count_code_request(request, known, at)
        asked = one_time_codes.send_code(known, CodePurpose.CONFIRM, at)
    except ProofOfWorkRequired as needed:
        return one_time_codes.render_challenge_page(request, needed, "to", "address")
    except TooManyCodes as too_soon:
        return _render_contact_page(
            request, shown, ContactAddressForm(initial=dict(form.data)), too_soon=too_soon
        )
    response = redirect(f"{reverse('portal:contact', args=[reference])}?sent=1")
    cookies.set_pending_code(response, cookies.CASE_CODE_COOKIE, [reference], asked, at)
    return response


def _verify_code(
    request: HttpRequest, shown: CitizenCase, asked: cookies.PendingCode, at: datetime
) -> HttpResponse:
    reference = shown.standing.reference
    form = OneTimeCodeForm({"code": cleaned(request.POST.get("code", "")[:40])})
    if not form.is_valid():
        return _render_code_page(request, shown, asked, form)
    if not one_time_codes.verify_code(asked, CodePurpose.CONFIRM, form.cleaned_data["code"], at):
        form.add_error("code", WRONG_CODE)
        return _render_code_page(request, shown, asked, form)
    response = _confirm_contact(shown, asked.contact, at)
    cookies.delete_pending_code(response, cookies.CASE_CODE_COOKIE, [reference])
    return response


def _confirm_contact(shown: CitizenCase, known: Known, at: datetime) -> HttpResponse:
    reference = shown.standing.reference
    try:
        commands.confirm_contact(case=shown.id, actor=Actor.citizen(reference), at=at, known=known)
    except NotPossibleNow:  # erased in another window meanwhile
        return redirect("portal:case", reference)
    return redirect(f"{reverse('portal:case', args=[reference])}?done=contact")


def _render_contact_page(
    request: HttpRequest,
    shown: CitizenCase,
    form: ContactAddressForm,
    *,
    too_soon: TooManyCodes | None = None,
) -> HttpResponse:
    proven = cookies.get_verified_contacts(request, clock.now())
    context = {
        "case": shown,
        "ways": list_contacts(shown),
        "form": form,
        "sign_in": oidc.is_configured(),
        "number": next((one for one in proven if one.contact is Contact.NATIONAL_NUMBER), None),
        "refused": too_soon.message.in_language(get_language() or "ar") if too_soon else "",
    }
    response = render(request, "portal/tracking/contact.html", context, status=429 if too_soon else 200)
    if too_soon:
        response["Retry-After"] = str(too_soon.seconds)
    return response


def _render_code_page(
    request: HttpRequest, shown: CitizenCase, asked: cookies.PendingCode, form: OneTimeCodeForm
) -> HttpResponse:
    context = {
        "case": shown,
        "form": form,
        "sent_to": one_time_codes.mask_contact(asked.contact),
        "known": asked.contact,
    }
    return render(request, "portal/tracking/code.html", context)


class NotificationForm(forms.Form):
    tell_by = forms.ChoiceField(
        choices=[(str(way) or "any", str(way)) for way in TellBy],
        error_messages={"required": _("اختر واحدًا"), "invalid_choice": _("اختر واحدًا من القائمة")},
    )
    full_by_sms = forms.BooleanField(required=False)


@audience("citizen")
@require_http_methods(["GET", "HEAD", "POST"])
@no_store
@require_open_case
def edit_notifications(request: HttpRequest, reference: str, key: UUID) -> HttpResponse:
    """How to hear what is new in this case: by e-mail, by SMS, not at all; and whether the answer comes whole."""
    at = clock.now()
    shown = of_citizen(key, at)
    if presentation.is_erased(shown):
        return redirect("portal:case", reference)
    who = shown.particulars
    if request.method != "POST":
        form = NotificationForm(initial={"tell_by": who.tell_by or "any", "full_by_sms": who.full_by_sms})
        return _render_notification_page(request, shown, form)
    form = NotificationForm({name: request.POST.get(name, "")[:20] for name in NotificationForm.base_fields})
    if not form.is_valid():
        return _render_notification_page(request, shown, form)
    tell_by = TellBy("" if (chosen := form.cleaned_data["tell_by"]) == "any" else chosen)
    try:
        commands.prefer(
            case=key,
            actor=Actor.citizen(reference),
            at=at,
            tell_by=tell_by,
            full_by_sms=form.cleaned_data["full_by_sms"],
        )
    except NotPossibleNow:
        return redirect("portal:case", reference)
    except InvalidInput as invalid:
        for field, words in invalid.errors:
            form.add_error(field, words.in_language(get_language() or "ar"))
        return _render_notification_page(request, shown, form)
    return redirect(f"{reverse('portal:case', args=[reference])}?done=notify")


def _render_notification_page(
    request: HttpRequest, shown: CitizenCase, form: NotificationForm
) -> HttpResponse:
    who = shown.particulars
    context = {
        "case": shown,
        "form": form,
        "ways": list_contacts(shown),
        "sms": bool(who.phone and is_mobile(who.phone)),
        "full": bool(who.phone_confirmed and is_mobile(who.phone)),
    }
    return render(request, "portal/tracking/notifications.html", context)
