"""When a figure is unusual: false alarms on ordinary weeks, and how soon a fall is found."""

from collections.abc import Sequence

import numpy as np
import pytest

from bekhedmetkom.analytics.rules.alerts import (
    BASELINE_WEEKS,
    MIN_BASELINE_WEEKS,
    MIN_WEEKLY_OBSERVATIONS,
    WATCH_RULES,
    BandSide,
    WeekValue,
    compute_band,
    find_unusual,
)
from bekhedmetkom.analytics.rules.forecast import WEEK_DAYS, Numbers

ON_TIME = WATCH_RULES["on_time"]
WEEKDAY_FACTORS = np.array([1, 1, 1, 1, 0.3, 0.3, 1.2])
BASELINE_DAYS = WEEK_DAYS * (BASELINE_WEEKS + 1)


def generate_course(
    seed: int, in_week: float, days: int, falls: tuple[int, float] = (0, 1.0)
) -> tuple[Numbers, Numbers]:
    """Answers in time, and terms that ended, of a body whose work wanders a little from week to week; from a day on
    it keeps only a part of what it kept."""
    random = np.random.default_rng(seed)
    wander = (
        np.cumsum(random.normal(0, 0.02, days)) + np.repeat(random.normal(0, 0.15, days // 7 + 1), 7)[:days]
    )
    kept = 1 / (1 + np.exp(-1.7 - wander))
    kept[falls[0] :] *= falls[1]
    ended = random.poisson(in_week / WEEKDAY_FACTORS.sum() * np.tile(WEEKDAY_FACTORS, days // 7 + 1)[:days])
    return random.binomial(ended, kept).astype(float), ended.astype(float)


def list_alarm_days(kept: Numbers, ended: Numbers) -> list[int]:
    """The days on which an alert begins, each morning over the seven days before."""
    begun, standing = [], None
    for day in range(BASELINE_DAYS, len(kept) + 1):
        ends = [day - WEEK_DAYS * back for back in range(BASELINE_WEEKS + 1)]
        sums = [(kept[end - WEEK_DAYS : end].sum(), ended[end - WEEK_DAYS : end].sum()) for end in ends]
        now, *past = [WeekValue(part / max(whole, 1), whole) for part, whole in sums]
        if standing is None:
            if outside := find_unusual(ON_TIME, past, now):
                standing = outside[0]
                begun.append(day)
        elif standing.has_recovered(now.value):
            standing = None
    return begun


@pytest.mark.parametrize("in_week", [40, 400])
def test_ordinary_weeks_raise_at_most_an_alarm_in_five_months(in_week: float) -> None:
    bodies, days = 12, 300
    begun = sum(len(list_alarm_days(*generate_course(seed, in_week, days))) for seed in range(bodies))
    assert begun <= 0.2 * bodies * (days - BASELINE_DAYS) / 30


@pytest.mark.parametrize(("in_week", "within"), [(60, 14), (400, 7)])
def test_a_fall_by_a_third_is_found_within_days(in_week: float, within: int) -> None:
    falls = 120
    found = [
        next(
            (
                day - falls
                for day in list_alarm_days(*generate_course(seed, in_week, 150, (falls, 0.67)))
                if day > falls
            ),
            99,
        )
        for seed in range(12)
    ]
    assert sorted(found)[10] <= within  # eleven of twelve


def build_weeks(*values: float, n: float = 100) -> Sequence[WeekValue]:
    return [WeekValue(value, n) for value in values]


STEADY_WEEKS = build_weeks(*[0.84, 0.86] * 6)


def test_good_news_is_no_alarm() -> None:
    assert find_unusual(ON_TIME, STEADY_WEEKS, WeekValue(1.0, 1000)) is None
    outside = find_unusual(WATCH_RULES["overdue_share"], build_weeks(*[0.1] * 12), WeekValue(0.4, 100))
    assert outside
    assert outside[1] is BandSide.ABOVE


def test_what_hardly_matters_is_no_alarm_however_sure() -> None:
    assert find_unusual(ON_TIME, build_weeks(*[0.85] * 12, n=10**6), WeekValue(0.81, 10**6)) is None


def test_too_few_say_nothing() -> None:
    assert compute_band(ON_TIME, STEADY_WEEKS, MIN_WEEKLY_OBSERVATIONS - 1) is None
    assert (
        compute_band(
            ON_TIME,
            [
                *build_weeks(*[0.85] * (MIN_BASELINE_WEEKS - 1)),
                *build_weeks(0.1, n=MIN_WEEKLY_OBSERVATIONS - 1),
            ],
            100,
        )
        is None
    )


def test_one_odd_week_moves_no_band() -> None:
    usual, odd = (
        compute_band(ON_TIME, past, 100) for past in (STEADY_WEEKS, [*STEADY_WEEKS[:-1], WeekValue(0.1, 100)])
    )
    assert usual
    assert odd
    assert odd.low == pytest.approx(usual.low, abs=0.02)


def test_back_is_well_within_not_just() -> None:
    usual = compute_band(ON_TIME, STEADY_WEEKS, 100)
    assert usual
    assert not usual.has_recovered(usual.low + 0.001)
    assert usual.find_side(usual.low + 0.001) is None
    assert usual.has_recovered(usual.middle)
