"""Who it is that shows a token, a key or a link that was given out once."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from bekhedmetkom.kernel.actor import Actor, ActorKind

from . import credentials
from .models import ClientKey, Invitation, Officer, OfficerToken, Secret
from .queries import actor_of

S = TypeVar("S", bound=Secret)


@dataclass(frozen=True, slots=True)
class Recognised:
    """Whose token it is, and what for."""

    actor: Actor
    scopes: frozenset[str]
    officer: Officer


def officer_by_token(token: str, at: datetime) -> Recognised | None:
    """The officer whose living token this is, as far as any membership stands today."""
    found = proven(OfficerToken, token, "officer")
    if found is None or found.revoked_at is not None:
        return None
    actor = actor_of(found.officer, at)
    return Recognised(actor, frozenset(found.scopes), found.officer) if actor.grants else None


@dataclass(frozen=True, slots=True)
class Program:
    """A program that shows a living key: `entity` where it is a body's own."""

    id: int
    actor: Actor
    scopes: frozenset[str]
    per_hour: int
    entity: int | None


def client_by_key(key: str, at: datetime) -> Program | None:
    """The program whose living key this is."""
    found = proven(ClientKey, key, "client")
    if found is None or found.client.revoked_at is not None or (found.ends_at and found.ends_at <= at):
        return None
    one = found.client
    return Program(
        one.pk, Actor(ActorKind.CLIENT, one.name), frozenset(one.scopes), one.per_hour, one.entity_id
    )


def invited(token: str, at: datetime) -> Officer | None:
    """The officer whom a usable invitation link is for."""
    found = proven(Invitation, token, "officer")
    return found.officer if found and found.usable(at) and found.officer.is_active else None


def proven(model: type[S], text: str, *related: str, lock: bool = False) -> S | None:
    """The row whose secret this is, whether it still counts or not."""
    prefix = credentials.prefix_of(text)
    if prefix is None:
        return None
    rows = model._default_manager.select_related(*related).filter(prefix=prefix)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    return found if found and credentials.proves(text, bytes(found.hash)) else None
