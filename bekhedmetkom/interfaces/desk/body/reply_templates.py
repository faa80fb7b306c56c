"""A body's reply templates: a list with their use and results, and the form of one."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bekhedmetkom.cases.commands import save_template
from bekhedmetkom.cases.queries import TemplateUse, get_template_use
from bekhedmetkom.catalogue.queries import ReplyTemplate, list_templates
from bekhedmetkom.catalogue.rules import (
    DISPOSITION_LABELS,
    DISPOSITIONS_BY_KIND,
    KIND_LABELS,
    Disposition,
    Kind,
)
from bekhedmetkom.entities.tree import Body
from bekhedmetkom.interfaces.access_control import audience, officer_required
from bekhedmetkom.interfaces.ui.form_renderer import FormRenderer
from bekhedmetkom.kernel.errors import InvalidInput, NotAllowed
from bekhedmetkom.kernel.text import BilingualText

from ..fields import build_choice_field, build_text_field, style_field
from ..request_context import RequestContext, get_context
from .body_settings import build_page_context


class TemplateRow(NamedTuple):
    """A template with its use."""

    template: ReplyTemplate
    kind: BilingualText
    outcome: BilingualText
    is_own: bool
    usage: TemplateUse


@audience("officer")
@officer_required
@never_cache
@require_safe
def show_templates(request: HttpRequest) -> HttpResponse:
    """List the body's own templates and the shared ones, with their use and the citizens' feedback."""
    visit = get_context(request)
    page = build_page_context(request, visit, "templates")
    use = get_template_use(page["body"].id, visit.at)
    lines = [
        TemplateRow(
            one, KIND_LABELS[one.kind], DISPOSITION_LABELS[one.disposition], one.entity == page["body"].id,
            use.get((one.kind, one.disposition, one.entity, one.name_ar), TemplateUse()),
        )
        for one in list_templates(page["body"].id)
    ]  # fmt: skip
    lines.sort(key=lambda line: (bool(line.template.closed_on), not line.is_own, -line.usage.used))
    return render(request, "desk/body/reply_templates.html", page | {"lines": lines})


@audience("officer")
@officer_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit_template(request: HttpRequest, key: int) -> HttpResponse:
    """Save a new version of a template; 0 creates one. A shared template is copied to the body."""
    visit = get_context(request)
    page = build_page_context(request, visit, "templates")
    body: Body = page["body"]
    found = next((one for one in list_templates(body.id) if one.id == key), None)
    if key and found is None:
        raise Http404
    own = found is not None and found.entity == body.id
    form = TemplateForm(
        request.POST if request.method == "POST" else None, visit=visit, begun=found, fixed=own
    )
    if request.method == "POST" and form.is_valid() and _save_template(request, visit, body, form):
        messages.success(request, gettext("حُفظ القالب."))
        return redirect(f"{reverse('desk:templates')}?entity={body.code}")
    page |= {"form": form, "template": found, "own": own}
    return render(request, "desk/body/reply_template.html", page, status=422 if form.errors else 200)


def _save_template(request: HttpRequest, visit: RequestContext, body: Body, form: "TemplateForm") -> bool:
    try:
        closed = "close" in request.POST
        save_template(
            entity=body.id, closed=closed, actor=visit.actor, at=visit.at, **form.get_command_arguments()
        )
    except InvalidInput as invalid:
        for field, words in invalid.errors:
            form.add_error(field if field in form.fields else None, words.in_language(visit.language))
    except NotAllowed as refused:
        form.add_error(None, refused.message.in_language(visit.language))
    return not form.errors


class TemplateForm(forms.Form):
    """`fixed`: a template keeps its kind, outcome and name in all versions."""

    default_renderer = FormRenderer

    sort = build_choice_field(_("نوع الطلب والنتيجة"))
    name_ar = forms.CharField(
        label=_("اسم القالب"), max_length=200, error_messages={"required": _("اكتب نصًا هنا.")}
    )
    body_ar = build_text_field(
        _("النص بالعربية"), longest=6000, rows=9, look="textarea--reply",
        hint=_("ما يملؤه الموظف ضعه بين قوسين: {تاريخ الإصلاح}. لا يُرسل رد وفيه فراغ."),
    )  # fmt: skip
    body_en = build_text_field(
        _("النص بالإنجليزية"), longest=6000, rows=5, required=False, hint=_("لمن كتب طلبه بالإنجليزية.")
    )

    def __init__(
        self, data: QueryDict | None, *, visit: RequestContext, begun: ReplyTemplate | None, fixed: bool
    ):
        super().__init__(data, auto_id="template_%s")
        sort = self.fields["sort"]
        assert isinstance(sort, forms.ChoiceField)
        sort.choices = [("", _("اختر")), *_build_outcome_choices(visit.language)]
        if begun:
            self.initial = {
                "sort": f"{begun.kind}:{begun.disposition}", "name_ar": begun.name_ar, "body_ar": begun.body_ar,
                "body_en": begun.body_en,
            }  # fmt: skip
        for name, field in self.fields.items():
            style_field(field)
            field.disabled = fixed and name in ("sort", "name_ar")

    def get_command_arguments(self) -> dict[str, Any]:
        """Return the command's arguments, without body, actor and time."""
        kind, _sep, disposition = str(self.cleaned_data["sort"]).partition(":")
        return {
            "kind": Kind(kind), "disposition": Disposition(disposition), "name": self.cleaned_data["name_ar"],
            "body_ar": self.cleaned_data["body_ar"], "body_en": self.cleaned_data["body_en"],
        }  # fmt: skip


def _build_outcome_choices(language: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    for kind, outcomes in DISPOSITIONS_BY_KIND.items():
        said = KIND_LABELS[kind].in_language(language)
        yield (
            said,
            [
                (f"{kind}:{one}", f"{said}: {DISPOSITION_LABELS[one].in_language(language)}")
                for one in outcomes
            ],
        )
