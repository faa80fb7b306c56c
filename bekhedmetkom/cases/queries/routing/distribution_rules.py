"""What a body's own rules say of a case: to whom it would go. And of a month's cases, beside what people did."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, OuterRef, Subquery

from bekhedmetkom.catalogue.queries import get_service
from bekhedmetkom.catalogue.rules import Handling
from bekhedmetkom.entities.queries import get_governorates, get_units, list_units
from bekhedmetkom.identity.queries import get_organisation, list_case_handlers
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.text import BilingualText
from bekhedmetkom.routing.queries import get_skills, list_unit_rules
from bekhedmetkom.routing.rules import (
    ASSIGNMENT_METHOD_LABELS,
    AssignmentMethod,
    AutomaticAssignment,
    AvailableOfficer,
    UnitRule,
    choose_assignment,
)

from ...models import OPEN_STATE_NAMES, Case, Event
from ...rules.case_state import CaseState
from ...rules.states import WAITING_STATES, EventType
from ..visibility import build_visibility_filter
from .conflict_of_interest import get_concerned_officers, is_unit_in_conflict

TRIAL_PERIOD = timedelta(days=30)
MAX_TRIAL_CASES = 5000  # cases of one trial, the newest


def propose_assignment(
    case: CaseState, at: datetime, loads: Mapping[int, int] | None = None
) -> AutomaticAssignment | None:
    """To whom the rules of its body would give the case now; nothing for what rules never touch."""
    rules = list_unit_rules(case.entity_id)
    if not rules or case.state not in WAITING_STATES or case.triage or case.care is not Handling.OPEN:
        return None
    barred = {rule.unit for rule in rules if is_unit_in_conflict(rule.unit, case, at)}
    without = {*case.recused, *get_concerned_officers(case, at)}
    return choose_assignment(
        rules, case.service_id, case.governorate_id, list_seats(rules, at, without, loads), barred
    )


def list_seats(
    rules: Iterable[UnitRule], at: datetime, without: Collection[int], loads: Mapping[int, int] | None = None
) -> list[AvailableOfficer]:  # fmt: skip
    """Who works today in the units that the rules name, and how much each has in hand."""
    choosing = {rule.unit for rule in rules if rule.method is not AssignmentMethod.UNIT}
    away = get_organisation(at).get_absent_officers()
    there = [
        (who, unit)
        for who, unit in list_case_handlers(choosing, at)
        if who not in away and who not in without
    ]
    if loads is None:
        loads = count_cases_in_hand({who for who, _unit in there})
    return [
        AvailableOfficer(who, unit, loads.get(who, 0), get_skills().get(who, frozenset()))
        for who, unit in there
    ]


def count_cases_in_hand(officers: Collection[int]) -> dict[int, int]:
    """How many open cases each of these officers has by name."""
    if not officers:
        return {}
    rows = Case.objects.filter(state__in=OPEN_STATE_NAMES, officer__in=officers).order_by()
    return dict(rows.values_list("officer").annotate(Count("pk")))


def describe_rule(rule: UnitRule) -> BilingualText:
    """A rule in words: what it takes, from where, and to whom it goes."""
    topic = get_service(rule.service).name if rule.service else BilingualText("كل الموضوعات", "All topics")
    place = (
        get_governorates()[rule.governorate].name
        if rule.governorate
        else BilingualText("كل المحافظات", "all governorates")
    )
    unit = get_units()[rule.unit].name
    how = ASSIGNMENT_METHOD_LABELS[rule.method]
    return BilingualText(
        f"{topic.ar}، {place.ar}: {unit.ar}، {how.ar}", f"{topic.en}, {place.en}: {unit.en}. {how.en}"
    )


class CaseFlow(NamedTuple):
    """Cases that people gave to one unit (`None`: to none) and the rules to another."""

    people: BilingualText | None
    rules: BilingualText | None
    cases: int


@dataclass(frozen=True, slots=True)
class UnitShare:
    """One unit's part: of how many cases by the rules, by people, and how many of them by both."""

    unit: BilingualText
    rules: int
    people: int
    both: int


@dataclass(frozen=True, slots=True)
class RuleTrial:
    """What the rules would have done with a month's cases. `unruled`: no rule fits; `undone`: nobody has given them."""

    cases: int
    unruled: int
    undone: int
    shares: list[UnitShare]
    flows: list[CaseFlow]
    officers: list[tuple[int, int]]


def run_rule_trial(viewer: Actor, entity: int, now: datetime) -> RuleTrial:
    """A dry run over the body's cases of the last 30 days, as the rules stand now; nothing is changed.

    Loads begin at nothing and grow with what the run gives; who was away on a case's day is passed over.
    """
    first = Event.objects.filter(case=OuterRef("pk"), kind=str(EventType.ASSIGNED)).order_by("seq")
    came = Case.objects.filter(
        build_visibility_filter(viewer),
        entity=entity,
        care=str(Handling.OPEN),
        received_at__gte=now - TRIAL_PERIOD,
    ).order_by("-received_at")
    rows = came.values_list(
        "received_at", "service_id", "governorate_id", Subquery(first.values("data")[:1])
    )[:MAX_TRIAL_CASES]
    rules, loads, pairs = list_unit_rules(entity), Counter[int](), Counter[tuple[int | None, int | None]]()
    staff = list_seats(rules, now, (), {})
    for received_at, topic, place, done in reversed(list(rows)):
        away = get_organisation(received_at).get_absent_officers()
        here = [replace(seat, open_cases=loads[seat.officer]) for seat in staff if seat.officer not in away]
        found = choose_assignment(rules, topic, place, here)
        if found and found.officer:
            loads[found.officer] += 1
        pairs[done["unit_id"] if done else None, found.rule.unit if found else None] += 1
    return _summarize_trial(pairs, loads, entity, now)


def _summarize_trial(
    pairs: Counter[tuple[int | None, int | None]], loads: Counter[int], entity: int, now: datetime
) -> RuleTrial:
    named = {unit.id: unit.name for unit in list_units(entity, get_local_date(now))}
    shares = [
        UnitShare(
            words,
            sum(n for (_people, rules), n in pairs.items() if rules == unit),
            sum(n for (people, _rules), n in pairs.items() if people == unit),
            pairs[unit, unit],
        )
        for unit, words in named.items()
    ]
    flows = [
        CaseFlow(named.get(people or 0), named.get(rules or 0), n)
        for (people, rules), n in pairs.most_common()
        if people != rules and people is not None and rules is not None
    ]
    return RuleTrial(
        pairs.total(),
        sum(n for (_people, rules), n in pairs.items() if rules is None),
        sum(n for (people, _rules), n in pairs.items() if people is None),
        [share for share in shares if share.rules or share.people], flows[:10], loads.most_common(),
    )  # fmt: skip
