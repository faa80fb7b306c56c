"""One message is heard: under the lock of its conversation, all of it or nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from bekhedmetkom.attachments.commands import discard
from bekhedmetkom.cases.commands.wording import cleaned

from .. import talking
from ..models import Conversation
from ..rules import machine
from ..rules.draft import Draft
from ..rules.machine import Talk, Turn
from ..rules.saying import NO_FILES_NOW
from ..rules.showing import Saying
from ..rules.talk import Channel, Heard, Say, Whose
from ..rules.understanding import without_codes
from ..sealing import opened, person_key, sealed
from .platform import Platform

SILENCE = timedelta(days=2)
_LONGEST_HEARD = 16_000  # letters that are looked at; what a case takes is less


def conversation_of(*, channel: str, person: str, at: datetime, language: str = "ar") -> UUID:
    """The talk with somebody on a channel, begun where there is none. `person` is how the channel knows them."""
    row, _begun = Conversation.objects.get_or_create(
        channel=channel,
        person_key=person_key(channel, person),
        defaults={
            "person": b"" if channel == Channel.CHAT else sealed(person),  # nobody writes to a browser first
            "language": language, "begun_at": at, "heard_at": at,
        },
    )  # fmt: skip
    return row.id


def hear(
    *,
    conversation: UUID,
    heard: Heard,
    at: datetime,
    admit: Callable[[str], None] | None = None,
    sender: str = "",
) -> list[Say]:
    """What is said to a message; nothing where its key was heard before, or while a person has the talk.

    `admit` is asked before a case is sent, with its key, and may raise, which undoes all of it. `sender` is whose
    guesses of access codes are counted together, where a door knows better than by the conversation.
    """
    with transaction.atomic():
        row = Conversation.objects.select_for_update().get(pk=conversation)
        key, text = cleaned(heard.key[: talking.LONGEST_KEY]), cleaned(heard.text[:_LONGEST_HEARD])
        if _was_heard(row, key):
            return []
        heard = replace(heard, key=key, text=text)
        talk = _talk(row)
        if (row.wanted_at or row.officer_id) and not machine.is_gated(talk, heard):
            if not machine.gives_back(heard):
                return _listened(row, heard, at)
            row.wanted_at = row.officer = None
            heard = replace(heard, text="", choice="hello")
        world = Platform(row.channel, at, talk.language, sender or str(row.pk), admit)
        return _taken(row, machine.turn(talk, heard, world, lapsed=at - row.heard_at > SILENCE), heard, at)


def hear_gated(*, conversation: UUID, key: str, at: datetime) -> list[Say]:
    """The same for a message of corruption that a door kept nothing of: the safer way."""
    with transaction.atomic():
        row = Conversation.objects.select_for_update().get(pk=conversation)
        if _was_heard(row, key):
            return []
        talk = _talk(row)
        world = Platform(row.channel, at, talk.language, str(row.pk))
        return _taken(row, machine.gated(talk, world), Heard(key=key), at)


def _was_heard(row: Conversation, key: str) -> bool:
    return bool(key) and row.lines.filter(key=key[: talking.LONGEST_KEY]).exists()


def _talk(row: Conversation) -> Talk:
    return Talk(row.step, Draft.from_json(opened(row.draft)), row.language)


def _listened(row: Conversation, heard: Heard, at: datetime) -> list[Say]:
    """While a person has it the platform only keeps what comes, and says of a file that it reaches nobody here."""
    talking.append(
        row, Whose.PERSON, Say(without_codes(heard.text)) if heard.text else None, at, key=heard.key
    )
    row.heard_at, row.version = at, row.version + 1
    row.save(update_fields=["heard_at", "version"])
    if not heard.photos:
        return []
    discard(heard.photos)
    told = Saying(NO_FILES_NOW).in_(row.language)
    talking.append(row, Whose.PLATFORM, told, at)
    return [told]


def _taken(row: Conversation, turn: Turn, heard: Heard, at: datetime) -> list[Say]:
    """Write down where the talk stands, and what was said on both sides."""
    before = _talk(row)
    if turn.gated or turn.is_new:
        talking.erase(row)
    if turn.gated:
        discard({UUID(photo) for photo in before.draft.photos} | set(heard.photos))
        row.gated_at, row.wanted_at, row.officer = at, None, None
    if turn.wants_person:
        row.wanted_at = row.wanted_at or at
    said = Say(turn.kept) if turn.kept else None
    talking.append(row, Whose.PERSON, said, at, key=heard.key)
    for say in turn.says:
        talking.append(row, Whose.PLATFORM, say, at)
    kept = turn.talk.draft.as_json()
    row.step, row.language = turn.talk.step, turn.talk.language
    row.draft = sealed(kept) if kept else b""
    row.heard_at, row.said_at, row.version = at, at, row.version + 1
    row.save()
    return turn.says
