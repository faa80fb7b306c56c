"""Priorities: what raises a gap, what cannot, and that two cases make no crisis."""

from dataclasses import replace

import pytest

from bekhedmetkom.analytics.rules.priorities import (
    DEFAULT_WEIGHTS,
    MIN_CASES,
    PriorityCounts,
    PriorityPart,
    rank_cells,
)

CALM_CELL = PriorityCounts(
    1,
    1,
    1,
    received=100,
    urgent=5,
    unsolved=5,
    upheld=1,
    appealed=3,
    recurring=2,
    waiting=20,
    total_age_days=200,
    people=90,
)
OTHER_CELLS = [replace(CALM_CELL, service=number) for number in range(2, 12)]


@pytest.mark.parametrize(
    ("more", "part"),
    [
        ({"received": 300}, PriorityPart.VOLUME),
        ({"urgent": 50}, PriorityPart.HARM),
        ({"unsolved": 50}, PriorityPart.HARM),
        ({"upheld": 50}, PriorityPart.HARM),
        ({"recurring": 50}, PriorityPart.RECURRENCE),
        ({"appealed": 50}, PriorityPart.RECURRENCE),
        ({"total_age_days": 2000}, PriorityPart.AGE),
        ({"people": 1000}, PriorityPart.REACH),
    ],
)
def test_more_of_each_raises_its_part_and_the_rank(more: dict[str, int], part: PriorityPart) -> None:
    worse = replace(CALM_CELL, **more)
    first, *others = rank_cells([*OTHER_CELLS, worse], DEFAULT_WEIGHTS)
    assert first.counts == worse
    assert first.parts[part] > others[0].parts[part]
    assert all(0 <= value <= 1 for gap in (first, *others) for value in gap.parts.values())


def test_a_topic_in_several_governorates_reaches_further() -> None:
    wide = [replace(CALM_CELL, governorate=place) for place in (1, 2, 3)]
    first = rank_cells([*OTHER_CELLS, *wide], DEFAULT_WEIGHTS)[0]
    assert (first.counts.service, first.governorate_count) == (1, 3)


def test_weights_decide_and_a_weight_of_nothing_counts_for_nothing() -> None:
    old, harmful = replace(CALM_CELL, total_age_days=2000), replace(CALM_CELL, service=12, urgent=60)
    only = dict.fromkeys(PriorityPart, 0)
    assert rank_cells([old, harmful, *OTHER_CELLS], {**only, PriorityPart.AGE: 1})[0].counts == old
    assert rank_cells([old, harmful, *OTHER_CELLS], {**only, PriorityPart.HARM: 1})[0].counts == harmful
    assert {gap.score for gap in rank_cells(OTHER_CELLS, only)} == {0}


def test_few_cases_are_drawn_towards_the_rest_and_very_few_are_not_ranked() -> None:
    few = replace(CALM_CELL, service=12, received=MIN_CASES, urgent=MIN_CASES, unsolved=0, upheld=0)
    many = replace(CALM_CELL, service=13, urgent=70)
    assert (
        rank_cells([few, many, *OTHER_CELLS], {**dict.fromkeys(PriorityPart, 0), PriorityPart.HARM: 1})[
            0
        ].counts
        == many
    )
    assert rank_cells([replace(few, received=MIN_CASES - 1)], DEFAULT_WEIGHTS) == []


def test_some_are_measured_by_all() -> None:
    alone = rank_cells([CALM_CELL], DEFAULT_WEIGHTS)[0].score
    big = replace(CALM_CELL, service=12, received=10_000, people=9_000)
    assert rank_cells([CALM_CELL], DEFAULT_WEIGHTS, among=[CALM_CELL, big])[0].score < alone


def test_nothing_is_ranked_where_nothing_is() -> None:
    assert rank_cells([], DEFAULT_WEIGHTS) == []
