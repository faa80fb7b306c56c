"""Following a case: one's own wish, written down as a change and not as something that happened to the case."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from bekhedmetkom.entities.models import ChangeRecord
from bekhedmetkom.kernel.actor import Actor

from ...workspace_models import Follow


@transaction.atomic
def follow_case(*, case: UUID, seen: int, actor: Actor, at: datetime) -> None:
    """Hear of what happens to it from now on. The door has shown the case to this officer. Again: nothing more."""
    _, new = Follow.objects.get_or_create(case_id=case, officer_id=int(actor.id), defaults={"looked": seen})
    if new:
        _record_follow_change(actor, at, None, {"case": str(case)})


@transaction.atomic
def unfollow_case(*, case: UUID, actor: Actor, at: datetime) -> None:
    """Hear of it no more."""
    gone, _ = Follow.objects.filter(case_id=case, officer_id=int(actor.id)).delete()
    if gone:
        _record_follow_change(actor, at, {"case": str(case)}, None)


def mark_case_seen(*, case: UUID, seen: int, actor: Actor) -> None:
    """The officer has the case before them: what happened up to `seen` is no news any more."""
    Follow.objects.filter(case_id=case, officer=int(actor.id), looked__lt=seen).update(looked=seen)


def _record_follow_change(
    actor: Actor, at: datetime, before: dict[str, str] | None, after: dict[str, str] | None
) -> None:
    ChangeRecord.objects.create(
        at=at, actor=str(actor), model=Follow._meta.label_lower, key=actor.id, before=before, after=after
    )
