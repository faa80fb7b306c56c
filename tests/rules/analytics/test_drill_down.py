"""Every figure that is worked out has its cases; what is asked for together is kept together."""

from bekhedmetkom.analytics.rules.drill_down import (
    INDICATOR_PARTS,
    MEASURE_GROUPS,
    MEASURE_POSITIONS,
    TIMED,
    find_part,
)
from bekhedmetkom.analytics.rules.indicators import INDICATORS
from bekhedmetkom.analytics.rules.measures import MEASURES

CURRENT_STATE_INDICATORS = {
    "open",
    "overdue",
    "overdue_share",
}  # of which the desk has lists: they are so now


def test_every_figure_that_is_worked_out_has_cases_behind_it() -> None:
    worked_out = {key for key, one in INDICATORS.items() if one.unavailable_reason is None}
    assert worked_out == INDICATOR_PARTS.keys() | CURRENT_STATE_INDICATORS
    assert not INDICATOR_PARTS.keys() & CURRENT_STATE_INDICATORS


def test_a_part_is_read_from_one_group() -> None:
    for parts in INDICATOR_PARTS.values():
        for part in parts:
            assert len({MEASURE_POSITIONS[measure].group for measure in part.measures}) == 1, part
        assert len({part.name for part in parts}) == len(parts)
    kept = [measure for group in MEASURE_GROUPS for measure in group]
    assert len(kept) == len(set(kept))
    assert set(kept) <= {*MEASURES, TIMED}


def test_a_part_is_found_by_its_name_and_the_first_without_one() -> None:
    found = find_part("on_time", ""), find_part("on_time", "kept")
    assert [part.name for part in found if part] == ["missed", "kept"]
    assert find_part("on_time", "x") is None
    assert find_part("open", "") is None
