"""Handling of one incoming message, in one transaction under the lock of its conversation."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from bekhedmetkom.attachments.commands import discard_uploads
from bekhedmetkom.cases.commands.text_validation import clean_text

from .. import storage
from ..models import Conversation
from ..rules import dialogue_manager
from ..rules.dialogue_manager import DialogueState, TurnResult
from ..rules.draft import Draft
from ..rules.intents import hide_access_codes
from ..rules.messages import Channel, IncomingMessage, OutgoingMessage, Speaker
from ..rules.phrases import NO_FILES_NOW
from ..rules.presentation import BilingualMessage
from ..storage import compute_person_key, decrypt, encrypt
from .platform_adapter import PlatformAdapter

MAX_SILENCE = timedelta(days=2)
_MAX_TEXT_LENGTH = 16_000  # characters that are processed; a case takes fewer


def get_or_create_conversation(*, channel: str, person: str, at: datetime, language: str = "ar") -> UUID:
    """Return the id of a person's conversation on a channel; create it if there is none.

    `person` is the identifier that the channel uses for the person.
    """
    row, _begun = Conversation.objects.get_or_create(
        channel=channel,
        person_key=compute_person_key(channel, person),
        defaults={
            "person": b""
            if channel == Channel.CHAT
            else encrypt(person),  # the platform never writes to a browser first
            "language": language,
            "begun_at": at,
            "heard_at": at,
        },
    )
    return row.id


def handle_message(
    *,
    conversation: UUID,
    message: IncomingMessage,
    at: datetime,
    check_rate_limit: Callable[[str], None] | None = None,
    sender: str = "",
) -> list[OutgoingMessage]:
    """Process a message and return the replies; empty for a duplicate key or while an officer has the conversation.

    `check_rate_limit` is called with the draft's key before a case is submitted; what it raises rolls everything back.
    `sender` identifies who guesses access codes; the default is the conversation.
    """
    with transaction.atomic():
        row = Conversation.objects.select_for_update().get(pk=conversation)
        key, text = (
            clean_text(message.key[: storage.MAX_KEY_LENGTH]),
            clean_text(message.text[:_MAX_TEXT_LENGTH]),
        )
        if _is_duplicate(row, key):
            return []
        message = replace(message, key=key, text=text)
        state = _load_state(row)
        if (row.wanted_at or row.officer_id) and not dialogue_manager.is_gated(state, message):
            if not dialogue_manager.is_return_to_assistant(message):
                return _record_for_officer(row, message, at)
            row.wanted_at = row.officer = None
            message = replace(message, text="", choice="hello")
        platform = PlatformAdapter(row.channel, at, state.language, sender or str(row.pk), check_rate_limit)
        return _save_turn(
            row,
            dialogue_manager.process_turn(
                state, message, platform, is_expired=at - row.heard_at > MAX_SILENCE
            ),
            message,
            at,
        )


def handle_gated_message(*, conversation: UUID, key: str, at: datetime) -> list[OutgoingMessage]:
    """Answer a message about corruption whose text was not kept with the confidential report."""
    with transaction.atomic():
        row = Conversation.objects.select_for_update().get(pk=conversation)
        if _is_duplicate(row, key):
            return []
        state = _load_state(row)
        platform = PlatformAdapter(row.channel, at, state.language, str(row.pk))
        return _save_turn(
            row, dialogue_manager.build_gated_turn(state, platform), IncomingMessage(key=key), at
        )


def _is_duplicate(row: Conversation, key: str) -> bool:
    return bool(key) and row.lines.filter(key=key[: storage.MAX_KEY_LENGTH]).exists()


def _load_state(row: Conversation) -> DialogueState:
    return DialogueState(row.step, Draft.from_json(decrypt(row.draft)), row.language)


def _record_for_officer(row: Conversation, message: IncomingMessage, at: datetime) -> list[OutgoingMessage]:
    """Store a message for the officer who has the conversation; return a notice if it had files."""
    storage.append_line(
        row,
        Speaker.PERSON,
        OutgoingMessage(hide_access_codes(message.text)) if message.text else None,
        at,
        key=message.key,
    )
    row.heard_at, row.version = at, row.version + 1
    row.save(update_fields=["heard_at", "version"])
    if not message.photos:
        return []
    discard_uploads(message.photos)
    notice = BilingualMessage(NO_FILES_NOW).in_language(row.language)
    storage.append_line(row, Speaker.PLATFORM, notice, at)
    return [notice]


def _save_turn(
    row: Conversation, turn: TurnResult, message: IncomingMessage, at: datetime
) -> list[OutgoingMessage]:
    """Store the new state and the lines of both sides; return the replies."""
    before = _load_state(row)
    if turn.is_gated or turn.is_new_conversation:
        storage.erase_lines(row)
    if turn.is_gated:
        discard_uploads({UUID(photo) for photo in before.draft.photos} | set(message.photos))
        row.gated_at, row.wanted_at, row.officer = at, None, None
    if turn.wants_person:
        row.wanted_at = row.wanted_at or at
    person_line = OutgoingMessage(turn.kept_text) if turn.kept_text else None
    storage.append_line(row, Speaker.PERSON, person_line, at, key=message.key)
    for reply in turn.messages:
        storage.append_line(row, Speaker.PLATFORM, reply, at)
    draft_fields = turn.state.draft.as_json()
    row.step, row.language = turn.state.step, turn.state.language
    row.draft = encrypt(draft_fields) if draft_fields else b""
    row.heard_at, row.said_at, row.version = at, at, row.version + 1
    row.save()
    return turn.messages
