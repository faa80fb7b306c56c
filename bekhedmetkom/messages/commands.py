"""Sending what is due, and wording a template anew."""

from datetime import datetime

from django.db import connection, transaction
from django.db.models import Max

from bekhedmetkom.entities.commands import written
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import FieldError, Invalid
from bekhedmetkom.kernel.words import Words

from . import models, senders
from .rules.delivery import MOST_TRIES, Channel
from .rules.states import MessageState
from .rules.templates import Template, strange_blanks
from .rules.text import Wording
from .rules.texts import original

AT_ONCE = 50

_MISSING = Words("اكتب النص.", "Write the text.")
_NO_SUCH = Words("لا تُقال هذه الرسالة بهذه الطريقة.", "This message is not sent this way.")


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
    return models.Message.objects.filter(pk=message.pk, state=MessageState.QUEUED).update(
        state=state, sent_at=sent_at
    )


def _claim(channel: Channel, at: datetime) -> list[models.Message]:
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"channel": channel, "at": at, "most": MOST_TRIES, "batch": AT_ONCE})
        ids = [key for (key,) in cursor.fetchall()]
    return list(models.Message.objects.select_related("officer").filter(pk__in=ids).order_by("pk"))


def _keep(at: datetime) -> int:
    """Where no provider is set up: what would have been sent now. It is not sent later, when it is old."""
    due = models.Message.objects.filter(state=MessageState.QUEUED, not_before__lte=at)
    return due.exclude(channel__in=senders.ready()).update(state=MessageState.KEPT)


def _give_up(at: datetime) -> int:
    """Claimed for the last time by somebody who never came back."""
    due = models.Message.objects.filter(state=MessageState.QUEUED, not_before__lte=at, tries__gte=MOST_TRIES)
    return due.update(state=MessageState.PARKED)


def reword(
    *, template: Template, channel: Channel, language: str, wording: Wording, actor: Actor, at: datetime
) -> int:
    """Say a template in other words from now on; returns the version. What was said before stays as it was."""
    if original(template, channel, language) is None:
        raise Invalid(FieldError("body", _NO_SUCH))
    subject, body = " ".join(wording.subject.split()), wording.body.replace("\r\n", "\n").strip()
    errors = [FieldError(name, _strange(strange)) for name, text in (("subject", subject), ("body", body))
              if (strange := strange_blanks(text))]  # fmt: skip
    if not body:
        errors.append(FieldError("body", _MISSING))
    if channel is Channel.EMAIL and not subject:
        errors.append(FieldError("subject", _MISSING))
    if errors:
        raise Invalid(*errors)
    with transaction.atomic():
        rows = models.Wording.objects.filter(template=template, channel=channel, language=language)
        last = rows.aggregate(last=Max("version"))["last"] or 0
        row = models.Wording.objects.create(
            template=template,
            channel=channel,
            language=language,
            version=last + 1,
            subject=subject,
            body=body,
        )
        written(row, None, actor=actor, at=at)
    return row.version


def _strange(names: list[str]) -> Words:
    braces = "، ".join(f"{{{name}}}" for name in names)
    return Words(f"لا يوجد فراغ باسم {braces}.", f"There is no blank called {braces}.")


# Tried again after 1, 5 and 25 minutes, then after 2, 10 and 52 hours.
CLAIM = """
UPDATE messages_message
SET tries = tries + 1, not_before = %(at)s::timestamptz + interval '1 minute' * power(5, tries)
WHERE id IN (
    SELECT id FROM messages_message
    WHERE state = 'queued' AND channel = %(channel)s AND not_before <= %(at)s AND tries < %(most)s
    ORDER BY not_before, id LIMIT %(batch)s FOR UPDATE SKIP LOCKED)
RETURNING id
"""
