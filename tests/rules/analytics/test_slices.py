"""Days, what they are compared with, and in which rows they lie."""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bekhedmetkom.analytics.rules.slices import (
    MAX_DAILY_STEPS,
    Slice,
    SpanRun,
    get_span_start,
    get_week_end,
    list_spans,
)

DATES = st.dates(date(2024, 1, 1), date(2027, 12, 31))


def list_single_rows(run: SpanRun) -> list[SpanRun]:
    """The rows of a run, each by itself."""
    return [row for row in list_spans(run.span, run.first, run.end) if row.first <= run.last]


@given(DATES, st.integers(0, 1500))
def test_runs_hold_each_day_once_and_no_other(start: date, more: int) -> None:
    held: Counter[date] = Counter()
    for run in Slice(start, start + timedelta(days=more)).list_runs():
        assert (run.first, run.last) == (
            get_span_start(run.span, run.first),
            get_span_start(run.span, run.last),
        )
        for n in range((run.end - run.first).days + 1):
            held[run.first + timedelta(days=n)] += run.sign
    assert {day: n for day, n in held.items() if n} == {start + timedelta(days=n): 1 for n in range(more + 1)}


@given(DATES)
def test_thirty_days_or_a_year_lie_in_few_rows(start: date) -> None:
    for days, most in ((30, 11), (365, 23)):
        wanted = Slice(start, start + timedelta(days=days - 1))
        assert sum(len(list_single_rows(run)) for run in wanted.list_runs()) <= most


@given(DATES, st.integers(0, 1500))
def test_by_weeks_no_row_lies_in_two(start: date, more: int) -> None:
    wanted = Slice(start, start + timedelta(days=more))
    held: Counter[date] = Counter()
    for run in wanted.list_weekly_runs():
        assert run.span in ("day", "week")
        for row in list_single_rows(run):
            assert get_week_end(row.first) == get_week_end(row.end)
        for n in range((run.end - run.first).days + 1):
            held[run.first + timedelta(days=n)] += run.sign
    assert {day: n for day, n in held.items() if n} == {start + timedelta(days=n): 1 for n in range(more + 1)}


@given(DATES, st.integers(0, 1500))
def test_a_course_tells_of_each_day_once(start: date, more: int) -> None:
    """Day by day, or a long one week by week up to its Saturdays."""
    wanted = Slice(start, start + timedelta(days=more))
    steps = wanted.list_steps()
    assert steps[-1][0] == wanted.end
    for (day, _days), (later, days) in pairwise([(start - timedelta(days=1), 0), *steps]):
        assert later - day == timedelta(days=days)
    if more < MAX_DAILY_STEPS:
        assert {days for _day, days in steps} == {1}
    else:
        assert all(day == get_week_end(day) for day, _days in steps[:-1])


def test_no_days_no_rows() -> None:
    assert not Slice(date(2026, 3, 1), date(2026, 2, 28)).list_runs()


@given(DATES, st.integers(0, 800))
def test_before_ends_where_it_begins(start: date, more: int) -> None:
    wanted = Slice(start, start + timedelta(days=more))
    assert wanted.get_previous_period().end < wanted.start
    assert wanted.get_previous_period().start <= wanted.get_previous_period().end


def test_a_month_is_compared_with_the_month_before() -> None:
    assert Slice(date(2026, 3, 1), date(2026, 3, 31)).get_previous_period() == Slice(
        date(2026, 2, 1), date(2026, 2, 28)
    )
    assert Slice(date(2026, 3, 1), date(2026, 3, 10)).get_previous_period() == Slice(
        date(2026, 2, 1), date(2026, 2, 10)
    )
    assert Slice(date(2026, 3, 2), date(2026, 3, 4)).get_previous_period() == Slice(
        date(2026, 2, 27), date(2026, 3, 1)
    )


def test_a_year_ago_the_29th_was_the_28th() -> None:
    leap = Slice(date(2028, 2, 29), date(2028, 2, 29))
    assert leap.get_same_period_last_year() == Slice(date(2027, 2, 28), date(2027, 2, 28))
