"""Forms of the call console."""

import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from bekhedmetkom.calls.rules.call_backs import ATTEMPT_LABELS, CallBackOutcome
from bekhedmetkom.calls.rules.wrap_up import WRAP_UP_LABELS, WrapUp
from bekhedmetkom.cases.commands import Submission
from bekhedmetkom.cases.rules.applicant import Applicant, parse_applicant
from bekhedmetkom.catalogue.rules import KIND_LABELS, Kind
from bekhedmetkom.entities.queries import get_governorates, get_tree
from bekhedmetkom.interfaces.ui.form_renderer import FormRenderer
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.errors import InvalidInput, Refusal
from bekhedmetkom.kernel.text import BilingualText

from .request_context import RequestContext

CHOICE_ERRORS = {
    "required": gettext_lazy("اختر من القائمة."),
    "invalid_choice": gettext_lazy("اختر من القائمة."),
}
TEXT_ERRORS = {"required": gettext_lazy("اكتب نصًا هنا.")}
DRAFT_FIELDS = (
    "key",
    "kind",
    "text",
    "to",
    "governorate",
    "address",
    "name",
    "phone",
    "reply_by",
    "language",
    "withhold",
)


def _build_text_field(
    label: Any, *, rows: int = 3, hint: Any = "", required: bool = True, max_length: int = 4000
) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=max_length,
        error_messages=TEXT_ERRORS,
        widget=forms.Textarea(attrs={"rows": rows, "class": "textarea"}),
    )


def _build_line_field(
    label: Any, *, ltr: bool = False, max_length: int = 300, required: bool = False
) -> forms.CharField:
    attributes = {"autocomplete": "off", "class": "input"} | ({"dir": "ltr"} if ltr else {})
    return forms.CharField(
        label=label,
        required=required,
        max_length=max_length,
        error_messages=TEXT_ERRORS,
        widget=forms.TextInput(attrs=attributes),
    )


def _build_choice_field(label: Any, coerce: Any = str, *, required: bool = True) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        coerce=coerce,
        required=required,
        empty_value=None,
        error_messages=CHOICE_ERRORS,
        widget=forms.Select(attrs={"class": "select"}),
    )


def _build_choices(words: Mapping[Any, BilingualText], among: Iterable[Any]) -> list[tuple[str, str]]:
    return [(str(value), words[value].in_language(get_language() or "ar")) for value in among]


class ConsoleForm(forms.Form):
    """A form of the console; `prefix` is put before the fields' HTML ids."""

    default_renderer = FormRenderer

    def __init__(self, data: QueryDict | None = None, *, prefix: str = "", **more: Any):
        super().__init__(data, auto_id=f"{prefix}%s", **more)

    def set_choices(self, name: str, options: Any) -> None:
        """Set the choices of a field."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = options

    def add_refusal(self, refusal: Refusal) -> None:
        """Add the command's refusal, beside its field where the form has it."""
        language = get_language() or "ar"
        if not isinstance(refusal, InvalidInput):
            self.add_error(None, refusal.message.in_language(language))
            return
        for name, words in refusal.errors:
            field = {"service": "to", "entity": "to"}.get(name, name)
            field = "comment" if field == "text" and "comment" in self.fields else field
            self.add_error(field if field in self.fields else None, words.in_language(language))


class CaseForm(ConsoleForm):
    """A new case. `key` makes a repeated submission harmless."""

    key = forms.CharField(widget=forms.HiddenInput, min_length=16, max_length=100)
    kind = forms.TypedChoiceField(
        label=gettext_lazy("النوع"),
        coerce=Kind,
        error_messages={"required": gettext_lazy("اختر نوع الطلب.")}
        | {"invalid_choice": gettext_lazy("اختر نوع الطلب.")},
        widget=forms.RadioSelect,
    )
    text = _build_text_field(gettext_lazy("ما يقوله المتصل، بكلماته"), rows=7)
    to = _build_choice_field(gettext_lazy("الجهة والموضوع"), required=False)
    governorate = _build_choice_field(gettext_lazy("المحافظة"), int, required=False)
    address = _build_line_field(gettext_lazy("الحي والشارع"))
    name = _build_line_field(gettext_lazy("الاسم، إن أراد"), max_length=200)
    phone = _build_line_field(gettext_lazy("رقم الهاتف"), ltr=True, max_length=40)
    reply_by = _build_choice_field(gettext_lazy("كيف يصله الرد"))
    language = _build_choice_field(gettext_lazy("لغته"))
    withhold = forms.BooleanField(label=gettext_lazy("يطلب حجب هويته عن الجهة"), required=False)
    gate_declined = forms.BooleanField(
        label=gettext_lazy("شرحت له البلاغ السري، واختار أن يُسجّل طلبه هنا"), required=False
    )

    applicant = Applicant()

    def __init__(
        self,
        data: QueryDict | None,
        visit: RequestContext,
        *,
        draft: Mapping[str, str],
        number: str,
        gated: bool = False,
    ):
        defaults = {"key": secrets.token_urlsafe(24), "language": "ar", "reply_by": "sms", "phone": number}
        super().__init__(data, initial=defaults | dict(draft))
        governorates = [
            (str(place.id), place.get_name(visit.language)) for place in get_governorates().values()
        ]
        self.set_choices("kind", _build_choices(KIND_LABELS, Kind))
        self.set_choices("to", [("", _("يُوجَّه بحسب نصه")), *_list_destinations(visit)])
        self.set_choices("governorate", [("", _("غير محددة")), *governorates])
        self.set_choices("reply_by", [("sms", _("رسالة نصية")), ("call", _("اتصال من مركز الاتصال"))])
        self.set_choices("language", [("ar", "العربية"), ("en", "English")])
        if not (gated or (data and "gate_declined" in data)):
            del self.fields["gate_declined"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self.applicant, errors = parse_applicant(name=data.get("name", ""), phone=data.get("phone", ""))
        for field, words in errors:
            self.add_error(field, words.in_language(get_language() or "ar"))
        if data.get("reply_by") == "call" and not data.get("phone"):
            self.add_error("phone", _("لنتصل به نحتاج إلى رقمه."))
        return data

    def build_submission(self) -> Submission:
        """Return the submission of a valid form."""
        values = self.cleaned_data
        what, _sep, key = str(values["to"] or "").partition(":")
        return Submission(
            kind=values["kind"],
            text=values["text"],
            entity=int(key) if what == "entity" else None,
            service=int(key) if what == "service" else None,
            governorate=values["governorate"],
            address=values["address"],
            applicant=self.applicant,
            withhold_identity=values["withhold"],
            language=values["language"],
            gate_declined=values.get("gate_declined", False),
        )


def _list_destinations(visit: RequestContext) -> Iterable[tuple[str, Any]]:
    """Return every open body; the topic is left to routing."""
    today, language = get_local_date(visit.at), visit.language
    bodies = sorted(
        (body for body in get_tree() if body.is_open(today)), key=lambda body: body.get_name(language)
    )
    return [(f"entity:{body.id}", body.get_name(language)) for body in bodies]


class CaseCodeForm(ConsoleForm):
    reference = _build_line_field(gettext_lazy("رقم الطلب"), ltr=True, max_length=40, required=True)
    code = _build_line_field(gettext_lazy("رمز المتابعة"), ltr=True, max_length=40, required=True)


class OneTimeCodeForm(ConsoleForm):
    digits = _build_line_field(gettext_lazy("الرمز الذي وصله"), ltr=True, max_length=20, required=True)


class AccessCodeForm(ConsoleForm):
    code = _build_line_field(gettext_lazy("رمز المتابعة"), ltr=True, max_length=40, required=True)


class MessageForm(ConsoleForm):
    text = _build_text_field(gettext_lazy("ما يضيفه إلى طلبه"))


class AppealForm(ConsoleForm):
    reason = _build_text_field(gettext_lazy("لماذا يعترض؟"))


class ResolutionForm(ConsoleForm):
    """Whether the case was solved. `solved` may stay open where it was not asked."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    solved = _build_choice_field(gettext_lazy("هل حُلّ الأمر؟"), lambda value: value == "yes")
    stars = _build_choice_field(gettext_lazy("كم نجمة من خمس؟"), int, required=False)
    comment = _build_text_field(gettext_lazy("ما قاله"), rows=2, required=False, max_length=2000)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        is_answer_optional: bool = False,
        seen: int | None = None,
        prefix: str = "",
    ):
        super().__init__(data, prefix=prefix, initial={"seen": seen})
        first = ("", _("لم يقل")) if is_answer_optional else ("", _("اختر"))
        self.set_choices("solved", [first, ("yes", _("نعم، حُلّ")), ("no", _("لا، لم يُحل"))])
        self.set_choices("stars", [("", _("لم يقل")), *((str(n), str(n)) for n in range(1, 6))])
        self.fields["solved"].required = not is_answer_optional


class WrapUpForm(ConsoleForm):
    wrap = _build_choice_field(gettext_lazy("كيف انتهت المكالمة؟"), WrapUp)

    def __init__(self, ended: WrapUp | None = None, *, data: QueryDict | None = None):
        super().__init__(data, initial={"wrap": ended})
        if data is not None:  # the form comes back because nothing was chosen
            self.fields["wrap"].widget.attrs["autofocus"] = True
        self.set_choices("wrap", [("", _("اختر")), *_build_choices(WRAP_UP_LABELS, WrapUp)])


class AttemptForm(ConsoleForm):
    outcome = _build_choice_field(gettext_lazy("لم نتكلم معه"), CallBackOutcome)

    def __init__(self, data: QueryDict | None = None):
        super().__init__(data)
        self.set_choices("outcome", [("", _("اختر")), *_build_choices(ATTEMPT_LABELS, ATTEMPT_LABELS)])


class LineForm(ConsoleForm):
    line = _build_line_field(gettext_lazy("خطك كما يسميه المقسم"), ltr=True, max_length=100)
