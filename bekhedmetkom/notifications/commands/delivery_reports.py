"""Delivery reports: receipts of SMS gateways, bounced e-mails and refusals."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage, Message

from django.db import connection, transaction
from django.db.models import Value
from django.db.models.functions import Coalesce

from bekhedmetkom.cases import row_security
from bekhedmetkom.cases.commands import record_failed_contact
from bekhedmetkom.cases.rules.contact import ContactType

from .. import models
from ..rules.delivery import (
    Channel,
    FailureReason,
    MessageState,
    ReceiptStatus,
    combine_part_statuses,
    merge_receipt_statuses,
)
from ..signed_addresses import parse_return_path

RECEIPT_RETENTION = timedelta(days=14)  # a receipt is expected for three days at most

_STATES_THAT_CAN_FAIL = [
    str(state) for state in (MessageState.SENDING, MessageState.SENT, MessageState.PARKED)
]
_STATES_THAT_CAN_BE_DELIVERED = [
    str(state) for state in (MessageState.SENT, MessageState.FAILED, MessageState.PARKED)
]


def register_sms_parts(*, message: int, gateway_ids: Collection[str], at: datetime) -> None:
    """From now on receipts under these names are this message's; one may have come before this was written."""
    if not gateway_ids:
        return
    with transaction.atomic(), connection.cursor() as cursor:
        for gateway_id in sorted(gateway_ids):
            cursor.execute(REGISTER_PART_SQL, [gateway_id[:100], message, at])
        _update_from_parts(message, at)


def record_receipt(*, gateway_id: str, fate: ReceiptStatus, at: datetime) -> None:
    """A receipt: kept even where nobody knows yet whose it is, and of no effect when it comes again."""
    with transaction.atomic():
        models.Part.objects.bulk_create(
            [models.Part(gateway_id=gateway_id[:100], at=at)], ignore_conflicts=True
        )
        part = models.Part.objects.select_for_update().get(gateway_id=gateway_id[:100])
        told = merge_receipt_statuses(ReceiptStatus(part.fate), fate)
        if told == part.fate:
            return
        part.fate, part.at = str(told), at
        part.save(update_fields=["fate", "at"])
        if part.message_id:
            _update_from_parts(part.message_id, at)


def record_receipt_by_message(*, message: int, fate: ReceiptStatus, at: datetime) -> None:
    """A receipt that names the message by our own id, of a gateway that counts it as one."""
    if fate is ReceiptStatus.DELIVERED:
        _mark_delivered(message, at)
    elif fate is ReceiptStatus.FAILED:
        mark_undeliverable(message=message, why=FailureReason.UNDELIVERED, at=at)


def mark_undeliverable(*, message: int, why: FailureReason, at: datetime) -> int:
    """The address does not take it, for good: somebody has to call. Returns how many messages that changed.

    What the telephone has already stays delivered.
    """
    with transaction.atomic():
        row = (
            models.Message.objects.select_for_update()
            .filter(pk=message, state__in=_STATES_THAT_CAN_FAIL)
            .first()
        )
        if row is None:
            return 0
        row.state, row.why, row.sealed = str(MessageState.FAILED), str(why), None
        row.save(update_fields=["state", "why", "sealed"])
        if (
            row.event_id and row.case_id and row.officer_id is None
        ):  # news of a case, that its citizen does not have
            contact = ContactType.EMAIL if row.channel == Channel.EMAIL else ContactType.PHONE
            row_security.allow_citizen(
                row.case_id
            )  # a gateway tells the web process, which has let nobody in
            record_failed_contact(case=row.case_id, contact=contact, at=at)
        return 1


def delete_old_receipts(at: datetime) -> int:
    """What no receipt is expected for any more, and receipts whose message never turned up."""
    return models.Part.objects.filter(at__lt=at - RECEIPT_RETENTION).delete()[0]


def _update_from_parts(message: int, at: datetime) -> None:
    models.Message.objects.select_for_update().get(
        pk=message
    )  # of two receipts at once the second sees the first
    fates = [
        ReceiptStatus(fate)
        for fate in models.Part.objects.filter(message=message).values_list("fate", flat=True)
    ]
    match combine_part_statuses(fates):
        case MessageState.DELIVERED:
            _mark_delivered(message, at)
        case MessageState.FAILED:
            mark_undeliverable(message=message, why=FailureReason.UNDELIVERED, at=at)


def _mark_delivered(message: int, at: datetime) -> None:
    """Also what was in doubt, or reported as failed too early."""
    found = models.Message.objects.filter(pk=message, state__in=_STATES_THAT_CAN_BE_DELIVERED)
    found.update(state=MessageState.DELIVERED, why="", sent_at=Coalesce("sent_at", Value(at)))


# A gateway that counts from the beginning again gives an old name to a new message.
REGISTER_PART_SQL = """
INSERT INTO notifications_part (gateway_id, message_id, fate, at) VALUES (%s, %s, 'handed', %s)
ON CONFLICT (gateway_id) DO UPDATE SET message_id = excluded.message_id, at = excluded.at,
    fate = CASE WHEN notifications_part.message_id IS NULL THEN notifications_part.fate ELSE excluded.fate END
"""


def process_bounce(*, raw: bytes, came_to: str, at: datetime) -> bool:
    """Read what arrived at a return path; `True` where it says that a message could not be delivered, for good.

    The signature in the address tells that we sent the message: the report itself can be anybody's, and what it says
    of recipients is not looked at. A delay, an answer that somebody is away, or a receipt changes nothing.
    """
    message = parse_return_path(came_to)
    if message is None or not _reports_failure(raw):
        return False
    return bool(mark_undeliverable(message=message, why=FailureReason.BOUNCED, at=at))


def _reports_failure(raw: bytes) -> bool:
    report = message_from_bytes(raw, policy=policy.default)
    return any(_is_permanent_failure(recipient) for recipient in _iterate_recipients(report))


def _iterate_recipients(report: EmailMessage) -> Iterator[Message]:
    """The blocks of a delivery report: the first is about the letter, each other about one recipient."""
    if report.get_content_type() != "multipart/report":
        return
    for part in report.walk():
        if part.get_content_type() == "message/delivery-status":
            blocks = part.get_payload()
            yield from (
                (block for block in blocks if isinstance(block, Message)) if isinstance(blocks, list) else ()
            )


def _is_permanent_failure(recipient: Message) -> bool:
    action, status = str(recipient.get("Action", "")), str(recipient.get("Status", ""))
    return action.strip().lower() == "failed" and status.strip().startswith("5")
