"""Days, what they are compared with, and in which rows they lie."""

from collections import Counter
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bekhedmetkom.insight.rules.slices import Run, Slice, each, first_of

DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))


def rows(run: Run) -> list[Run]:
    """The rows of a run, each by itself."""
    return [row for row in each(run.span, run.first, run.end) if row.first <= run.last]


@given(DAYS, st.integers(0, 1500))
def test_runs_hold_each_day_once_and_no_other(start: date, more: int) -> None:
    held: Counter[date] = Counter()
    for run in Slice(start, start + timedelta(days=more)).runs():
        assert (run.first, run.last) == (first_of(run.span, run.first), first_of(run.span, run.last))
        for n in range((run.end - run.first).days + 1):
            held[run.first + timedelta(days=n)] += run.sign
    assert {day: n for day, n in held.items() if n} == {start + timedelta(days=n): 1 for n in range(more + 1)}


@given(DAYS)
def test_thirty_days_or_a_year_lie_in_few_rows(start: date) -> None:
    for days, most in ((30, 10), (365, 21)):
        wanted = Slice(start, start + timedelta(days=days - 1))
        assert sum(len(rows(run)) for run in wanted.runs()) <= most


def test_no_days_no_rows() -> None:
    assert not Slice(date(2026, 3, 1), date(2026, 2, 28)).runs()


@given(DAYS, st.integers(0, 800))
def test_before_ends_where_it_begins(start: date, more: int) -> None:
    wanted = Slice(start, start + timedelta(days=more))
    assert wanted.before().end < wanted.start
    assert wanted.before().start <= wanted.before().end


def test_a_month_is_compared_with_the_month_before() -> None:
    assert Slice(date(2026, 3, 1), date(2026, 3, 31)).before() == Slice(date(2026, 2, 1), date(2026, 2, 28))
    assert Slice(date(2026, 3, 1), date(2026, 3, 10)).before() == Slice(date(2026, 2, 1), date(2026, 2, 10))
    assert Slice(date(2026, 3, 2), date(2026, 3, 4)).before() == Slice(date(2026, 2, 27), date(2026, 3, 1))


def test_a_year_ago_the_29th_was_the_28th() -> None:
    leap = Slice(date(2028, 2, 29), date(2028, 2, 29))
    assert leap.last_year() == Slice(date(2027, 2, 28), date(2027, 2, 28))
