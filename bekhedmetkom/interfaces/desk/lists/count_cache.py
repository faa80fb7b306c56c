"""Per-process cache of each officer's queue counts."""

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
    """`journal_position`: position in the event journals at the time of counting."""

    counts: Mapping[str, int] = {}
    counted_at: datetime | None = None
    journal_position = 0


@lru_cache(maxsize=1024)
def _get_entry(_viewer: Actor) -> _CachedCounts:
    return _CachedCounts()


def get_cached_counts(viewer: Actor) -> Mapping[str, int]:
    """Return the last counts by queue; empty if there are none."""
    return _get_entry(viewer).counts


def count_queues(viewer: Actor, now: datetime, place: int = 0) -> Mapping[str, int]:
    """Count the cases in each queue and the unseen notifications."""
    last = _get_entry(viewer)
    last.counts, last.counted_at, last.journal_position = (
        desk_counts(viewer, now) | _count_other_pages(viewer, now),
        now,
        place,
    )
    return last.counts


def get_recent_counts(viewer: Actor, now: datetime) -> Mapping[str, int]:
    """Return cached counts if they are recent enough, else count. Notifications follow events with a short delay."""
    last = _get_entry(viewer)
    age = MAX_QUIET_AGE if last.counted_at is None or now < last.counted_at else now - last.counted_at
    if age < MAX_AGE:
        return last.counts
    if age < MAX_QUIET_AGE and not has_new_events(last.journal_position):
        last.counts = {**last.counts, **_count_other_pages(viewer, now)}
        return last.counts
    return count_queues(viewer, now, get_last_event_id())


def _count_other_pages(viewer: Actor, now: datetime) -> dict[str, int]:
    """Count what no case event changes."""
    talks = (
        {CONVERSATIONS_KEY: talks_waiting(viewer)} if has_permission_anywhere(viewer, Permission.TALK) else {}
    )
    return {NOTIFICATIONS_KEY: count_unseen_lines(viewer, now), **talks}


def mark_notifications_seen(viewer: Actor) -> None:
    """Set the cached notification count to zero."""
    last = _get_entry(viewer)
    last.counts = {**last.counts, NOTIFICATIONS_KEY: 0}


def expire_counts(viewer: Actor) -> None:
    """Drop the officer's cached counts, because the officer acts."""
    _get_entry(viewer).counted_at = None
