"""Which walls are on, and by whose right one shows figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db.models import QuerySet

from bekhedmetkom.cases.rules.access import has_permission_anywhere
from bekhedmetkom.identity.queries import get_active_officer, get_actor
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import Actor

from ..storage import WallScreen


@dataclass(frozen=True, slots=True)
class ActiveScreen:
    """A wall that is on: by whose right, and which figures."""

    actor: Actor
    name: str
    query: str


def filter_active_screens(officer: int, at: datetime) -> QuerySet[WallScreen]:
    """This officer's walls that are not over."""
    return WallScreen.objects.filter(officer=officer, ended_at=None, until__gt=at)


def list_wall_screens(actor: Actor, at: datetime) -> Sequence[WallScreen]:
    """The newest first."""
    return list(filter_active_screens(int(actor.id), at).order_by("-pk"))


def find_wall_screen(secret: str, at: datetime) -> ActiveScreen | None:
    """What the browser that keeps this may show; None once the wall is over, or its officer watches no longer."""
    row = WallScreen.objects.filter(secret_hash=hash_secret(secret), ended_at=None, until__gt=at).first()
    officer = get_active_officer(row.officer_id, at) if row else None
    if row is None or officer is None:
        return None
    actor = get_actor(officer, at)
    return (
        ActiveScreen(actor, row.name, row.query) if has_permission_anywhere(actor, Permission.WATCH) else None
    )


def hash_secret(secret: str) -> bytes:
    """As which what opens or shows a wall is kept."""
    return sha256(secret.encode()).digest()
