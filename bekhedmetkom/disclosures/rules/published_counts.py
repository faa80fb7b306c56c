"""What may be known of how many reports there are: one figure a month, late, rounded, and never again.

A month is published once, 30 days after its end, and stays as it is: whoever compares two publications finds no
difference that one report could have made. Months with fewer than 10 say so and nothing more; no figure adds them up.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

MIN_COUNT = 10
ROUNDING_STEP = 5
PUBLICATION_DELAY_DAYS = 30

PublishedCounts = Mapping[str, int | None]  # month -> about how many; None: fewer than ten


def format_month(day: date) -> str:
    """«2026-11»."""
    return f"{day:%Y-%m}"


def is_publishable(month: str, today: date) -> bool:
    """Whether 30 days have gone by since the month's last day."""
    year, number = map(int, month.split("-"))
    after = date(year + number // 12, number % 12 + 1, 1)
    return today >= after + timedelta(PUBLICATION_DELAY_DAYS)


def round_count(count: int) -> int | None:
    """To the nearest five; nothing below ten."""
    return None if count < MIN_COUNT else ROUNDING_STEP * round(count / ROUNDING_STEP)


def add_new_months(
    published: PublishedCounts, days: Iterable[date], first: date, today: date
) -> PublishedCounts:
    """What is published from today: what was, unchanged, and each month since `first` that has become ripe."""
    counted: dict[str, int] = {}
    day = first.replace(day=1)
    while is_publishable(format_month(day), today):
        counted[format_month(day)] = 0
        day = (day + timedelta(31)).replace(day=1)
    for one in days:
        if format_month(one) in counted:
            counted[format_month(one)] += 1
    fresh = {month: round_count(count) for month, count in counted.items() if month not in published}
    return dict(published) | fresh
