"""The tables of a report. What the page has too is the page's own; what stood open is said of the month's last day."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from bekhedmetkom.catalogue.queries import service
from bekhedmetkom.entities.queries import places, tree, units
from bekhedmetkom.insight.queries.reports import Report
from bekhedmetkom.insight.rules.advice import Advice, To
from bekhedmetkom.insight.rules.advice_words import said
from bekhedmetkom.insight.rules.indicators import ENOUGH, INDICATORS
from bekhedmetkom.insight.rules.reports import Line
from bekhedmetkom.insight.rules.totals import Reading, share
from bekhedmetkom.kernel.clock import local_day
from bekhedmetkom.kernel.dates import in_both, say_days_late, short_date
from bekhedmetkom.kernel.words import Words

from .. import tables
from ..cells import COUNT, FIGURE, READING, WORDS, Figure, Table
from ..saying import isolated, percent
from ..tables import ANSWERED, ON_TIME, OPEN, OVERDUE, SOLVED

NOTHING = Words("", "")
PM_UNIT = Words("وحدة رئاسة الوزراء", "The Prime Ministry unit")
_HEAD = Words("رئيس {body}", "Head of {body}")
BODY, TOPIC, PLACE = (
    Words("الجهة", "Body"),
    Words("الموضوع", "Topic"),
    Words("المحافظة", "Governorate"),
)
BEFORE = Words("الشهر قبله", "Month before")
REFERENCE = Words("رقم الطلب", "Reference")


def tables_of(report: Report) -> list[Table]:
    """In the order of the report; those that its kind has, also where nothing stands in them."""
    return [make(report) for make in (CABINETS if report.entity is None else OF_A_BODY)]


def recommendations(report: Report) -> Table:
    return Table(
        "recommendations", Words("التوصيات", "Recommendations"),
        [(Words("المطلوب", "What to do"), WORDS), (Words("من", "Who"), WORDS), (Words("لماذا", "Why"), WORDS)],
        [[sentence.ask, addressed(one), sentence.why] for one in report.advice for sentence in (spoken(one),)],
    )  # fmt: skip


def spoken(one: Advice) -> Any:
    """The recommendation in words."""
    topic, place = service(one.service) if one.service else None, places().get(one.governorate or 0)
    unit = units().get(one.unit or 0)
    named = {
        "body": tree()[one.entity].words if one.entity else None,
        "other": tree()[one.other].words if one.other else None,
        "topic": topic and topic.words, "place": place and place.words, "unit": unit and unit.words,
    }  # fmt: skip
    names = {name: words or NOTHING for name, words in named.items()}
    return said(one, names, lambda value: isolated(percent(value)))


def addressed(one: Advice) -> Words:
    """Whom it is for."""
    return PM_UNIT if one.to is To.UNIT_OF_PM else _HEAD.filled(body=tree()[one.entity].words)


def totals(report: Report) -> Table:
    """Every indicator, against the month before, a year ago and, of a body, its sector."""
    found = tables.figures(report.board)
    columns, rows = list(found.columns), [list(row) for row in found.rows]
    columns[1:4] = [
        (Words("هذا الشهر", "This month"), FIGURE),
        (BEFORE, FIGURE),
        (Words("قبل سنة", "A year ago"), FIGURE),
    ]
    if report.entity is not None:
        columns.insert(4, (Words("قطاعها", "Its sector"), FIGURE))
        for row in rows:
            row.insert(4, Figure(row[-1], report.beside.sector[row[-1].key]))
    return Table("totals", Words("كل المؤشرات", "All indicators"), columns, rows)


def ranking(report: Report) -> Table:
    found = tables.ranking(report.board)
    return Table("ranking", found.title, found.columns[:8], [row[:8] for row in found.rows])


def backlog(report: Report) -> Table:
    """Whose overdue cases stood at the month's end, the most first."""
    lines = sorted(
        (line for line in report.beside.lines if line.late), key=lambda line: (-line.late, line.key)
    )
    return Table(
        "overdue", Words("المتأخر آخر الشهر، حسب الجهة", "Overdue at the month's end, by body"),
        [(BODY, WORDS), (OVERDUE, COUNT), (BEFORE, COUNT), (OPEN, COUNT),
         (INDICATORS["overdue_share"].name, READING)],
        [[_body(line), line.late, line.late_before, line.waiting, _late_share(line)] for line in lines],
    )  # fmt: skip


def _late_share(line: Line) -> Reading:
    """Of so few open cases as most bodies have, it says nothing."""
    return share(line.late, line.waiting) if line.waiting >= ENOUGH else Reading(None, line.waiting)


def owed(report: Report) -> Table:
    """Promised by the month's end, without an answer when the report was made."""
    today = local_day(report.made_at)
    return Table(
        "oldest", Words("أقدم ما ينتظر ردًا بعد موعده", "Waiting longest past their date"),
        [(REFERENCE, WORDS), (TOPIC, WORDS), (BODY, WORDS), (PLACE, WORDS), (Words("موعده", "Promised by"), WORDS),
         (Words("التأخر", "Late"), WORDS)],
        [
            [one.reference, _topic(one.service), tree()[one.entity].words, _place(one.governorate),
             _date(one.due, report), in_both(say_days_late, (today - one.due).days)]
            for one in report.beside.owed
        ],
    )  # fmt: skip


def shared(report: Report) -> Table:
    return Table(
        "problems", Words("مشكلات أبلغ عنها كثيرون", "Problems that many reported"),
        [(Words("المشكلة", "Problem"), WORDS), (BODY, WORDS), (PLACE, WORDS),
         (Words("أبلغ عنها", "Reported by"), COUNT),
         (Words("موعد الإصلاح", "To be fixed by"), WORDS), (Words("أُصلحت", "Fixed"), WORDS)],
        [
            [Words(one.ar, one.en), tree()[one.entity].words, _place(one.governorate), one.reported,
             _date(one.fix_on, report), _date(one.fixed, report)]
            for one in report.beside.shared
        ],
    )  # fmt: skip


def again(report: Report) -> Table:
    return Table(
        "again",
        Words("مواضيع تعود إلى المكان نفسه بعد الرد", "Topics that come back to the same place after an answer"),
        [(TOPIC, WORDS), (PLACE, WORDS), (BODY, WORDS), (Words("وصل في 90 يومًا", "Received in 90 days"), COUNT),
         (Words("عاد منها", "Came again"), COUNT)],
        [
            [_topic(one.service), _place(one.governorate), tree()[one.entity].words, one.received, one.again]
            for one in report.beside.again
        ],
    )  # fmt: skip


def appeals(report: Report) -> Table:
    lines = sorted(
        (line for line in report.beside.lines if line.decided), key=lambda line: (-line.upheld_n, line.key)
    )
    return Table(
        "appeals", Words("اعتراضات ثبتت", "Appeals upheld"),
        [(BODY, WORDS), (Words("حُسم", "Decided"), COUNT), (Words("ثبت كله أو بعضه", "Upheld, wholly or partly"), COUNT),
         (INDICATORS["upheld"].name, READING)],
        [[_body(line), line.decided, line.upheld_n, line.upheld] for line in lines],
    )  # fmt: skip


def suggestions(report: Report) -> Table:
    lines = sorted(
        (line for line in report.beside.lines if any(line.promises)),
        key=lambda line: (-line.promises.adopted, -line.promises.fulfilled, line.key),
    )
    return Table(
        "suggestions", Words("اقتراحات صارت عملًا", "Suggestions put to use"),
        [(BODY, WORDS), (Words("اعتُمد", "Adopted"), COUNT), (Words("أعمال وُعد بها", "Actions promised"), COUNT),
         (Words("أعمال أُنجزت", "Actions done"), COUNT)],
        [[_body(line), *line.promises] for line in lines],
    )  # fmt: skip


def broken(report: Report) -> Table:
    return Table(
        "promises", Words("أعمال فات يومها الموعود", "Actions past their promised day"),
        [(REFERENCE, WORDS), (TOPIC, WORDS), (BODY, WORDS), (Words("وُعد بها قبل", "Promised by"), WORDS),
         (Words("أُنجزت", "Done"), WORDS)],
        [
            [one.reference, _topic(one.service), tree()[one.entity].words, _date(one.until, report),
             _date(one.done, report) if one.done else Words("لا", "No")]
            for one in report.beside.broken
        ],
    )  # fmt: skip


def governorates(report: Report) -> Table:
    found = tables.places_of(report.board)
    return Table("places", found.title, found.columns[:5], [row[:5] for row in found.rows])


def sections(report: Report) -> Table:
    """The units of a body. What came is not said: a case has no unit when it comes."""
    return Table(
        "units", Words("حسب القسم", "By unit"),
        [(Words("القسم", "Unit"), WORDS), (ON_TIME, READING), (SOLVED, READING), (ANSWERED, COUNT), (OPEN, COUNT),
         (OVERDUE, COUNT)],
        [
            [unit.words, line.on_time, line.solved, line.answered, line.waiting, line.late]
            for line in report.beside.units if (unit := units().get(line.key))
        ],
    )  # fmt: skip


def _by_days(make: Callable[[Any], Table]) -> Callable[[Report], Table]:
    return lambda report: make(report.board)


def _body(line: Line) -> Words:
    return tree()[line.key].words


def _topic(key: int | None) -> Words:
    return service(key).words if key else NOTHING


def _place(key: int | None) -> Words:
    found = places().get(key or 0)
    return found.words if found else NOTHING


def _date(day: date | None, report: Report) -> Words:
    """With its year where it is another."""
    if day is None:
        return NOTHING
    return in_both(lambda day, language: short_date(day, language, year=day.year != report.month.year), day)


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
