"""E-mail preferences of an officer: one choice per sort of notification, and the morning digest."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bekhedmetkom.interfaces.access_control import audience, get_request_actor, officer_required
from bekhedmetkom.kernel import clock
from bekhedmetkom.notifications.commands import save_email_preferences
from bekhedmetkom.notifications.queries import get_email_preferences, wants_morning_digest
from bekhedmetkom.notifications.rules.inbox import (
    EMAIL_FREQUENCY_LABELS,
    INBOX_CATEGORY_LABELS,
    MORNING_DIGEST,
    EmailFrequency,
    InboxCategory,
)


class NotificationPreferencesForm(forms.Form):
    """One field per sort of notification, and the morning digest."""

    def __init__(self, data: Any, officer: int):
        initial: dict[str, Any] = {
            str(sort): str(mail) for sort, mail in get_email_preferences(officer).items()
        }
        super().__init__(data, initial=initial | {MORNING_DIGEST: wants_morning_digest(officer)})
        language = get_language() or "ar"
        options = [(str(mail), words.in_language(language)) for mail, words in EMAIL_FREQUENCY_LABELS.items()]
        refused = _("اختر من القائمة.")
        for sort, words in INBOX_CATEGORY_LABELS.items():
            self.fields[str(sort)] = forms.ChoiceField(
                label=words.in_language(language), choices=options, widget=forms.Select(attrs={"class": "select"}),
                error_messages={"required": refused, "invalid_choice": refused},
            )  # fmt: skip
        self.fields[MORNING_DIGEST] = forms.BooleanField(required=False, label=_("بريد الصباح، كل يوم عمل"))

    def list_sort_fields(self) -> list[forms.BoundField]:
        """Return the fields of the sorts, without the morning digest."""
        return [self[str(sort)] for sort in InboxCategory]


@audience("officer")
@officer_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit_notification_preferences(request: HttpRequest) -> HttpResponse:
    """Page to change the preferences; the inbox shows every notification in any case."""
    actor = get_request_actor(request)
    assert actor is not None
    form = NotificationPreferencesForm(request.POST if request.method == "POST" else None, int(actor.id))
    if not form.is_bound or not form.is_valid():
        return render(
            request,
            "sign_in/notification_preferences.html",
            {"form": form},
            status=422 if form.is_bound else 200,
        )
    mails = {sort: EmailFrequency(form.cleaned_data[str(sort)]) for sort in InboxCategory}
    save_email_preferences(
        actor=actor, at=clock.now(), mails=mails, mornings=form.cleaned_data[MORNING_DIGEST]
    )
    messages.success(request, _("حُفظ."))
    return redirect("notification_preferences")
