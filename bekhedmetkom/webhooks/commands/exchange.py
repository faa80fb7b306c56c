"""The turn of each body's system: what waits is sent, what was sent is asked about. One at a time, by a lease.

A system that is not there sleeps, longer each time, and nothing is lost meanwhile; as in `sending`, no transaction
stays open while it thinks.
"""

import logging
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django import db
from django.conf import settings
from django.db.models import QuerySet

from bekhedmetkom.kernel import outbound_http

from .. import georeport_client
from ..georeport_client import GeoReportClient, GeoReportError
from ..models import Connection, Forwarding
from ..rules.forwarding import BATCH_SIZE, GIVE_UP_AFTER, LOOKUP_DELAYS, ForwardingStep, ParkedReason
from ..rules.webhook_protocol import get_retry_delay
from .forwarding import fetch_number, find_lost_case, send_case
from .status_updates import fetch_updates

TURN_SECONDS = 60.0  # after which the next system has its turn
LEASE = timedelta(minutes=5)  # much longer than a turn with its last calls

STEP_HANDLERS: Mapping[str, Callable[[GeoReportClient, Connection, Forwarding, datetime], bool]] = {
    str(ForwardingStep.PENDING): send_case,
    str(ForwardingStep.IN_DOUBT): find_lost_case,
    str(ForwardingStep.AWAITING_ID): fetch_number,
}

log = logging.getLogger(__name__)


def run_due_exchanges(at: datetime) -> int:
    """Let each system that is due have its turn; how many cases came there or had news."""
    done = 0
    with outbound_http.create_client(
        settings.OUTWARD_NETWORKS, patience=georeport_client.TIMEOUT_SECONDS
    ) as client:
        while (connection := _claim_connection(at)) is not None:
            done += _run_turn(client, connection, at)
    return done


def _run_turn(client: outbound_http.Client, connection: Connection, at: datetime) -> int:
    server = GeoReportClient(client, connection.url, connection.form, connection.jurisdiction)
    until, done, sleep = time.monotonic() + TURN_SECONDS, 0, timedelta()
    row: Forwarding | None = None
    try:
        while time.monotonic() < until and (
            row := _filter_due(connection, at).exclude(step=ForwardingStep.FORWARDED).first()
        ):
            done += STEP_HANDLERS[row.step](server, connection, row, at)
        while time.monotonic() < until and (
            rows := list(_filter_due(connection, at).filter(step=ForwardingStep.FORWARDED)[:BATCH_SIZE])
        ):
            done += fetch_updates(server, connection, rows, at)
        connection.failures, connection.last_status = 0, 200
    except GeoReportError as failed:
        connection.failures, connection.last_status = connection.failures + 1, failed.status
        sleep = get_retry_delay(connection.failures)
        if row is not None:
            _postpone(row, at)
        log.warning("connection %s: %s (%s)", connection.pk, type(failed).__name__, failed.status)
    Connection.objects.filter(pk=connection.pk).update(
        awake_at=at + sleep, failures=connection.failures, last_status=connection.last_status
    )
    return done


def _postpone(row: Forwarding, at: datetime) -> None:
    """What could not be asked about holds up nothing that waits to be sent; after three days a person looks at it."""
    asked = Forwarding.objects.filter(
        pk=row.pk, step__in=[ForwardingStep.IN_DOUBT, ForwardingStep.AWAITING_ID], next_at__lte=at
    )
    why = ParkedReason.NO_NUMBER if row.step == ForwardingStep.AWAITING_ID else ParkedReason.IN_DOUBT
    late = row.sent_at is not None and at - row.sent_at > GIVE_UP_AFTER
    asked.update(next_at=at + LOOKUP_DELAYS[-1], **({"parked_at": at, "why": why} if late else {}))


def _filter_due(connection: Connection, at: datetime) -> QuerySet[Forwarding]:
    waiting = Forwarding.objects.filter(connection=connection, parked_at=None, next_at__lte=at)
    return waiting.exclude(step=ForwardingStep.ENDED).order_by("next_at", "pk")


def _claim_connection(at: datetime) -> Connection | None:
    with db.connection.cursor() as cursor:
        cursor.execute(CLAIM_SQL, {"at": at, "lease": at + LEASE})
        row = cursor.fetchone()
    return Connection.objects.get(pk=row[0]) if row else None


CLAIM_SQL = """
UPDATE webhooks_connection SET awake_at = %(lease)s WHERE id = (
    SELECT c.id FROM webhooks_connection c
    WHERE c.ended_at IS NULL AND c.awake_at <= %(at)s AND EXISTS (
        SELECT FROM webhooks_forwarding f
        WHERE f.connection_id = c.id AND f.parked_at IS NULL AND f.step <> 'over' AND f.next_at <= %(at)s)
    ORDER BY c.awake_at, c.id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id
"""
