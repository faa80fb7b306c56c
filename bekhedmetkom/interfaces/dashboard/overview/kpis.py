"""The six figures on top: what each is now, how far from its target and from before, and how sure that is."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.safestring import SafeString

from bekhedmetkom.analytics.queries.dashboard_data import Dashboard
from bekhedmetkom.analytics.rules.indicators import INDICATORS, Indicator
from bekhedmetkom.analytics.rules.totals import IndicatorValue
from bekhedmetkom.kernel.clock import AMMAN
from bekhedmetkom.kernel.formatting import DAY, format_count
from bekhedmetkom.kernel.text import BilingualText

from .. import charts
from ..drill_down_links import build_body_instruction_address, build_cases_address
from ..filters import Filters
from ..phrases import (
    compute_change,
    format_change,
    format_interval,
    format_signed,
    format_target,
    format_value,
    get_change_class,
    get_unit_label,
    isolate_number,
)
from .findings import count_usual_so_far


@dataclass(frozen=True, slots=True)
class KpiChange:
    """How far a figure moved, with its sign; `turn`: is that good ("ok"), "bad", or neither ("faint"); `since` when."""

    text: str
    css_class: str
    compared_with: str

    @property
    def icon(self) -> str:
        return {"+": "trending-up", "−": "trending-down"}.get(self.text[:1], "equal")


@dataclass(frozen=True, slots=True)
class Kpi:
    """`value` is empty where too little says it. `key`: its definition; `address`: the cases behind it, for who may
    read them; `ask`: where the body's head is asked about it. `sure`: where it lies with 95 in a hundred."""

    key: str
    title: str
    value: str
    unit: str = ""
    change: KpiChange | None = None
    notes: Sequence[str] = field(default=())
    interval_text: str = ""
    sparkline: SafeString = field(default_factory=SafeString)
    cases_url: str = ""
    instruction_url: str = ""
    is_main: bool = False


def list_kpis(board: Dashboard, asked: Filters) -> list[Kpi]:
    """In the order of the page: the body's word and the citizen's first."""
    return [
        _build_share_kpi(board, "on_time", asked),
        _build_share_kpi(board, "solved", asked),
        _build_first_answer_kpi(board, asked),
        _build_today_kpi(board, asked),
        _build_open_kpi(board, asked, "open"),
        _build_open_kpi(board, asked, "overdue"),
    ]


_VERSUS_BEFORE = BilingualText("عن السابق", "vs before")
_SINCE_YESTERDAY, _ON_LAST_DAY = (
    BilingualText("منذ أمس", "since yesterday"),
    BilingualText("في آخر يوم", "on the last day"),
)
_TARGET_LABEL, _OF_LABEL = BilingualText("الهدف {}", "target {}"), BilingualText("من {:,}", "of {:,}")
_NINE_OF_TEN = BilingualText("9 من 10 خلال {}", "9 of 10 within {}")
_USUAL_BY_NOW = BilingualText("المعتاد حتى الآن {:,.0f}", "usual by now {:,.0f}")
_RECEIVED_TODAY = BilingualText("وصل اليوم", "Received today")
_FIRST_ANSWER = BilingualText("وسيط زمن أول رد", "First answer, median")  # as short as its place


def _build_share_kpi(board: Dashboard, key: str, asked: Filters) -> Kpi:
    one, found, language = INDICATORS[key], board.figures[key], asked.context.language
    beside, now = (
        [
            *_list_target_notes(one, language),
            _OF_LABEL.in_language(language).format(found.current.observations),
        ],
        found.current,
    )
    if now.value is None:
        return Kpi(key, one.name.in_language(language), "", notes=beside, is_main=True)
    sure = None if now.low is None or now.high is None else (100 * now.low, 100 * now.high)
    return Kpi(
        key,
        one.name.in_language(language),
        format_value(one, now.value),
        change=_build_change(one, now, found.previous, language),
        notes=beside,
        interval_text=format_interval(now, language),
        cases_url=build_cases_address(asked, key),
        instruction_url=build_body_instruction_address(asked, key),
        is_main=True,
        sparkline=charts.draw_bar(
            100 * now.value,
            100 * one.target if one.target else None,
            kind="alt" if key == "solved" else "",
            meter=True,
            sure=sure,
        ),
    )


def _list_target_notes(indicator: Indicator, language: str) -> list[str]:
    target = format_target(indicator)
    return (
        [_TARGET_LABEL.in_language(language).format(isolate_number(target).in_language(language))]
        if target
        else []
    )


def _build_change(
    indicator: Indicator, now: IndicatorValue, before: IndicatorValue, language: str
) -> KpiChange | None:
    change = compute_change(indicator, now, before)
    if change is None:
        return None
    return KpiChange(
        format_change(indicator, change),
        get_change_class(indicator, change, now, before),
        _VERSUS_BEFORE.in_language(language),
    )


def _build_first_answer_kpi(board: Dashboard, asked: Filters) -> Kpi:
    one, found, language = INDICATORS["first_p50"], board.figures["first_p50"], asked.context.language
    nine, beside, unit = (
        board.figures["first_p90"].current.value,
        _list_target_notes(one, language),
        get_unit_label(one),
    )
    if nine is not None and not asked.is_wall:
        beside.append(
            _NINE_OF_TEN.in_language(language).format(
                format_count(max(round(nine), 1), DAY, language, after=True)
            )
        )
    if found.current.value is None:
        return Kpi(one.key, _FIRST_ANSWER.in_language(language), "", notes=beside)
    return Kpi(
        one.key,
        _FIRST_ANSWER.in_language(language),
        format_value(one, found.current.value),
        unit.in_language(language) if unit else "",
        _build_change(one, found.current, found.previous, language),
        beside,
        cases_url=build_cases_address(asked, one.key),
        instruction_url=build_body_instruction_address(asked, one.key),
    )


def _build_today_kpi(board: Dashboard, asked: Filters) -> Kpi:
    local, language = board.requested_at.astimezone(AMMAN), asked.context.language
    usual = count_usual_so_far(board.hours, local.hour, local.minute)
    return Kpi(
        "received",
        _RECEIVED_TODAY.in_language(language),
        f"{sum(board.hours.today):,}",
        notes=[_USUAL_BY_NOW.in_language(language).format(usual)],
        sparkline=charts.draw_sparkline([day.received for day in board.recent_days]),
        cases_url=build_cases_address(
            asked, "received", **{"from": asked.context.today, "to": asked.context.today}
        ),
    )


def _build_open_kpi(board: Dashboard, asked: Filters, key: str) -> Kpi:
    """What is open, or overdue, at the end of these days."""
    one, language = INDICATORS[key], asked.context.language
    days = [day.late if key == "overdue" else day.waiting for day in board.recent_days]
    now, moved = board.figures[key].current.value or 0, None
    if len(days) > 1:
        by = now - days[-2]
        since = _SINCE_YESTERDAY if asked.ends_today else _ON_LAST_DAY
        moved = KpiChange(
            format_signed(by, 0),
            "faint" if by == 0 else "ok" if by < 0 else "bad",
            since.in_language(language),
        )
    return Kpi(
        key, one.name.in_language(language), f"{now:,.0f}", change=moved,
        sparkline=charts.draw_sparkline(days, kind="alt" if key == "overdue" else ""),
        cases_url=build_cases_address(asked, key), instruction_url=build_body_instruction_address(asked, key),
    )  # fmt: skip
