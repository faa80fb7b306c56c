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
from bekhedmetkom.cases.rules.states import NotPossibleNow
from bekhedmetkom.identity import oidc
from bekhedmetkom.identity.commands.one_time import TooSoon
from bekhedmetkom.identity.limits import ProofNeeded
from bekhedmetkom.interfaces.audience import audience
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import Invalid
from bekhedmetkom.kernel.phones import is_mobile, masked_phone
from bekhedmetkom.messages.commands import CodePurpose

from .. import codes, cookies
from ..codes import AddressForm, CodeForm
from . import showing
from .views import no_store, with_case

NO_SUCH_CODE = _("الرمز غير صحيح أو انتهت مدته. راجعه، أو اطلب رمزًا جديدًا")


@dataclass(frozen=True, slots=True)
class Way:
    """A contact that the case has, as its page shows it."""

    contact: Contact
    label: Promise
    shown: str
    confirmed: bool
    reachable: bool  # a landline gets no code


def ways_of(case: CitizenCase) -> list[Way]:
    """The telephone and the e-mail address that a case has."""
    who = case.particulars
    phone, email = Contact.PHONE, Contact.EMAIL
    ways = []
    if who.phone:
        shown = masked_phone(who.phone)
        ways.append(Way(phone, _("الهاتف"), shown, who.phone_confirmed, is_mobile(who.phone)))
    if who.email:
        ways.append(Way(email, _("البريد الإلكتروني"), who.email, who.email_confirmed, True))
    return ways


@audience("citizen")
@require_http_methods(["GET", "HEAD", "POST"])
@no_store
@with_case
def contact(request: HttpRequest, reference: str, key: UUID) -> HttpResponse:
    """Confirm the telephone or the address that the case has, or another in its place."""
    at = clock.now()
    shown = of_citizen(key, at)
    if showing.erased(shown):
        return redirect("portal:case", reference)
    asked = cookies.asked(request, cookies.ASKED_BY_CASE, at)
    if request.method != "POST":
        if asked and "sent" in request.GET:
            return _code_page(request, shown, asked, CodeForm())
        return _contact_page(request, shown, AddressForm())
    if "code" in request.POST and asked:
        return _confirm(request, shown, asked, at)
    return _send(request, shown, at)


def _send(request: HttpRequest, shown: CitizenCase, at: datetime) -> HttpResponse:
    """A code to what the case has (`to`), or to what was typed; none where this browser has proven it already."""
    reference, who = shown.standing.reference, shown.particulars
    proven = cookies.mine(request, at)
    number = next((one for one in proven if one.contact is Contact.NATIONAL_NUMBER), None)
    if number and request.POST.get("to") == number.contact:
        return _confirmed(shown, number, at)
    form = AddressForm({"address": cleaned(request.POST.get("address", "")[:300])})
    match request.POST.get("to"):
        case Contact.PHONE if who.phone and is_mobile(who.phone):
            known = Known(Contact.PHONE, who.phone)
        case Contact.EMAIL if who.email:
            known = Known(Contact.EMAIL, who.email)
        case _ if form.is_valid():
            known = form.cleaned_data["address"]
        case _:
            return _contact_page(request, shown, form)
    if known in proven:
        return _confirmed(shown, known, at)
    try:
        codes.admit(request, known, at)
        asked = codes.send(known, CodePurpose.CONFIRM, at)
    except ProofNeeded as needed:
        return codes.proof_page(request, needed, "to", "address")
    except TooSoon as too_soon:
        return _contact_page(request, shown, AddressForm(initial=dict(form.data)), too_soon=too_soon)
    response = redirect(f"{reverse('portal:contact', args=[reference])}?sent=1")
    cookies.remember_asked(response, cookies.ASKED_BY_CASE, [reference], asked, at)
    return response


def _confirm(request: HttpRequest, shown: CitizenCase, asked: cookies.Asked, at: datetime) -> HttpResponse:
    reference = shown.standing.reference
    form = CodeForm({"code": cleaned(request.POST.get("code", "")[:40])})
    if not form.is_valid():
        return _code_page(request, shown, asked, form)
    if not codes.proves(asked, CodePurpose.CONFIRM, form.cleaned_data["code"], at):
        form.add_error("code", NO_SUCH_CODE)
        return _code_page(request, shown, asked, form)
    response = _confirmed(shown, asked.known, at)
    cookies.forget_asked(response, cookies.ASKED_BY_CASE, [reference])
    return response


def _confirmed(shown: CitizenCase, known: Known, at: datetime) -> HttpResponse:
    reference = shown.standing.reference
    try:
        commands.confirm_contact(case=shown.id, actor=Actor.citizen(reference), at=at, known=known)
    except NotPossibleNow:  # erased in another window meanwhile
        return redirect("portal:case", reference)
    return redirect(f"{reverse('portal:case', args=[reference])}?done=contact")


def _contact_page(
    request: HttpRequest, shown: CitizenCase, form: AddressForm, *, too_soon: TooSoon | None = None
) -> HttpResponse:
    proven = cookies.mine(request, clock.now())
    context = {
        "case": shown,
        "ways": ways_of(shown),
        "form": form,
        "sign_in": oidc.is_set_up(),
        "number": next((one for one in proven if one.contact is Contact.NATIONAL_NUMBER), None),
        "refused": too_soon.words.in_(get_language() or "ar") if too_soon else "",
    }
    response = render(request, "portal/case/contact.html", context, status=429 if too_soon else 200)
    if too_soon:
        response["Retry-After"] = str(too_soon.seconds)
    return response


def _code_page(
    request: HttpRequest, shown: CitizenCase, asked: cookies.Asked, form: CodeForm
) -> HttpResponse:
    context = {"case": shown, "form": form, "sent_to": codes.masked(asked.known), "known": asked.known}
    return render(request, "portal/case/code.html", context)


class NotifyForm(forms.Form):
    tell_by = forms.ChoiceField(
        choices=[(str(way) or "any", str(way)) for way in TellBy],
        error_messages={"required": _("اختر واحدًا"), "invalid_choice": _("اختر واحدًا من القائمة")},
    )
    full_by_sms = forms.BooleanField(required=False)


@audience("citizen")
@require_http_methods(["GET", "HEAD", "POST"])
@no_store
@with_case
def notify(request: HttpRequest, reference: str, key: UUID) -> HttpResponse:
    """How to hear what is new in this case: by e-mail, by SMS, not at all; and whether the answer comes whole."""
    at = clock.now()
    shown = of_citizen(key, at)
    if showing.erased(shown):
        return redirect("portal:case", reference)
    who = shown.particulars
    if request.method != "POST":
        form = NotifyForm(initial={"tell_by": who.tell_by or "any", "full_by_sms": who.full_by_sms})
        return _notify_page(request, shown, form)
    form = NotifyForm({name: request.POST.get(name, "")[:20] for name in NotifyForm.base_fields})
    if not form.is_valid():
        return _notify_page(request, shown, form)
    tell_by = TellBy("" if (chosen := form.cleaned_data["tell_by"]) == "any" else chosen)
    try:
        commands.prefer(
            case=key, actor=Actor.citizen(reference), at=at, tell_by=tell_by,
            full_by_sms=form.cleaned_data["full_by_sms"],
        )  # fmt: skip
    except NotPossibleNow:
        return redirect("portal:case", reference)
    except Invalid as invalid:
        for field, words in invalid.errors:
            form.add_error(field, words.in_(get_language() or "ar"))
        return _notify_page(request, shown, form)
    return redirect(f"{reverse('portal:case', args=[reference])}?done=notify")


def _notify_page(request: HttpRequest, shown: CitizenCase, form: NotifyForm) -> HttpResponse:
    who = shown.particulars
    context = {
        "case": shown,
        "form": form,
        "ways": ways_of(shown),
        "sms": bool(who.phone and is_mobile(who.phone)),
        "full": bool(who.phone_confirmed and is_mobile(who.phone)),
    }
    return render(request, "portal/case/notify.html", context)
