"""A report as a paper: what stands on it, as plain data, and the PDF that typst sets of it. Nothing else is read."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst
from django.utils import translation

from bekhedmetkom.analytics.queries.breakdowns import MIN_CASES_FOR_CHANGE
from bekhedmetkom.analytics.queries.dashboard_data import Dashboard
from bekhedmetkom.analytics.queries.reports import Report, StoredReport
from bekhedmetkom.analytics.queries.reports import build_slice as slice_of_report
from bekhedmetkom.analytics.rules.indicators import INDICATORS, MIN_OBSERVATIONS, Indicator
from bekhedmetkom.analytics.rules.reports import build_title
from bekhedmetkom.analytics.rules.totals import IndicatorValue
from bekhedmetkom.entities.queries import get_tree
from bekhedmetkom.interfaces import ui
from bekhedmetkom.kernel.formatting import format_datetime, format_in_both_languages, format_month
from bekhedmetkom.kernel.text import BilingualText

from ..filters import Filters
from ..overview.panels import Panel, build_panels
from ..phrases import (  # fmt: skip
    NOT_ENOUGH,
    compute_change,
    format_change,
    format_interval,
    format_percentage,
    format_signed,
    format_target,
    format_value,
    get_change_class,
    get_unit_label,
    isolate_number,
)
from ..request_context import RequestContext
from ..table_cells import (
    CHANGE_COLUMN,
    COUNT_COLUMN,
    ESTIMATE_COLUMN,
    INDICATOR_COLUMN,
    SHARE_COLUMN,
    TARGET_COLUMN,
    TEXT_COLUMN,
    ColumnType,
    FigureTable,
    IndicatorCell,
    format_text,
)
from . import tables

REPORT_FOLDER = Path(__file__).parent
FONT_FOLDER = Path(ui.__file__).parent / "fonts"
MAX_UNRANKED_NAMES = 12  # bodies that are too small to rank
MAX_TABLE_ROWS = 15  # of a table on paper; all of them stand on the platform
MAIN_INDICATORS, OTHER_INDICATORS = (
    ("on_time", "solved"),
    ("received", "answered", "open", "overdue", "first_p50", "upheld"),
)
JsonObject = Mapping[str, Any]


def render_pdf(kept: StoredReport, visit: RequestContext, language: str) -> bytes:
    """The paper. The same report gives the same letters and numbers for ever."""
    with translation.override(language):
        return compile_pdf(json.dumps(build_content(kept, visit, language), ensure_ascii=False))


@lru_cache(maxsize=16)
def compile_pdf(said: str) -> bytes:
    """Set by typst, from this folder and the fonts alone."""
    made = typst.compile(
        str(REPORT_FOLDER / "report.typ"),
        root=str(REPORT_FOLDER),
        font_paths=[str(FONT_FOLDER)],
        ignore_system_fonts=True,
        sys_inputs={"said": said},
    )
    assert isinstance(made, bytes)
    return made


def build_content(kept: StoredReport, visit: RequestContext, language: str) -> dict[str, Any]:
    """What stands on it, in one language."""
    report = kept.report
    body = None if report.entity is None else get_tree()[report.entity].name
    here = replace(visit, at=report.created_at, language=language)
    found = build_panels(
        report.dashboard, Filters(here, slice_of_report(report.entity, report.month), {}, {})
    )
    month = format_in_both_languages(format_month, report.month)
    made = BilingualText(
        format_datetime(report.created_at, "ar", year=True),
        format_datetime(report.created_at, "en", year=True),
    )
    said = {
        "brand": BRAND_LABEL,
        "state": STATE_LABEL,
        "title": body or CABINET_TITLE,
        "about": BODY_SUBTITLE if body else CABINET_SUBTITLE,
        "month": month,
        "made": MADE_AT.format(at=made),
        "foot": build_title(body, report.month),
        "page": PAGE_LABEL,
        "in_short": SUMMARY_HEADING,
        "to_do": RECOMMENDATIONS_HEADING,
        "nobody": NO_RECOMMENDATIONS,
    }
    return {name: words.in_language(language) for name, words in said.items()} | {
        "language": language,
        "sum": kept.sha256,
        "heroes": [_build_indicator(report, key, language) for key in MAIN_INDICATORS],
        "others": [_build_indicator(report, key, language) for key in OTHER_INDICATORS],
        "findings": [found[name].finding for name in SUMMARY_PANELS if name in found],
        "advice": [
            [format_text(cell, language) for cell in row]
            for row in tables.build_recommendations_table(report).rows
        ],
        "parts": [part for part in _build_chapters(report, found, language) if part["blocks"]],
    }


def _build_indicator(report: Report, key: str, language: str) -> JsonObject:
    """One of the figures on top, against the month before, a year ago and its target."""
    one, now = INDICATORS[key], report.dashboard.figures[key].current
    unit = get_unit_label(one)
    shown = now.value is not None
    bar = None
    if one.key in MAIN_INDICATORS and now.value is not None and one.target is not None:
        bar = {"share": now.value, "target": one.target, "low": now.low, "high": now.high}
    return {
        "name": one.name.in_language(language),
        "value": NOT_ENOUGH.in_language(language) if now.value is None else format_value(one, now.value),
        "few": not shown,
        "unit": unit.in_language(language) if unit and shown else "",
        "bar": bar,
        "alt": key == "solved",
        "notes": [
            _list_share_notes(one, now, language),
            *_list_comparison_notes(report.dashboard, one, language),
        ],
    }


def _list_share_notes(one: Indicator, now: IndicatorValue, language: str) -> JsonObject:
    """Of how many a share is, where it surely lies, and what is aimed at."""
    said = []
    if one.min_observations:
        said.append(OF_LABEL.format(n=f"{now.observations:,}").in_language(language))
    if now.value is not None and one.key in MAIN_INDICATORS:
        said.append(format_interval(now, language))
    if target := format_target(one):
        said.append(TARGET_LABEL.format(target=isolate_number(target)).in_language(language))
    return {"t": " · ".join(part for part in said if part), "turn": "faint"}


def _list_comparison_notes(board: Dashboard, one: Indicator, language: str) -> list[JsonObject]:
    """What it was; where nothing at all came in those days, nothing can be said of them."""
    found, came, said = board.figures[one.key], board.figures["received"], list[JsonObject]()
    for name, then, all_ in (
        (tables.MONTH_BEFORE_HEADING, found.previous, came.previous), (YEAR_AGO_LABEL, found.last_year, came.last_year)
    ):  # fmt: skip
        change = compute_change(one, found.current, then)
        if then.value is None or not all_.observations:
            said.append(
                {"t": f"{name.in_language(language)}: {NOT_ENOUGH.in_language(language)}", "turn": "faint"}
            )
            continue
        was = isolate_number(format_value(one, then.value)).in_language(language)
        moved = (
            f" ({isolate_number(format_change(one, change)).in_language(language)})"
            if change is not None
            else ""
        )
        way = "faint" if change is None else get_change_class(one, change, found.current, then)
        said.append({"t": f"{name.in_language(language)}: {was}{moved}", "turn": way})
    return said


def _build_chapters(report: Report, found: Mapping[str, Panel], language: str) -> list[JsonObject]:
    """The report's chapters, each with its tables and pictures."""

    def table(make: Callable[[Report], FigureTable], most: int = MAX_TABLE_ROWS) -> JsonObject:
        return _build_table(make(report), language, most)

    charts = [_build_chart(found[name], language) for name in ("trend", "work") if found[name].wide_chart]
    numbers = [{"kind": "charts", "charts": charts}] if charts else []
    by_body = [] if report.entity else [(RANKING_HEADING, [_build_ranking(report, language)])]
    by_unit = [(UNITS_HEADING, [table(tables.build_units_table, 40)])] if report.entity else []
    late = [] if report.entity else [table(tables.build_overdue_table)]
    chapters: Sequence[tuple[BilingualText, list[JsonObject]]] = [
        (INDICATORS_HEADING, [*numbers, table(tables.build_totals_table, 99)]),
        *by_body,
        *by_unit,
        (OVERDUE_HEADING, [*late, table(tables.build_overdue_cases_table)]),
        (
            RECURRING_HEADING,
            [
                table(tables.build_problems_table),
                table(tables.build_recurring_topics_table),
                table(_build_topics_table),
            ],
        ),
        (APPEALS_HEADING, [table(tables.build_appeals_table)]),
        (
            SUGGESTIONS_HEADING,
            [table(tables.build_suggestions_table), table(tables.build_broken_promises_table)],
        ),
        (CHANNELS_HEADING, [table(tables.build_governorates_table), table(tables.build_channels_table)]),
        (NOTES_HEADING, [{"kind": "notes", "notes": [words.in_language(language) for words in NOTES]}]),
    ]
    return [{"title": name.in_language(language), "blocks": blocks} for name, blocks in chapters]


def _build_topics_table(report: Report) -> FigureTable:
    """Topics of which enough came to say that they move, those that rise most first."""
    found = tables.build_topics_table(report)
    rows = [row for row in found.rows if max(row[2], row[3]) >= MIN_CASES_FOR_CHANGE]
    return replace(found, rows=sorted(rows, key=lambda row: row[3] - row[2]))


def _build_ranking(report: Report, language: str) -> JsonObject:
    """All that can be ranked; of the others how many there were."""
    found = tables.build_ranking_table(report)
    placed = [row for row in found.rows if row[1] is not None]
    few = [row for row in found.rows if row[1] is None]
    said = _build_table(replace(found, rows=placed), language, len(placed), bars=True)
    names = [f"{format_text(row[0], language)} ({row[3].n:,})" for row in few[:MAX_UNRANKED_NAMES]]
    listed = BilingualText("، ", ", ").in_language(language).join(names)
    more = (
        MORE_NAMES.format(n=f"{len(few) - MAX_UNRANKED_NAMES:,}").in_language(language)
        if len(few) > MAX_UNRANKED_NAMES
        else ""
    )
    return {
        **said,
        "note": f"{TOO_FEW_TO_RANK.format(least=MIN_OBSERVATIONS).in_language(language)} {listed}{more}"
        if few
        else "",
    }


def _build_table(found: FigureTable, language: str, most: int, *, bars: bool = False) -> JsonObject:
    rows = [
        [_build_cell(kind, value, language) for (_title, kind), value in zip(found.columns, row, strict=True)]
        for row in found.rows[:most]
    ]
    if bars:
        for row, cells in zip(found.rows, rows, strict=True):
            cells[3] = {**cells[3], "bar": _build_bar(row[3], INDICATORS["on_time"].target or 0)}
    left = len(found.rows) - len(rows)
    return {
        "kind": "table",
        "name": found.name,
        "title": format_text(found.title, language),
        "rows": rows,
        "columns": [
            {"t": format_text(name, language), "number": kind.is_number} for name, kind in found.columns
        ],
        "empty": EMPTY_TABLE.in_language(language),
        "note": MORE_ROWS.format(n=f"{left:,}").in_language(language) if left else "",
    }


def _build_bar(reading: IndicatorValue, target: float) -> JsonObject | None:
    if reading.value is None:
        return None
    return {"share": reading.value, "target": target, "low": reading.low, "high": reading.high}


def _build_cell(kind: ColumnType, value: Any, language: str) -> JsonObject:
    """As the page has it: `u` stands beside it, `s` small below."""
    return CELL_BUILDERS[kind.render](value, language)


def _build_share_cell(value: IndicatorValue, language: str) -> JsonObject:
    if value.value is None:
        return {
            "t": NOT_ENOUGH.in_language(language),
            "s": f"{value.observations:,}" if value.observations else "",
            "few": True,
        }
    where = format_interval(value, language)
    if language == "en":  # which is too long in a narrow column
        where = where.removeprefix("between ").replace(" and ", "–")
    return {"t": format_percentage(value.value), "s": f"{where} · {value.observations:,}"}


def _build_indicator_cell(value: IndicatorCell, language: str) -> JsonObject:
    one, reading = value
    if reading.value is None:
        return _build_share_cell(reading, language) if one.min_observations else {"t": ""}
    if reading.low is not None:
        return _build_share_cell(reading, language)
    unit = get_unit_label(one)
    return {"t": format_value(one, reading.value), "u": unit.in_language(language) if unit else ""}


CELL_BUILDERS: Mapping[Callable[[Any, str], str], Callable[[Any, str], JsonObject]] = {
    TEXT_COLUMN.render: lambda value, language: {"t": format_text(value, language)},
    COUNT_COLUMN.render: lambda value, _language: {"t": "" if value is None else f"{value:,.0f}"},
    SHARE_COLUMN.render: lambda value, _language: {"t": format_percentage(value)},
    CHANGE_COLUMN.render: lambda value, _language: {
        "t": "" if value is None else f"{format_signed(100 * value, 0)}%"
    },
    ESTIMATE_COLUMN.render: _build_share_cell,
    INDICATOR_COLUMN.render: _build_indicator_cell,
    TARGET_COLUMN.render: lambda one, _language: {"t": format_target(one)},
}


def _build_chart(panel: Panel, language: str) -> JsonObject:
    return {"title": panel.finding, "beside": panel.subtitle, "svg": _adapt_drawing(panel.wide_chart)}


CHART_TOP_MARGIN = 12  # room for what stands above the highest line: the page lets it stand out
CHART_STYLE = """<style>
text{font-family:'IBM Plex Sans Arabic';font-size:15px;fill:#42514F}
.grid{stroke:#E8DFCF;stroke-width:1;fill:none}
.target{stroke:#1B2A2A;stroke-width:1.5;stroke-dasharray:2 4;fill:none}
.l1{fill:none;stroke:#0B5D57;stroke-width:2.5;stroke-linejoin:round}
.l2{fill:none;stroke:#C2543D;stroke-width:2.5;stroke-linejoin:round}
.dot{fill:#0B5D57}.d1{fill:#0B5D57}.d2{fill:#C2543D}
.t1{fill:#0B5D57;font-weight:700}.t2{fill:#A1402B;font-weight:700}
</style>"""
_VIEW_BOX = re.compile(r'viewBox="0 0 (\d+) (\d+)"')
_ANCHORED_TEXT = re.compile(r'<text([^>]*?)( text-anchor="(?:end|middle)")?( class="[^"]*\bar")>([^<]*)<')


def _adapt_drawing(drawing: str) -> str:
    """With its colours in it. No sheet turns Arabic words here: they stand by their left edge and say their way."""

    def turned(found: re.Match[str]) -> str:
        before, anchor, kind, words = found.groups()
        anchor = {None: ' text-anchor="end"', ' text-anchor="end"': ""}.get(anchor, anchor)
        return f"<text{before}{anchor}{kind}>\u2067{words}\u2069<"

    roomy = _VIEW_BOX.sub(
        lambda box: f'viewBox="0 -{CHART_TOP_MARGIN} {box[1]} {int(box[2]) + CHART_TOP_MARGIN}"',
        drawing,
        count=1,
    )
    opened = roomy.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    head, _, rest = opened.partition(">")
    return f"{head}>{CHART_STYLE}{_ANCHORED_TEXT.sub(turned, rest)}"


SUMMARY_PANELS = ("ranking", "work", "places", "topics", "flows", "channels")
BRAND_LABEL, STATE_LABEL = (
    BilingualText("بخدمتكم", "Bekhedmetkom"),
    BilingualText("المملكة الأردنية الهاشمية", "The Hashemite Kingdom of Jordan"),
)
CABINET_TITLE = BilingualText("التقرير الشهري لمجلس الوزراء", "The Cabinet's monthly report")
CABINET_SUBTITLE = BilingualText("كيف ردّت الجهات الحكومية على الناس", "How public bodies answered people")
BODY_SUBTITLE = BilingualText("كيف ردّت الجهة على الناس", "How the body answered people")
MADE_AT = BilingualText("الأرقام كما كانت {at}", "Figures as they stood on {at}")
PAGE_LABEL, OF_LABEL = BilingualText("صفحة", "Page"), BilingualText("من {n}", "of {n}")
TARGET_LABEL = BilingualText("الهدف {target}", "target {target}")
YEAR_AGO_LABEL = BilingualText("قبل سنة", "A year ago")
SUMMARY_HEADING, RECOMMENDATIONS_HEADING = (
    BilingualText("في سطور", "In short"),
    BilingualText("التوصيات", "Recommendations"),
)
NO_RECOMMENDATIONS = BilingualText(
    "لا شيء في أرقام هذا الشهر يستدعي توصية أكيدة.", "Nothing in this month's figures surely calls for one."
)
EMPTY_TABLE = BilingualText("لا شيء هذا الشهر.", "Nothing this month.")
MORE_ROWS = BilingualText(
    "وبعدها {n}، كلها في جدول التقرير على المنصة.", "{n} more, all in the report's table on the platform."
)
MORE_NAMES = BilingualText("، و{n} غيرها، كلها في جدول التقرير.", "; {n} more, all in the report's table.")
TOO_FEW_TO_RANK = BilingualText(
    "لا يكفي لترتيبها (أقل من {least}):", "Not enough to rank (fewer than {least}):"
)
INDICATORS_HEADING = BilingualText("الأرقام ومقارنتها", "The figures, compared")
RANKING_HEADING, UNITS_HEADING = (
    BilingualText("ترتيب الجهات", "Ranking of bodies"),
    BilingualText("أقسام الجهة", "Units of the body"),
)
OVERDUE_HEADING = BilingualText("المتأخر", "Overdue")
RECURRING_HEADING = BilingualText("ما يتكرر", "What comes again and again")
APPEALS_HEADING = BilingualText("الاعتراضات", "Appeals")
SUGGESTIONS_HEADING = BilingualText("الاقتراحات والوعود", "Suggestions and promises")
CHANNELS_HEADING = BilingualText("من أين وكيف", "From where, and how")
NOTES_HEADING = BilingualText("كيف تُقرأ هذه الأرقام", "How to read these figures")
NOTES = (
    BilingualText(
        "هي أرقام صفحة المؤشرات للشهر نفسه، بالتعريفات نفسها، كما كانت ساعة إعداد التقرير.",
        "These are the figures of the dashboard for the same month, by the same definitions, as they stood when the"
        " report was made.",
    ),
    BilingualText(
        "«بين كذا وكذا» مجال نثق أن النسبة فيه بدرجة 95 من 100، وبجانبه عدد ما حُسبت منه. الفرق الذي قد يكون مصادفة لا"
        " نلوّنه ولا نبني عليه توصية.",
        "“Between … and …” is where a share lies with 95 in a hundred, with of how many it is beside it. What may be"
        " chance has no colour and makes no recommendation.",
    ),
    BilingualText(
        f"«لا يكفي» تعني أقل من {MIN_OBSERVATIONS}، وبجانبها كم كانت.",
        f"“Not enough” means fewer than {MIN_OBSERVATIONS}; how many there were stands beside it.",
    ),
    BilingualText(
        "«في موعدها» كلمة الجهة، و«حُلّت» كلمة المواطن. الترتيب بحسب الرد في الموعد، والمتساوون في مرتبة واحدة.",
        "“On time” is the body's word, “solved” is the citizen's. The ranking is by answers on time; equals share a"
        " place.",
    ),
    BilingualText(
        "لا يُذكر هنا كلام مواطن ولا اسمه. الطلبات محفوظة السرية في المجاميع وحدها.",
        "No citizen's words or name stand here. Confidential cases are in the sums alone.",
    ),
)  # fmt: skip
