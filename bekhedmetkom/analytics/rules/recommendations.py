"""What a report recommends: rules over its own figures, each with the evidence that it rests on and whom it addresses.

No rule speaks of what too few cases say, nor of a difference that may be chance. `docs/decisions` (65) has the bars.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from bekhedmetkom.kernel.text import BilingualText

from .indicators import INDICATORS, MIN_OBSERVATIONS
from .reports import ReportDetails
from .totals import Z_95, IndicatorValue

MAX_RECOMMENDATIONS = 8  # of a report …
MAX_PER_RULE = 2  # … and of one rule, so that it speaks of more than one thing
TARGET_GAP = 0.10  # below a target
GOVERNORATE_GAP = 0.15  # of a governorate, as the map has it
OVERDUE_SHARE = 0.2  # of all that is overdue
TOPIC_RISE = 0.3
HALF_TARGET_SHARE = 0.5
LOW_RESPONSE_SHARE = 0.2  # of answers about which anybody said anything
EXAMPLE_MIN_ANSWERS = 100  # answers, for a body to be taken as an example
MIN_NAMED_COUNT = 5  # of a count that names a topic and a place


class Rule(StrEnum):
    LATE = "late"
    FELL = "fell"
    OVERDUE = "stock"
    NOT_SOLVED = "word"
    APPEALS = "appeals"
    PROBLEM = "problem"
    PROMISE = "promise"
    RISES = "rises"
    RECURRING = "again"
    GOVERNORATE = "place"
    MISROUTED = "misrouted"
    UNIT = "unit"
    LOW_RESPONSE = "quiet"
    EXAMPLE = "example"


class Addressee(StrEnum):
    """Whom it addresses; a body by its head."""

    BODY = "body"
    PM_UNIT = "pm_unit"


class TopicCounts(NamedTuple):
    service: int
    entity: int
    received: int
    before: int


class GovernorateOnTime(NamedTuple):
    governorate: int
    on_time: IndicatorValue


class TransferCount(NamedTuple):
    sent_from: int
    sent_to: int
    cases: int


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """What the rules look at. `of_body`: the report is one body's. `response`: how many say whether it was solved."""

    month_end: date
    is_for_body: bool
    details: ReportDetails
    topics: Sequence[TopicCounts]
    governorates: Sequence[GovernorateOnTime]
    flows: Sequence[TransferCount]
    response: IndicatorValue


@dataclass(frozen=True, slots=True)
class Recommendation:
    """`weight`: how much would change for people, to rank by. The names of keys and figures are blanks of the words."""

    rule: Rule
    addressee: Addressee
    entity: int
    weight: float
    shares: Mapping[str, IndicatorValue] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    days: Mapping[str, date] = field(default_factory=dict)
    service: int | None = None
    governorate: int | None = None
    other_entity: int | None = None  # a second body
    unit: int | None = None
    problem_name: BilingualText | None = None  # a problem, as everybody may read it


def list_recommendations(facts: ReportFacts) -> list[Recommendation]:
    """The weightiest, few of each rule."""
    found: list[Recommendation] = []
    for rule in RULE_FUNCTIONS:
        found += sorted(rule(facts), key=lambda one: (-one.weight, one.entity))[:MAX_PER_RULE]
    return sorted(found, key=lambda one: (-one.weight, one.rule, one.entity))[:MAX_RECOMMENDATIONS]


def _get_target(key: str) -> float:
    return INDICATORS[key].target or 0.0


def _is_surely_below(reading: IndicatorValue, line: float) -> bool:
    return reading.high is not None and reading.high < line


def _recommend_punctuality_plan(facts: ReportFacts) -> Iterator[Recommendation]:
    """Far below the target, and surely so: how many more answers in time would reach it."""
    target = _get_target("on_time")
    for line in facts.details.lines:
        if line.on_time.value is not None and _is_surely_below(line.on_time, target - TARGET_GAP):
            more = round((target - line.on_time.value) * line.on_time.observations)
            yield Recommendation(
                Rule.LATE,
                Addressee.BODY,
                line.key,
                more,
                {"value": line.on_time},
                {"more": more, "n": line.on_time.observations},
            )


def _recommend_review_of_fall(facts: ReportFacts) -> Iterator[Recommendation]:
    """By more than five points and more than chance, against the month before."""
    for line in facts.details.lines:
        now, was = line.on_time, line.on_time_before
        if now.value is None or was.value is None or was.value - now.value < 0.05:
            continue
        together = (now.value * now.observations + was.value * was.observations) / (
            now.observations + was.observations
        )
        chance = together * (1 - together) * (1 / now.observations + 1 / was.observations)
        if (was.value - now.value) ** 2 > Z_95**2 * chance:
            yield Recommendation(
                Rule.FELL,
                Addressee.BODY,
                line.key,
                (was.value - now.value) * now.observations,
                {"value": now, "before": was},
            )


def _recommend_clearing_overdue(facts: ReportFacts) -> Iterator[Recommendation]:
    """Overdue cases: the bodies that have a fifth of all; in a body's own report, when they have become more."""
    every = sum(line.late for line in facts.details.lines)
    for line in facts.details.lines:
        much = line.late > line.late_before if facts.is_for_body else line.late >= OVERDUE_SHARE * every
        if line.late >= MIN_OBSERVATIONS and much:
            yield Recommendation(
                Rule.OVERDUE,
                Addressee.BODY,
                line.key,
                line.late / 2,
                {},
                {"late": line.late, "before": line.late_before, "all": every},
            )


def _recommend_solving(facts: ReportFacts) -> Iterator[Recommendation]:
    """On time, and citizens say that it was not solved."""
    for line in facts.details.lines:
        on_time, solved = line.on_time, line.solved
        if (
            on_time.value is None
            or solved.value is None
            or on_time.value < _get_target("on_time") - TARGET_GAP
        ):
            continue
        if _is_surely_below(solved, _get_target("solved") - TARGET_GAP):
            yield Recommendation(
                Rule.NOT_SOLVED,
                Addressee.BODY,
                line.key,
                (_get_target("solved") - solved.value) * line.answered,
                {"value": solved, "on_time": on_time},
            )


def _recommend_appeal_review(facts: ReportFacts) -> Iterator[Recommendation]:
    for line in facts.details.lines:
        if line.upheld.value is not None and line.upheld.value >= HALF_TARGET_SHARE:
            counts = {"upheld": line.upheld_n, "n": line.decided}
            yield Recommendation(
                Rule.APPEALS, Addressee.BODY, line.key, 2 * line.upheld_n, {"value": line.upheld}, counts
            )


def _recommend_overdue_fix(facts: ReportFacts) -> Iterator[Recommendation]:
    """Its fix date has passed."""
    for one in facts.details.problems:
        if one.fixed_on is None and one.fix_on is not None and one.fix_on <= facts.month_end and one.reported:
            yield Recommendation(
                Rule.PROBLEM,
                Addressee.BODY,
                one.entity,
                3 * one.reported,
                {},
                {"reported": one.reported},
                {"fix_on": one.fix_on},
                governorate=one.governorate,
                problem_name=BilingualText(one.name_ar, one.name_en),
            )


def _recommend_keeping_promises(facts: ReportFacts) -> Iterator[Recommendation]:
    broken: dict[int, int] = {}
    for one in facts.details.broken_promises:
        if one.done_on is None:
            broken[one.entity] = broken.get(one.entity, 0) + 1
    for entity, n in broken.items():
        yield Recommendation(Rule.PROMISE, Addressee.BODY, entity, 5 * n, {}, {"broken": n})


def _recommend_rising_topic(facts: ReportFacts) -> Iterator[Recommendation]:
    """By three tenths, and by more than chance."""
    for one in facts.topics:
        more = one.received - one.before
        if (
            one.before >= MIN_OBSERVATIONS
            and more >= TOPIC_RISE * one.before
            and more**2 > Z_95**2 * (one.received + one.before)
        ):
            counts = {"now": one.received, "before": one.before}
            yield Recommendation(
                Rule.RISES, Addressee.BODY, one.entity, more, {}, counts, service=one.service
            )


def _recommend_recurring_topic(facts: ReportFacts) -> Iterator[Recommendation]:
    for one in facts.details.recurring_topics:
        if one.recurring >= MIN_OBSERVATIONS // 3:
            yield Recommendation(
                Rule.RECURRING,
                Addressee.BODY,
                one.entity,
                2 * one.recurring,
                {},
                {"again": one.recurring, "received": one.received},
                service=one.service,
                governorate=one.governorate,
            )


def _recommend_governorate(facts: ReportFacts) -> Iterator[Recommendation]:
    for one in facts.governorates:
        if one.on_time.value is not None and _is_surely_below(
            one.on_time, _get_target("on_time") - GOVERNORATE_GAP
        ):
            missing = (_get_target("on_time") - one.on_time.value) * one.on_time.observations
            yield Recommendation(
                Rule.GOVERNORATE,
                Addressee.PM_UNIT,
                0,
                missing / 2,
                {"value": one.on_time},
                governorate=one.governorate,
            )


def _recommend_routing(facts: ReportFacts) -> Iterator[Recommendation]:
    for one in facts.flows:
        if one.cases >= MIN_OBSERVATIONS:
            yield Recommendation(
                Rule.MISROUTED,
                Addressee.PM_UNIT,
                one.sent_from,
                one.cases,
                {},
                {"cases": one.cases},
                other_entity=one.sent_to,
            )


def _recommend_unit(facts: ReportFacts) -> Iterator[Recommendation]:
    """In a body's own report: the unit that is surely below the body's own share."""
    own = next(iter(facts.details.lines), None)
    if not facts.is_for_body or own is None or own.on_time.value is None:
        return
    for line in facts.details.units:
        if line.on_time.value is not None and _is_surely_below(line.on_time, own.on_time.value):
            missing = (own.on_time.value - line.on_time.value) * line.on_time.observations
            yield Recommendation(
                Rule.UNIT,
                Addressee.BODY,
                own.key,
                missing,
                {"value": line.on_time, "all": own.on_time},
                unit=line.key,
            )


def _recommend_raising_response(facts: ReportFacts) -> Iterator[Recommendation]:
    """Too few say whether it was solved for the citizen's word to be sure."""
    if facts.response.value is not None and facts.response.value < LOW_RESPONSE_SHARE:
        to = Addressee.BODY if facts.is_for_body else Addressee.PM_UNIT
        own = next((line.key for line in facts.details.lines), 0) if facts.is_for_body else 0
        yield Recommendation(
            Rule.LOW_RESPONSE, to, own, 1, {"value": facts.response}, {"n": facts.response.observations}
        )


def _recommend_example(facts: ReportFacts) -> Iterator[Recommendation]:
    """Who reached both targets, surely enough and with much work: how they do it is worth knowing."""
    if facts.is_for_body:
        return
    for line in facts.details.lines:
        met = [
            reading.low is not None and reading.low >= _get_target(key) - 0.02
            for key, reading in (("on_time", line.on_time), ("solved", line.solved))
        ]
        if all(met) and line.answered >= EXAMPLE_MIN_ANSWERS:
            shares = {"value": line.on_time, "solved": line.solved}
            yield Recommendation(Rule.EXAMPLE, Addressee.PM_UNIT, line.key, 2, shares, {"n": line.answered})


RULE_FUNCTIONS: Sequence[Callable[[ReportFacts], Iterable[Recommendation]]] = (
    _recommend_punctuality_plan,
    _recommend_review_of_fall,
    _recommend_clearing_overdue,
    _recommend_solving,
    _recommend_appeal_review,
    _recommend_overdue_fix,
    _recommend_keeping_promises,
    _recommend_rising_topic,
    _recommend_recurring_topic,
    _recommend_governorate,
    _recommend_routing,
    _recommend_unit,
    _recommend_raising_response,
    _recommend_example,
)
