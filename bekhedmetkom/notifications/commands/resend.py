"""Resends a failed or parked message by an administrator's decision, recorded in the change history."""

from datetime import datetime

from django.db import transaction

from bekhedmetkom.entities.commands import save_change
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import Refusal
from bekhedmetkom.kernel.text import BilingualText

from .. import models
from ..rules.codes import MASK
from ..rules.delivery import RESENDABLE_STATES, MessageState, get_earliest_send_time
from ..rules.templates import Template


class MessageNotResendable(Refusal):
    message = BilingualText("لا يُعاد إرسال هذه الرسالة الآن.", "This message is not one to send again now.")


_SECRET_ERASED = BilingualText(
    "مُحي الرمز أو الرد الذي كان في الرسالة، فلا يُعاد إرسالها. يطلب صاحبها رمزًا جديدًا من الصفحة.",
    "What the message held has been erased, so it cannot be sent again. Its owner asks for a new one on the page.",
)
_ADDRESS_ERASED = BilingualText("مُحي عنوان هذه الرسالة.", "The address of this message has been erased.")


def requeue_message(*, message: int, actor: Actor, at: datetime) -> None:
    """Queue a failed or parked message with all its tries; quiet hours apply. Raises `MessageNotResendable`."""
    with transaction.atomic():
        row = (
            models.Message.objects.select_for_update().filter(pk=message, state__in=RESENDABLE_STATES).first()
        )
        if row is None:
            raise MessageNotResendable
        if MASK in row.body:
            raise MessageNotResendable(_SECRET_ERASED)
        if not (row.officer_id or row.address):
            raise MessageNotResendable(_ADDRESS_ERASED)
        row.state, row.why, row.tries, row.sent_at = str(MessageState.QUEUED), "", 0, None
        row.not_before = get_earliest_send_time(at, at_once=Template(row.template).is_immediate)
        row.parts.all().delete()  # receipts of the former try say nothing of this one
        save_change(row, actor=actor, at=at)
