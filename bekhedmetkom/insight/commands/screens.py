"""Walls that stay on: made by an officer who watches, opened once by the browser of the wall, ended at any moment.

What its address has opens it once, within minutes; from then on only that browser has what shows the figures. Both are
kept as hashes. A wall shows what its officer may watch today, no more, and nothing but figures.
"""

from datetime import datetime, timedelta
from secrets import token_urlsafe

from django.db import transaction

from bekhedmetkom.cases.commands.wording import worded
from bekhedmetkom.cases.rules.access import holds
from bekhedmetkom.entities.models import ChangeRecord
from bekhedmetkom.identity.models import Officer
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import FieldError, InvalidInput, NotAllowed
from bekhedmetkom.kernel.text import BilingualText

from ..kept import Screen
from ..queries.screens import hashed, standing

OPENED_WITHIN, LASTS = timedelta(minutes=15), timedelta(days=30)
MOST = 5  # of one officer at once
NAME = 60


@transaction.atomic
def make_screen(*, name: str, query: str, actor: Actor, at: datetime) -> str:
    """A wall for these figures; what opens it, which nobody keeps."""
    if not holds(actor, Permission.WATCH):
        raise NotAllowed
    name = worded("name", name, limit=NAME)
    Officer.objects.select_for_update().get(
        pk=int(actor.id)
    )  # who makes two at once makes one after the other
    if standing(int(actor.id), at).count() >= MOST:
        raise InvalidInput(FieldError("name", TOO_MANY))
    token = token_urlsafe(24)
    row = Screen.objects.create(
        officer_id=int(actor.id), name=name, query=query, pairing=hashed(token), made_at=at, until=at + LASTS
    )
    _written(row, actor, at, None, {"query": query, "until": row.until.isoformat()})
    return token


@transaction.atomic
def open_screen(*, token: str, at: datetime) -> tuple[str, datetime] | None:
    """What the wall's browser keeps from now on, and until when; None where its address is used, over or nobody's."""
    row = Screen.objects.select_for_update().filter(pairing=hashed(token), ended_at=None, secret=None).first()
    if row is None or at > row.made_at + OPENED_WITHIN:
        return None
    secret = token_urlsafe(32)
    row.secret, row.opened_at = hashed(secret), at
    row.save(update_fields=["secret", "opened_at"])
    return secret, row.until


@transaction.atomic
def end_screen(*, screen: int, actor: Actor, at: datetime) -> None:
    """One's own, for good."""
    row = (
        Screen.objects.select_for_update().filter(pk=screen, officer=actor.officer_id, ended_at=None).first()
    )
    if row is None:
        raise NotAllowed
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    _written(row, actor, at, {"until": row.until.isoformat()}, {"ended": at.isoformat()})


def _written(row: Screen, actor: Actor, at: datetime, before: object, after: object) -> None:
    ChangeRecord.objects.create(
        at=at, actor=str(actor), model=Screen._meta.label_lower, key=str(row.pk), before=before, after=after
    )


TOO_MANY = BilingualText(
    f"لك {MOST} شاشات تعمل. أغلق واحدة أولًا.", f"You have {MOST} screens on already: end one of them first."
)
