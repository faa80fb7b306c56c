"""What a client sees of its own subscriptions."""

from typing import NamedTuple

from django.db.models import Count, Q, QuerySet

from bekhedmetkom.kernel.errors import NotAllowed

from .models import Delivery, Subscription


class SubscriptionStatus(NamedTuple):
    """A subscription with how much waits and how much was given up."""

    subscription: Subscription
    waiting: int
    parked: int


_IS_WAITING = Q(deliveries__taken_at=None, deliveries__parked_at=None, deliveries__id__isnull=False)


def list_subscriptions(client: int) -> list[SubscriptionStatus]:
    """All of a program's that have not ended, oldest first."""
    rows = (
        Subscription.objects.filter(client=client, ended_at=None)
        .annotate(
            waiting=Count("deliveries", filter=_IS_WAITING),
            parked=Count("deliveries", filter=Q(deliveries__parked_at__isnull=False)),
        )
        .order_by("id")
    )
    return [SubscriptionStatus(row, row.waiting, row.parked) for row in rows]


def list_parked_deliveries(client: int, subscription: int, after: int, limit: int) -> QuerySet[Delivery]:
    """What was given up at one of a program's subscriptions, by id, from after `after`. Raises `NotAllowed`."""
    if not Subscription.objects.filter(pk=subscription, client=client).exists():
        raise NotAllowed
    given_up = Delivery.objects.filter(subscription=subscription, parked_at__isnull=False, pk__gt=after)
    return given_up.order_by("pk")[:limit]
