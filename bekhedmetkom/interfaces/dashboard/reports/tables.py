"""The tables of a report. What the page has too is the page's own; what stood open is said of the month's last day."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from bekhedmetkom.catalogue.queries import get_service
from bekhedmetkom.entities.queries import get_governorates, get_tree, get_units
from bekhedmetkom.insight.queries.reports import Report
from bekhedmetkom.insight.rules.advice import Advice, To
from bekhedmetkom.insight.rules.advice_words import said
from bekhedmetkom.insight.rules.indicators import ENOUGH, INDICATORS
from bekhedmetkom.insight.rules.reports import Line
from bekhedmetkom.insight.rules.totals import Reading, share
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.formatting import format_days_late, format_in_both_languages, format_short_date
from bekhedmetkom.kernel.text import BilingualText

from .. import tables
from ..cells import COUNT, FIGURE, READING, WORDS, Figure, Table
from ..saying import isolated, percent
from ..tables import ANSWERED, ON_TIME, OPEN, OVERDUE, SOLVED

NOTHING = BilingualText("", "")
PM_UNIT = BilingualText("وحدة رئاسة الوزراء", "The Prime Ministry unit")
_HEAD = BilingualText("رئيس {body}", "Head of {body}")
BODY, TOPIC, PLACE = (
    BilingualText("الجهة", "Body"),
    BilingualText("الموضوع", "Topic"),
    BilingualText("المحافظة", "Governorate"),
)
BEFORE = BilingualText("الشهر قبله", "Month before")
REFERENCE = BilingualText("رقم الطلب", "Reference")


def tables_of(report: Report) -> list[Table]:
    """In the order of the report; those that its kind has, also where nothing stands in them."""
    return [make(report) for make in (CABINETS if report.entity is None else OF_A_BODY)]


def recommendations(report: Report) -> Table:
    return Table(
        "recommendations",
        BilingualText("التوصيات", "Recommendations"),
        [
            (BilingualText("المطلوب", "What to do"), WORDS),
            (BilingualText("من", "Who"), WORDS),
            (BilingualText("لماذا", "Why"), WORDS),
        ],
        [
            [sentence.ask, addressed(one), sentence.why]
            for one in report.advice
            for sentence in (spoken(one),)
        ],
    )


def spoken(one: Advice) -> Any:
    """The recommendation in words."""
    topic, place = (
        get_service(one.service) if one.service else None,
        get_governorates().get(one.governorate or 0),
    )
    unit = get_units().get(one.unit or 0)
    named = {
        "body": get_tree()[one.entity].words if one.entity else None,
        "other": get_tree()[one.other].words if one.other else None,
        "topic": topic and topic.words, "place": place and place.words, "unit": unit and unit.words,
    }  # fmt: skip
    names = {name: words or NOTHING for name, words in named.items()}
    return said(one, names, lambda value: isolated(percent(value)))


def addressed(one: Advice) -> BilingualText:
    """Whom it is for."""
    return PM_UNIT if one.to is To.UNIT_OF_PM else _HEAD.filled(body=get_tree()[one.entity].words)


def totals(report: Report) -> Table:
    """Every indicator, against the month before, a year ago and, of a body, its sector."""
    found = tables.figures(report.board)
    columns, rows = list(found.columns), [list(row) for row in found.rows]
    columns[1:4] = [
        (BilingualText("هذا الشهر", "This month"), FIGURE),
        (BEFORE, FIGURE),
        (BilingualText("قبل سنة", "A year ago"), FIGURE),
    ]
    if report.entity is not None:
        columns.insert(4, (BilingualText("قطاعها", "Its sector"), FIGURE))
        for row in rows:
            row.insert(4, Figure(row[-1], report.beside.sector[row[-1].key]))
    return Table("totals", BilingualText("كل المؤشرات", "All indicators"), columns, rows)


def ranking(report: Report) -> Table:
    found = tables.ranking(report.board)
    return Table("ranking", found.title, found.columns[:8], [row[:8] for row in found.rows])


def backlog(report: Report) -> Table:
    """Whose overdue cases stood at the month's end, the most first."""
    lines = sorted(
        (line for line in report.beside.lines if line.late), key=lambda line: (-line.late, line.key)
    )
    return Table(
        "overdue", BilingualText("المتأخر آخر الشهر، حسب الجهة", "Overdue at the month's end, by body"),
        [(BODY, WORDS), (OVERDUE, COUNT), (BEFORE, COUNT), (OPEN, COUNT),
         (INDICATORS["overdue_share"].name, READING)],
        [[_body(line), line.late, line.late_before, line.waiting, _late_share(line)] for line in lines],
    )  # fmt: skip


def _late_share(line: Line) -> Reading:
    """Of so few open cases as most bodies have, it says nothing."""
    return share(line.late, line.waiting) if line.waiting >= ENOUGH else Reading(None, line.waiting)


def owed(report: Report) -> Table:
    """Promised by the month's end, without an answer when the report was made."""
    today = get_local_date(report.made_at)
    return Table(
        "oldest",
        BilingualText("أقدم ما ينتظر ردًا بعد موعده", "Waiting longest past their date"),
        [
            (REFERENCE, WORDS),
            (TOPIC, WORDS),
            (BODY, WORDS),
            (PLACE, WORDS),
            (BilingualText("موعده", "Promised by"), WORDS),
            (BilingualText("التأخر", "Late"), WORDS),
        ],
        [
            [
                one.reference,
                _topic(one.service),
                get_tree()[one.entity].words,
                _place(one.governorate),
                _date(one.due, report),
                format_in_both_languages(format_days_late, (today - one.due).days),
            ]
            for one in report.beside.owed
        ],
    )


def shared(report: Report) -> Table:
    return Table(
        "problems", BilingualText("مشكلات أبلغ عنها كثيرون", "Problems that many reported"),
        [(BilingualText("المشكلة", "Problem"), WORDS), (BODY, WORDS), (PLACE, WORDS),
         (BilingualText("أبلغ عنها", "Reported by"), COUNT),
         (BilingualText("موعد الإصلاح", "To be fixed by"), WORDS), (BilingualText("أُصلحت", "Fixed"), WORDS)],
        [
            [BilingualText(one.ar, one.en), get_tree()[one.entity].words, _place(one.governorate), one.reported,
             _date(one.fix_on, report), _date(one.fixed, report)]
            for one in report.beside.shared
        ],
    )  # fmt: skip


def again(report: Report) -> Table:
    return Table(
        "again",
        BilingualText(
            "مواضيع تعود إلى المكان نفسه بعد الرد", "Topics that come back to the same place after an answer"
        ),
        [
            (TOPIC, WORDS),
            (PLACE, WORDS),
            (BODY, WORDS),
            (BilingualText("وصل في 90 يومًا", "Received in 90 days"), COUNT),
            (BilingualText("عاد منها", "Came again"), COUNT),
        ],
        [
            [
                _topic(one.service),
                _place(one.governorate),
                get_tree()[one.entity].words,
                one.received,
                one.again,
            ]
            for one in report.beside.again
        ],
    )


def appeals(report: Report) -> Table:
    lines = sorted(
        (line for line in report.beside.lines if line.decided), key=lambda line: (-line.upheld_n, line.key)
    )
    return Table(
        "appeals",
        BilingualText("اعتراضات ثبتت", "Appeals upheld"),
        [
            (BODY, WORDS),
            (BilingualText("حُسم", "Decided"), COUNT),
            (BilingualText("ثبت كله أو بعضه", "Upheld, wholly or partly"), COUNT),
            (INDICATORS["upheld"].name, READING),
        ],
        [[_body(line), line.decided, line.upheld_n, line.upheld] for line in lines],
    )


def suggestions(report: Report) -> Table:
    lines = sorted(
        (line for line in report.beside.lines if any(line.promises)),
        key=lambda line: (-line.promises.adopted, -line.promises.fulfilled, line.key),
    )
    return Table(
        "suggestions",
        BilingualText("اقتراحات صارت عملًا", "Suggestions put to use"),
        [
            (BODY, WORDS),
            (BilingualText("اعتُمد", "Adopted"), COUNT),
            (BilingualText("أعمال وُعد بها", "Actions promised"), COUNT),
            (BilingualText("أعمال أُنجزت", "Actions done"), COUNT),
        ],
        [[_body(line), *line.promises] for line in lines],
    )


def broken(report: Report) -> Table:
    return Table(
        "promises", BilingualText("أعمال فات يومها الموعود", "Actions past their promised day"),
        [(REFERENCE, WORDS), (TOPIC, WORDS), (BODY, WORDS), (BilingualText("وُعد بها قبل", "Promised by"), WORDS),
         (BilingualText("أُنجزت", "Done"), WORDS)],
        [
            [one.reference, _topic(one.service), get_tree()[one.entity].words, _date(one.until, report),
             _date(one.done, report) if one.done else BilingualText("لا", "No")]
            for one in report.beside.broken
        ],
    )  # fmt: skip


def governorates(report: Report) -> Table:
    found = tables.places_of(report.board)
    return Table("places", found.title, found.columns[:5], [row[:5] for row in found.rows])


def sections(report: Report) -> Table:
    """The units of a body. What came is not said: a case has no unit when it comes."""
    return Table(
        "units",
        BilingualText("حسب القسم", "By unit"),
        [
            (BilingualText("القسم", "Unit"), WORDS),
            (ON_TIME, READING),
            (SOLVED, READING),
            (ANSWERED, COUNT),
            (OPEN, COUNT),
            (OVERDUE, COUNT),
        ],
        [
            [unit.words, line.on_time, line.solved, line.answered, line.waiting, line.late]
            for line in report.beside.units
            if (unit := get_units().get(line.key))
        ],
    )


def _by_days(make: Callable[[Any], Table]) -> Callable[[Report], Table]:
    return lambda report: make(report.board)


def _body(line: Line) -> BilingualText:
    return get_tree()[line.key].words


def _topic(key: int | None) -> BilingualText:
    return get_service(key).words if key else NOTHING


def _place(key: int | None) -> BilingualText:
    found = get_governorates().get(key or 0)
    return found.words if found else NOTHING


def _date(day: date | None, report: Report) -> BilingualText:
    """With its year where it is another."""
    if day is None:
        return NOTHING
    return format_in_both_languages(
        lambda day, language: format_short_date(day, language, year=day.year != report.month.year), day
    )


topics, channels, trend, work = map(_by_days, (tables.topics, tables.channels, tables.trend, tables.work))
Tables = Sequence[Callable[[Report], Table]]
CABINETS: Tables = (
    recommendations, totals, ranking, backlog, owed, shared, again, appeals, suggestions, broken, governorates, topics,
    channels, trend, work,
)  # fmt: skip
OF_A_BODY: Tables = (
    recommendations, totals, sections, owed, shared, again, appeals, suggestions, broken, governorates, topics,
    channels, trend, work,
)  # fmt: skip
