"""What the law and the page promise, in days: no hour is ever kept."""

import calendar
from datetime import date, timedelta
from typing import Literal, NamedTuple

from .statuses import Status

ACCEPTANCE_DAYS = 7
FEEDBACK_MONTHS = 3

Promise = Literal["acceptance", "feedback"]


class Deadline(NamedTuple):
    """What is owed to a discloser, and its last day."""

    promise: Promise
    by: date


def next_deadline(status: Status, received: date) -> Deadline | None:
    """What is owed next; nothing after the feedback, or where the report is not the Commission's."""
    match status:
        case Status.RECEIVED:
            return Deadline("acceptance", received + timedelta(ACCEPTANCE_DAYS))
        case Status.ACCEPTED | Status.IN_PROGRESS:
            return Deadline("feedback", months_after(received, FEEDBACK_MONTHS))
        case _:
            return None


def is_missed(status: Status, received: date, today: date) -> bool:
    """Whether the last day of what is owed is over."""
    owed = next_deadline(status, received)
    return owed is not None and owed.by < today


def erased_on(closed: date, keep_days: int) -> date:
    """When a closed report goes."""
    return closed + timedelta(keep_days)


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
