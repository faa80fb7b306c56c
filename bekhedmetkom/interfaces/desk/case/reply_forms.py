"""What is refused where its text says too little; and the decision in an appeal, which is weighed so."""

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
    """A form that is refused where its text says too little, until it says why it should go out as it is."""

    quality_reason = build_text_field(
        _("لماذا يُرسل كما هو؟"), hint=_("يبقى في السجل ويُعدّ، ولا يراه مقدم الطلب."), rows=2, required=False
    )

    def refuse(self, refusal: InvalidInput) -> None:
        """What is wrong with the reply stands on the page by itself: here is only what to do."""
        if isinstance(refusal, LowQualityReply) and not self.tells_findings:
            self.refuse_field(*refusal.errors[0])
        else:
            super().refuse(refusal)

    tells_findings = False  # whether nothing else on the page tells what was found


class DecideForm(QualityCheckedForm):
    tells_findings = True
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

    def offer(self) -> None:
        found = (Disposition.UPHELD, Disposition.PARTLY_UPHELD, Disposition.NOT_UPHELD)
        self.may_choose("outcome", [("", _("اختر")), *build_choices(APPEAL_OUTCOME_LABELS, found)])
        self.fields["outcome"].widget.attrs["data-key"] = "r"


APPEAL_OUTCOME_LABELS: Mapping[Disposition, BilingualText] = {
    Disposition.UPHELD: BilingualText("قُبل الاعتراض", "Appeal upheld"),
    Disposition.PARTLY_UPHELD: BilingualText("قُبل بعضه", "Partly upheld"),
    Disposition.NOT_UPHELD: BilingualText("لم يُقبل", "Not upheld"),
}


class ReplyPartsForm(ActionForm):
    """Given, they follow the text; left empty, the text is the whole reply."""

    unit = build_choice_field(_("القسم المسؤول"), int, required=False)
    on = forms.DateField(
        label=_("التاريخ"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": _("اكتب التاريخ مثل 2026-12-06.")},
    )  # fmt: skip
    objection = build_text_field(
        _("أين يعترض"), longest=MAX_OBJECTION_LENGTH, rows=2, required=False,
        hint=_("من قاعدة المدة، وتعديله لك. لا يُضاف إن قاله نصك."),
    )  # fmt: skip

    def offer(self) -> None:
        super().offer()
        case, day = self.case.standing, get_local_date(self.visit.at)
        here = [
            (str(unit.id), unit.get_name(self.visit.language)) for unit in list_units(case.entity_id, day)
        ]
        self.may_choose("unit", [("", _("بلا ذكر قسم")), *here])
        if case.kind is not Kind.PRAISE:
            self.initial["objection"] = describe_appeal(
                get_policy_version(case.policy_id).terms, case.language
            )

    def given(self) -> dict[str, Any]:
        """The parts as the command takes them; a template of which only the number is known."""
        chosen = str(self.data.get("template", ""))
        return {
            "unit": self.cleaned_data["unit"],
            "on": self.cleaned_data["on"],
            "objection": self.cleaned_data["objection"],
            "template": int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 18 else None,
        }


class ApprovalForm(QualityCheckedForm):
    """Yes to a reply that waits."""


class ReplyForm(QualityCheckedForm, ReplyPartsForm):
    """The same form saves a draft, goes up for approval and goes out; a template may begin its text."""

    checked = False  # without a script: the officer asked what is good and what is missing

    template = forms.CharField(label=_("القالب"), required=False, max_length=20)
    disposition = build_choice_field(_("النتيجة"), Disposition)
    text = build_text_field(_("نص الرد"), longest=MAX_REPLY_LENGTH, look="textarea--reply", rows=10)
    uploads = UploadsField()

    def offer(self) -> None:
        super().offer()
        rule = self.case.approval
        self.approved = explain_approval(rule) if rule else None
        self.approvers = choices.list_approvers(self.case, self.visit) if rule else []
        self.templates = choices.list_case_templates(self.case, self.visit)
        self.fields["template"].widget = TemplateSelect(
            {str(t.id): (t, {"text": choices.get_template_text(t, self.case)}) for t in self.templates},
            [("", _("بلا قالب")), *choices.group_templates(self.templates, self.visit.language)],
        )
        outcomes = build_choices(DISPOSITION_LABELS, DISPOSITIONS_BY_KIND[self.case.standing.kind])
        self.may_choose("disposition", [("", _("اختر")), *outcomes])
        self.fields["text"].widget.attrs["data-key"] = "r"
        self.order_fields(["template", "disposition", "text", "unit", "on", "objection", "quality_reason"])

    def take_up(self, place: str) -> None:
        super().take_up(place)
        if draft := self.kept:
            self.initial.update({"disposition": draft.disposition, "quality_reason": draft.quality_reason})
            self.initial.update(draft.parts)

    def quality(self) -> Judgement | None:
        """Of what is typed, where it was sent, kept as a draft or asked about."""
        if not (self.is_bound or self.checked or self.kept):
            return None
        return judge_typed_reply(self.case, self.visit, {name: self[name].value() for name in JUDGED_FIELDS})

    def facts(self) -> dict[str, Any]:
        return super().facts() | self.given()

    def keep(self, typed: QueryDict) -> None:
        """And what is good and missing in it."""
        super().keep(typed)
        self.checked = True

    def begin_with(self, typed: QueryDict) -> None:
        """Without a script: what was typed, and after it the chosen template. Not yet checked."""
        self.keep(typed)
        self.checked = False
        chosen = next((t for t in self.templates if str(t.id) == typed.get("template")), None)
        if chosen:
            parts = (self.initial.get("text", "").strip(), choices.get_template_text(chosen, self.case))
            self.initial["text"] = "\n\n".join(part for part in parts if part)
            self.initial["disposition"] = self.initial.get("disposition") or str(chosen.disposition)

    def begin_with_answer(self, typed: QueryDict) -> None:
        """After what was begun, the answer to a similar case, or what the body's system says: another's, to be read."""
        if typed.get("begin") == "system":
            entry = get_system_entry(self.case)
            beginning = entry.texts[0].body if entry and entry.texts else ""
        else:
            beginning = get_answer(self.visit.actor, typed.get("begin", ""))[:MAX_REPLY_LENGTH]
        self.initial["text"] = "\n\n".join(filter(None, (self.initial.get("text", "").strip(), beginning)))


class DraftForm(ReplyForm):
    """A reply that is not ready yet: nothing in it is demanded."""

    def offer(self) -> None:
        super().offer()
        for name in ("text", "disposition"):
            self.fields[name].required = False

    def facts(self) -> dict[str, Any]:
        return {
            "text": self.cleaned_data["text"],
            "disposition": str(self.cleaned_data["disposition"] or ""),
            "quality_reason": self.cleaned_data["quality_reason"],
            "version": self.cleaned_data["version"],
            "parts": {name: str(self[name].value() or "") for name in REPLY_PART_FIELDS},
        }


class TemplateSelect(forms.Select):
    """A select whose options carry what each text field begins with: the page's script puts it in at once."""

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
