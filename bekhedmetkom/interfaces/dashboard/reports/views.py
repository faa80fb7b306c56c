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

from bekhedmetkom.analytics.commands.reports import subscribe_to_report, unsubscribe_from_report
from bekhedmetkom.analytics.queries.reports import StoredReport, get_stored_report, is_subscribed, list_months
from bekhedmetkom.analytics.rules.reports import CABINET, build_title, get_last_day
from bekhedmetkom.entities.queries import get_tree
from bekhedmetkom.interfaces.access_control import audience, officer_required
from bekhedmetkom.interfaces.ui.spreadsheet import WRITERS
from bekhedmetkom.kernel.formatting import format_datetime, format_month
from bekhedmetkom.kernel.text import BilingualText

from ..request_context import RequestContext, get_context
from ..table_cells import FigureTable
from .pdf import render_pdf
from .tables import build_recommendations_table, build_tables

PDF_CONTENT_SECURITY_POLICY = "default-src 'none'; frame-ancestors 'none'"
CABINET_LABEL = BilingualText("مجلس الوزراء: كل الجهات", "The Cabinet: all bodies")


@dataclass(frozen=True, slots=True)
class ReportOwner:
    """Of whom a report is: a body's key and code, or of none for the Cabinet's."""

    entity: int | None
    code: str

    @property
    def name(self) -> BilingualText | None:
        return None if self.entity is None else get_tree()[self.entity].name


@audience("officer")
@officer_required
@never_cache
@require_safe
def show_reports(request: HttpRequest) -> HttpResponse:
    """The months that have ended, of the Cabinet's report or of a body's."""
    visit = get_context(request)
    offered = _list_owners(visit)
    whose = next((one for one in offered if one.code == request.GET.get("of", "")), offered[0])
    lines = [
        (
            f"{month:%Y-%m}",
            format_month(month, visit.language),
            made and format_datetime(made, visit.language, year=True),
        )
        for month, made in list_months(whose.entity, visit.today)
    ]
    choices = [(one.code, (one.name or CABINET_LABEL).in_language(visit.language)) for one in offered]
    context = {
        "visit": visit, "whose": whose, "lines": lines, "choices": choices, "name": dict(choices)[whose.code],
        "by_mail": is_subscribed(int(visit.actor.id), whose.entity),
    }  # fmt: skip
    return render(request, "dashboard/reports/list.html", context)


@audience("officer")
@officer_required
@never_cache
@require_safe
def show_report(request: HttpRequest, month: str, code: str) -> HttpResponse:
    """A report with all its tables."""
    visit = get_context(request)
    whose, day, kept = _get_report(visit, month, code)
    report, language = kept.report, visit.language
    own = "" if whose.entity is None else f"&entity={whose.code}"
    context = {
        "visit": visit, "whose": whose, "month": month, "title": build_title(whose.name, day).in_language(language),
        "made": format_datetime(report.created_at, language, year=True), "sum": kept.sha256,
        "advice": [[cell.in_language(language) for cell in row] for row in build_recommendations_table(report).rows],
        "tables": build_tables(report)[1:],
        "figures": f"{reverse('dashboard:board')}?from={day}&to={get_last_day(day)}{own}",
    }  # fmt: skip
    return render(request, "dashboard/reports/report.html", context)


@audience("officer")
@officer_required
@never_cache
@require_safe
def download_pdf(request: HttpRequest, month: str, code: str) -> HttpResponse:
    """The report as a PDF, in the language of its address."""
    visit = get_context(request)
    whose, _day, kept = _get_report(visit, month, code)
    answer = HttpResponse(render_pdf(kept, visit, visit.language), content_type="application/pdf")
    name = f"bekhedmetkom-{whose.code}-{month}-{visit.language}.pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    answer.headers["Content-Security-Policy"] = PDF_CONTENT_SECURITY_POLICY
    return answer


@audience("officer")
@officer_required
@never_cache
@require_safe
def download_table(request: HttpRequest, month: str, code: str, name: str, form: str) -> HttpResponse:
    """A table of the report to take along."""
    visit = get_context(request)
    if form not in WRITERS:
        raise Http404
    whose, _day, kept = _get_report(visit, month, code)
    found: FigureTable | None = next((one for one in build_tables(kept.report) if one.name == name), None)
    if found is None:
        raise Http404
    answer = HttpResponse(*WRITERS[form](found.build_sheet_rows(visit.language), visit.language, 0))
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-{whose.code}-{month}.{form}"'
    return answer


@audience("officer")
@officer_required
@never_cache
@require_POST
def change_subscription(request: HttpRequest) -> HttpResponse:
    """Have a report by mail each month, or no more."""
    visit = get_context(request)
    whose = _find_owner(visit, request.POST.get("of", ""))
    if "stop" in request.POST:
        unsubscribe_from_report(entity=whose.entity, actor=visit.actor)
        messages.success(request, _("لن يصلك هذا التقرير بالبريد."))
    else:
        subscribe_to_report(entity=whose.entity, actor=visit.actor, at=visit.at)
        messages.success(request, _("يصلك رابط هذا التقرير صباح أول يوم عمل من كل شهر."))
    return redirect(f"{reverse('dashboard:reports')}?of={whose.code}")


def _list_owners(visit: RequestContext) -> Sequence[ReportOwner]:
    """The Cabinet's for who watches the whole country; then bodies, those that stand above others first."""
    bodies = sorted(visit.bodies, key=lambda body: (len(body.ancestors), body.get_name(visit.language)))
    own = [ReportOwner(body.id, body.code) for body in bodies if body.is_open(visit.today)]
    return [ReportOwner(None, CABINET), *own] if visit.reach is None else own


def _find_owner(visit: RequestContext, code: str) -> ReportOwner:
    """Of a body that is closed by now too; 404 for what is not theirs to watch."""
    if code == CABINET and visit.reach is None:
        return ReportOwner(None, CABINET)
    body = get_tree().by_code.get(code)
    if body is None or (visit.reach is not None and body.id not in visit.reach):
        raise Http404
    return ReportOwner(body.id, body.code)


def _get_report(visit: RequestContext, month: str, code: str) -> tuple[ReportOwner, date, StoredReport]:
    whose, day = _find_owner(visit, code), _parse_month(month)
    kept = get_stored_report(whose.entity, day)
    if kept is None:
        raise Http404
    return whose, day, kept


def _parse_month(said: str) -> date:
    try:
        day = date.fromisoformat(f"{said}-01")
    except ValueError:
        raise Http404 from None
    if f"{day:%Y-%m}" != said:
        raise Http404
    return day
