"""The six figures on top: what each is now, how far from its target and from before, and how sure that is."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.safestring import SafeString

from bekhedmetkom.insight.queries.shape import Board
from bekhedmetkom.insight.rules.indicators import INDICATORS, Indicator
from bekhedmetkom.insight.rules.totals import Reading
from bekhedmetkom.kernel.clock import AMMAN
from bekhedmetkom.kernel.formatting import DAY, format_count
from bekhedmetkom.kernel.text import BilingualText

from . import charts
from .asked import Asked
from .findings import so_far
from .leads import asking, behind
from .saying import (
    between,
    change_of,
    isolated,
    said_change,
    signed,
    target_of,
    turn,
    unit_of,
    value_of,
)


@dataclass(frozen=True, slots=True)
class Moved:
    """How far a figure moved, with its sign; `turn`: is that good ("ok"), "bad", or neither ("faint"); `since` when."""

    by: str
    turn: str
    since: str

    @property
    def icon(self) -> str:
        return {"+": "trending-up", "−": "trending-down"}.get(self.by[:1], "equal")


@dataclass(frozen=True, slots=True)
class Kpi:
    """`value` is empty where too little says it. `key`: its definition; `address`: the cases behind it, for who may
    read them; `ask`: where the body's head is asked about it. `sure`: where it lies with 95 in a hundred."""

    key: str
    title: str
    value: str
    unit: str = ""
    moved: Moved | None = None
    beside: Sequence[str] = field(default=())
    sure: str = ""
    drawing: SafeString = field(default_factory=SafeString)
    address: str = ""
    ask: str = ""
    hero: bool = False


def kpis(board: Board, asked: Asked) -> list[Kpi]:
    """In the order of the page: the body's word and the citizen's first."""
    return [
        _share(board, "on_time", asked), _share(board, "solved", asked), _first_answer(board, asked),
        _today(board, asked), _waiting(board, asked, "open"), _waiting(board, asked, "overdue"),
    ]  # fmt: skip


_BEFORE = BilingualText("عن السابق", "vs before")
_YESTERDAY, _LAST_DAY = (
    BilingualText("منذ أمس", "since yesterday"),
    BilingualText("في آخر يوم", "on the last day"),
)
_TARGET, _OF = BilingualText("الهدف {}", "target {}"), BilingualText("من {:,}", "of {:,}")
_NINE = BilingualText("9 من 10 خلال {}", "9 of 10 within {}")
_USUAL = BilingualText("المعتاد حتى الآن {:,.0f}", "usual by now {:,.0f}")
_TODAY = BilingualText("وصل اليوم", "Received today")
_FIRST_ANSWER = BilingualText("وسيط زمن أول رد", "First answer, median")  # as short as its place


def _share(board: Board, key: str, asked: Asked) -> Kpi:
    one, found, language = INDICATORS[key], board.figures[key], asked.visit.language
    beside, now = [*_aimed(one, language), _OF.in_(language).format(found.now.n)], found.now
    if now.value is None:
        return Kpi(key, one.name.in_(language), "", beside=beside, hero=True)
    sure = None if now.low is None or now.high is None else (100 * now.low, 100 * now.high)
    return Kpi(
        key, one.name.in_(language), value_of(one, now.value), moved=_moved(one, now, found.before, language),
        beside=beside, sure=between(now, language), address=behind(asked, key), ask=asking(asked, key), hero=True,
        drawing=charts.bar(
            100 * now.value, 100 * one.target if one.target else None, kind="alt" if key == "solved" else "",
            meter=True, sure=sure,
        ),
    )  # fmt: skip


def _aimed(indicator: Indicator, language: str) -> list[str]:
    target = target_of(indicator)
    return [_TARGET.in_(language).format(isolated(target).in_(language))] if target else []


def _moved(indicator: Indicator, now: Reading, before: Reading, language: str) -> Moved | None:
    change = change_of(indicator, now, before)
    if change is None:
        return None
    return Moved(said_change(indicator, change), turn(indicator, change, now, before), _BEFORE.in_(language))


def _first_answer(board: Board, asked: Asked) -> Kpi:
    one, found, language = INDICATORS["first_p50"], board.figures["first_p50"], asked.visit.language
    nine, beside, unit = board.figures["first_p90"].now.value, _aimed(one, language), unit_of(one)
    if nine is not None and not asked.wall:
        beside.append(
            _NINE.in_(language).format(format_count(max(round(nine), 1), DAY, language, after=True))
        )
    if found.now.value is None:
        return Kpi(one.key, _FIRST_ANSWER.in_(language), "", beside=beside)
    return Kpi(
        one.key, _FIRST_ANSWER.in_(language), value_of(one, found.now.value), unit.in_(language) if unit else "",
        _moved(one, found.now, found.before, language), beside, address=behind(asked, one.key),
        ask=asking(asked, one.key),
    )  # fmt: skip


def _today(board: Board, asked: Asked) -> Kpi:
    local, language = board.at.astimezone(AMMAN), asked.visit.language
    usual = so_far(board.hours, local.hour, local.minute)
    return Kpi(
        "received", _TODAY.in_(language), f"{sum(board.hours.today):,}", beside=[_USUAL.in_(language).format(usual)],
        drawing=charts.spark([day.received for day in board.lately]),
        address=behind(asked, "received", **{"from": asked.visit.today, "to": asked.visit.today}),
    )  # fmt: skip


def _waiting(board: Board, asked: Asked, key: str) -> Kpi:
    """What is open, or overdue, at the end of these days."""
    one, language = INDICATORS[key], asked.visit.language
    days = [day.late if key == "overdue" else day.waiting for day in board.lately]
    now, moved = board.figures[key].now.value or 0, None
    if len(days) > 1:
        by = now - days[-2]
        since = _YESTERDAY if asked.ends_today else _LAST_DAY
        moved = Moved(signed(by, 0), "faint" if by == 0 else "ok" if by < 0 else "bad", since.in_(language))
    return Kpi(
        key, one.name.in_(language), f"{now:,.0f}", moved=moved,
        drawing=charts.spark(days, kind="alt" if key == "overdue" else ""),
        address=behind(asked, key), ask=asking(asked, key),
    )  # fmt: skip
