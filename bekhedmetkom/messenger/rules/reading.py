"""What Messenger's webhook posts: whether it is Meta's, which of it somebody said to us, and what that was."""

import hashlib
import hmac
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import unquote

from .saying import saying_in

LONGEST_KEY = 200
_PSID = re.compile(r"[0-9]{1,64}", re.ASCII)
_SIGNATURE = re.compile(r"sha256=([0-9a-f]{64})", re.ASCII)
_AHEAD = timedelta(minutes=5)  # their clock may be before ours by so much


def is_signed(raw: bytes, signature: str, secret: str) -> bool:
    """Whether `X-Hub-Signature-256` is the app secret's over exactly these bytes. Without a secret nothing is."""
    shown = _SIGNATURE.fullmatch(signature)
    own = hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
    return bool(secret and shown) and hmac.compare_digest(own, shown[1] if shown else "")


@dataclass(frozen=True, slots=True)
class Arrived:
    """Something that a person said, pressed or sent. `key` is Meta's name for it, the same however often it comes."""

    key: str
    psid: str
    at: datetime
    item: dict[str, Any]


class Batch(NamedTuple):
    """What one post brought. `echoes`: which of our sayings it shows as said; `odd`: how much nobody could read."""

    arrived: list[Arrived]
    odd: int
    echoes: list[int]


def read(body: Any, now: datetime) -> Batch:
    """All that people said in it, in its order. Receipts, reactions and what others said are passed over."""
    entries = body.get("entry") if isinstance(body, dict) else None
    if not isinstance(entries, list):
        return Batch([], 1, [])
    arrived, odd, echoes = [], 0, []
    for entry in entries:  # `standby` is another app's talk, `changes` the page's feed: neither is said to us
        items = entry.get("messaging", []) if isinstance(entry, dict) else None
        if not isinstance(items, list):
            odd += 1
            continue
        for item in items:
            if isinstance(item, dict) and not _is_said(item, str(entry.get("id"))):
                echoes += _echoed(item)
                continue
            known = _arrived(item, now) if isinstance(item, dict) else None
            if known:
                arrived.append(known)
            else:
                odd += 1
    return Batch(arrived, odd, echoes)


def _echoed(item: dict[str, Any]) -> list[int]:
    """The saying of ours that comes back: what we gave it along comes with it."""
    message = item.get("message")
    if not isinstance(message, dict) or message.get("is_echo") is not True:
        return []
    number = saying_in(message.get("metadata"))
    return [number] if number else []


_SAYS = ("message", "postback", "referral")


def _is_said(item: dict[str, Any], page: str) -> bool:
    """Whether somebody says something; what the page said itself comes back as an echo."""
    message = item.get("message")
    aside = isinstance(message, dict) and (
        message.get("is_echo") is True or message.get("is_deleted") is True
    )
    return any(name in item for name in _SAYS) and not aside and _id(item) != page


def _arrived(item: dict[str, Any], now: datetime) -> Arrived | None:
    psid, at = _id(item), _moment(item.get("timestamp"), now)
    said = next((item[name] for name in _SAYS if name in item), None)
    if not _PSID.fullmatch(psid) or not isinstance(said, dict):
        return None
    mid = said.get("mid")
    if "message" in item and isinstance(mid, str) and 0 < len(mid) <= LONGEST_KEY and mid.isprintable():
        return Arrived(mid, psid, at, item)
    what = f"{psid}|{item.get('timestamp')}|{said.get('payload') or said.get('ref') or mid or said}"
    return Arrived(f"sha256:{hashlib.sha256(what.encode('utf-8', 'replace')).hexdigest()}", psid, at, item)


def _id(item: dict[str, Any]) -> str:
    sender = item.get("sender")
    found = sender.get("id") if isinstance(sender, dict) else None
    return str(found) if isinstance(found, str | int) and not isinstance(found, bool) else ""


def _moment(stamp: Any, now: datetime) -> datetime:
    """Milliseconds since 1970, as far as they are believable."""
    if not isinstance(stamp, int) or isinstance(stamp, bool) or not 0 < stamp < 10**14:
        return now
    return min(datetime.fromtimestamp(stamp / 1000, UTC), now + _AHEAD)


class Attached(NamedTuple):
    """A file that was sent, and where it lies."""

    sort: str
    url: str


@dataclass(frozen=True, slots=True)
class Said:
    """What an item says. `strange`: something is in it that we do not understand, a sticker or somebody's contact."""

    text: str = ""
    choice: str = ""
    files: tuple[Attached, ...] = ()
    location: tuple[str, str] | None = None
    strange: bool = False


FILES = ("image", "video", "audio", "file")


def said(item: dict[str, Any]) -> Said:
    """Whatever types its parts have: what is odd is left out."""
    if isinstance(message := item.get("message"), dict):
        quick = message.get("quick_reply")
        choice = _text(quick.get("payload")) if isinstance(quick, dict) else ""
        return _of_message(_text(message.get("text")), choice, list(_attachments(message)))
    pressed: dict[str, Any] = next((item[name] for name in _SAYS[1:] if isinstance(item.get(name), dict)), {})
    return Said(
        choice=_text(pressed.get("payload")) or "start"
    )  # who follows a link to the talk wants to begin


def _of_message(text: str, choice: str, attached: list[dict[str, Any]]) -> Said:
    files, location, strange = [], None, False
    for one in attached:
        found = one.get("payload")
        payload: dict[str, Any] = found if isinstance(found, dict) else {}
        url = _text(payload.get("url")) or _text(one.get("url"))
        if place := _place(one.get("type"), payload, url):
            location = place
        elif one.get("type") in FILES and url and "sticker_id" not in payload:
            files.append(Attached(str(one["type"]), url))
        elif one.get("type") == "fallback":  # a link that is in the text as well
            text = text or _text(one.get("title")) or url
        else:
            strange = True
    if location and text.startswith(("http://", "https://")) and len(text.split()) == 1:
        text = ""  # the link in which the place came
    return Said(text, choice, tuple(files), location, strange)


def words(item: dict[str, Any]) -> Iterator[str]:
    """All that somebody may have written in it, for the gate; what is pressed says our own words."""
    if isinstance(message := item.get("message"), dict):
        yield _text(message.get("text"))
        for one in _attachments(message):
            payload = one.get("payload")
            yield _text(one.get("title"))
            yield _text(payload.get("title")) if isinstance(payload, dict) else ""


def _attachments(message: dict[str, Any]) -> Iterator[dict[str, Any]]:
    found = message.get("attachments")
    if isinstance(found, list):
        yield from (one for one in found if isinstance(one, dict))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


_NUMBER = r"(-?\d{1,3}\.\d{1,15})"
_PLACE = re.compile(
    rf"(?:where1|cp|q|query|ll|sll|center|pp)=(?:loc:)?{_NUMBER}[,~ +]+{_NUMBER}|@{_NUMBER},{_NUMBER}"
)


def _place(sort: Any, payload: dict[str, Any], url: str) -> tuple[str, str] | None:
    """Latitude and longitude, from an attachment that says so or from a link to a map."""
    spot = payload.get("coordinates")
    if isinstance(spot, dict):
        both = [spot.get("lat"), spot.get("long")]
        if all(isinstance(one, int | float) and not isinstance(one, bool) for one in both):
            return f"{both[0]:.6f}", f"{both[1]:.6f}"
    if sort not in ("location", "fallback"):
        return None
    found = _PLACE.search(unquote(unquote(url)))
    if not found:
        return None
    lat, lng = [part for part in found.groups() if part]
    return (lat, lng) if abs(float(lat)) <= 90 and abs(float(lng)) <= 180 else None
