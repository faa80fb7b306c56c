"""What is expected: better than last week's days on made-up years, with an interval that holds; else last week's."""

from datetime import date, time, timedelta

import numpy as np
import pytest

from bekhedmetkom.analytics.rules.forecast import (
    FORECAST_DAYS,
    MIN_CASES,
    TESTED_DAYS,
    WARM_UP_DAYS,
    WEEK_DAYS,
    CalendarDay,
    DayType,
    Forecast,
    Numbers,
    build_calendar_days,
    forecast_backlog,
    forecast_intake,
)
from bekhedmetkom.kernel.working_calendar import WorkingCalendar, WorkingHoursPeriod

FIRST = date(2025, 1, 1)
DAYS = 540
FEAST_PERIODS = [
    (date(2025, 3, 30), 4),
    (date(2025, 6, 5), 5),
    (date(2026, 3, 20), 4),
    (date(2026, 5, 26), 5),
]
CALENDAR = WorkingCalendar(
    periods=(
        WorkingHoursPeriod(date(2025, 3, 1), date(2025, 3, 29), time(10), time(15)),
        WorkingHoursPeriod(date(2026, 2, 18), date(2026, 3, 19), time(10), time(15)),
    ),
    holidays=frozenset(first + timedelta(n) for first, length in FEAST_PERIODS for n in range(length))
    | {date(year, month, day) for year in (2025, 2026) for month, day in ((1, 1), (5, 1), (5, 25), (12, 25))},
)
WEEKDAY_FACTORS = np.array([1, 1.05, 1, 0.95, 0.45, 0.5, 1.1])
SERIES_COUNT = 40


@pytest.fixture(scope="module")
def days() -> list[CalendarDay]:
    return build_calendar_days(CALENDAR, FIRST, DAYS + FORECAST_DAYS)


@pytest.fixture(scope="module")
def years(days: list[CalendarDay]) -> Numbers:
    """Bodies with a season, drift, weekdays, feasts, Ramadan, storms and a lasting change; means from 2 to 1,000."""
    random = np.random.default_rng(7)
    rows = []
    for mean in np.geomspace(2, 1000, SERIES_COUNT):
        season = 1 + random.uniform(0.05, 0.25) * np.sin(
            2 * np.pi * np.arange(DAYS) / 365 + random.uniform(0, 6)
        )
        level = mean * season * np.exp(np.cumsum(random.normal(0, 0.012, DAYS)))
        week = WEEKDAY_FACTORS / WEEKDAY_FACTORS.mean() * random.uniform(0.85, 1.15, WEEK_DAYS)
        of_sort = {
            DayType.ORDINARY: 1.0,
            DayType.HOLIDAY: random.uniform(0.3, 0.6),
            DayType.SHORT: random.uniform(0.7, 1),
        }
        due = level * [week[day.weekday] * of_sort[day.day_type] for day in days[:DAYS]]
        for _storm in range(4):
            begins = random.integers(0, DAYS - 6)
            due[begins : begins + random.integers(1, 6)] *= random.uniform(2, 5)
        due[random.integers(100, DAYS) :] *= random.uniform(0.7, 1.4)
        scatter = random.uniform(8, 40)
        rows.append(random.negative_binomial(scatter, scatter / (scatter + due)).astype(float))
    return np.array(rows)


def measure_errors(
    said: list[Forecast | None], came: Numbers, usual: Numbers
) -> tuple[float, float, list[bool]]:
    """How far all of it was off, how far last week's days were, and which days lay within."""
    off = off_usual = 0.0
    within: list[bool] = []
    for one, days, before in zip(said, came, usual, strict=True):
        assert one
        off += float(np.abs(days - [day.expected for day in one.days]).sum() / days.mean())
        off_usual += float(np.abs(days - np.tile(before, 2)).sum() / days.mean())
        within += [day.low <= count <= day.high for day, count in zip(one.days, days, strict=True)]
    return off, off_usual, within


def test_intake_is_foreseen_better_than_by_last_week_and_the_interval_holds(
    years: Numbers, days: list[CalendarDay]
) -> None:
    off = usual = 0.0
    within: list[bool] = []
    for today in range(200, DAYS - FORECAST_DAYS, 60):
        said = forecast_intake(years[:, :today], days[: today + FORECAST_DAYS], FIRST)
        one, other, days_within = measure_errors(
            said, years[:, today : today + FORECAST_DAYS], years[:, today - WEEK_DAYS : today]
        )
        off, usual, within = off + one, usual + other, within + days_within
    assert off < 0.8 * usual
    assert 0.75 < np.mean(within) < 0.87


def test_backlog_is_foreseen_better_than_by_last_week(years: Numbers, days: list[CalendarDay]) -> None:
    """Of offices that answer so many a day, on working days, the more the more waits."""
    random = np.random.default_rng(11)
    usual_load = years.mean(axis=1)
    waiting, gone = [usual_load * 4], []
    for place, day in enumerate(days[:DAYS]):
        works = day.weekday in CALENDAR.open_days and day.day_type is not DayType.HOLIDAY
        able = random.poisson(usual_load * 7 / 5 * (0.6 + 0.1 * waiting[-1] / usual_load)) * works
        waits = waiting[-1] + years[:, place]
        gone.append(np.minimum(waits, able))
        waiting.append(waits - gone[-1])
    stock, went = np.array(waiting[1:]).T, np.array(gone).T
    off = usual = 0.0
    within: list[bool] = []
    for today in range(200, DAYS - FORECAST_DAYS, 60):
        said = forecast_backlog(
            years[:, :today], went[:, :today], stock[:, :today], days[: today + FORECAST_DAYS], FIRST
        )
        one, other, days_within = measure_errors(
            said, stock[:, today : today + FORECAST_DAYS], stock[:, today - WEEK_DAYS : today]
        )
        off, usual, within = off + one, usual + other, within + days_within
    assert off < 0.95 * usual
    assert 0.75 < np.mean(within) < 0.92


def test_a_feast_and_ramadan_are_days_of_their_own() -> None:
    told = build_calendar_days(CALENDAR, date(2026, 3, 19), 3)
    assert [day.day_type for day in told] == [
        DayType.SHORT,
        DayType.ORDINARY,
        DayType.ORDINARY,
    ]  # Friday and Saturday are closed anyway
    assert build_calendar_days(CALENDAR, date(2026, 3, 22), 1) == [CalendarDay(6, DayType.HOLIDAY)]


def test_a_storm_of_one_day_moves_what_is_expected_little(days: list[CalendarDay]) -> None:
    calm = np.random.default_rng(3).poisson(np.tile(WEEKDAY_FACTORS * 20, 30)).astype(float)[None, :]
    storm = calm.copy()
    storm[0, -2] *= 10
    usual, after = (
        forecast_intake(counts, days[: 210 + FORECAST_DAYS], FIRST)[0] for counts in (calm, storm)
    )
    assert usual
    assert after
    assert after.is_better_than_baseline
    assert [day.expected for day in after.days] == pytest.approx(
        [day.expected for day in usual.days], rel=0.12
    )


def test_where_last_week_says_it_as_well_last_week_is_what_is_said(days: list[CalendarDay]) -> None:
    counts = np.tile([50.0, 40, 60, 50, 0, 5, 70], 30)[None, :]
    (said,) = forecast_intake(counts, days[: 210 + FORECAST_DAYS], FIRST)
    assert said
    assert not said.is_better_than_baseline
    assert [day.expected for day in said.days] == [50, 40, 60, 50, 0, 5, 70] * 2
    assert said.error >= said.baseline_error == 0


@pytest.mark.parametrize(
    ("n", "each"),
    [(WARM_UP_DAYS + FORECAST_DAYS, 50), (WARM_UP_DAYS + TESTED_DAYS, (MIN_CASES - 1) / TESTED_DAYS)],
)
def test_too_little_says_nothing(n: int, each: float, days: list[CalendarDay]) -> None:
    assert forecast_intake(np.full((1, n), each), days[: n + FORECAST_DAYS], FIRST) == [None]


def test_days_without_any_case_are_no_error(days: list[CalendarDay]) -> None:
    counts = np.zeros((2, 200))
    counts[1, 190:] = 10
    none, new = forecast_intake(counts, days[: 200 + FORECAST_DAYS], FIRST)
    assert none is None
    assert new
    assert all(day.low <= day.expected <= day.high for day in new.days)
