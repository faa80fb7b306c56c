"""Handing over what is due, at least once: a subscription is claimed for a while, and its deliveries go in order.

The claim is a lease and no lock, so that no transaction stays open while somebody's server thinks; whoever is killed
in the middle leaves a delivery that goes out again, with the same id.
"""

import logging
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet

from bekhedmetkom.cases.commands import mark_event_sent
from bekhedmetkom.cases.rules.states import EventType
from bekhedmetkom.cases.rules.undo import is_undoable
from bekhedmetkom.config.key_derivation import get_secret_box
from bekhedmetkom.entities.commands import save_change
from bekhedmetkom.identity.commands.change_log import ensure_administrator
from bekhedmetkom.kernel import outbound_http
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import NotAllowed, Refusal
from bekhedmetkom.kernel.text import BilingualText

from ..models import Delivery, Subscription
from ..rules.webhook_protocol import (
    GIVE_UP_AFTER,
    ReceiverAnswer,
    get_retry_delay,
    interpret_status,
    sign_payload,
)
from .subscriptions import ENCRYPTION_PURPOSE

TURN_SECONDS = 30.0  # after which the next subscription has its turn
LEASE = timedelta(minutes=3)  # much longer than a turn that begins late, with its last call
RETENTION = timedelta(days=30)  # what was taken, for its sender to look at
MAX_RESPONSE_BYTES = 64 * 1024  # bytes of an answer, which says nothing that we want to know

_NOTHING_PARKED = BilingualText("ليس هنا ما يُرسل من جديد.", "There is nothing here to send again.")

log = logging.getLogger(__name__)


def send_due_deliveries(at: datetime) -> int:
    """Let subscriptions that are due have their turn, as long as one lasts; how many deliveries were taken.

    The next come with the caller's next `at`: a claim counts from it, and by it a receiver knows what is too old.
    """
    done, until = 0, time.monotonic() + TURN_SECONDS
    with outbound_http.create_client(settings.OUTWARD_NETWORKS) as client:
        while time.monotonic() < until and (subscription := _claim_subscription(at)) is not None:
            done += _run_turn(client, subscription, at)
    return done


def retry_delivery(*, delivery: int, at: datetime, client: int) -> None:
    """A parked delivery goes out once more, as its program wants. Raises `NotAllowed`."""
    mine = Delivery.objects.filter(pk=delivery, subscription__client=client, subscription__ended_at=None)
    if not _unpark(mine, at):
        raise NotAllowed


def retry_parked_deliveries(*, subscription: int, actor: Actor, at: datetime) -> None:
    """All that one address did not take goes out again at once; who wanted it is written down. Raises `Refused`."""
    ensure_administrator(actor)
    with transaction.atomic():
        row = Subscription.objects.select_for_update().filter(pk=subscription, ended_at=None).first()
        if row is None or not _unpark(row.deliveries.all(), at):
            raise Refusal(_NOTHING_PARKED)
        row.awake_at = at
        save_change(row, actor=actor, at=at)


def _unpark(deliveries: QuerySet[Delivery], at: datetime) -> int:
    """As if they were new: three days more."""
    return deliveries.filter(parked_at__isnull=False).update(
        parked_at=None, tries=0, not_before=at, created_at=at
    )


def delete_old_deliveries(at: datetime) -> int:
    """Drop what was taken a month ago."""
    return Delivery.objects.filter(taken_at__lt=at - RETENTION).delete()[0]


def _run_turn(client: outbound_http.Client, subscription: Subscription, at: datetime) -> int:
    done, sleep = 0, timedelta()
    for delivery in _iterate_due_deliveries(subscription, at):
        status = _post_delivery(client, subscription, delivery, at)
        subscription.last_status = status or 0
        match interpret_status(status):
            case ReceiverAnswer.ACCEPTED:
                subscription.failures = 0
                done += Delivery.objects.filter(pk=delivery.pk).update(taken_at=at, tries=delivery.tries + 1)
            case ReceiverAnswer.REJECTED:
                _postpone(delivery, at)
            case ReceiverAnswer.GONE:
                Subscription.objects.filter(pk=subscription.pk, ended_at=None).update(ended_at=at)
                subscription.deliveries.filter(taken_at=None).delete()
                break
            case ReceiverAnswer.UNAVAILABLE:
                subscription.failures += 1
                sleep = get_retry_delay(subscription.failures)
                Delivery.objects.filter(pk=delivery.pk).update(tries=delivery.tries + 1)
                _filter_waiting(subscription).filter(created_at__lt=at - GIVE_UP_AFTER).update(parked_at=at)
                break
    Subscription.objects.filter(pk=subscription.pk).update(
        awake_at=at + sleep, failures=subscription.failures, last_status=subscription.last_status
    )
    return done


def _iterate_due_deliveries(subscription: Subscription, at: datetime) -> Iterator[Delivery]:
    """One after the other, as long as a turn lasts; what was undone meanwhile is dropped."""
    until, last = time.monotonic() + TURN_SECONDS, 0
    while time.monotonic() < until:
        due = _filter_waiting(subscription).filter(not_before__lte=at, pk__gt=last).select_related("event")
        delivery = due.order_by("pk").first()
        if delivery is None:
            return
        last = delivery.pk
        event = delivery.event
        if is_undoable(EventType(event.kind), event.actor) and not mark_event_sent(
            case=event.case_id, seq=event.seq
        ):
            delivery.delete()
            continue
        yield delivery


def _filter_waiting(subscription: Subscription) -> QuerySet[Delivery]:
    return Delivery.objects.filter(subscription=subscription, taken_at=None, parked_at=None)


def _postpone(delivery: Delivery, at: datetime) -> None:
    """The receiver will not have this one; perhaps once it is mended."""
    wait = get_retry_delay(delivery.tries + 2)
    parked = at if at - delivery.created_at > GIVE_UP_AFTER else None
    Delivery.objects.filter(pk=delivery.pk).update(
        tries=delivery.tries + 1, not_before=at + wait, parked_at=parked
    )


def _post_delivery(
    client: outbound_http.Client, subscription: Subscription, delivery: Delivery, at: datetime
) -> int | None:
    """The status of the answer; `None` where there was none."""
    body = delivery.body.encode()
    headers = sign_payload(f"msg_{delivery.pk}", at, body, _list_secrets(subscription, at))
    try:
        with client.stream(
            "POST", subscription.url, content=body, headers={"Content-Type": "application/json", **headers}
        ) as answer:
            outbound_http.read_response(answer, MAX_RESPONSE_BYTES, outbound_http.TIMEOUT_SECONDS)
            return answer.status_code
    except outbound_http.ResponseTooLarge:
        return answer.status_code
    except outbound_http.REQUEST_ERRORS as error:
        log.warning("subscription %s: nobody answered (%s)", subscription.pk, type(error).__name__)
        return None


def _list_secrets(subscription: Subscription, at: datetime) -> list[bytes]:
    kept = [bytes(subscription.secret)]
    if subscription.old_secret and subscription.old_until and at < subscription.old_until:
        kept.append(bytes(subscription.old_secret))
    return [get_secret_box(ENCRYPTION_PURPOSE).decrypt(secret) for secret in kept]


def _claim_subscription(at: datetime) -> Subscription | None:
    with connection.cursor() as cursor:
        cursor.execute(CLAIM_SQL, {"at": at, "lease": at + LEASE})
        row = cursor.fetchone()
    return Subscription.objects.get(pk=row[0]) if row else None


# Whoever has waited longest; a subscription with nothing to say is not awake for it, nor a revoked program's.
CLAIM_SQL = """
UPDATE webhooks_subscription SET awake_at = %(lease)s WHERE id = (
    SELECT s.id FROM webhooks_subscription s JOIN identity_apiclient c ON c.id = s.client_id AND c.revoked_at IS NULL
    WHERE s.ended_at IS NULL AND s.awake_at <= %(at)s AND EXISTS (
        SELECT FROM webhooks_delivery d
        WHERE d.subscription_id = s.id AND d.taken_at IS NULL AND d.parked_at IS NULL AND d.not_before <= %(at)s)
    ORDER BY s.awake_at, s.id LIMIT 1 FOR UPDATE OF s SKIP LOCKED)
RETURNING id
"""
