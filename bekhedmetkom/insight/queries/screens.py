"""Which walls are on, and by whose right one shows figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db.models import QuerySet

from bekhedmetkom.cases.rules.access import holds
from bekhedmetkom.identity.queries import get_active_officer, get_actor
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import Actor

from ..kept import Screen


@dataclass(frozen=True, slots=True)
class Shown:
    """A wall that is on: by whose right, and which figures."""

    actor: Actor
    name: str
    query: str


def standing(officer: int, at: datetime) -> QuerySet[Screen]:
    """This officer's walls that are not over."""
    return Screen.objects.filter(officer=officer, ended_at=None, until__gt=at)


def screens_of(actor: Actor, at: datetime) -> Sequence[Screen]:
    """The newest first."""
    return list(standing(int(actor.id), at).order_by("-pk"))


def shown_by(secret: str, at: datetime) -> Shown | None:
    """What the browser that keeps this may show; None once the wall is over, or its officer watches no longer."""
    row = Screen.objects.filter(secret=hashed(secret), ended_at=None, until__gt=at).first()
    officer = get_active_officer(row.officer_id, at) if row else None
    if row is None or officer is None:
        return None
    actor = get_actor(officer, at)
    return Shown(actor, row.name, row.query) if holds(actor, Permission.WATCH) else None


def hashed(secret: str) -> bytes:
    """As which what opens or shows a wall is kept."""
    return sha256(secret.encode()).digest()
