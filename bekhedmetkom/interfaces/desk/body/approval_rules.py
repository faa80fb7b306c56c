"""A body's approval rules: which replies are approved before they are sent."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bekhedmetkom.cases.commands import add_approval_rule, end_approval_rule
from bekhedmetkom.cases.queries import describe_approval_rule, list_approval_rules
from bekhedmetkom.cases.rules.approval import NEW_OFFICER_DAYS
from bekhedmetkom.catalogue.queries import list_services_of
from bekhedmetkom.catalogue.rules import KIND_LABELS, Kind
from bekhedmetkom.entities.tree import Body
from bekhedmetkom.identity.queries import get_officer_names, list_colleagues
from bekhedmetkom.interfaces.access_control import audience, officer_required
from bekhedmetkom.interfaces.ui.form_renderer import FormRenderer
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.errors import InvalidInput, NotAllowed

from ..fields import build_choice_field, build_choices, style_field
from ..request_context import RequestContext, get_context
from .body_settings import build_page_context


@audience("officer")
@officer_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit_approval_rules(request: HttpRequest) -> HttpResponse:
    """List the rules, add one, or end one."""
    visit = get_context(request)
    page = build_page_context(request, visit, "approval")
    body: Body = page["body"]
    form = ApprovalRuleForm(request.POST if "add" in request.POST else None, body=body, visit=visit)
    rules = list_approval_rules(body.id)
    if request.method == "POST" and (done := _apply_change(request, visit, body, form)):
        messages.success(request, done)
        return redirect(f"{reverse('desk:approval')}?entity={body.code}")
    people = get_officer_names([rule.officer for rule in rules if rule.officer])
    page |= {"form": form, "rules": [(rule.id, describe_approval_rule(rule, people)) for rule in rules]}
    return render(request, "desk/body/approval_rules.html", page, status=422 if form.errors else 200)


def _apply_change(request: HttpRequest, visit: RequestContext, body: Body, form: "ApprovalRuleForm") -> str:
    """Apply the change and return its success message; empty if the form has errors."""
    if ended := request.POST.get("end"):
        rule = next((rule for rule in list_approval_rules(body.id) if str(rule.id) == ended), None)
        if rule is None:  # somebody else has just ended it
            return gettext("انتهت القاعدة.")
        end_approval_rule(rule=rule.id, actor=visit.actor, at=visit.at)
        return gettext("انتهت القاعدة. ما ينتظر الاعتماد يبقى منتظرًا.")
    if not form.is_valid():
        return ""
    try:
        add_approval_rule(entity=body.id, actor=visit.actor, at=visit.at, **form.get_command_arguments())
    except (InvalidInput, NotAllowed) as refused:
        form.add_error(None, refused.message.in_language(visit.language))
        return ""
    return gettext("أُضيفت القاعدة، وتسري من الآن.")


class ApprovalRuleForm(forms.Form):
    """Kind of case, topic and writer; an empty field means all."""

    default_renderer = FormRenderer

    kind = build_choice_field(_("نوع الطلب"), Kind, required=False)
    service = build_choice_field(_("الموضوع"), int, required=False)
    who = build_choice_field(_("من يكتب"), required=False)

    def __init__(self, data: QueryDict | None, *, body: Body, visit: RequestContext):
        super().__init__(data, auto_id="rule_%s")
        today, language = get_local_date(visit.at), get_language() or "ar"
        topics = [
            (str(topic.id), topic.get_name(language))
            for topic in list_services_of(body.id)
            if topic.is_open(today)
        ]
        people = {who.id: who.name.in_language(language) for who in list_colleagues(body.id, visit.at)}
        new = [
            (f"new:{days}", gettext("من بدأ قبل أقل من %(days)s يومًا") % {"days": days})
            for days in NEW_OFFICER_DAYS
        ]
        self._set_choices("kind", [("", _("كل الأنواع")), *build_choices(KIND_LABELS, Kind)])
        self._set_choices("service", [("", _("كل الموضوعات")), *topics])
        self._set_choices("who", [
            ("", _("كل الموظفين")), (gettext("الموظف الجديد"), new),
            (gettext("موظف بعينه"), [(f"officer:{key}", name) for key, name in people.items()]),
        ])  # fmt: skip
        for field in self.fields.values():
            style_field(field)

    def _set_choices(self, name: str, options: list[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = options

    def get_command_arguments(self) -> dict[str, Any]:
        """Return the command's arguments, without body, actor and time."""
        whose, _sep, number = str(self.cleaned_data["who"] or "").partition(":")
        who = {"new": "new_for"}.get(whose, whose)
        chosen = {who: int(number)} if who else {}
        return {"kind": self.cleaned_data["kind"], "service": self.cleaned_data["service"]} | chosen
