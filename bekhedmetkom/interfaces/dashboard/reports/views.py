"""The pages of reports: which months there are, one report to read, its paper, its tables, and having it by mail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from bekhedmetkom.entities.queries import get_tree
from bekhedmetkom.insight.commands.reporting import subscribe, unsubscribe
from bekhedmetkom.insight.queries.reports import Kept, kept_report, months, subscribed
from bekhedmetkom.insight.rules.reports import CABINET, last_day, title
from bekhedmetkom.interfaces.actor import officer_required
from bekhedmetkom.interfaces.audience import audience
from bekhedmetkom.interfaces.look.sheets import WRITERS
from bekhedmetkom.kernel.formatting import format_datetime, format_month
from bekhedmetkom.kernel.text import BilingualText

from ..cells import Table
from ..visit import RequestContext, get_context
from .paper import pdf
from .tables import recommendations, tables_of

NOTHING_ELSE = "default-src 'none'; frame-ancestors 'none'"
COUNTRY = BilingualText("مجلس الوزراء: كل الجهات", "The Cabinet: all bodies")


@dataclass(frozen=True, slots=True)
class Whose:
    """Of whom a report is: a body's key and code, or of none for the Cabinet's."""

    entity: int | None
    code: str

    @property
    def words(self) -> BilingualText | None:
        return None if self.entity is None else get_tree()[self.entity].words


@audience("officer")
@officer_required
@never_cache
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The months that have ended, of the Cabinet's report or of a body's."""
    visit = get_context(request)
    offered = _offered(visit)
    whose = next((one for one in offered if one.code == request.GET.get("of", "")), offered[0])
    lines = [
        (
            f"{month:%Y-%m}",
            format_month(month, visit.language),
            made and format_datetime(made, visit.language, year=True),
        )
        for month, made in months(whose.entity, visit.today)
    ]
    choices = [(one.code, (one.words or COUNTRY).in_(visit.language)) for one in offered]
    context = {
        "visit": visit, "whose": whose, "lines": lines, "choices": choices, "name": dict(choices)[whose.code],
        "by_mail": subscribed(int(visit.actor.id), whose.entity),
    }  # fmt: skip
    return render(request, "dashboard/reports.html", context)


@audience("officer")
@officer_required
@never_cache
@require_safe
def read(request: HttpRequest, month: str, code: str) -> HttpResponse:
    """A report with all its tables."""
    visit = get_context(request)
    whose, day, kept = _found(visit, month, code)
    report, language = kept.report, visit.language
    own = "" if whose.entity is None else f"&entity={whose.code}"
    context = {
        "visit": visit, "whose": whose, "month": month, "title": title(whose.words, day).in_(language),
        "made": format_datetime(report.made_at, language, year=True), "sum": kept.sha256,
        "advice": [[cell.in_(language) for cell in row] for row in recommendations(report).rows],
        "tables": tables_of(report)[1:],
        "figures": f"{reverse('dashboard:board')}?from={day}&to={last_day(day)}{own}",
    }  # fmt: skip
    return render(request, "dashboard/report.html", context)


@audience("officer")
@officer_required
@never_cache
@require_safe
def paper(request: HttpRequest, month: str, code: str) -> HttpResponse:
    """The report as a PDF, in the language of its address."""
    visit = get_context(request)
    whose, _day, kept = _found(visit, month, code)
    answer = HttpResponse(pdf(kept, visit, visit.language), content_type="application/pdf")
    name = f"bekhedmetkom-{whose.code}-{month}-{visit.language}.pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    answer.headers["Content-Security-Policy"] = NOTHING_ELSE
    return answer


@audience("officer")
@officer_required
@never_cache
@require_safe
def sheet(request: HttpRequest, month: str, code: str, name: str, form: str) -> HttpResponse:
    """A table of the report to take along."""
    visit = get_context(request)
    if form not in WRITERS:
        raise Http404
    whose, _day, kept = _found(visit, month, code)
    found: Table | None = next((one for one in tables_of(kept.report) if one.name == name), None)
    if found is None:
        raise Http404
    answer = HttpResponse(*WRITERS[form](found.lines(visit.language), visit.language, 0))
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-{whose.code}-{month}.{form}"'
    return answer


@audience("officer")
@officer_required
@never_cache
@require_POST
def by_mail(request: HttpRequest) -> HttpResponse:
    """Have a report by mail each month, or no more."""
    visit = get_context(request)
    whose = _whose(visit, request.POST.get("of", ""))
    if "stop" in request.POST:
        unsubscribe(entity=whose.entity, actor=visit.actor)
        messages.success(request, _("لن يصلك هذا التقرير بالبريد."))
    else:
        subscribe(entity=whose.entity, actor=visit.actor, at=visit.at)
        messages.success(request, _("يصلك رابط هذا التقرير صباح أول يوم عمل من كل شهر."))
    return redirect(f"{reverse('dashboard:reports')}?of={whose.code}")


def _offered(visit: RequestContext) -> Sequence[Whose]:
    """The Cabinet's for who watches the whole country; then bodies, those that stand above others first."""
    bodies = sorted(visit.bodies, key=lambda body: (len(body.ancestors), body.name_in(visit.language)))
    own = [Whose(body.id, body.code) for body in bodies if body.is_open(visit.today)]
    return [Whose(None, CABINET), *own] if visit.reach is None else own


def _whose(visit: RequestContext, code: str) -> Whose:
    """Of a body that is closed by now too; 404 for what is not theirs to watch."""
    if code == CABINET and visit.reach is None:
        return Whose(None, CABINET)
    body = get_tree().by_code.get(code)
    if body is None or (visit.reach is not None and body.id not in visit.reach):
        raise Http404
    return Whose(body.id, body.code)


def _found(visit: RequestContext, month: str, code: str) -> tuple[Whose, date, Kept]:
    whose, day = _whose(visit, code), _month(month)
    kept = kept_report(whose.entity, day)
    if kept is None:
        raise Http404
    return whose, day, kept


def _month(said: str) -> date:
    try:
        day = date.fromisoformat(f"{said}-01")
    except ValueError:
        raise Http404 from None
    if f"{day:%Y-%m}" != said:
        raise Http404
    return day
