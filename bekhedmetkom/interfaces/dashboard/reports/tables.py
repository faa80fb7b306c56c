"""The tables of a report. What the page has too is the page's own; what stood open is said of the month's last day."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from bekhedmetkom.analytics.queries.reports import Report
from bekhedmetkom.analytics.rules.indicators import INDICATORS, MIN_OBSERVATIONS
from bekhedmetkom.analytics.rules.recommendation_texts import render_recommendation
from bekhedmetkom.analytics.rules.recommendations import Addressee, Recommendation
from bekhedmetkom.analytics.rules.reports import ReportLine
from bekhedmetkom.analytics.rules.totals import IndicatorValue, build_share
from bekhedmetkom.catalogue.queries import get_service
from bekhedmetkom.entities.queries import get_governorates, get_tree, get_units
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.formatting import format_days_late, format_in_both_languages, format_short_date
from bekhedmetkom.kernel.text import BilingualText

from .. import tables
from ..phrases import format_percentage, isolate_number
from ..table_cells import (
    COUNT_COLUMN,
    ESTIMATE_COLUMN,
    INDICATOR_COLUMN,
    TEXT_COLUMN,
    FigureTable,
    IndicatorCell,
)
from ..tables import ANSWERED, ON_TIME, OPEN, OVERDUE, SOLVED

EMPTY_TEXT = BilingualText("", "")
PM_UNIT = BilingualText("وحدة رئاسة الوزراء", "The Prime Ministry unit")
_HEAD_OF_BODY = BilingualText("رئيس {body}", "Head of {body}")
BODY_HEADING, TOPIC_HEADING, GOVERNORATE_HEADING = (
    BilingualText("الجهة", "Body"),
    BilingualText("الموضوع", "Topic"),
    BilingualText("المحافظة", "Governorate"),
)
MONTH_BEFORE_HEADING = BilingualText("الشهر قبله", "Month before")
REFERENCE_HEADING = BilingualText("رقم الطلب", "Reference")


def build_tables(report: Report) -> list[FigureTable]:
    """In the order of the report; those that its kind has, also where nothing stands in them."""
    return [make(report) for make in (CABINET_TABLES if report.entity is None else BODY_TABLES)]


def build_recommendations_table(report: Report) -> FigureTable:
    return FigureTable(
        "recommendations",
        BilingualText("التوصيات", "Recommendations"),
        [
            (BilingualText("المطلوب", "What to do"), TEXT_COLUMN),
            (BilingualText("من", "Who"), TEXT_COLUMN),
            (BilingualText("لماذا", "Why"), TEXT_COLUMN),
        ],
        [
            [sentence.action, get_addressee(one), sentence.evidence]
            for one in report.recommendations
            for sentence in (format_recommendation(one),)
        ],
    )


def format_recommendation(one: Recommendation) -> Any:
    """The recommendation in words."""
    topic, place = (
        get_service(one.service) if one.service else None,
        get_governorates().get(one.governorate or 0),
    )
    unit = get_units().get(one.unit or 0)
    named = {
        "body": get_tree()[one.entity].name if one.entity else None,
        "other": get_tree()[one.other_entity].name if one.other_entity else None,
        "topic": topic and topic.name, "place": place and place.name, "unit": unit and unit.name,
    }  # fmt: skip
    names = {name: words or EMPTY_TEXT for name, words in named.items()}
    return render_recommendation(one, names, lambda value: isolate_number(format_percentage(value)))


def get_addressee(one: Recommendation) -> BilingualText:
    """Whom it is for."""
    return (
        PM_UNIT
        if one.addressee is Addressee.PM_UNIT
        else _HEAD_OF_BODY.format(body=get_tree()[one.entity].name)
    )


def build_totals_table(report: Report) -> FigureTable:
    """Every indicator, against the month before, a year ago and, of a body, its sector."""
    found = tables.build_indicators_table(report.dashboard)
    columns, rows = list(found.columns), [list(row) for row in found.rows]
    columns[1:4] = [
        (BilingualText("هذا الشهر", "This month"), INDICATOR_COLUMN),
        (MONTH_BEFORE_HEADING, INDICATOR_COLUMN),
        (BilingualText("قبل سنة", "A year ago"), INDICATOR_COLUMN),
    ]
    if report.entity is not None:
        columns.insert(4, (BilingualText("قطاعها", "Its sector"), INDICATOR_COLUMN))
        for row in rows:
            row.insert(4, IndicatorCell(row[-1], report.details.sector_values[row[-1].key]))
    return FigureTable("totals", BilingualText("كل المؤشرات", "All indicators"), columns, rows)


def build_ranking_table(report: Report) -> FigureTable:
    found = tables.build_ranking_table(report.dashboard)
    return FigureTable("ranking", found.title, found.columns[:8], [row[:8] for row in found.rows])


def build_overdue_table(report: Report) -> FigureTable:
    """Whose overdue cases stood at the month's end, the most first."""
    lines = sorted(
        (line for line in report.details.lines if line.late), key=lambda line: (-line.late, line.key)
    )
    return FigureTable(
        "overdue",
        BilingualText("المتأخر آخر الشهر، حسب الجهة", "Overdue at the month's end, by body"),
        [
            (BODY_HEADING, TEXT_COLUMN),
            (OVERDUE, COUNT_COLUMN),
            (MONTH_BEFORE_HEADING, COUNT_COLUMN),
            (OPEN, COUNT_COLUMN),
            (INDICATORS["overdue_share"].name, ESTIMATE_COLUMN),
        ],
        [
            [_get_body_name(line), line.late, line.late_before, line.waiting, _compute_late_share(line)]
            for line in lines
        ],
    )


def _compute_late_share(line: ReportLine) -> IndicatorValue:
    """Of so few open cases as most bodies have, it says nothing."""
    return (
        build_share(line.late, line.waiting)
        if line.waiting >= MIN_OBSERVATIONS
        else IndicatorValue(None, line.waiting)
    )


def build_overdue_cases_table(report: Report) -> FigureTable:
    """Promised by the month's end, without an answer when the report was made."""
    today = get_local_date(report.created_at)
    return FigureTable(
        "oldest",
        BilingualText("أقدم ما ينتظر ردًا بعد موعده", "Waiting longest past their date"),
        [
            (REFERENCE_HEADING, TEXT_COLUMN),
            (TOPIC_HEADING, TEXT_COLUMN),
            (BODY_HEADING, TEXT_COLUMN),
            (GOVERNORATE_HEADING, TEXT_COLUMN),
            (BilingualText("موعده", "Promised by"), TEXT_COLUMN),
            (BilingualText("التأخر", "Late"), TEXT_COLUMN),
        ],
        [
            [
                one.reference,
                _get_topic_name(one.service),
                get_tree()[one.entity].name,
                _get_governorate_name(one.governorate),
                _format_date(one.due, report),
                format_in_both_languages(format_days_late, (today - one.due).days),
            ]
            for one in report.details.overdue_cases
        ],
    )


def build_problems_table(report: Report) -> FigureTable:
    return FigureTable(
        "problems",
        BilingualText("مشكلات أبلغ عنها كثيرون", "Problems that many reported"),
        [
            (BilingualText("المشكلة", "Problem"), TEXT_COLUMN),
            (BODY_HEADING, TEXT_COLUMN),
            (GOVERNORATE_HEADING, TEXT_COLUMN),
            (BilingualText("أبلغ عنها", "Reported by"), COUNT_COLUMN),
            (BilingualText("موعد الإصلاح", "To be fixed by"), TEXT_COLUMN),
            (BilingualText("أُصلحت", "Fixed"), TEXT_COLUMN),
        ],
        [
            [
                BilingualText(one.name_ar, one.name_en),
                get_tree()[one.entity].name,
                _get_governorate_name(one.governorate),
                one.reported,
                _format_date(one.fix_on, report),
                _format_date(one.fixed_on, report),
            ]
            for one in report.details.problems
        ],
    )


def build_recurring_topics_table(report: Report) -> FigureTable:
    return FigureTable(
        "again",
        BilingualText(
            "مواضيع تعود إلى المكان نفسه بعد الرد", "Topics that come back to the same place after an answer"
        ),
        [
            (TOPIC_HEADING, TEXT_COLUMN),
            (GOVERNORATE_HEADING, TEXT_COLUMN),
            (BODY_HEADING, TEXT_COLUMN),
            (BilingualText("وصل في 90 يومًا", "Received in 90 days"), COUNT_COLUMN),
            (BilingualText("عاد منها", "Came again"), COUNT_COLUMN),
        ],
        [
            [
                _get_topic_name(one.service),
                _get_governorate_name(one.governorate),
                get_tree()[one.entity].name,
                one.received,
                one.recurring,
            ]
            for one in report.details.recurring_topics
        ],
    )


def build_appeals_table(report: Report) -> FigureTable:
    lines = sorted(
        (line for line in report.details.lines if line.decided), key=lambda line: (-line.upheld_n, line.key)
    )
    return FigureTable(
        "appeals",
        BilingualText("اعتراضات ثبتت", "Appeals upheld"),
        [
            (BODY_HEADING, TEXT_COLUMN),
            (BilingualText("حُسم", "Decided"), COUNT_COLUMN),
            (BilingualText("ثبت كله أو بعضه", "Upheld, wholly or partly"), COUNT_COLUMN),
            (INDICATORS["upheld"].name, ESTIMATE_COLUMN),
        ],
        [[_get_body_name(line), line.decided, line.upheld_n, line.upheld] for line in lines],
    )


def build_suggestions_table(report: Report) -> FigureTable:
    lines = sorted(
        (line for line in report.details.lines if any(line.promises)),
        key=lambda line: (-line.promises.adopted, -line.promises.fulfilled, line.key),
    )
    return FigureTable(
        "suggestions",
        BilingualText("اقتراحات صارت عملًا", "Suggestions put to use"),
        [
            (BODY_HEADING, TEXT_COLUMN),
            (BilingualText("اعتُمد", "Adopted"), COUNT_COLUMN),
            (BilingualText("أعمال وُعد بها", "Actions promised"), COUNT_COLUMN),
            (BilingualText("أعمال أُنجزت", "Actions done"), COUNT_COLUMN),
        ],
        [[_get_body_name(line), *line.promises] for line in lines],
    )


def build_broken_promises_table(report: Report) -> FigureTable:
    return FigureTable(
        "promises",
        BilingualText("أعمال فات يومها الموعود", "Actions past their promised day"),
        [
            (REFERENCE_HEADING, TEXT_COLUMN),
            (TOPIC_HEADING, TEXT_COLUMN),
            (BODY_HEADING, TEXT_COLUMN),
            (BilingualText("وُعد بها قبل", "Promised by"), TEXT_COLUMN),
            (BilingualText("أُنجزت", "Done"), TEXT_COLUMN),
        ],
        [
            [
                one.reference,
                _get_topic_name(one.service),
                get_tree()[one.entity].name,
                _format_date(one.until, report),
                _format_date(one.done_on, report) if one.done_on else BilingualText("لا", "No"),
            ]
            for one in report.details.broken_promises
        ],
    )


def build_governorates_table(report: Report) -> FigureTable:
    found = tables.build_governorates_table(report.dashboard)
    return FigureTable("places", found.title, found.columns[:5], [row[:5] for row in found.rows])


def build_units_table(report: Report) -> FigureTable:
    """The units of a body. What came is not said: a case has no unit when it comes."""
    return FigureTable(
        "units",
        BilingualText("حسب القسم", "By unit"),
        [
            (BilingualText("القسم", "Unit"), TEXT_COLUMN),
            (ON_TIME, ESTIMATE_COLUMN),
            (SOLVED, ESTIMATE_COLUMN),
            (ANSWERED, COUNT_COLUMN),
            (OPEN, COUNT_COLUMN),
            (OVERDUE, COUNT_COLUMN),
        ],
        [
            [unit.name, line.on_time, line.solved, line.answered, line.waiting, line.late]
            for line in report.details.units
            if (unit := get_units().get(line.key))
        ],
    )


def _from_dashboard_table(make: Callable[[Any], FigureTable]) -> Callable[[Report], FigureTable]:
    return lambda report: make(report.dashboard)


def _get_body_name(line: ReportLine) -> BilingualText:
    return get_tree()[line.key].name


def _get_topic_name(key: int | None) -> BilingualText:
    return get_service(key).name if key else EMPTY_TEXT


def _get_governorate_name(key: int | None) -> BilingualText:
    found = get_governorates().get(key or 0)
    return found.name if found else EMPTY_TEXT


def _format_date(day: date | None, report: Report) -> BilingualText:
    """With its year where it is another."""
    if day is None:
        return EMPTY_TEXT
    return format_in_both_languages(
        lambda day, language: format_short_date(day, language, year=day.year != report.month.year), day
    )


build_topics_table, build_channels_table, build_trend_table, build_workload_table = map(
    _from_dashboard_table,
    (
        tables.build_topics_table,
        tables.build_channels_table,
        tables.build_trend_table,
        tables.build_workload_table,
    ),
)
TableBuilders = Sequence[Callable[[Report], FigureTable]]
CABINET_TABLES: TableBuilders = (
    build_recommendations_table,
    build_totals_table,
    build_ranking_table,
    build_overdue_table,
    build_overdue_cases_table,
    build_problems_table,
    build_recurring_topics_table,
    build_appeals_table,
    build_suggestions_table,
    build_broken_promises_table,
    build_governorates_table,
    build_topics_table,
    build_channels_table,
    build_trend_table,
    build_workload_table,
)
BODY_TABLES: TableBuilders = (
    build_recommendations_table,
    build_totals_table,
    build_units_table,
    build_overdue_cases_table,
    build_problems_table,
    build_recurring_topics_table,
    build_appeals_table,
    build_suggestions_table,
    build_broken_promises_table,
    build_governorates_table,
    build_topics_table,
    build_channels_table,
    build_trend_table,
    build_workload_table,
)
