"""Every figure that is worked out has its cases; what is asked for together is kept together."""

from bekhedmetkom.insight.rules.behind import BEHIND, GROUPS, PLACE, TIMED, part_of
from bekhedmetkom.insight.rules.indicators import INDICATORS
from bekhedmetkom.insight.rules.measures import MEASURES

STANDING = {"open", "overdue", "overdue_share"}  # of which the desk has lists: they are so now


def test_every_figure_that_is_worked_out_has_cases_behind_it() -> None:
    worked_out = {key for key, one in INDICATORS.items() if one.missing is None}
    assert worked_out == BEHIND.keys() | STANDING
    assert not BEHIND.keys() & STANDING


def test_a_part_is_read_from_one_group() -> None:
    for parts in BEHIND.values():
        for part in parts:
            assert len({PLACE[measure].group for measure in part.measures}) == 1, part
        assert len({part.name for part in parts}) == len(parts)
    kept = [measure for group in GROUPS for measure in group]
    assert len(kept) == len(set(kept))
    assert set(kept) <= {*MEASURES, TIMED}


def test_a_part_is_found_by_its_name_and_the_first_without_one() -> None:
    found = part_of("on_time", ""), part_of("on_time", "kept")
    assert [part.name for part in found if part] == ["missed", "kept"]
    assert part_of("on_time", "x") is None
    assert part_of("open", "") is None
