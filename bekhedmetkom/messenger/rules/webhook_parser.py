"""Parser of webhook posts: signature, events and their content."""

import hashlib
import hmac
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import unquote

from .send_api import parse_metadata

MAX_KEY_LENGTH = 200
_PSID = re.compile(r"[0-9]{1,64}", re.ASCII)
_SIGNATURE = re.compile(r"sha256=([0-9a-f]{64})", re.ASCII)
_CLOCK_SKEW = timedelta(minutes=5)  # Meta's clock may be ahead of ours


def has_valid_signature(raw: bytes, signature: str, secret: str) -> bool:
    """Return whether the signature is the app secret's over these bytes; false without a secret."""
    provided = _SIGNATURE.fullmatch(signature)
    own = hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
    return bool(secret and provided) and hmac.compare_digest(own, provided[1] if provided else "")


@dataclass(frozen=True, slots=True)
class IncomingEvent:
    """Something that a person wrote, pressed or sent. `key`: Meta's identifier, the same on repetition."""

    key: str
    psid: str
    at: datetime
    item: dict[str, Any]


class WebhookBatch(NamedTuple):
    """The content of one post. `echoed_ids`: our messages that it confirms; `unreadable_count`: malformed events."""

    events: list[IncomingEvent]
    unreadable_count: int
    echoed_ids: list[int]


def parse_webhook(body: Any, now: datetime) -> WebhookBatch:
    """Return the events of a post in order. Receipts, reactions and other apps' messages are skipped."""
    entries = body.get("entry") if isinstance(body, dict) else None
    if not isinstance(entries, list):
        return WebhookBatch([], 1, [])
    events, unreadable, echoes = [], 0, []
    for entry in entries:  # `standby` belongs to another app and `changes` to the page's feed
        items = entry.get("messaging", []) if isinstance(entry, dict) else None
        if not isinstance(items, list):
            unreadable += 1
            continue
        for item in items:
            if isinstance(item, dict) and not _is_from_person(item, str(entry.get("id"))):
                echoes += _parse_echo(item)
                continue
            event = _parse_event(item, now) if isinstance(item, dict) else None
            if event:
                events.append(event)
            else:
                unreadable += 1
    return WebhookBatch(events, unreadable, echoes)


def _parse_echo(item: dict[str, Any]) -> list[int]:
    """Return the id of our message that the echo confirms."""
    message = item.get("message")
    if not isinstance(message, dict) or message.get("is_echo") is not True:
        return []
    number = parse_metadata(message.get("metadata"))
    return [number] if number else []


_EVENT_FIELDS = ("message", "postback", "referral")


def _is_from_person(item: dict[str, Any], page: str) -> bool:
    """Return whether a person wrote it, rather than the page itself."""
    message = item.get("message")
    aside = isinstance(message, dict) and (
        message.get("is_echo") is True or message.get("is_deleted") is True
    )
    return any(name in item for name in _EVENT_FIELDS) and not aside and _get_sender_id(item) != page


def _parse_event(item: dict[str, Any], now: datetime) -> IncomingEvent | None:
    psid, at = _get_sender_id(item), _parse_timestamp(item.get("timestamp"), now)
    content = next((item[name] for name in _EVENT_FIELDS if name in item), None)
    if not _PSID.fullmatch(psid) or not isinstance(content, dict):
        return None
    mid = content.get("mid")
    if "message" in item and isinstance(mid, str) and 0 < len(mid) <= MAX_KEY_LENGTH and mid.isprintable():
        return IncomingEvent(mid, psid, at, item)
    what = f"{psid}|{item.get('timestamp')}|{content.get('payload') or content.get('ref') or mid or content}"
    return IncomingEvent(
        f"sha256:{hashlib.sha256(what.encode('utf-8', 'replace')).hexdigest()}", psid, at, item
    )


def _get_sender_id(item: dict[str, Any]) -> str:
    sender = item.get("sender")
    sender_id = sender.get("id") if isinstance(sender, dict) else None
    return str(sender_id) if isinstance(sender_id, str | int) and not isinstance(sender_id, bool) else ""


def _parse_timestamp(stamp: Any, now: datetime) -> datetime:
    """Return the time of a timestamp in milliseconds, or `now` if it is implausible."""
    if not isinstance(stamp, int) or isinstance(stamp, bool) or not 0 < stamp < 10**14:
        return now
    return min(datetime.fromtimestamp(stamp / 1000, UTC), now + _CLOCK_SKEW)


class AttachedFile(NamedTuple):
    """An attached file and its URL."""

    media_type: str
    url: str


@dataclass(frozen=True, slots=True)
class EventContent:
    """The content of an event. `has_unsupported_content`: it contains a sticker, a contact or the like."""

    text: str = ""
    choice: str = ""
    files: tuple[AttachedFile, ...] = ()
    location: tuple[str, str] | None = None
    has_unsupported_content: bool = False


FILE_TYPES = ("image", "video", "audio", "file")


def parse_content(item: dict[str, Any]) -> EventContent:
    """Return the content of an event; malformed parts are skipped."""
    if isinstance(message := item.get("message"), dict):
        quick = message.get("quick_reply")
        choice = _get_text(quick.get("payload")) if isinstance(quick, dict) else ""
        return _parse_message(_get_text(message.get("text")), choice, list(_iterate_attachments(message)))
    pressed: dict[str, Any] = next(
        (item[name] for name in _EVENT_FIELDS[1:] if isinstance(item.get(name), dict)), {}
    )
    return EventContent(
        choice=_get_text(pressed.get("payload")) or "start"
    )  # a person who follows a link starts the conversation


def _parse_message(text: str, choice: str, attached: list[dict[str, Any]]) -> EventContent:
    files, location, has_unsupported = [], None, False
    for attachment in attached:
        found = attachment.get("payload")
        payload: dict[str, Any] = found if isinstance(found, dict) else {}
        url = _get_text(payload.get("url")) or _get_text(attachment.get("url"))
        if place := _parse_location(attachment.get("type"), payload, url):
            location = place
        elif attachment.get("type") in FILE_TYPES and url and "sticker_id" not in payload:
            files.append(AttachedFile(str(attachment["type"]), url))
        elif attachment.get("type") == "fallback":  # a link that the text also contains
            text = text or _get_text(attachment.get("title")) or url
        else:
            has_unsupported = True
    if location and text.startswith(("http://", "https://")) and len(text.split()) == 1:
        text = ""  # the link that carried the location
    return EventContent(text, choice, tuple(files), location, has_unsupported)


def iterate_texts(item: dict[str, Any]) -> Iterator[str]:
    """Yield every text that the person may have written, for the corruption check."""
    if isinstance(message := item.get("message"), dict):
        yield _get_text(message.get("text"))
        for attachment in _iterate_attachments(message):
            payload = attachment.get("payload")
            yield _get_text(attachment.get("title"))
            yield _get_text(payload.get("title")) if isinstance(payload, dict) else ""


def _iterate_attachments(message: dict[str, Any]) -> Iterator[dict[str, Any]]:
    attachments = message.get("attachments")
    if isinstance(attachments, list):
        yield from (attachment for attachment in attachments if isinstance(attachment, dict))


def _get_text(value: Any) -> str:
    return value if isinstance(value, str) else ""


_DECIMAL = r"(-?\d{1,3}\.\d{1,15})"
_MAP_COORDINATES = re.compile(
    rf"(?:where1|cp|q|query|ll|sll|center|pp)=(?:loc:)?{_DECIMAL}[,~ +]+{_DECIMAL}|@{_DECIMAL},{_DECIMAL}"
)


def _parse_location(sort: Any, payload: dict[str, Any], url: str) -> tuple[str, str] | None:
    """Return latitude and longitude of a location attachment or of a map link."""
    coordinates = payload.get("coordinates")
    if isinstance(coordinates, dict):
        point = [coordinates.get("lat"), coordinates.get("long")]
        if all(isinstance(degrees, int | float) and not isinstance(degrees, bool) for degrees in point):
            return f"{point[0]:.6f}", f"{point[1]:.6f}"
    if sort not in ("location", "fallback"):
        return None
    map_match = _MAP_COORDINATES.search(unquote(unquote(url)))
    if not map_match:
        return None
    lat, lng = [part for part in map_match.groups() if part]
    return (lat, lng) if abs(float(lat)) <= 90 and abs(float(lng)) <= 180 else None
