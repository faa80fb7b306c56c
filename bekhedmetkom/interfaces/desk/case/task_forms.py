"""The forms by which something is asked of another unit or body, answered and called off."""

from typing import Any

from django import forms
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bekhedmetkom.cases.queries import TaskView
from bekhedmetkom.kernel.text import BilingualText

from .. import choices
from ..fields import build_choice_field, build_text_field
from .action_forms import ActionForm, DatedForm


class TaskForm(DatedForm):
    unit = build_choice_field(_("القسم، أو موظف منه"))
    text = build_text_field(_("المطلوب"), hint=_("يقرؤه القسم مع الطلب. لا يراه مقدم الطلب."))
    field_order = ("unit", "text", "until")

    def offer(self) -> None:
        self.may_choose("unit", choices.list_other_units(self.case, self.visit))

    def facts(self) -> dict[str, Any]:
        unit, _sep, officer = str(self.cleaned_data["unit"]).partition(":")
        return super().facts() | {"unit": int(unit), "officer": int(officer) if officer else None}

    def refuse_field(self, field: str, words: BilingualText) -> None:
        super().refuse_field("unit" if field == "officer" else field, words)


class ExistingTaskForm(ActionForm):
    """About one of the case's tasks: where there is only one, it is that."""

    of = build_choice_field(_("أي مهمة؟"), int)

    def offer(self) -> None:
        found = [task for task in self.case.tasks if self.theirs(task)]
        language = get_language() or "ar"
        self.may_choose(
            "of",
            [
                (str(one.seq), f"{one.to.in_language(language)}: {Truncator(one.text).chars(60)}")
                for one in found
            ],
        )
        if len(found) == 1:
            self.fields["of"].widget = forms.HiddenInput()
            self.initial["of"] = found[0].seq

    def choose(self, to: str) -> None:
        if to and not isinstance(self.fields["of"].widget, forms.HiddenInput):
            self.initial["of"] = to

    def theirs(self, task: TaskView) -> bool:
        """Whether the officer can do this about the task."""
        return task.mine


class ContributeForm(ExistingTaskForm):
    text = build_text_field(_("الجواب"), hint=_("يقرؤه من يعالج الطلب، ولا يراه مقدم الطلب كما هو."), rows=6)


class CallOffForm(ExistingTaskForm):
    reason = build_text_field(_("السبب"), hint=_("يبقى في السجل، ولا يراه مقدم الطلب."))

    def theirs(self, task: TaskView) -> bool:
        return task.off


class JoinForm(DatedForm):
    entity = build_choice_field(_("الجهة"), int)
    text = build_text_field(_("المطلوب"), hint=_("تقرؤه الجهة مع الطلب. لا يراه مقدم الطلب."))
    field_order = ("entity", "text", "until")

    def offer(self) -> None:
        self.may_choose("entity", choices.list_other_bodies(self.case, self.visit))


class TakePartForm(ExistingTaskForm):
    def theirs(self, task: TaskView) -> bool:
        return task.joins


class DeclineForm(ExistingTaskForm):
    reason = build_text_field(_("السبب"), hint=_("تقرؤه الجهة التي طلبت."))

    def theirs(self, task: TaskView) -> bool:
        return task.declines
