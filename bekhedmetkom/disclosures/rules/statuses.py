"""How far a report is, in the words that its discloser reads."""

from collections.abc import Mapping
from enum import StrEnum

from bekhedmetkom.kernel.words import Words


class Status(StrEnum):
    RECEIVED = "received"
    ACCEPTED = "accepted"
    NOT_COMPETENT = "not_competent"
    IN_PROGRESS = "in_progress"
    FEEDBACK = "feedback"
    CLOSED = "closed"


S = Status
# What an officer may set next. Each is a promise kept or an end with a reason; nothing goes back to "received".
MOVES: Mapping[Status, frozenset[Status]] = {
    S.RECEIVED: frozenset({S.ACCEPTED, S.NOT_COMPETENT}),
    S.ACCEPTED: frozenset({S.IN_PROGRESS, S.FEEDBACK, S.CLOSED, S.NOT_COMPETENT}),
    S.NOT_COMPETENT: frozenset({S.CLOSED}),
    S.IN_PROGRESS: frozenset({S.FEEDBACK, S.CLOSED}),
    S.FEEDBACK: frozenset({S.IN_PROGRESS, S.CLOSED}),
    S.CLOSED: frozenset(),
}

WORDS: Mapping[Status, Words] = {
    S.RECEIVED: Words(
        "وصل بلاغك، ولم تقرّر الهيئة بشأنه بعد.",
        "Your report is in. The Commission has not decided about it yet.",
    ),
    S.ACCEPTED: Words(
        "قُبل بلاغك: هو من اختصاص الهيئة.", "Your report was accepted: it is for the Commission to deal with."
    ),
    S.NOT_COMPETENT: Words(
        "ليس هذا من اختصاص الهيئة. اقرأ رسائلها لتعرف إلى أين تتوجه.",
        "This is not for the Commission to deal with. Its messages say where to turn.",
    ),
    S.IN_PROGRESS: Words("تعمل الهيئة على بلاغك.", "The Commission is working on your report."),
    S.FEEDBACK: Words(
        "أجابتك الهيئة بما انتهت إليه. اقرأ رسائلها.",
        "The Commission has told you what came of it. Read its messages.",
    ),
    S.CLOSED: Words("أُغلق البلاغ.", "The report is closed."),
}

REASONS: Mapping[str, Words] = {
    "done": Words(
        "انتهت الهيئة من بلاغك واتخذت ما رأته لازمًا.",
        "The Commission has finished and done what it found right.",
    ),
    "referred": Words("أُحيل الأمر إلى النيابة العامة.", "The matter was handed to the public prosecution."),
    "not_proven": Words("لم تجد الهيئة ما يثبت الأمر.", "The Commission found nothing that proves it."),
    "no_answer": Words("سألتك الهيئة ولم يصلها جواب.", "The Commission asked you and had no answer."),
    "not_competent": Words("ليس الأمر من اختصاص الهيئة.", "It is not for the Commission to deal with."),
    "repeated": Words(
        "عند الهيئة بلاغ آخر عن الأمر نفسه.", "The Commission has another report of the same matter."
    ),
}


def can_follow(now: Status, then: Status, reason: str) -> bool:
    """Whether an officer may set this now. Whoever closes says why, and nobody else does."""
    return then in MOVES[now] and (reason in REASONS if then is S.CLOSED else not reason)
