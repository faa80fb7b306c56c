"""What was counted last for each officer, by this process: to draw a list with, and for windows that ask at once."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache

from bekhedmetkom.cases.queries import desk_counts
from bekhedmetkom.kernel.actor import Actor

FRESH = timedelta(seconds=5)  # so long a count is as good as a new one, unless its officer has acted


class _Counted:
    counts: Mapping[str, int] = {}
    at: datetime | None = None


@lru_cache(maxsize=1024)
def _last(_viewer: Actor) -> _Counted:
    return _Counted()


def last_known(viewer: Actor) -> Mapping[str, int]:
    """How much waited in each queue when it was counted last; empty where that never was."""
    return _last(viewer).counts


def count(viewer: Actor, now: datetime) -> Mapping[str, int]:
    """How much waits in each queue."""
    last = _last(viewer)
    last.counts, last.at = desk_counts(viewer, now), now
    return last.counts


def count_or_recall(viewer: Actor, now: datetime) -> Mapping[str, int]:
    """The same, or what was true a few seconds ago."""
    last = _last(viewer)
    fresh = last.at is not None and timedelta() <= now - last.at < FRESH
    return last.counts if fresh else count(viewer, now)


def forget(viewer: Actor) -> None:
    """The officer acts: what was counted before is no longer good enough for them."""
    _last(viewer).at = None
