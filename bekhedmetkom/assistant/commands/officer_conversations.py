"""Conversations with an officer: take, answer, release, return to the assistant.

The change log records who did what and when, never the content.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from bekhedmetkom.cases.commands.text_validation import validate_text
from bekhedmetkom.cases.rules.access import has_permission_anywhere
from bekhedmetkom.entities.models import ChangeRecord
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import NotAllowed, Refusal
from bekhedmetkom.kernel.text import BilingualText
from bekhedmetkom.messenger import commands as messenger
from bekhedmetkom.notifications.queries import get_messenger_window
from bekhedmetkom.notifications.rules.messenger import MessagingWindow

from .. import storage
from ..models import Conversation
from ..rules.messages import Channel, OutgoingMessage, Speaker
from ..storage import decrypt

CHANGE_MODEL = "desk.talk"  # the name in the change log
MAX_TEXT_LENGTH = 2000

RETURNED_TO_ASSISTANT = BilingualText(
    "انتهت محادثتك مع الموظف. أنا المساعد الآلي: اكتب «مرحبا» لتبدأ من جديد، أو «موظف» إن احتجت إليه ثانية.",
    "Your conversation with the officer is over. This is the assistant again: write “hello” to begin, or “person” to"
    " ask for one again.",
)


class ConversationNotHeld(Refusal):
    message = BilingualText(
        "هذه المحادثة ليست معك الآن: أخذها غيرك، أو أعادها صاحبها إلى المساعد.",
        "This conversation is not with you now: a colleague took it, or its person went back to the assistant.",
    )


class ReplyWindowClosed(Refusal):
    message = BilingualText(
        "مضت سبعة أيام على آخر رسالة منه، ولا يسمح ماسنجر بالكتابة إليه. إن كان له طلب فاكتب إليه فيه.",
        "Seven days have passed since their last message, and Messenger lets nobody write to them any more. If they"
        " have a case, write there.",
    )


def take_conversation(*, conversation: UUID, actor: Actor, at: datetime) -> None:
    """Assign the conversation to the officer, also when a colleague has it.

    Raises `ConversationNotHeld` if it was not handed over to an officer.
    """
    with transaction.atomic():
        row = _lock_conversation(conversation, actor)
        if row.wanted_at is None and row.officer_id is None:
            raise ConversationNotHeld
        if row.officer_id != actor.officer_id:
            row.officer_id = actor.officer_id
            row.save(update_fields=["officer"])
            _record_change(row, "taken", actor, at)


def send_officer_message(*, conversation: UUID, text: str, key: str, actor: Actor, at: datetime) -> None:
    """Send the officer's message; a repeated `key` sends nothing. Raises `InvalidInput` and `Refusal`."""
    clean = validate_text("text", text, limit=MAX_TEXT_LENGTH)
    with transaction.atomic():
        row = _lock_own_conversation(conversation, actor)
        name = f"officer:{actor.officer_id}:{key}"
        if row.lines.filter(key=name).exists():
            return
        psid = str(decrypt(row.person) or "") if row.channel == Channel.MESSENGER else ""
        if psid and get_messenger_window(psid, at) is MessagingWindow.CLOSED:
            raise ReplyWindowClosed
        line = storage.append_line(
            row, Speaker.OFFICER, OutgoingMessage(clean), at, officer=actor.officer_id, key=name
        )
        if psid:
            messenger.queue_message(psid=psid, text=clean, at=at, line=line.pk)
        row.said_at, row.version = at, row.version + 1
        row.save(update_fields=["said_at", "version"])
        _record_change(row, "written", actor, at)


def release_conversation(*, conversation: UUID, actor: Actor, at: datetime) -> None:
    """Put the conversation back among those that wait for an officer."""
    with transaction.atomic():
        row = _lock_own_conversation(conversation, actor)
        row.officer, row.wanted_at = None, row.wanted_at or at
        row.save(update_fields=["officer", "wanted_at"])
        _record_change(row, "left", actor, at)


def return_to_assistant(*, conversation: UUID, actor: Actor, at: datetime) -> None:
    """Return the conversation to the assistant and tell the person."""
    with transaction.atomic():
        row = _lock_own_conversation(conversation, actor)
        message = OutgoingMessage(RETURNED_TO_ASSISTANT.in_language(row.language))
        storage.append_line(row, Speaker.PLATFORM, message, at)
        if row.channel == Channel.MESSENGER:
            messenger.queue_message(psid=str(decrypt(row.person)), text=message.text, at=at)
        row.officer = row.wanted_at = None
        row.said_at, row.version = at, row.version + 1
        row.save(update_fields=["officer", "wanted_at", "said_at", "version"])
        _record_change(row, "given_back", actor, at)


def _lock_conversation(conversation: UUID, actor: Actor) -> Conversation:
    if not has_permission_anywhere(actor, Permission.TALK):
        raise NotAllowed
    row = Conversation.objects.select_for_update().filter(pk=conversation).first()
    if row is None:
        raise ConversationNotHeld
    return row


def _lock_own_conversation(conversation: UUID, actor: Actor) -> Conversation:
    row = _lock_conversation(conversation, actor)
    if row.officer_id != actor.officer_id:
        raise ConversationNotHeld
    return row


def _record_change(row: Conversation, what: str, actor: Actor, at: datetime) -> None:
    after: dict[str, Any] = {"done": what, "channel": row.channel}
    ChangeRecord.objects.create(
        at=at, actor=str(actor), model=CHANGE_MODEL, key=str(row.pk), before=None, after=after
    )
