"""Sending what is due: claimed one at a time, so that whoever is killed leaves one message in doubt and no more.

A message is marked as in hand, in a transaction of its own, before it is handed over. Whoever finds it so when its
lease has run out cannot know whether it went out, and does not send it again: nobody is told twice, and an
administrator sees what is in doubt.
"""

import time
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from random import SystemRandom
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import QuerySet

from bekhedmetkom.cases.commands import let_out
from bekhedmetkom.cases.rules.states import EventType
from bekhedmetkom.cases.rules.undoing import is_undoable
from bekhedmetkom.kernel.phone_numbers import is_mobile

from .. import models, senders
from ..queries import messenger_window
from ..rules.codes import MASK
from ..rules.delivery import MOST_PUSHES, MOST_TRIES, Channel, not_before, wait_after
from ..rules.messenger import Window
from ..rules.sms import sms_parts
from ..rules.states import MessageState, Why
from ..rules.templates import Template
from ..senders import Handed, Outcome
from . import receipts
from .messenger import tell_another_way
from .sms_replies import hear_sms

_CHANCE = SystemRandom()  # so that what failed together does not come back together

_HAVE_ANOTHER_WAY = (Channel.MESSENGER, Channel.PUSH)

LEASE = timedelta(minutes=5)  # much longer than handing over one message can take
ROUND_SECONDS = 60  # after which `at` is no longer the time
BUSY_WAIT = timedelta(seconds=30)
DATABASE_PATIENCE = 30  # seconds, to write down how it went while the database restarts


def send_due(at: datetime, channels: Collection[Channel] = tuple(Channel)) -> int:
    """Hand over what is due on these ways, for a minute at most; returns how many messages found their end."""
    gateways = {channel: gateway for channel, gateway in senders.ready().items() if channel in channels}
    done = _too_late(at, channels) + _left_in_doubt(at, channels, gateways)
    done += _keep(at, [channel for channel in channels if channel not in gateways])
    until = time.monotonic() + ROUND_SECONDS
    for channel, gateway in gateways.items():
        if isinstance(gateway, senders.Hears):
            gateway.on_text = lambda sender, text: hear_sms(sender=sender, text=text, key="", at=at)
        with gateway.open(
            lambda gateway_id, fate: receipts.report(gateway_id=gateway_id, fate=fate, at=at)
        ) as hand:
            while time.monotonic() < until and (message := _claim(channel, at)):
                if not _stands(message):
                    message.delete()
                    continue
                if not _whole(message):
                    done += _becomes(message, MessageState.PARKED, why=str(Why.ERASED))
                    continue
                if (
                    morning := not_before(at, at_once=_at_once(message))
                ) > at:  # it was due while nobody was sending
                    _again(message, morning, tries=message.tries - 1)
                    continue
                # Their last message may be longer ago by now than when this was put down.
                if channel is Channel.MESSENGER and messenger_window(message.address, at) is not Window.OPEN:
                    done += tell_another_way(message=message.pk)
                    continue
                if channel is Channel.SMS and not is_mobile(message.address):  # a landline: somebody calls
                    done += receipts.not_reached(message=message.pk, why=Why.REFUSED, at=at)
                    continue
                handed = hand(message)
                done += _settle(message, handed, gateway, at)
                if handed.stop:
                    break
    return done


def _settle(message: models.Message, handed: Handed, gateway: senders.Gateway, at: datetime) -> int:
    """Write down how it went. The outcome is known here alone, so a database that restarts is waited for."""
    return _surely(lambda: _written_down(message, handed, gateway, at))


@transaction.atomic
def _written_down(message: models.Message, handed: Handed, gateway: senders.Gateway, at: datetime) -> int:
    match handed.outcome:
        case Outcome.SENT:
            parts = sms_parts(message.in_clear) if message.channel == Channel.SMS else 0
            done = _becomes(message, MessageState.SENT, sent_at=at, sms_parts=parts)
            receipts.expect(message=message.pk, gateway_ids=handed.ids, at=at)
            return done
        case Outcome.REFUSED if message.channel in _HAVE_ANOTHER_WAY:
            return tell_another_way(message=message.pk)
        case Outcome.REFUSED:
            return receipts.not_reached(message=message.pk, why=Why.REFUSED, at=at)
        case Outcome.BUSY:
            wait = handed.wait or BUSY_WAIT
            return _again(message, at + wait * _CHANCE.uniform(1, 2), tries=message.tries - 1)
        case Outcome.IN_DOUBT if not gateway.forgives_repeats:
            return _becomes(message, MessageState.PARKED, why=str(Why.IN_DOUBT))
    impatient = message.channel == Channel.PUSH and message.tries >= MOST_PUSHES
    if impatient and tell_another_way(message=message.pk, give_up=False):
        return 1
    if message.tries >= MOST_TRIES:
        return _becomes(message, MessageState.PARKED, why=str(Why.GIVEN_UP))
    later = at + (handed.wait or wait_after(message.tries)) * _CHANCE.uniform(0.8, 1.2)
    return _again(message, not_before(later, at_once=_at_once(message)))


def _becomes(message: models.Message, state: MessageState, **columns: Any) -> int:
    """Whatever the end, what was sealed is erased."""
    return _in_hand(message).update(state=state, sealed=None, **columns)


def _again(message: models.Message, when: datetime, **columns: Any) -> int:
    _in_hand(message).update(state=MessageState.QUEUED, not_before=when, **columns)
    return 0


def _in_hand(message: models.Message) -> QuerySet[models.Message]:
    return models.Message.objects.filter(pk=message.pk, state=MessageState.SENDING)


def _at_once(message: models.Message) -> bool:
    template = Template(message.template)
    return template.tells_code or template.at_once or bool(message.case and message.case.urgent)


def _stands(message: models.Message) -> bool:
    """Whether the act that it tells of was not undone; once this has said so, it no longer can be."""
    event = message.event
    if event is None or not is_undoable(EventType(event.kind), event.actor):
        return True
    return let_out(case=event.case_id, seq=event.seq)


def _whole(message: models.Message) -> bool:
    """Whether it has an address still, and what was sealed can be opened."""
    to = message.officer.email if message.officer else message.address
    return bool(to) and MASK not in message.in_clear


def _claim(channel: Channel, at: datetime) -> models.Message | None:
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"channel": channel, "at": at, "lease": at + LEASE})
        row = cursor.fetchone()
    return models.Message.objects.select_related("officer", "case", "event").get(pk=row[0]) if row else None


def _keep(at: datetime, channels: Collection[Channel]) -> int:
    """Where no provider is set up: what would have been sent now. It is not sent later, when it is old.

    In the demonstration, whose people are invented, its code stays, for somebody wants to go on with it.
    """
    erased = {} if settings.DEMO else {"sealed": None}
    return _due(at, channels).update(state=MessageState.KEPT, **erased)


def _too_late(at: datetime, channels: Collection[Channel]) -> int:
    return (
        _due(at, channels)
        .filter(not_after__lte=at)
        .update(state=MessageState.PARKED, why=Why.TOO_LATE, sealed=None)
    )


def _left_in_doubt(
    at: datetime, channels: Collection[Channel], gateways: Mapping[Channel, senders.Gateway]
) -> int:
    """Claimed by somebody who never came back."""
    done = 0
    for channel in channels:
        left = models.Message.objects.filter(state=MessageState.SENDING, channel=channel, not_before__lte=at)
        if channel in gateways and gateways[channel].forgives_repeats:
            left.filter(tries__lt=MOST_TRIES).update(state=MessageState.QUEUED)
        done += left.update(state=MessageState.PARKED, why=Why.IN_DOUBT, sealed=None)
    return done


def _due(at: datetime, channels: Collection[Channel]) -> QuerySet[models.Message]:
    return models.Message.objects.filter(
        state=MessageState.QUEUED, not_before__lte=at, channel__in=[str(channel) for channel in channels]
    )


def _surely(step: Callable[[], int]) -> int:
    until = time.monotonic() + DATABASE_PATIENCE
    while True:
        try:
            return step()
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block or time.monotonic() > until:
                raise
            connection.close()
            time.sleep(0.5)


# What is sealed first: somebody may sit before the page and wait for a code.
CLAIM = """
UPDATE messages_message SET state = 'sending', tries = tries + 1, not_before = %(lease)s
WHERE id = coalesce(
    (SELECT id FROM messages_message
     WHERE state = 'queued' AND sealed IS NOT NULL AND channel = %(channel)s AND not_before <= %(at)s
     ORDER BY not_before, id LIMIT 1 FOR UPDATE SKIP LOCKED),
    (SELECT id FROM messages_message
     WHERE state = 'queued' AND channel = %(channel)s AND not_before <= %(at)s
     ORDER BY not_before, id LIMIT 1 FOR UPDATE SKIP LOCKED))
RETURNING id
"""
