"""What a month's report says beside the figures of the page: lines of bodies and units, and what they owe."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from bekhedmetkom.kernel.formatting import format_in_both_languages, format_month
from bekhedmetkom.kernel.text import BilingualText

from .indicators import INDICATORS
from .totals import IndicatorValue, Totals


class PromiseCounts(NamedTuple):
    """Suggestions that a body adopted, and what it promised and did."""

    adopted: int
    committed: int
    fulfilled: int


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A body, or a unit of one, over a month: `late` and `waiting` stood at its end, `late_before` a month earlier."""

    key: int
    received: int
    answered: int
    missed: int
    waiting: int
    late: int
    late_before: int
    on_time: IndicatorValue
    on_time_before: IndicatorValue
    solved: IndicatorValue
    upheld: IndicatorValue
    decided: int  # appeals, of which so many …
    upheld_n: int  # … were upheld, wholly or partly
    promises: PromiseCounts


def build_report_line(key: int, now: Totals, before: Totals) -> ReportLine:
    """From the sums of the month and of the one before, each with what was open at its end."""
    upheld = now["upheld"] + now["partly"]
    return ReportLine(
        key,
        now["received"],
        now["answered"],
        now["missed"],
        now.waiting,
        now.late,
        before.late,
        INDICATORS["on_time"].get_value(now),
        INDICATORS["on_time"].get_value(before),
        INDICATORS["solved"].get_value(now),
        INDICATORS["upheld"].get_value(now),
        upheld + now["rejected"],
        upheld,
        PromiseCounts(now["adopted"], now["committed"], now["fulfilled"]),
    )


class OverdueCase(NamedTuple):
    """A case without an answer though its day has passed. Openly kept ones alone; no word of its citizen's."""

    reference: str
    entity: int
    service: int | None
    governorate: int | None
    due: date


class BrokenPromise(NamedTuple):
    """An action that a body promised by a day of the month, and did not do by then; `done`: when it did, if ever."""

    reference: str
    entity: int
    service: int | None
    until: date
    done_on: date | None


class ReportedProblem(NamedTuple):
    """A problem of many people, as everybody may read it. `reported` is None where fewer than a handful did."""

    number: int
    name_ar: str
    name_en: str
    entity: int
    governorate: int | None
    reported: int | None
    fix_on: date | None
    fixed_on: date | None


class RecurringTopic(NamedTuple):
    """A topic that comes back to the same places: so many of those that came in the last 90 days."""

    entity: int
    service: int
    governorate: int
    received: int
    recurring: int


@dataclass(frozen=True, slots=True)
class ReportDetails:
    """What stands in a report beside the board of its month. `sector`: its sector's figures, in a body's report."""

    lines: list[ReportLine]
    units: list[ReportLine]
    overdue_cases: list[OverdueCase]
    broken_promises: list[BrokenPromise]
    problems: list[ReportedProblem]
    recurring_topics: list[RecurringTopic]
    sector_values: Mapping[str, IndicatorValue]


def get_last_day(month: date) -> date:
    """Of a month, from its first."""
    return get_next_month(month) - timedelta(days=1)


def get_next_month(month: date) -> date:
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def get_previous_month(day: date) -> date:
    """The first day of the last month that has ended."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


CABINET = "cabinet"  # what its address calls the report that is of no single body
_CABINET_TITLE = BilingualText("تقرير مجلس الوزراء، {month}", "The Cabinet's report, {month}")
_BODY_TITLE = BilingualText("تقرير {body}، {month}", "Report of {body}, {month}")


def build_title(body: BilingualText | None, month: date) -> BilingualText:
    """What a report is called; `body` is None for the Cabinet's."""
    said = format_in_both_languages(format_month, month)
    return _BODY_TITLE.format(body=body, month=said) if body else _CABINET_TITLE.format(month=said)


def build_address(code: str, month: date) -> str:
    """Its page, as Arabic has it; `code` is the body's, or `CABINET`."""
    return f"/dashboard/reports/{month:%Y-%m}/{code}"
