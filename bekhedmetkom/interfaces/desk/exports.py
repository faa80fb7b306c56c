"""A list as a sheet, CSV or XLSX: what a queue or a search shows, up to `MOST` rows, written down with who took it."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from xlsxwriter import Workbook

from bekhedmetkom.cases.commands import exported
from bekhedmetkom.cases.queries import LIMIT, Row, called
from bekhedmetkom.cases.rules.states import STATE_WORDS
from bekhedmetkom.catalogue.queries import service
from bekhedmetkom.catalogue.rules import KIND_WORDS, Handling
from bekhedmetkom.interfaces.actor import officer_required
from bekhedmetkom.interfaces.audience import audience
from bekhedmetkom.kernel.clock import AMMAN
from bekhedmetkom.kernel.words import Words

from .visit import visit_of
from .wanted import Wanted, wanted

MOST = 5_000  # rows of a sheet
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # with which a cell of a CSV begins to calculate

Cells = Sequence[str]


@audience("officer")
@officer_required
@never_cache
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """The list that the officer looks at. What is need-to-know never leaves the platform so."""
    visit = visit_of(request)
    write = _WRITERS.get(request.POST.get("form", ""))
    if write is None:
        raise BadRequest
    asked = wanted(request.POST, visit)
    rows = list(islice(_rows(asked), MOST))
    what = asked.narrowing.given | {
        "queue": asked.name, "form": request.POST["form"], "searched": bool(asked.words)
    }  # fmt: skip
    exported(what=what, rows=len(rows), actor=visit.actor, at=visit.at)
    answer = HttpResponse(*write([_head(), *(_cells(row, visit.language) for row in rows)], visit.language))
    day = visit.at.astimezone(AMMAN)
    answer.headers["Content-Disposition"] = (
        f'attachment; filename="{asked.name}-{day:%Y-%m-%d}.{request.POST["form"]}"'
    )
    return answer


def _rows(asked: Wanted) -> Iterator[Row]:
    cursor: str | None = ""
    while cursor is not None:
        page = asked.page(cursor, LIMIT)
        yield from (row for row in page.items if row.care is Handling.OPEN)
        cursor = page.next


def _head() -> Cells:
    return (
        gettext("الرقم"), gettext("النوع"), pgettext("column", "الطلب"), gettext("الحالة"), gettext("الجهة"),
        gettext("الموضوع"), gettext("القسم"), gettext("المكلّف"), gettext("المكان"), gettext("وصل"), gettext("الموعد"),
        gettext("متأخر"), gettext("آخر حركة"),
    )  # fmt: skip


def _cells(row: Row, language: str) -> Cells:
    def said(words: Words | None) -> str:
        return words.in_(language) if words else ""

    return (
        row.reference, said(KIND_WORDS[row.kind]), row.title, said(STATE_WORDS[row.state]),
        said(called(row)), said(service(row.service_id).words if row.service_id else None),
        said(row.unit), said(row.officer), said(row.governorate), _moment(row.received_at), _moment(row.due_at),
        gettext("نعم") if row.overdue else "", _moment(row.updated_at),
    )  # fmt: skip


def _moment(at: datetime) -> str:
    """The hour of Amman, in a form that sheets sort."""
    return f"{at.astimezone(AMMAN):%Y-%m-%d %H:%M}"


def _csv(lines: Sequence[Cells], _language: str) -> tuple[bytes, str]:
    out = io.StringIO()
    csv.writer(out).writerows(
        [f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in line] for line in lines
    )
    return out.getvalue().encode("utf-8-sig", "replace"), "text/csv; charset=utf-8"


def _xlsx(lines: Sequence[Cells], language: str) -> tuple[bytes, str]:
    out = io.BytesIO()
    # Strings stay strings: nothing that somebody wrote calculates or links.
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with Workbook(out, options) as book:
        sheet = book.add_worksheet()
        if language == "ar":
            sheet.right_to_left()
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, 12, 18)
        sheet.set_column(2, 2, 60)
        sheet.set_row(0, None, book.add_format({"bold": True}))
        for place, line in enumerate(lines):
            sheet.write_row(place, 0, line)
        sheet.autofilter(0, 0, max(len(lines) - 1, 1), len(lines[0]) - 1)
    return out.getvalue(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


_WRITERS: Mapping[str, Callable[[Sequence[Cells], str], tuple[bytes, str]]] = {"csv": _csv, "xlsx": _xlsx}
