"""The queue of incoming events, processed in order for each person. A claim is a lease that expires.

An event is completed in the transaction that answers it (assistant/commands/messenger_events.py).
"""

from datetime import datetime, timedelta

from django.db import connection

from ..models import Echo, Event
from ..rules.send_api import get_retry_delay
from .outgoing_messages import ECHO_WINDOW

LEASE = timedelta(minutes=5)  # longer than the download of ten files (file_download.TIMEOUT_SECONDS each)
ORDERING_GRACE = timedelta(seconds=0.5)  # an earlier event may arrive a little later
KEY_LIFETIME = timedelta(days=30)
MAX_TRIES = 8


def claim_event(at: datetime) -> Event | None:
    """Claim the next event: the first one of a person. Return `None` if none is due."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM_SQL, {"at": at, "before": at - ORDERING_GRACE, "lease": at + LEASE})
        row = cursor.fetchone()
    return Event.objects.get(pk=row[0]) if row else None


def lock_claimed_event(event: Event) -> bool:
    """Lock a claimed event; return whether the claim still holds. Call it inside the transaction."""
    row = Event.objects.select_for_update().filter(pk=event.pk, tries=event.tries, worked_at=None)
    return row.exists()


def complete_event(event: Event, at: datetime) -> None:
    """Mark the event as processed and erase all but its key."""
    Event.objects.filter(pk=event.pk).update(worked_at=at, item=b"", person=b"", files=None)


def reschedule_event(event: Event, at: datetime) -> None:
    """Schedule the event for another attempt."""
    Event.objects.filter(pk=event.pk, tries=event.tries).update(not_before=at + get_retry_delay(event.tries))


def has_no_tries_left(event: Event) -> bool:
    """Return whether the event has used its attempts; later events of the person wait for it."""
    return event.tries >= MAX_TRIES


def delete_old_events(at: datetime) -> int:
    """Delete keys after a month and echoes after a day; return how many rows."""
    echoes = Echo.objects.filter(came_at__lt=at - ECHO_WINDOW).delete()[0]
    return echoes + Event.objects.filter(worked_at__lt=at - KEY_LIFETIME).delete()[0]


CLAIM_SQL = """
UPDATE messenger_event SET not_before = %(lease)s, tries = tries + 1 WHERE id = (
    SELECT e.id FROM messenger_event e
    WHERE e.worked_at IS NULL AND e.not_before <= %(at)s AND e.came_at <= %(before)s AND NOT EXISTS (
        SELECT FROM messenger_event o
        WHERE o.worked_at IS NULL AND o.person = e.person AND (o.at, o.id) < (e.at, e.id))
    ORDER BY e.not_before, e.id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id
"""
