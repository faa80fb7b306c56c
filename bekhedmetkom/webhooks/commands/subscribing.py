"""Who wants to be told, where, of what. The secret is shown once and kept sealed."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.db import transaction

from bekhedmetkom.config.key_derivation import get_secret_box
from bekhedmetkom.identity.models import ApiClient
from bekhedmetkom.kernel import outbound_http
from bekhedmetkom.kernel.errors import FieldError, InvalidInput, NotAllowed

from ..models import Subscription
from ..rules.telling import (
    BAD_ADDRESS,
    BAD_EVENTS,
    EVENTS,
    MOST_SUBSCRIPTIONS,
    NO_BODY,
    OLD_SECRET,
    TOO_MANY,
    Whose,
)

SECRET_BYTES = 32
LONGEST_URL = 500
PURPOSE = "webhook-secret"


class Subscribed(NamedTuple):
    """A new subscription; the secret is shown this once."""

    id: int
    secret: bytes


def subscribe(*, client: int, url: str, whose: Whose, events: Iterable[str], at: datetime) -> Subscribed:
    """Tell this address of these events from now on; no events named means all of them. Raises `Invalid`."""
    wanted = sorted(set(events)) or EVENTS
    wrong = [] if set(wanted) <= set(EVENTS) else [FieldError("events", BAD_EVENTS)]
    if len(url) > LONGEST_URL or not outbound_http.is_allowed_url(url, settings.OUTWARD_NETWORKS):
        wrong.append(FieldError("url", BAD_ADDRESS))
    with transaction.atomic():
        owner = ApiClient.objects.select_for_update().get(pk=client)
        if whose is Whose.BODY and owner.entity_id is None:
            wrong.append(FieldError("whose", NO_BODY))
        if owner.subscriptions.filter(ended_at=None).count() >= MOST_SUBSCRIPTIONS:
            wrong.append(FieldError("url", TOO_MANY))
        if wrong:
            raise InvalidInput(*wrong)
        secret = secrets.token_bytes(SECRET_BYTES)
        made = Subscription.objects.create(
            client=owner,
            url=url,
            whose=whose,
            events=wanted,
            secret=_sealed(secret),
            created_at=at,
            awake_at=at,
        )
    return Subscribed(made.pk, secret)


def new_secret(*, client: int, subscription: int, at: datetime) -> bytes:
    """Another secret, shown this once; the old one signs beside it for a week. Raises `NotAllowed`."""
    with transaction.atomic():
        row = _own(client, subscription)
        secret = secrets.token_bytes(SECRET_BYTES)
        row.old_secret, row.old_until, row.secret = row.secret, at + OLD_SECRET, _sealed(secret)
        row.save(update_fields=["old_secret", "old_until", "secret"])
    return secret


def end(*, client: int, subscription: int, at: datetime) -> None:
    """Nothing more goes there, nor what was on its way. Raises `NotAllowed`."""
    with transaction.atomic():
        row = _own(client, subscription)
        row.ended_at = at
        row.save(update_fields=["ended_at"])
        row.deliveries.filter(taken_at=None).delete()


def _own(client: int, subscription: int) -> Subscription:
    row = (
        Subscription.objects.select_for_update().filter(pk=subscription, client=client, ended_at=None).first()
    )
    if row is None:
        raise NotAllowed
    return row


def _sealed(secret: bytes) -> bytes:
    return bytes(get_secret_box(PURPOSE).encrypt(secret))
