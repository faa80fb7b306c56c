"""Telling open screens: rows first, then one word to whoever listens."""

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db import connection, transaction

from .models import Told
from .rules import Topic

CHANNEL = "live"
KEPT = 50  # of the feed, however old: on a quiet night it still says something

# Numbers are drawn under this lock, which lasts until the commit: a higher one is never seen before a lower one.
IN_TURN = "SELECT pg_advisory_xact_lock(hashtext('live'))"
FORGET = """
DELETE FROM live_told WHERE told_at < now() - interval '1 hour' AND (topic <> 'feed' OR id <=
    (SELECT id FROM live_told WHERE topic = 'feed' ORDER BY id DESC OFFSET %s LIMIT 1))
"""


@transaction.atomic
def tell(rows: Sequence[Told]) -> None:
    """Tell these at the commit of the transaction around this; the last thing that it does, for others wait."""
    with connection.cursor() as cursor:
        cursor.execute(IN_TURN)
        Told.objects.bulk_create(rows)
        cursor.execute(FORGET, [KEPT])
        cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])


def tell_changed(topic: Topic) -> None:
    """That something has changed, and no more: for followers whose figures a page shows."""
    tell([Told(topic=topic)])


def take_out(cases: Collection[UUID]) -> None:
    """What the feed said of these cases is not shown any more."""
    Told.objects.filter(topic=Topic.FEED, case__in=cases).delete()
