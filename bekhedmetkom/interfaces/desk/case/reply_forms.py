"""Forms of a reply: writing, approving, and the decision on an appeal. A reply of low quality needs a reason."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from bekhedmetkom.cases.commands import LowQualityReply
from bekhedmetkom.cases.queries import explain_approval, get_answer
from bekhedmetkom.cases.rules.drafts import REPLY_PART_FIELDS
from bekhedmetkom.cases.rules.quality import Judgement
from bekhedmetkom.cases.rules.reply_parts import MAX_OBJECTION_LENGTH, describe_appeal
from bekhedmetkom.catalogue.queries import ReplyTemplate, get_policy_version
from bekhedmetkom.catalogue.rules import DISPOSITION_LABELS, DISPOSITIONS_BY_KIND, Disposition, Kind
from bekhedmetkom.entities.queries import list_units
from bekhedmetkom.interfaces.ui.uploads import UploadsField
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.errors import InvalidInput
from bekhedmetkom.kernel.text import BilingualText

from .. import choices
from ..fields import MAX_REPLY_LENGTH, build_choice_field, build_choices, build_text_field
from .action_forms import ActionForm
from .reply_quality import JUDGED_FIELDS, judge_typed_reply
from .timeline import get_system_entry


class QualityCheckedForm(ActionForm):
    """A form that is refused while its text is of low quality, unless a reason is given."""

    quality_reason = build_text_field(
        _("لماذا يُرسل كما هو؟"), hint=_("يبقى في السجل ويُعدّ، ولا يراه مقدم الطلب."), rows=2, required=False
    )

    def add_refusal(self, refusal: InvalidInput) -> None:
        """What is wrong with the reply stands on the page by itself: here is only what to do."""
        if isinstance(refusal, LowQualityReply) and not self.lists_findings:
            self.add_refusal_error(*refusal.errors[0])
        else:
            super().add_refusal(refusal)

    lists_findings = False  # whether nothing else on the page tells what was found


class DecideForm(QualityCheckedForm):
    lists_findings = True
    field_order = ("outcome", "text", "quality_reason")
    outcome = build_choice_field(_("القرار"), Disposition)
    text = build_text_field(
        _("نص القرار"), longest=MAX_REPLY_LENGTH, look="textarea--reply", rows=9,
        hint=_("يقرؤه مقدم الطلب: ما الذي وجدته، ولماذا، وأين يلجأ بعد ذلك."),
    )  # fmt: skip

    def visible_fields(self) -> list[BoundField]:
        """The reason for a text that says too little is asked for where it says too little."""
        return [
            field
            for field in super().visible_fields()
            if field.name != "quality_reason" or field.errors or field.value()
        ]

    def set_up(self) -> None:
        found = (Disposition.UPHELD, Disposition.PARTLY_UPHELD, Disposition.NOT_UPHELD)
        self.set_choices("outcome", [("", _("اختر")), *build_choices(APPEAL_OUTCOME_LABELS, found)])
        self.fields["outcome"].widget.attrs["data-key"] = "r"


APPEAL_OUTCOME_LABELS: Mapping[Disposition, BilingualText] = {
    Disposition.UPHELD: BilingualText("قُبل الاعتراض", "Appeal upheld"),
    Disposition.PARTLY_UPHELD: BilingualText("قُبل بعضه", "Partly upheld"),
    Disposition.NOT_UPHELD: BilingualText("لم يُقبل", "Not upheld"),
}


class ReplyPartsForm(ActionForm):
    """Optional parts that are appended to the reply's text."""

    unit = build_choice_field(_("القسم المسؤول"), int, required=False)
    on = forms.DateField(
        label=_("التاريخ"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": _("اكتب التاريخ مثل 2026-12-06.")},
    )  # fmt: skip
    objection = build_text_field(
        _("أين يعترض"), longest=MAX_OBJECTION_LENGTH, rows=2, required=False,
        hint=_("من قاعدة المدة، وتعديله لك. لا يُضاف إن قاله نصك."),
    )  # fmt: skip

    def set_up(self) -> None:
        super().set_up()
        case, day = self.case.standing, get_local_date(self.visit.at)
        here = [
            (str(unit.id), unit.get_name(self.visit.language)) for unit in list_units(case.entity_id, day)
        ]
        self.set_choices("unit", [("", _("بلا ذكر قسم")), *here])
        if case.kind is not Kind.PRAISE:
            self.initial["objection"] = describe_appeal(
                get_policy_version(case.policy_id).terms, case.language
            )

    def get_reply_parts(self) -> dict[str, Any]:
        """Return the parts as the command takes them; `None` for an unknown template."""
        chosen = str(self.data.get("template", ""))
        return {
            "unit": self.cleaned_data["unit"],
            "on": self.cleaned_data["on"],
            "objection": self.cleaned_data["objection"],
            "template": int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 18 else None,
        }


class ApprovalForm(QualityCheckedForm):
    """Approve a waiting reply."""


class ReplyForm(QualityCheckedForm, ReplyPartsForm):
    """One form for saving a draft, submitting for approval and answering; a template may start its text."""

    shows_quality = False  # without a script: the officer asked what is good and what is missing

    template = forms.CharField(label=_("القالب"), required=False, max_length=20)
    disposition = build_choice_field(_("النتيجة"), Disposition)
    text = build_text_field(_("نص الرد"), longest=MAX_REPLY_LENGTH, look="textarea--reply", rows=10)
    uploads = UploadsField()

    def set_up(self) -> None:
        super().set_up()
        rule = self.case.approval
        self.approval_reason = explain_approval(rule) if rule else None
        self.approvers = choices.list_approvers(self.case, self.visit) if rule else []
        self.templates = choices.list_case_templates(self.case, self.visit)
        self.fields["template"].widget = TemplateSelect(
            {str(t.id): (t, {"text": choices.get_template_text(t, self.case)}) for t in self.templates},
            [("", _("بلا قالب")), *choices.group_templates(self.templates, self.visit.language)],
        )
        outcomes = build_choices(DISPOSITION_LABELS, DISPOSITIONS_BY_KIND[self.case.standing.kind])
        self.set_choices("disposition", [("", _("اختر")), *outcomes])
        self.fields["text"].widget.attrs["data-key"] = "r"
        self.order_fields(["template", "disposition", "text", "unit", "on", "objection", "quality_reason"])

    def load_draft(self, place: str) -> None:
        super().load_draft(place)
        if draft := self.draft:
            self.initial.update({"disposition": draft.disposition, "quality_reason": draft.quality_reason})
            self.initial.update(draft.parts)

    def judge_quality(self) -> Judgement | None:
        """Return the quality of a text that was submitted, saved as a draft or checked; else `None`."""
        if not (self.is_bound or self.shows_quality or self.draft):
            return None
        return judge_typed_reply(self.case, self.visit, {name: self[name].value() for name in JUDGED_FIELDS})

    def get_command_arguments(self) -> dict[str, Any]:
        return super().get_command_arguments() | self.get_reply_parts()

    def keep_typed_values(self, typed: QueryDict) -> None:
        """And what is good and missing in it."""
        super().keep_typed_values(typed)
        self.shows_quality = True

    def apply_template(self, typed: QueryDict) -> None:
        """Without JavaScript: append the chosen template to the typed text, without validating yet."""
        self.keep_typed_values(typed)
        self.shows_quality = False
        chosen = next((t for t in self.templates if str(t.id) == typed.get("template")), None)
        if chosen:
            parts = (self.initial.get("text", "").strip(), choices.get_template_text(chosen, self.case))
            self.initial["text"] = "\n\n".join(part for part in parts if part)
            self.initial["disposition"] = self.initial.get("disposition") or str(chosen.disposition)

    def apply_existing_answer(self, typed: QueryDict) -> None:
        """Append the answer to a similar case, or the external system's text, to the typed text."""
        if typed.get("begin") == "system":
            entry = get_system_entry(self.case)
            beginning = entry.texts[0].body if entry and entry.texts else ""
        else:
            beginning = get_answer(self.visit.actor, typed.get("begin", ""))[:MAX_REPLY_LENGTH]
        self.initial["text"] = "\n\n".join(filter(None, (self.initial.get("text", "").strip(), beginning)))


class DraftForm(ReplyForm):
    """A reply in progress: no field is required."""

    def set_up(self) -> None:
        super().set_up()
        for name in ("text", "disposition"):
            self.fields[name].required = False

    def get_command_arguments(self) -> dict[str, Any]:
        return {
            "text": self.cleaned_data["text"],
            "disposition": str(self.cleaned_data["disposition"] or ""),
            "quality_reason": self.cleaned_data["quality_reason"],
            "version": self.cleaned_data["version"],
            "parts": {name: str(self[name].value() or "") for name in REPLY_PART_FIELDS},
        }


class TemplateSelect(forms.Select):
    """A select whose options carry the template texts, which the page's script inserts."""

    def __init__(
        self, templates: Mapping[str, tuple[ReplyTemplate, Mapping[str, str]]], options: choices.Options
    ):
        super().__init__(choices=options)
        self.templates = templates

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if found := self.templates.get(str(value)):
            template, bodies = found
            option["attrs"] |= {f"data-{field.replace('_', '-')}": body for field, body in bodies.items()}
            option["attrs"]["data-outcome"] = str(template.disposition)
        return option
