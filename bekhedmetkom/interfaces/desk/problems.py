"""Problems: groups of similar cases with one cause. Confirm, edit, reschedule, link cases and answer them together."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bekhedmetkom.cases.queries.lists.case_rows import CaseRow
from bekhedmetkom.cases.rules.access import has_permission_anywhere
from bekhedmetkom.cases.rules.states import OPEN_STATES
from bekhedmetkom.entities.queries import get_tree, list_units
from bekhedmetkom.identity.queries import get_reachable_bodies, list_colleagues
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.interfaces.access_control import audience, officer_required
from bekhedmetkom.interfaces.ui.form_renderer import FormRenderer
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.errors import InvalidInput, Refusal
from bekhedmetkom.kernel.formatting import CASE, format_count
from bekhedmetkom.problems import commands
from bekhedmetkom.problems.commands.case_links import LinkResult
from bekhedmetkom.problems.commands.decisions import MAX_NAME_LENGTH, MAX_NOTE_LENGTH, ProblemDescription
from bekhedmetkom.problems.queries import DeskProblem, get_desk_problem, list_desk_problems
from bekhedmetkom.problems.rules.statuses import STATUS_LABELS, ProblemStatus

from .fields import build_choice_field, build_date_field, build_text_field, style_field
from .lists.bulk_actions import MAX_SELECTED
from .navigation import PROBLEMS_PAGE, render_page
from .request_context import RequestContext, get_context

_MAX_SHOWN_REFUSALS = 5


class _ProblemForm(forms.Form):
    default_renderer = FormRenderer

    def __init__(
        self, data: QueryDict | None = None, *, problem: DeskProblem, visit: RequestContext, **given: Any
    ):
        super().__init__(data, auto_id=f"{type(self).__name__.lower()}_%s", **given)
        self.problem, self.visit = problem, visit
        self.set_up()
        for field in self.fields.values():
            style_field(field)

    def set_up(self) -> None:
        """Fill in the choices for this problem."""


class WordingForm(_ProblemForm):
    """The public description of the problem, and who is responsible for it."""

    name_ar = forms.CharField(
        label=_("اسم المشكلة"),
        max_length=MAX_NAME_LENGTH,
        help_text=_("يقرؤه الناس: ما هي وأين."),
        error_messages={"required": _("اكتب نصًا هنا.")},
    )
    name_en = forms.CharField(label=_("اسمها بالإنجليزية"), max_length=MAX_NAME_LENGTH,
                              error_messages={"required": _("اكتب نصًا هنا.")})  # fmt: skip
    note_ar = build_text_field(_("ما يُعمل لحلها"), longest=MAX_NOTE_LENGTH, rows=3,
                         hint=_("بكلمات يفهمها الجميع، بلا أسماء ولا أرقام هواتف."))  # fmt: skip
    note_en = build_text_field(_("ما يُعمل، بالإنجليزية"), longest=MAX_NOTE_LENGTH, rows=3)
    entity = build_choice_field(_("الجهة المسؤولة"), int)
    unit = build_choice_field(_("القسم"), int, required=False)
    officer = build_choice_field(_("الموظف المسؤول"), int, required=False)

    def set_up(self) -> None:
        body, language = self.problem.body, self.visit.language
        today = get_local_date(self.visit.at)
        bodies = get_reachable_bodies(self.visit.actor, Permission.LINK)
        known = [one for one in get_tree() if one.is_open(today) and (bodies is None or one.id in bodies)]
        units = [(str(unit.id), unit.name.in_language(language)) for unit in list_units(body.id, today)]
        people = {who.id: who.name.in_language(language) for who in list_colleagues(body.id, self.visit.at)}
        options: Mapping[str, list[tuple[str, Any]]] = {
            "entity": sorted(
                ((str(one.id), one.get_name(language)) for one in known), key=lambda one: one[1]
            ),
            "unit": [("", _("بلا تحديد")), *units],
            "officer": [("", _("بلا تحديد")), *((str(key), name) for key, name in people.items())],
        }
        for name, choices in options.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
        for name, longer in (("name_ar", "ar"), ("note_ar", "ar"), ("name_en", "en"), ("note_en", "en")):
            self.fields[name].widget.attrs |= {"lang": longer, "dir": "rtl" if longer == "ar" else "ltr"}
        of, note = self.problem.summary.name, self.problem.note
        self.initial.update({
            "name_ar": of.ar, "name_en": of.en, "note_ar": note.ar, "note_en": note.en, "entity": body.id,
            "unit": self.problem.unit_id or "", "officer": self.problem.officer_id or "",
        })  # fmt: skip

    @property
    def description(self) -> ProblemDescription:
        names = ("name_ar", "name_en", "note_ar", "note_en", "entity", "unit", "officer")
        return ProblemDescription(**{name: self.cleaned_data[name] for name in names})


class ConfirmationForm(WordingForm):
    fix_on = build_date_field(_("موعد الإصلاح"))


class DismissalForm(_ProblemForm):
    reason = build_text_field(_("لماذا ليست مشكلة واحدة؟"), rows=2, longest=MAX_NOTE_LENGTH)


class RescheduleForm(_ProblemForm):
    fix_on = build_date_field(_("الموعد الجديد"))
    reason_ar = build_text_field(
        _("لماذا تغيّر؟"), rows=2, longest=MAX_NOTE_LENGTH, hint=_("يقرؤه الناس في صفحة المشكلة.")
    )
    reason_en = build_text_field(_("السبب بالإنجليزية"), rows=2, longest=MAX_NOTE_LENGTH)


@audience("officer")
@officer_required
@never_cache
@require_safe
def show_problems(request: HttpRequest) -> HttpResponse:
    """List problems to decide, confirmed ones, and those that ended lately."""
    visit = _get_problem_context(request)
    known = list_desk_problems(visit.actor, visit.at)
    groups = [
        (title, [one for one in known if one.status in which])
        for title, which in (
            (_("بانتظار قرارك"), [ProblemStatus.FOUND]),
            (_("قيد الإصلاح"), [ProblemStatus.CONFIRMED]),
            (_("انتهت في آخر 30 يومًا"), [ProblemStatus.FIXED, ProblemStatus.DISMISSED]),
        )
    ]
    shown = {"groups": groups, "any": known, "page_route": PROBLEMS_PAGE.route}
    return render_page(request, visit, "desk/problems/problems.html", shown)


@audience("officer")
@officer_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def handle_problem(request: HttpRequest, number: int) -> HttpResponse:
    """Show one problem with its cases and a form for each action, or perform one."""
    visit = _get_problem_context(request)
    found = get_desk_problem(visit.actor, number, visit.at)
    if found is None:
        raise Http404
    pressed = request.POST.get("do", "") if request.method == "POST" else ""
    given = {
        name: _FORMS[name](request.POST if name == pressed else None, problem=found, visit=visit)
        for name in _FORMS
    }
    failed = False
    if pressed:
        failed = not _perform_action(request, visit, found, pressed, given.get(pressed))
        if not failed:
            return redirect("desk:problem", number)
    page = render_page(request, visit, "desk/problems/problem.html", _build_page(request, found, given))
    page.status_code = 422 if failed else 200
    return page


_FORMS: Mapping[str, type[_ProblemForm]] = {
    "confirm": ConfirmationForm, "dismiss": DismissalForm, "reword": WordingForm, "move": RescheduleForm,
}  # fmt: skip


def _get_problem_context(request: HttpRequest) -> RequestContext:
    visit = get_context(request)
    if not has_permission_anywhere(visit.actor, Permission.LINK):
        raise PermissionDenied
    return visit


def _build_page(request: HttpRequest, found: DeskProblem, given: Mapping[str, forms.Form]) -> dict[str, Any]:
    waiting = [row for row in found.linked_cases if row.state in OPEN_STATES]
    picked = [("case", f"{row.reference}:{row.seq}") for row in waiting[:MAX_SELECTED]]
    return {
        "problem": found,
        "forms": given,
        "status": STATUS_LABELS[found.summary.status],
        "page_route": PROBLEMS_PAGE.route,
        "linked": [(row, 0) for row in found.linked_cases],
        "waiting": len(waiting),
        "at_once": len(picked),
        "answer_all": f"{reverse('desk:bulk', args=['answer'])}?{urlencode(picked)}" if picked else "",
        "kept": set(request.POST.getlist("case")) if request.method == "POST" else None,
    }


def _perform_action(
    request: HttpRequest, visit: RequestContext, found: DeskProblem, pressed: str, form: forms.Form | None
) -> bool:
    """Perform the action. Returns False if its form has errors; other refusals become messages."""
    act = _ACTIONS.get(pressed)
    if act is None or (form is not None and not form.is_valid()):
        return act is None
    try:
        act(request, visit, found, form)
    except InvalidInput as refused:
        for name, words in refused.errors:
            target = name if form is not None and name in form.fields else None
            if form is None:
                messages.error(request, words.in_language(visit.language))
                return True
            form.add_error(target, words.in_language(visit.language))
        return False
    except Refusal as refused:
        messages.error(request, refused.message.in_language(visit.language))
    return True


def _get_command_arguments(request: HttpRequest, visit: RequestContext, found: DeskProblem) -> dict[str, Any]:
    seen = request.POST.get("seen", "")
    number = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else -1
    return {"problem": found.summary.id, "seen": number, "actor": visit.actor, "at": visit.at}


def _list_selected_cases(request: HttpRequest, rows: Sequence[CaseRow]) -> list[UUID]:
    ticked = set(request.POST.getlist("case"))
    return [row.id for row in rows if row.reference in ticked]


def _confirm(request: HttpRequest, visit: RequestContext, found: DeskProblem, form: Any) -> None:
    cases = _list_selected_cases(request, [row for row, _likeness in found.similar_cases])
    outcomes = commands.confirm_problem(
        **_get_command_arguments(request, visit, found),
        said=form.description,
        fix_on=form.cleaned_data["fix_on"],
        cases=cases,
    )
    messages.success(request, gettext("أُكّدت المشكلة، ويقرؤها الناس من الآن."))
    _report_outcomes(request, visit, found, outcomes)


def _dismiss(request: HttpRequest, visit: RequestContext, found: DeskProblem, form: Any) -> None:
    commands.dismiss_problem(
        **_get_command_arguments(request, visit, found), reason=form.cleaned_data["reason"]
    )
    messages.success(request, gettext("سُجّل أنها ليست مشكلة واحدة."))


def _reword(request: HttpRequest, visit: RequestContext, found: DeskProblem, form: Any) -> None:
    commands.edit_problem(**_get_command_arguments(request, visit, found), said=form.description)
    messages.success(request, gettext("حُفظ ما يُكتب عنها."))


def _reschedule(request: HttpRequest, visit: RequestContext, found: DeskProblem, form: Any) -> None:
    commands.move_fix_date(**_get_command_arguments(request, visit, found), **form.cleaned_data)
    messages.success(request, gettext("تغيّر الموعد، والسبب منشور."))


def _mark_fixed(request: HttpRequest, visit: RequestContext, found: DeskProblem, form: Any) -> None:
    commands.mark_problem_fixed(**_get_command_arguments(request, visit, found))
    messages.success(request, gettext("سُجّل أن المشكلة أُصلحت."))


def _link(request: HttpRequest, visit: RequestContext, found: DeskProblem, form: Any) -> None:
    cases = _list_selected_cases(request, [row for row, _likeness in found.similar_cases])
    outcomes = commands.link_cases(problem=found.summary.id, cases=cases, actor=visit.actor, at=visit.at)
    _report_outcomes(request, visit, found, outcomes)


def _unlink(request: HttpRequest, visit: RequestContext, found: DeskProblem, form: Any) -> None:
    cases = _list_selected_cases(request, found.linked_cases)
    _report_outcomes(
        request, visit, found, commands.link_cases(problem=None, cases=cases, actor=visit.actor, at=visit.at)
    )


def _reject_cases(request: HttpRequest, visit: RequestContext, found: DeskProblem, form: Any) -> None:
    cases = _list_selected_cases(request, [row for row, _likeness in found.similar_cases])
    done = commands.reject_similar_cases(problem=found.summary.id, actor=visit.actor, cases=cases)
    messages.success(
        request, gettext("ليست منها: %(number)s") % {"number": format_count(done, CASE, visit.language)}
    )


_ACTIONS: Mapping[str, Callable[[HttpRequest, RequestContext, DeskProblem, Any], None]] = {
    "confirm": _confirm,
    "dismiss": _dismiss,
    "reword": _reword,
    "move": _reschedule,
    "fixed": _mark_fixed,
    "link": _link,
    "unlink": _unlink,
    "refuse": _reject_cases,
}


def _report_outcomes(
    request: HttpRequest, visit: RequestContext, found: DeskProblem, outcomes: Sequence[LinkResult]
) -> None:
    """Add messages: how many cases were linked, and the reason for each that was not."""
    known = {
        row.id: row.reference
        for row in [*found.linked_cases, *(row for row, _likeness in found.similar_cases)]
    }
    refused = [one for one in outcomes if one.refusal]
    if done := len(outcomes) - len(refused):
        said = format_count(done, CASE, visit.language)
        messages.success(request, gettext("حُفظ الربط: %(number)s") % {"number": said})
    for one in refused[:_MAX_SHOWN_REFUSALS]:
        assert one.refusal
        messages.warning(request, f"{known.get(one.case, '')}: {one.refusal.in_language(visit.language)}")
    if (more := len(refused) - _MAX_SHOWN_REFUSALS) > 0:
        messages.warning(
            request, gettext("وغيرها: %(number)s") % {"number": format_count(more, CASE, visit.language)}
        )
