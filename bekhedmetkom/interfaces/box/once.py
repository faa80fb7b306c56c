"""A form that is sent twice (a second click, a page loaded anew) is one report: who sent it sees the same words again.

Kept in this process's memory for two minutes, for the same words alone: who finds the form later learns nothing by it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic

SECONDS = 120
Words = tuple[str, ...]


@dataclass(slots=True)
class _Sent:
    until: float
    lock: Lock = field(default_factory=Lock)
    words: Words | None = None


class Once:
    """Remembers what the forms of the last two minutes came to."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._sent: dict[bytes, _Sent] = {}

    def do(self, mark: bytes, send: Callable[[], Words]) -> Words:
        """The receipt's words of what bears this mark: of `send`, or of whoever was first."""
        with self._lock:
            now = monotonic()
            self._sent = {one: sent for one, sent in self._sent.items() if sent.until > now}
            sent = self._sent.setdefault(mark, _Sent(now + SECONDS))
        with sent.lock:
            if sent.words is None:
                sent.words = send()
            return sent.words


ONCE = Once()  # of this process
