"""The turn of each body's system: what waits is sent, what was sent is asked about. One at a time, by a lease.

A system that is not there sleeps, longer each time, and nothing is lost meanwhile; as in `sending`, no transaction
stays open while it thinks.
"""

import logging
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection as database
from django.db.models import QuerySet

from bekhedmetkom.kernel import outbound_http

from .. import server as server_at
from ..models import Connection, Forwarding
from ..rules.forwarding import AT_ONCE, GIVEN_UP_AFTER, LOOKED_FOR, Step, Why
from ..rules.telling import wait_after
from ..server import Failed, Server
from .forwarding import ask_number, look, send
from .pulling import pull

TURN_SECONDS = 60.0  # after which the next system has its turn
LEASE = timedelta(minutes=5)  # much longer than a turn with its last calls

STEPS: Mapping[str, Callable[[Server, Connection, Forwarding, datetime], bool]] = {
    str(Step.TO_SEND): send,
    str(Step.IN_DOUBT): look,
    str(Step.NUMBERLESS): ask_number,
}

log = logging.getLogger(__name__)


def exchange_due(at: datetime) -> int:
    """Let each system that is due have its turn; how many cases came there or had news."""
    done = 0
    with outbound_http.create_client(settings.OUTWARD_NETWORKS, patience=server_at.PATIENCE) as client:
        while (connection := _claim(at)) is not None:
            done += _turn(client, connection, at)
    return done


def _turn(client: outbound_http.Client, connection: Connection, at: datetime) -> int:
    server = Server(client, connection.url, connection.form, connection.jurisdiction)
    until, done, sleep = time.monotonic() + TURN_SECONDS, 0, timedelta()
    row: Forwarding | None = None
    try:
        while time.monotonic() < until and (row := _due(connection, at).exclude(step=Step.THERE).first()):
            done += STEPS[row.step](server, connection, row, at)
        while time.monotonic() < until and (
            rows := list(_due(connection, at).filter(step=Step.THERE)[:AT_ONCE])
        ):
            done += pull(server, connection, rows, at)
        connection.failures, connection.last_status = 0, 200
    except Failed as failed:
        connection.failures, connection.last_status = connection.failures + 1, failed.status
        sleep = wait_after(connection.failures)
        if row is not None:
            _after_the_others(row, at)
        log.warning("connection %s: %s (%s)", connection.pk, type(failed).__name__, failed.status)
    Connection.objects.filter(pk=connection.pk).update(
        awake_at=at + sleep, failures=connection.failures, last_status=connection.last_status
    )
    return done


def _after_the_others(row: Forwarding, at: datetime) -> None:
    """What could not be asked about holds up nothing that waits to be sent; after three days a person looks at it."""
    asked = Forwarding.objects.filter(pk=row.pk, step__in=[Step.IN_DOUBT, Step.NUMBERLESS], next_at__lte=at)
    why = Why.NO_NUMBER if row.step == Step.NUMBERLESS else Why.IN_DOUBT
    late = row.sent_at is not None and at - row.sent_at > GIVEN_UP_AFTER
    asked.update(next_at=at + LOOKED_FOR[-1], **({"parked_at": at, "why": why} if late else {}))


def _due(connection: Connection, at: datetime) -> QuerySet[Forwarding]:
    waiting = Forwarding.objects.filter(connection=connection, parked_at=None, next_at__lte=at)
    return waiting.exclude(step=Step.OVER).order_by("next_at", "pk")


def _claim(at: datetime) -> Connection | None:
    with database.cursor() as cursor:
        cursor.execute(CLAIM, {"at": at, "lease": at + LEASE})
        row = cursor.fetchone()
    return Connection.objects.get(pk=row[0]) if row else None


CLAIM = """
UPDATE webhooks_connection SET awake_at = %(lease)s WHERE id = (
    SELECT c.id FROM webhooks_connection c
    WHERE c.ended_at IS NULL AND c.awake_at <= %(at)s AND EXISTS (
        SELECT FROM webhooks_forwarding f
        WHERE f.connection_id = c.id AND f.parked_at IS NULL AND f.step <> 'over' AND f.next_at <= %(at)s)
    ORDER BY c.awake_at, c.id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id
"""
