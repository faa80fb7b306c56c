"""What was counted last for each officer, by this process: to draw a list with, and not to count again for nothing."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache

from bekhedmetkom.assistant.queries.inbox import count_waiting as talks_waiting
from bekhedmetkom.cases.queries import count_queues as desk_counts
from bekhedmetkom.cases.queries import get_last_event_id, has_new_events
from bekhedmetkom.cases.rules.access import has_permission_anywhere
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.notifications.queries import count_unseen_lines

NOTIFICATIONS_KEY = "bell"  # among the queues: how much on the bell is not seen
CONVERSATIONS_KEY = "talks"  # and how many talks wait for the officer
MAX_AGE = timedelta(seconds=5)  # so long a count is as good as a new one, unless its officer has acted …
MAX_QUIET_AGE = timedelta(
    minutes=1
)  # … and so long, where nothing has happened to any case that they may see


class _CachedCounts:
    """`place`: in the journals, when it was counted."""

    counts: Mapping[str, int] = {}
    at: datetime | None = None
    place = 0


@lru_cache(maxsize=1024)
def _get_entry(_viewer: Actor) -> _CachedCounts:
    return _CachedCounts()


def get_cached_counts(viewer: Actor) -> Mapping[str, int]:
    """How much waited in each queue when it was counted last; empty where that never was."""
    return _get_entry(viewer).counts


def count_queues(viewer: Actor, now: datetime, place: int = 0) -> Mapping[str, int]:
    """How much waits in each queue, and on the bell."""
    last = _get_entry(viewer)
    last.counts, last.at, last.place = desk_counts(viewer, now) | _count_other_pages(viewer, now), now, place
    return last.counts


def get_recent_counts(viewer: Actor, now: datetime) -> Mapping[str, int]:
    """The same, or what was counted before, where that is good enough. The bell rings a little after the event."""
    last = _get_entry(viewer)
    age = MAX_QUIET_AGE if last.at is None or now < last.at else now - last.at
    if age < MAX_AGE:
        return last.counts
    if age < MAX_QUIET_AGE and not has_new_events(last.place):
        last.counts = {**last.counts, **_count_other_pages(viewer, now)}
        return last.counts
    return count_queues(viewer, now, get_last_event_id())


def _count_other_pages(viewer: Actor, now: datetime) -> dict[str, int]:
    """What no event of a case moves."""
    talks = (
        {CONVERSATIONS_KEY: talks_waiting(viewer)} if has_permission_anywhere(viewer, Permission.TALK) else {}
    )
    return {NOTIFICATIONS_KEY: count_unseen_lines(viewer, now), **talks}


def mark_notifications_seen(viewer: Actor) -> None:
    """The officer has the bell before them."""
    last = _get_entry(viewer)
    last.counts = {**last.counts, NOTIFICATIONS_KEY: 0}


def expire_counts(viewer: Actor) -> None:
    """The officer acts: what was counted before is no longer good enough for them."""
    _get_entry(viewer).at = None
