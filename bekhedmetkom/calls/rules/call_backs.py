"""Rules of call-backs: reasons, outcomes and retries."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from bekhedmetkom.cases.rules.case_state import CaseState
from bekhedmetkom.cases.rules.states import State
from bekhedmetkom.catalogue.rules import Handling
from bekhedmetkom.kernel.text import BilingualText

SAMPLE_PERCENT = 5  # of answered cases, called for a survey
SURVEY_DELAY = timedelta(days=2)  # time to read the answer first
MAX_TRIES = 4
NO_ANSWER_DELAY = timedelta(hours=4)
CALL_LATER_DELAY = timedelta(days=1)
HOLD_TIME = timedelta(minutes=30)  # after this an unfinished call-back is free again


class CallBackReason(StrEnum):
    """Reasons, in the order in which they are called."""

    READ_OUT = "read-out"  # gets no text messages and asked to be told the answer
    UNSOLVED = "unsolved"
    UNREACHED = "unreached"
    CHECK = "check"


CALL_BACK_REASON_LABELS: Mapping[CallBackReason, BilingualText] = {
    CallBackReason.READ_OUT: BilingualText("ينتظر أن نقرأ له الرد", "Waits to have the answer read out"),
    CallBackReason.UNSOLVED: BilingualText("قال إن الأمر لم يُحل", "Said that it was not solved"),
    CallBackReason.UNREACHED: BilingualText("لم تصله رسائلنا", "Our messages did not arrive"),
    CallBackReason.CHECK: BilingualText("سؤال عشوائي: هل حُلّ الأمر؟", "Drawn at random: was it solved?"),
}


class CallBackOutcome(StrEnum):
    HEARD = "heard"
    NO_ANSWER = "no-answer"
    LATER = "later"
    NOT_THEIRS = "not-theirs"
    MOOT = "moot"  # the case moved on before the call


ATTEMPT_LABELS: Mapping[CallBackOutcome, BilingualText] = {
    CallBackOutcome.NO_ANSWER: BilingualText("لا أحد يرد", "Nobody answers"),
    CallBackOutcome.LATER: BilingualText("طلب أن نتصل غدًا", "Asked to be called tomorrow"),
    CallBackOutcome.NOT_THEIRS: BilingualText("الرقم ليس له", "It is not their number"),
}


def is_sampled(number: int) -> bool:
    """Return whether a case is in the random sample; `number` must be unpredictable."""
    return number % 100 < SAMPLE_PERCENT


def is_still_due(why: CallBackReason, case: CaseState) -> bool:
    """Return whether the call still makes sense; never for a confidential case or a withheld identity."""
    if case.care is not Handling.OPEN or case.withheld:
        return False
    match why:
        case CallBackReason.READ_OUT:
            return case.answered_at is not None and case.state in (State.ANSWERED, State.CLOSED)
        case CallBackReason.UNSOLVED:
            return case.state is State.ANSWERED and case.solved is False and case.heard_by_id is None
        case CallBackReason.UNREACHED:
            return case.unreached
        case CallBackReason.CHECK:
            return case.state is State.ANSWERED and case.solved is None


def get_next_attempt(outcome: CallBackOutcome, tries: int, at: datetime) -> datetime | None:
    """Return when to try again, or `None` if there is no further attempt."""
    if outcome not in (CallBackOutcome.NO_ANSWER, CallBackOutcome.LATER) or tries >= MAX_TRIES:
        return None
    return at + (NO_ANSWER_DELAY if outcome is CallBackOutcome.NO_ANSWER else CALL_LATER_DELAY)
