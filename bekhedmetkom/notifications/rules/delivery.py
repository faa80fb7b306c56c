"""Channels, quiet hours, retries, message states and receipt statuses."""

from collections.abc import Collection, Mapping
from datetime import datetime, time, timedelta
from enum import StrEnum

from bekhedmetkom.cases.rules.contact import ContactPreference
from bekhedmetkom.kernel.clock import AMMAN
from bekhedmetkom.kernel.phone_numbers import is_mobile
from bekhedmetkom.kernel.text import BilingualText

QUIET_FROM, QUIET_UNTIL = time(21), time(8)
MAX_TRIES = 6
MAX_PUSH_TRIES = 3  # then another way, which is there within minutes, if there is one


class Channel(StrEnum):
    """In this order: whoever wants none of them in particular is told by the first that reaches them."""

    MESSENGER = "messenger"
    PUSH = "push"
    EMAIL = "email"
    SMS = "sms"


def choose_channel(
    email: str,
    phone: str,
    tell_by: ContactPreference = ContactPreference.ANY,
    *,
    messenger: str = "",
    push: str = "",
) -> tuple[Channel, str] | None:
    """The way that the person wants, else the first that reaches; `None` where none is wanted or reaches."""
    ways = {
        Channel.MESSENGER: messenger,
        Channel.PUSH: push,
        Channel.EMAIL: email,
        Channel.SMS: phone if phone and is_mobile(phone) else "",
    }
    if tell_by is ContactPreference.NONE:
        return None
    wanted_first = sorted(ways.items(), key=lambda way: way[0].value != tell_by.value)
    return next((way for way in wanted_first if way[1]), None)


def get_earliest_send_time(at: datetime, *, at_once: bool) -> datetime:
    """Nobody is woken between 21:00 and 08:00, but for what is urgent and what answers their own act."""
    local = at.astimezone(AMMAN)
    if at_once or QUIET_UNTIL <= local.time() < QUIET_FROM:
        return at
    day = local.date() + timedelta(days=local.time() >= QUIET_FROM)
    return datetime.combine(day, QUIET_UNTIL, AMMAN)


def get_retry_delay(tries: int) -> timedelta:
    """How long to wait after so many tries, about: 1, 5 and 25 minutes, then 2, 10 and 52 hours."""
    return timedelta(minutes=5.0 ** (tries - 1))


class MessageState(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"  # in the hands of one sender, for minutes at most
    SENT = "sent"  # a gateway or a mail server has it
    DELIVERED = "delivered"  # a receipt says that the person's telephone has it
    FAILED = "failed"  # the address does not take it: refused, bounced, or a receipt says so
    PARKED = "parked"  # given up, or nobody knows whether it went out: an administrator decides
    KEPT = "kept"  # its time came and no provider was set up: shown as what would have been sent, never sent later


RESENDABLE_STATES = (MessageState.FAILED, MessageState.PARKED)  # what an administrator can send again


class FailureReason(StrEnum):
    """Why a message failed or was parked."""

    REFUSED = "refused"
    BOUNCED = "bounced"
    UNDELIVERED = "undelivered"
    GIVEN_UP = "given_up"
    IN_DOUBT = "in_doubt"
    BY_ANOTHER_WAY = "by_another_way"
    TOO_LATE = "too_late"
    ERASED = "erased"


MESSAGE_STATE_LABELS: Mapping[MessageState, BilingualText] = {
    MessageState.QUEUED: BilingualText("بانتظار وقتها", "Queued"),
    MessageState.SENDING: BilingualText("قيد الإرسال", "Being sent"),
    MessageState.SENT: BilingualText("أُرسلت", "Sent"),
    MessageState.DELIVERED: BilingualText("وصلت", "Delivered"),
    MessageState.FAILED: BilingualText("لم تصل", "Not delivered"),
    MessageState.PARKED: BilingualText("تعذّر إرسالها", "Could not be sent"),
    MessageState.KEPT: BilingualText("كانت ستُرسل", "Would have been sent"),
}

FAILURE_REASON_LABELS: Mapping[FailureReason, BilingualText] = {
    FailureReason.REFUSED: BilingualText(
        "رُفض العنوان أو الرسالة نهائيًا", "The address or the message was refused for good"
    ),
    FailureReason.BOUNCED: BilingualText("أعادها خادم البريد", "The mail came back"),
    FailureReason.UNDELIVERED: BilingualText(
        "أبلغت الشركة أنها لم تصل الهاتف", "The carrier reports that it did not reach the phone"
    ),
    FailureReason.GIVEN_UP: BilingualText("فشلت كل المحاولات", "Every try failed"),
    FailureReason.IN_DOUBT: BilingualText(
        "انقطع الاتصال أثناء الإرسال، فلا نعرف إن كانت خرجت. لم تُكرر كي لا تصل مرتين",
        "The link broke while it was being sent, so it may have gone out. It was not repeated, lest it come twice",
    ),
    FailureReason.BY_ANOTHER_WAY: BilingualText(
        "لم تُقبل، فأُرسلت بطريق آخر", "It was not taken, and went another way"
    ),
    FailureReason.TOO_LATE: BilingualText(
        "انتهت صلاحية الرمز قبل أن يُرسل", "The code ran out before it could be sent"
    ),
    FailureReason.ERASED: BilingualText(
        "مُحي عنوانها أو ما كان فيها", "Its address or what it held was erased"
    ),
}

CHANNEL_LABELS: Mapping[Channel, BilingualText] = {
    Channel.MESSENGER: BilingualText("ماسنجر", "Messenger"),
    Channel.PUSH: BilingualText("تنبيه على الجهاز", "Push"),
    Channel.EMAIL: BilingualText("بريد إلكتروني", "E-mail"),
    Channel.SMS: BilingualText("رسالة نصية", "SMS"),
}


class ReceiptStatus(StrEnum):
    """Of one part of a message, the later in this list the more certain."""

    HANDED = "handed"  # the gateway has it
    FAILED = "failed"  # given up, as far as the gateway knows
    DELIVERED = "delivered"  # the telephone has it, whatever is said afterwards


RECEIPT_STATUS_RANK: Mapping[ReceiptStatus, int] = {fate: place for place, fate in enumerate(ReceiptStatus)}

# The words of gateways, those of SMPP 3.4 among them. What is not here is a step on the way.
_RECEIPT_STATUS_BY_WORD: Mapping[str, ReceiptStatus] = {
    **dict.fromkeys(("delivered", "delivrd"), ReceiptStatus.DELIVERED),
    **dict.fromkeys(
        ("failed", "undelivered", "undeliverable", "undeliv", "expired", "deleted", "rejected", "rejectd"),
        ReceiptStatus.FAILED,
    ),
}


def parse_receipt_status(said: str) -> ReceiptStatus:
    """What a gateway's word for a state means."""
    return _RECEIPT_STATUS_BY_WORD.get(said.strip().lower(), ReceiptStatus.HANDED)


def merge_receipt_statuses(known: ReceiptStatus, told: ReceiptStatus) -> ReceiptStatus:
    """What is known after one more receipt."""
    return max(known, told, key=RECEIPT_STATUS_RANK.__getitem__)


def combine_part_statuses(fates: Collection[ReceiptStatus]) -> MessageState:
    """A message of several parts reads as a whole or not at all."""
    if ReceiptStatus.FAILED in fates:
        return MessageState.FAILED
    if fates and set(fates) == {ReceiptStatus.DELIVERED}:
        return MessageState.DELIVERED
    return MessageState.SENT
