"""Messenger's rules: messaging window, text length and the meaning of Send API responses."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import Enum, StrEnum, auto
from typing import Any

MAX_TEXT_LENGTH = 2000
STANDARD_WINDOW, HUMAN_AGENT_WINDOW = (
    timedelta(hours=24),
    timedelta(days=7),
)  # since the person's last message
_CLOCK_TOLERANCE = timedelta(minutes=1)  # their clock is not ours, and a call takes its time


class MessagingWindow(StrEnum):
    """Who may write to a person now."""

    OPEN = "open"
    HUMAN_AGENT = "by_a_person"  # an officer in their own words, under the tag HUMAN_AGENT
    CLOSED = "closed"


def get_messaging_window(heard_at: datetime, at: datetime) -> MessagingWindow:
    """Return the window by the time since the person's last message."""
    silent = at - heard_at + _CLOCK_TOLERANCE
    if silent <= STANDARD_WINDOW:
        return MessagingWindow.OPEN
    return MessagingWindow.HUMAN_AGENT if silent <= HUMAN_AGENT_WINDOW else MessagingWindow.CLOSED


class ApiResult(Enum):
    """Result of a call. `REJECTED` concerns this message only; `RECIPIENT_GONE` every message to that person."""

    SENT = auto()
    RETRY = auto()
    THROTTLED = auto()  # too many calls: everybody waits
    REJECTED = auto()
    RECIPIENT_GONE = auto()
    PAUSED = auto()  # the page is restricted for a while
    STOPPED = auto()  # our key does not count any more
    IN_DOUBT = auto()


_RESULT_BY_CODE = {
    2: ApiResult.RETRY, 1200: ApiResult.RETRY, 4: ApiResult.THROTTLED, 613: ApiResult.THROTTLED, 190: ApiResult.STOPPED,
    551: ApiResult.RECIPIENT_GONE, 100: ApiResult.REJECTED, 10: ApiResult.PAUSED,
}  # fmt: skip
_RESULT_BY_SUBCODE = {
    (10, 2018278): ApiResult.REJECTED,
    (100, 2018001): ApiResult.RECIPIENT_GONE,
    (10, 1893063): ApiResult.PAUSED,
}


def interpret_response(status: int, answer: Any) -> tuple[ApiResult, int]:
    """Return the result and the error code (0: none) of a Send API response."""
    error = answer.get("error") if isinstance(answer, dict) else None
    if 200 <= status < 300 and error is None:
        return ApiResult.SENT, 0
    said = error if isinstance(error, dict) else {}
    code, subcode = _parse_number(said.get("code")), _parse_number(said.get("error_subcode"))
    known = _RESULT_BY_SUBCODE.get((code, subcode)) or _RESULT_BY_CODE.get(code)
    if known is None:
        known = (
            ApiResult.THROTTLED
            if status == 429
            else ApiResult.IN_DOUBT
            if status >= 500
            else ApiResult.REJECTED
        )
    return known, code


def _parse_number(said: Any) -> int:
    return said if isinstance(said, int) and not isinstance(said, bool) else 0


_BREAKS = (re.compile(r"\n\s*\n"), re.compile(r"\n"), re.compile(r"(?<=[.!?؟])\s"), re.compile(r"\s"))


def split_text(text: str, most: int = MAX_TEXT_LENGTH) -> list[str]:
    """A text as messages of at most so many characters, cut where it pauses: a paragraph, a line, a sentence, a word.

    Counted as they count, in UTF-16; no character of two units is cut in half.
    """
    return list(_iterate_pieces(text.strip(), most))


def _iterate_pieces(text: str, most: int) -> Iterator[str]:
    while _count_utf16_units(text) > most:
        head = _take_prefix(text, most)
        place = next((p for end in _BREAKS if (p := _find_last_break(end, head)) > len(head) // 2), len(head))
        yield text[:place].rstrip()
        text = text[place:].lstrip()
    if text:
        yield text


def _take_prefix(text: str, most: int) -> str:
    """Return the longest prefix of at most `most` UTF-16 units."""
    used = 0
    for place, letter in enumerate(text):
        used += 1 + (letter > "\uffff")
        if used > most:
            return text[:place]
    return text


def _find_last_break(end: re.Pattern[str], head: str) -> int:
    return max((found.start() for found in end.finditer(head)), default=0)


def _count_utf16_units(text: str) -> int:
    return len(text) + sum(letter > "\uffff" for letter in text)
