"""Webhook event names, payload, signature (Standard Webhooks 1.0) and retries."""

import base64
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import Enum, StrEnum, auto
from typing import Any

from bekhedmetkom.cases.rules.case_state import format_instant
from bekhedmetkom.cases.rules.states import EventType
from bekhedmetkom.kernel.text import BilingualText


class SubscriptionScope(StrEnum):
    """Whose cases a client receives: its body's and lower bodies', or those it submitted itself."""

    BODY = "body"
    SUBMITTED = "brought"


# What a program is told, by the name that it subscribes to; `None`: nothing that is another's business. What is said
# inside a body, and who of it did what, is nobody else's; a look at an identity is the citizen's to read.
WEBHOOK_EVENTS: Mapping[EventType, str | None] = {
    EventType.SUBMITTED: "case.received",
    EventType.CLASSIFIED: "case.assigned",
    EventType.ASSIGNED: "case.assigned",
    EventType.REFERRED: "case.referred",
    EventType.ACCEPTED: "case.accepted",
    EventType.RETURNED: "case.returned",
    EventType.FOLLOWED: "case.referred",
    EventType.RECLASSIFIED: "case.reclassified",
    EventType.ASKED: "case.asked",
    EventType.WROTE: "case.message_received",
    EventType.SUPPLIED: "case.message_received",
    EventType.RESUMED: "case.resumed",
    EventType.EXTENDED: "case.extended",
    EventType.RESCHEDULED: "case.extended",
    EventType.OVERDUE: "case.overdue",
    EventType.ESCALATED: "case.escalated",
    EventType.COMMITTED: "case.committed",
    EventType.FULFILLED: "case.fulfilled",
    EventType.REPLY_APPROVED: "case.answered",
    EventType.ANSWERED: "case.answered",
    EventType.ABUSE_CONFIRMED: "case.answered",
    EventType.CONFIRMED: "case.resolved",
    EventType.DENIED: "case.not_resolved",
    EventType.HEARD_SOLVED: "case.resolved",
    EventType.HEARD_UNSOLVED: "case.not_resolved",
    EventType.APPEALED: "case.appealed",
    EventType.APPEAL_UPHELD: "case.appeal_decided",
    EventType.APPEAL_REJECTED: "case.appeal_decided",
    EventType.CLOSED: "case.closed",
    EventType.LAPSED: "case.closed",
    EventType.WITHDRAWN: "case.withdrawn",
    EventType.ERASED: "case.erased",
    EventType.MERGED: "case.merged",
    EventType.SPLIT: "case.split",
    **dict.fromkeys(
        (
            EventType.HANDED_BACK,
            EventType.LEFT,
            EventType.NOTED,
            EventType.INSTRUCTED,
            EventType.HEAD_ASKED,
            EventType.DELEGATED,
            EventType.REPORTED,
            EventType.TASK_ASKED,
            EventType.TASK_DONE,
            EventType.TASK_CALLED_OFF,
            EventType.TASK_LATE,
            EventType.JOIN_ASKED,
            EventType.JOIN_ACCEPTED,
            EventType.JOIN_RETURNED,
            EventType.RECUSED,
            EventType.CONCERNS,
            EventType.SNOOZED,
            EventType.ABSORBED,
            EventType.TRANSCRIBED,
            EventType.FILE_SHOWN,
            EventType.FILE_HIDDEN,
            EventType.RELEASED,
            EventType.FORWARDED,
            EventType.SYSTEM_SAID,
            EventType.TAKEN_DOWN,
            EventType.KEPT_PRIVATE,
            EventType.LINKED,
            EventType.UNLINKED,
            EventType.REPLY_SUBMITTED,
            EventType.REPLY_SENT_BACK,
            EventType.IDENTITY_REVEALED,
            EventType.IDENTITY_LOOKED,
            EventType.UNDONE,
            EventType.CONTACT_CONFIRMED,
            EventType.CONTACT_CORRECTED,
            EventType.CONTACT_PREFERRED,
            EventType.CODE_RENEWED,
            EventType.UNREACHED,
            EventType.CALLED,
            EventType.REMINDED,
            EventType.IDLE,
            EventType.RECOUNTED,
            EventType.ASKED_AGAIN,
        )
    ),
}

EVENT_NAMES = sorted({name for name in WEBHOOK_EVENTS.values() if name})

MAX_SUBSCRIPTIONS = 10  # of one program
GIVE_UP_AFTER = timedelta(days=3)
MAX_SLEEP = timedelta(hours=6)
OLD_SECRET_LIFETIME = timedelta(days=7)  # as long as the old secret signs beside the new one

UNKNOWN_EVENT = BilingualText("لا حدث بهذا الاسم.", "There is no event of this name.")
INVALID_URL = BilingualText(
    "اكتب عنوان https عامًا يمكن الوصول إليه.", "Give a public https address that can be reached."
)
TOO_MANY_SUBSCRIPTIONS = BilingualText(
    f"لكل نظام {MAX_SUBSCRIPTIONS} اشتراكات على الأكثر.",
    f"A program has {MAX_SUBSCRIPTIONS} subscriptions at most.",
)
CLIENT_WITHOUT_BODY = BilingualText(
    "هذا النظام ليس لجهة، فلا يُخبَر إلا بما أرسله هو.",
    "This program is no body's own: it is told only of what it brought itself.",
)


class ReceiverAnswer(Enum):
    """What an answer of the receiver means."""

    ACCEPTED = auto()
    REJECTED = auto()  # this one is refused: others may go better
    UNAVAILABLE = auto()  # whoever should hear is not there: others would go no better
    GONE = auto()


def interpret_status(status: int | None) -> ReceiverAnswer:
    """By the status of the answer; `None`: there was none."""
    if status is None or status >= 500 or status in (408, 425, 429):
        return ReceiverAnswer.UNAVAILABLE
    if status == 410:
        return ReceiverAnswer.GONE
    return ReceiverAnswer.ACCEPTED if 200 <= status < 300 else ReceiverAnswer.REJECTED


def get_retry_delay(failures: int) -> timedelta:
    """5 s, 25 s, 2 and 10 minutes, 52 minutes, 4 hours, and never longer than six."""
    return min(timedelta(seconds=5.0 ** min(failures, 8)), MAX_SLEEP)


def build_payload(name: str, at: datetime, about: Mapping[str, Any]) -> str:
    """The body of one delivery."""
    said = {"type": name, "timestamp": format_instant(at), "data": about}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def sign_payload(id: str, at: datetime, body: bytes, secrets: Sequence[bytes]) -> dict[str, str]:
    """The headers by which a receiver knows that it came from us, unchanged and just now; one signature a secret."""
    stamp = str(int(at.timestamp()))
    signatures = [
        base64.b64encode(hmac.digest(secret, f"{id}.{stamp}.".encode() + body, "sha256")).decode()
        for secret in secrets
    ]
    return {
        "webhook-id": id,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }


def format_secret(secret: bytes) -> str:
    """As its owner is shown it, once."""
    return f"whsec_{base64.b64encode(secret).decode()}"
