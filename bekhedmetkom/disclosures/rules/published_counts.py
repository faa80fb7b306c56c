"""Published counts of reports: one rounded figure a month, delayed and never changed.

A month is published once, 30 days after its end. Comparing two publications therefore never shows a single
report. Months with fewer than 10 reports say only that, and no total is published.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

MIN_COUNT = 10
ROUNDING_STEP = 5
PUBLICATION_DELAY_DAYS = 30

PublishedCounts = Mapping[str, int | None]  # month -> rounded count; None: fewer than ten


def format_month(day: date) -> str:
    """Return the month as 2026-11."""
    return f"{day:%Y-%m}"


def is_publishable(month: str, today: date) -> bool:
    """Return whether 30 days have passed since the month's end."""
    year, number = map(int, month.split("-"))
    after = date(year + number // 12, number % 12 + 1, 1)
    return today >= after + timedelta(PUBLICATION_DELAY_DAYS)


def round_count(count: int) -> int | None:
    """Round to the nearest five; None below ten."""
    return None if count < MIN_COUNT else ROUNDING_STEP * round(count / ROUNDING_STEP)


def add_new_months(
    published: PublishedCounts, days: Iterable[date], first: date, today: date
) -> PublishedCounts:
    """Return the published counts, unchanged, with each month since `first` that has become publishable."""
    counted: dict[str, int] = {}
    month_start = first.replace(day=1)
    while is_publishable(format_month(month_start), today):
        counted[format_month(month_start)] = 0
        month_start = (month_start + timedelta(31)).replace(day=1)
    for day in days:
        if format_month(day) in counted:
            counted[format_month(day)] += 1
    fresh = {month: round_count(count) for month, count in counted.items() if month not in published}
    return dict(published) | fresh
