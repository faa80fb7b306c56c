"""Export of a list as CSV or XLSX: up to `MAX_ROWS` rows; each export is recorded."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from bekhedmetkom.cases.commands import record_export
from bekhedmetkom.cases.queries import MAX_PAGE_SIZE, CaseRow, get_body_name
from bekhedmetkom.cases.rules.states import STATE_LABELS
from bekhedmetkom.catalogue.queries import get_service
from bekhedmetkom.catalogue.rules import KIND_LABELS, Handling
from bekhedmetkom.interfaces.access_control import audience, officer_required
from bekhedmetkom.interfaces.ui.spreadsheet import WRITERS, SpreadsheetRow
from bekhedmetkom.kernel.clock import AMMAN
from bekhedmetkom.kernel.text import BilingualText

from ..request_context import get_context
from .list_query import ListQuery, parse_list_query

MAX_ROWS = 5_000  # rows of a sheet
TITLE_COLUMN = 2  # of a row's cells the longest


@audience("officer")
@officer_required
@never_cache
@require_POST
def export_list(request: HttpRequest) -> HttpResponse:
    """Export the officer's list. Confidential cases are never exported."""
    visit = get_context(request)
    write = WRITERS.get(request.POST.get("form", ""))
    if write is None:
        raise BadRequest
    asked = parse_list_query(request.POST, visit)
    rows = list(islice(_list_rows(asked), MAX_ROWS))
    what = asked.applied_filters.values | {
        "queue": asked.name, "form": request.POST["form"], "searched": bool(asked.search_words)
    }  # fmt: skip
    record_export(what=what, rows=len(rows), actor=visit.actor, at=visit.at)
    answer = HttpResponse(
        *write(
            [_build_header(), *(_build_row(row, visit.language) for row in rows)],
            visit.language,
            TITLE_COLUMN,
        )
    )
    day = visit.at.astimezone(AMMAN)
    answer.headers["Content-Disposition"] = (
        f'attachment; filename="{asked.name}-{day:%Y-%m-%d}.{request.POST["form"]}"'
    )
    return answer


def _list_rows(asked: ListQuery) -> Iterator[CaseRow]:
    cursor: str | None = ""
    while cursor is not None:
        page = asked.get_page(cursor, MAX_PAGE_SIZE)
        yield from (row for row in page.items if row.care is Handling.OPEN)
        cursor = page.next


def _build_header() -> SpreadsheetRow:
    return (
        gettext("الرقم"), gettext("النوع"), pgettext("column", "الطلب"), gettext("الحالة"), gettext("الجهة"),
        gettext("الموضوع"), gettext("القسم"), gettext("المكلّف"), gettext("المكان"), gettext("وصل"), gettext("الموعد"),
        gettext("متأخر"), gettext("آخر حركة"),
    )  # fmt: skip


def _build_row(row: CaseRow, language: str) -> SpreadsheetRow:
    def said(words: BilingualText | None) -> str:
        return words.in_language(language) if words else ""

    return (
        row.reference,
        said(KIND_LABELS[row.kind]),
        row.title,
        said(STATE_LABELS[row.state]),
        said(get_body_name(row)),
        said(get_service(row.service_id).name if row.service_id else None),
        said(row.unit),
        said(row.officer),
        said(row.governorate),
        _format_time(row.received_at),
        _format_time(row.due_at),
        gettext("نعم") if row.overdue else "",
        _format_time(row.updated_at),
    )


def _format_time(at: datetime) -> str:
    """Format a time in Amman so that spreadsheets sort it."""
    return f"{at.astimezone(AMMAN):%Y-%m-%d %H:%M}"
