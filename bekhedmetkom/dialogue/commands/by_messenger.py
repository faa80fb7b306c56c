"""What came by Messenger is heard, one event after the other, and what is said to it put down to be sent.

An event is worked in one transaction: the talk, perhaps a case, what is to be said, and that it was worked. Whoever is
killed in the middle has done nothing of it, and the next does all of it.
"""

import logging
from datetime import datetime
from uuid import UUID

from django.db import transaction
from nacl.exceptions import CryptoError

from bekhedmetkom.attachments.rules import TryAgain
from bekhedmetkom.kernel.words import Words
from bekhedmetkom.messages.commands import answer_by_messenger, heard_from
from bekhedmetkom.messenger import commands as messenger
from bekhedmetkom.messenger.models import Event
from bekhedmetkom.messenger.rules.reading import Said, said
from bekhedmetkom.messenger.sealing import opened

from ..rules.talk import Channel, Heard
from .hearing import conversation_of, hear, hear_gated

STRANGE = Words(
    "هذا لا نفهمه هنا. اكتب لنا بالكلام، أو أرسل صورة.",
    "We do not understand this here. Please write in words, or send a photo.",
)

log = logging.getLogger(__name__)


def work_messenger(at: datetime) -> int:
    """Everything that has come and is due; returns how many events were worked."""
    messenger.take_in_kept()
    done = 0
    while (event := messenger.claim(at)) is not None:
        try:
            done += _work(event, at)
        except TryAgain:
            _later(event, at)
        except CryptoError:
            log.exception("event %s of Messenger cannot be opened", event.pk)
            messenger.worked(event, at)
        except Exception:  # one event holds up its own person and nobody else
            log.exception("event %s of Messenger could not be worked", event.pk)
            _later(event, at)
    return done


def _work(event: Event, at: datetime) -> int:
    item = opened(event.item)
    psid = str(item["sender"]["id"])
    told = said(item)
    files, refused = messenger.files_of(event, told.files, at)
    with transaction.atomic():
        if not messenger.open_again(event):
            return 0
        heard_from(psid=psid, at=min(event.at, at))
        talk = conversation_of(channel=Channel.MESSENGER, person=psid, at=at)
        if event.gated:
            says = hear_gated(conversation=talk, key=event.key, at=at)
        else:
            says = hear(conversation=talk, heard=_heard(told, files, refused, event.key), at=at)
        for say in says:
            messenger.say(psid=psid, text=say.text, choices=say.choices, link=say.link, at=at)
            if say.case:
                answer_by_messenger(case=say.case, psid=psid)
        messenger.worked(event, at)
    return 1


def _heard(told: Said, files: tuple[UUID, ...], refused: Words | None, key: str) -> Heard:
    nothing_else = not (told.text or told.choice or files or told.location)
    strange = STRANGE if told.strange and nothing_else else None
    return Heard(told.text, told.choice, files, told.location, refused or strange, key)


def _later(event: Event, at: datetime) -> None:
    if messenger.given_up(event):
        log.error("event %s of Messenger is given up", event.pk)
        messenger.worked(event, at)
    else:
        messenger.later(event, at)
