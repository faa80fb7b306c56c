"""How a call ended, as its agent records it."""

from collections.abc import Mapping
from enum import StrEnum

from bekhedmetkom.kernel.text import BilingualText


class WrapUp(StrEnum):
    """Outcomes of a call."""

    REGISTERED = "registered"
    FOLLOWED = "followed"
    ANSWERED = "answered"
    BOX = "box"
    DANGER = "danger"
    ELSEWHERE = "elsewhere"
    DROPPED = "dropped"
    NOT_FOR_US = "not-for-us"


WRAP_UP_LABELS: Mapping[WrapUp, BilingualText] = {
    WrapUp.REGISTERED: BilingualText("سُجّل طلب", "A case was registered"),
    WrapUp.FOLLOWED: BilingualText("سأل عن طلب له", "Asked about a case of theirs"),
    WrapUp.ANSWERED: BilingualText("أُجيب في المكالمة", "Answered during the call"),
    WrapUp.BOX: BilingualText("دُلّ على البلاغ السري", "Shown the way to the confidential report"),
    WrapUp.DANGER: BilingualText("خطر: أُحيل إلى 911", "Danger: sent to 911"),
    WrapUp.ELSEWHERE: BilingualText("دُلّ على جهة أخرى", "Shown where else to go"),
    WrapUp.DROPPED: BilingualText("انقطع الخط", "The line was cut"),
    WrapUp.NOT_FOR_US: BilingualText("رقم خطأ أو إزعاج", "Wrong number, or a nuisance"),
}
