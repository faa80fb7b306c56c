"""How the citizen of a case is notified: channel, full answer by SMS, and push to devices."""

from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.queries import CitizenCase, get_case_for_citizen
from bekhedmetkom.cases.rules.contact import ContactPreference
from bekhedmetkom.cases.rules.transitions import NotPossibleNow
from bekhedmetkom.interfaces.access_control import audience
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import InvalidInput
from bekhedmetkom.kernel.phone_numbers import is_mobile
from bekhedmetkom.notifications import commands as notification_commands

from . import presentation
from .contact import list_contacts
from .views import no_store, render_case_page, require_open_case

MAX_PUSH_FIELD_LENGTH = 2000


class NotificationForm(forms.Form):
    """The channel, and whether the full answer is sent by SMS."""

    tell_by = forms.ChoiceField(
        choices=[(str(channel) or "any", str(channel)) for channel in ContactPreference],
        error_messages={"required": _("اختر واحدًا"), "invalid_choice": _("اختر واحدًا من القائمة")},
    )
    full_by_sms = forms.BooleanField(required=False)


@audience("citizen")
@require_http_methods(["GET", "HEAD", "POST"])
@no_store
@require_open_case
def edit_notifications(request: HttpRequest, reference: str, key: UUID) -> HttpResponse:
    """Choose the channel: any, e-mail, SMS or none; and whether the answer is sent in full."""
    at = clock.now()
    case = get_case_for_citizen(key, at)
    if presentation.is_erased(case):
        return redirect("portal:case", reference)
    particulars = case.particulars
    if request.method != "POST":
        form = NotificationForm(
            initial={"tell_by": particulars.tell_by or "any", "full_by_sms": particulars.full_by_sms}
        )
        return _render_notification_page(request, case, form)
    form = NotificationForm({name: request.POST.get(name, "")[:20] for name in NotificationForm.base_fields})
    if not form.is_valid():
        return _render_notification_page(request, case, form)
    tell_by = ContactPreference("" if (chosen := form.cleaned_data["tell_by"]) == "any" else chosen)
    try:
        commands.set_contact_preference(
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
        return _render_notification_page(request, case, form)
    return redirect(f"{reverse('portal:case', args=[reference])}?done=notify")


def _render_notification_page(
    request: HttpRequest, case: CitizenCase, form: NotificationForm
) -> HttpResponse:
    particulars = case.particulars
    context = {
        "case": case,
        "form": form,
        "ways": list_contacts(case),
        "sms": bool(particulars.phone and is_mobile(particulars.phone)),
        "full": bool(particulars.phone_confirmed and is_mobile(particulars.phone)),
    }
    return render(request, "portal/tracking/notifications.html", context)


@audience("citizen")
@require_http_methods(["GET", "HEAD", "POST"])
@no_store
@require_open_case
def edit_push_subscription(request: HttpRequest, reference: str, key: UUID) -> HttpResponse:
    """Subscribe this device to push notifications, or unsubscribe all devices."""
    at = clock.now()
    if request.method != "POST" or presentation.is_erased(get_case_for_citizen(key, at)):
        return redirect("portal:case", reference)
    if "stop" in request.POST:
        notification_commands.unsubscribe_devices(case=key)
        return redirect(f"{reverse('portal:case', args=[reference])}?done=push-off")
    typed = {
        name: request.POST.get(name, "")[:MAX_PUSH_FIELD_LENGTH] for name in ("endpoint", "p256dh", "auth")
    }
    try:
        notification_commands.subscribe_device(case=key, at=at, **typed)
    except InvalidInput as invalid:
        return render_case_page(request, key, {}, refused=invalid)
    return redirect(f"{reverse('portal:case', args=[reference])}?done=push")
