"""What is made of sums: shares with how sure they are, quantiles from buckets, and nothing where nothing is known."""

from math import isclose

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bekhedmetkom.analytics.rules.indicators import INDICATORS, MIN_OBSERVATIONS, Indicator
from bekhedmetkom.analytics.rules.measures import (
    BUCKET_RATIO,
    Histogram,
    compute_quantile,
    get_bucket,
    get_bucket_middle,
)
from bekhedmetkom.analytics.rules.totals import Totals, build_share
from tools.indicator_docs import PAGE, render_page


@pytest.mark.parametrize("indicator", INDICATORS.values(), ids=INDICATORS)
def test_each_is_said_in_both_languages_and_a_target_has_a_source(indicator: Indicator) -> None:
    assert all(all(words) for words in (indicator.name, indicator.definition, indicator.formula))
    assert (indicator.target is None) is (indicator.source is None)
    if indicator.unavailable_reason:
        assert indicator.get_value(Totals()).value is None


@pytest.mark.parametrize("indicator", INDICATORS.values(), ids=INDICATORS)
def test_of_nothing_no_share_is_said(indicator: Indicator) -> None:
    reading = indicator.get_value(Totals())
    assert reading.value in ((0, None) if indicator.unit == "count" else (None,))


def test_few_opinions_are_not_a_share() -> None:
    solved = INDICATORS["solved"]
    assert solved.get_value(Totals({"yes": MIN_OBSERVATIONS - 1})).value is None
    assert (
        solved.get_value(Totals({"yes": MIN_OBSERVATIONS - 1, "no": 1})).value
        == (MIN_OBSERVATIONS - 1) / MIN_OBSERVATIONS
    )


@given(st.integers(0, 500), st.integers(1, 500))
@example(0, 495)
def test_a_share_lies_in_its_interval(part: int, more: int) -> None:
    reading = build_share(part, part + more)
    assert reading.value is not None and reading.low is not None and reading.high is not None
    assert 0 <= reading.low <= reading.value <= reading.high <= 1


def test_wilson_as_in_the_books() -> None:
    reading = build_share(15, 20)
    assert reading.low is not None and reading.high is not None
    assert isclose(reading.low, 0.531, abs_tol=0.001) and isclose(reading.high, 0.888, abs_tol=0.001)


@given(st.lists(st.floats(1, 1e8), min_size=1, max_size=60), st.sampled_from([0.5, 0.9]))
def test_a_quantile_is_as_near_as_its_bucket_is_wide(values: list[float], part: float) -> None:
    counts: dict[int, int] = {}
    for value in values:
        counts[get_bucket(value)] = counts.get(get_bucket(value), 0) + 1
    read = compute_quantile(counts, part)
    ordered = sorted(values)
    true = next(v for place, v in enumerate(ordered, 1) if place >= part * len(ordered))
    assert read is not None
    assert BUCKET_RATIO**-0.51 <= read / true <= BUCKET_RATIO**0.51


def test_where_nothing_was_observed_there_is_no_quantile() -> None:
    assert Totals().get_quantile(Histogram.FIRST_ANSWER_TIME, 0.5) is None
    assert compute_quantile({}, 0.5) is None
    assert get_bucket_middle(0) == 0


def test_the_handbook_says_what_the_registry_says() -> None:
    assert PAGE.read_text() == render_page(), "run tools/indicator_docs.py"
