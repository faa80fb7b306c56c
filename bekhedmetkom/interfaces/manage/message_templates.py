"""How messages are worded: every template with its texts, their preview in both languages and their length."""

from typing import Any

from django import forms
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from bekhedmetkom.interfaces.access_control import administrator_required, get_request_actor
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.errors import InvalidInput
from bekhedmetkom.notifications.commands import save_template_text
from bekhedmetkom.notifications.queries import TemplateVariant, list_template_variants
from bekhedmetkom.notifications.rendering import build_sample_values, fill_placeholders
from bekhedmetkom.notifications.rules.delivery import CHANNEL_LABELS, Channel
from bekhedmetkom.notifications.rules.sms import count_sms_parts
from bekhedmetkom.notifications.rules.templates import (
    TEMPLATE_LABELS,
    MessageText,
    Template,
    find_unknown_placeholders,
    list_placeholders,
)

from .command_viewsets import add_refusal_errors

LANGUAGE_NAMES = {"ar": "العربية", "en": "English"}


class MessageTextForm(forms.Form):
    """One template on one way in one language, with what it comes to when its blanks are filled."""

    subject = forms.CharField(label=_("عنوان البريد"), max_length=200)
    body = forms.CharField(label=_("النص"), widget=forms.Textarea({"rows": 8}), max_length=4000)

    def __init__(self, said: TemplateVariant, data: Any = None):
        self.current_text = said
        super().__init__(data, prefix=f"{said.channel}-{said.language}", initial=said.text._asdict())
        if said.channel is not Channel.EMAIL:
            del self.fields["subject"]
            self.fields["body"].widget.attrs["rows"] = 3
        for field in self.fields.values():
            field.widget.attrs |= {"dir": "rtl" if said.language == "ar" else "ltr", "lang": said.language}

    @property
    def title(self) -> str:
        channel = CHANNEL_LABELS[self.current_text.channel].in_language(get_language() or "ar")
        return f"{channel} · {LANGUAGE_NAMES[self.current_text.language]}"

    @property
    def wording(self) -> MessageText:
        given = self.data if self.is_bound else {}
        kept = self.current_text.text
        return MessageText(
            given.get(self.add_prefix("subject"), kept.subject), given.get(self.add_prefix("body"), kept.body)
        )

    @property
    def preview(self) -> MessageText | None:
        """`None` while a blank is not ours."""
        if any(find_unknown_placeholders(self.current_text.template, text) for text in self.wording):
            return None
        return fill_placeholders(
            self.wording, build_sample_values(self.current_text.template), self.current_text.language
        )

    @property
    def sms_part_count(self) -> int | None:
        return (
            count_sms_parts(self.preview.body)
            if self.current_text.channel is Channel.SMS and self.preview
            else None
        )


@method_decorator(administrator_required, name="dispatch")
class MessageTemplateListView(WagtailAdminTemplateMixin, TemplateView):
    """Every template, and which of them say something else than our own words."""

    audience = "administrator"
    template_name = "manage/message_templates.html"
    page_title = _("نصوص الرسائل")
    header_icon = "edit"

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [*self.breadcrumbs_items, {"url": "", "label": gettext("نصوص الرسائل")}]

    def get_context_data(self, **kwargs: Any) -> Any:
        language = get_language() or "ar"
        rows = [
            (
                template,
                TEMPLATE_LABELS[template].in_language(language),
                any(variant.is_custom for variant in list_template_variants(template)),
            )
            for template in Template
        ]
        groups = [
            (gettext("لمقدم الطلب"), [row for row in rows if not row[0].for_officers]),
            (gettext("للموظفين"), [row for row in rows if row[0].for_officers]),
        ]
        return super().get_context_data(groups=groups, **kwargs)


@method_decorator(administrator_required, name="dispatch")
class MessageTemplateEditView(WagtailAdminTemplateMixin, TemplateView):
    """All texts of one template. What is changed is saved as the next version of that text alone."""

    audience = "administrator"
    template_name = "manage/message_template.html"
    header_icon = "edit"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        try:
            self.template = Template(kwargs["template"])
        except ValueError:
            raise Http404 from None
        self.forms = [
            MessageTextForm(said, request.POST or None) for said in list_template_variants(self.template)
        ]

    def get_page_title(self) -> str:
        return TEMPLATE_LABELS[self.template].in_language(get_language() or "ar")

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("manage-wordings"), "label": gettext("نصوص الرسائل")},
            {"url": "", "label": self.get_page_title()},
        ]

    def post(self, request: HttpRequest, template: str) -> HttpResponse:
        failed = [form for form in self.forms if not form.is_valid()]
        if "save" in request.POST and not failed and self._save(request):
            messages.success(request, gettext("حُفظت النصوص. تُستعمل من الآن في الرسائل الجديدة."))
            return redirect("manage-wordings")
        return self.render_to_response(self.get_context_data())

    def _save(self, request: HttpRequest) -> bool:
        """All that was changed, or nothing."""
        actor = get_request_actor(request)
        assert actor is not None
        with transaction.atomic():
            for form in self.forms:
                if not form.has_changed():
                    continue
                try:
                    save_template_text(
                        template=self.template, channel=form.current_text.channel, language=form.current_text.language,
                        wording=form.wording, actor=actor, at=clock.now(),
                    )  # fmt: skip
                except InvalidInput as refused:
                    add_refusal_errors(form, refused)
            refused_any = any(form.errors for form in self.forms)
            transaction.set_rollback(refused_any)
        return not refused_any

    def get_context_data(self, **kwargs: Any) -> Any:
        language = get_language() or "ar"
        named = [
            (f"{{{name}}}", words.in_language(language))
            for name, words in list_placeholders(self.template).items()
        ]
        return super().get_context_data(forms=self.forms, blanks=named, **kwargs)
