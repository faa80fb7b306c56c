"""What a report recommends: rules over its own figures, each with the evidence that it rests on and whom it addresses.

No rule speaks of what too few cases say, nor of a difference that may be chance. `docs/decisions` (65) has the bars.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from bekhedmetkom.kernel.text import BilingualText

from .indicators import ENOUGH, INDICATORS
from .reports import Beside
from .totals import Reading, Z

MOST = 8  # of a report …
OF_A_RULE = 2  # … and of one rule, so that it speaks of more than one thing
FAR = 0.10  # below a target
GAP = 0.15  # of a governorate, as the map has it
MUCH = 0.2  # of all that is overdue
RISES = 0.3
HALF = 0.5
SILENT = 0.2  # of answers about which anybody said anything
BUSY = 100  # answers, for a body to be taken as an example
SHOWN = 5  # of a count that names a topic and a place


class Rule(StrEnum):
    LATE = "late"
    FELL = "fell"
    STOCK = "stock"
    WORD = "word"
    APPEALS = "appeals"
    PROBLEM = "problem"
    PROMISE = "promise"
    RISES = "rises"
    AGAIN = "again"
    PLACE = "place"
    MISROUTED = "misrouted"
    UNIT = "unit"
    QUIET = "quiet"
    EXAMPLE = "example"


class To(StrEnum):
    """Whom it addresses; a body by its head."""

    BODY = "body"
    UNIT_OF_PM = "pm_unit"


class Topic(NamedTuple):
    service: int
    entity: int
    received: int
    before: int


class Where(NamedTuple):
    governorate: int
    on_time: Reading


class Way(NamedTuple):
    sent_from: int
    sent_to: int
    cases: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules look at. `of_body`: the report is one body's. `response`: how many say whether it was solved."""

    month_end: date
    of_body: bool
    beside: Beside
    topics: Sequence[Topic]
    places: Sequence[Where]
    flows: Sequence[Way]
    response: Reading


@dataclass(frozen=True, slots=True)
class Advice:
    """`weight`: how much would change for people, to rank by. The names of keys and figures are blanks of the words."""

    rule: Rule
    to: To
    entity: int
    weight: float
    shares: Mapping[str, Reading] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    days: Mapping[str, date] = field(default_factory=dict)
    service: int | None = None
    governorate: int | None = None
    other: int | None = None  # a second body
    unit: int | None = None
    named: BilingualText | None = None  # a problem, as everybody may read it


def advice(facts: Facts) -> list[Advice]:
    """The weightiest, few of each rule."""
    found: list[Advice] = []
    for rule in RULES:
        found += sorted(rule(facts), key=lambda one: (-one.weight, one.entity))[:OF_A_RULE]
    return sorted(found, key=lambda one: (-one.weight, one.rule, one.entity))[:MOST]


def _target(key: str) -> float:
    return INDICATORS[key].target or 0.0


def _surely_below(reading: Reading, line: float) -> bool:
    return reading.high is not None and reading.high < line


def _late(facts: Facts) -> Iterator[Advice]:
    """Far below the target, and surely so: how many more answers in time would reach it."""
    target = _target("on_time")
    for line in facts.beside.lines:
        if line.on_time.value is not None and _surely_below(line.on_time, target - FAR):
            more = round((target - line.on_time.value) * line.on_time.n)
            yield Advice(
                Rule.LATE,
                To.BODY,
                line.key,
                more,
                {"value": line.on_time},
                {"more": more, "n": line.on_time.n},
            )


def _fell(facts: Facts) -> Iterator[Advice]:
    """By more than five points and more than chance, against the month before."""
    for line in facts.beside.lines:
        now, was = line.on_time, line.on_time_before
        if now.value is None or was.value is None or was.value - now.value < 0.05:
            continue
        together = (now.value * now.n + was.value * was.n) / (now.n + was.n)
        chance = together * (1 - together) * (1 / now.n + 1 / was.n)
        if (was.value - now.value) ** 2 > Z**2 * chance:
            yield Advice(
                Rule.FELL, To.BODY, line.key, (was.value - now.value) * now.n, {"value": now, "before": was}
            )


def _stock(facts: Facts) -> Iterator[Advice]:
    """Overdue cases: the bodies that have a fifth of all; in a body's own report, when they have become more."""
    every = sum(line.late for line in facts.beside.lines)
    for line in facts.beside.lines:
        much = line.late > line.late_before if facts.of_body else line.late >= MUCH * every
        if line.late >= ENOUGH and much:
            yield Advice(
                Rule.STOCK, To.BODY, line.key, line.late / 2, {},
                {"late": line.late, "before": line.late_before, "all": every},
            )  # fmt: skip


def _word(facts: Facts) -> Iterator[Advice]:
    """On time, and citizens say that it was not solved."""
    for line in facts.beside.lines:
        on_time, solved = line.on_time, line.solved
        if on_time.value is None or solved.value is None or on_time.value < _target("on_time") - FAR:
            continue
        if _surely_below(solved, _target("solved") - FAR):
            yield Advice(
                Rule.WORD, To.BODY, line.key, (_target("solved") - solved.value) * line.answered,
                {"value": solved, "on_time": on_time},
            )  # fmt: skip


def _appeals(facts: Facts) -> Iterator[Advice]:
    for line in facts.beside.lines:
        if line.upheld.value is not None and line.upheld.value >= HALF:
            counts = {"upheld": line.upheld_n, "n": line.decided}
            yield Advice(Rule.APPEALS, To.BODY, line.key, 2 * line.upheld_n, {"value": line.upheld}, counts)


def _problem(facts: Facts) -> Iterator[Advice]:
    """Its fix date has passed."""
    for one in facts.beside.shared:
        if one.fixed is None and one.fix_on is not None and one.fix_on <= facts.month_end and one.reported:
            yield Advice(
                Rule.PROBLEM, To.BODY, one.entity, 3 * one.reported, {}, {"reported": one.reported},
                {"fix_on": one.fix_on}, governorate=one.governorate, named=BilingualText(one.ar, one.en),
            )  # fmt: skip


def _promise(facts: Facts) -> Iterator[Advice]:
    broken: dict[int, int] = {}
    for one in facts.beside.broken:
        if one.done is None:
            broken[one.entity] = broken.get(one.entity, 0) + 1
    for entity, n in broken.items():
        yield Advice(Rule.PROMISE, To.BODY, entity, 5 * n, {}, {"broken": n})


def _rises(facts: Facts) -> Iterator[Advice]:
    """By three tenths, and by more than chance."""
    for one in facts.topics:
        more = one.received - one.before
        if (
            one.before >= ENOUGH
            and more >= RISES * one.before
            and more**2 > Z**2 * (one.received + one.before)
        ):
            counts = {"now": one.received, "before": one.before}
            yield Advice(Rule.RISES, To.BODY, one.entity, more, {}, counts, service=one.service)


def _again(facts: Facts) -> Iterator[Advice]:
    for one in facts.beside.again:
        if one.again >= ENOUGH // 3:
            yield Advice(
                Rule.AGAIN, To.BODY, one.entity, 2 * one.again, {}, {"again": one.again, "received": one.received},
                service=one.service, governorate=one.governorate,
            )  # fmt: skip


def _place(facts: Facts) -> Iterator[Advice]:
    for one in facts.places:
        if one.on_time.value is not None and _surely_below(one.on_time, _target("on_time") - GAP):
            missing = (_target("on_time") - one.on_time.value) * one.on_time.n
            yield Advice(
                Rule.PLACE, To.UNIT_OF_PM, 0, missing / 2, {"value": one.on_time}, governorate=one.governorate
            )


def _misrouted(facts: Facts) -> Iterator[Advice]:
    for one in facts.flows:
        if one.cases >= ENOUGH:
            yield Advice(
                Rule.MISROUTED, To.UNIT_OF_PM, one.sent_from, one.cases, {}, {"cases": one.cases}, other=one.sent_to
            )  # fmt: skip


def _unit(facts: Facts) -> Iterator[Advice]:
    """In a body's own report: the unit that is surely below the body's own share."""
    own = next(iter(facts.beside.lines), None)
    if not facts.of_body or own is None or own.on_time.value is None:
        return
    for line in facts.beside.units:
        if line.on_time.value is not None and _surely_below(line.on_time, own.on_time.value):
            missing = (own.on_time.value - line.on_time.value) * line.on_time.n
            yield Advice(
                Rule.UNIT,
                To.BODY,
                own.key,
                missing,
                {"value": line.on_time, "all": own.on_time},
                unit=line.key,
            )


def _quiet(facts: Facts) -> Iterator[Advice]:
    """Too few say whether it was solved for the citizen's word to be sure."""
    if facts.response.value is not None and facts.response.value < SILENT:
        to = To.BODY if facts.of_body else To.UNIT_OF_PM
        own = next((line.key for line in facts.beside.lines), 0) if facts.of_body else 0
        yield Advice(Rule.QUIET, to, own, 1, {"value": facts.response}, {"n": facts.response.n})


def _example(facts: Facts) -> Iterator[Advice]:
    """Who reached both targets, surely enough and with much work: how they do it is worth knowing."""
    if facts.of_body:
        return
    for line in facts.beside.lines:
        met = [
            reading.low is not None and reading.low >= _target(key) - 0.02
            for key, reading in (("on_time", line.on_time), ("solved", line.solved))
        ]
        if all(met) and line.answered >= BUSY:
            shares = {"value": line.on_time, "solved": line.solved}
            yield Advice(Rule.EXAMPLE, To.UNIT_OF_PM, line.key, 2, shares, {"n": line.answered})


RULES: Sequence[Callable[[Facts], Iterable[Advice]]] = (
    _late, _fell, _stock, _word, _appeals, _problem, _promise, _rises, _again, _place, _misrouted, _unit, _quiet,
    _example,
)  # fmt: skip
