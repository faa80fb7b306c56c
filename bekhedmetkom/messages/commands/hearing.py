"""What an officer does with the bell and its e-mails: sees, chooses. Old lines go."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from bekhedmetkom.entities.models import ChangeRecord
from bekhedmetkom.kernel.actor import Actor

from ..models import Choice, Morning, Notice
from ..rules.news import KEPT, MORNING, Mail, Sort

SEEN: Mapping[str, Any] = {"daily": False, "mail_at": None}  # what was seen is not told again by e-mail


def see(*, actor: Actor, at: datetime, lines: Mapping[int, int]) -> None:
    """These lines of the bell are before the officer, each with the event that it tells of; a later one is not."""
    until = max(lines.values(), default=0)
    mine = Notice.objects.filter(officer=actor.officer_id, pk__in=lines, event__lte=until, seen_at=None)
    mine.update(seen_at=at, **SEEN)


def see_case(*, actor: Actor, at: datetime, case: UUID) -> None:
    """The officer has the case itself before them."""
    mine = Notice.objects.filter(officer=actor.officer_id, case=case, at__lte=at, seen_at=None)
    mine.update(seen_at=at, **SEEN)


@transaction.atomic
def choose(*, actor: Actor, at: datetime, mails: Mapping[Sort, Mail], mornings: bool) -> None:
    """How the officer wants to hear of each sort by e-mail, and whether the morning's comes."""
    before = dict(Choice.objects.filter(officer=actor.officer_id).values_list("about", "mail"))
    after = {str(sort): str(mail) for sort, mail in mails.items()}
    after[MORNING] = str(Mail.DAILY if mornings else Mail.NEVER)
    if before == after:
        return
    for about, mail in after.items():
        Choice.objects.update_or_create(officer_id=int(actor.id), about=about, defaults={"mail": mail})
    ChangeRecord.objects.create(
        at=at,
        actor=str(actor),
        model=Choice._meta.label_lower,
        key=actor.id,
        before=before or None,
        after=after,
    )


def forget_old_news(at: datetime) -> int:
    """What no bell shows any more, and of which mornings it was seen to."""
    gone, _ = Notice.objects.filter(at__lte=at - KEPT).delete()
    mornings, _ = Morning.objects.filter(day__lt=(at - KEPT).date()).delete()
    return gone + mornings
