"""By which way and when a message goes, and when it is tried again."""

from datetime import datetime, time, timedelta
from enum import StrEnum

from bekhedmetkom.kernel.clock import AMMAN
from bekhedmetkom.kernel.phones import is_mobile

QUIET_FROM, QUIET_UNTIL = time(21), time(8)
MOST_TRIES = 6


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


def wait_after(tries: int) -> timedelta:
    """How long to wait after so many tries, about: 1, 5 and 25 minutes, then 2, 10 and 52 hours."""
    return timedelta(minutes=5.0 ** (tries - 1))
