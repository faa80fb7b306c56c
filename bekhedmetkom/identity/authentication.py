"""Who it is that shows a token, a key or a link that was given out once."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from bekhedmetkom.kernel.actor import Actor, ActorKind

from . import credentials
from .models import ClientKey, Invitation, Officer, OfficerToken, Secret
from .queries import get_actor

S = TypeVar("S", bound=Secret)


@dataclass(frozen=True, slots=True)
class AuthenticatedOfficer:
    """Whose token it is, and what for."""

    actor: Actor
    scopes: frozenset[str]
    officer: Officer


def authenticate_officer(token: str, at: datetime) -> AuthenticatedOfficer | None:
    """The officer whose living token this is, as far as any membership stands today."""
    found = find_secret(OfficerToken, token, "officer")
    if found is None or found.revoked_at is not None:
        return None
    actor = get_actor(found.officer, at)
    return AuthenticatedOfficer(actor, frozenset(found.scopes), found.officer) if actor.grants else None


@dataclass(frozen=True, slots=True)
class AuthenticatedClient:
    """A program that shows a living key: `entity` where it is a body's own."""

    id: int
    actor: Actor
    scopes: frozenset[str]
    hourly_quota: int
    entity: int | None


def authenticate_client(key: str, at: datetime) -> AuthenticatedClient | None:
    """The program whose living key this is."""
    found = find_secret(ClientKey, key, "client")
    if found is None or found.client.revoked_at is not None or (found.ends_at and found.ends_at <= at):
        return None
    one = found.client
    return AuthenticatedClient(
        one.pk, Actor(ActorKind.CLIENT, one.name), frozenset(one.scopes), one.per_hour, one.entity_id
    )


def find_invited_officer(token: str, at: datetime) -> Officer | None:
    """The officer whom a usable invitation link is for."""
    found = find_secret(Invitation, token, "officer")
    return found.officer if found and found.is_usable(at) and found.officer.is_active else None


def find_secret(model: type[S], text: str, *related: str, lock: bool = False) -> S | None:
    """The row whose secret this is, whether it still counts or not."""
    prefix = credentials.parse_prefix(text)
    if prefix is None:
        return None
    rows = model._default_manager.select_related(*related).filter(prefix=prefix)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    return found if found and credentials.verify_secret(text, bytes(found.hash)) else None
