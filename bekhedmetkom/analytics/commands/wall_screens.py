"""Walls that stay on: made by an officer who watches, opened once by the browser of the wall, ended at any moment.

What its address has opens it once, within minutes; from then on only that browser has what shows the figures. Both are
kept as hashes. A wall shows what its officer may watch today, no more, and nothing but figures.
"""

from datetime import datetime, timedelta
from secrets import token_urlsafe

from django.db import transaction

from bekhedmetkom.cases.commands.text_validation import validate_text
from bekhedmetkom.cases.rules.access import has_permission_anywhere
from bekhedmetkom.entities.models import ChangeRecord
from bekhedmetkom.identity.models import Officer
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import FieldError, InvalidInput, NotAllowed
from bekhedmetkom.kernel.text import BilingualText

from ..queries.wall_screens import filter_active_screens, hash_secret
from ..storage import WallScreen

PAIRING_PERIOD, SCREEN_LIFETIME = timedelta(minutes=15), timedelta(days=30)
MAX_SCREENS = 5  # of one officer at once
MAX_NAME_LENGTH = 60


@transaction.atomic
def create_wall_screen(*, name: str, query: str, actor: Actor, at: datetime) -> str:
    """A wall for these figures; what opens it, which nobody keeps."""
    if not has_permission_anywhere(actor, Permission.WATCH):
        raise NotAllowed
    name = validate_text("name", name, limit=MAX_NAME_LENGTH)
    Officer.objects.select_for_update().get(
        pk=int(actor.id)
    )  # who makes two at once makes one after the other
    if filter_active_screens(int(actor.id), at).count() >= MAX_SCREENS:
        raise InvalidInput(FieldError("name", TOO_MANY_SCREENS))
    token = token_urlsafe(24)
    row = WallScreen.objects.create(
        officer_id=int(actor.id),
        name=name,
        query=query,
        pairing_hash=hash_secret(token),
        created_at=at,
        until=at + SCREEN_LIFETIME,
    )
    _record_change(row, actor, at, None, {"query": query, "until": row.until.isoformat()})
    return token


@transaction.atomic
def pair_wall_screen(*, token: str, at: datetime) -> tuple[str, datetime] | None:
    """What the wall's browser keeps from now on, and until when; None where its address is used, over or nobody's."""
    row = (
        WallScreen.objects.select_for_update()
        .filter(pairing_hash=hash_secret(token), ended_at=None, secret_hash=None)
        .first()
    )
    if row is None or at > row.created_at + PAIRING_PERIOD:
        return None
    secret = token_urlsafe(32)
    row.secret_hash, row.opened_at = hash_secret(secret), at
    row.save(update_fields=["secret_hash", "opened_at"])
    return secret, row.until


@transaction.atomic
def end_wall_screen(*, screen: int, actor: Actor, at: datetime) -> None:
    """One's own, for good."""
    row = (
        WallScreen.objects.select_for_update()
        .filter(pk=screen, officer=actor.officer_id, ended_at=None)
        .first()
    )
    if row is None:
        raise NotAllowed
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    _record_change(row, actor, at, {"until": row.until.isoformat()}, {"ended": at.isoformat()})


def _record_change(row: WallScreen, actor: Actor, at: datetime, before: object, after: object) -> None:
    ChangeRecord.objects.create(
        at=at,
        actor=str(actor),
        model=WallScreen._meta.label_lower,
        key=str(row.pk),
        before=before,
        after=after,
    )


TOO_MANY_SCREENS = BilingualText(
    f"لك {MAX_SCREENS} شاشات تعمل. أغلق واحدة أولًا.",
    f"You have {MAX_SCREENS} screens on already: end one of them first.",
)
