"""An officer has a talk that asked for a person: takes it, writes in it, gives it back. Each is written down.

The history of changes says who did what and when, never what was written.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from bekhedmetkom.cases.commands.wording import worded
from bekhedmetkom.cases.rules.access import holds
from bekhedmetkom.entities.models import Change
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import NotAllowed, Refused
from bekhedmetkom.kernel.words import Words
from bekhedmetkom.messages.queries import messenger_window
from bekhedmetkom.messages.rules.messenger import Window
from bekhedmetkom.messenger import commands as messenger

from .. import talking
from ..models import Conversation
from ..rules.talk import Channel, Say, Whose
from ..sealing import opened

TALK = "desk.talk"  # as the history of changes names it
LONGEST = 2000

BACK = Words(
    "انتهت محادثتك مع الموظف. أنا المساعد الآلي: اكتب «مرحبا» لتبدأ من جديد، أو «موظف» إن احتجت إليه ثانية.",
    "Your conversation with the officer is over. This is the assistant again: write “hello” to begin, or “person” to"
    " ask for one again.",
)  # fmt: skip


class NoLongerYours(Refused):
    words = Words(
        "هذه المحادثة ليست معك الآن: أخذها غيرك، أو أعادها صاحبها إلى المساعد.",
        "This conversation is not with you now: a colleague took it, or its person went back to the assistant.",
    )


class TooLate(Refused):
    words = Words(
        "مضت سبعة أيام على آخر رسالة منه، ولا يسمح ماسنجر بالكتابة إليه. إن كان له طلب فاكتب إليه فيه.",
        "Seven days have passed since their last message, and Messenger lets nobody write to them any more. If they"
        " have a case, write there.",
    )  # fmt: skip


def take(*, conversation: UUID, actor: Actor, at: datetime) -> None:
    """Have the talk from now on, whoever had it. Only one that has asked for a person can be had."""
    with transaction.atomic():
        row = _row(conversation, actor)
        if row.wanted_at is None and row.officer_id is None:
            raise NoLongerYours
        if row.officer_id != actor.officer_id:
            row.officer_id = actor.officer_id
            row.save(update_fields=["officer"])
            _written_down(row, "taken", actor, at)


def write(*, conversation: UUID, text: str, key: str, actor: Actor, at: datetime) -> None:
    """Say something to the person, in one's own words; the same `key` says it once. Raises `Invalid`, `Refused`."""
    clean = worded("text", text, limit=LONGEST)
    with transaction.atomic():
        row = _own(conversation, actor)
        name = f"officer:{actor.officer_id}:{key}"
        if row.lines.filter(key=name).exists():
            return
        psid = str(opened(row.person) or "") if row.channel == Channel.MESSENGER else ""
        if psid and messenger_window(psid, at) is Window.CLOSED:
            raise TooLate
        line = talking.append(row, Whose.OFFICER, Say(clean), at, officer=actor.officer_id, key=name)
        if psid:
            messenger.say(psid=psid, text=clean, at=at, line=line.pk)
        row.said_at, row.version = at, row.version + 1
        row.save(update_fields=["said_at", "version"])
        _written_down(row, "written", actor, at)


def leave_to_others(*, conversation: UUID, actor: Actor, at: datetime) -> None:
    """Put it back among those that wait for a person."""
    with transaction.atomic():
        row = _own(conversation, actor)
        row.officer, row.wanted_at = None, row.wanted_at or at
        row.save(update_fields=["officer", "wanted_at"])
        _written_down(row, "left", actor, at)


def give_back(*, conversation: UUID, actor: Actor, at: datetime) -> None:
    """The assistant has it again, and says so."""
    with transaction.atomic():
        row = _own(conversation, actor)
        said = Say(BACK.in_(row.language))
        talking.append(row, Whose.PLATFORM, said, at)
        if row.channel == Channel.MESSENGER:
            messenger.say(psid=str(opened(row.person)), text=said.text, at=at)
        row.officer = row.wanted_at = None
        row.said_at, row.version = at, row.version + 1
        row.save(update_fields=["officer", "wanted_at", "said_at", "version"])
        _written_down(row, "given_back", actor, at)


def _row(conversation: UUID, actor: Actor) -> Conversation:
    if not holds(actor, Permission.TALK):
        raise NotAllowed
    row = Conversation.objects.select_for_update().filter(pk=conversation).first()
    if row is None:
        raise NoLongerYours
    return row


def _own(conversation: UUID, actor: Actor) -> Conversation:
    row = _row(conversation, actor)
    if row.officer_id != actor.officer_id:
        raise NoLongerYours
    return row


def _written_down(row: Conversation, what: str, actor: Actor, at: datetime) -> None:
    after: dict[str, Any] = {"done": what, "channel": row.channel}
    Change.objects.create(at=at, actor=str(actor), model=TALK, key=str(row.pk), before=None, after=after)
