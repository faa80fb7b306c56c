"""Forms of disclosers. Every error has a sentence, and the page keeps what was typed."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy, ngettext

from bekhedmetkom.disclosures.rules.manifest import Manifest
from bekhedmetkom.disclosures.rules.receipts import WORD_COUNT, find_unknown_words, fold_words

MAX_TEXT_LENGTH = 20_000
PLAIN_INPUT_ATTRS = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}


class LongTextField(forms.CharField):
    def __init__(self, label: Any, missing: Any):
        super().__init__(
            label=label,
            max_length=MAX_TEXT_LENGTH,
            widget=forms.Textarea(attrs=PLAIN_INPUT_ATTRS | {"class": "textarea", "rows": 8}),
            error_messages={
                "required": missing,
                "max_length": gettext_lazy("اختصر: أقصى ما نقبله هنا 20000 حرف. أرسل الباقي في ملف."),
            },
        )


class _FormWithFiles(forms.Form):
    """Files are received by an upload handler (`upload_handlers.py`); the form only reports their errors."""

    use_required_attribute = False  # browsers show their own message, in their own language

    def add_file_errors(self, too_large: Sequence[str], too_many: bool, is_full: bool) -> None:
        """Add errors for files that were not accepted."""
        for name in too_large:
            self.add_error(None, gettext("الملف «%(name)s» أكبر من 20 ميغابايت.") % {"name": name})
        if too_many:
            self.add_error(None, gettext("يمكن إرسال 10 ملفات في المرة الواحدة."))
        if is_full:
            self.add_error(
                None, gettext("لا مكان لملفات أخرى اليوم. أرسل ما كتبته دون ملفات، وأضفها غدًا بكلماتك العشر.")
            )


class ReportForm(_FormWithFiles):
    text = LongTextField(gettext_lazy("ما الذي تعرفه؟"), gettext_lazy("اكتب ما تعرفه."))
    identity = forms.ChoiceField(choices=[("no", ""), ("yes", "")], required=False, initial="no")
    name = forms.CharField(
        label=gettext_lazy("اسمك"), max_length=120, required=False,
        widget=forms.TextInput(attrs=PLAIN_INPUT_ATTRS | {"class": "input"}),
        error_messages={"max_length": gettext_lazy("الاسم أطول مما نقبله (120 حرفًا).")},
    )  # fmt: skip
    phone = forms.CharField(
        label=gettext_lazy("رقم هاتفك"), max_length=40, required=False,
        widget=forms.TextInput(attrs=PLAIN_INPUT_ATTRS | {"class": "input", "inputmode": "tel", "dir": "ltr"}),
        error_messages={"max_length": gettext_lazy("رقم الهاتف أطول مما نقبله (40 حرفًا).")},
    )  # fmt: skip
    exclude = forms.MultipleChoiceField(
        label=gettext_lazy("من لا يجوز أن يقرأ بلاغك؟"), required=False, widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("اختر من الأسماء التي في الصفحة.")},
    )  # fmt: skip

    def __init__(self, *args: Any, manifest: Manifest, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.officers = [(officer.id, officer.name) for officer in manifest.officers]
        exclude = self.fields["exclude"]
        assert isinstance(exclude, forms.MultipleChoiceField)
        exclude.choices = self.officers

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if len(data.get("exclude", [])) == len(self.officers):
            self.add_error("exclude", gettext("اترك موظفًا واحدًا على الأقل، وإلا لم يقرأ بلاغك أحد."))
        if data.get("identity") == "yes" and not (data.get("name") or data.get("phone")):
            self.add_error("name", gettext("اكتب اسمك أو رقم هاتفك، أو اختر أن تبقى مجهولًا."))
        return data

    def get_identity(self) -> dict[str, str]:
        """Return name and phone if the discloser gives them to the custodians, else nothing."""
        data = self.cleaned_data
        return {"name": data["name"], "phone": data["phone"]} if data["identity"] == "yes" else {}


class MessageForm(_FormWithFiles):
    text = LongTextField(gettext_lazy("اكتب للهيئة"), gettext_lazy("اكتب رسالتك."))
    turn = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class ReceiptForm(forms.Form):
    use_required_attribute = False

    words = forms.CharField(
        label=gettext_lazy("كلمات العودة"), max_length=600,
        widget=forms.TextInput(attrs=PLAIN_INPUT_ATTRS | {"class": "input"}),
        error_messages={
            "required": gettext_lazy("اكتب الكلمات العشر."),
            "max_length": gettext_lazy("اكتب الكلمات العشر وحدها."),
        },
    )  # fmt: skip

    def clean_words(self) -> str:
        """Reject what cannot be a receipt; the word list is public."""
        words: str = self.cleaned_data["words"]
        typed = fold_words(words)
        if len(typed) != WORD_COUNT:
            raise forms.ValidationError(
                ngettext("كتبت كلمة واحدة، وهي عشر.", "كتبت %(n)s كلمات، وهي عشر.", len(typed))
                % {"n": len(typed)}
            )
        if positions := find_unknown_words(words):
            raise forms.ValidationError(
                gettext("ليست من كلماتنا: الكلمة %(places)s. راجع ورقتك.")
                % {"places": gettext("، ").join(map(str, positions))}
            )
        return words
