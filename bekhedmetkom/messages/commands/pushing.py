"""Browsers that want to be told of a case. Whoever has opened the case may say so; nobody else learns of it."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from bekhedmetkom.kernel import outbound_http
from bekhedmetkom.kernel.errors import FieldError, InvalidInput

from ..reached import PushSubscription
from ..rules.push import BAD_ENDPOINT, BAD_KEYS, LONGEST_ENDPOINT, MOST_DEVICES, as_bytes, point


def subscribe(*, case: UUID, endpoint: str, p256dh: str, auth: str, at: datetime) -> None:
    """Tell this browser of the case from now on; of very many devices the newest. Raises `Invalid`."""
    wrong = []
    if len(endpoint) > LONGEST_ENDPOINT or not outbound_http.is_allowed_url(
        endpoint, settings.OUTWARD_NETWORKS
    ):
        wrong.append(FieldError("endpoint", BAD_ENDPOINT))
    keys = _keys(p256dh, auth)
    if keys is None:
        wrong.append(FieldError("keys", BAD_KEYS))
    if wrong or keys is None:
        raise InvalidInput(*wrong)
    with transaction.atomic():
        PushSubscription.objects.update_or_create(
            case_id=case, endpoint=endpoint, defaults={"p256dh": keys[0], "auth": keys[1], "created_at": at}
        )
        devices = PushSubscription.objects.filter(case=case)
        newest = devices.order_by("-created_at", "-pk").values_list("pk", flat=True)[:MOST_DEVICES]
        devices.exclude(pk__in=list(newest)).delete()


def end_pushing(*, case: UUID) -> None:
    """No device is told of the case any more."""
    PushSubscription.objects.filter(case=case).delete()


def _keys(p256dh: str, auth: str) -> tuple[bytes, bytes] | None:
    try:
        key, secret = as_bytes(p256dh), as_bytes(auth)
        point(key)
    except ValueError:
        return None
    return (key, secret) if len(secret) == 16 else None
