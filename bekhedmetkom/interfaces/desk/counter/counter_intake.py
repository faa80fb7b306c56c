"""Counter intake: registering a case for a visitor or from a letter, and its printed receipt."""

import secrets
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bekhedmetkom.attachments.commands import discard_uploads
from bekhedmetkom.cases import commands
from bekhedmetkom.cases.commands import Submission, SubmissionResult, UseConfidentialChannel
from bekhedmetkom.cases.rules.access import has_permission_anywhere
from bekhedmetkom.cases.rules.applicant import Applicant, parse_applicant
from bekhedmetkom.cases.rules.channels import PAPER_CHANNEL_LABELS, PaperChannel
from bekhedmetkom.catalogue.queries import get_service, list_services_of
from bekhedmetkom.catalogue.rules import KIND_LABELS, Kind
from bekhedmetkom.entities.queries import get_governorates, get_tree
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.interfaces.access_control import audience, officer_required
from bekhedmetkom.interfaces.ui.form_renderer import FormRenderer
from bekhedmetkom.interfaces.ui.uploads import (
    REMOVED_FILES_FIELD,
    UPLOADS_FIELD,
    UploadsField,
    parse_upload_ids,
    receive_uploads,
)
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.errors import InvalidInput, Refusal

from ..choices import Options
from ..fields import build_choice_field, build_choices, build_text_field, style_field
from ..request_context import RequestContext, get_context

_APPLICANT_FIELDS = ("name", "phone", "email", "national_number", "passport", "for_name", "for_relation")


def _build_line_field(
    label: Any, *, ltr: bool = False, hint: Any = "", longest: int = 300
) -> forms.CharField:
    attributes = {"autocomplete": "off"} | ({"dir": "ltr"} if ltr else {})
    widget = forms.TextInput(attrs=attributes)
    return forms.CharField(label=label, required=False, help_text=hint, max_length=longest, widget=widget)


class CounterIntakeForm(forms.Form):
    """`key` makes a form that is submitted twice register one case."""

    default_renderer = FormRenderer

    key = forms.CharField(widget=forms.HiddenInput, max_length=100)
    paper = build_choice_field(gettext_lazy("كيف وصل؟"), PaperChannel)
    came_on = forms.DateField(
        label=gettext_lazy("يوم وصول الرسالة"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("للرسالة فقط. منه تُحتسب مدة الرد."),
        error_messages={"invalid": gettext_lazy("اكتب التاريخ مثل 2026-12-06.")},
    )  # fmt: skip
    kind = build_choice_field(gettext_lazy("النوع"), Kind)
    text = build_text_field(
        gettext_lazy("ما يقوله صاحب الطلب"),
        rows=7,
        hint=gettext_lazy("بكلماته هو. للرسالة: ما جاء فيها، وأرفق صورتها."),
    )
    uploads = UploadsField()
    to = build_choice_field(gettext_lazy("الجهة والموضوع"), required=False)
    governorate = build_choice_field(gettext_lazy("المحافظة"), int, required=False)
    address = _build_line_field(gettext_lazy("العنوان"))
    name = _build_line_field(gettext_lazy("الاسم"), longest=200)
    phone = _build_line_field(gettext_lazy("رقم الهاتف"), ltr=True)
    email = _build_line_field(gettext_lazy("البريد الإلكتروني"), ltr=True)
    national_number = _build_line_field(gettext_lazy("الرقم الوطني أو الشخصي"), ltr=True)
    passport = _build_line_field(gettext_lazy("جواز السفر"), ltr=True)
    for_name = _build_line_field(gettext_lazy("إن كان الطلب عن غيره: اسمه"))
    for_relation = _build_line_field(gettext_lazy("وصلته به"))
    language = build_choice_field(gettext_lazy("لغته"))
    withhold = forms.BooleanField(label=gettext_lazy("يطلب حجب هويته عن الجهة"), required=False)
    gate_declined = forms.BooleanField(
        label=gettext_lazy("شرحت له البلاغ السري، واختار أن يُسجّل طلبه هنا"), required=False
    )

    applicant = Applicant()

    def __init__(self, data: QueryDict | None, visit: RequestContext, *, gated: bool = False):
        super().__init__(data, initial={"key": secrets.token_urlsafe(24), "language": "ar"})
        everywhere = [
            (str(place.id), place.get_name(visit.language)) for place in get_governorates().values()
        ]
        self._set_choices("paper", [("", _("اختر")), *build_choices(PAPER_CHANNEL_LABELS, PaperChannel)])
        self._set_choices("kind", [("", _("اختر")), *build_choices(KIND_LABELS, Kind)])
        self._set_choices("to", [("", _("يُوجَّه بحسب نصه")), *_list_destinations(visit)])
        self._set_choices("governorate", [("", _("غير محددة")), *everywhere])
        self._set_choices("language", [("ar", "العربية"), ("en", "English")])
        if not (gated or (data and "gate_declined" in data)):
            del self.fields["gate_declined"]
        for field in self.fields.values():
            style_field(field)

    def _set_choices(self, name: str, options: Options) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = options

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self.applicant, errors = parse_applicant(**{name: data.get(name, "") for name in _APPLICANT_FIELDS})
        for field, words in errors:
            self.add_error(field, words.in_language(get_language() or "ar"))
        if bool(data.get("for_name")) != bool(data.get("for_relation")):
            self.add_error("for_name", _("اكتب اسم من يُكتب عنه وصلته به معًا"))
        return data

    def add_refusal(self, refusal: Refusal) -> None:
        """Show the command's errors beside their fields."""
        language = get_language() or "ar"
        if not isinstance(refusal, InvalidInput):
            self.add_error(None, refusal.message.in_language(language))
            return
        places = {"service": "to", "entity": "to", "Idempotency-Key": None}
        for name, words in refusal.errors:
            field = places.get(name, name)
            self.add_error(field if field in self.fields else None, words.in_language(language))

    def get_command_arguments(self) -> dict[str, Any]:
        """Return the arguments of the command, without actor and time."""
        given = self.cleaned_data
        what, _sep, key = str(given["to"] or "").partition(":")
        topic = get_service(int(key)) if what == "service" else None
        submission = Submission(
            kind=given["kind"], text=given["text"], entity=topic.entity if topic else int(key) if key else None,
            service=topic.id if topic else None, governorate=given["governorate"],
            address=given["address"], applicant=self.applicant, withhold_identity=given["withhold"],
            language=given["language"], gate_declined=given.get("gate_declined", False), uploads=given["uploads"],
        )  # fmt: skip
        return {
            "submission": submission,
            "paper": given["paper"],
            "came_on": given["came_on"],
            "key": given["key"],
        }


def _list_destinations(visit: RequestContext) -> Iterator[tuple[str, Any]]:
    """Return the officer's own bodies with their topics, then every open body."""
    today, language = get_local_date(visit.at), visit.language
    own = dict.fromkeys(grant.entity for grant in visit.actor.grants if grant.entity is not None)
    for body in (get_tree()[key] for key in own if key in get_tree()):
        name = body.get_name(language)
        topics = [topic for topic in list_services_of(body.id) if topic.is_open(today)]
        if body.is_open(today):
            own_topics = [(f"service:{topic.id}", topic.get_name(language)) for topic in topics]
            yield name, [(f"entity:{body.id}", f"{name} · {_('بلا موضوع محدد')}"), *own_topics]
    others = [body for body in get_tree() if body.is_open(today) and body.id not in own]
    others.sort(key=lambda body: body.get_name(language))
    yield _("جهات أخرى"), [(f"entity:{body.id}", body.get_name(language)) for body in others]


@audience("officer")
@officer_required
@require_http_methods(["GET", "HEAD", "POST"])
def register_case(request: HttpRequest) -> HttpResponse:
    """Show the form, or register the case and show its receipt with the access code, which is not stored."""
    visit = get_context(request)
    if not has_permission_anywhere(visit.actor, Permission.REGISTER):
        raise PermissionDenied
    if request.method != "POST":
        return _render_form(request, visit, CounterIntakeForm(None, visit))
    ids, not_taken = receive_uploads(request, visit.at)
    data = request.POST.copy()
    data[UPLOADS_FIELD] = ids
    form = CounterIntakeForm(data, visit)
    for sentence in not_taken:
        form.add_error(UPLOADS_FIELD, sentence)
    if REMOVED_FILES_FIELD in data or not form.is_valid():
        return _render_form(request, visit, form, status=200 if REMOVED_FILES_FIELD in data else 422)
    try:
        taken = commands.register_case(**form.get_command_arguments(), actor=visit.actor, at=visit.at)
    except UseConfidentialChannel as stopped:
        return _render_stopped(request, visit, form, data, stopped)
    except Refusal as refusal:
        form.add_refusal(refusal)
        return _render_form(request, visit, form, status=422)
    return _render_receipt(request, visit, taken, form)


def _render_stopped(
    request: HttpRequest,
    visit: RequestContext,
    form: CounterIntakeForm,
    data: QueryDict,
    stopped: UseConfidentialChannel,
) -> HttpResponse:
    """Show that nothing was stored, because the case may be about corruption. Only a visitor can still choose."""
    discard_uploads(parse_upload_ids(data[UPLOADS_FIELD]))
    data[UPLOADS_FIELD] = ""
    again = CounterIntakeForm(data, visit, gated=form.cleaned_data["paper"] is PaperChannel.COUNTER)
    letter = form.cleaned_data["paper"] is PaperChannel.LETTER
    return _render_form(request, visit, again, status=422, stopped=stopped, letter=letter)


def _render_form(
    request: HttpRequest, visit: RequestContext, form: CounterIntakeForm, status: int = 200, **more: Any
) -> HttpResponse:
    page = render(
        request, "desk/counter/counter_intake.html", {"visit": visit, "form": form, **more}, status=status
    )
    page["Cache-Control"] = "private, no-store"
    return page


def _render_receipt(
    request: HttpRequest, visit: RequestContext, taken: SubmissionResult, form: CounterIntakeForm
) -> HttpResponse:
    given = form.cleaned_data
    topic = get_service(taken.service) if taken.service else None
    receipt = {
        "visit": visit, "taken": taken, "entity": None if taken.triage else get_tree()[taken.entity], "topic": topic,
        "letter": given["paper"] is PaperChannel.LETTER, "track": request.build_absolute_uri("/track"),
    }  # fmt: skip
    page = render(request, "desk/counter/receipt.html", receipt)
    page["Cache-Control"] = "private, no-store"
    return page
