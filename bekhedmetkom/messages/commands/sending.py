"""Sending what is due."""

from datetime import datetime

from django.conf import settings
from django.db import connection
from django.db.models import Q

from .. import models, senders
from ..rules.delivery import MOST_TRIES, Channel
from ..rules.states import MessageState

AT_ONCE = 50


def send_due(at: datetime) -> int:
    """Hand over every message whose time has come; returns how many found their end: sent, kept or parked.

    A message is claimed in a transaction of its own before it is handed over, and its next try is set as it is
    claimed: whoever is killed in between leaves it to be sent again, with the same Message-ID.
    """
    done = _give_up(at) + _keep(at)
    for channel, provider in senders.ready().items():
        while claimed := _claim(channel, at):
            with provider() as hand_over:
                done += sum(_hand_over(hand_over, message, at) for message in claimed)
    return done


def _hand_over(hand_over: senders.HandOver, message: models.Message, at: datetime) -> int:
    match hand_over(message):
        case senders.Outcome.SENT:
            return _becomes(message, MessageState.SENT, sent_at=at)
        case senders.Outcome.REFUSED:
            return _becomes(message, MessageState.PARKED)
        case senders.Outcome.FAILED:
            return _becomes(message, MessageState.PARKED) if message.tries >= MOST_TRIES else 0


def _becomes(message: models.Message, state: MessageState, sent_at: datetime | None = None) -> int:
    """Sent or given up, either way a code is erased."""
    return models.Message.objects.filter(pk=message.pk, state=MessageState.QUEUED).update(
        state=state, sent_at=sent_at, sealed=None
    )


def _claim(channel: Channel, at: datetime) -> list[models.Message]:
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"channel": channel, "at": at, "most": MOST_TRIES, "batch": AT_ONCE})
        ids = [key for (key,) in cursor.fetchall()]
    return list(models.Message.objects.select_related("officer").filter(pk__in=ids).order_by("pk"))


def _keep(at: datetime) -> int:
    """Where no provider is set up: what would have been sent now. It is not sent later, when it is old.

    In the demonstration, whose people are invented, its code stays, for somebody wants to go on with it.
    """
    erased = {} if settings.DEMO else {"sealed": None}
    due = models.Message.objects.filter(state=MessageState.QUEUED, not_before__lte=at)
    return due.exclude(channel__in=senders.ready()).update(state=MessageState.KEPT, **erased)


def _give_up(at: datetime) -> int:
    """Claimed for the last time by somebody who never came back; or a code that has run out."""
    due = models.Message.objects.filter(state=MessageState.QUEUED, not_before__lte=at)
    return due.filter(Q(tries__gte=MOST_TRIES) | Q(not_after__lte=at)).update(
        state=MessageState.PARKED, sealed=None
    )


# Codes first: somebody sits before the page and waits.
# Tried again after 1, 5 and 25 minutes, then after 2, 10 and 52 hours.
CLAIM = """
UPDATE messages_message
SET tries = tries + 1, not_before = %(at)s::timestamptz + interval '1 minute' * power(5, tries)
WHERE id IN (
    SELECT id FROM messages_message
    WHERE state = 'queued' AND channel = %(channel)s AND not_before <= %(at)s AND tries < %(most)s
    ORDER BY sealed IS NULL, not_before, id LIMIT %(batch)s FOR UPDATE SKIP LOCKED)
RETURNING id
"""
