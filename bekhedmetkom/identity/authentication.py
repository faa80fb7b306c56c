"""Authentication of tokens, client keys and invitation links."""

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
    """The officer of a token, with its scopes."""

    actor: Actor
    scopes: frozenset[str]
    officer: Officer


def authenticate_officer(token: str, at: datetime) -> AuthenticatedOfficer | None:
    """Return the officer of a valid token, or `None`; the officer needs an active membership."""
    found = find_secret(OfficerToken, token, "officer")
    if found is None or found.revoked_at is not None:
        return None
    actor = get_actor(found.officer, at)
    return AuthenticatedOfficer(actor, frozenset(found.scopes), found.officer) if actor.grants else None


@dataclass(frozen=True, slots=True)
class AuthenticatedClient:
    """The API client of a valid key; `entity` if the client belongs to a body."""

    id: int
    actor: Actor
    scopes: frozenset[str]
    hourly_quota: int
    entity: int | None


def authenticate_client(key: str, at: datetime) -> AuthenticatedClient | None:
    """Return the API client of a valid key, or `None`."""
    found = find_secret(ClientKey, key, "client")
    if found is None or found.client.revoked_at is not None or (found.ends_at and found.ends_at <= at):
        return None
    client = found.client
    return AuthenticatedClient(
        client.pk,
        Actor(ActorKind.CLIENT, client.name),
        frozenset(client.scopes),
        client.per_hour,
        client.entity_id,
    )


def find_invited_officer(token: str, at: datetime) -> Officer | None:
    """Return the active officer of a usable invitation, or `None`."""
    found = find_secret(Invitation, token, "officer")
    return found.officer if found and found.is_usable(at) and found.officer.is_active else None


def find_secret(model: type[S], text: str, *related: str, lock: bool = False) -> S | None:
    """Return the row of a secret, valid or not, or `None`."""
    prefix = credentials.parse_prefix(text)
    if prefix is None:
        return None
    rows = model._default_manager.select_related(*related).filter(prefix=prefix)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    return found if found and credentials.verify_secret(text, bytes(found.hash)) else None
