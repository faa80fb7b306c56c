"""The lines of a talk: written under the lock of its conversation, in order."""

from datetime import datetime

from django.db.models import Max

from .models import Conversation, Line
from .rules.talk import Say, Whose
from .sealing import sealed

LONGEST_KEY = 200
MOST_LINES = 400  # kept of a talk; whoever writes ten thousand fills no table


def append(
    conversation: Conversation,
    whose: Whose,
    said: Say | None,
    at: datetime,
    *,
    officer: int | None = None,
    key: str = "",
) -> Line:
    """Add a line; `None` says that something was said of which nothing is kept. The caller holds the row's lock."""
    last = conversation.lines.aggregate(last=Max("number"))["last"] or 0
    content = said and {"text": said.text, "choices": said.choices, "link": said.link}
    if last > MOST_LINES and last % 50 == 0:
        conversation.lines.filter(number__lte=last - MOST_LINES).delete()
    return Line.objects.create(
        conversation=conversation, number=last + 1, whose=whose, officer_id=officer, key=key[:LONGEST_KEY], at=at,
        words=sealed(content) if content else b"",
    )  # fmt: skip


def erase(conversation: Conversation) -> None:
    """Empty every line: that something was said stays, and by which key it was heard."""
    conversation.lines.exclude(words=b"").update(words=b"")
