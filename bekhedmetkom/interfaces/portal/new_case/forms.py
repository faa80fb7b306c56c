"""The form of each step. Each is bound to all answers and validates its own fields."""

from itertools import islice
from typing import Any

from django import forms
from django.forms.forms import DeclarativeFieldsMetaclass
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bekhedmetkom.attachments.rules import FileCategory
from bekhedmetkom.cases.rules.applicant import Applicant, parse_applicant
from bekhedmetkom.catalogue.queries import list_services_of
from bekhedmetkom.catalogue.rules import Kind
from bekhedmetkom.entities.queries import get_governorates
from bekhedmetkom.interfaces.ui.uploads import UploadsField
from bekhedmetkom.kernel.errors import FieldError

from .answers import AUTO_ROUTE, MAX_TEXT_LENGTH, NO_TOPIC, Answers

UNSURE = "unsure"
MAX_ADDRESS_LENGTH = 300
MAX_ABOUT_LENGTH = 100


class _SharedFields(dict[str, forms.Field]):
    """Form fields whose deep copy is shallow."""

    def __deepcopy__(self, _memo: object) -> dict[str, forms.Field]:
        return dict(self)


class _SharedFieldsMetaclass(DeclarativeFieldsMetaclass):
    """Shares the fields between a class's forms: copying them dominated the time of a step.

    A form must therefore not modify its fields.
    """

    def __new__(cls, *arguments: Any) -> Any:
        form: Any = super().__new__(cls, *arguments)
        form.base_fields = _SharedFields(form.base_fields)
        return form


class QuestionForm(forms.Form, metaclass=_SharedFieldsMetaclass):
    """The form of one step, bound to the answers so far."""

    def __init__(self, answers: Answers, *, checked: bool = True):
        """`checked=False` shows the answers without validating them."""
        self.answers = answers
        typed = answers.as_dict()
        super().__init__(typed if checked else None, initial=typed, use_required_attribute=False)


class KindForm(QuestionForm):
    kind = forms.ChoiceField(
        choices=[*((str(kind), kind) for kind in Kind), (UNSURE, UNSURE)],
        error_messages={
            "required": _("اختر واحدًا، أو «لست متأكدًا»"),
            "invalid_choice": _("اختر واحدًا من القائمة"),
        },
    )


class FearForm(QuestionForm):
    """Asked for every violation before any text is typed."""

    fear = forms.ChoiceField(
        choices=[("yes", "yes"), ("no", "no")],
        error_messages={"required": _("اختر نعم أو لا"), "invalid_choice": _("اختر نعم أو لا")},
    )


def _build_about_field(label: Any) -> forms.CharField:
    """Build a field for the person or unit that a complaint is about."""
    return forms.CharField(
        label=label,
        required=False,
        max_length=MAX_ABOUT_LENGTH,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
        error_messages={"max_length": _("الاسم أطول من 100 حرف. اختصره قليلًا")},
    )


class DescribeForm(QuestionForm):
    """The text, or a sound recording instead, with attachments."""

    text = forms.CharField(
        label=_("ماذا حدث؟"),
        required=False,
        max_length=MAX_TEXT_LENGTH,
        widget=forms.Textarea(attrs={"class": "textarea", "rows": 8, "aria-describedby": "id_text_helptext"}),
        error_messages={
            "max_length": _("النص أطول من 4,000 حرف. اختصره قليلًا"),
        },
    )
    uploads = UploadsField()
    about_employee = _build_about_field(_("اسم الموظف"))
    about_unit = _build_about_field(_("اسم القسم أو المديرية"))

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if not text:
            if not any(file.category is FileCategory.AUDIO for file in self.answers.files):
                raise forms.ValidationError(_("اكتب ما حدث، ولو بجملة واحدة"))
            return ""
        if len(list(islice(filter(str.isalpha, text), 3))) < 3:
            raise forms.ValidationError(_("اكتب ما حدث بكلمات، ولو بجملة واحدة"))
        return text


class DestinationForm(QuestionForm):
    to = forms.CharField(error_messages={"required": _("اختر جهة، أو دعنا نوجّهه نحن")})

    def clean_to(self) -> str:
        to: str = self.cleaned_data["to"]
        if to != AUTO_ROUTE and self.answers.entity is None:
            raise forms.ValidationError(_("اختر جهة من القائمة، أو دعنا نوجّهه نحن"))
        return to


class TopicForm(QuestionForm):
    """The topic; asked if a body was chosen by its name."""

    to = forms.CharField(error_messages={"required": _("اختر موضوعًا، أو «موضوع آخر»")})

    def clean_to(self) -> str:
        to: str = self.cleaned_data["to"]
        body = self.answers.entity
        _code, _slash, topic = to.partition("/")
        if topic == NO_TOPIC or self.answers.topic or (body and not list_services_of(body.id)):
            return to
        raise forms.ValidationError(_("اختر موضوعًا، أو «موضوع آخر»"))


def _list_governorates() -> list[tuple[str, Any]]:
    """Return the governorates in the page's language."""
    names = [(place.code, place.get_name(get_language() or "ar")) for place in get_governorates().values()]
    return [("", _("اختر المحافظة")), *names]


class PlaceForm(QuestionForm):
    """The place. `placed` marks that the step was shown: governorate and address may stay empty."""

    placed = forms.CharField()
    governorate = forms.ChoiceField(
        required=False,
        label=_("المحافظة"),
        choices=_list_governorates,
        widget=forms.Select(attrs={"class": "select"}),
        error_messages={"invalid_choice": _("اختر محافظة من القائمة")},
    )
    address = forms.CharField(
        required=False,
        label=_("العنوان"),
        help_text=_("الحي والشارع وأقرب علامة معروفة، كما تصفه لمن يزورك."),
        max_length=MAX_ADDRESS_LENGTH,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
        error_messages={"max_length": _("العنوان أطول من 300 حرف. اختصره قليلًا")},
    )

    lat = forms.CharField(required=False, widget=forms.HiddenInput)  # both are set by location.js
    lng = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_governorate(self) -> str:
        governorate: str = self.cleaned_data["governorate"]
        if not governorate and self.answers.topic and self.answers.topic.about_place:
            raise forms.ValidationError(_("اختر المحافظة، فالموضوع يتعلق بمكان"))
        return governorate


class ContactForm(QuestionForm):
    """Contact data or none; identity only where the topic requires it."""

    contact = forms.ChoiceField(
        choices=[("given", "given"), ("none", "none")],
        error_messages={
            "required": _("اختر كيف نصل إليك، أو «لا تتواصلوا معي»"),
            "invalid_choice": _("اختر واحدًا"),
        },
    )
    name = forms.CharField(
        required=False,
        label=_("الاسم"),
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "name"}),
    )
    phone = forms.CharField(
        required=False,
        label=_("رقم الهاتف"),
        widget=forms.TextInput(
            attrs={"class": "input input--code", "inputmode": "tel", "autocomplete": "tel", "dir": "ltr"}
        ),
    )
    email = forms.CharField(
        required=False,
        label=_("البريد الإلكتروني"),
        widget=forms.TextInput(
            attrs={"class": "input input--code", "inputmode": "email", "autocomplete": "email", "dir": "ltr"}
        ),
    )
    national_number = forms.CharField(
        required=False,
        label=_("الرقم الوطني أو الشخصي"),
        widget=forms.TextInput(
            attrs={"class": "input input--code", "inputmode": "numeric", "autocomplete": "off"}
        ),
    )
    passport = forms.CharField(
        required=False,
        label=_("أو رقم جواز السفر"),
        widget=forms.TextInput(attrs={"class": "input input--code", "autocomplete": "off"}),
    )
    for_name = forms.CharField(
        required=False,
        label=_("اسم من تكتب عنه"),
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )
    for_relation = forms.CharField(
        required=False,
        label=_("صلتك به"),
        help_text=_("مثل: والدتي، ابني، جاري، موكلي."),
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )
    language = forms.ChoiceField(required=False, choices=[("ar", "العربية"), ("en", "English")])
    withhold = forms.BooleanField(required=False)
    agreed = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.needs_identity:
            self._check_identity(data)
        elif data.get("contact") == "given" and not (data.get("phone") or data.get("email")):
            self.add_error("phone", _("اكتب رقم هاتف أو بريدًا إلكترونيًا، أو اختر «لا تتواصلوا معي»"))
        for filled, missing in (("for_name", "for_relation"), ("for_relation", "for_name")):
            if data.get(filled) and not data.get(missing):
                self.add_error(missing, _("اكتب اسم من تكتب عنه وصلتك به معًا"))
        for field, words in build_applicant(self.answers)[1]:
            self.add_error(field, words.in_language(get_language() or "ar"))
        return data

    @property
    def needs_identity(self) -> bool:
        return _needs_identity(self.answers)

    def _check_identity(self, data: dict[str, Any]) -> None:
        if not data.get("name"):
            self.add_error("name", _("اكتب اسمك، فهذا الموضوع لا يُعالج دون هوية صاحبه"))
        if not (data.get("national_number") or data.get("passport")):
            self.add_error("national_number", _("اكتب رقمك الوطني أو الشخصي، أو رقم جواز سفرك"))


def build_applicant(answers: Answers) -> tuple[Applicant, list[FieldError]]:
    """Return the applicant and the errors of the fields that were asked."""
    field_names = ["for_name", "for_relation"]
    if answers.contact == "given" or _needs_identity(answers):
        field_names += ["name", "phone", "email"]
    if _needs_identity(answers):
        field_names += ["national_number", "passport"]
    return parse_applicant(**{field: getattr(answers, field) for field in field_names})


def _needs_identity(answers: Answers) -> bool:
    return bool(answers.topic and answers.topic.needs_identity)
