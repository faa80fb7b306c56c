"""The reply to the citizen: one form that keeps a draft, goes up for approval or goes out."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from bekhedmetkom.cases.queries import answer_of, why
from bekhedmetkom.cases.rules.drafts import PARTS
from bekhedmetkom.cases.rules.quality import Judgement
from bekhedmetkom.catalogue.queries import ReplyTemplate
from bekhedmetkom.catalogue.rules import DISPOSITION_LABELS, DISPOSITIONS_BY_KIND, Disposition
from bekhedmetkom.interfaces.look.uploads import UploadsField

from . import choices
from .fields import LONGEST_REPLY, choice_field, named, text_field
from .journal import system_said
from .parts import WithParts
from .quality import JUDGED, written
from .weighed import Weighed


class Approval(Weighed):
    """Yes to a reply that waits."""


class Reply(Weighed, WithParts):
    """The same form saves a draft, goes up for approval and goes out; a template may begin its text."""

    checked = False  # without a script: the officer asked what is good and what is missing

    template = forms.CharField(label=_("القالب"), required=False, max_length=20)
    disposition = choice_field(_("النتيجة"), Disposition)
    text = text_field(_("نص الرد"), longest=LONGEST_REPLY, look="textarea--reply", rows=10)
    uploads = UploadsField()

    def offer(self) -> None:
        super().offer()
        rule = self.case.approval
        self.approved = why(rule) if rule else None
        self.approvers = choices.approvers(self.case, self.visit) if rule else []
        self.templates = choices.reply_templates(self.case, self.visit)
        self.fields["template"].widget = TemplateSelect(
            {str(t.id): (t, {"text": choices.body_of(t, self.case)}) for t in self.templates},
            [("", _("بلا قالب")), *choices.grouped_templates(self.templates, self.visit.language)],
        )
        outcomes = named(DISPOSITION_LABELS, DISPOSITIONS_BY_KIND[self.case.standing.kind])
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
        return written(self.case, self.visit, {name: self[name].value() for name in JUDGED})

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
            parts = (self.initial.get("text", "").strip(), choices.body_of(chosen, self.case))
            self.initial["text"] = "\n\n".join(part for part in parts if part)
            self.initial["disposition"] = self.initial.get("disposition") or str(chosen.disposition)

    def begin_with_answer(self, typed: QueryDict) -> None:
        """After what was begun, the answer to a similar case, or what the body's system says: another's, to be read."""
        if typed.get("begin") == "system":
            entry = system_said(self.case)
            beginning = entry.texts[0].body if entry and entry.texts else ""
        else:
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
            "parts": {name: str(self[name].value() or "") for name in PARTS},
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
