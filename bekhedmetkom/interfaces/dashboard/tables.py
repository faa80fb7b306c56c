"""The numbers behind each picture as a table: on the page, and as a sheet to take along."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext_lazy as _

from bekhedmetkom.analytics.queries.dashboard_data import AgeRow, Dashboard, TrendStep
from bekhedmetkom.analytics.rules.indicators import INDICATORS
from bekhedmetkom.cases.rules.channels import CHANNEL_LABELS
from bekhedmetkom.catalogue.queries import get_service
from bekhedmetkom.entities.queries import get_governorates, get_tree
from bekhedmetkom.kernel.formatting import DAY, format_count, format_in_both_languages, format_short_date
from bekhedmetkom.kernel.text import BilingualText

from .table_cells import (
    CHANGE_COLUMN,
    COUNT_COLUMN,
    ESTIMATE_COLUMN,
    INDICATOR_COLUMN,
    SHARE_COLUMN,
    TARGET_COLUMN,
    TEXT_COLUMN,
    FigureTable,
    IndicatorCell,
)
from .trend import WEEK_DAYS, build_trend

ON_TIME, SOLVED, RESPONSE = (INDICATORS[key].name for key in ("on_time", "solved", "response"))
RECEIVED, OPEN, OVERDUE = (INDICATORS[key].name for key in ("received", "open", "overdue"))
ANSWERED = INDICATORS["answered"].name


def build_indicators_table(board: Dashboard) -> FigureTable:
    """Every indicator that can be worked out."""
    shown = [
        key for key, one in INDICATORS.items() if one.unavailable_reason is None and key in board.figures
    ]
    return FigureTable(
        "figures",
        _("كل المؤشرات"),
        [
            (_("المؤشر"), TEXT_COLUMN),
            (_("في هذه المدة"), INDICATOR_COLUMN),
            (_("في المدة قبلها"), INDICATOR_COLUMN),
            (_("قبل سنة"), INDICATOR_COLUMN),
            (_("الهدف"), TARGET_COLUMN),
        ],
        [
            [
                one.name,
                *(
                    IndicatorCell(one, reading)
                    for reading in (found.current, found.previous, found.last_year)
                ),
                one,
            ]
            for one, found in ((INDICATORS[key], board.figures[key]) for key in shown)
        ],
        shown,
    )


def build_ranking_table(board: Dashboard) -> FigureTable:
    return FigureTable(
        "ranking",
        _("ترتيب الجهات"),
        [
            (_("الجهة"), TEXT_COLUMN),
            (_("الترتيب"), COUNT_COLUMN),
            (_("كان"), COUNT_COLUMN),
            (ON_TIME, ESTIMATE_COLUMN),
            (SOLVED, ESTIMATE_COLUMN),
            (RESPONSE, ESTIMATE_COLUMN),
            (RECEIVED, COUNT_COLUMN),
            (ANSWERED, COUNT_COLUMN),
            (OPEN, COUNT_COLUMN),
            (OVERDUE, COUNT_COLUMN),
        ],
        [
            [
                get_tree()[row.entity].name,
                row.rank,
                row.previous_rank,
                row.on_time,
                row.solved,
                row.response,
                row.received,
                row.answered,
                row.waiting,
                row.late,
            ]
            for row in board.ranking
        ],
    )


def build_trend_table(board: Dashboard) -> FigureTable:
    """By day as the picture has it: what ended in the week up to each."""
    on_time = build_trend(board.trend, "on_time")
    solved = build_trend(board.trend, "solved")
    return FigureTable(
        "trend",
        _("الرد في الموعد والحل"),
        [(_("حتى يوم"), TEXT_COLUMN), (ON_TIME, ESTIMATE_COLUMN), (SOLVED, ESTIMATE_COLUMN)],
        [
            [
                format_in_both_languages(format_short_date, point.day),
                point.indicator_value,
                other.indicator_value,
            ]
            for point, other in zip(on_time, solved, strict=True)
        ],
    )


def build_workload_table(board: Dashboard) -> FigureTable:
    by_week = any(step.day_count > 1 for step in board.trend)
    return FigureTable(
        "work",
        _("الوارد والردود والمفتوح"),
        [
            (_("الأسبوع حتى") if by_week else _("اليوم"), TEXT_COLUMN),
            (RECEIVED, COUNT_COLUMN),
            (ANSWERED, COUNT_COLUMN),
            (OPEN, COUNT_COLUMN),
            (OVERDUE, COUNT_COLUMN),
        ],
        [
            [
                _format_week_end(step) if by_week else format_in_both_languages(format_short_date, step.day),
                step.received,
                step.answered,
                step.waiting,
                step.late,
            ]
            for step in board.trend
        ],
    )


def _format_week_end(step: TrendStep) -> BilingualText:
    """Its last day; what is no whole week says how many days it has."""
    day = format_in_both_languages(format_short_date, step.day)
    if step.day_count == WEEK_DAYS:
        return day
    return BilingualText("{day} ({n})", "{day} ({n})").format(
        day=day, n=format_in_both_languages(format_count, step.day_count, DAY)
    )


def build_governorates_table(board: Dashboard) -> FigureTable:
    return FigureTable(
        "places",
        _("حسب المحافظة"),
        [
            (_("المحافظة"), TEXT_COLUMN),
            (ON_TIME, ESTIMATE_COLUMN),
            (SOLVED, ESTIMATE_COLUMN),
            (RECEIVED, COUNT_COLUMN),
            (_("في المدة قبلها"), COUNT_COLUMN),
            (OPEN, COUNT_COLUMN),
            (OVERDUE, COUNT_COLUMN),
        ],
        [
            [
                get_governorates()[row.governorate].name,
                row.on_time,
                row.solved,
                row.received,
                row.received_before,
                row.waiting,
                row.late,
            ]
            for row in board.governorates
        ],
    )


def build_hours_table(board: Dashboard) -> FigureTable:
    return FigureTable(
        "hours",
        _("ما وصل كل ساعة اليوم"),
        [
            (_("الساعة"), TEXT_COLUMN),
            (BilingualText("اليوم", "Today"), COUNT_COLUMN),
            (_("المعتاد"), COUNT_COLUMN),
        ],
        [
            [f"{hour}:00", came, usual]
            for hour, (came, usual) in enumerate(zip(board.hours.today, board.hours.usual, strict=True))
        ],
    )


def build_topics_table(board: Dashboard) -> FigureTable:
    return FigureTable(
        "topics",
        _("المواضيع"),
        [
            (_("الموضوع"), TEXT_COLUMN),
            (_("الجهة"), TEXT_COLUMN),
            (RECEIVED, COUNT_COLUMN),
            (_("في المدة قبلها"), COUNT_COLUMN),
            (_("التغير"), CHANGE_COLUMN),
            (ON_TIME, ESTIMATE_COLUMN),
            (SOLVED, ESTIMATE_COLUMN),
        ],
        [
            [
                get_service(row.service).name,
                get_tree()[get_service(row.service).entity].name,
                row.received,
                row.received_before,
                row.change,
                row.on_time,
                row.solved,
            ]
            for row in board.topics
        ],
    )


def build_backlog_table(board: Dashboard) -> FigureTable:
    return FigureTable(
        "backlog",
        _("أعمار المفتوح"),
        [(_("منذ وصل"), TEXT_COLUMN), (OPEN, COUNT_COLUMN), (OVERDUE, COUNT_COLUMN)],
        [[format_age(row), row.waiting, row.late] for row in board.backlog],
    )


def format_age(row: AgeRow) -> BilingualText:
    """So old: «8 إلى 30 يومًا», «اليوم»."""
    if row.max_days is None:
        return format_in_both_languages(
            lambda n, language: _AGE_AND_MORE.in_language(language).format(_format_days(n, language)),
            row.min_days,
        )
    if row.max_days == 0:
        return BilingualText("اليوم", "Today")
    if row.min_days == 0:
        return format_in_both_languages(
            lambda n, language: _UP_TO_AGE.in_language(language).format(_format_days(n, language)),
            row.max_days,
        )
    if row.min_days == row.max_days:
        return BilingualText(format_count(row.min_days, DAY, "ar"), format_count(row.min_days, DAY, "en"))
    return format_in_both_languages(
        lambda n, language: _AGE_RANGE.in_language(language).format(row.min_days, _format_days(n, language)),
        row.max_days,
    )


_UP_TO_AGE = BilingualText("حتى {}", "up to {}")
_AGE_AND_MORE, _AGE_RANGE = BilingualText("{} فأكثر", "{} and more"), BilingualText("{} إلى {}", "{} to {}")


def _format_days(n: int, language: str) -> str:
    return format_count(n, DAY, language, after=True)


def build_flows_table(board: Dashboard) -> FigureTable:
    return FigureTable(
        "flows",
        _("ما انتقل بين الجهات"),
        [(_("من جهة"), TEXT_COLUMN), (_("إلى جهة"), TEXT_COLUMN), (_("الطلبات"), COUNT_COLUMN)],
        [[get_tree()[row.sent_from].name, get_tree()[row.sent_to].name, row.cases] for row in board.flows],
    )


def build_channels_table(board: Dashboard) -> FigureTable:
    return FigureTable(
        "channels",
        _("القنوات"),
        [(_("القناة"), TEXT_COLUMN), (RECEIVED, COUNT_COLUMN), (_("من الكل"), SHARE_COLUMN)],
        [[get_channel_label(row.channel), row.received, row.share] for row in board.channels],
    )


def get_channel_label(name: str) -> BilingualText:
    """By which way cases came; a program's own name for it as it is."""
    return CHANNEL_LABELS.get(name, BilingualText(name, name))


TABLE_BUILDERS: Mapping[str, Callable[[Dashboard], FigureTable]] = {
    "figures": build_indicators_table,
    "ranking": build_ranking_table,
    "trend": build_trend_table,
    "work": build_workload_table,
    "places": build_governorates_table,
    "hours": build_hours_table,
    "topics": build_topics_table,
    "backlog": build_backlog_table,
    "flows": build_flows_table,
    "channels": build_channels_table,
}
