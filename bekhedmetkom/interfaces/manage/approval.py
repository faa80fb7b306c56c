"""Which replies of a body are approved before they go out. The body sets its rules at the desk; here they are all."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from bekhedmetkom.cases.commands import add_approval_rule
from bekhedmetkom.catalogue.rules import Kind
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.routing.models import ApprovalRule

from .columns import Day, Named
from .recorded import CheckedByCommand, Form, Recorded

WHICH = ("entity", "kind", "service", "officer", "new_for")


class NewRule(CheckedByCommand):
    class Meta:
        model = ApprovalRule
        fields = WHICH


class EndRule(Form):
    class Meta:
        model = ApprovalRule
        fields = (*WHICH, "ended_on")


class ApprovalRules(Recorded):
    """A rule is added and ends; what it says never changes."""

    model = ApprovalRule
    icon = "check"
    name = "approval-rules"
    menu_label = _("قواعد الاعتماد")
    fixed = WHICH
    related = ("entity", "service", "officer")
    list_display = (
        Named("entity", label=_("الجهة")), "kind", Named("service", label=_("الموضوع")),
        Named("officer", label=_("الموظف")), "new_for", Day("ended_on", label=_("انتهت في")),
    )  # fmt: skip
    list_filter = ("entity", "kind")

    form = NewRule
    edit_form = EndRule

    def create(self, form: Any, actor: Actor, at: datetime) -> ApprovalRule:
        given = {name: value for name, value in form.cleaned_data.items() if value}
        key = add_approval_rule(
            entity=given["entity"].pk,
            kind=Kind(given["kind"]) if "kind" in given else None,
            service=given["service"].pk if "service" in given else None,
            officer=given["officer"].pk if "officer" in given else None,
            new_for=given.get("new_for", 0),
            actor=actor,
            at=at,
        )
        return ApprovalRule.objects.get(pk=key)
