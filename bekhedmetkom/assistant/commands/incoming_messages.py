"""One message is heard: under the lock of its conversation, all of it or nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from bekhedmetkom.attachments.commands import discard
from bekhedmetkom.cases.commands.wording import cleaned

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
_MAX_TEXT_LENGTH = 16_000  # letters that are looked at; what a case takes is less


def get_or_create_conversation(*, channel: str, person: str, at: datetime, language: str = "ar") -> UUID:
    """The talk with somebody on a channel, begun where there is none. `person` is how the channel knows them."""
    row, _begun = Conversation.objects.get_or_create(
        channel=channel,
        person_key=compute_person_key(channel, person),
        defaults={
            "person": b"" if channel == Channel.CHAT else encrypt(person),  # nobody writes to a browser first
            "language": language, "begun_at": at, "heard_at": at,
        },
    )  # fmt: skip
    return row.id


def handle_message(
    *,
    conversation: UUID,
    heard: IncomingMessage,
    at: datetime,
    admit: Callable[[str], None] | None = None,
    sender: str = "",
) -> list[OutgoingMessage]:
    """What is said to a message; nothing where its key was heard before, or while a person has the talk.

    `admit` is asked before a case is sent, with its key, and may raise, which undoes all of it. `sender` is whose
    guesses of access codes are counted together, where a door knows better than by the conversation.
    """
    with transaction.atomic():
        row = Conversation.objects.select_for_update().get(pk=conversation)
        key, text = cleaned(heard.key[: storage.MAX_KEY_LENGTH]), cleaned(heard.text[:_MAX_TEXT_LENGTH])
        if _is_duplicate(row, key):
            return []
        heard = replace(heard, key=key, text=text)
        talk = _load_state(row)
        if (row.wanted_at or row.officer_id) and not dialogue_manager.is_gated(talk, heard):
            if not dialogue_manager.is_return_to_assistant(heard):
                return _record_for_officer(row, heard, at)
            row.wanted_at = row.officer = None
            heard = replace(heard, text="", choice="hello")
        world = PlatformAdapter(row.channel, at, talk.language, sender or str(row.pk), admit)
        return _save_turn(
            row,
            dialogue_manager.process_turn(talk, heard, world, lapsed=at - row.heard_at > MAX_SILENCE),
            heard,
            at,
        )


def handle_gated_message(*, conversation: UUID, key: str, at: datetime) -> list[OutgoingMessage]:
    """The same for a message of corruption that a door kept nothing of: the safer way."""
    with transaction.atomic():
        row = Conversation.objects.select_for_update().get(pk=conversation)
        if _is_duplicate(row, key):
            return []
        talk = _load_state(row)
        world = PlatformAdapter(row.channel, at, talk.language, str(row.pk))
        return _save_turn(row, dialogue_manager.build_gated_turn(talk, world), IncomingMessage(key=key), at)


def _is_duplicate(row: Conversation, key: str) -> bool:
    return bool(key) and row.lines.filter(key=key[: storage.MAX_KEY_LENGTH]).exists()


def _load_state(row: Conversation) -> DialogueState:
    return DialogueState(row.step, Draft.from_json(decrypt(row.draft)), row.language)


def _record_for_officer(row: Conversation, heard: IncomingMessage, at: datetime) -> list[OutgoingMessage]:
    """While a person has it the platform only keeps what comes, and says of a file that it reaches nobody here."""
    storage.append_line(
        row,
        Speaker.PERSON,
        OutgoingMessage(hide_access_codes(heard.text)) if heard.text else None,
        at,
        key=heard.key,
    )
    row.heard_at, row.version = at, row.version + 1
    row.save(update_fields=["heard_at", "version"])
    if not heard.photos:
        return []
    discard(heard.photos)
    told = BilingualMessage(NO_FILES_NOW).in_(row.language)
    storage.append_line(row, Speaker.PLATFORM, told, at)
    return [told]


def _save_turn(
    row: Conversation, turn: TurnResult, heard: IncomingMessage, at: datetime
) -> list[OutgoingMessage]:
    """Write down where the talk stands, and what was said on both sides."""
    before = _load_state(row)
    if turn.gated or turn.is_new:
        storage.erase_lines(row)
    if turn.gated:
        discard({UUID(photo) for photo in before.draft.photos} | set(heard.photos))
        row.gated_at, row.wanted_at, row.officer = at, None, None
    if turn.wants_person:
        row.wanted_at = row.wanted_at or at
    said = OutgoingMessage(turn.kept) if turn.kept else None
    storage.append_line(row, Speaker.PERSON, said, at, key=heard.key)
    for say in turn.says:
        storage.append_line(row, Speaker.PLATFORM, say, at)
    kept = turn.talk.draft.as_json()
    row.step, row.language = turn.talk.step, turn.talk.language
    row.draft = encrypt(kept) if kept else b""
    row.heard_at, row.said_at, row.version = at, at, row.version + 1
    row.save()
    return turn.says
