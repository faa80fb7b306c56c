"""What a month's report says beside the figures of the page: lines of bodies and units, and what they owe."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from bekhedmetkom.kernel.formatting import format_in_both_languages, format_month
from bekhedmetkom.kernel.text import BilingualText

from .indicators import INDICATORS
from .totals import Reading, Totals


class Promises(NamedTuple):
    """Suggestions that a body adopted, and what it promised and did."""

    adopted: int
    committed: int
    fulfilled: int


@dataclass(frozen=True, slots=True)
class Line:
    """A body, or a unit of one, over a month: `late` and `waiting` stood at its end, `late_before` a month earlier."""

    key: int
    received: int
    answered: int
    missed: int
    waiting: int
    late: int
    late_before: int
    on_time: Reading
    on_time_before: Reading
    solved: Reading
    upheld: Reading
    decided: int  # appeals, of which so many …
    upheld_n: int  # … were upheld, wholly or partly
    promises: Promises


def line_of(key: int, now: Totals, before: Totals) -> Line:
    """From the sums of the month and of the one before, each with what was open at its end."""
    upheld = now["upheld"] + now["partly"]
    return Line(
        key, now["received"], now["answered"], now["missed"], now.waiting, now.late, before.late,
        INDICATORS["on_time"].of(now), INDICATORS["on_time"].of(before), INDICATORS["solved"].of(now),
        INDICATORS["upheld"].of(now), upheld + now["rejected"], upheld,
        Promises(now["adopted"], now["committed"], now["fulfilled"]),
    )  # fmt: skip


class Owed(NamedTuple):
    """A case without an answer though its day has passed. Openly kept ones alone; no word of its citizen's."""

    reference: str
    entity: int
    service: int | None
    governorate: int | None
    due: date


class Broken(NamedTuple):
    """An action that a body promised by a day of the month, and did not do by then; `done`: when it did, if ever."""

    reference: str
    entity: int
    service: int | None
    until: date
    done: date | None


class Shared(NamedTuple):
    """A problem of many people, as everybody may read it. `reported` is None where fewer than a handful did."""

    number: int
    ar: str
    en: str
    entity: int
    governorate: int | None
    reported: int | None
    fix_on: date | None
    fixed: date | None


class Again(NamedTuple):
    """A topic that comes back to the same places: so many of those that came in the last 90 days."""

    entity: int
    service: int
    governorate: int
    received: int
    again: int


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands in a report beside the board of its month. `sector`: its sector's figures, in a body's report."""

    lines: list[Line]
    units: list[Line]
    owed: list[Owed]
    broken: list[Broken]
    shared: list[Shared]
    again: list[Again]
    sector: Mapping[str, Reading]


def last_day(month: date) -> date:
    """Of a month, from its first."""
    return next_month(month) - timedelta(days=1)


def next_month(month: date) -> date:
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def month_before(day: date) -> date:
    """The first day of the last month that has ended."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


CABINET = "cabinet"  # what its address calls the report that is of no single body
_CABINETS = BilingualText("تقرير مجلس الوزراء، {month}", "The Cabinet's report, {month}")
_OF_A_BODY = BilingualText("تقرير {body}، {month}", "Report of {body}, {month}")


def title(body: BilingualText | None, month: date) -> BilingualText:
    """What a report is called; `body` is None for the Cabinet's."""
    said = format_in_both_languages(format_month, month)
    return _OF_A_BODY.filled(body=body, month=said) if body else _CABINETS.filled(month=said)


def address(code: str, month: date) -> str:
    """Its page, as Arabic has it; `code` is the body's, or `CABINET`."""
    return f"/dashboard/reports/{month:%Y-%m}/{code}"
