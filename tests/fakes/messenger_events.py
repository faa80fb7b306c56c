"""What Meta posts to the webhook, in its shapes: one message, batches, and all that is not meant for us."""

import hashlib
import hmac
import json
from datetime import datetime
from itertools import count
from typing import Any

APP_SECRET, VERIFY_TOKEN = "an app secret", "a verify token"
PAGE_ID, PSID, OTHER_PSID = "682498302938465", "2368846059863995", "7712345678901234"
CDN = "https://scontent.xx.fbcdn.net/v/t1.15752-9"

_message_numbers = count(1)


def to_timestamp(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def build_text(text: str, at: datetime, *, psid: str = PSID, mid: str = "", **more: Any) -> dict[str, Any]:
    """A message in words."""
    message = {"mid": mid or f"m_{next(_message_numbers):06d}", "text": text, **more}
    return {
        "sender": {"id": psid},
        "recipient": {"id": PAGE_ID},
        "timestamp": to_timestamp(at),
        "message": message,
    }


def build_attachments(
    attachments: list[dict[str, Any]], at: datetime, *, psid: str = PSID, mid: str = "", **more: Any
) -> dict[str, Any]:
    """A message with files."""
    message = {"mid": mid or f"m_{next(_message_numbers):06d}", "attachments": attachments, **more}
    return {
        "sender": {"id": psid},
        "recipient": {"id": PAGE_ID},
        "timestamp": to_timestamp(at),
        "message": message,
    }


def build_postback(payload: str, at: datetime, *, psid: str = PSID, title: str = "زر") -> dict[str, Any]:
    """A button or an item of the menu."""
    return {
        "sender": {"id": psid}, "recipient": {"id": PAGE_ID}, "timestamp": to_timestamp(at),
        "postback": {"title": title, "payload": payload},
    }  # fmt: skip


def build_image(url: str = f"{CDN}/photo.jpg") -> dict[str, Any]:
    return {"type": "image", "payload": {"url": url}}


STICKER = {"type": "image", "payload": {"url": f"{CDN}/like.png", "sticker_id": 369239263222822}}
LOCATION = {"type": "location", "payload": {"coordinates": {"lat": 31.9539, "long": 35.9106}}}
LOCATION_LINK = {
    "type": "fallback", "title": "Pinned Location", "payload": None,
    "url": "https://l.facebook.com/l.php?u=https%3A%2F%2Fwww.bing.com%2Fmaps%2Fdefault.aspx%3Fv%3D2%26pc%3DFACEBK"
    "%26where1%3D31.9539%252C%2B35.9106%26FORM%3DFBKPL1%26mkt%3Den-US&h=AT0",
}  # fmt: skip


def list_irrelevant_events(at: datetime) -> list[dict[str, Any]]:
    """One of each sort that is not somebody talking to us."""
    who = {"sender": {"id": PSID}, "recipient": {"id": PAGE_ID}, "timestamp": to_timestamp(at)}
    return [
        {"sender": {"id": PAGE_ID}, "recipient": {"id": PSID}, "timestamp": to_timestamp(at),
         "message": {"is_echo": True, "app_id": 1517776481860111, "mid": "m_echo", "text": "وصلت شكواك"}},
        {**who, "delivery": {"mids": ["m_out1"], "watermark": to_timestamp(at)}},
        {**who, "read": {"watermark": to_timestamp(at)}},
        {**who, "reaction": {"reaction": "love", "emoji": "❤️", "action": "react", "mid": "m_out1"}},
        {**who, "optin": {"ref": "x"}},
        {**who, "message_edit": {"mid": "m_1", "text": "غيّرتها", "num_edit": 1}},
        {**who, "message": {"mid": "m_gone", "is_deleted": True}},
    ]  # fmt: skip


def build_echo(metadata: str, at: datetime, *, psid: str = PSID) -> dict[str, Any]:
    """What the page itself said, with what it gave along."""
    return {
        "sender": {"id": PAGE_ID}, "recipient": {"id": psid}, "timestamp": to_timestamp(at),
        "message": {
            "is_echo": True, "app_id": 1517776481860111, "mid": f"m_{next(_message_numbers):06d}", "text": "…",
            "metadata": metadata,
        },
    }  # fmt: skip


def build_webhook_body(*items: Any, entry: dict[str, Any] | None = None) -> bytes:
    """As Meta writes it: every letter beyond ASCII escaped, and slashes too."""
    body = {
        "object": "page",
        "entry": [{"id": PAGE_ID, "time": 1_700_000_000_000, "messaging": list(items), **(entry or {})}],
    }
    return json.dumps(body, separators=(",", ":")).replace("/", "\\/").encode("ascii")


def sign_body(raw: bytes, secret: str = APP_SECRET) -> str:
    return f"sha256={hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()}"
