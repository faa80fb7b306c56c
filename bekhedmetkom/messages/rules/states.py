"""How far a message has come."""

from collections.abc import Mapping
from enum import StrEnum

from bekhedmetkom.kernel.words import Words

from .delivery import Channel


class MessageState(StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    KEPT = "kept"  # its time came and no provider was set up: shown as what would have been sent, never sent later
    PARKED = "parked"  # given up after as many tries as are allowed, or refused for good


STATE_WORDS: Mapping[MessageState, Words] = {
    MessageState.QUEUED: Words("بانتظار وقتها", "Queued"),
    MessageState.SENT: Words("أُرسلت", "Sent"),
    MessageState.KEPT: Words("كانت ستُرسل", "Would have been sent"),
    MessageState.PARKED: Words("تعذّر إرسالها", "Could not be sent"),
}

CHANNEL_WORDS: Mapping[Channel, Words] = {
    Channel.EMAIL: Words("بريد إلكتروني", "E-mail"),
    Channel.SMS: Words("رسالة نصية", "SMS"),
}
