"""By which way and when a message goes, and when it is tried again."""

from datetime import datetime, time, timedelta
from enum import StrEnum

from bekhedmetkom.cases.rules.contact import TellBy
from bekhedmetkom.kernel.clock import AMMAN
from bekhedmetkom.kernel.phones import is_mobile

QUIET_FROM, QUIET_UNTIL = time(21), time(8)
MOST_TRIES = 6


class Channel(StrEnum):
    EMAIL = "email"
    SMS = "sms"


def channel_for(email: str, phone: str, tell_by: TellBy = TellBy.ANY) -> tuple[Channel, str] | None:
    """The way that the person wants, else the one that costs nothing first; `None` where none is wanted or reaches."""
    ways = [(Channel.EMAIL, email), (Channel.SMS, phone if phone and is_mobile(phone) else "")]
    if tell_by is TellBy.SMS:
        ways.reverse()
    return None if tell_by is TellBy.NONE else next((way for way in ways if way[1]), None)


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
