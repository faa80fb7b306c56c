"""What may be known of how many reports there are: one figure a month, late, rounded, and never again.

A month is published once, 30 days after its end, and stays as it is: whoever compares two publications finds no
difference that one report could have made. Months with fewer than 10 say so and nothing more; no figure adds them up.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

LEAST = 10
STEP = 5
DAYS_LATE = 30

Published = Mapping[str, int | None]  # month -> about how many; None: fewer than ten


def month_of(day: date) -> str:
    """«2026-11»."""
    return f"{day:%Y-%m}"


def ripe(month: str, today: date) -> bool:
    """Whether 30 days have gone by since the month's last day."""
    year, number = map(int, month.split("-"))
    after = date(year + number // 12, number % 12 + 1, 1)
    return today >= after + timedelta(DAYS_LATE)


def rounded(count: int) -> int | None:
    """To the nearest five; nothing below ten."""
    return None if count < LEAST else STEP * round(count / STEP)


def with_new_months(published: Published, days: Iterable[date], first: date, today: date) -> Published:
    """What is published from today: what was, unchanged, and each month since `first` that has become ripe."""
    counted: dict[str, int] = {}
    day = first.replace(day=1)
    while ripe(month_of(day), today):
        counted[month_of(day)] = 0
        day = (day + timedelta(31)).replace(day=1)
    for one in days:
        if month_of(one) in counted:
            counted[month_of(one)] += 1
    fresh = {month: rounded(count) for month, count in counted.items() if month not in published}
    return dict(published) | fresh
