"""What was said is erased when its case was sent, or when nothing more comes."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from bekhedmetkom.messages.rules.messenger import A_PERSON  # so long an officer may still answer

from .. import talking
from ..models import Conversation
from ..rules.talk import Channel
from ..sealing import person_key
from .hearing import SILENCE

SENT_STAYS = timedelta(
    hours=1
)  # the number and the code of a case that was sent, as on the portal's last page
BROWSER_STAYS = timedelta(days=30)  # the row of a talk in a browser, empty by then
_AT_ONCE = 200


def leave(*, channel: str, person: str) -> None:
    """Whoever held it wants nothing of it left."""
    Conversation.objects.filter(channel=channel, person_key=person_key(channel, person)).delete()


def forget(at: datetime) -> int:
    """Erase the words of talks that are over, and the rows of those in browsers; how many. Again: the rest."""
    asked = Q(wanted_at__isnull=False) | Q(officer__isnull=False)
    over = Q(heard_at__lt=at - SILENCE) | Q(step="sent", heard_at__lt=at - SENT_STAYS)
    over = (over & ~asked) | Q(heard_at__lt=at - A_PERSON)
    with transaction.atomic():
        rows = Conversation.objects.select_for_update(skip_locked=True).filter(over, version__gt=0)
        erased = list(rows.order_by("heard_at")[:_AT_ONCE])
        for row in erased:
            talking.erase(row)
            row.draft, row.version, row.wanted_at, row.officer = b"", 0, None, None
            row.save()
        gone = Conversation.objects.filter(channel=Channel.CHAT, heard_at__lt=at - BROWSER_STAYS)
        gone.filter(pk__in=gone.values("pk")[:_AT_ONCE]).delete()
    return len(erased)
