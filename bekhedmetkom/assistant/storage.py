"""The lines of a talk: written under the lock of its conversation, in order."""

import json
from datetime import datetime
from typing import Any

from django.db.models import Max
from nacl.exceptions import CryptoError

from bekhedmetkom.config.key_derivation import derive_hmac, get_secret_box

from .models import Conversation, Line
from .rules.messages import OutgoingMessage, Speaker

MAX_KEY_LENGTH = 200
MAX_LINES = 400  # kept of a talk; whoever writes ten thousand fills no table


def append_line(
    conversation: Conversation,
    whose: Speaker,
    said: OutgoingMessage | None,
    at: datetime,
    *,
    officer: int | None = None,
    key: str = "",
) -> Line:
    """Add a line; `None` says that something was said of which nothing is kept. The caller holds the row's lock."""
    last = conversation.lines.aggregate(last=Max("number"))["last"] or 0
    content = said and {"text": said.text, "choices": said.choices, "link": said.link}
    if last > MAX_LINES and last % 50 == 0:
        conversation.lines.filter(number__lte=last - MAX_LINES).delete()
    return Line.objects.create(
        conversation=conversation, number=last + 1, whose=whose, officer_id=officer, key=key[:MAX_KEY_LENGTH], at=at,
        words=encrypt(content) if content else b"",
    )  # fmt: skip


def erase_lines(conversation: Conversation) -> None:
    """Empty every line: that something was said stays, and by which key it was heard."""
    conversation.lines.exclude(words=b"").update(words=b"")


_KEY_PURPOSE = "dialogue"


def encrypt(content: object) -> bytes:
    """The content as it is kept."""
    return bytes(get_secret_box(_KEY_PURPOSE).encrypt(json.dumps(content).encode()))


def decrypt(kept: bytes | memoryview) -> Any:
    """The content again; `None` where there is none, or another secret key sealed it."""
    try:
        return json.loads(get_secret_box(_KEY_PURPOSE).decrypt(bytes(kept))) if kept else None
    except CryptoError:
        return None


def compute_person_key(channel: str, person: str) -> bytes:
    """By what a person is found without being named."""
    return derive_hmac(_KEY_PURPOSE, channel, person)
