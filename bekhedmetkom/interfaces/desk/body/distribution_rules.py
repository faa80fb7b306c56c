"""A body's distribution rules and officers' skills, and a trial of the rules on last month's cases."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bekhedmetkom.cases.commands import (
    add_distribution_rule,
    add_skill,
    end_distribution_rule,
    end_skill,
    raise_distribution_rule,
)
from bekhedmetkom.cases.queries import describe_rule, run_rule_trial
from bekhedmetkom.catalogue.queries import list_services_of
from bekhedmetkom.entities.queries import get_governorates, list_units
from bekhedmetkom.entities.tree import Body
from bekhedmetkom.identity.queries import get_officer_names, list_colleagues
from bekhedmetkom.interfaces.access_control import audience, officer_required
from bekhedmetkom.interfaces.ui.form_renderer import FormRenderer
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.errors import InvalidInput, NotAllowed
from bekhedmetkom.routing.queries import list_skills, list_unit_rules
from bekhedmetkom.routing.rules import ASSIGNMENT_METHOD_LABELS, AssignmentMethod

from ..choices import Options
from ..fields import build_choice_field, build_choices, style_field
from ..request_context import RequestContext, get_context
from .body_settings import build_page_context


@audience("officer")
@officer_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit_distribution_rules(request: HttpRequest) -> HttpResponse:
    """List the rules in order; add, end or move one up."""
    visit = get_context(request)
    page = build_page_context(request, visit, "distribution")
    body: Body = page["body"]
    form = DistributionRuleForm(request.POST if "add" in request.POST else None, body=body, visit=visit)
    skill = SkillForm(request.POST if "know" in request.POST else None, body=body, visit=visit)
    if request.method == "POST" and (done := _apply_change(request, visit, body, form, skill)):
        messages.success(request, done)
        return redirect(f"{reverse('desk:distribution')}?entity={body.code}")
    known = list_skills(body.id)
    people = get_officer_names({officer for _key, officer, _topic in known})
    page |= {
        "form": form, "rules": [(rule, describe_rule(rule)) for rule in list_unit_rules(body.id)], "skill": skill,
        "skills": [(key, people.get(officer), words) for key, officer, words in known],
    }  # fmt: skip
    return render(
        request, "desk/body/distribution_rules.html", page, status=422 if form.errors or skill.errors else 200
    )


@audience("officer")
@officer_required
@never_cache
@require_safe
def show_distribution_trial(request: HttpRequest) -> HttpResponse:
    """Show what the rules would have done with the last 30 days' cases, beside what people did."""
    visit = get_context(request)
    page = build_page_context(request, visit, "distribution")
    body: Body = page["body"]
    found = run_rule_trial(visit.actor, body.id, visit.at)
    people = get_officer_names([officer for officer, _cases in found.officers])
    page |= {
        "trial": found,
        "officers": [(people[officer], cases) for officer, cases in found.officers if officer in people],
    }  # fmt: skip
    return render(request, "desk/body/distribution_trial.html", page)


def _apply_change(
    request: HttpRequest, visit: RequestContext, body: Body, form: "DistributionRuleForm", skill: "SkillForm"
) -> str:
    """Apply the change and return its success message; empty if the form has errors."""
    acts: dict[str, tuple[Callable[..., Any], str, str]] = {
        "end": (end_distribution_rule, "rule", gettext("انتهت القاعدة. ما وزّعته يبقى كما هو.")),
        "raise": (raise_distribution_rule, "rule", gettext("تغيّر الترتيب.")),
        "unlearn": (end_skill, "skill", gettext("حُفظ.")),
    }
    own = {"end": (rules := {rule.id for rule in list_unit_rules(body.id)}), "raise": rules,
           "unlearn": {key for key, _officer, _topic in list_skills(body.id)}}  # fmt: skip
    for name, (command, key, done) in acts.items():
        if given := request.POST.get(name):
            if given in {str(one) for one in own[name]}:  # else somebody has just ended it
                command(**{key: int(given)}, actor=visit.actor, at=visit.at)
            return done
    if "know" in request.POST:
        return _add(skill, add_skill, body, visit, gettext("حُفظ."))
    return _add(form, add_distribution_rule, body, visit, gettext("أُضيفت القاعدة في آخر القائمة."))


def _add(form: forms.Form, command: Callable[..., Any], body: Body, visit: RequestContext, done: str) -> str:
    if not form.is_valid():
        return ""
    try:
        command(entity=body.id, actor=visit.actor, at=visit.at, **form.cleaned_data)
    except InvalidInput as refused:
        for field, words in refused.errors:
            form.add_error(field if field in form.fields else None, words.in_language(visit.language))
        return ""
    except NotAllowed as refused:
        form.add_error(None, refused.message.in_language(visit.language))
        return ""
    return done


class _BodyForm(forms.Form):
    default_renderer = FormRenderer

    def __init__(self, data: QueryDict | None, *, body: Body, visit: RequestContext):
        super().__init__(data, auto_id=f"{type(self).__name__.lower()}_%s")
        today, language = get_local_date(visit.at), get_language() or "ar"
        self.topics = [
            (str(topic.id), topic.get_name(language))
            for topic in list_services_of(body.id)
            if topic.is_open(today)
        ]
        self.set_up(body, visit, language)
        for field in self.fields.values():
            style_field(field)

    def set_up(self, body: Body, visit: RequestContext, language: str) -> None:
        """Fill in the choices for this body."""

    def set_choices(self, name: str, options: Options) -> None:
        """Set the options of a select field."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = options


class DistributionRuleForm(_BodyForm):
    """Topic and governorate, the unit that gets the case, and whether it happens automatically."""

    service = build_choice_field(_("الموضوع"), int, required=False)
    governorate = build_choice_field(_("المحافظة"), int, required=False)
    unit = build_choice_field(_("إلى قسم"), int)
    give = build_choice_field(_("لمن في القسم"), AssignmentMethod)
    automatic = forms.BooleanField(
        label=_("تلقائيًا، بلا نظر موظف"), required=False,
        help_text=_("وإلا فهي اقتراح يظهر عند التكليف."),
    )  # fmt: skip

    def set_up(self, body: Body, visit: RequestContext, language: str) -> None:
        units = [
            (str(unit.id), unit.get_name(language)) for unit in list_units(body.id, get_local_date(visit.at))
        ]
        self.set_choices("service", [("", _("كل الموضوعات")), *self.topics])
        self.set_choices(
            "governorate",
            [
                ("", _("كل المحافظات")),
                *((str(place.id), place.get_name(language)) for place in get_governorates().values()),
            ],
        )
        self.set_choices("unit", [("", _("اختر")), *units])
        self.set_choices("give", build_choices(ASSIGNMENT_METHOD_LABELS, AssignmentMethod))


class SkillForm(_BodyForm):
    """Which officer knows which topic."""

    officer = build_choice_field(_("الموظف"), int)
    topic = build_choice_field(_("الموضوع"), int)

    def set_up(self, body: Body, visit: RequestContext, language: str) -> None:
        people = {
            str(who.id): who.name.in_language(language)
            for who in list_colleagues(body.id, visit.at)
            if who.unit
        }
        self.set_choices("officer", [("", _("اختر")), *people.items()])
        self.set_choices("topic", [("", _("اختر")), *self.topics])
