"""Secrets for programs: officers' own tokens, and keys of other bodies' and companies' systems."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, models, transaction

from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import FieldError, Invalid
from bekhedmetkom.kernel.words import Words

from .. import credentials
from ..models import ApiClient, OfficerToken
from .history import as_row, must_manage, save


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


def create_client(*, name: str, scopes: Iterable[str], actor: Actor, at: datetime) -> tuple[int, str]:
    """Register a program by name; returns its id and its key, which is shown this once."""
    must_manage(actor)
    made = credentials.make()
    client = ApiClient(
        name=name.strip(), prefix=made.prefix, hash=made.hash, scopes=sorted(set(scopes)), created_at=at
    )
    try:
        save(client, before=None, actor=actor, at=at)
    except IntegrityError as error:
        taken = Words("هذا الاسم مستخدم.", "This name is taken.")
        raise Invalid(FieldError("name", taken)) from error
    return client.pk, made.text


def revoke_client(*, client: int, actor: Actor, at: datetime) -> None:
    _revoke(ApiClient.objects.filter(pk=client), actor=actor, at=at)


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
