"""What an officer does with the bell and its e-mails: sees, chooses. Old lines go."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from bekhedmetkom.cases.commands import unsubscribe_case
from bekhedmetkom.cases.models import Particulars
from bekhedmetkom.entities.models import ChangeRecord
from bekhedmetkom.kernel.actor import Actor

from .. import models
from ..models import Choice, Morning, Notice
from ..rules.inbox import INBOX_RETENTION, MORNING_DIGEST, EmailFrequency, InboxCategory

NO_EMAIL_PENDING: Mapping[str, Any] = {
    "daily": False,
    "mail_at": None,
}  # what was seen is not told again by e-mail


def mark_lines_seen(*, actor: Actor, at: datetime, lines: Mapping[int, int]) -> None:
    """These lines of the bell are before the officer, each with the event that it tells of; a later one is not."""
    until = max(lines.values(), default=0)
    mine = Notice.objects.filter(officer=actor.officer_id, pk__in=lines, event__lte=until, seen_at=None)
    mine.update(seen_at=at, **NO_EMAIL_PENDING)


def mark_case_seen(*, actor: Actor, at: datetime, case: UUID) -> None:
    """The officer has the case itself before them."""
    mine = Notice.objects.filter(officer=actor.officer_id, case=case, at__lte=at, seen_at=None)
    mine.update(seen_at=at, **NO_EMAIL_PENDING)


@transaction.atomic
def save_email_preferences(
    *, actor: Actor, at: datetime, mails: Mapping[InboxCategory, EmailFrequency], mornings: bool
) -> None:
    """How the officer wants to hear of each sort by e-mail, and whether the morning's comes."""
    before = dict(Choice.objects.filter(officer=actor.officer_id).values_list("about", "mail"))
    after = {str(sort): str(mail) for sort, mail in mails.items()}
    after[MORNING_DIGEST] = str(EmailFrequency.DAILY if mornings else EmailFrequency.NEVER)
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


def delete_old_notices(at: datetime) -> int:
    """What no bell shows any more, and of which mornings it was seen to."""
    gone, _ = Notice.objects.filter(at__lte=at - INBOX_RETENTION).delete()
    mornings, _ = Morning.objects.filter(day__lt=(at - INBOX_RETENTION).date()).delete()
    return gone + mornings


def unsubscribe_from_case(*, message: int, at: datetime) -> bool:
    """End the news of the case that this message was about; `False` where it ends nothing.

    The case has been let through the wall. An address that its citizen has replaced since decides nothing any more.
    """
    row = models.Message.objects.filter(pk=message, officer=None).exclude(case=None).first()
    if row is None or row.case is None:
        return False
    case = row.case
    theirs = Particulars.objects.filter(pk=case.pk, email__iexact=row.address).exists()
    return theirs and unsubscribe_case(case=case.pk, actor=Actor.citizen(case.reference), at=at)
