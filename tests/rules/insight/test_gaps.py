"""Priorities: what raises a gap, what cannot, and that two cases make no crisis."""

from dataclasses import replace

import pytest

from bekhedmetkom.insight.rules.gaps import LEAST, USUAL, Cell, Part, ranked

CALM = Cell(
    1, 1, 1, received=100, urgent=5, no=5, upheld=1, appealed=3, again=2, waiting=20, age=200, people=90
)
REST = [replace(CALM, service=number) for number in range(2, 12)]


@pytest.mark.parametrize(
    ("more", "part"),
    [
        ({"received": 300}, Part.VOLUME),
        ({"urgent": 50}, Part.HARM),
        ({"no": 50}, Part.HARM),
        ({"upheld": 50}, Part.HARM),
        ({"again": 50}, Part.RECURRENCE),
        ({"appealed": 50}, Part.RECURRENCE),
        ({"age": 2000}, Part.AGE),
        ({"people": 1000}, Part.REACH),
    ],
)
def test_more_of_each_raises_its_part_and_the_rank(more: dict[str, int], part: Part) -> None:
    worse = replace(CALM, **more)
    first, *others = ranked([*REST, worse], USUAL)
    assert first.cell == worse
    assert first.parts[part] > others[0].parts[part]
    assert all(0 <= value <= 1 for gap in (first, *others) for value in gap.parts.values())


def test_a_topic_in_several_governorates_reaches_further() -> None:
    wide = [replace(CALM, governorate=place) for place in (1, 2, 3)]
    first = ranked([*REST, *wide], USUAL)[0]
    assert (first.cell.service, first.places) == (1, 3)


def test_weights_decide_and_a_weight_of_nothing_counts_for_nothing() -> None:
    old, harmful = replace(CALM, age=2000), replace(CALM, service=12, urgent=60)
    only = dict.fromkeys(Part, 0)
    assert ranked([old, harmful, *REST], {**only, Part.AGE: 1})[0].cell == old
    assert ranked([old, harmful, *REST], {**only, Part.HARM: 1})[0].cell == harmful
    assert {gap.score for gap in ranked(REST, only)} == {0}


def test_few_cases_are_drawn_towards_the_rest_and_very_few_are_not_ranked() -> None:
    few = replace(CALM, service=12, received=LEAST, urgent=LEAST, no=0, upheld=0)
    many = replace(CALM, service=13, urgent=70)
    assert ranked([few, many, *REST], {**dict.fromkeys(Part, 0), Part.HARM: 1})[0].cell == many
    assert ranked([replace(few, received=LEAST - 1)], USUAL) == []


def test_some_are_measured_by_all() -> None:
    alone = ranked([CALM], USUAL)[0].score
    big = replace(CALM, service=12, received=10_000, people=9_000)
    assert ranked([CALM], USUAL, among=[CALM, big])[0].score < alone


def test_nothing_is_ranked_where_nothing_is() -> None:
    assert ranked([], USUAL) == []
