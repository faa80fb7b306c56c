"""The officer's own leave: enter it with a deputy, return early, and read what happened meanwhile."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bekhedmetkom.cases.queries import list_changes_during_absence
from bekhedmetkom.identity.commands import end_leave, take_leave
from bekhedmetkom.identity.queries import list_leaves
from bekhedmetkom.interfaces.access_control import audience, officer_required
from bekhedmetkom.interfaces.ui.form_renderer import FormRenderer
from bekhedmetkom.kernel.clock import AMMAN, get_local_date
from bekhedmetkom.kernel.errors import InvalidInput, NotAllowed

from .. import choices
from ..fields import build_choice_field, build_date_field, style_field
from ..request_context import RequestContext, get_context

SUMMARY_PERIOD = timedelta(days=60)  # so long after the return the summary is offered


class LeaveForm(forms.Form):
    default_renderer = FormRenderer

    since = build_date_field(gettext_lazy("أول يوم"))
    until = build_date_field(gettext_lazy("يوم العودة"))
    deputy = build_choice_field(gettext_lazy("من ينوب عنك"), int, required=False)

    def __init__(self, *data: Any, visit: RequestContext):
        super().__init__(*data)
        deputy = self.fields["deputy"]
        assert isinstance(deputy, forms.ChoiceField)
        deputy.choices = choices.list_deputies(visit)
        deputy.help_text = _(
            "يرى ما كُلّفت به ويعالجه بصلاحياته. ومن ينوب عن ضابط رئيسي يوزّع الطلبات بدلًا منه."
        )
        for field in self.fields.values():
            style_field(field)


@audience("officer")
@officer_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show_leave(request: HttpRequest) -> HttpResponse:
    """List the officer's leaves, and add one."""
    visit = get_context(request)
    form = LeaveForm(*([request.POST] if request.method == "POST" else []), visit=visit)
    if request.method == "POST" and form.is_valid():
        try:
            take_leave(**form.cleaned_data, actor=visit.actor, at=visit.at)
        except InvalidInput as refused:
            for field, words in refused.errors:
                form.add_error(field, words.in_language(get_language() or "ar"))
        else:
            messages.success(request, _("سُجّلت إجازتك."))
            return redirect("desk:leave")
    today = get_local_date(visit.at)
    leaves = list_leaves(visit.actor.officer_id or 0, after=today - SUMMARY_PERIOD)
    context = {
        "visit": visit, "form": form, "coming": [one for one in leaves if one.until > today],
        "over": [one for one in leaves if one.since < today][::-1], "today": today,
    }  # fmt: skip
    return render(request, "desk/officer/leave.html", context, status=422 if form.errors else 200)


@audience("officer")
@officer_required
@require_POST
def finish_leave(request: HttpRequest, leave: int) -> HttpResponse:
    """End the leave today, or cancel it if it has not begun."""
    visit = get_context(request)
    try:
        end_leave(leave=leave, actor=visit.actor, at=visit.at)
    except NotAllowed:
        raise Http404 from None
    messages.success(request, _("حُفظ. أهلًا بعودتك."))
    return redirect("desk:leave")


@audience("officer")
@officer_required
@never_cache
@require_safe
def show_leave_summary(request: HttpRequest, leave: int) -> HttpResponse:
    """Show what happened to the officer's cases during a leave."""
    visit = get_context(request)
    leaves = list_leaves(visit.actor.officer_id or 0, after=get_local_date(visit.at) - SUMMARY_PERIOD)
    found = next((one for one in leaves if one.id == leave), None)
    if found is None:
        raise Http404
    since, until = (datetime.combine(day, time(), AMMAN) for day in (found.since, found.until))
    moved = list_changes_during_absence(visit.actor, since, until, visit.at)
    return render(
        request, "desk/officer/leave_summary.html", {"visit": visit, "leave": found, "moved": moved}
    )
