"""What was said is erased when its case was sent, or when nothing more comes."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from bekhedmetkom.messages.rules.messenger import A_PERSON  # so long an officer may still answer

from .. import storage
from ..models import Conversation
from ..rules.messages import Channel
from ..storage import compute_person_key
from .incoming_messages import MAX_SILENCE

SENT_LIFETIME = timedelta(
    hours=1
)  # the number and the code of a case that was sent, as on the portal's last page
BROWSER_LIFETIME = timedelta(days=30)  # the row of a talk in a browser, empty by then
_BATCH_SIZE = 200


def delete_conversation(*, channel: str, person: str) -> None:
    """Whoever held it wants nothing of it left."""
    Conversation.objects.filter(channel=channel, person_key=compute_person_key(channel, person)).delete()


def erase_expired_conversations(at: datetime) -> int:
    """Erase the words of talks that are over, and the rows of those in browsers; how many. Again: the rest."""
    asked = Q(wanted_at__isnull=False) | Q(officer__isnull=False)
    over = Q(heard_at__lt=at - MAX_SILENCE) | Q(step="sent", heard_at__lt=at - SENT_LIFETIME)
    over = (over & ~asked) | Q(heard_at__lt=at - A_PERSON)
    with transaction.atomic():
        rows = Conversation.objects.select_for_update(skip_locked=True).filter(over, version__gt=0)
        erased = list(rows.order_by("heard_at")[:_BATCH_SIZE])
        for row in erased:
            storage.erase_lines(row)
            row.draft, row.version, row.wanted_at, row.officer = b"", 0, None, None
            row.save()
        gone = Conversation.objects.filter(channel=Channel.CHAT, heard_at__lt=at - BROWSER_LIFETIME)
        gone.filter(pk__in=gone.values("pk")[:_BATCH_SIZE]).delete()
    return len(erased)
