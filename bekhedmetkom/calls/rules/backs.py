"""Who is called back, why, and until when somebody tries."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from bekhedmetkom.cases.rules.standing import Standing
from bekhedmetkom.cases.rules.states import State
from bekhedmetkom.catalogue.rules import Handling
from bekhedmetkom.kernel.words import Words

SHARE = 5  # per cent of answered cases whose citizen is asked by telephone
ASKED_AFTER = timedelta(days=2)  # the answer has been read by then
TRIES = 4
NOT_THERE = timedelta(hours=4)
LATER = timedelta(days=1)
HELD = timedelta(minutes=30)  # after which a call-back that nobody finished is another's


class Why(StrEnum):
    """In the order in which they are called."""

    READ_OUT = "read-out"  # has no telephone for messages, and asked to be told the answer
    UNSOLVED = "unsolved"
    UNREACHED = "unreached"
    CHECK = "check"


WHY_WORDS: Mapping[Why, Words] = {
    Why.READ_OUT: Words("ينتظر أن نقرأ له الرد", "Waits to have the answer read out"),
    Why.UNSOLVED: Words("قال إن الأمر لم يُحل", "Said that it was not solved"),
    Why.UNREACHED: Words("لم تصله رسائلنا", "Our messages did not arrive"),
    Why.CHECK: Words("سؤال عشوائي: هل حُلّ الأمر؟", "Drawn at random: was it solved?"),
}


class Outcome(StrEnum):
    HEARD = "heard"
    NO_ANSWER = "no-answer"
    LATER = "later"
    NOT_THEIRS = "not-theirs"
    MOOT = "moot"  # the case moved on before anybody called


TRIED: Mapping[Outcome, Words] = {
    Outcome.NO_ANSWER: Words("لا أحد يرد", "Nobody answers"),
    Outcome.LATER: Words("طلب أن نتصل غدًا", "Asked to be called tomorrow"),
    Outcome.NOT_THEIRS: Words("الرقم ليس له", "It is not their number"),
}


def is_drawn(number: int) -> bool:
    """Whether a case is one of the five in a hundred; `number` is one that nobody can foresee or choose."""
    return number % 100 < SHARE


def still_due(why: Why, case: Standing) -> bool:
    """Whether a call still makes sense. Never for a case kept with care, nor where the identity is withheld."""
    if case.care is not Handling.OPEN or case.withheld:
        return False
    match why:
        case Why.READ_OUT:
            return case.answered_at is not None and case.state in (State.ANSWERED, State.CLOSED)
        case Why.UNSOLVED:
            return case.state is State.ANSWERED and case.solved is False and case.heard_by_id is None
        case Why.UNREACHED:
            return case.unreached
        case Why.CHECK:
            return case.state is State.ANSWERED and case.solved is None


def after(outcome: Outcome, tries: int, at: datetime) -> datetime | None:
    """When to try again; `None`: no more."""
    if outcome not in (Outcome.NO_ANSWER, Outcome.LATER) or tries >= TRIES:
        return None
    return at + (NOT_THERE if outcome is Outcome.NO_ANSWER else LATER)
