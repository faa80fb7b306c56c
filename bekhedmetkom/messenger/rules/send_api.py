"""What the Send API takes: messages within its limits, and under which type they go."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from bekhedmetkom.messages.rules.messenger import Window, pieces

MAX_QUICK_REPLIES, MAX_TITLE_LENGTH, MAX_BUTTON_TEXT_LENGTH = 13, 20, 640
MAX_TRIES = 8
_METADATA_PREFIX = "bekhedmetkom:"


def build_messages(
    text: str, choices: Sequence[tuple[str, str]] = (), link: tuple[str, str] | None = None
) -> list[dict[str, Any]]:
    """One thing said, as the messages that it takes: `choices` are (payload, title), `link` is (url, title).

    Both stand below the last of them. A link beside a long text is written out.
    """
    parts = pieces(text)
    if not parts:
        return []
    if link and len(parts[-1]) > MAX_BUTTON_TEXT_LENGTH:
        parts = pieces(f"{text}\n{link[1]}: {link[0]}")
        link = None
    sent: list[dict[str, Any]] = [{"text": part} for part in parts]
    if link:
        button = {"type": "web_url", "title": link[1][:MAX_TITLE_LENGTH], "url": link[0]}
        payload = {"template_type": "button", "text": parts[-1], "buttons": [button]}
        sent[-1] = {"attachment": {"type": "template", "payload": payload}}
    if choices:
        sent[-1]["quick_replies"] = [
            {"content_type": "text", "title": title[:MAX_TITLE_LENGTH], "payload": payload}
            for payload, title in choices[:MAX_QUICK_REPLIES]
        ]
    return sent


def get_messaging_type(may: Window, *, by_a_person: bool) -> dict[str, str] | None:
    """Under which type something is said now; `None` where it may not be. Only an officer's own words may come late."""
    if may is Window.OPEN:
        return {"messaging_type": "RESPONSE"}
    if may is Window.BY_A_PERSON and by_a_person:
        return {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
    return None


def get_retry_delay(tries: int) -> timedelta:
    """How long to wait after so many tries: 2, 6, 18, 54 seconds, and on to about half an hour."""
    return timedelta(seconds=2.0 * 3 ** (tries - 1))


def add_metadata(message: dict[str, Any], saying: int) -> dict[str, Any]:
    """The message with what Meta gives back in its echo, by which we know that it was said."""
    return {**message, "metadata": f"{_METADATA_PREFIX}{saying}"}


def parse_metadata(metadata: Any) -> int | None:
    """Which saying an echo is of; `None` where it is none of ours."""
    if not isinstance(metadata, str) or not metadata.startswith(_METADATA_PREFIX):
        return None
    number = metadata.removeprefix(_METADATA_PREFIX)
    return int(number) if number.isascii() and number.isdecimal() and len(number) < 19 else None
