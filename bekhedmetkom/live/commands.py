"""Publishes live updates: stores rows, then notifies listeners."""

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db import connection, transaction

from .models import Told
from .rules import Topic

NOTIFY_CHANNEL = "live"
MIN_FEED_ROWS = 50  # of the feed, however old: on a quiet night it still says something

# Numbers are drawn under this lock, which lasts until the commit: a higher one is never seen before a lower one.
LOCK_SQL = "SELECT pg_advisory_xact_lock(hashtext('live'))"
DELETE_OLD_SQL = """
DELETE FROM live_told WHERE told_at < now() - interval '1 hour' AND (topic <> 'feed' OR id <=
    (SELECT id FROM live_told WHERE topic = 'feed' ORDER BY id DESC OFFSET %s LIMIT 1))
"""


@transaction.atomic
def publish_updates(rows: Sequence[Told]) -> None:
    """Store these rows and notify at commit. Call it last in a transaction: it holds a lock until the commit."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK_SQL)
        Told.objects.bulk_create(rows)
        cursor.execute(DELETE_OLD_SQL, [MIN_FEED_ROWS])
        cursor.execute("SELECT pg_notify(%s, '')", [NOTIFY_CHANNEL])


def publish_change(topic: Topic) -> None:
    """Publish that the figures of a topic changed, without data."""
    publish_updates([Told(topic=topic)])


def remove_from_feed(cases: Collection[UUID]) -> None:
    """Delete these cases' entries from the feed."""
    Told.objects.filter(topic=Topic.FEED, case__in=cases).delete()
