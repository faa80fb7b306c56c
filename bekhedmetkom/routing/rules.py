"""Routing rules: case facts, destinations with reasons, distribution rules and automatic assignment."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bekhedmetkom.kernel.text import BilingualText


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """Facts of a new case. Ids are of the directory; `None` where nothing was named."""

    text: str
    kind: str
    service: int | None = None
    entity: int | None = None
    governorate: int | None = None
    lat: str = ""
    lng: str = ""
    language: str = "ar"


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason, as a code for events and as text for people."""

    code: str
    text: BilingualText
    matched_words: tuple[str, ...] = ()  # of the case's text


@dataclass(frozen=True, slots=True)
class Destination:
    """The destination of a case. Without `entity_id` the Prime Ministry's unit decides.

    `is_confidential`: the topic belongs to the confidential channel; the case must be refused here.
    `is_urgent`: a life may be at risk; the urgent policy applies.
    """

    entity_id: int | None
    service_id: int | None
    unit_id: int | None
    reasons: list[Reason]
    is_confident: bool
    is_confidential: bool = False
    is_urgent: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """A body, optionally with a topic, that the text may be meant for."""

    entity: int
    service: int | None
    score: float
    reasons: list[Reason]


class AssignmentMethod(StrEnum):
    """How a rule assigns a case within its unit."""

    UNIT = "unit"
    LEAST_LOADED = "least_loaded"
    SKILLED = "skilled"


ASSIGNMENT_METHOD_LABELS: Mapping[AssignmentMethod, BilingualText] = {
    AssignmentMethod.UNIT: BilingualText("للقسم كله", "To the unit as a whole"),
    AssignmentMethod.LEAST_LOADED: BilingualText("لأقل موظفيه حملًا", "To its officer with the least to do"),
    AssignmentMethod.SKILLED: BilingualText(
        "لأقلهم حملًا ممن يعرف الموضوع", "To the one with the least to do of those who know the topic"
    ),
}


@dataclass(frozen=True, slots=True)
class UnitRule:
    """A distribution rule: the unit for a topic, a governorate, both or neither. The lowest priority number wins.

    `automatic`: the case is assigned at once; else the rule only proposes.
    """

    unit: int
    service: int | None
    governorate: int | None
    priority: int
    method: AssignmentMethod = AssignmentMethod.UNIT
    automatic: bool = False
    id: int = 0

    def matches(self, service: int | None, governorate: int | None) -> bool:
        return self.service in (None, service) and self.governorate in (None, governorate)

    @property
    def get_breadth(self) -> int:
        """Return how many of topic and governorate are open."""
        return (self.service is None) + (self.governorate is None)


def find_unit_rule(
    rules: Iterable[UnitRule], service: int | None, governorate: int | None
) -> UnitRule | None:
    """Return the matching rule with the lowest priority number, then the narrowest, or `None`."""
    matching = [rule for rule in rules if rule.matches(service, governorate)]
    return min(matching, key=lambda rule: (rule.priority, rule.get_breadth, rule.id), default=None)


@dataclass(frozen=True, slots=True)
class AvailableOfficer:
    """An officer of a unit who may get a case: present, not recused, not its subject."""

    officer: int
    unit: int
    open_cases: int
    known_topics: frozenset[int] = frozenset()  # topics


@dataclass(frozen=True, slots=True)
class AutomaticAssignment:
    """The assignment by a rule: to the unit, or to one of its officers."""

    rule: UnitRule
    officer: int | None


def choose_assignment(
    rules: Iterable[UnitRule], service: int | None, governorate: int | None, seats: Iterable[AvailableOfficer],
    barred: Collection[int] = (),
) -> AutomaticAssignment | None:  # fmt: skip
    """Return the assignment by the first matching rule; rules of `barred` units are skipped.

    Without an available officer the case goes to the unit as a whole.
    """
    rule = find_unit_rule((rule for rule in rules if rule.unit not in barred), service, governorate)
    if rule is None or rule.method is AssignmentMethod.UNIT:
        return AutomaticAssignment(rule, None) if rule else None
    available = [seat for seat in seats if seat.unit == rule.unit]
    if rule.method is AssignmentMethod.SKILLED and service is not None:
        available = [seat for seat in available if service in seat.known_topics]
    chosen = min(available, key=lambda seat: (seat.open_cases, seat.officer), default=None)
    return AutomaticAssignment(rule, chosen.officer if chosen else None)


# Thresholds for routing by text alone; nine of ten such messages go right (docs/language.md).
MIN_SCORE = 0.9
MIN_LEAD = 0.5


def is_confident(best: float, others: Iterable[float]) -> bool:
    """Whether the best score is high and far enough ahead of the others."""
    return best >= MIN_SCORE and all(best - other >= MIN_LEAD for other in others)


ENTITY_NAMED = Reason("entity_named", BilingualText("اخترتَ الجهة بنفسك.", "You chose the body yourself."))
TOPIC_NAMED = Reason(
    "topic_named", BilingualText("الموضوع من موضوعات هذه الجهة.", "The topic is one of this body's.")
)
RECEIVED_ELSEWHERE = Reason(
    "receiver",
    BilingualText(
        "هذا الموضوع تستقبله جهة أخرى حمايةً لك.", "Another body receives this topic, for your protection."
    ),
)
CONFIDENTIAL_TOPIC = Reason(
    "sealed",
    BilingualText("لهذا الموضوع طريق سري يحميك.", "This topic has a confidential way that protects you."),
)
NOT_CONFIDENT = Reason(
    "unsure",
    BilingualText(
        "لم نتأكد من الجهة، فيحدّدها موظف في رئاسة الوزراء.",
        "We were not sure of the body; an officer at the Prime Ministry will choose it.",
    ),
)
URGENT_TOPIC = Reason("urgent_topic", BilingualText("موضوع يمس السلامة.", "A topic of safety."))
UNIT_RULE = Reason(
    "unit_rule",
    BilingualText("بحسب توزيع الجهة على أقسامها.", "By the body's own distribution to its units."),
)
