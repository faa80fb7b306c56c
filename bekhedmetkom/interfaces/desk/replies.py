"""The reply to the citizen: one form that keeps a draft, goes up for approval or goes out."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from bekhedmetkom.cases.commands import SaysTooLittle
from bekhedmetkom.cases.queries import answer_of, why
from bekhedmetkom.cases.rules.quality import Judgement
from bekhedmetkom.catalogue.queries import ReplyTemplate
from bekhedmetkom.catalogue.rules import DISPOSITION_WORDS, DISPOSITIONS, Disposition
from bekhedmetkom.interfaces.look.uploads import UploadsField
from bekhedmetkom.kernel.errors import Invalid

from . import choices
from .forms import LONGEST_REPLY, VerbForm, choice_field, named, text_field
from .quality import written


class Weighed(VerbForm):
    """A form that is refused where the reply says too little, until it says why it should go out as it is."""

    quality_reason = text_field(
        _("لماذا يُرسل كما هو؟"), hint=_("يبقى في السجل ويُعدّ، ولا يراه مقدم الطلب."), rows=2, required=False
    )

    def refuse(self, refusal: Invalid) -> None:
        """What is wrong with the reply stands on the page by itself: here is only what to do."""
        if isinstance(refusal, SaysTooLittle):
            self.refuse_field(*refusal.errors[0])
        else:
            super().refuse(refusal)


class Approval(Weighed):
    """Yes to a reply that waits."""


class Reply(Weighed):
    """The same form saves a draft, goes up for approval and goes out; a template may begin its text."""

    checked = False  # without a script: the officer asked what is good and what is missing

    template = forms.ChoiceField(label=_("القالب"), required=False)
    disposition = choice_field(_("النتيجة"), Disposition)
    text = text_field(_("نص الرد"), longest=LONGEST_REPLY, look="textarea--reply", rows=10)
    uploads = UploadsField()

    def offer(self) -> None:
        rule = self.case.approval
        self.approved = why(rule) if rule else None
        self.approvers = choices.approvers(self.case, self.visit) if rule else []
        self.templates = choices.reply_templates(self.case, self.visit)
        self.fields["template"] = forms.ChoiceField(
            label=_("القالب"), required=False,
            choices=[("", _("بلا قالب")), *choices.grouped_templates(self.templates, self.visit.language)],
            widget=TemplateSelect({str(t.id): (t, choices.body_of(t, self.case)) for t in self.templates}),
        )  # fmt: skip
        outcomes = named(DISPOSITION_WORDS, DISPOSITIONS[self.case.standing.kind])
        self.may_choose("disposition", [("", _("اختر")), *outcomes])
        self.fields["text"].widget.attrs["data-key"] = "r"
        self.order_fields(["template", "disposition", "text", "quality_reason"])

    def take_up(self, place: str) -> None:
        super().take_up(place)
        if draft := self.kept:
            self.initial.update({"disposition": draft.disposition, "quality_reason": draft.quality_reason})

    def quality(self) -> Judgement | None:
        """Of what is typed, where it was sent, kept as a draft or asked about."""
        if not (self.is_bound or self.checked or self.kept):
            return None
        text, disposition = (str(self[name].value() or "") for name in ("text", "disposition"))
        return written(self.case, self.visit, text[:LONGEST_REPLY], disposition)

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
            parts = (self.initial.get("text", "").strip(), choices.body_of(chosen, self.case))
            self.initial["text"] = "\n\n".join(part for part in parts if part)
            self.initial["disposition"] = self.initial.get("disposition") or str(chosen.disposition)

    def begin_with_answer(self, typed: QueryDict) -> None:
        """After what was begun, the answer to a similar case. Its names and dates are another's: it is to be read."""
        beginning = answer_of(self.visit.actor, typed.get("begin", ""))[:LONGEST_REPLY]
        self.initial["text"] = "\n\n".join(filter(None, (self.initial.get("text", "").strip(), beginning)))


class Draft(Reply):
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
        }


class TemplateSelect(forms.Select):
    """A select whose options carry their text, so that the page's script can put it in at once."""

    def __init__(self, templates: Mapping[str, tuple[ReplyTemplate, str]]):
        super().__init__()
        self.templates = templates

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if found := self.templates.get(str(value)):
            template, body = found
            option["attrs"] |= {"data-body": body, "data-outcome": str(template.disposition)}
        return option
