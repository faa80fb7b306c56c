"""How far a report is, in the words that its discloser reads."""

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


S = Status
# What an officer may set next. Each is a promise kept or an end with a reason; nothing goes back to "received".
TRANSITIONS: Mapping[Status, frozenset[Status]] = {
    S.RECEIVED: frozenset({S.ACCEPTED, S.NOT_COMPETENT}),
    S.ACCEPTED: frozenset({S.IN_PROGRESS, S.FEEDBACK, S.CLOSED, S.NOT_COMPETENT}),
    S.NOT_COMPETENT: frozenset({S.CLOSED}),
    S.IN_PROGRESS: frozenset({S.FEEDBACK, S.CLOSED}),
    S.FEEDBACK: frozenset({S.IN_PROGRESS, S.CLOSED}),
    S.CLOSED: frozenset(),
}

STATUS_TEXTS: Mapping[Status, BilingualText] = {
    S.RECEIVED: BilingualText(
        "وصل بلاغك، ولم تقرّر الهيئة بشأنه بعد.",
        "Your report is in. The Commission has not decided about it yet.",
    ),
    S.ACCEPTED: BilingualText(
        "قُبل بلاغك: هو من اختصاص الهيئة.", "Your report was accepted: it is for the Commission to deal with."
    ),
    S.NOT_COMPETENT: BilingualText(
        "ليس هذا من اختصاص الهيئة. اقرأ رسائلها لتعرف إلى أين تتوجه.",
        "This is not for the Commission to deal with. Its messages say where to turn.",
    ),
    S.IN_PROGRESS: BilingualText("تعمل الهيئة على بلاغك.", "The Commission is working on your report."),
    S.FEEDBACK: BilingualText(
        "أجابتك الهيئة بما انتهت إليه. اقرأ رسائلها.",
        "The Commission has told you what came of it. Read its messages.",
    ),
    S.CLOSED: BilingualText("أُغلق البلاغ.", "The report is closed."),
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
    """Whether an officer may set this now. Whoever closes says why, and nobody else does."""
    return then in TRANSITIONS[now] and (reason in CLOSING_REASONS if then is S.CLOSED else not reason)


ACCEPTANCE_DAYS = 7
FEEDBACK_MONTHS = 3

DeadlineKind = Literal["acceptance", "feedback"]


class Deadline(NamedTuple):
    """What is owed to a discloser, and its last day."""

    kind: DeadlineKind
    last_day: date


def get_next_deadline(status: Status, received: date) -> Deadline | None:
    """What is owed next; nothing after the feedback, or where the report is not the Commission's."""
    match status:
        case Status.RECEIVED:
            return Deadline("acceptance", received + timedelta(ACCEPTANCE_DAYS))
        case Status.ACCEPTED | Status.IN_PROGRESS:
            return Deadline("feedback", add_months(received, FEEDBACK_MONTHS))
        case _:
            return None


def is_missed(status: Status, received: date, today: date) -> bool:
    """Whether the last day of what is owed is over."""
    owed = get_next_deadline(status, received)
    return owed is not None and owed.last_day < today


def get_erasure_date(closed: date, retention_days: int) -> date:
    """When a closed report goes."""
    return closed + timedelta(retention_days)


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
