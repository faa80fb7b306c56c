"""The working calendar: the promises by example, and what must hold for any calendar."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as some

from bekhedmetkom.kernel.clock import AMMAN
from bekhedmetkom.kernel.working_calendar import (
    DEFAULT_HOURS,
    ZERO_DURATION,
    OpeningHours,
    WorkingCalendar,
    WorkingHoursPeriod,
)

RAMADAN = WorkingHoursPeriod(date(2026, 2, 18), date(2026, 3, 19), time(10), time(15))
USUAL = WorkingHoursPeriod(date(2020, 1, 1), None, *DEFAULT_HOURS)
INDEPENDENCE_DAY = date(2026, 5, 25)  # a Monday
JORDAN = WorkingCalendar(periods=(USUAL, RAMADAN), holidays=frozenset({INDEPENDENCE_DAY}))


def amman(day: str, clock: str = "12:00") -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=AMMAN)


@pytest.mark.parametrize(
    ("received", "working_days", "due"),
    [
        pytest.param(amman("2026-11-24", "09:12"), 15, amman("2026-12-15", "15:30"), id="three weeks"),
        pytest.param(amman("2026-11-24", "09:12"), 0, amman("2026-11-24", "15:30"), id="the same day"),
        pytest.param(amman("2026-11-24", "07:00"), 1, amman("2026-11-25", "15:30"), id="before opening"),
        pytest.param(amman("2026-11-24", "15:30"), 1, amman("2026-11-25", "15:30"), id="at closing"),
        pytest.param(amman("2026-11-24", "15:31"), 1, amman("2026-11-26", "15:30"), id="after closing"),
        pytest.param(amman("2026-11-26", "10:00"), 1, amman("2026-11-29", "15:30"), id="over the weekend"),
        pytest.param(amman("2026-11-26", "16:00"), 1, amman("2026-11-30", "15:30"), id="Thursday evening"),
        pytest.param(amman("2026-11-27", "10:00"), 1, amman("2026-11-30", "15:30"), id="Friday"),
        pytest.param(amman("2026-11-28", "23:59"), 1, amman("2026-11-30", "15:30"), id="Saturday night"),
        pytest.param(amman("2026-11-29", "00:30"), 1, amman("2026-11-30", "15:30"), id="Saturday in UTC"),
        pytest.param(amman("2026-05-24", "10:00"), 1, amman("2026-05-26", "15:30"), id="before a holiday"),
        pytest.param(amman("2026-05-25", "10:00"), 1, amman("2026-05-27", "15:30"), id="on a holiday"),
        pytest.param(amman("2026-02-17", "10:00"), 1, amman("2026-02-18", "15:00"), id="into Ramadan"),
        pytest.param(amman("2026-02-18", "15:10"), 1, amman("2026-02-22", "15:00"), id="closed in Ramadan"),
        pytest.param(amman("2026-03-19", "10:00"), 1, amman("2026-03-22", "15:30"), id="out of Ramadan"),
        pytest.param(amman("2026-12-31", "10:00"), 1, amman("2027-01-03", "15:30"), id="into a new year"),
    ],
)
def test_due_time(received: datetime, working_days: int, due: datetime) -> None:
    assert JORDAN.get_due_time(received, working_days) == due


def test_year_begins_in_the_calendars_time_zone() -> None:
    honolulu = ZoneInfo("Pacific/Honolulu")
    last_day = datetime(2026, 12, 31, 14, 30, tzinfo=honolulu)  # within hours there; already 2027 in UTC
    assert WorkingCalendar(zone=honolulu).get_clock_start(last_day.astimezone(UTC)) == last_day


def test_results_are_in_utc() -> None:
    moments = [
        JORDAN.get_due_time(amman("2026-11-24"), 3),
        JORDAN.get_clock_start(amman("2026-11-24")),
        JORDAN.add_working_time(amman("2026-11-24"), timedelta(hours=1)),
        JORDAN.get_opening(date(2026, 11, 24)),
    ]

    assert {moment.tzinfo for moment in moments} == {UTC}


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        (date(2026, 11, 24), DEFAULT_HOURS),
        (date(2026, 2, 17), DEFAULT_HOURS),
        (date(2026, 2, 18), OpeningHours(time(10), time(15))),
        (date(2026, 3, 19), OpeningHours(time(10), time(15))),
        (date(2026, 3, 22), DEFAULT_HOURS),
        (date(2019, 11, 24), DEFAULT_HOURS),  # no period covers it
        (date(2026, 11, 27), None),  # Friday
        (date(2026, 11, 28), None),  # Saturday
        (INDEPENDENCE_DAY, None),
    ],
)
def test_hours_of_a_day(day: date, hours: OpeningHours | None) -> None:
    assert JORDAN.get_hours(day) == hours
    assert JORDAN.is_open_day(day) == (hours is not None)


def test_last_of_overlapping_periods_applies() -> None:
    assert WorkingCalendar(periods=(RAMADAN, USUAL)).get_hours(RAMADAN.first) == DEFAULT_HOURS
    assert WorkingCalendar(periods=(USUAL, RAMADAN)).get_hours(RAMADAN.first) == OpeningHours(
        RAMADAN.opens, RAMADAN.closes
    )


@pytest.mark.parametrize(
    ("day", "n", "reached"),
    [
        (date(2026, 11, 24), 0, date(2026, 11, 24)),
        (date(2026, 11, 24), 1, date(2026, 11, 25)),
        (date(2026, 11, 27), 0, date(2026, 11, 29)),
        (date(2026, 11, 27), 1, date(2026, 11, 29)),
        (date(2026, 11, 26), 6, date(2026, 12, 6)),
        (date(2026, 1, 1), 600, date(2028, 4, 23)),
    ],
)
def test_working_days_are_added(day: date, n: int, reached: date) -> None:
    assert JORDAN.add_working_days(day, n) == reached


@pytest.mark.parametrize(
    ("start", "span", "reached"),
    [
        (amman("2026-11-24", "09:00"), timedelta(hours=2), amman("2026-11-24", "11:00")),
        (amman("2026-11-24", "14:30"), timedelta(hours=2), amman("2026-11-25", "09:30")),
        (amman("2026-11-24", "14:30"), timedelta(hours=1), amman("2026-11-24", "15:30")),
        (amman("2026-11-27", "11:00"), timedelta(hours=7), amman("2026-11-29", "15:30")),
        (amman("2026-11-27", "11:00"), ZERO_DURATION, amman("2026-11-29", "08:30")),
        (amman("2026-02-17", "15:00"), timedelta(hours=1), amman("2026-02-18", "10:30")),
    ],
)
def test_working_time_is_added(start: datetime, span: timedelta, reached: datetime) -> None:
    assert JORDAN.add_working_time(start, span) == reached


def test_working_time_between_two_moments() -> None:
    tuesday, sunday = amman("2026-11-24", "14:30"), amman("2026-11-29", "09:00")

    assert JORDAN.get_working_time(tuesday, sunday) == timedelta(hours=1 + 7 + 7, minutes=30)
    assert JORDAN.get_working_time(sunday, tuesday) == ZERO_DURATION


def test_working_days_between_two_days() -> None:
    assert JORDAN.count_working_days(date(2026, 11, 24), date(2026, 11, 29)) == 3
    assert JORDAN.count_working_days(date(2026, 12, 30), date(2027, 1, 3)) == 2
    assert JORDAN.count_working_days(date(2027, 1, 3), date(2026, 12, 30)) == 0
    assert JORDAN.count_working_days(date(2026, 11, 24), date(2026, 11, 24)) == 0


def test_add_working_days_to_moment_counts_from_its_date() -> None:
    """Unlike `due`, an evening is still its day: late at 20:00 on Sunday is 3 days late on Wednesday."""
    assert JORDAN.add_working_days_to_moment(amman("2026-11-29", "20:00"), 3) == amman("2026-12-02", "15:30")
    assert JORDAN.add_working_days_to_moment(amman("2026-11-29", "00:30"), 1) == amman("2026-11-30", "15:30")
    assert JORDAN.add_working_days_to_moment(amman("2026-11-29", "20:00"), 0) == amman("2026-11-29", "15:30")
    assert JORDAN.add_working_days_to_moment(amman("2026-11-27", "20:00"), 0) == amman("2026-11-29", "15:30")


def test_invalid_arguments_raise_value_error() -> None:
    with pytest.raises(ValueError, match="not a working day"):
        JORDAN.get_closing(INDEPENDENCE_DAY)
    with pytest.raises(ValueError, match="never taken away"):
        JORDAN.add_working_days(INDEPENDENCE_DAY, -1)
    with pytest.raises(ValueError, match="never taken away"):
        JORDAN.add_working_time(amman("2026-11-24"), timedelta(hours=-1))
    with pytest.raises(ValueError, match="without an open day"):
        WorkingCalendar(open_days=frozenset())
    with pytest.raises(ValueError, match="cannot open at"):
        WorkingHoursPeriod(date(2026, 1, 1), None, time(15), time(9))


def test_equal_calendars_compare_equal() -> None:
    asked = WorkingCalendar(holidays=frozenset({INDEPENDENCE_DAY}))
    asked.get_due_time(amman("2026-05-24"), 5)

    assert asked == WorkingCalendar(holidays=frozenset({INDEPENDENCE_DAY}))
    assert len({asked, WorkingCalendar(holidays=frozenset({INDEPENDENCE_DAY})), WorkingCalendar()}) == 2


# What must hold for any calendar, any day, any minute

days = some.integers(0, 484).map(lambda n: date(2025, 11, 1) + timedelta(n))
FIRST = datetime(2025, 11, 1, tzinfo=UTC)
moments = some.integers(0, 484 * 24 * 60).map(lambda minutes: FIRST + timedelta(minutes=minutes))
spans = some.timedeltas(ZERO_DURATION, timedelta(hours=200))
numbers = some.integers(0, 60)
hours = some.builds(
    lambda opens, minutes: (time(opens), time(opens + minutes // 60, minutes % 60)),
    some.integers(6, 11),
    some.integers(60, 600),
)
periods = some.builds(
    lambda first, length, hours: WorkingHoursPeriod(first, first + timedelta(length), *hours),
    days,
    some.integers(0, 60),
    hours,
)
calendars = some.builds(
    WorkingCalendar,
    open_days=some.frozensets(some.integers(0, 6), min_size=1),
    periods=some.lists(periods, max_size=3).map(tuple),
    holidays=some.frozensets(days, max_size=40),
)


def local_day(at: datetime) -> date:
    return at.astimezone(AMMAN).date()


@given(calendars, moments, numbers)
def test_deadline_is_the_closing_of_an_open_day(
    calendar: WorkingCalendar, received: datetime, n: int
) -> None:
    due = calendar.get_due_time(received, n)

    assert calendar.is_open_day(local_day(due))
    assert due == calendar.get_closing(local_day(due))
    assert due >= received


@given(calendars, moments, moments, numbers)
def test_later_receipt_is_never_due_earlier(
    calendar: WorkingCalendar, a: datetime, b: datetime, n: int
) -> None:
    earlier, later = sorted((a, b))

    assert calendar.get_due_time(earlier, n) <= calendar.get_due_time(later, n)
    assert calendar.add_working_time(earlier, timedelta(hours=n)) <= calendar.add_working_time(
        later, timedelta(hours=n)
    )


@given(calendars, moments, numbers)
def test_one_day_more_is_one_open_day_later(calendar: WorkingCalendar, received: datetime, n: int) -> None:
    due, next_due = (
        local_day(calendar.get_due_time(received, n)),
        local_day(calendar.get_due_time(received, n + 1)),
    )

    assert due < next_due
    assert calendar.count_working_days(due, next_due) == 1


@given(calendars, moments, numbers)
def test_a_closed_day_more_or_less_changes_nothing(
    calendar: WorkingCalendar, received: datetime, n: int
) -> None:
    tomorrow = received + timedelta(days=1)
    assume(not calendar.is_open_day(local_day(received)) and not calendar.is_open_day(local_day(tomorrow)))

    assert calendar.get_due_time(received, n) == calendar.get_due_time(tomorrow, n)
    assert calendar.get_clock_start(received) == calendar.get_clock_start(tomorrow)
    assert calendar.get_working_time(received, tomorrow) == ZERO_DURATION


@given(calendars, moments, numbers, days)
def test_additional_holiday_never_makes_a_deadline_earlier(
    calendar: WorkingCalendar, received: datetime, n: int, holiday: date
) -> None:
    with_holiday = WorkingCalendar(calendar.open_days, calendar.periods, calendar.holidays | {holiday})

    assert with_holiday.get_due_time(received, n) >= calendar.get_due_time(received, n)


@given(calendars, moments)
def test_the_clock_starts_within_hours_and_at_once_if_it_can(
    calendar: WorkingCalendar, received: datetime
) -> None:
    start = calendar.get_clock_start(received)

    assert calendar.get_opening(local_day(start)) <= start <= calendar.get_closing(local_day(start))
    assert calendar.get_working_time(received, start) == ZERO_DURATION
    assert calendar.get_clock_start(start) == start


@given(calendars, moments, spans)
def test_time_added_is_the_time_between(calendar: WorkingCalendar, start: datetime, span: timedelta) -> None:
    assert calendar.get_working_time(start, calendar.add_working_time(start, span)) == span


@given(calendars, moments, spans, spans)
def test_time_is_added_in_one_step_or_in_two(
    calendar: WorkingCalendar, start: datetime, a: timedelta, b: timedelta
) -> None:
    in_two = calendar.add_working_time(calendar.add_working_time(start, a), b)

    assert in_two == calendar.add_working_time(start, a + b)


@given(calendars, some.lists(moments, min_size=3, max_size=3).map(sorted))
def test_working_time_adds_up(calendar: WorkingCalendar, three: list[datetime]) -> None:
    a, b, c = three

    assert calendar.get_working_time(a, b) + calendar.get_working_time(b, c) == calendar.get_working_time(
        a, c
    )


@given(calendars, days, some.integers(1, 60), numbers)
def test_working_days_add_up(calendar: WorkingCalendar, day: date, m: int, n: int) -> None:
    then = calendar.add_working_days(day, m)

    assert calendar.count_working_days(day, then) == m
    assert calendar.add_working_days(then, n) == calendar.add_working_days(day, m + n)


@given(calendars, days, days)
def test_working_days_between_are_the_open_ones(calendar: WorkingCalendar, a: date, b: date) -> None:
    one_by_one = sum(calendar.is_open_day(a + timedelta(n)) for n in range(1, (b - a).days + 1))

    assert calendar.count_working_days(a, b) == one_by_one


@given(calendars, moments, moments)
def test_working_time_is_the_hours_of_each_day(calendar: WorkingCalendar, a: datetime, b: datetime) -> None:
    """Against a model that walks day by day in local time and knows nothing of tables."""
    passed, day = ZERO_DURATION, local_day(a)
    while day <= local_day(b):
        if of_day := calendar.get_hours(day):
            opens, closes = (datetime.combine(day, clock, AMMAN) for clock in of_day)
            passed += max(min(b, closes) - max(a, opens), ZERO_DURATION)
        day += timedelta(days=1)

    assert calendar.get_working_time(a, b) == passed
