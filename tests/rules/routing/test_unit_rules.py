"""Which of a body's rules applies, and when a text alone decides."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bekhedmetkom.routing.rules import MIN_LEAD, MIN_SCORE, UnitRule, find_unit_rule, is_confident

EVERYTHING = UnitRule(unit=1, service=None, governorate=None, priority=100)
TOPIC = UnitRule(unit=2, service=7, governorate=None, priority=100)
PLACE = UnitRule(unit=3, service=None, governorate=5, priority=100)
BOTH = UnitRule(unit=4, service=7, governorate=5, priority=100)
URGENT_DESK = UnitRule(unit=5, service=None, governorate=None, priority=1)


@pytest.mark.parametrize(
    ("rules", "service", "governorate", "unit"),
    [
        ([EVERYTHING, TOPIC, PLACE, BOTH], 7, 5, 4),
        ([EVERYTHING, TOPIC, PLACE], 7, None, 2),
        ([EVERYTHING, TOPIC, PLACE], None, 5, 3),
        ([EVERYTHING, TOPIC], 8, None, 1),
        ([TOPIC, PLACE], 8, 6, None),
        ([TOPIC], None, None, None),
        ([BOTH, URGENT_DESK], 7, 5, 5),
        ([], 7, 5, None),
    ],
)
def test_the_lowest_priority_then_the_narrowest(
    rules: list[UnitRule], service: int | None, governorate: int | None, unit: int | None
) -> None:
    chosen = find_unit_rule(rules, service, governorate)
    assert (chosen.unit if chosen else None) == unit


def test_a_text_decides_only_far_ahead() -> None:
    assert is_confident(MIN_SCORE, [])
    assert is_confident(MIN_SCORE + 2 * MIN_LEAD, [MIN_SCORE])
    assert not is_confident(MIN_SCORE - 0.1, [])
    assert not is_confident(MIN_SCORE + MIN_LEAD - 0.1, [MIN_SCORE])


@given(st.floats(0, 20), st.lists(st.floats(0, 20)), st.floats(0, 20))
def test_one_more_candidate_never_makes_it_surer(best: float, others: list[float], another: float) -> None:
    assert is_confident(best, others) or not is_confident(best, [*others, another])
