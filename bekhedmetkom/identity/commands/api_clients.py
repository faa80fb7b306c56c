"""Officers' tokens, and API clients with their keys."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import IntegrityError, models, transaction
from django.db.models import Q

from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import FieldError, InvalidInput, Refusal
from bekhedmetkom.kernel.text import BilingualText

from .. import credentials
from ..models import ApiClient, ClientKey, OfficerToken
from ..rules import DEFAULT_HOURLY_QUOTA, KEY_OVERLAP_DAYS
from .change_log import ensure_administrator, save_change, serialise_row

MAX_NAME_LENGTH = 70  # characters: events store it as the actor
_REVOKED = BilingualText("أُلغي هذا النظام، فلا مفتاح له.", "This program was revoked; it gets no key.")
_TOO_LONG = BilingualText(f"حتى {MAX_NAME_LENGTH} حرفًا.", f"Up to {MAX_NAME_LENGTH} letters.")


def issue_token(*, officer: int, scopes: Iterable[str], actor: Actor, at: datetime) -> str:
    """Return a new token with which a program acts as the officer; displayed once."""
    if actor.officer_id != officer:
        ensure_administrator(actor)
    made = credentials.generate_secret()
    token = OfficerToken(
        officer_id=officer, prefix=made.prefix, hash=made.hash, scopes=sorted(set(scopes)), created_at=at
    )
    save_change(token, before=None, actor=actor, at=at)
    return made.text


def revoke_token(*, token: int, actor: Actor, at: datetime) -> None:
    _revoke(OfficerToken.objects.filter(pk=token), actor=actor, at=at)


class CreatedClient(NamedTuple):
    """A new API client and its key, displayed once."""

    id: int
    key: str


def create_client(
    *, name: str, scopes: Iterable[str], actor: Actor, at: datetime, entity: int | None = None,
    per_hour: int = DEFAULT_HOURLY_QUOTA,
) -> CreatedClient:  # fmt: skip
    """Create an API client. Raises `InvalidInput` for a name that is taken or too long."""
    ensure_administrator(actor)
    if len(name.strip()) > MAX_NAME_LENGTH:
        raise InvalidInput(FieldError("name", _TOO_LONG))
    client = ApiClient(
        name=name.strip(), entity_id=entity, scopes=sorted(set(scopes)), per_hour=per_hour, created_at=at
    )
    try:
        with transaction.atomic():
            save_change(client, before=None, actor=actor, at=at)
            key = _create_key(client, actor=actor, at=at)
    except IntegrityError as error:
        taken = BilingualText("هذا الاسم مستخدم.", "This name is taken.")
        raise InvalidInput(FieldError("name", taken)) from error
    return CreatedClient(client.pk, key)


def change_client(
    *, client: int, scopes: Iterable[str], per_hour: int, entity: int | None, actor: Actor, at: datetime
) -> None:
    """Change scopes, hourly quota and owner of an API client."""
    ensure_administrator(actor)
    with transaction.atomic():
        row = ApiClient.objects.select_for_update().get(pk=client)
        before = serialise_row(row)
        row.scopes, row.per_hour, row.entity_id = sorted(set(scopes)), per_hour, entity
        save_change(row, before=before, actor=actor, at=at)


def rotate_key(*, client: int, actor: Actor, at: datetime) -> str:
    """Return a new key, displayed once; the old one stays valid for `KEY_OVERLAP_DAYS`."""
    ensure_administrator(actor)
    ends = at + timedelta(days=KEY_OVERLAP_DAYS)
    with transaction.atomic():
        row = ApiClient.objects.select_for_update().get(pk=client)
        if row.revoked_at:
            raise Refusal(_REVOKED)
        living = row.keys.filter(Q(ends_at=None) | Q(ends_at__gt=ends))
        for old in living:
            before = serialise_row(old)
            old.ends_at = ends
            save_change(old, before=before, actor=actor, at=at)
        return _create_key(row, actor=actor, at=at)


def revoke_client(*, client: int, actor: Actor, at: datetime) -> None:
    """Revoke an API client with all its keys, at once."""
    _revoke(ApiClient.objects.filter(pk=client), actor=actor, at=at)


def _create_key(client: ApiClient, *, actor: Actor, at: datetime) -> str:
    made = credentials.generate_secret()
    save_change(
        ClientKey(client=client, prefix=made.prefix, hash=made.hash, created_at=at),
        before=None,
        actor=actor,
        at=at,
    )
    return made.text


def _revoke(
    living: models.QuerySet[OfficerToken] | models.QuerySet[ApiClient], *, actor: Actor, at: datetime
) -> None:
    with transaction.atomic():
        row = living.select_for_update().get()
        if not (isinstance(row, OfficerToken) and actor.officer_id == row.officer_id):
            ensure_administrator(actor)
        before = serialise_row(row)
        row.revoked_at = row.revoked_at or at
        save_change(row, before=before, actor=actor, at=at)
