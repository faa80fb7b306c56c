"""Storage of lines, in order and encrypted, under the lock of their conversation."""

import json
from datetime import datetime
from typing import Any

from django.db.models import Max
from nacl.exceptions import CryptoError

from bekhedmetkom.config.key_derivation import derive_hmac, get_secret_box

from .models import Conversation, Line
from .rules.messages import OutgoingMessage, Speaker

MAX_KEY_LENGTH = 200
MAX_LINES = 400  # lines kept for one conversation


def append_line(
    conversation: Conversation,
    speaker: Speaker,
    message: OutgoingMessage | None,
    at: datetime,
    *,
    officer: int | None = None,
    key: str = "",
) -> Line:
    """Append a line; `None` records that something was said without keeping it. The caller holds the row lock."""
    last = conversation.lines.aggregate(last=Max("number"))["last"] or 0
    content = message and {"text": message.text, "choices": message.choices, "link": message.link}
    if last > MAX_LINES and last % 50 == 0:
        conversation.lines.filter(number__lte=last - MAX_LINES).delete()
    return Line.objects.create(
        conversation=conversation,
        number=last + 1,
        whose=speaker,
        officer_id=officer,
        key=key[:MAX_KEY_LENGTH],
        at=at,
        words=encrypt(content) if content else b"",
    )


def erase_lines(conversation: Conversation) -> None:
    """Erase the content of every line; the lines and their keys stay."""
    conversation.lines.exclude(words=b"").update(words=b"")


_KEY_PURPOSE = "dialogue"  # an input of the key derivation: changing it makes stored content unreadable


def encrypt(content: object) -> bytes:
    """Return the content as it is stored."""
    return bytes(get_secret_box(_KEY_PURPOSE).encrypt(json.dumps(content).encode()))


def decrypt(kept: bytes | memoryview) -> Any:
    """Return the stored content; `None` if there is none or another key encrypted it."""
    try:
        return json.loads(get_secret_box(_KEY_PURPOSE).decrypt(bytes(kept))) if kept else None
    except CryptoError:
        return None


def compute_person_key(channel: str, person: str) -> bytes:
    """Return the keyed hash by which a person's conversation is found."""
    return derive_hmac(_KEY_PURPOSE, channel, person)
