"""What is asked about a figure climbs when its day has passed without an answer."""

from datetime import date

from bekhedmetkom.analytics.rules.instructions import has_climbed, is_late
from bekhedmetkom.identity.rules import Role
from bekhedmetkom.kernel.working_calendar import WorkingCalendar

THURSDAY = date(2026, 11, 26)


def build_day(n: int) -> date:
    return date(2026, 11, n) if n <= 30 else date(2026, 12, n - 30)


def test_its_day_counts_whole() -> None:
    assert not is_late(THURSDAY, THURSDAY)
    assert is_late(THURSDAY, build_day(27))


def test_first_before_the_minister_then_before_the_prime_ministry_three_working_days_on() -> None:
    calendar = WorkingCalendar()
    since = {
        role: next(build_day(n) for n in range(20, 50) if has_climbed(role, THURSDAY, build_day(n), calendar))
        for role in (Role.MINISTER, Role.MINISTER_OFFICE, Role.PM_UNIT)
    }
    assert since == {
        Role.MINISTER: build_day(27), Role.MINISTER_OFFICE: build_day(27), Role.PM_UNIT: date(2026, 12, 2)
    }  # fmt: skip
    assert not has_climbed(Role.MANAGER, THURSDAY, build_day(50), calendar)
