"""Inbox commands and e-mail preferences: mark lines as seen, save preferences, unsubscribe, delete old lines."""

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
    """Mark these inbox lines as seen, each up to the event given with it; a line with a later event stays new."""
    until = max(lines.values(), default=0)
    mine = Notice.objects.filter(officer=actor.officer_id, pk__in=lines, event__lte=until, seen_at=None)
    mine.update(seen_at=at, **NO_EMAIL_PENDING)


def mark_case_seen(*, actor: Actor, at: datetime, case: UUID) -> None:
    """Mark the officer's lines about the case as seen."""
    mine = Notice.objects.filter(officer=actor.officer_id, case=case, at__lte=at, seen_at=None)
    mine.update(seen_at=at, **NO_EMAIL_PENDING)


@transaction.atomic
def save_email_preferences(
    *, actor: Actor, at: datetime, mails: Mapping[InboxCategory, EmailFrequency], mornings: bool
) -> None:
    """Save how the officer gets e-mail about each category, and whether the morning digest is sent."""
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
    """Delete inbox lines and digest records past their retention; return how many."""
    gone, _ = Notice.objects.filter(at__lte=at - INBOX_RETENTION).delete()
    mornings, _ = Morning.objects.filter(day__lt=(at - INBOX_RETENTION).date()).delete()
    return gone + mornings


def unsubscribe_from_case(*, message: int, at: datetime) -> bool:
    """Stop messages about the case of this message; return `False` where nothing changes.

    Row-level security must already allow the case. An address that its citizen has replaced has no effect.
    """
    row = models.Message.objects.filter(pk=message, officer=None).exclude(case=None).first()
    if row is None or row.case is None:
        return False
    case = row.case
    theirs = Particulars.objects.filter(pk=case.pk, email__iexact=row.address).exists()
    return theirs and unsubscribe_case(case=case.pk, actor=Actor.citizen(case.reference), at=at)
