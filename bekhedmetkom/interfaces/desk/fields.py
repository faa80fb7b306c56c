"""Field builders of the desk's forms, with their error messages and CSS classes."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bekhedmetkom.entities.queries import get_working_calendar
from bekhedmetkom.kernel.text import BilingualText

MAX_TEXT_LENGTH = 4000
MAX_REPLY_LENGTH = 8000
LAST_YEAR = 2100  # nobody promises anything beyond, and calendars end somewhere


def style_field(field: forms.Field) -> None:
    match field.widget:
        case forms.Select():
            field.widget.attrs["class"] = "select"
        case forms.Textarea():
            field.widget.attrs["class"] = " ".join(["textarea", *field.widget.attrs.get("class", "").split()])
        case forms.TextInput() | forms.DateInput():
            field.widget.attrs["class"] = "input"


def build_text_field(
    label: Any,
    *,
    hint: Any = "",
    longest: int = MAX_TEXT_LENGTH,
    look: str = "",
    rows: int = 4,
    required: bool = True,
) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "class": look} if look else {"rows": rows})
    return forms.CharField(
        label=label, help_text=hint, max_length=longest, widget=widget, required=required,
        error_messages={"required": _("اكتب نصًا هنا.")},
    )  # fmt: skip


def build_choice_field(
    label: Any, read: Callable[[str], Any] = str, *, required: bool = True
) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, coerce=read, required=required, empty_value=None,
        error_messages={"required": _("اختر من القائمة."), "invalid_choice": _("اختر من القائمة.")},
    )  # fmt: skip


def _validate_year(day: date) -> None:
    if day.year > LAST_YEAR:
        raise forms.ValidationError(_("اختر تاريخًا أقرب."))


def _validate_working_day(day: date) -> None:
    _validate_year(day)
    if not get_working_calendar().is_open_day(day):
        raise forms.ValidationError(_("هذا يوم عطلة. اختر يوم عمل."))


def build_date_field(label: Any, *, working: bool = False) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}),
        validators=[_validate_working_day if working else _validate_year],
        error_messages={"required": _("اختر تاريخًا."), "invalid": _("اكتب التاريخ مثل 2026-12-06.")},
    )  # fmt: skip


def build_choices(words: Mapping[Any, BilingualText], among: Iterable[Any]) -> list[tuple[str, str]]:
    return [(str(value), words[value].in_language(get_language() or "ar")) for value in among]
