"""Problems: cases that are alike and may have one cause; what those say of them who decide, and one answer to all."""

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

from bekhedmetkom.cases.queries.rows import Row
from bekhedmetkom.cases.rules.access import holds
from bekhedmetkom.cases.rules.states import OPEN
from bekhedmetkom.entities.queries import get_tree, list_units
from bekhedmetkom.identity.queries import get_reachable_bodies, list_colleagues
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.interfaces.actor import officer_required
from bekhedmetkom.interfaces.audience import audience
from bekhedmetkom.interfaces.look.widgets import Drawn
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.errors import InvalidInput, Refusal
from bekhedmetkom.kernel.formatting import CASE, format_count
from bekhedmetkom.problems import commands
from bekhedmetkom.problems.commands.deciding import NAME_LIMIT, NOTE_LIMIT, Said
from bekhedmetkom.problems.commands.linking import Linked
from bekhedmetkom.problems.queries import DeskProblem, desk_problem, desk_problems
from bekhedmetkom.problems.rules.states import STATUS_WORDS, Status

from .bulk import MOST
from .fields import choice_field, day_field, dress, text_field
from .framed import framed
from .places import PROBLEMS
from .visit import RequestContext, get_context

_SHOWN_REFUSALS = 5


class _Form(forms.Form):
    default_renderer = Drawn

    def __init__(
        self, data: QueryDict | None = None, *, problem: DeskProblem, visit: RequestContext, **given: Any
    ):
        super().__init__(data, auto_id=f"{type(self).__name__.lower()}_%s", **given)
        self.problem, self.visit = problem, visit
        self.offer()
        for field in self.fields.values():
            dress(field)

    def offer(self) -> None:
        """Fill in what can be chosen for this problem."""


class Wording(_Form):
    """What is said of it to everybody, and whose it is."""

    name_ar = forms.CharField(label=_("اسم المشكلة"), max_length=NAME_LIMIT, help_text=_("يقرؤه الناس: ما هي وأين."),
                              error_messages={"required": _("اكتب نصًا هنا.")})  # fmt: skip
    name_en = forms.CharField(label=_("اسمها بالإنجليزية"), max_length=NAME_LIMIT,
                              error_messages={"required": _("اكتب نصًا هنا.")})  # fmt: skip
    note_ar = text_field(_("ما يُعمل لحلها"), longest=NOTE_LIMIT, rows=3,
                         hint=_("بكلمات يفهمها الجميع، بلا أسماء ولا أرقام هواتف."))  # fmt: skip
    note_en = text_field(_("ما يُعمل، بالإنجليزية"), longest=NOTE_LIMIT, rows=3)
    entity = choice_field(_("الجهة المسؤولة"), int)
    unit = choice_field(_("القسم"), int, required=False)
    officer = choice_field(_("الموظف المسؤول"), int, required=False)

    def offer(self) -> None:
        body, language = self.problem.body, self.visit.language
        today = get_local_date(self.visit.at)
        bodies = get_reachable_bodies(self.visit.actor, Permission.LINK)
        known = [one for one in get_tree() if one.is_open(today) and (bodies is None or one.id in bodies)]
        units = [(str(unit.id), unit.words.in_(language)) for unit in list_units(body.id, today)]
        people = {who.id: who.name.in_(language) for who in list_colleagues(body.id, self.visit.at)}
        options: Mapping[str, list[tuple[str, Any]]] = {
            "entity": sorted(((str(one.id), one.name_in(language)) for one in known), key=lambda one: one[1]),
            "unit": [("", _("بلا تحديد")), *units],
            "officer": [("", _("بلا تحديد")), *((str(key), name) for key, name in people.items())],
        }
        for name, choices in options.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
        for name, longer in (("name_ar", "ar"), ("note_ar", "ar"), ("name_en", "en"), ("note_en", "en")):
            self.fields[name].widget.attrs |= {"lang": longer, "dir": "rtl" if longer == "ar" else "ltr"}
        of, note = self.problem.standing.name, self.problem.note
        self.initial.update({
            "name_ar": of.ar, "name_en": of.en, "note_ar": note.ar, "note_en": note.en, "entity": body.id,
            "unit": self.problem.unit_id or "", "officer": self.problem.officer_id or "",
        })  # fmt: skip

    @property
    def said(self) -> Said:
        names = ("name_ar", "name_en", "note_ar", "note_en", "entity", "unit", "officer")
        return Said(**{name: self.cleaned_data[name] for name in names})


class Confirmation(Wording):
    fix_on = day_field(_("موعد الإصلاح"))


class Dismissal(_Form):
    reason = text_field(_("لماذا ليست مشكلة واحدة؟"), rows=2, longest=NOTE_LIMIT)


class Moving(_Form):
    fix_on = day_field(_("الموعد الجديد"))
    reason_ar = text_field(
        _("لماذا تغيّر؟"), rows=2, longest=NOTE_LIMIT, hint=_("يقرؤه الناس في صفحة المشكلة.")
    )
    reason_en = text_field(_("السبب بالإنجليزية"), rows=2, longest=NOTE_LIMIT)


@audience("officer")
@officer_required
@never_cache
@require_safe
def problems(request: HttpRequest) -> HttpResponse:
    """What waits to be decided, what is being fixed, what ended lately."""
    visit = _visit(request)
    known = desk_problems(visit.actor, visit.at)
    groups = [
        (title, [one for one in known if one.status in which])
        for title, which in (
            (_("بانتظار قرارك"), [Status.FOUND]),
            (_("قيد الإصلاح"), [Status.CONFIRMED]),
            (_("انتهت في آخر 30 يومًا"), [Status.FIXED, Status.DISMISSED]),
        )
    ]
    shown = {"groups": groups, "any": known, "page_route": PROBLEMS.route}
    return framed(request, visit, "desk/problems.html", shown)


@audience("officer")
@officer_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def problem(request: HttpRequest, number: int) -> HttpResponse:
    """One problem with its cases; what can be done is a form each."""
    visit = _visit(request)
    found = desk_problem(visit.actor, number, visit.at)
    if found is None:
        raise Http404
    pressed = request.POST.get("do", "") if request.method == "POST" else ""
    given = {
        name: _FORMS[name](request.POST if name == pressed else None, problem=found, visit=visit)
        for name in _FORMS
    }
    failed = False
    if pressed:
        failed = not _done(request, visit, found, pressed, given.get(pressed))
        if not failed:
            return redirect("desk:problem", number)
    page = framed(request, visit, "desk/problem.html", _shown(request, found, given))
    page.status_code = 422 if failed else 200
    return page


_FORMS: Mapping[str, type[_Form]] = {
    "confirm": Confirmation, "dismiss": Dismissal, "reword": Wording, "move": Moving,
}  # fmt: skip


def _visit(request: HttpRequest) -> RequestContext:
    visit = get_context(request)
    if not holds(visit.actor, Permission.LINK):
        raise PermissionDenied
    return visit


def _shown(request: HttpRequest, found: DeskProblem, given: Mapping[str, forms.Form]) -> dict[str, Any]:
    waiting = [row for row in found.linked if row.state in OPEN]
    picked = [("case", f"{row.reference}:{row.seq}") for row in waiting[:MOST]]
    return {
        "problem": found, "forms": given, "status": STATUS_WORDS[found.standing.status], "page_route": PROBLEMS.route,
        "linked": [(row, 0) for row in found.linked], "waiting": len(waiting), "at_once": len(picked),
        "answer_all": f"{reverse('desk:bulk', args=['answer'])}?{urlencode(picked)}" if picked else "",
        "kept": set(request.POST.getlist("case")) if request.method == "POST" else None,
    }  # fmt: skip


def _done(
    request: HttpRequest, visit: RequestContext, found: DeskProblem, pressed: str, form: forms.Form | None
) -> bool:
    """Whether there is nothing to mend; what could not be done is said on the next page."""
    act = _ACTS.get(pressed)
    if act is None or (form is not None and not form.is_valid()):
        return act is None
    try:
        act(request, visit, found, form)
    except InvalidInput as refused:
        for name, words in refused.errors:
            target = name if form is not None and name in form.fields else None
            if form is None:
                messages.error(request, words.in_(visit.language))
                return True
            form.add_error(target, words.in_(visit.language))
        return False
    except Refusal as refused:
        messages.error(request, refused.words.in_(visit.language))
    return True


def _who(request: HttpRequest, visit: RequestContext, found: DeskProblem) -> dict[str, Any]:
    seen = request.POST.get("seen", "")
    number = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else -1
    return {"problem": found.standing.id, "seen": number, "actor": visit.actor, "at": visit.at}


def _picked(request: HttpRequest, rows: Sequence[Row]) -> list[UUID]:
    ticked = set(request.POST.getlist("case"))
    return [row.id for row in rows if row.reference in ticked]


def _confirm(request: HttpRequest, visit: RequestContext, found: DeskProblem, form: Any) -> None:
    cases = _picked(request, [row for row, _likeness in found.proposed])
    outcomes = commands.confirm(
        **_who(request, visit, found), said=form.said, fix_on=form.cleaned_data["fix_on"], cases=cases
    )
    messages.success(request, gettext("أُكّدت المشكلة، ويقرؤها الناس من الآن."))
    _report(request, visit, found, outcomes)


def _dismiss(request: HttpRequest, visit: RequestContext, found: DeskProblem, form: Any) -> None:
    commands.dismiss(**_who(request, visit, found), reason=form.cleaned_data["reason"])
    messages.success(request, gettext("سُجّل أنها ليست مشكلة واحدة."))


def _reword(request: HttpRequest, visit: RequestContext, found: DeskProblem, form: Any) -> None:
    commands.reword(**_who(request, visit, found), said=form.said)
    messages.success(request, gettext("حُفظ ما يُكتب عنها."))


def _move(request: HttpRequest, visit: RequestContext, found: DeskProblem, form: Any) -> None:
    commands.move(**_who(request, visit, found), **form.cleaned_data)
    messages.success(request, gettext("تغيّر الموعد، والسبب منشور."))


def _fixed(request: HttpRequest, visit: RequestContext, found: DeskProblem, form: Any) -> None:
    commands.fixed(**_who(request, visit, found))
    messages.success(request, gettext("سُجّل أن المشكلة أُصلحت."))


def _link(request: HttpRequest, visit: RequestContext, found: DeskProblem, form: Any) -> None:
    cases = _picked(request, [row for row, _likeness in found.proposed])
    outcomes = commands.link_many(problem=found.standing.id, cases=cases, actor=visit.actor, at=visit.at)
    _report(request, visit, found, outcomes)


def _unlink(request: HttpRequest, visit: RequestContext, found: DeskProblem, form: Any) -> None:
    cases = _picked(request, found.linked)
    _report(
        request, visit, found, commands.link_many(problem=None, cases=cases, actor=visit.actor, at=visit.at)
    )


def _refuse(request: HttpRequest, visit: RequestContext, found: DeskProblem, form: Any) -> None:
    cases = _picked(request, [row for row, _likeness in found.proposed])
    done = commands.refuse(problem=found.standing.id, actor=visit.actor, cases=cases)
    messages.success(
        request, gettext("ليست منها: %(number)s") % {"number": format_count(done, CASE, visit.language)}
    )


_ACTS: Mapping[str, Callable[[HttpRequest, RequestContext, DeskProblem, Any], None]] = {
    "confirm": _confirm, "dismiss": _dismiss, "reword": _reword, "move": _move, "fixed": _fixed, "link": _link,
    "unlink": _unlink, "refuse": _refuse,
}  # fmt: skip


def _report(
    request: HttpRequest, visit: RequestContext, found: DeskProblem, outcomes: Sequence[Linked]
) -> None:
    """How many went well, and for each that did not, why."""
    known = {row.id: row.reference for row in [*found.linked, *(row for row, _likeness in found.proposed)]}
    refused = [one for one in outcomes if one.why]
    if done := len(outcomes) - len(refused):
        said = format_count(done, CASE, visit.language)
        messages.success(request, gettext("حُفظ الربط: %(number)s") % {"number": said})
    for one in refused[:_SHOWN_REFUSALS]:
        assert one.why
        messages.warning(request, f"{known.get(one.case, '')}: {one.why.in_(visit.language)}")
    if (more := len(refused) - _SHOWN_REFUSALS) > 0:
        messages.warning(
            request, gettext("وغيرها: %(number)s") % {"number": format_count(more, CASE, visit.language)}
        )
