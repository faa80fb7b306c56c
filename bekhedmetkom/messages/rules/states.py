"""How far a message has come, and why it went no further."""

from collections.abc import Mapping
from enum import StrEnum

from bekhedmetkom.kernel.text import BilingualText

from .delivery import Channel


class MessageState(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"  # in the hands of one sender, for minutes at most
    SENT = "sent"  # a gateway or a mail server has it
    DELIVERED = "delivered"  # a receipt says that the person's telephone has it
    FAILED = "failed"  # the address does not take it: refused, bounced, or a receipt says so
    PARKED = "parked"  # given up, or nobody knows whether it went out: an administrator decides
    KEPT = "kept"  # its time came and no provider was set up: shown as what would have been sent, never sent later


ENDED = (MessageState.FAILED, MessageState.PARKED)  # what an administrator can send again


class Why(StrEnum):
    """Why a message failed or was parked."""

    REFUSED = "refused"
    BOUNCED = "bounced"
    UNDELIVERED = "undelivered"
    GIVEN_UP = "given_up"
    IN_DOUBT = "in_doubt"
    BY_ANOTHER_WAY = "by_another_way"
    TOO_LATE = "too_late"
    ERASED = "erased"


STATE_WORDS: Mapping[MessageState, BilingualText] = {
    MessageState.QUEUED: BilingualText("بانتظار وقتها", "Queued"),
    MessageState.SENDING: BilingualText("قيد الإرسال", "Being sent"),
    MessageState.SENT: BilingualText("أُرسلت", "Sent"),
    MessageState.DELIVERED: BilingualText("وصلت", "Delivered"),
    MessageState.FAILED: BilingualText("لم تصل", "Not delivered"),
    MessageState.PARKED: BilingualText("تعذّر إرسالها", "Could not be sent"),
    MessageState.KEPT: BilingualText("كانت ستُرسل", "Would have been sent"),
}

WHY_WORDS: Mapping[Why, BilingualText] = {
    Why.REFUSED: BilingualText(
        "رُفض العنوان أو الرسالة نهائيًا", "The address or the message was refused for good"
    ),
    Why.BOUNCED: BilingualText("أعادها خادم البريد", "The mail came back"),
    Why.UNDELIVERED: BilingualText(
        "أبلغت الشركة أنها لم تصل الهاتف", "The carrier reports that it did not reach the phone"
    ),
    Why.GIVEN_UP: BilingualText("فشلت كل المحاولات", "Every try failed"),
    Why.IN_DOUBT: BilingualText(
        "انقطع الاتصال أثناء الإرسال، فلا نعرف إن كانت خرجت. لم تُكرر كي لا تصل مرتين",
        "The link broke while it was being sent, so it may have gone out. It was not repeated, lest it come twice",
    ),
    Why.BY_ANOTHER_WAY: BilingualText("لم تُقبل، فأُرسلت بطريق آخر", "It was not taken, and went another way"),
    Why.TOO_LATE: BilingualText("انتهت صلاحية الرمز قبل أن يُرسل", "The code ran out before it could be sent"),
    Why.ERASED: BilingualText("مُحي عنوانها أو ما كان فيها", "Its address or what it held was erased"),
}

CHANNEL_WORDS: Mapping[Channel, BilingualText] = {
    Channel.MESSENGER: BilingualText("ماسنجر", "Messenger"),
    Channel.PUSH: BilingualText("تنبيه على الجهاز", "Push"),
    Channel.EMAIL: BilingualText("بريد إلكتروني", "E-mail"),
    Channel.SMS: BilingualText("رسالة نصية", "SMS"),
}
