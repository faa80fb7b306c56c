"""Which replies of a body are approved before they go out. The body sets its rules at the desk; here they are all."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from bekhedmetkom.cases.commands import add_approval_rule
from bekhedmetkom.catalogue.rules import Kind
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.routing.models import ApprovalRule

from .command_viewsets import CommandForm, CommandViewSet, ModelForm
from .list_columns import DateColumn, NameColumn

RULE_FIELDS = ("entity", "kind", "service", "officer", "new_for")


class ApprovalRuleForm(CommandForm):
    class Meta:
        model = ApprovalRule
        fields = RULE_FIELDS


class EndApprovalRuleForm(ModelForm):
    class Meta:
        model = ApprovalRule
        fields = (*RULE_FIELDS, "ended_on")


class ApprovalRuleViewSet(CommandViewSet):
    """A rule is added and ends; what it says never changes."""

    model = ApprovalRule
    icon = "check"
    name = "approval-rules"
    menu_label = _("قواعد الاعتماد")
    fixed_fields = RULE_FIELDS
    select_related_fields = ("entity", "service", "officer")
    list_display = (
        NameColumn("entity", label=_("الجهة")), "kind", NameColumn("service", label=_("الموضوع")),
        NameColumn("officer", label=_("الموظف")), "new_for", DateColumn("ended_on", label=_("انتهت في")),
    )  # fmt: skip
    list_filter = ("entity", "kind")

    form = ApprovalRuleForm
    edit_form = EndApprovalRuleForm

    def create_instance(self, form: Any, actor: Actor, at: datetime) -> ApprovalRule:
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
