"""Forms for tasks and joint cases: ask another unit or body, answer, call off."""

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

    def set_up(self) -> None:
        self.set_choices("unit", choices.list_other_units(self.case, self.visit))

    def get_command_arguments(self) -> dict[str, Any]:
        unit, _sep, officer = str(self.cleaned_data["unit"]).partition(":")
        return super().get_command_arguments() | {
            "unit": int(unit),
            "officer": int(officer) if officer else None,
        }

    def add_refusal_error(self, field: str, words: BilingualText) -> None:
        super().add_refusal_error("unit" if field == "officer" else field, words)


class ExistingTaskForm(ActionForm):
    """A form about one of the case's tasks; preselected if there is only one."""

    of = build_choice_field(_("أي مهمة؟"), int)

    def set_up(self) -> None:
        found = [task for task in self.case.tasks if self.applies_to(task)]
        language = get_language() or "ar"
        self.set_choices(
            "of",
            [
                (str(one.seq), f"{one.to.in_language(language)}: {Truncator(one.text).chars(60)}")
                for one in found
            ],
        )
        if len(found) == 1:
            self.fields["of"].widget = forms.HiddenInput()
            self.initial["of"] = found[0].seq

    def preselect(self, to: str) -> None:
        if to and not isinstance(self.fields["of"].widget, forms.HiddenInput):
            self.initial["of"] = to

    def applies_to(self, task: TaskView) -> bool:
        """Whether the officer can do this with the task."""
        return task.mine


class ContributeForm(ExistingTaskForm):
    text = build_text_field(_("الجواب"), hint=_("يقرؤه من يعالج الطلب، ولا يراه مقدم الطلب كما هو."), rows=6)


class CallOffForm(ExistingTaskForm):
    reason = build_text_field(_("السبب"), hint=_("يبقى في السجل، ولا يراه مقدم الطلب."))

    def applies_to(self, task: TaskView) -> bool:
        return task.off


class JoinForm(DatedForm):
    entity = build_choice_field(_("الجهة"), int)
    text = build_text_field(_("المطلوب"), hint=_("تقرؤه الجهة مع الطلب. لا يراه مقدم الطلب."))
    field_order = ("entity", "text", "until")

    def set_up(self) -> None:
        self.set_choices("entity", choices.list_other_bodies(self.case, self.visit))


class TakePartForm(ExistingTaskForm):
    def applies_to(self, task: TaskView) -> bool:
        return task.joins


class DeclineForm(ExistingTaskForm):
    reason = build_text_field(_("السبب"), hint=_("تقرؤه الجهة التي طلبت."))

    def applies_to(self, task: TaskView) -> bool:
        return task.declines
