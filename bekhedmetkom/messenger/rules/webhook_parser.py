"""What Messenger's webhook posts: whether it is Meta's, which of it somebody said to us, and what that was."""

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
_CLOCK_SKEW = timedelta(minutes=5)  # their clock may be before ours by so much


def has_valid_signature(raw: bytes, signature: str, secret: str) -> bool:
    """Whether `X-Hub-Signature-256` is the app secret's over exactly these bytes. Without a secret nothing is."""
    shown = _SIGNATURE.fullmatch(signature)
    own = hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
    return bool(secret and shown) and hmac.compare_digest(own, shown[1] if shown else "")


@dataclass(frozen=True, slots=True)
class IncomingEvent:
    """Something that a person said, pressed or sent. `key` is Meta's name for it, the same however often it comes."""

    key: str
    psid: str
    at: datetime
    item: dict[str, Any]


class WebhookBatch(NamedTuple):
    """What one post brought. `echoed_ids`: which of our sayings it shows as said; `unreadable_count`: how much nobody could read."""

    events: list[IncomingEvent]
    unreadable_count: int
    echoed_ids: list[int]


def parse_webhook(body: Any, now: datetime) -> WebhookBatch:
    """All that people said in it, in its order. Receipts, reactions and what others said are passed over."""
    entries = body.get("entry") if isinstance(body, dict) else None
    if not isinstance(entries, list):
        return WebhookBatch([], 1, [])
    arrived, odd, echoes = [], 0, []
    for entry in entries:  # `standby` is another app's talk, `changes` the page's feed: neither is said to us
        items = entry.get("messaging", []) if isinstance(entry, dict) else None
        if not isinstance(items, list):
            odd += 1
            continue
        for item in items:
            if isinstance(item, dict) and not _is_from_person(item, str(entry.get("id"))):
                echoes += _parse_echo(item)
                continue
            known = _parse_event(item, now) if isinstance(item, dict) else None
            if known:
                arrived.append(known)
            else:
                odd += 1
    return WebhookBatch(arrived, odd, echoes)


def _parse_echo(item: dict[str, Any]) -> list[int]:
    """The saying of ours that comes back: what we gave it along comes with it."""
    message = item.get("message")
    if not isinstance(message, dict) or message.get("is_echo") is not True:
        return []
    number = parse_metadata(message.get("metadata"))
    return [number] if number else []


_EVENT_FIELDS = ("message", "postback", "referral")


def _is_from_person(item: dict[str, Any], page: str) -> bool:
    """Whether somebody says something; what the page said itself comes back as an echo."""
    message = item.get("message")
    aside = isinstance(message, dict) and (
        message.get("is_echo") is True or message.get("is_deleted") is True
    )
    return any(name in item for name in _EVENT_FIELDS) and not aside and _get_sender_id(item) != page


def _parse_event(item: dict[str, Any], now: datetime) -> IncomingEvent | None:
    psid, at = _get_sender_id(item), _parse_timestamp(item.get("timestamp"), now)
    said = next((item[name] for name in _EVENT_FIELDS if name in item), None)
    if not _PSID.fullmatch(psid) or not isinstance(said, dict):
        return None
    mid = said.get("mid")
    if "message" in item and isinstance(mid, str) and 0 < len(mid) <= MAX_KEY_LENGTH and mid.isprintable():
        return IncomingEvent(mid, psid, at, item)
    what = f"{psid}|{item.get('timestamp')}|{said.get('payload') or said.get('ref') or mid or said}"
    return IncomingEvent(
        f"sha256:{hashlib.sha256(what.encode('utf-8', 'replace')).hexdigest()}", psid, at, item
    )


def _get_sender_id(item: dict[str, Any]) -> str:
    sender = item.get("sender")
    found = sender.get("id") if isinstance(sender, dict) else None
    return str(found) if isinstance(found, str | int) and not isinstance(found, bool) else ""


def _parse_timestamp(stamp: Any, now: datetime) -> datetime:
    """Milliseconds since 1970, as far as they are believable."""
    if not isinstance(stamp, int) or isinstance(stamp, bool) or not 0 < stamp < 10**14:
        return now
    return min(datetime.fromtimestamp(stamp / 1000, UTC), now + _CLOCK_SKEW)


class AttachedFile(NamedTuple):
    """A file that was sent, and where it lies."""

    media_type: str
    url: str


@dataclass(frozen=True, slots=True)
class EventContent:
    """What an item says. `has_unsupported_content`: something is in it that we do not understand, a sticker or somebody's contact."""

    text: str = ""
    choice: str = ""
    files: tuple[AttachedFile, ...] = ()
    location: tuple[str, str] | None = None
    has_unsupported_content: bool = False


FILE_TYPES = ("image", "video", "audio", "file")


def parse_content(item: dict[str, Any]) -> EventContent:
    """Whatever types its parts have: what is odd is left out."""
    if isinstance(message := item.get("message"), dict):
        quick = message.get("quick_reply")
        choice = _get_text(quick.get("payload")) if isinstance(quick, dict) else ""
        return _parse_message(_get_text(message.get("text")), choice, list(_iterate_attachments(message)))
    pressed: dict[str, Any] = next(
        (item[name] for name in _EVENT_FIELDS[1:] if isinstance(item.get(name), dict)), {}
    )
    return EventContent(
        choice=_get_text(pressed.get("payload")) or "start"
    )  # who follows a link to the talk wants to begin


def _parse_message(text: str, choice: str, attached: list[dict[str, Any]]) -> EventContent:
    files, location, strange = [], None, False
    for one in attached:
        found = one.get("payload")
        payload: dict[str, Any] = found if isinstance(found, dict) else {}
        url = _get_text(payload.get("url")) or _get_text(one.get("url"))
        if place := _parse_location(one.get("type"), payload, url):
            location = place
        elif one.get("type") in FILE_TYPES and url and "sticker_id" not in payload:
            files.append(AttachedFile(str(one["type"]), url))
        elif one.get("type") == "fallback":  # a link that is in the text as well
            text = text or _get_text(one.get("title")) or url
        else:
            strange = True
    if location and text.startswith(("http://", "https://")) and len(text.split()) == 1:
        text = ""  # the link in which the place came
    return EventContent(text, choice, tuple(files), location, strange)


def iterate_texts(item: dict[str, Any]) -> Iterator[str]:
    """All that somebody may have written in it, for the gate; what is pressed says our own words."""
    if isinstance(message := item.get("message"), dict):
        yield _get_text(message.get("text"))
        for one in _iterate_attachments(message):
            payload = one.get("payload")
            yield _get_text(one.get("title"))
            yield _get_text(payload.get("title")) if isinstance(payload, dict) else ""


def _iterate_attachments(message: dict[str, Any]) -> Iterator[dict[str, Any]]:
    found = message.get("attachments")
    if isinstance(found, list):
        yield from (one for one in found if isinstance(one, dict))


def _get_text(value: Any) -> str:
    return value if isinstance(value, str) else ""


_DECIMAL = r"(-?\d{1,3}\.\d{1,15})"
_MAP_COORDINATES = re.compile(
    rf"(?:where1|cp|q|query|ll|sll|center|pp)=(?:loc:)?{_DECIMAL}[,~ +]+{_DECIMAL}|@{_DECIMAL},{_DECIMAL}"
)


def _parse_location(sort: Any, payload: dict[str, Any], url: str) -> tuple[str, str] | None:
    """Latitude and longitude, from an attachment that says so or from a link to a map."""
    spot = payload.get("coordinates")
    if isinstance(spot, dict):
        both = [spot.get("lat"), spot.get("long")]
        if all(isinstance(one, int | float) and not isinstance(one, bool) for one in both):
            return f"{both[0]:.6f}", f"{both[1]:.6f}"
    if sort not in ("location", "fallback"):
        return None
    found = _MAP_COORDINATES.search(unquote(unquote(url)))
    if not found:
        return None
    lat, lng = [part for part in found.groups() if part]
    return (lat, lng) if abs(float(lat)) <= 90 and abs(float(lng)) <= 180 else None
