"""Table of the bulk actions: label, form and command of each."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.queries import SelectedCase, find_desk_case
from bekhedmetkom.cases.rules.actions import ACTIONS as PERMISSIONS
from bekhedmetkom.cases.rules.transitions import NotPossibleNow
from bekhedmetkom.catalogue.queries import ReplyTemplate
from bekhedmetkom.catalogue.rules import DISPOSITION_LABELS, DISPOSITIONS_BY_KIND, Disposition
from bekhedmetkom.identity.rules import ROLE_PERMISSIONS, Role
from bekhedmetkom.interfaces.ui.form_renderer import FormRenderer

from .. import choices
from ..case.actions import ACTIONS, Action, Label
from ..case.reply_forms import TemplateSelect
from ..fields import MAX_REPLY_LENGTH, build_choice_field, build_choices, build_text_field, style_field
from ..request_context import RequestContext


class BulkForm(forms.Form):
    """A form about several cases."""

    default_renderer = FormRenderer

    def __init__(
        self, data: QueryDict | None = None, *, cases: Sequence[SelectedCase], visit: RequestContext
    ):
        super().__init__(data)
        self.cases, self.visit = cases, visit
        self.set_up()
        for field in self.fields.values():
            style_field(field)
        for first in self.visible_fields()[:1]:
            first.field.widget.attrs["autofocus"] = True

    def set_up(self) -> None:
        """Fill in the choices for these cases."""

    def set_choices(self, name: str, options: choices.Options) -> None:
        """Set the options of a select field."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = options

    def includes(self, one: SelectedCase) -> bool:
        """Whether the action applies to this case; of merged cases the remaining one is left out."""
        return True

    def get_command_arguments(self, one: SelectedCase) -> dict[str, Any]:
        """Return the command's arguments for one case, without case, sequence number, actor and time."""
        return dict(self.cleaned_data)

    @property
    def body_ids(self) -> list[int]:
        """The bodies that have these cases."""
        return sorted({one.row.entity_id for one in self.cases})


class BulkAssignForm(BulkForm):
    to = build_choice_field(_("إلى"))

    def set_up(self) -> None:
        self.set_choices("to", choices.list_handlers_of_bodies(self.body_ids, self.visit))

    def get_command_arguments(self, one: SelectedCase) -> dict[str, Any]:
        what, _sep, key = str(self.cleaned_data["to"]).partition(":")
        return {what: int(key)}


class BulkReferForm(BulkForm):
    entity = build_choice_field(_("إلى"), int)
    reason = build_text_field(_("السبب"), hint=_("تقرؤه الجهة التي تستقبله."))

    def set_up(self) -> None:
        here = self.body_ids[0] if len(self.body_ids) == 1 else None
        self.set_choices("entity", choices.list_bodies_except(here, self.visit))


class BulkMergeForm(BulkForm):
    into = build_choice_field(_("الطلب الذي يبقى"))

    def set_up(self) -> None:
        by_date = sorted(self.cases, key=lambda one: one.row.due_at)
        self.set_choices(
            "into", [(one.row.reference, f"{one.row.reference} · {one.row.title}") for one in by_date]
        )

    def includes(self, one: SelectedCase) -> bool:
        return bool(one.row.reference != self.cleaned_data["into"])


class BulkAnswerForm(BulkForm):
    """A text for each language of these citizens; a template may start them."""

    template = forms.CharField(label=_("القالب"), required=False, max_length=20)
    disposition = build_choice_field(_("النتيجة"), Disposition)
    text = build_text_field(_("نص الرد"), longest=MAX_REPLY_LENGTH, look="textarea--reply", rows=8)
    text_en = build_text_field(
        _("نص الرد لمن كتب بالإنجليزية"), longest=MAX_REPLY_LENGTH, look="textarea--reply", rows=8
    )

    def set_up(self) -> None:
        languages = {one.language for one in self.cases}
        for name, language in (("text", "ar"), ("text_en", "en")):
            if language not in languages:
                del self.fields[name]
        templates = {
            template.id: template
            for kind, body in sorted({(one.row.kind, one.row.entity_id) for one in self.cases})
            for template in choices.list_templates(kind, body, self.visit)
        }
        self.templates = templates
        self.fields["template"].widget = TemplateSelect(
            {str(key): (template, _get_texts(template)) for key, template in templates.items()},
            [("", _("بلا قالب")), *choices.group_templates(list(templates.values()), self.visit.language)],
        )
        kinds = {one.row.kind for one in self.cases}
        fitting = [one for one in Disposition if all(one in DISPOSITIONS_BY_KIND[kind] for kind in kinds)]
        self.set_choices("disposition", [("", _("اختر")), *build_choices(DISPOSITION_LABELS, fitting)])
        self.order_fields(["template", "disposition"])

    def apply_template(self, typed: QueryDict) -> None:
        """Append the chosen template to the typed texts, without validating yet."""
        self.initial.update({name: typed.get(name, "") for name in self.fields})
        chosen = self.get_template(typed.get("template", ""))
        if chosen is None:
            return
        for name, body in _get_texts(chosen).items():
            self.initial[name] = "\n\n".join(filter(None, (self.initial.get(name, "").strip(), body)))
        self.initial["disposition"] = self.initial["disposition"] or str(chosen.disposition)

    def get_template(self, key: str) -> ReplyTemplate | None:
        """Return the chosen template; `None` if none was chosen."""
        return next((template for template in self.templates.values() if str(template.id) == key), None)

    def get_command_arguments(self, one: SelectedCase) -> dict[str, Any]:
        template = self.get_template(self.cleaned_data["template"])
        return {
            "reference": one.row.reference,
            "text": self.cleaned_data["text_en" if one.language == "en" else "text"],
            "disposition": self.cleaned_data["disposition"],
            "template": template.id if template else None,
        }


def _get_texts(template: ReplyTemplate) -> dict[str, str]:
    """Return the template's texts by field."""
    return {"text": template.body_ar, "text_en": template.body_en or template.body_ar}


class BulkAction(NamedTuple):
    """`action` is the same action on one case, which provides icon and key. `minimum`: how many cases it needs."""

    action: Action
    form: type[BulkForm]
    command: Callable[..., Any]
    label: Label
    hint: Label = ""
    minimum: int = 1


def _send_reply(*, case: Any, actor: Any, at: Any, reference: str, **facts: Any) -> Any:
    """Send the answer, or submit it for approval, as the case page does."""
    found = find_desk_case(actor, reference, at)
    can = found.can if found else []
    if "answer" in can:
        return commands.answer_case(case=case, actor=actor, at=at, **facts)
    if "submit" in can or found is None:
        return commands.submit_reply(case=case, actor=actor, at=at, **facts)
    raise NotPossibleNow(found.standing.state)


BULK_ACTIONS: Mapping[str, BulkAction] = {
    bulk.action.name: bulk
    for bulk in (
        BulkAction(ACTIONS["assign"], BulkAssignForm, commands.assign_case, _("تكليف")),
        BulkAction(ACTIONS["refer"], BulkReferForm, commands.refer_case, _("إحالة"),
             _("لجهة أخرى. الموعد لا يتغير، ومقدم كل طلب يُبلَّغ.")),
        BulkAction(ACTIONS["merge"], BulkMergeForm, commands.merge_case, _("دمج"),
             _("لطلبات الشخص نفسه فقط. يبقى الموعد الأقرب."), minimum=2),
        BulkAction(ACTIONS["answer"], BulkAnswerForm, _send_reply, _("رد بقالب"),
             _("الرد نفسه لكل طلب. يُفحص لكل واحد وحده، ويُرفع للاعتماد حيث يلزم.")),
        BulkAction(ACTIONS["approve"], BulkForm, commands.approve_reply, _("اعتماد"),
             _("يُعتمد ما اجتاز الفحص وكتبه غيرك. الباقي يبقى مكانه، ويُذكر السبب.")),
    )
}  # fmt: skip


def list_bulk_actions(visit: RequestContext) -> list[BulkAction]:
    """Return the bulk actions that one of the officer's roles permits."""
    may = {permission for grant in visit.actor.grants for permission in ROLE_PERMISSIONS[Role(grant.role)]}
    return [bulk for name, bulk in BULK_ACTIONS.items() if PERMISSIONS[name][0] in may]
