"""Webhook subscriptions of API clients. The secret is shown once and stored encrypted."""

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
from ..rules.webhook_protocol import (
    CLIENT_WITHOUT_BODY,
    EVENT_NAMES,
    INVALID_URL,
    MAX_SUBSCRIPTIONS,
    OLD_SECRET_LIFETIME,
    TOO_MANY_SUBSCRIPTIONS,
    UNKNOWN_EVENT,
    SubscriptionScope,
)

SECRET_BYTES = 32
MAX_URL_LENGTH = 500
ENCRYPTION_PURPOSE = "webhook-secret"


class NewSubscription(NamedTuple):
    """A new subscription; the secret is shown this once."""

    id: int
    secret: bytes


def create_subscription(
    *, client: int, url: str, whose: SubscriptionScope, events: Iterable[str], at: datetime
) -> NewSubscription:
    """Subscribe an address to these events, or to all if none is named. Raises `InvalidInput`."""
    wanted = sorted(set(events)) or EVENT_NAMES
    wrong = [] if set(wanted) <= set(EVENT_NAMES) else [FieldError("events", UNKNOWN_EVENT)]
    if len(url) > MAX_URL_LENGTH or not outbound_http.is_allowed_url(url, settings.OUTWARD_NETWORKS):
        wrong.append(FieldError("url", INVALID_URL))
    with transaction.atomic():
        owner = ApiClient.objects.select_for_update().get(pk=client)
        if whose is SubscriptionScope.BODY and owner.entity_id is None:
            wrong.append(FieldError("whose", CLIENT_WITHOUT_BODY))
        if owner.subscriptions.filter(ended_at=None).count() >= MAX_SUBSCRIPTIONS:
            wrong.append(FieldError("url", TOO_MANY_SUBSCRIPTIONS))
        if wrong:
            raise InvalidInput(*wrong)
        secret = secrets.token_bytes(SECRET_BYTES)
        made = Subscription.objects.create(
            client=owner,
            url=url,
            whose=whose,
            events=wanted,
            secret=_encrypt_secret(secret),
            created_at=at,
            awake_at=at,
        )
    return NewSubscription(made.pk, secret)


def rotate_secret(*, client: int, subscription: int, at: datetime) -> bytes:
    """Replace the secret and return the new one; the old one signs too for a week. Raises `NotAllowed`."""
    with transaction.atomic():
        row = _get_own_subscription(client, subscription)
        secret = secrets.token_bytes(SECRET_BYTES)
        row.old_secret, row.old_until, row.secret = (
            row.secret,
            at + OLD_SECRET_LIFETIME,
            _encrypt_secret(secret),
        )
        row.save(update_fields=["old_secret", "old_until", "secret"])
    return secret


def end_subscription(*, client: int, subscription: int, at: datetime) -> None:
    """End a subscription and delete its pending deliveries. Raises `NotAllowed`."""
    with transaction.atomic():
        row = _get_own_subscription(client, subscription)
        row.ended_at = at
        row.save(update_fields=["ended_at"])
        row.deliveries.filter(taken_at=None).delete()


def _get_own_subscription(client: int, subscription: int) -> Subscription:
    row = (
        Subscription.objects.select_for_update().filter(pk=subscription, client=client, ended_at=None).first()
    )
    if row is None:
        raise NotAllowed
    return row


def _encrypt_secret(secret: bytes) -> bytes:
    return bytes(get_secret_box(ENCRYPTION_PURPOSE).encrypt(secret))
