"""What a page shows the live process: who it is for and what it may listen to, for five minutes.

The live process has an address of its own, so no session reaches it; and a session is worth more than a stream.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing

from .rules import Topic

TOKEN_LIFETIME = timedelta(minutes=5)
_SALT = "live.token"


@dataclass(frozen=True, slots=True)
class StreamToken:
    """What a token says. The stream that it opens ends with it."""

    officer_id: int
    topics: frozenset[Topic]
    expires_at: datetime


def create_token(officer: int, topics: Collection[Topic], at: datetime) -> str:
    """For this officer, these topics and the next five minutes."""
    until = int((at + TOKEN_LIFETIME).timestamp())
    return signing.dumps([officer, sorted(topics), until], salt=_SALT)


def parse_token(token: str, at: datetime) -> StreamToken | None:
    """What it says; `None` where we did not make it, or its time is over."""
    try:
        officer, topics, until = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError):
        return None
    ends = datetime.fromtimestamp(until, at.tzinfo)
    return StreamToken(officer, frozenset(map(Topic, topics)), ends) if at < ends else None
