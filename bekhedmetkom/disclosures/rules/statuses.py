"""Statuses of a report, their texts for the discloser, and the deadlines that follow from them."""

import calendar
from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Literal, NamedTuple

from bekhedmetkom.kernel.text import BilingualText


class Status(StrEnum):
    RECEIVED = "received"
    ACCEPTED = "accepted"
    NOT_COMPETENT = "not_competent"
    IN_PROGRESS = "in_progress"
    FEEDBACK = "feedback"
    CLOSED = "closed"


# What an officer may set next; nothing returns to RECEIVED.
TRANSITIONS: Mapping[Status, frozenset[Status]] = {
    Status.RECEIVED: frozenset({Status.ACCEPTED, Status.NOT_COMPETENT}),
    Status.ACCEPTED: frozenset({Status.IN_PROGRESS, Status.FEEDBACK, Status.CLOSED, Status.NOT_COMPETENT}),
    Status.NOT_COMPETENT: frozenset({Status.CLOSED}),
    Status.IN_PROGRESS: frozenset({Status.FEEDBACK, Status.CLOSED}),
    Status.FEEDBACK: frozenset({Status.IN_PROGRESS, Status.CLOSED}),
    Status.CLOSED: frozenset(),
}

STATUS_TEXTS: Mapping[Status, BilingualText] = {
    Status.RECEIVED: BilingualText(
        "وصل بلاغك، ولم تقرّر الهيئة بشأنه بعد.",
        "Your report is in. The Commission has not decided about it yet.",
    ),
    Status.ACCEPTED: BilingualText(
        "قُبل بلاغك: هو من اختصاص الهيئة.", "Your report was accepted: it is for the Commission to deal with."
    ),
    Status.NOT_COMPETENT: BilingualText(
        "ليس هذا من اختصاص الهيئة. اقرأ رسائلها لتعرف إلى أين تتوجه.",
        "This is not for the Commission to deal with. Its messages say where to turn.",
    ),
    Status.IN_PROGRESS: BilingualText("تعمل الهيئة على بلاغك.", "The Commission is working on your report."),
    Status.FEEDBACK: BilingualText(
        "أجابتك الهيئة بما انتهت إليه. اقرأ رسائلها.",
        "The Commission has told you what came of it. Read its messages.",
    ),
    Status.CLOSED: BilingualText("أُغلق البلاغ.", "The report is closed."),
}

CLOSING_REASONS: Mapping[str, BilingualText] = {
    "done": BilingualText(
        "انتهت الهيئة من بلاغك واتخذت ما رأته لازمًا.",
        "The Commission has finished and done what it found right.",
    ),
    "referred": BilingualText(
        "أُحيل الأمر إلى النيابة العامة.", "The matter was handed to the public prosecution."
    ),
    "not_proven": BilingualText(
        "لم تجد الهيئة ما يثبت الأمر.", "The Commission found nothing that proves it."
    ),
    "no_answer": BilingualText("سألتك الهيئة ولم يصلها جواب.", "The Commission asked you and had no answer."),
    "not_competent": BilingualText(
        "ليس الأمر من اختصاص الهيئة.", "It is not for the Commission to deal with."
    ),
    "repeated": BilingualText(
        "عند الهيئة بلاغ آخر عن الأمر نفسه.", "The Commission has another report of the same matter."
    ),
}


def can_set_status(now: Status, then: Status, reason: str) -> bool:
    """Return whether an officer may set this status. Closing needs a reason; other statuses take none."""
    return then in TRANSITIONS[now] and (reason in CLOSING_REASONS if then is Status.CLOSED else not reason)


ACCEPTANCE_DAYS = 7
FEEDBACK_MONTHS = 3

DeadlineKind = Literal["acceptance", "feedback"]


class Deadline(NamedTuple):
    """What the Commission owes the discloser next, and its last day."""

    kind: DeadlineKind
    last_day: date


def get_next_deadline(status: Status, received: date) -> Deadline | None:
    """Return the next deadline; None after the feedback, or if the Commission is not competent."""
    match status:
        case Status.RECEIVED:
            return Deadline("acceptance", received + timedelta(ACCEPTANCE_DAYS))
        case Status.ACCEPTED | Status.IN_PROGRESS:
            return Deadline("feedback", add_months(received, FEEDBACK_MONTHS))
        case _:
            return None


def is_missed(status: Status, received: date, today: date) -> bool:
    """Return whether the next deadline is before `today`."""
    deadline = get_next_deadline(status, received)
    return deadline is not None and deadline.last_day < today


def get_erasure_date(closed: date, retention_days: int) -> date:
    """Return the day on which a closed report is erased."""
    return closed + timedelta(retention_days)


def add_months(day: date, months: int) -> date:
    """Return the same day of a later month, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
