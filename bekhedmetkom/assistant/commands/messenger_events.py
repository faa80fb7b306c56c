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
from bekhedmetkom.kernel.text import BilingualText
from bekhedmetkom.messages.commands import answer_by_messenger, heard_from
from bekhedmetkom.messenger import commands as messenger
from bekhedmetkom.messenger.encryption import decrypt
from bekhedmetkom.messenger.models import Event
from bekhedmetkom.messenger.rules.webhook_parser import EventContent, parse_content

from ..rules.messages import Channel, IncomingMessage
from .incoming_messages import get_or_create_conversation, handle_gated_message, handle_message

UNSUPPORTED_CONTENT = BilingualText(
    "هذا لا نفهمه هنا. اكتب لنا بالكلام، أو أرسل صورة.",
    "We do not understand this here. Please write in words, or send a photo.",
)

log = logging.getLogger(__name__)


def process_messenger_events(at: datetime) -> int:
    """Everything that has come and is due; returns how many events were worked."""
    messenger.load_spooled_posts()
    done = 0
    while (event := messenger.claim_event(at)) is not None:
        try:
            done += _process_event(event, at)
        except TryAgain:
            _reschedule_or_give_up(event, at)
        except CryptoError:
            log.exception("event %s of Messenger cannot be opened", event.pk)
            messenger.complete_event(event, at)
        except Exception:  # one event holds up its own person and nobody else
            log.exception("event %s of Messenger could not be worked", event.pk)
            _reschedule_or_give_up(event, at)
    return done


def _process_event(event: Event, at: datetime) -> int:
    item = decrypt(event.item)
    psid = str(item["sender"]["id"])
    told = parse_content(item)
    files, refused = messenger.fetch_files(event, told.files, at)
    with transaction.atomic():
        if not messenger.lock_claimed_event(event):
            return 0
        heard_from(psid=psid, at=min(event.at, at))
        talk = get_or_create_conversation(channel=Channel.MESSENGER, person=psid, at=at)
        if event.gated:
            says = handle_gated_message(conversation=talk, key=event.key, at=at)
        else:
            says = handle_message(
                conversation=talk, heard=_build_incoming_message(told, files, refused, event.key), at=at
            )
        for say in says:
            messenger.queue_message(psid=psid, text=say.text, choices=say.choices, link=say.link, at=at)
            if say.case:
                answer_by_messenger(case=say.case, psid=psid)
        messenger.complete_event(event, at)
    return 1


def _build_incoming_message(
    told: EventContent, files: tuple[UUID, ...], refused: BilingualText | None, key: str
) -> IncomingMessage:
    nothing_else = not (told.text or told.choice or files or told.location)
    strange = UNSUPPORTED_CONTENT if told.strange and nothing_else else None
    return IncomingMessage(told.text, told.choice, files, told.location, refused or strange, key)


def _reschedule_or_give_up(event: Event, at: datetime) -> None:
    if messenger.has_no_tries_left(event):
        log.error("event %s of Messenger is given up", event.pk)
        messenger.complete_event(event, at)
    else:
        messenger.reschedule_event(event, at)
