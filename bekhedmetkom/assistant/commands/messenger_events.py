"""Processing of Messenger events: each is answered in one transaction, so a crash never does half of one."""

import logging
from datetime import datetime
from uuid import UUID

from django.db import transaction
from nacl.exceptions import CryptoError

from bekhedmetkom.attachments.rules import TemporaryFailure
from bekhedmetkom.kernel.text import BilingualText
from bekhedmetkom.messenger import commands as messenger
from bekhedmetkom.messenger.encryption import decrypt
from bekhedmetkom.messenger.models import Event
from bekhedmetkom.messenger.rules.webhook_parser import EventContent, parse_content
from bekhedmetkom.notifications.commands import link_case_to_messenger, record_messenger_contact

from ..rules.messages import Channel, IncomingMessage
from .incoming_messages import get_or_create_conversation, handle_gated_message, handle_message

UNSUPPORTED_CONTENT = BilingualText(
    "هذا لا نفهمه هنا. اكتب لنا بالكلام، أو أرسل صورة.",
    "We do not understand this here. Please write in words, or send a photo.",
)

log = logging.getLogger(__name__)


def process_messenger_events(at: datetime) -> int:
    """Process all events that are due; return how many were processed."""
    messenger.load_spooled_posts()
    processed = 0
    while (event := messenger.claim_event(at)) is not None:
        try:
            processed += _process_event(event, at)
        except TemporaryFailure:
            _reschedule_or_give_up(event, at)
        except CryptoError:
            log.exception("event %s of Messenger cannot be opened", event.pk)
            messenger.complete_event(event, at)
        except Exception:  # a failing event delays only its own sender
            log.exception("event %s of Messenger could not be worked", event.pk)
            _reschedule_or_give_up(event, at)
    return processed


def _process_event(event: Event, at: datetime) -> int:
    item = decrypt(event.item)
    psid = str(item["sender"]["id"])
    content = parse_content(item)
    files, refusal = messenger.fetch_files(event, content.files, at)
    with transaction.atomic():
        if not messenger.lock_claimed_event(event):
            return 0
        record_messenger_contact(psid=psid, at=min(event.at, at))
        conversation = get_or_create_conversation(channel=Channel.MESSENGER, person=psid, at=at)
        if event.gated:
            replies = handle_gated_message(conversation=conversation, key=event.key, at=at)
        else:
            replies = handle_message(
                conversation=conversation,
                message=_build_incoming_message(content, files, refusal, event.key),
                at=at,
            )
        for reply in replies:
            messenger.queue_message(psid=psid, text=reply.text, choices=reply.choices, link=reply.link, at=at)
            if reply.case_id:
                link_case_to_messenger(case=reply.case_id, psid=psid)
        messenger.complete_event(event, at)
    return 1


def _build_incoming_message(
    content: EventContent, files: tuple[UUID, ...], refusal: BilingualText | None, key: str
) -> IncomingMessage:
    nothing_else = not (content.text or content.choice or files or content.location)
    unsupported = UNSUPPORTED_CONTENT if content.has_unsupported_content and nothing_else else None
    return IncomingMessage(content.text, content.choice, files, content.location, refusal or unsupported, key)


def _reschedule_or_give_up(event: Event, at: datetime) -> None:
    if messenger.has_no_tries_left(event):
        log.error("event %s of Messenger is given up", event.pk)
        messenger.complete_event(event, at)
    else:
        messenger.reschedule_event(event, at)
