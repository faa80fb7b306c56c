"""What Messenger allows: when somebody may be written to, how long a text is, and what its answers mean."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import Enum, StrEnum, auto
from typing import Any

LONGEST_TEXT = 2000
ANYBODY, A_PERSON = timedelta(hours=24), timedelta(days=7)  # since the person's last message
_A_LITTLE = timedelta(minutes=1)  # their clock is not ours, and a call takes its time


class Window(StrEnum):
    """Who may write to a person now."""

    OPEN = "open"
    BY_A_PERSON = "by_a_person"  # an officer in their own words, under the tag HUMAN_AGENT
    CLOSED = "closed"


def window(heard_at: datetime, at: datetime) -> Window:
    """By how long the person has been silent."""
    silent = at - heard_at + _A_LITTLE
    if silent <= ANYBODY:
        return Window.OPEN
    return Window.BY_A_PERSON if silent <= A_PERSON else Window.CLOSED


class Verdict(Enum):
    """What one call came to. `NEVER` is the message's own fault; `GONE` the person's, whatever is sent to them."""

    SENT = auto()
    LATER = auto()
    SLOWER = auto()  # too many calls: everybody waits
    NEVER = auto()
    GONE = auto()
    PAUSED = auto()  # the page is restricted for a while
    STOPPED = auto()  # our key does not count any more
    IN_DOUBT = auto()


_BY_CODE = {
    2: Verdict.LATER, 1200: Verdict.LATER, 4: Verdict.SLOWER, 613: Verdict.SLOWER, 190: Verdict.STOPPED,
    551: Verdict.GONE, 100: Verdict.NEVER, 10: Verdict.PAUSED,
}  # fmt: skip
_BY_SUBCODE = {(10, 2018278): Verdict.NEVER, (100, 2018001): Verdict.GONE, (10, 1893063): Verdict.PAUSED}


def verdict(status: int, answer: Any) -> tuple[Verdict, int]:
    """What an answer of the Send API means, and the code that it gave (0: none)."""
    error = answer.get("error") if isinstance(answer, dict) else None
    if 200 <= status < 300 and error is None:
        return Verdict.SENT, 0
    said = error if isinstance(error, dict) else {}
    code, subcode = _number(said.get("code")), _number(said.get("error_subcode"))
    known = _BY_SUBCODE.get((code, subcode)) or _BY_CODE.get(code)
    if known is None:
        known = Verdict.SLOWER if status == 429 else Verdict.IN_DOUBT if status >= 500 else Verdict.NEVER
    return known, code


def _number(said: Any) -> int:
    return said if isinstance(said, int) and not isinstance(said, bool) else 0


_ENDS = (re.compile(r"\n\s*\n"), re.compile(r"\n"), re.compile(r"(?<=[.!?؟])\s"), re.compile(r"\s"))


def pieces(text: str, most: int = LONGEST_TEXT) -> list[str]:
    """A text as messages of at most so many characters, cut where it pauses: a paragraph, a line, a sentence, a word.

    Counted as they count, in UTF-16; no character of two units is cut in half.
    """
    return list(_cut(text.strip(), most))


def _cut(text: str, most: int) -> Iterator[str]:
    while _units(text) > most:
        head = _head(text, most)
        place = next((p for end in _ENDS if (p := _last(end, head)) > len(head) // 2), len(head))
        yield text[:place].rstrip()
        text = text[place:].lstrip()
    if text:
        yield text


def _head(text: str, most: int) -> str:
    """As much of it as there is room for."""
    used = 0
    for place, letter in enumerate(text):
        used += 1 + (letter > "\uffff")
        if used > most:
            return text[:place]
    return text


def _last(end: re.Pattern[str], head: str) -> int:
    return max((found.start() for found in end.finditer(head)), default=0)


def _units(text: str) -> int:
    return len(text) + sum(letter > "\uffff" for letter in text)
