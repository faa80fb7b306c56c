"""Secrets for programs: officers' own tokens, and keys of other bodies' and companies' systems."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import IntegrityError, models, transaction
from django.db.models import Q

from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import FieldError, Invalid, Refused
from bekhedmetkom.kernel.words import Words

from .. import credentials
from ..models import ApiClient, ClientKey, OfficerToken
from ..rules import OLD_KEY_DAYS, USUAL_QUOTA
from .history import as_row, must_manage, save

LONGEST_NAME = 70  # letters: it is written into the journal with all that the program does
_REVOKED = Words("أُلغي هذا النظام، فلا مفتاح له.", "This program was revoked; it gets no key.")
_TOO_LONG = Words(f"حتى {LONGEST_NAME} حرفًا.", f"Up to {LONGEST_NAME} letters.")


def issue_token(*, officer: int, scopes: Iterable[str], actor: Actor, at: datetime) -> str:
    """A token with which an officer's own program acts as the officer; shown this once."""
    if actor.officer_id != officer:
        must_manage(actor)
    made = credentials.make()
    token = OfficerToken(
        officer_id=officer, prefix=made.prefix, hash=made.hash, scopes=sorted(set(scopes)), created_at=at
    )
    save(token, before=None, actor=actor, at=at)
    return made.text


def revoke_token(*, token: int, actor: Actor, at: datetime) -> None:
    _revoke(OfficerToken.objects.filter(pk=token), actor=actor, at=at)


class MadeClient(NamedTuple):
    """A registered program and its key, which is shown this once."""

    id: int
    key: str


def create_client(
    *, name: str, scopes: Iterable[str], actor: Actor, at: datetime, entity: int | None = None,
    per_hour: int = USUAL_QUOTA,
) -> MadeClient:  # fmt: skip
    """Register a program by name."""
    must_manage(actor)
    if len(name.strip()) > LONGEST_NAME:
        raise Invalid(FieldError("name", _TOO_LONG))
    client = ApiClient(
        name=name.strip(), entity_id=entity, scopes=sorted(set(scopes)), per_hour=per_hour, created_at=at
    )
    try:
        with transaction.atomic():
            save(client, before=None, actor=actor, at=at)
            key = _new_key(client, actor=actor, at=at)
    except IntegrityError as error:
        taken = Words("هذا الاسم مستخدم.", "This name is taken.")
        raise Invalid(FieldError("name", taken)) from error
    return MadeClient(client.pk, key)


def change_client(
    *, client: int, scopes: Iterable[str], per_hour: int, entity: int | None, actor: Actor, at: datetime
) -> None:
    """What the program may do from now on, how often, and whose it is."""
    must_manage(actor)
    with transaction.atomic():
        row = ApiClient.objects.select_for_update().get(pk=client)
        before = as_row(row)
        row.scopes, row.per_hour, row.entity_id = sorted(set(scopes)), per_hour, entity
        save(row, before=before, actor=actor, at=at)


def rotate_key(*, client: int, actor: Actor, at: datetime) -> str:
    """A new key for a program, shown this once; the one that it has counts for some days more."""
    must_manage(actor)
    ends = at + timedelta(days=OLD_KEY_DAYS)
    with transaction.atomic():
        row = ApiClient.objects.select_for_update().get(pk=client)
        if row.revoked_at:
            raise Refused(_REVOKED)
        living = row.keys.filter(Q(ends_at=None) | Q(ends_at__gt=ends))
        for old in living:
            before = as_row(old)
            old.ends_at = ends
            save(old, before=before, actor=actor, at=at)
        return _new_key(row, actor=actor, at=at)


def revoke_client(*, client: int, actor: Actor, at: datetime) -> None:
    """At once, with all its keys."""
    _revoke(ApiClient.objects.filter(pk=client), actor=actor, at=at)


def _new_key(client: ApiClient, *, actor: Actor, at: datetime) -> str:
    made = credentials.make()
    save(
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
            must_manage(actor)
        before = as_row(row)
        row.revoked_at = row.revoked_at or at
        save(row, before=before, actor=actor, at=at)
