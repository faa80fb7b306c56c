"""What is asked of Messenger: which of an officer's lines did not arrive, and how much waits."""

from collections.abc import Iterable

from .models import Event, Saying


def get_delivery_statuses(lines: Iterable[int]) -> dict[int, str]:
    """Of these lines of talks: `waiting`, or why one could not be said. Of those that were said there is nothing."""
    rows = Saying.objects.filter(line__in=list(lines)).order_by("pk")
    return {row.line: row.why or "waiting" for row in rows if row.line is not None}


def count_waiting() -> dict[str, int]:
    """How many events wait to be worked, and how many calls to be made."""
    return {
        "events": Event.objects.filter(worked_at=None).count(),
        "sayings": Saying.objects.exclude(state="parked").count(),
    }
