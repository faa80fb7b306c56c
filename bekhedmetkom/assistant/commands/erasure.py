"""Erasure of conversations: on request, after a case was submitted, and after a period of silence."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from bekhedmetkom.notifications.rules.messenger import (
    HUMAN_AGENT_WINDOW,  # an officer may answer for this long
)

from .. import storage
from ..models import Conversation
from ..rules.messages import Channel
from ..storage import compute_person_key
from .incoming_messages import MAX_SILENCE

SENT_LIFETIME = timedelta(
    hours=1
)  # reference and access code of a submitted case, as on the portal's receipt page
BROWSER_LIFETIME = timedelta(days=30)  # the row of a chat in a browser; its content is erased long before
_BATCH_SIZE = 200


def delete_conversation(*, channel: str, person: str) -> None:
    """Delete the conversation of a person on a channel, with all its lines."""
    Conversation.objects.filter(channel=channel, person_key=compute_person_key(channel, person)).delete()


def erase_expired_conversations(at: datetime) -> int:
    """Erase the content of expired conversations and delete old chat rows; return how many were erased.

    One call handles at most one batch: call it again until it returns 0.
    """
    is_handed_over = Q(wanted_at__isnull=False) | Q(officer__isnull=False)
    expired = Q(heard_at__lt=at - MAX_SILENCE) | Q(step="sent", heard_at__lt=at - SENT_LIFETIME)
    expired = (expired & ~is_handed_over) | Q(heard_at__lt=at - HUMAN_AGENT_WINDOW)
    with transaction.atomic():
        rows = Conversation.objects.select_for_update(skip_locked=True).filter(expired, version__gt=0)
        erased = list(rows.order_by("heard_at")[:_BATCH_SIZE])
        for row in erased:
            storage.erase_lines(row)
            row.draft, row.version, row.wanted_at, row.officer = b"", 0, None, None
            row.save()
        old_chats = Conversation.objects.filter(channel=Channel.CHAT, heard_at__lt=at - BROWSER_LIFETIME)
        old_chats.filter(pk__in=old_chats.values("pk")[:_BATCH_SIZE]).delete()
    return len(erased)
