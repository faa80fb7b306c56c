"""To whom a body's rules give a case: the first that fits, of its unit whoever has the least to do and knows it."""

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from bekhedmetkom.routing.rules import (
    AssignmentMethod,
    AutomaticAssignment,
    AvailableOfficer,
    UnitRule,
    choose_assignment,
    find_unit_rule,
)

ROADS, LIGHTS = 1, 2
POTHOLES = 7
SEATS = [
    AvailableOfficer(10, ROADS, 3, frozenset({POTHOLES})),
    AvailableOfficer(11, ROADS, 0),
    AvailableOfficer(12, ROADS, 5, frozenset({POTHOLES})),
    AvailableOfficer(13, LIGHTS, 0, frozenset({POTHOLES})),
]


def rule(
    give: AssignmentMethod = AssignmentMethod.UNIT,
    unit: int = ROADS,
    service: int | None = None,
    priority: int = 1,
) -> UnitRule:
    return UnitRule(unit, service, None, priority, give)


@pytest.mark.parametrize(
    ("give", "service", "officer"),
    [
        (AssignmentMethod.UNIT, POTHOLES, None),
        (AssignmentMethod.LEAST_LOADED, POTHOLES, 11),
        (AssignmentMethod.SKILLED, POTHOLES, 10),
        (AssignmentMethod.SKILLED, 8, None),  # nobody knows it: the unit decides
        (AssignmentMethod.SKILLED, None, 11),  # no topic is named: whoever has the least to do
    ],
)
def test_whom_a_rule_chooses_in_its_unit(
    give: AssignmentMethod, service: int | None, officer: int | None
) -> None:
    assert choose_assignment([rule(give)], service, None, SEATS) == AutomaticAssignment(rule(give), officer)


def test_a_unit_that_may_not_have_it_is_passed_over() -> None:
    first, second = rule(), rule(unit=LIGHTS, priority=2)
    assert choose_assignment([first, second], None, None, SEATS, {ROADS}) == AutomaticAssignment(second, None)
    assert choose_assignment([first], None, None, SEATS, {ROADS}) is None


def test_where_nobody_is_there_the_unit_has_it() -> None:
    assert choose_assignment([rule(AssignmentMethod.LEAST_LOADED)], None, None, []) == AutomaticAssignment(
        rule(AssignmentMethod.LEAST_LOADED), None
    )


RULES = st.lists(
    st.builds(
        UnitRule, st.integers(1, 3), st.none() | st.integers(5, 7), st.none() | st.integers(1, 2), st.integers(1, 3),
        st.sampled_from(AssignmentMethod), st.booleans(), st.integers(1, 99),
    ), max_size=5, unique_by=lambda rule: rule.id,
)  # fmt: skip


@drawn(
    RULES,
    st.none() | st.integers(5, 7),
    st.none() | st.integers(1, 2),
    st.lists(
        st.builds(AvailableOfficer, st.integers(1, 9), st.integers(1, 3), st.integers(0, 4)),
        unique_by=lambda s: s.officer,
    ),
)
def test_it_is_the_first_rule_that_fits_and_nobody_of_its_unit_has_less(
    rules: list[UnitRule], service: int | None, place: int | None, seats: list[AvailableOfficer]
) -> None:
    found = choose_assignment(rules, service, place, seats)
    assert (found.rule if found else None) == find_unit_rule(rules, service, place)
    if found and found.officer:
        chosen = next(seat for seat in seats if seat.officer == found.officer)
        assert chosen.unit == found.rule.unit
        able = [seat for seat in seats if seat.unit == chosen.unit]
        if found.rule.method is AssignmentMethod.LEAST_LOADED:
            assert chosen.open_cases == min(seat.open_cases for seat in able)
