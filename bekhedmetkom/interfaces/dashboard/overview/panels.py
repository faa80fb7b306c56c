"""What every panel of the page has: a finding, a picture, the table behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from typing import Any, NamedTuple

from django.utils.safestring import SafeString

from bekhedmetkom.analytics.queries.dashboard_data import (
    AgeRow,
    Dashboard,
    GovernorateRow,
    RankingRow,
    TopicRow,
)
from bekhedmetkom.analytics.rules.forecast import Forecast
from bekhedmetkom.analytics.rules.indicators import INDICATORS, MIN_OBSERVATIONS
from bekhedmetkom.analytics.rules.totals import IndicatorValue
from bekhedmetkom.catalogue.queries import get_service
from bekhedmetkom.entities.queries import get_governorates, get_tree
from bekhedmetkom.kernel.clock import AMMAN
from bekhedmetkom.kernel.formatting import BODY, format_count, format_in_both_languages, format_short_date
from bekhedmetkom.kernel.text import BilingualText

from .. import charts, tables
from ..drill_down_links import build_cases_address, build_instruction_address
from ..filters import Filters
from ..phrases import format_percentage, format_signed, isolate_number
from ..table_cells import FigureTable
from ..trend import TrendPoint, build_trend, compute_daily_means, compute_expected_means, uses_weekly_windows
from . import findings

ON_TIME_TARGET = INDICATORS["on_time"].target or 0.0  # of answers in time, to which pictures compare


class Panel(NamedTuple):
    """`finding` is its title, `beside` says what is measured. `lines`: what its own template draws."""

    name: str
    finding: str
    subtitle: str
    table: FigureTable
    key: str  # the indicator whose definition it leads to
    wide_chart: SafeString = SafeString()
    narrow_chart: SafeString = SafeString()
    lines: Sequence[Any] = ()
    footer: str = ""


MAP_STEPS = (-0.20, -0.15, -0.07, -0.02)  # from the target: where the colour of a governorate changes

NO_VALUE = IndicatorValue(None, 0)


class MapTile(NamedTuple):
    """A governorate on the map; `step` is its colour, empty where too little says it."""

    area: str
    step: str
    name: str
    figure: str
    code: str
    observations: int


def build_map_panel(board: Dashboard, asked: Filters) -> Panel:
    language = asked.context.language
    names = {key: place.name for key, place in get_governorates().items()}
    found = {row.governorate: row for row in board.governorates}
    rows = [found.get(key) or GovernorateRow(key, 0, 0, NO_VALUE, NO_VALUE, 0, 0) for key in names]
    return Panel(
        "places",
        findings.describe_governorates(rows, names, ON_TIME_TARGET).in_language(language),
        BilingualText("في الموعد، حسب المحافظة", "on time, by governorate").in_language(language),
        tables.build_governorates_table(board),
        "on_time",
        lines=[_build_tile(row, language) for row in rows],
    )


def _build_tile(row: GovernorateRow, language: str) -> MapTile:
    place, value = get_governorates()[row.governorate], row.on_time.value
    code = place.code.rpartition("-")[2].lower()
    step = "" if value is None else f"q{get_map_step(value)}"
    return MapTile(
        code,
        step,
        place.get_name(language),
        "" if value is None else format_percentage(value, 0),
        place.code,
        row.on_time.observations,
    )


def get_map_step(value: float) -> int:
    """1 is furthest below the target, 5 close to it or above."""
    return 1 + sum(value >= ON_TIME_TARGET + step - 1e-9 for step in MAP_STEPS)


class LegendStep(NamedTuple):
    """A colour of the map and the hundredths that it stands for; `high` is None where it is all above."""

    colour: str
    low: int
    high: int | None


def build_map_legend() -> list[LegendStep]:
    cuts = [round(100 * (ON_TIME_TARGET + step)) for step in MAP_STEPS]
    between = [LegendStep(f"q{n}", low, high - 1) for n, (low, high) in enumerate(pairwise(cuts), 2)]
    return [LegendStep("q1", 0, cuts[0]), *between, LegendStep("q5", cuts[-1], None)]


FIRST_RANKED, LAST_RANKED = 12, 4  # of the ranking that are shown at the desk, the table has all …
RANKED_ON_WALL = 8, 3  # … and on a wall
MAX_BARS, MAX_BARS_ON_WALL = 14, 8  # lines of a tall panel
MIN_DRAWN_FLOWS = 3  # ways between bodies that are worth a picture; fewer are lines …
MAX_FLOWS_ON_WALL = 5  # … and of more, names would be too small to read from afar
FIRST_HOUR, LAST_HOUR = 6, 22  # hours that are shown, unless something came outside


class RankingLine(NamedTuple):
    """A body; `place` is empty where too little says it. `moved`: places up (with +) or down since before.

    `above`: who stands between it and the line above. `cases`, `words`: addresses of what is behind both shares;
    `ask`: where its head is asked about them.
    """

    rank: str
    name: str
    code: str
    on_time: str
    bar: SafeString
    solved: str
    n: str
    rank_change: int
    separator: str
    on_time_cases_url: str
    solved_cases_url: str
    instruction_url: str


@dataclass(frozen=True, slots=True)
class BarLine:
    """A line with a bar: what it is, its number and how that stands; `narrows` the page to it, `cases` lists them."""

    name: str
    detail: str
    number: str
    bar: SafeString
    filters: Mapping[str, str] = field(default_factory=dict)
    change: str = ""
    css_class: str = ""
    cases_url: str = ""


def has_forecast(asked: Filters) -> bool:
    """Whether these figures are all of their bodies', up to today: what is expected is expected of these."""
    part = asked.slice
    return asked.ends_today and not any((part.unit, part.kind, part.service, part.governorate, part.channel))


def build_panels(board: Dashboard, asked: Filters, expected: Forecast | None = None) -> dict[str, Panel]:
    """By name. One body by itself has no ranking. `expected`: what is to come in."""
    ranked = (build_ranking_panel,) if len(board.ranking) > 1 else ()
    made = (
        *ranked,
        build_trend_panel,
        build_map_panel,
        build_hours_panel,
        partial(build_workload_panel, expected=expected),
        build_topics_panel,
        build_backlog_panel,
        build_flows_panel,
        build_channels_panel,
    )
    return {panel.name: panel for panel in (make(board, asked) for make in made)}


def build_ranking_panel(board: Dashboard, asked: Filters) -> Panel:
    language, found = asked.context.language, board.ranking
    first, last = RANKED_ON_WALL if asked.is_wall else (FIRST_RANKED, LAST_RANKED)
    ranked = sorted((row for row in found if row.rank is not None), key=lambda row: row.rank or 0)
    shown = ranked if len(ranked) <= first + last else [*ranked[:first], *ranked[-last:]]
    unranked = [row for row in found if row.rank is None]
    rest = _describe_left_out(len(ranked) - len(shown), len(unranked), language)
    cut = first if len(shown) < len(ranked) else len(ranked)
    if not asked.is_wall:  # where there is room, those of whom there is too little to say stand below
        shown += unranked[: first + last - len(shown)]
    return Panel(
        "ranking",
        findings.describe_ranking(found, ON_TIME_TARGET).in_language(language),
        BilingualText("الخط: الهدف {t}", "line: target {t}")
        .format(t=isolate_number(format_percentage(ON_TIME_TARGET, 0)))
        .in_language(language),
        tables.build_ranking_table(board),
        "on_time",
        footer=rest if cut >= len(shown) else "",
        lines=[
            _build_ranking_line(row, asked, rest if place == cut else "") for place, row in enumerate(shown)
        ],
    )


def _describe_left_out(between: int, few: int, language: str) -> str:
    """Which bodies are not among the lines, and why."""
    said = []
    if between:
        said.append(BilingualText(f"{between} بينهما", f"{between} between them"))
    if few:
        least = BilingualText("{n} دون {least} ردًا لا تُرتّب", "{n} with fewer than {least} answers not ranked")
        said.append(least.format(n=format_in_both_languages(format_count, few, BODY), least=MIN_OBSERVATIONS))
    return " · ".join(words.in_language(language) for words in said)


def _build_ranking_line(row: RankingRow, asked: Filters, above: str) -> RankingLine:
    body, value, solved = get_tree()[row.entity], row.on_time.value, row.solved.value
    language = asked.context.language
    drawn = SafeString()
    if value is not None:
        sure = None if row.on_time.low is None else (100 * row.on_time.low, 100 * (row.on_time.high or 0))
        drawn = charts.draw_bar(100 * value, 100 * ON_TIME_TARGET, sure=sure)
    return RankingLine(
        str(row.rank or ""),
        body.get_name(language),
        body.code,
        "" if value is None else format_percentage(value, 0),
        drawn,
        "" if solved is None else format_percentage(solved, 0),
        f"{row.on_time.observations:,}",
        row.previous_rank - row.rank if row.previous_rank and row.rank else 0,
        above,
        build_cases_address(asked, "on_time", entity=body.code),
        build_cases_address(asked, "solved", entity=body.code),
        build_instruction_address(asked, "on_time", entity=body.code),
    )


def build_trend_panel(board: Dashboard, asked: Filters) -> Panel:
    language = asked.context.language
    on_time, solved = build_trend(board.trend, "on_time"), build_trend(board.trend, "solved")
    finding = findings.describe_trend(
        on_time, ON_TIME_TARGET, by_week=uses_weekly_windows(board.trend), today=asked.context.today
    ).in_language(language)
    known = [100 * point.value for point in (*on_time, *solved) if point.value is not None]
    week = (
        BilingualText("كل نقطة: 7 أيام", "each point: 7 days")
        if uses_weekly_windows(board.trend)
        else BilingualText("", "")
    )
    wide = narrow = SafeString()
    if known:
        chart = charts.TrendChart(
            [point.day for point in on_time],
            [_build_chart_line(_ON_TIME_LABEL, on_time, language), _build_chart_line(_SOLVED_LABEL, solved, language)],
            charts.build_share_axis([*known, 100 * ON_TIME_TARGET]), lambda value: f"{value:.0f}%",
            lambda day: format_short_date(day, language), (100 * ON_TIME_TARGET, _TARGET_LABEL.in_language(language)),
        )  # fmt: skip
        wide, narrow = charts.draw_trend(chart, finding), charts.draw_trend(chart, finding, charts.NARROW)
    return Panel(
        "trend", finding, week.in_language(language), tables.build_trend_table(board), "on_time", wide, narrow
    )


_ON_TIME_LABEL, _SOLVED_LABEL = BilingualText("في الموعد", "On time"), BilingualText("حُلّت", "Solved")
_TARGET_LABEL = BilingualText("هدف الموعد", "target on time")


def _build_chart_line(name: BilingualText, points: Sequence[TrendPoint], language: str) -> charts.ChartLine:
    last = next((format_percentage(point.value) for point in reversed(points) if point.value is not None), "")
    return charts.ChartLine(
        name.in_language(language), [None if p.value is None else 100 * p.value for p in points], last
    )


def build_hours_panel(board: Dashboard, asked: Filters) -> Panel:
    language, local = asked.context.language, board.requested_at.astimezone(AMMAN)
    finding = findings.describe_hours(board.hours, local.hour, local.minute).in_language(language)
    today, usual = board.hours.today, board.hours.usual
    busy = [hour for hour in range(24) if today[hour] or usual[hour] >= 1]
    first, last = min([FIRST_HOUR, *busy]), max([LAST_HOUR - 1, *busy])
    shown = today[first : last + 1], usual[first : last + 1], local.hour, first, finding
    return Panel(
        "hours",
        finding,
        BilingualText("ما وصل كل ساعة · الخط: المعتاد", "each hour · line: usual").in_language(language),
        tables.build_hours_table(board),
        "received",
        charts.draw_hours(*shown),
        charts.draw_hours(*shown, slim=True),
    )


def build_workload_panel(board: Dashboard, asked: Filters, expected: Forecast | None = None) -> Panel:
    """What came in and what was answered, as means of seven days; and what is expected to come in, likewise."""
    language, days = asked.context.language, board.trend
    finding = findings.describe_workload(days, board.figures["open"].previous.value).in_language(language)
    wide = narrow = SafeString()
    courses = [
        (_RECEIVED_LABEL, compute_daily_means(days, lambda day: day.received)),
        (_ANSWERED_LABEL, compute_daily_means(days, lambda day: day.answered)),
    ]
    if len(days) > 1:
        lines = [
            charts.ChartLine(
                name.in_language(language), [value for _day, value in points], f"{points[-1][1]:,.0f}"
            )
            for name, points in courses
        ]
        ahead = compute_expected_means(board.recent_days, expected.days) if expected else []
        chart = charts.TrendChart(
            [day for day, _value in courses[0][1]], lines,
            charts.build_count_axis([*(v for _name, of in courses for _day, v in of), *(day.high for day in ahead)]),
            lambda value: f"{value:,.0f}", lambda day: format_short_date(day, language),
            expected=[charts.ExpectedPoint(*day) for day in ahead],
        )  # fmt: skip
        wide, narrow = charts.draw_trend(chart, finding), charts.draw_trend(chart, finding, charts.NARROW)
    beside = _PER_DAY.format(mean=_SEVEN_DAY_MEAN if uses_weekly_windows(days) else BilingualText("", ""))
    if wide and expected and expected.days:
        beside = _WITH_FORECAST.format(said=beside)
    return Panel(
        "work",
        finding,
        beside.in_language(language),
        tables.build_workload_table(board),
        "received",
        wide,
        narrow,
    )


_PER_DAY, _SEVEN_DAY_MEAN = (
    BilingualText("في اليوم{mean}", "a day{mean}"),
    BilingualText("، متوسط 7 أيام", ", mean of 7 days"),
)
_WITH_FORECAST = BilingualText("{said} · الشريط: الوارد المتوقع", "{said} · band: expected to come in")
_RECEIVED_LABEL, _ANSWERED_LABEL = BilingualText("الوارد", "Received"), BilingualText("الردود", "Answered")


def build_topics_panel(board: Dashboard, asked: Filters) -> Panel:
    language = asked.context.language
    names = {row.service: get_service(row.service).name for row in board.topics}
    most_risen = sorted(board.topics, key=lambda row: row.received_before - row.received)
    shown = most_risen[: MAX_BARS_ON_WALL if asked.is_wall else MAX_BARS]
    most = max((row.received for row in shown), default=0) or 1
    return Panel(
        "topics",
        findings.describe_topics(board.topics, names).in_language(language),
        BilingualText(
            "ما وصل، والتغير عن المدة قبلها", "received, and the change on the days before"
        ).in_language(language),
        tables.build_topics_table(board),
        "received",
        lines=[_build_topic_line(row, most, asked) for row in shown],
    )


def _build_topic_line(row: TopicRow, most: int, asked: Filters) -> BarLine:
    topic, language = get_service(row.service), asked.context.language
    which = {"entity": get_tree()[topic.entity].code, "topic": topic.code}
    change = "" if row.change is None else f"{format_signed(100 * row.change, 0)}%"
    way = "faint" if not row.change or not findings.has_changed(row) else "bad" if row.change > 0 else "ok"
    return BarLine(
        topic.get_name(language), get_tree()[topic.entity].get_name(language), f"{row.received:,}",
        charts.draw_bar(100 * row.received / most), which, change, way, build_cases_address(asked, "received", **which),
    )  # fmt: skip


def build_backlog_panel(board: Dashboard, asked: Filters) -> Panel:
    language, most = asked.context.language, max((row.waiting for row in board.backlog), default=0) or 1
    return Panel(
        "backlog",
        findings.describe_backlog(board.backlog).in_language(language),
        BilingualText("المفتوح الآن، منذ وصل", "open now, since it came").in_language(language),
        tables.build_backlog_table(board),
        "open",
        lines=[_build_age_line(row, most, language) for row in board.backlog],
    )


def _build_age_line(row: AgeRow, most: int, language: str) -> BarLine:
    late = f"{row.late:,}" if row.late else ""
    drawn = charts.draw_bar(100 * row.waiting / most, over=100 * row.late / most)
    return BarLine(tables.format_age(row).in_language(language), "", f"{row.waiting:,}", drawn, change=late)


def build_flows_panel(board: Dashboard, asked: Filters) -> Panel:
    language = asked.context.language
    finding = findings.describe_flows(board.flows).in_language(language)
    most = sorted(board.flows, key=lambda flow: -flow.cases)[
        : MAX_FLOWS_ON_WALL if asked.is_wall else MAX_BARS_ON_WALL
    ]
    named = [
        charts.Flow(
            get_tree()[one.sent_from].get_name(language),
            get_tree()[one.sent_to].get_name(language),
            one.cases,
        )
        for one in most
    ]
    drawn = charts.draw_flows(named, finding) if len(named) >= MIN_DRAWN_FLOWS else SafeString()
    return Panel(
        "flows",
        finding,
        BilingualText("الإحالات، من اليسار إلى اليمين", "referrals, from left to right").in_language(
            language
        ),
        tables.build_flows_table(board),
        "referred",
        drawn,
        lines=[_build_flow_line(one, named[0].cases, language) for one in named],
    )


def _build_flow_line(one: charts.Flow, most: int, language: str) -> BarLine:
    """The same where there is no drawing, or no room for one."""
    return BarLine(
        one.sent,
        f"{_TO_LABEL.in_language(language)} {one.received}",
        f"{one.cases:,}",
        charts.draw_bar(100 * one.cases / most),
    )


_TO_LABEL = BilingualText("إلى", "to")


def build_channels_panel(board: Dashboard, asked: Filters) -> Panel:
    language, most = asked.context.language, max((row.share for row in board.channels), default=0) or 1
    names = {row.channel: tables.get_channel_label(row.channel) for row in board.channels}
    rows = sorted(board.channels, key=lambda row: -row.received)[:MAX_BARS_ON_WALL]
    return Panel(
        "channels",
        findings.describe_channels(board.channels, names).in_language(language),
        BilingualText("كيف وصلت الطلبات", "how cases came").in_language(language),
        tables.build_channels_table(board),
        "received",
        lines=[
            BarLine(
                names[row.channel].in_language(language),
                "",
                format_percentage(row.share, 0),
                charts.draw_bar(100 * row.share / most),
                {"channel": row.channel},
                cases_url=build_cases_address(asked, "received", channel=row.channel),
            )
            for row in rows
        ],
    )
