"""What became of a message: told by a gateway's receipts, by a mail that came back, or at once by a refusal."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Value
from django.db.models.functions import Coalesce

from bekhedmetkom.cases import wall
from bekhedmetkom.cases.commands import could_not_reach
from bekhedmetkom.cases.rules.contact import Contact

from .. import models
from ..rules.delivery import Channel
from ..rules.receipts import Fate, later, together
from ..rules.states import MessageState, Why

KEPT_FOR = timedelta(days=14)  # a receipt is expected for three days at most

_MAY_FAIL = [str(state) for state in (MessageState.SENDING, MessageState.SENT, MessageState.PARKED)]
_HANDED = [str(state) for state in (MessageState.SENT, MessageState.FAILED, MessageState.PARKED)]


def expect(*, message: int, gateway_ids: Collection[str], at: datetime) -> None:
    """From now on receipts under these names are this message's; one may have come before this was written."""
    if not gateway_ids:
        return
    with transaction.atomic(), connection.cursor() as cursor:
        for gateway_id in sorted(gateway_ids):
            cursor.execute(EXPECT, [gateway_id[:100], message, at])
        _as_its_parts_say(message, at)


def report(*, gateway_id: str, fate: Fate, at: datetime) -> None:
    """A receipt: kept even where nobody knows yet whose it is, and of no effect when it comes again."""
    with transaction.atomic():
        models.Part.objects.bulk_create(
            [models.Part(gateway_id=gateway_id[:100], at=at)], ignore_conflicts=True
        )
        part = models.Part.objects.select_for_update().get(gateway_id=gateway_id[:100])
        told = later(Fate(part.fate), fate)
        if told == part.fate:
            return
        part.fate, part.at = str(told), at
        part.save(update_fields=["fate", "at"])
        if part.message_id:
            _as_its_parts_say(part.message_id, at)


def report_own(*, message: int, fate: Fate, at: datetime) -> None:
    """A receipt that names the message by our own id, of a gateway that counts it as one."""
    if fate is Fate.DELIVERED:
        _reached(message, at)
    elif fate is Fate.FAILED:
        not_reached(message=message, why=Why.UNDELIVERED, at=at)


def not_reached(*, message: int, why: Why, at: datetime) -> int:
    """The address does not take it, for good: somebody has to call. Returns how many messages that changed.

    What the telephone has already stays delivered.
    """
    with transaction.atomic():
        row = models.Message.objects.select_for_update().filter(pk=message, state__in=_MAY_FAIL).first()
        if row is None:
            return 0
        row.state, row.why, row.sealed = str(MessageState.FAILED), str(why), None
        row.save(update_fields=["state", "why", "sealed"])
        if (
            row.event_id and row.case_id and row.officer_id is None
        ):  # news of a case, that its citizen does not have
            contact = Contact.EMAIL if row.channel == Channel.EMAIL else Contact.PHONE
            wall.for_citizen(row.case_id)  # a gateway tells the web process, which has let nobody in
            could_not_reach(case=row.case_id, contact=contact, at=at)
        return 1


def forget_receipts(at: datetime) -> int:
    """What no receipt is expected for any more, and receipts whose message never turned up."""
    return models.Part.objects.filter(at__lt=at - KEPT_FOR).delete()[0]


def _as_its_parts_say(message: int, at: datetime) -> None:
    models.Message.objects.select_for_update().get(
        pk=message
    )  # of two receipts at once the second sees the first
    fates = [
        Fate(fate) for fate in models.Part.objects.filter(message=message).values_list("fate", flat=True)
    ]
    match together(fates):
        case MessageState.DELIVERED:
            _reached(message, at)
        case MessageState.FAILED:
            not_reached(message=message, why=Why.UNDELIVERED, at=at)


def _reached(message: int, at: datetime) -> None:
    """Also what was in doubt, or reported as failed too early."""
    found = models.Message.objects.filter(pk=message, state__in=_HANDED)
    found.update(state=MessageState.DELIVERED, why="", sent_at=Coalesce("sent_at", Value(at)))


# A gateway that counts from the beginning again gives an old name to a new message.
EXPECT = """
INSERT INTO messages_part (gateway_id, message_id, fate, at) VALUES (%s, %s, 'handed', %s)
ON CONFLICT (gateway_id) DO UPDATE SET message_id = excluded.message_id, at = excluded.at,
    fate = CASE WHEN messages_part.message_id IS NULL THEN messages_part.fate ELSE excluded.fate END
"""
