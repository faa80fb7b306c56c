"""Messages of the Send API: limits, message types and metadata."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from bekhedmetkom.notifications.rules.messenger import MessagingWindow, split_text

MAX_QUICK_REPLIES, MAX_TITLE_LENGTH, MAX_BUTTON_TEXT_LENGTH = 13, 20, 640
MAX_TRIES = 8
_METADATA_PREFIX = "bekhedmetkom:"


def build_messages(
    text: str, choices: Sequence[tuple[str, str]] = (), link: tuple[str, str] | None = None
) -> list[dict[str, Any]]:
    """Return a text as Send API messages: `choices` are (payload, title), `link` is (url, title).

    Both are attached to the last message. A link beside a long text is written out.
    """
    parts = split_text(text)
    if not parts:
        return []
    if link and len(parts[-1]) > MAX_BUTTON_TEXT_LENGTH:
        parts = split_text(f"{text}\n{link[1]}: {link[0]}")
        link = None
    messages: list[dict[str, Any]] = [{"text": part} for part in parts]
    if link:
        button = {"type": "web_url", "title": link[1][:MAX_TITLE_LENGTH], "url": link[0]}
        payload = {"template_type": "button", "text": parts[-1], "buttons": [button]}
        messages[-1] = {"attachment": {"type": "template", "payload": payload}}
    if choices:
        messages[-1]["quick_replies"] = [
            {"content_type": "text", "title": title[:MAX_TITLE_LENGTH], "payload": payload}
            for payload, title in choices[:MAX_QUICK_REPLIES]
        ]
    return messages


def get_messaging_type(window: MessagingWindow, *, by_a_person: bool) -> dict[str, str] | None:
    """Return the message type that is allowed now, or `None`. Only an officer may write late."""
    if window is MessagingWindow.OPEN:
        return {"messaging_type": "RESPONSE"}
    if window is MessagingWindow.HUMAN_AGENT and by_a_person:
        return {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
    return None


def get_retry_delay(tries: int) -> timedelta:
    """Return the delay after so many attempts: 2, 6, 18, 54 seconds, up to about half an hour."""
    return timedelta(seconds=2.0 * 3 ** (tries - 1))


def add_metadata(message: dict[str, Any], saying: int) -> dict[str, Any]:
    """Return the message with metadata that Meta repeats in its echo."""
    return {**message, "metadata": f"{_METADATA_PREFIX}{saying}"}


def parse_metadata(metadata: Any) -> int | None:
    """Return the id of the message that an echo confirms, or `None` if it is not ours."""
    if not isinstance(metadata, str) or not metadata.startswith(_METADATA_PREFIX):
        return None
    number = metadata.removeprefix(_METADATA_PREFIX)
    return int(number) if number.isascii() and number.isdecimal() and len(number) < 19 else None
