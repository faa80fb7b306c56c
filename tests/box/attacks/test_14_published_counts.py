"""Attack 14: comparing all published counts does not reveal whether a single report is among them."""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bekhedmetkom.disclosures.rules import published_counts
from bekhedmetkom.disclosures.rules.published_counts import (
    MIN_COUNT,
    PublishedCounts,
    add_new_months,
    format_month,
    round_count,
)
from tests.mutations import check_with_mutations

FIRST = date(2026, 9, 1)
LAST = FIRST + timedelta(200)
DAYS = st.lists(st.integers(0, 120).map(lambda days: FIRST + timedelta(days)), max_size=60)
CROWD = [FIRST + timedelta(days) for days in range(90)] * 2


def list_publications(days: list[date], erased: dict[date, int]) -> list[PublishedCounts]:
    """Return every file that an observer could have read, one a day; on some days reports are erased."""
    seen: list[PublishedCounts] = [{}]
    there = sorted(days)
    for step in range((LAST - FIRST).days):
        today = FIRST + timedelta(step)
        for _ in range(min(erased.get(today, 0), len(there))):
            there.pop(0)
        known = [day for day in there if day <= today]
        fresh = add_new_months(seen[-1], known, FIRST, today)
        if fresh != seen[-1]:
            seen.append(fresh)
    return seen


@given(
    days=DAYS,
    erased=st.dictionaries(st.integers(0, 199).map(lambda n: FIRST + timedelta(n)), st.just(1), max_size=9),
)
def test_published_months_never_change(days: list[date], erased: dict[date, int]) -> None:
    seen = list_publications(days, erased)
    for before, after in pairwise(seen):
        assert {month: after[month] for month in before} == before


@given(days=DAYS)
def test_counts_are_rounded_and_small_ones_hidden(days: list[date]) -> None:
    exact = Counter(map(format_month, days))
    for month, figure in list_publications(days, {})[-1].items():
        assert figure is None if exact[month] < MIN_COUNT else figure is not None and figure % 5 == 0


def test_no_difference_between_publications_reveals_a_report() -> None:
    """Each month appears once and complete, so two publications never differ by a single report."""

    def promise() -> None:
        seen = list_publications(CROWD, {})
        steps = list(pairwise(seen))
        assert steps
        for before, after in steps:
            assert {month: after[month] for month in before} == before
            fresh = [figure for month, figure in after.items() if month not in before]
            assert all(figure is None or figure % 5 == 0 for figure in fresh)
        for few in range(1, MIN_COUNT):
            assert list_publications([FIRST] * few, {})[-1][format_month(FIRST)] is None
        for early in range(60):
            assert format_month(FIRST) not in add_new_months({}, CROWD, FIRST, FIRST + timedelta(early))

    def count_all_months(
        published: PublishedCounts, days: list[date], first: date, today: date
    ) -> PublishedCounts:
        exact = Counter(format_month(day) for day in days)
        return {month: round_count(count) for month, count in exact.items()}

    here = __name__
    check_with_mutations(
        promise,
        {
            "months are counted anew each day": lambda patch: patch.setattr(
                f"{here}.add_new_months", count_all_months
            ),
            "figures are exact": lambda patch: patch.setattr(
                published_counts, "round_count", lambda count: count
            ),
            "a month is published while it lasts": lambda patch: patch.setattr(
                published_counts, "is_publishable", lambda month, today: month < format_month(today)
            ),
        },
    )


@pytest.mark.parametrize(
    ("exact", "rounded"), [(0, None), (9, None), (10, 10), (12, 10), (13, 15), (1004, 1005)]
)
def test_counts_are_rounded_to_five(exact: int, rounded: int | None) -> None:
    assert round_count(exact) == rounded
