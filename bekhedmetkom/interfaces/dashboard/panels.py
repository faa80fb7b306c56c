"""The panels of the page: what each finds, its picture, and the table behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from django.utils.safestring import SafeString

from bekhedmetkom.catalogue.queries import get_service
from bekhedmetkom.entities.queries import get_tree
from bekhedmetkom.insight.queries.shape import Age, Board, Ranked, TopicRow
from bekhedmetkom.insight.rules.forecast import Forecast
from bekhedmetkom.insight.rules.indicators import ENOUGH
from bekhedmetkom.kernel.clock import AMMAN
from bekhedmetkom.kernel.formatting import BODY, format_count, format_in_both_languages, format_short_date
from bekhedmetkom.kernel.text import BilingualText

from . import charts, findings, tables
from .asked import Asked
from .course import Point, course, expected_means, is_by_week, means
from .leads import behind, instructing
from .map import places_on_map
from .panel import TARGET, Panel
from .saying import isolated, percent, signed

FIRST, LAST = 12, 4  # of the ranking that are shown at the desk, the table has all …
ON_WALL = 8, 3  # … and on a wall
FEW, FEW_ON_WALL = 14, 8  # lines of a tall panel
DRAWN = 3  # ways between bodies that are worth a picture; fewer are lines …
WAYS_ON_WALL = 5  # … and of more, names would be too small to read from afar
EARLIEST, LATEST = 6, 22  # hours that are shown, unless something came outside


class RankLine(NamedTuple):
    """A body; `place` is empty where too little says it. `moved`: places up (with +) or down since before.

    `above`: who stands between it and the line above. `cases`, `words`: addresses of what is behind both shares;
    `ask`: where its head is asked about them.
    """

    place: str
    name: str
    code: str
    on_time: str
    bar: SafeString
    solved: str
    n: str
    moved: int
    above: str
    cases: str
    words: str
    ask: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A line with a bar: what it is, its number and how that stands; `narrows` the page to it, `cases` lists them."""

    name: str
    beside: str
    number: str
    bar: SafeString
    narrows: Mapping[str, str] = field(default_factory=dict)
    change: str = ""
    turn: str = ""
    cases: str = ""


def is_whole(asked: Asked) -> bool:
    """Whether these figures are all of their bodies', up to today: what is expected is expected of these."""
    part = asked.slice
    return asked.ends_today and not any((part.unit, part.kind, part.service, part.governorate, part.channel))


def panels(board: Board, asked: Asked, expected: Forecast | None = None) -> dict[str, Panel]:
    """By name. One body by itself has no ranking. `expected`: what is to come in."""
    ranked = (ranking,) if len(board.ranking) > 1 else ()
    made = (
        *ranked,
        trend,
        places_on_map,
        hours,
        partial(work, expected=expected),
        topics,
        backlog,
        flows,
        channels,
    )
    return {panel.name: panel for panel in (make(board, asked) for make in made)}


def ranking(board: Board, asked: Asked) -> Panel:
    language, found = asked.visit.language, board.ranking
    first, last = ON_WALL if asked.wall else (FIRST, LAST)
    ranked = sorted((row for row in found if row.place is not None), key=lambda row: row.place or 0)
    shown = ranked if len(ranked) <= first + last else [*ranked[:first], *ranked[-last:]]
    unranked = [row for row in found if row.place is None]
    rest = _left_out(len(ranked) - len(shown), len(unranked), language)
    cut = first if len(shown) < len(ranked) else len(ranked)
    if not asked.wall:  # where there is room, those of whom there is too little to say stand below
        shown += unranked[: first + last - len(shown)]
    return Panel(
        "ranking", findings.of_ranking(found, TARGET).in_(language),
        BilingualText("الخط: الهدف {t}", "line: target {t}").filled(t=isolated(percent(TARGET, 0))).in_(language),
        tables.ranking(board), "on_time", rest=rest if cut >= len(shown) else "",
        lines=[_rank_line(row, asked, rest if place == cut else "") for place, row in enumerate(shown)],
    )  # fmt: skip


def _left_out(between: int, few: int, language: str) -> str:
    """Which bodies are not among the lines, and why."""
    said = []
    if between:
        said.append(BilingualText(f"{between} بينهما", f"{between} between them"))
    if few:
        least = BilingualText("{n} دون {least} ردًا لا تُرتّب", "{n} with fewer than {least} answers not ranked")
        said.append(least.filled(n=format_in_both_languages(format_count, few, BODY), least=ENOUGH))
    return " · ".join(words.in_(language) for words in said)


def _rank_line(row: Ranked, asked: Asked, above: str) -> RankLine:
    body, value, solved = get_tree()[row.entity], row.on_time.value, row.solved.value
    language = asked.visit.language
    drawn = SafeString()
    if value is not None:
        sure = None if row.on_time.low is None else (100 * row.on_time.low, 100 * (row.on_time.high or 0))
        drawn = charts.bar(100 * value, 100 * TARGET, sure=sure)
    return RankLine(
        str(row.place or ""), body.name_in(language), body.code, "" if value is None else percent(value, 0), drawn,
        "" if solved is None else percent(solved, 0), f"{row.on_time.n:,}",
        row.was - row.place if row.was and row.place else 0, above,
        behind(asked, "on_time", entity=body.code), behind(asked, "solved", entity=body.code),
        instructing(asked, "on_time", entity=body.code),
    )  # fmt: skip


def trend(board: Board, asked: Asked) -> Panel:
    language = asked.visit.language
    on_time, solved = course(board.trend, "on_time"), course(board.trend, "solved")
    finding = findings.of_trend(
        on_time, TARGET, by_week=is_by_week(board.trend), today=asked.visit.today
    ).in_(language)
    known = [100 * point.value for point in (*on_time, *solved) if point.value is not None]
    week = (
        BilingualText("كل نقطة: 7 أيام", "each point: 7 days")
        if is_by_week(board.trend)
        else BilingualText("", "")
    )
    wide = narrow = SafeString()
    if known:
        chart = charts.Trend(
            [point.day for point in on_time],
            [_line(_ON_TIME, on_time, language), _line(_SOLVED, solved, language)],
            charts.around([*known, 100 * TARGET]), lambda value: f"{value:.0f}%",
            lambda day: format_short_date(day, language), (100 * TARGET, _AIM.in_(language)),
        )  # fmt: skip
        wide, narrow = charts.trend(chart, finding), charts.trend(chart, finding, charts.NARROW)
    return Panel("trend", finding, week.in_(language), tables.trend(board), "on_time", wide, narrow)


_ON_TIME, _SOLVED = BilingualText("في الموعد", "On time"), BilingualText("حُلّت", "Solved")
_AIM = BilingualText("هدف الموعد", "target on time")


def _line(name: BilingualText, points: Sequence[Point], language: str) -> charts.Line:
    last = next((percent(point.value) for point in reversed(points) if point.value is not None), "")
    return charts.Line(name.in_(language), [None if p.value is None else 100 * p.value for p in points], last)


def hours(board: Board, asked: Asked) -> Panel:
    language, local = asked.visit.language, board.at.astimezone(AMMAN)
    finding = findings.of_hours(board.hours, local.hour, local.minute).in_(language)
    today, usual = board.hours.today, board.hours.usual
    busy = [hour for hour in range(24) if today[hour] or usual[hour] >= 1]
    first, last = min([EARLIEST, *busy]), max([LATEST - 1, *busy])
    shown = today[first : last + 1], usual[first : last + 1], local.hour, first, finding
    return Panel(
        "hours", finding, BilingualText("ما وصل كل ساعة · الخط: المعتاد", "each hour · line: usual").in_(language),
        tables.hours(board), "received", charts.hours(*shown), charts.hours(*shown, slim=True),
    )  # fmt: skip


def work(board: Board, asked: Asked, expected: Forecast | None = None) -> Panel:
    """What came in and what was answered, as means of seven days; and what is expected to come in, likewise."""
    language, days = asked.visit.language, board.trend
    finding = findings.of_work(days, board.figures["open"].before.value).in_(language)
    wide = narrow = SafeString()
    courses = [(_CAME, means(days, lambda day: day.received)), (_WENT, means(days, lambda day: day.answered))]
    if len(days) > 1:
        lines = [
            charts.Line(name.in_(language), [value for _day, value in points], f"{points[-1][1]:,.0f}")
            for name, points in courses
        ]
        ahead = expected_means(board.lately, expected.days) if expected else []
        chart = charts.Trend(
            [day for day, _value in courses[0][1]], lines,
            charts.round_up([*(v for _name, of in courses for _day, v in of), *(day.high for day in ahead)]),
            lambda value: f"{value:,.0f}", lambda day: format_short_date(day, language),
            expected=[charts.Expected(*day) for day in ahead],
        )  # fmt: skip
        wide, narrow = charts.trend(chart, finding), charts.trend(chart, finding, charts.NARROW)
    beside = _A_DAY.filled(mean=_MEAN if is_by_week(days) else BilingualText("", ""))
    if wide and expected and expected.days:
        beside = _AND_AHEAD.filled(said=beside)
    return Panel("work", finding, beside.in_(language), tables.work(board), "received", wide, narrow)


_A_DAY, _MEAN = (
    BilingualText("في اليوم{mean}", "a day{mean}"),
    BilingualText("، متوسط 7 أيام", ", mean of 7 days"),
)
_AND_AHEAD = BilingualText("{said} · الشريط: الوارد المتوقع", "{said} · band: expected to come in")
_CAME, _WENT = BilingualText("الوارد", "Received"), BilingualText("الردود", "Answered")


def topics(board: Board, asked: Asked) -> Panel:
    language = asked.visit.language
    names = {row.service: get_service(row.service).words for row in board.topics}
    most_risen = sorted(board.topics, key=lambda row: row.before - row.received)
    shown = most_risen[: FEW_ON_WALL if asked.wall else FEW]
    most = max((row.received for row in shown), default=0) or 1
    return Panel(
        "topics", findings.of_topics(board.topics, names).in_(language),
        BilingualText("ما وصل، والتغير عن المدة قبلها", "received, and the change on the days before").in_(language),
        tables.topics(board), "received", lines=[_topic(row, most, asked) for row in shown],
    )  # fmt: skip


def _topic(row: TopicRow, most: int, asked: Asked) -> Bar:
    topic, language = get_service(row.service), asked.visit.language
    which = {"entity": get_tree()[topic.entity].code, "topic": topic.code}
    change = "" if row.change is None else f"{signed(100 * row.change, 0)}%"
    way = "faint" if not row.change or not findings.rises(row) else "bad" if row.change > 0 else "ok"
    return Bar(
        topic.name_in(language), get_tree()[topic.entity].name_in(language), f"{row.received:,}",
        charts.bar(100 * row.received / most), which, change, way, behind(asked, "received", **which),
    )  # fmt: skip


def backlog(board: Board, asked: Asked) -> Panel:
    language, most = asked.visit.language, max((row.waiting for row in board.backlog), default=0) or 1
    return Panel(
        "backlog", findings.of_backlog(board.backlog).in_(language),
        BilingualText("المفتوح الآن، منذ وصل", "open now, since it came").in_(language), tables.backlog(board), "open",
        lines=[_age(row, most, language) for row in board.backlog],
    )  # fmt: skip


def _age(row: Age, most: int, language: str) -> Bar:
    late = f"{row.late:,}" if row.late else ""
    drawn = charts.bar(100 * row.waiting / most, over=100 * row.late / most)
    return Bar(tables.age_of(row).in_(language), "", f"{row.waiting:,}", drawn, change=late)


def flows(board: Board, asked: Asked) -> Panel:
    language = asked.visit.language
    finding = findings.of_flows(board.flows).in_(language)
    most = sorted(board.flows, key=lambda flow: -flow.cases)[: WAYS_ON_WALL if asked.wall else FEW_ON_WALL]
    named = [
        charts.Flow(
            get_tree()[one.sent_from].name_in(language), get_tree()[one.sent_to].name_in(language), one.cases
        )
        for one in most
    ]
    drawn = charts.flows(named, finding) if len(named) >= DRAWN else SafeString()
    return Panel(
        "flows",
        finding,
        BilingualText("الإحالات، من اليسار إلى اليمين", "referrals, from left to right").in_(language),
        tables.flows(board),
        "referred",
        drawn,
        lines=[_flow(one, named[0].cases, language) for one in named],
    )


def _flow(one: charts.Flow, most: int, language: str) -> Bar:
    """The same where there is no drawing, or no room for one."""
    return Bar(
        one.sent, f"{_TO.in_(language)} {one.received}", f"{one.cases:,}", charts.bar(100 * one.cases / most)
    )


_TO = BilingualText("إلى", "to")


def channels(board: Board, asked: Asked) -> Panel:
    language, most = asked.visit.language, max((row.share for row in board.channels), default=0) or 1
    names = {row.channel: tables.channel(row.channel) for row in board.channels}
    rows = sorted(board.channels, key=lambda row: -row.received)[:FEW_ON_WALL]
    return Panel(
        "channels", findings.of_channels(board.channels, names).in_(language),
        BilingualText("كيف وصلت الطلبات", "how cases came").in_(language), tables.channels(board), "received",
        lines=[
            Bar(names[row.channel].in_(language), "", percent(row.share, 0), charts.bar(100 * row.share / most),
                {"channel": row.channel}, cases=behind(asked, "received", channel=row.channel))
            for row in rows
        ],
    )  # fmt: skip
