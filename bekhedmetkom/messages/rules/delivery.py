"""By which way and when a message goes, and how long a text is on a telephone."""

from datetime import datetime, time, timedelta
from enum import StrEnum

from bekhedmetkom.kernel.clock import AMMAN
from bekhedmetkom.kernel.phones import is_mobile

QUIET_FROM, QUIET_UNTIL = time(21), time(8)
MOST_TRIES = 6

_BASIC = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_TWICE = set("^{}\\[~]|€\f")  # an escape goes before each of these


class Channel(StrEnum):
    EMAIL = "email"
    SMS = "sms"


def channel_for(email: str, phone: str) -> tuple[Channel, str] | None:
    """The way that costs nothing first; `None` where the person gave nothing that a message reaches."""
    if email:
        return Channel.EMAIL, email
    if phone and is_mobile(phone):
        return Channel.SMS, phone
    return None


def not_before(at: datetime, *, at_once: bool) -> datetime:
    """Nobody is woken between 21:00 and 08:00, but for what is urgent and what answers their own act."""
    local = at.astimezone(AMMAN)
    if at_once or QUIET_UNTIL <= local.time() < QUIET_FROM:
        return at
    day = local.date() + timedelta(days=local.time() >= QUIET_FROM)
    return datetime.combine(day, QUIET_UNTIL, AMMAN)


def sms_parts(text: str) -> int:
    """How many SMS a text takes: 160 plain Latin characters or 70 others in one, 153 or 67 in each of several."""
    if set(text) <= _BASIC | _TWICE:
        length, one, several = sum(2 if c in _TWICE else 1 for c in text), 160, 153
    else:
        length, one, several = len(text.encode("utf-16-be")) // 2, 70, 67
    return 1 if length <= one else -(-length // several)
