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

from bekhedmetkom.entities.queries import get_tree
from bekhedmetkom.insight.queries.groups import HARDLY
from bekhedmetkom.insight.queries.reports import Kept, Report
from bekhedmetkom.insight.queries.reports import slice_of as slice_of_report
from bekhedmetkom.insight.queries.shape import Board
from bekhedmetkom.insight.rules.indicators import ENOUGH, INDICATORS, Indicator
from bekhedmetkom.insight.rules.reports import title
from bekhedmetkom.insight.rules.totals import Reading
from bekhedmetkom.interfaces import look
from bekhedmetkom.kernel.formatting import format_datetime, format_in_both_languages, format_month
from bekhedmetkom.kernel.text import BilingualText

from ..asked import Asked
from ..cells import CHANGE, COUNT, FIGURE, READING, SHARE, TARGET, WORDS, Figure, Kind, Table, text
from ..panel import Panel
from ..panels import panels
from ..saying import (
    NOT_ENOUGH,
    between,
    change_of,
    isolated,
    percent,
    said_change,
    signed,
    target_of,
    turn,
    unit_of,
    value_of,
)  # fmt: skip
from ..visit import RequestContext
from . import tables

HERE = Path(__file__).parent
FONTS = Path(look.__file__).parent / "fonts"
NAMED = 12  # bodies that are too small to rank
ROWS = 15  # of a table on paper; all of them stand on the platform
HEROES, OTHERS = ("on_time", "solved"), ("received", "answered", "open", "overdue", "first_p50", "upheld")
PART = Mapping[str, Any]


def pdf(kept: Kept, visit: RequestContext, language: str) -> bytes:
    """The paper. The same report gives the same letters and numbers for ever."""
    with translation.override(language):
        return drawn(json.dumps(paper(kept, visit, language), ensure_ascii=False))


@lru_cache(maxsize=16)
def drawn(said: str) -> bytes:
    """Set by typst, from this folder and the fonts alone."""
    made = typst.compile(
        str(HERE / "report.typ"), root=str(HERE), font_paths=[str(FONTS)], ignore_system_fonts=True,
        sys_inputs={"said": said},
    )  # fmt: skip
    assert isinstance(made, bytes)
    return made


def paper(kept: Kept, visit: RequestContext, language: str) -> dict[str, Any]:
    """What stands on it, in one language."""
    report = kept.report
    body = None if report.entity is None else get_tree()[report.entity].words
    here = replace(visit, at=report.made_at, language=language)
    found = panels(report.board, Asked(here, slice_of_report(report.entity, report.month), {}, {}))
    month = format_in_both_languages(format_month, report.month)
    made = BilingualText(
        format_datetime(report.made_at, "ar", year=True), format_datetime(report.made_at, "en", year=True)
    )
    said = {
        "brand": BRAND, "state": STATE, "title": body or CABINETS, "about": ABOUT_BODY if body else ABOUT,
        "month": month, "made": MADE.filled(at=made), "foot": title(body, report.month),
        "page": PAGE, "in_short": IN_SHORT, "to_do": TO_DO, "nobody": NO_ADVICE,
    }  # fmt: skip
    return {name: words.in_(language) for name, words in said.items()} | {
        "language": language, "sum": kept.sha256,
        "heroes": [_figure(report, key, language) for key in HEROES],
        "others": [_figure(report, key, language) for key in OTHERS],
        "findings": [found[name].finding for name in FINDINGS if name in found],
        "advice": [[text(cell, language) for cell in row] for row in tables.recommendations(report).rows],
        "parts": [part for part in _parts(report, found, language) if part["blocks"]],
    }  # fmt: skip


def _figure(report: Report, key: str, language: str) -> PART:
    """One of the figures on top, against the month before, a year ago and its target."""
    one, now = INDICATORS[key], report.board.figures[key].now
    unit = unit_of(one)
    shown = now.value is not None
    bar = None
    if one.key in HEROES and now.value is not None and one.target is not None:
        bar = {"share": now.value, "target": one.target, "low": now.low, "high": now.high}
    return {
        "name": one.name.in_(language),
        "value": NOT_ENOUGH.in_(language) if now.value is None else value_of(one, now.value),
        "few": not shown, "unit": unit.in_(language) if unit and shown else "", "bar": bar,
        "alt": key == "solved", "notes": [_of(one, now, language), *_against(report.board, one, language)],
    }  # fmt: skip


def _of(one: Indicator, now: Reading, language: str) -> PART:
    """Of how many a share is, where it surely lies, and what is aimed at."""
    said = []
    if one.least:
        said.append(OF.filled(n=f"{now.n:,}").in_(language))
    if now.value is not None and one.key in HEROES:
        said.append(between(now, language))
    if target := target_of(one):
        said.append(TARGET_IS.filled(target=isolated(target)).in_(language))
    return {"t": " · ".join(part for part in said if part), "turn": "faint"}


def _against(board: Board, one: Indicator, language: str) -> list[PART]:
    """What it was; where nothing at all came in those days, nothing can be said of them."""
    found, came, said = board.figures[one.key], board.figures["received"], list[PART]()
    for name, then, all_ in (
        (tables.BEFORE, found.before, came.before), (YEAR, found.last_year, came.last_year)
    ):  # fmt: skip
        change = change_of(one, found.now, then)
        if then.value is None or not all_.n:
            said.append({"t": f"{name.in_(language)}: {NOT_ENOUGH.in_(language)}", "turn": "faint"})
            continue
        was = isolated(value_of(one, then.value)).in_(language)
        moved = f" ({isolated(said_change(one, change)).in_(language)})" if change is not None else ""
        way = "faint" if change is None else turn(one, change, found.now, then)
        said.append({"t": f"{name.in_(language)}: {was}{moved}", "turn": way})
    return said


def _parts(report: Report, found: Mapping[str, Panel], language: str) -> list[PART]:
    """The report's chapters, each with its tables and pictures."""

    def table(make: Callable[[Report], Table], most: int = ROWS) -> PART:
        return _table(make(report), language, most)

    charts = [_chart(found[name], language) for name in ("trend", "work") if found[name].wide]
    numbers = [{"kind": "charts", "charts": charts}] if charts else []
    by_body = [] if report.entity else [(RANKING, [_ranked(report, language)])]
    by_unit = [(UNITS, [table(tables.sections, 40)])] if report.entity else []
    late = [] if report.entity else [table(tables.backlog)]
    chapters: Sequence[tuple[BilingualText, list[PART]]] = [
        (NUMBERS, [*numbers, table(tables.totals, 99)]), *by_body, *by_unit,
        (LATE, [*late, table(tables.owed)]),
        (REPEATED, [table(tables.shared), table(tables.again), table(_told_apart)]),
        (APPEALED, [table(tables.appeals)]),
        (IDEAS, [table(tables.suggestions), table(tables.broken)]),
        (WHERE, [table(tables.governorates), table(tables.channels)]),
        (READ_SO, [{"kind": "notes", "notes": [words.in_(language) for words in NOTES]}]),
    ]  # fmt: skip
    return [{"title": name.in_(language), "blocks": blocks} for name, blocks in chapters]


def _told_apart(report: Report) -> Table:
    """Topics of which enough came to say that they move, those that rise most first."""
    found = tables.topics(report)
    rows = [row for row in found.rows if max(row[2], row[3]) >= HARDLY]
    return replace(found, rows=sorted(rows, key=lambda row: row[3] - row[2]))


def _ranked(report: Report, language: str) -> PART:
    """All that can be ranked; of the others how many there were."""
    found = tables.ranking(report)
    placed = [row for row in found.rows if row[1] is not None]
    few = [row for row in found.rows if row[1] is None]
    said = _table(replace(found, rows=placed), language, len(placed), bars=True)
    names = [f"{text(row[0], language)} ({row[3].n:,})" for row in few[:NAMED]]
    listed = BilingualText("، ", ", ").in_(language).join(names)
    more = MORE.filled(n=f"{len(few) - NAMED:,}").in_(language) if len(few) > NAMED else ""
    return {**said, "note": f"{FEW.filled(least=ENOUGH).in_(language)} {listed}{more}" if few else ""}


def _table(found: Table, language: str, most: int, *, bars: bool = False) -> PART:
    rows = [
        [_cell(kind, value, language) for (_title, kind), value in zip(found.columns, row, strict=True)]
        for row in found.rows[:most]
    ]
    if bars:
        for row, cells in zip(found.rows, rows, strict=True):
            cells[3] = {**cells[3], "bar": _bar(row[3], INDICATORS["on_time"].target or 0)}
    left = len(found.rows) - len(rows)
    return {
        "kind": "table", "name": found.name, "title": text(found.title, language), "rows": rows,
        "columns": [{"t": text(name, language), "number": kind.number} for name, kind in found.columns],
        "empty": NONE.in_(language), "note": REST.filled(n=f"{left:,}").in_(language) if left else "",
    }  # fmt: skip


def _bar(reading: Reading, target: float) -> PART | None:
    if reading.value is None:
        return None
    return {"share": reading.value, "target": target, "low": reading.low, "high": reading.high}


def _cell(kind: Kind, value: Any, language: str) -> PART:
    """As the page has it: `u` stands beside it, `s` small below."""
    return CELLS[kind.shown](value, language)


def _reading(value: Reading, language: str) -> PART:
    if value.value is None:
        return {"t": NOT_ENOUGH.in_(language), "s": f"{value.n:,}" if value.n else "", "few": True}
    where = between(value, language)
    if language == "en":  # which is too long in a narrow column
        where = where.removeprefix("between ").replace(" and ", "–")
    return {"t": percent(value.value), "s": f"{where} · {value.n:,}"}


def _figure_cell(value: Figure, language: str) -> PART:
    one, reading = value
    if reading.value is None:
        return _reading(reading, language) if one.least else {"t": ""}
    if reading.low is not None:
        return _reading(reading, language)
    unit = unit_of(one)
    return {"t": value_of(one, reading.value), "u": unit.in_(language) if unit else ""}


CELLS: Mapping[Callable[[Any, str], str], Callable[[Any, str], PART]] = {
    WORDS.shown: lambda value, language: {"t": text(value, language)},
    COUNT.shown: lambda value, _language: {"t": "" if value is None else f"{value:,.0f}"},
    SHARE.shown: lambda value, _language: {"t": percent(value)},
    CHANGE.shown: lambda value, _language: {"t": "" if value is None else f"{signed(100 * value, 0)}%"},
    READING.shown: _reading,
    FIGURE.shown: _figure_cell,
    TARGET.shown: lambda one, _language: {"t": target_of(one)},
}


def _chart(panel: Panel, language: str) -> PART:
    return {"title": panel.finding, "beside": panel.beside, "svg": _on_paper(panel.wide)}


ABOVE = 12  # room for what stands above the highest line: the page lets it stand out
STYLE = """<style>
text{font-family:'IBM Plex Sans Arabic';font-size:15px;fill:#42514F}
.grid{stroke:#E8DFCF;stroke-width:1;fill:none}
.target{stroke:#1B2A2A;stroke-width:1.5;stroke-dasharray:2 4;fill:none}
.l1{fill:none;stroke:#0B5D57;stroke-width:2.5;stroke-linejoin:round}
.l2{fill:none;stroke:#C2543D;stroke-width:2.5;stroke-linejoin:round}
.dot{fill:#0B5D57}.d1{fill:#0B5D57}.d2{fill:#C2543D}
.t1{fill:#0B5D57;font-weight:700}.t2{fill:#A1402B;font-weight:700}
</style>"""
_BOX = re.compile(r'viewBox="0 0 (\d+) (\d+)"')
_ARABIC = re.compile(r'<text([^>]*?)( text-anchor="(?:end|middle)")?( class="[^"]*\bar")>([^<]*)<')


def _on_paper(drawing: str) -> str:
    """With its colours in it. No sheet turns Arabic words here: they stand by their left edge and say their way."""

    def turned(found: re.Match[str]) -> str:
        before, anchor, kind, words = found.groups()
        anchor = {None: ' text-anchor="end"', ' text-anchor="end"': ""}.get(anchor, anchor)
        return f"<text{before}{anchor}{kind}>\u2067{words}\u2069<"

    roomy = _BOX.sub(lambda box: f'viewBox="0 -{ABOVE} {box[1]} {int(box[2]) + ABOVE}"', drawing, count=1)
    opened = roomy.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    head, _, rest = opened.partition(">")
    return f"{head}>{STYLE}{_ARABIC.sub(turned, rest)}"


FINDINGS = ("ranking", "work", "places", "topics", "flows", "channels")
BRAND, STATE = (
    BilingualText("بخدمتكم", "Bekhedmetkom"),
    BilingualText("المملكة الأردنية الهاشمية", "The Hashemite Kingdom of Jordan"),
)
CABINETS = BilingualText("التقرير الشهري لمجلس الوزراء", "The Cabinet's monthly report")
ABOUT = BilingualText("كيف ردّت الجهات الحكومية على الناس", "How public bodies answered people")
ABOUT_BODY = BilingualText("كيف ردّت الجهة على الناس", "How the body answered people")
MADE = BilingualText("الأرقام كما كانت {at}", "Figures as they stood on {at}")
PAGE, OF = BilingualText("صفحة", "Page"), BilingualText("من {n}", "of {n}")
TARGET_IS = BilingualText("الهدف {target}", "target {target}")
YEAR = BilingualText("قبل سنة", "A year ago")
IN_SHORT, TO_DO = BilingualText("في سطور", "In short"), BilingualText("التوصيات", "Recommendations")
NO_ADVICE = BilingualText(
    "لا شيء في أرقام هذا الشهر يستدعي توصية أكيدة.", "Nothing in this month's figures surely calls for one."
)
NONE = BilingualText("لا شيء هذا الشهر.", "Nothing this month.")
REST = BilingualText(
    "وبعدها {n}، كلها في جدول التقرير على المنصة.", "{n} more, all in the report's table on the platform."
)
MORE = BilingualText("، و{n} غيرها، كلها في جدول التقرير.", "; {n} more, all in the report's table.")
FEW = BilingualText("لا يكفي لترتيبها (أقل من {least}):", "Not enough to rank (fewer than {least}):")
NUMBERS = BilingualText("الأرقام ومقارنتها", "The figures, compared")
RANKING, UNITS = (
    BilingualText("ترتيب الجهات", "Ranking of bodies"),
    BilingualText("أقسام الجهة", "Units of the body"),
)
LATE = BilingualText("المتأخر", "Overdue")
REPEATED = BilingualText("ما يتكرر", "What comes again and again")
APPEALED = BilingualText("الاعتراضات", "Appeals")
IDEAS = BilingualText("الاقتراحات والوعود", "Suggestions and promises")
WHERE = BilingualText("من أين وكيف", "From where, and how")
READ_SO = BilingualText("كيف تُقرأ هذه الأرقام", "How to read these figures")
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
        f"«لا يكفي» تعني أقل من {ENOUGH}، وبجانبها كم كانت.",
        f"“Not enough” means fewer than {ENOUGH}; how many there were stands beside it.",
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
