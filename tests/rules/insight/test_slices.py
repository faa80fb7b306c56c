"""Days, what they are compared with, and in which rows they lie."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bekhedmetkom.insight.rules.slices import Slice, five_of, last_of_five

DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))


@given(DAYS, st.integers(0, 800))
def test_months_fives_and_days_hold_each_day_once(start: date, more: int) -> None:
    wanted = Slice(start, start + timedelta(days=more))
    held: list[date] = []
    for span, first, last in wanted.parts():
        if span == "month":
            assert first.day == last.day == 1
            until = (last + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        else:
            until = last if span == "day" else last_of_five(last)
            assert span == "day" or (first == five_of(first) and last == five_of(last))
        held += [first + timedelta(days=n) for n in range((until - first).days + 1)]
    assert held == [start + timedelta(days=n) for n in range(more + 1)]


@given(DAYS)
def test_thirty_days_lie_in_few_rows(start: date) -> None:
    days = Slice(start, start + timedelta(days=29))
    held = sum(
        1
        if span == "month"
        else (last - first).days + 1
        if span == "day"
        else len({five_of(first + timedelta(days=n)) for n in range((last - first).days + 1)})
        for span, first, last in days.parts()
    )
    assert held <= 14


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
