"""What Meta posts to the webhook, in its shapes: one message, batches, and all that is not meant for us."""

import hashlib
import hmac
import json
from datetime import datetime
from itertools import count
from typing import Any

SECRET, VERIFY = "an app secret", "a verify token"
PAGE, PSID, OTHER = "682498302938465", "2368846059863995", "7712345678901234"
CDN = "https://scontent.xx.fbcdn.net/v/t1.15752-9"

_mids = count(1)


def stamp(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def said(text: str, at: datetime, *, psid: str = PSID, mid: str = "", **more: Any) -> dict[str, Any]:
    """A message in words."""
    message = {"mid": mid or f"m_{next(_mids):06d}", "text": text, **more}
    return {"sender": {"id": psid}, "recipient": {"id": PAGE}, "timestamp": stamp(at), "message": message}


def sent(
    attachments: list[dict[str, Any]], at: datetime, *, psid: str = PSID, mid: str = "", **more: Any
) -> dict[str, Any]:
    """A message with files."""
    message = {"mid": mid or f"m_{next(_mids):06d}", "attachments": attachments, **more}
    return {"sender": {"id": psid}, "recipient": {"id": PAGE}, "timestamp": stamp(at), "message": message}


def pressed(payload: str, at: datetime, *, psid: str = PSID, title: str = "زر") -> dict[str, Any]:
    """A button or an item of the menu."""
    return {
        "sender": {"id": psid}, "recipient": {"id": PAGE}, "timestamp": stamp(at),
        "postback": {"title": title, "payload": payload},
    }  # fmt: skip


def image(url: str = f"{CDN}/photo.jpg") -> dict[str, Any]:
    return {"type": "image", "payload": {"url": url}}


STICKER = {"type": "image", "payload": {"url": f"{CDN}/like.png", "sticker_id": 369239263222822}}
PLACE = {"type": "location", "payload": {"coordinates": {"lat": 31.9539, "long": 35.9106}}}
PLACE_AS_LINK = {
    "type": "fallback", "title": "Pinned Location", "payload": None,
    "url": "https://l.facebook.com/l.php?u=https%3A%2F%2Fwww.bing.com%2Fmaps%2Fdefault.aspx%3Fv%3D2%26pc%3DFACEBK"
    "%26where1%3D31.9539%252C%2B35.9106%26FORM%3DFBKPL1%26mkt%3Den-US&h=AT0",
}  # fmt: skip


def passed_over(at: datetime) -> list[dict[str, Any]]:
    """One of each sort that is not somebody talking to us."""
    who = {"sender": {"id": PSID}, "recipient": {"id": PAGE}, "timestamp": stamp(at)}
    return [
        {"sender": {"id": PAGE}, "recipient": {"id": PSID}, "timestamp": stamp(at),
         "message": {"is_echo": True, "app_id": 1517776481860111, "mid": "m_echo", "text": "وصلت شكواك"}},
        {**who, "delivery": {"mids": ["m_out1"], "watermark": stamp(at)}},
        {**who, "read": {"watermark": stamp(at)}},
        {**who, "reaction": {"reaction": "love", "emoji": "❤️", "action": "react", "mid": "m_out1"}},
        {**who, "optin": {"ref": "x"}},
        {**who, "message_edit": {"mid": "m_1", "text": "غيّرتها", "num_edit": 1}},
        {**who, "message": {"mid": "m_gone", "is_deleted": True}},
    ]  # fmt: skip


def echoed(metadata: str, at: datetime, *, psid: str = PSID) -> dict[str, Any]:
    """What the page itself said, with what it gave along."""
    return {
        "sender": {"id": PAGE}, "recipient": {"id": psid}, "timestamp": stamp(at),
        "message": {
            "is_echo": True, "app_id": 1517776481860111, "mid": f"m_{next(_mids):06d}", "text": "…",
            "metadata": metadata,
        },
    }  # fmt: skip


def post(*items: Any, entry: dict[str, Any] | None = None) -> bytes:
    """As Meta writes it: every letter beyond ASCII escaped, and slashes too."""
    body = {
        "object": "page",
        "entry": [{"id": PAGE, "time": 1_700_000_000_000, "messaging": list(items), **(entry or {})}],
    }
    return json.dumps(body, separators=(",", ":")).replace("/", "\\/").encode("ascii")


def signature(raw: bytes, secret: str = SECRET) -> str:
    return f"sha256={hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()}"
