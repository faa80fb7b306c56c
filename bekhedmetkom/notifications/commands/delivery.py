"""Sends due messages, claimed one at a time so that a killed process leaves one message in doubt.

A message is marked as sending in a transaction of its own before it is handed over. If its lease has expired,
nobody knows whether it was sent: it is parked for an administrator instead of being sent twice.
"""

import time
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from random import SystemRandom
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import QuerySet

from bekhedmetkom.cases.commands import mark_event_sent
from bekhedmetkom.cases.rules.states import EventType
from bekhedmetkom.cases.rules.undo import is_undoable
from bekhedmetkom.kernel.phone_numbers import is_mobile

from .. import models, senders
from ..queries import get_messenger_window
from ..rules.codes import MASK
from ..rules.delivery import (
    MAX_PUSH_TRIES,
    MAX_TRIES,
    Channel,
    FailureReason,
    MessageState,
    get_earliest_send_time,
    get_retry_delay,
)
from ..rules.messenger import MessagingWindow
from ..rules.sms import count_sms_parts
from ..rules.templates import Template
from ..senders import SendOutcome, SendResult
from . import delivery_reports
from .messenger import send_by_next_channel
from .sms_replies import process_sms_reply

_RANDOM = SystemRandom()  # so that what failed together does not come back together

_CHANNELS_WITH_FALLBACK = (Channel.MESSENGER, Channel.PUSH)

LEASE = timedelta(minutes=5)  # much longer than handing over one message can take
ROUND_SECONDS = 60  # after which `at` is no longer the time
BUSY_WAIT = timedelta(seconds=30)
DATABASE_RETRY_SECONDS = 30  # seconds, to write down how it went while the database restarts


def send_due_messages(at: datetime, channels: Collection[Channel] = tuple(Channel)) -> int:
    """Send what is due on these channels for at most a minute; return how many messages reached a final state."""
    gateways = {
        channel: gateway
        for channel, gateway in senders.get_available_gateways().items()
        if channel in channels
    }
    done = _park_expired(at, channels) + _release_abandoned(at, channels, gateways)
    done += _mark_kept(at, [channel for channel in channels if channel not in gateways])
    until = time.monotonic() + ROUND_SECONDS
    for channel, gateway in gateways.items():
        if isinstance(gateway, senders.TextReceiver):
            gateway.handle_text = lambda sender, text: process_sms_reply(
                sender=sender, text=text, key="", at=at
            )
        with gateway.open_round(
            lambda gateway_id, fate: delivery_reports.record_receipt(gateway_id=gateway_id, fate=fate, at=at)
        ) as hand:
            while time.monotonic() < until and (message := _claim_message(channel, at)):
                if not _is_still_valid(message):
                    message.delete()
                    continue
                if not _is_complete(message):
                    done += _set_final_state(message, MessageState.PARKED, why=str(FailureReason.ERASED))
                    continue
                if (
                    morning := get_earliest_send_time(at, at_once=_ignores_quiet_hours(message))
                ) > at:  # it was due while nobody was sending
                    _requeue(message, morning, tries=message.tries - 1)
                    continue
                # Their last message may be longer ago by now than when this was put down.
                if (
                    channel is Channel.MESSENGER
                    and get_messenger_window(message.address, at) is not MessagingWindow.OPEN
                ):
                    done += send_by_next_channel(message=message.pk)
                    continue
                if channel is Channel.SMS and not is_mobile(message.address):  # a landline: somebody calls
                    done += delivery_reports.mark_undeliverable(
                        message=message.pk, why=FailureReason.REFUSED, at=at
                    )
                    continue
                handed = hand(message)
                done += _record_result(message, handed, gateway, at)
                if handed.stop_round:
                    break
    return done


def _record_result(
    message: models.Message, handed: SendResult, gateway: senders.Gateway, at: datetime
) -> int:
    """Store the result, retrying while the database restarts: the outcome is known only here."""
    return _retry_on_database_error(lambda: _apply_result(message, handed, gateway, at))


@transaction.atomic
def _apply_result(message: models.Message, handed: SendResult, gateway: senders.Gateway, at: datetime) -> int:
    match handed.outcome:
        case SendOutcome.SENT:
            parts = count_sms_parts(message.full_text) if message.channel == Channel.SMS else 0
            done = _set_final_state(message, MessageState.SENT, sent_at=at, sms_parts=parts)
            delivery_reports.register_sms_parts(message=message.pk, gateway_ids=handed.gateway_ids, at=at)
            return done
        case SendOutcome.REFUSED if message.channel in _CHANNELS_WITH_FALLBACK:
            return send_by_next_channel(message=message.pk)
        case SendOutcome.REFUSED:
            return delivery_reports.mark_undeliverable(message=message.pk, why=FailureReason.REFUSED, at=at)
        case SendOutcome.BUSY:
            wait = handed.retry_after or BUSY_WAIT
            return _requeue(message, at + wait * _RANDOM.uniform(1, 2), tries=message.tries - 1)
        case SendOutcome.IN_DOUBT if not gateway.is_idempotent:
            return _set_final_state(message, MessageState.PARKED, why=str(FailureReason.IN_DOUBT))
    impatient = message.channel == Channel.PUSH and message.tries >= MAX_PUSH_TRIES
    if impatient and send_by_next_channel(message=message.pk, give_up=False):
        return 1
    if message.tries >= MAX_TRIES:
        return _set_final_state(message, MessageState.PARKED, why=str(FailureReason.GIVEN_UP))
    later = at + (handed.retry_after or get_retry_delay(message.tries)) * _RANDOM.uniform(0.8, 1.2)
    return _requeue(message, get_earliest_send_time(later, at_once=_ignores_quiet_hours(message)))


def _set_final_state(message: models.Message, state: MessageState, **columns: Any) -> int:
    """Set a final state and erase the secret."""
    return _filter_claimed(message).update(state=state, sealed=None, **columns)


def _requeue(message: models.Message, when: datetime, **columns: Any) -> int:
    _filter_claimed(message).update(state=MessageState.QUEUED, not_before=when, **columns)
    return 0


def _filter_claimed(message: models.Message) -> QuerySet[models.Message]:
    return models.Message.objects.filter(pk=message.pk, state=MessageState.SENDING)


def _ignores_quiet_hours(message: models.Message) -> bool:
    template = Template(message.template)
    return template.is_code or template.is_immediate or bool(message.case and message.case.urgent)


def _is_still_valid(message: models.Message) -> bool:
    """Return whether the event was not undone; if so, mark it as sent, after which it cannot be undone."""
    event = message.event
    if event is None or not is_undoable(EventType(event.kind), event.actor):
        return True
    return mark_event_sent(case=event.case_id, seq=event.seq)


def _is_complete(message: models.Message) -> bool:
    """Return whether the message still has an address and its secret could be decrypted."""
    to = message.officer.email if message.officer else message.address
    return bool(to) and MASK not in message.full_text


def _claim_message(channel: Channel, at: datetime) -> models.Message | None:
    with connection.cursor() as cursor:
        cursor.execute(CLAIM_SQL, {"channel": channel, "at": at, "lease": at + LEASE})
        row = cursor.fetchone()
    return models.Message.objects.select_related("officer", "case", "event").get(pk=row[0]) if row else None


def _mark_kept(at: datetime, channels: Collection[Channel]) -> int:
    """Mark due messages of channels without a provider as kept; they are not sent later, when they are old.

    In the demonstration the secret stays readable, because its people are invented and somebody tries it out.
    """
    erased = {} if settings.DEMO else {"sealed": None}
    return _filter_due(at, channels).update(state=MessageState.KEPT, **erased)


def _park_expired(at: datetime, channels: Collection[Channel]) -> int:
    return (
        _filter_due(at, channels)
        .filter(not_after__lte=at)
        .update(state=MessageState.PARKED, why=FailureReason.TOO_LATE, sealed=None)
    )


def _release_abandoned(
    at: datetime, channels: Collection[Channel], gateways: Mapping[Channel, senders.Gateway]
) -> int:
    """Requeue or park messages whose sender did not come back before the lease expired."""
    done = 0
    for channel in channels:
        left = models.Message.objects.filter(state=MessageState.SENDING, channel=channel, not_before__lte=at)
        if channel in gateways and gateways[channel].is_idempotent:
            left.filter(tries__lt=MAX_TRIES).update(state=MessageState.QUEUED)
        done += left.update(state=MessageState.PARKED, why=FailureReason.IN_DOUBT, sealed=None)
    return done


def _filter_due(at: datetime, channels: Collection[Channel]) -> QuerySet[models.Message]:
    return models.Message.objects.filter(
        state=MessageState.QUEUED, not_before__lte=at, channel__in=[str(channel) for channel in channels]
    )


def _retry_on_database_error(step: Callable[[], int]) -> int:
    until = time.monotonic() + DATABASE_RETRY_SECONDS
    while True:
        try:
            return step()
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block or time.monotonic() > until:
                raise
            connection.close()
            time.sleep(0.5)


# What is sealed first: somebody may sit before the page and wait for a code.
CLAIM_SQL = """
UPDATE notifications_message SET state = 'sending', tries = tries + 1, not_before = %(lease)s
WHERE id = coalesce(
    (SELECT id FROM notifications_message
     WHERE state = 'queued' AND sealed IS NOT NULL AND channel = %(channel)s AND not_before <= %(at)s
     ORDER BY not_before, id LIMIT 1 FOR UPDATE SKIP LOCKED),
    (SELECT id FROM notifications_message
     WHERE state = 'queued' AND channel = %(channel)s AND not_before <= %(at)s
     ORDER BY not_before, id LIMIT 1 FOR UPDATE SKIP LOCKED))
RETURNING id
"""
