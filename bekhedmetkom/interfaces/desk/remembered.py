"""What was counted last for each officer, by this process: to draw a list with, and not to count again for nothing."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache

from bekhedmetkom.assistant.queries.inbox import count_waiting as talks_waiting
from bekhedmetkom.cases.queries import desk_counts, last_event, moved_since
from bekhedmetkom.cases.rules.access import holds
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.messages.queries import unseen

BELL = "bell"  # among the queues: how much on the bell is not seen
TALKS = "talks"  # and how many talks wait for the officer
FRESH = timedelta(seconds=5)  # so long a count is as good as a new one, unless its officer has acted …
QUIET = timedelta(minutes=1)  # … and so long, where nothing has happened to any case that they may see


class _Counted:
    """`place`: in the journals, when it was counted."""

    counts: Mapping[str, int] = {}
    at: datetime | None = None
    place = 0


@lru_cache(maxsize=1024)
def _last(_viewer: Actor) -> _Counted:
    return _Counted()


def last_known(viewer: Actor) -> Mapping[str, int]:
    """How much waited in each queue when it was counted last; empty where that never was."""
    return _last(viewer).counts


def count(viewer: Actor, now: datetime, place: int = 0) -> Mapping[str, int]:
    """How much waits in each queue, and on the bell."""
    last = _last(viewer)
    last.counts, last.at, last.place = desk_counts(viewer, now) | _beside(viewer, now), now, place
    return last.counts


def count_or_recall(viewer: Actor, now: datetime) -> Mapping[str, int]:
    """The same, or what was counted before, where that is good enough. The bell rings a little after the event."""
    last = _last(viewer)
    age = QUIET if last.at is None or now < last.at else now - last.at
    if age < FRESH:
        return last.counts
    if age < QUIET and not moved_since(last.place):
        last.counts = {**last.counts, **_beside(viewer, now)}
        return last.counts
    return count(viewer, now, last_event())


def _beside(viewer: Actor, now: datetime) -> dict[str, int]:
    """What no event of a case moves."""
    talks = {TALKS: talks_waiting(viewer)} if holds(viewer, Permission.TALK) else {}
    return {BELL: unseen(viewer, now), **talks}


def has_seen(viewer: Actor) -> None:
    """The officer has the bell before them."""
    last = _last(viewer)
    last.counts = {**last.counts, BELL: 0}


def forget(viewer: Actor) -> None:
    """The officer acts: what was counted before is no longer good enough for them."""
    _last(viewer).at = None
