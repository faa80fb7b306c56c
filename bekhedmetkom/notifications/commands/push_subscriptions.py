"""Web push subscriptions of a case's citizen. The caller has opened the case."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from bekhedmetkom.kernel import outbound_http
from bekhedmetkom.kernel.errors import FieldError, InvalidInput

from ..reachability import PushSubscription
from ..rules.push import (
    INVALID_ENDPOINT,
    INVALID_KEYS,
    MAX_DEVICES,
    MAX_ENDPOINT_LENGTH,
    decode_base64url,
    parse_public_key,
)


def subscribe_device(*, case: UUID, endpoint: str, p256dh: str, auth: str, at: datetime) -> None:
    """Subscribe this browser to the case; only the newest `MAX_DEVICES` stay. Raises `InvalidInput`."""
    wrong = []
    if len(endpoint) > MAX_ENDPOINT_LENGTH or not outbound_http.is_allowed_url(
        endpoint, settings.OUTWARD_NETWORKS
    ):
        wrong.append(FieldError("endpoint", INVALID_ENDPOINT))
    keys = _parse_keys(p256dh, auth)
    if keys is None:
        wrong.append(FieldError("keys", INVALID_KEYS))
    if wrong or keys is None:
        raise InvalidInput(*wrong)
    with transaction.atomic():
        PushSubscription.objects.update_or_create(
            case_id=case, endpoint=endpoint, defaults={"p256dh": keys[0], "auth": keys[1], "created_at": at}
        )
        devices = PushSubscription.objects.filter(case=case)
        newest = devices.order_by("-created_at", "-pk").values_list("pk", flat=True)[:MAX_DEVICES]
        devices.exclude(pk__in=list(newest)).delete()


def unsubscribe_devices(*, case: UUID) -> None:
    """Delete all push subscriptions of the case."""
    PushSubscription.objects.filter(case=case).delete()


def _parse_keys(p256dh: str, auth: str) -> tuple[bytes, bytes] | None:
    try:
        key, secret = decode_base64url(p256dh), decode_base64url(auth)
        parse_public_key(key)
    except ValueError:
        return None
    return (key, secret) if len(secret) == 16 else None
