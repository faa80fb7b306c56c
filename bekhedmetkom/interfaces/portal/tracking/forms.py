"""Forms of the case page. Limits and permissions are checked by the commands."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from bekhedmetkom.interfaces.ui.uploads import UploadsField
from bekhedmetkom.kernel.references import parse_access_code, parse_reference


class TrackForm(forms.Form):
    """Reference and access code in any spelling. An error never says which of the two is wrong."""

    reference = forms.CharField(
        label=_("رقم الطلب"),
        help_text=_("مثل BK-7F3K-92MD"),
        error_messages={"required": _("اكتب رقم الطلب")},
        widget=forms.TextInput(
            attrs={
                "class": "input input--code",
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
            }
        ),
    )
    code = forms.CharField(
        label=_("رمز المتابعة"),
        help_text=_("عشرة أرقام."),
        error_messages={"required": _("اكتب رمز المتابعة")},
        widget=forms.TextInput(
            attrs={"class": "input input--code", "autocomplete": "off", "inputmode": "numeric"}
        ),
    )

    def clean_reference(self) -> str:
        if not (reference := parse_reference(self.cleaned_data["reference"])):
            raise ValidationError(_("رقم الطلب ثمانية أحرف وأرقام بعد BK"))
        return reference

    def clean_code(self) -> str:
        if not (code := parse_access_code(self.cleaned_data["code"])):
            raise ValidationError(_("رمز المتابعة عشرة أرقام"))
        return code


class MessageForm(forms.Form):
    """A text, files, or both."""

    text = forms.CharField(
        label=_("ما تريد إضافته"),
        required=False,
        widget=forms.Textarea(attrs={"class": "textarea textarea--sm", "rows": 4, "maxlength": 4000}),
    )
    uploads = UploadsField()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("text") and not data.get("uploads") and not self.errors:
            self.add_error("text", _("اكتب ما تريد إضافته، أو أرفق ملفًا"))
        return data


class RatingForm(forms.Form):
    """Whether it was solved, and optional stars."""

    solved = forms.ChoiceField(
        choices=[("yes", "yes"), ("no", "no")],
        error_messages={"required": _("اختر نعم أو لا"), "invalid_choice": _("اختر نعم أو لا")},
    )
    stars = forms.TypedChoiceField(
        required=False,
        coerce=int,
        empty_value=None,
        choices=[(stars, stars) for stars in range(1, 6)],
        error_messages={"invalid_choice": _("اختر من نجمة إلى خمس نجوم")},
    )
    comment = forms.CharField(
        required=False,
        label=_("تعليق"),
        widget=forms.Textarea(attrs={"class": "textarea textarea--sm", "rows": 3, "maxlength": 2000}),
    )


class AppealForm(forms.Form):
    """The reason of an appeal."""

    reason = forms.CharField(
        label=_("ما الذي لم يُحل؟"),
        error_messages={"required": _("اكتب ما الذي لم يُحل، ولو بجملة واحدة")},
        widget=forms.Textarea(attrs={"class": "textarea textarea--sm", "rows": 4, "maxlength": 4000}),
    )


class ConfirmationForm(forms.Form):
    """A confirmation without fields."""
