"""By which way and when a message goes, and when it is tried again."""

from datetime import datetime, time, timedelta
from enum import StrEnum

from bekhedmetkom.cases.rules.contact import TellBy
from bekhedmetkom.kernel.clock import AMMAN
from bekhedmetkom.kernel.phone_numbers import is_mobile

QUIET_FROM, QUIET_UNTIL = time(21), time(8)
MOST_TRIES = 6
MOST_PUSHES = 3  # then another way, which is there within minutes, if there is one


class Channel(StrEnum):
    """In this order: whoever wants none of them in particular is told by the first that reaches them."""

    MESSENGER = "messenger"
    PUSH = "push"
    EMAIL = "email"
    SMS = "sms"


def channel_for(
    email: str, phone: str, tell_by: TellBy = TellBy.ANY, *, messenger: str = "", push: str = ""
) -> tuple[Channel, str] | None:
    """The way that the person wants, else the first that reaches; `None` where none is wanted or reaches."""
    ways = {
        Channel.MESSENGER: messenger,
        Channel.PUSH: push,
        Channel.EMAIL: email,
        Channel.SMS: phone if phone and is_mobile(phone) else "",
    }
    if tell_by is TellBy.NONE:
        return None
    wanted_first = sorted(ways.items(), key=lambda way: way[0].value != tell_by.value)
    return next((way for way in wanted_first if way[1]), None)


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
