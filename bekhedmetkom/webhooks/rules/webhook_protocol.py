"""What programs are told of cases, how it is signed (Standard Webhooks 1.0), and when it is tried again."""

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

H = EventType


class SubscriptionScope(StrEnum):
    """Of which cases a program hears: its body's with the bodies below it, or those that it brought itself."""

    BODY = "body"
    BROUGHT = "brought"


# What a program is told, by the name that it subscribes to; `None`: nothing that is another's business. What is said
# inside a body, and who of it did what, is nobody else's; a look at an identity is the citizen's to read.
WEBHOOK_EVENTS: Mapping[EventType, str | None] = {
    H.SUBMITTED: "case.received",
    H.CLASSIFIED: "case.assigned",
    H.ASSIGNED: "case.assigned",
    H.REFERRED: "case.referred",
    H.ACCEPTED: "case.accepted",
    H.RETURNED: "case.returned",
    H.FOLLOWED: "case.referred",
    H.RECLASSIFIED: "case.reclassified",
    H.ASKED: "case.asked",
    H.WROTE: "case.message_received",
    H.SUPPLIED: "case.message_received",
    H.RESUMED: "case.resumed",
    H.EXTENDED: "case.extended",
    H.RESCHEDULED: "case.extended",
    H.OVERDUE: "case.overdue",
    H.ESCALATED: "case.escalated",
    H.COMMITTED: "case.committed",
    H.FULFILLED: "case.fulfilled",
    H.REPLY_APPROVED: "case.answered",
    H.ANSWERED: "case.answered",
    H.ABUSE_CONFIRMED: "case.answered",
    H.CONFIRMED: "case.resolved",
    H.DENIED: "case.not_resolved",
    H.HEARD_SOLVED: "case.resolved",
    H.HEARD_UNSOLVED: "case.not_resolved",
    H.APPEALED: "case.appealed",
    H.APPEAL_UPHELD: "case.appeal_decided",
    H.APPEAL_REJECTED: "case.appeal_decided",
    H.CLOSED: "case.closed",
    H.LAPSED: "case.closed",
    H.WITHDRAWN: "case.withdrawn",
    H.ERASED: "case.erased",
    H.MERGED: "case.merged",
    H.SPLIT: "case.split",
    **dict.fromkeys(
        (
            H.HANDED_BACK, H.LEFT, H.NOTED, H.INSTRUCTED, H.HEAD_ASKED, H.DELEGATED, H.REPORTED, H.TASK_ASKED,
            H.TASK_DONE, H.TASK_CALLED_OFF, H.TASK_LATE, H.JOIN_ASKED, H.JOIN_ACCEPTED, H.JOIN_RETURNED, H.RECUSED,
            H.CONCERNS, H.SNOOZED, H.ABSORBED, H.TRANSCRIBED, H.FILE_SHOWN, H.FILE_HIDDEN, H.RELEASED,
            H.FORWARDED, H.SYSTEM_SAID, H.TAKEN_DOWN, H.KEPT_PRIVATE, H.LINKED, H.UNLINKED, H.REPLY_SUBMITTED,
            H.REPLY_SENT_BACK, H.IDENTITY_REVEALED, H.IDENTITY_LOOKED, H.UNDONE, H.CONTACT_CONFIRMED,
            H.CONTACT_CORRECTED, H.CONTACT_PREFERRED, H.CODE_RENEWED, H.UNREACHED, H.CALLED, H.REMINDED, H.IDLE,
            H.RECOUNTED, H.ASKED_AGAIN,
        )
    ),
}  # fmt: skip

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

    TAKEN = auto()
    NOT_THIS_ONE = auto()  # this one is refused: others may go better
    NOT_NOW = auto()  # whoever should hear is not there: others would go no better
    NEVER_AGAIN = auto()


def interpret_status(status: int | None) -> ReceiverAnswer:
    """By the status of the answer; `None`: there was none."""
    if status is None or status >= 500 or status in (408, 425, 429):
        return ReceiverAnswer.NOT_NOW
    if status == 410:
        return ReceiverAnswer.NEVER_AGAIN
    return ReceiverAnswer.TAKEN if 200 <= status < 300 else ReceiverAnswer.NOT_THIS_ONE


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
        "webhook-id": id, "webhook-timestamp": stamp,
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }  # fmt: skip


def format_secret(secret: bytes) -> str:
    """As its owner is shown it, once."""
    return f"whsec_{base64.b64encode(secret).decode()}"
