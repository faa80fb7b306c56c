"""The numbers behind each picture as a table: on the page, and as a sheet to take along."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext_lazy as _

from bekhedmetkom.cases.rules.channels import CHANNELS
from bekhedmetkom.catalogue.queries import get_service
from bekhedmetkom.entities.queries import get_governorates, get_tree
from bekhedmetkom.insight.queries.shape import Age, Board, Step
from bekhedmetkom.insight.rules.indicators import INDICATORS
from bekhedmetkom.kernel.formatting import DAY, format_count, format_in_both_languages, format_short_date
from bekhedmetkom.kernel.text import BilingualText

from .cells import CHANGE, COUNT, FIGURE, READING, SHARE, TARGET, WORDS, Figure, Table
from .course import WEEK, course

ON_TIME, SOLVED, RESPONSE = (INDICATORS[key].name for key in ("on_time", "solved", "response"))
RECEIVED, OPEN, OVERDUE = (INDICATORS[key].name for key in ("received", "open", "overdue"))
ANSWERED = INDICATORS["answered"].name


def figures(board: Board) -> Table:
    """Every indicator that can be worked out."""
    shown = [key for key, one in INDICATORS.items() if one.missing is None and key in board.figures]
    return Table(
        "figures", _("كل المؤشرات"),
        [(_("المؤشر"), WORDS), (_("في هذه المدة"), FIGURE), (_("في المدة قبلها"), FIGURE),
         (_("قبل سنة"), FIGURE), (_("الهدف"), TARGET)],
        [
            [one.name, *(Figure(one, reading) for reading in (found.now, found.before, found.last_year)), one]
            for one, found in ((INDICATORS[key], board.figures[key]) for key in shown)
        ],
        shown,
    )  # fmt: skip


def ranking(board: Board) -> Table:
    return Table(
        "ranking", _("ترتيب الجهات"),
        [(_("الجهة"), WORDS), (_("الترتيب"), COUNT), (_("كان"), COUNT), (ON_TIME, READING), (SOLVED, READING),
         (RESPONSE, READING), (RECEIVED, COUNT), (ANSWERED, COUNT), (OPEN, COUNT), (OVERDUE, COUNT)],
        [
            [get_tree()[row.entity].words, row.place, row.was, row.on_time, row.solved, row.response, row.received,
             row.answered, row.waiting, row.late]
            for row in board.ranking
        ],
    )  # fmt: skip


def trend(board: Board) -> Table:
    """By day as the picture has it: what ended in the week up to each."""
    on_time = course(board.trend, "on_time")
    solved = course(board.trend, "solved")
    return Table(
        "trend", _("الرد في الموعد والحل"),
        [(_("حتى يوم"), WORDS), (ON_TIME, READING), (SOLVED, READING)],
        [
            [format_in_both_languages(format_short_date, point.day), point.reading, other.reading]
            for point, other in zip(on_time, solved, strict=True)
        ],
    )  # fmt: skip


def work(board: Board) -> Table:
    by_week = any(step.days > 1 for step in board.trend)
    return Table(
        "work",
        _("الوارد والردود والمفتوح"),
        [
            (_("الأسبوع حتى") if by_week else _("اليوم"), WORDS),
            (RECEIVED, COUNT),
            (ANSWERED, COUNT),
            (OPEN, COUNT),
            (OVERDUE, COUNT),
        ],
        [
            [
                _week_to(step) if by_week else format_in_both_languages(format_short_date, step.day),
                step.received,
                step.answered,
                step.waiting,
                step.late,
            ]
            for step in board.trend
        ],
    )


def _week_to(step: Step) -> BilingualText:
    """Its last day; what is no whole week says how many days it has."""
    day = format_in_both_languages(format_short_date, step.day)
    if step.days == WEEK:
        return day
    return BilingualText("{day} ({n})", "{day} ({n})").filled(
        day=day, n=format_in_both_languages(format_count, step.days, DAY)
    )


def places_of(board: Board) -> Table:
    return Table(
        "places",
        _("حسب المحافظة"),
        [
            (_("المحافظة"), WORDS),
            (ON_TIME, READING),
            (SOLVED, READING),
            (RECEIVED, COUNT),
            (_("في المدة قبلها"), COUNT),
            (OPEN, COUNT),
            (OVERDUE, COUNT),
        ],
        [
            [
                get_governorates()[row.governorate].words,
                row.on_time,
                row.solved,
                row.received,
                row.received_before,
                row.waiting,
                row.late,
            ]
            for row in board.places
        ],
    )


def hours(board: Board) -> Table:
    return Table(
        "hours", _("ما وصل كل ساعة اليوم"),
        [(_("الساعة"), WORDS), (BilingualText("اليوم", "Today"), COUNT), (_("المعتاد"), COUNT)],
        [
            [f"{hour}:00", came, usual]
            for hour, (came, usual) in enumerate(zip(board.hours.today, board.hours.usual, strict=True))
        ],
    )  # fmt: skip


def topics(board: Board) -> Table:
    return Table(
        "topics",
        _("المواضيع"),
        [
            (_("الموضوع"), WORDS),
            (_("الجهة"), WORDS),
            (RECEIVED, COUNT),
            (_("في المدة قبلها"), COUNT),
            (_("التغير"), CHANGE),
            (ON_TIME, READING),
            (SOLVED, READING),
        ],
        [
            [
                get_service(row.service).words,
                get_tree()[get_service(row.service).entity].words,
                row.received,
                row.before,
                row.change,
                row.on_time,
                row.solved,
            ]
            for row in board.topics
        ],
    )


def backlog(board: Board) -> Table:
    return Table(
        "backlog", _("أعمار المفتوح"),
        [(_("منذ وصل"), WORDS), (OPEN, COUNT), (OVERDUE, COUNT)],
        [[age_of(row), row.waiting, row.late] for row in board.backlog],
    )  # fmt: skip


def age_of(row: Age) -> BilingualText:
    """So old: «8 إلى 30 يومًا», «اليوم»."""
    if row.at_most is None:
        return format_in_both_languages(
            lambda n, language: _AND_MORE.in_(language).format(_days(n, language)), row.at_least
        )
    if row.at_most == 0:
        return BilingualText("اليوم", "Today")
    if row.at_least == 0:
        return format_in_both_languages(
            lambda n, language: _WITHIN.in_(language).format(_days(n, language)), row.at_most
        )
    if row.at_least == row.at_most:
        return BilingualText(format_count(row.at_least, DAY, "ar"), format_count(row.at_least, DAY, "en"))
    return format_in_both_languages(
        lambda n, language: _UP_TO.in_(language).format(row.at_least, _days(n, language)), row.at_most
    )


_WITHIN = BilingualText("حتى {}", "up to {}")
_AND_MORE, _UP_TO = BilingualText("{} فأكثر", "{} and more"), BilingualText("{} إلى {}", "{} to {}")


def _days(n: int, language: str) -> str:
    return format_count(n, DAY, language, after=True)


def flows(board: Board) -> Table:
    return Table(
        "flows", _("ما انتقل بين الجهات"),
        [(_("من جهة"), WORDS), (_("إلى جهة"), WORDS), (_("الطلبات"), COUNT)],
        [[get_tree()[row.sent_from].words, get_tree()[row.sent_to].words, row.cases] for row in board.flows],
    )  # fmt: skip


def channels(board: Board) -> Table:
    return Table(
        "channels", _("القنوات"),
        [(_("القناة"), WORDS), (RECEIVED, COUNT), (_("من الكل"), SHARE)],
        [[channel(row.channel), row.received, row.share] for row in board.channels],
    )  # fmt: skip


def channel(name: str) -> BilingualText:
    """By which way cases came; a program's own name for it as it is."""
    return CHANNELS.get(name, BilingualText(name, name))


TABLES: Mapping[str, Callable[[Board], Table]] = {
    "figures": figures, "ranking": ranking, "trend": trend, "work": work, "places": places_of, "hours": hours,
    "topics": topics, "backlog": backlog, "flows": flows, "channels": channels,
}  # fmt: skip
