"""What is asked of Messenger: which of an officer's lines did not arrive, how much waits, whether it has stopped."""

from collections.abc import Iterable
from datetime import datetime

from bekhedmetkom.messages.models import MessengerPerson
from bekhedmetkom.messages.rules.messenger import Window, window

from .models import Event, Saying


def fates(lines: Iterable[int]) -> dict[int, str]:
    """Of these lines of talks: `waiting`, or why one could not be said. Of those that were said there is nothing."""
    rows = Saying.objects.filter(line__in=list(lines)).order_by("pk")
    return {row.line: row.why or "waiting" for row in rows if row.line is not None}


def may_be_written_to(psid: str, at: datetime) -> Window:
    """Whether an officer can still write to this person."""
    person = MessengerPerson.objects.filter(psid=psid, refused=False).first()
    return window(person.heard_at, at) if person else Window.CLOSED


def waiting() -> dict[str, int]:
    """How many events wait to be worked, and how many calls to be made."""
    return {
        "events": Event.objects.filter(worked_at=None).count(),
        "sayings": Saying.objects.exclude(state="parked").count(),
    }
