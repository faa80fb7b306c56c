"""Queries of Messenger: delivery of officers' messages, and queue lengths."""

from collections.abc import Iterable

from .models import Event, Saying


def get_delivery_statuses(lines: Iterable[int]) -> dict[int, str]:
    """Return `waiting` or the failure of each officer's line; delivered lines are left out."""
    rows = Saying.objects.filter(line__in=list(lines)).order_by("pk")
    return {row.line: row.why or "waiting" for row in rows if row.line is not None}


def count_waiting() -> dict[str, int]:
    """Return how many events and outgoing messages wait."""
    return {
        "events": Event.objects.filter(worked_at=None).count(),
        "sayings": Saying.objects.exclude(state="parked").count(),
    }
