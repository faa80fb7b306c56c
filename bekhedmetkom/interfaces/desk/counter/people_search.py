"""Search for a person by phone or name. It is a POST form, so that no URL contains the name."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bekhedmetkom.cases.commands.contact.identity_disclosure import (
    MAX_SEARCHES_PER_DAY,
    record_opened_case,
    search_people,
)
from bekhedmetkom.cases.queries import find_desk_case, get_body_name
from bekhedmetkom.cases.rules.access import has_permission_anywhere
from bekhedmetkom.cases.rules.access_reasons import REASON_CHOICES, SEARCH_REASONS, AccessReason
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.interfaces.access_control import audience, officer_required
from bekhedmetkom.interfaces.ui.form_renderer import FormRenderer
from bekhedmetkom.kernel.errors import InvalidInput, Refusal
from bekhedmetkom.kernel.references import parse_reference

from ..fields import build_choice_field, build_choices, style_field
from ..request_context import RequestContext, get_context


class PeopleSearchForm(forms.Form):
    default_renderer = FormRenderer

    who = forms.CharField(
        label=gettext_lazy("رقم الهاتف، أو الاسم"), max_length=200,
        help_text=gettext_lazy("الرقم كاملًا، أو اسمان على الأقل كما كُتبا في الطلب. تهجئة الاسم لا تهم."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("اكتب رقم هاتف، أو اسمين على الأقل.")},
    )  # fmt: skip
    why = build_choice_field(gettext_lazy("لماذا تبحث؟"), AccessReason)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        why = self.fields["why"]
        assert isinstance(why, forms.ChoiceField)
        why.choices = [("", _("اختر")), *build_choices(REASON_CHOICES, SEARCH_REASONS)]
        for field in self.fields.values():
            style_field(field)

    def add_refusal(self, refusal: Refusal) -> None:
        language = get_language() or "ar"
        errors = refusal.errors if isinstance(refusal, InvalidInput) else ((None, refusal.message),)
        for field, words in errors:
            self.add_error(field, words.in_language(language))


@audience("officer")
@officer_required
@require_http_methods(["GET", "HEAD", "POST"])
def show_people_search(request: HttpRequest) -> HttpResponse:
    """Show the form and the results."""
    visit = _get_search_context(request)
    form = PeopleSearchForm(request.POST if request.method == "POST" else None)
    found, status = None, 200
    if form.is_bound and form.is_valid():
        try:
            hits = search_people(**form.cleaned_data, actor=visit.actor, at=visit.at)
            found = [(hit, get_body_name(hit.standing)) for hit in hits]
        except Refusal as refusal:
            form.add_refusal(refusal)
    if form.is_bound and not form.is_valid():
        status = 422
    context = {"visit": visit, "form": form, "found": found, "a_day": MAX_SEARCHES_PER_DAY}
    page = render(request, "desk/counter/people_search.html", context, status=status)
    page["Cache-Control"] = "private, no-store"
    return page


@audience("officer")
@officer_required
@require_POST
def open_found_case(request: HttpRequest) -> HttpResponse:
    """Open a found case and record that it was opened from the search."""
    visit = _get_search_context(request)
    reference = parse_reference(request.POST.get("reference", "")[:40])
    if reference is None or find_desk_case(visit.actor, reference, visit.at) is None:
        raise Http404
    record_opened_case(reference=reference, actor=visit.actor, at=visit.at)
    return redirect("desk:case", reference)


def _get_search_context(request: HttpRequest) -> RequestContext:
    visit = get_context(request)
    if not has_permission_anywhere(visit.actor, Permission.SEARCH_PEOPLE):
        raise PermissionDenied
    return visit
