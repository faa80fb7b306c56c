"""What a call was about, in one word, when its agent has done with it."""

from collections.abc import Mapping
from enum import StrEnum

from bekhedmetkom.kernel.words import Words


class WrapUp(StrEnum):
    REGISTERED = "registered"
    FOLLOWED = "followed"
    ANSWERED = "answered"
    BOX = "box"
    DANGER = "danger"
    ELSEWHERE = "elsewhere"
    DROPPED = "dropped"
    NOT_FOR_US = "not-for-us"


WRAP_UP_WORDS: Mapping[WrapUp, Words] = {
    WrapUp.REGISTERED: Words("سُجّل طلب", "A case was registered"),
    WrapUp.FOLLOWED: Words("سأل عن طلب له", "Asked about a case of theirs"),
    WrapUp.ANSWERED: Words("أُجيب في المكالمة", "Answered during the call"),
    WrapUp.BOX: Words("دُلّ على البلاغ السري", "Shown the way to the confidential report"),
    WrapUp.DANGER: Words("خطر: أُحيل إلى 911", "Danger: sent to 911"),
    WrapUp.ELSEWHERE: Words("دُلّ على جهة أخرى", "Shown where else to go"),
    WrapUp.DROPPED: Words("انقطع الخط", "The line was cut"),
    WrapUp.NOT_FOR_US: Words("رقم خطأ أو إزعاج", "Wrong number, or a nuisance"),
}
