"""Commands: webhook subscriptions and deliveries; connections to bodies' Open311 systems."""

from .deliveries import delete_old_deliveries, retry_delivery, retry_parked_deliveries, send_due_deliveries
from .exchange import run_due_exchanges
from .external_systems import (
    confirm_forwarding,
    end_connection,
    fetch_services,
    list_forwardable_topics,
    retry_forwarding,
    save_connection,
    save_service_codes,
)
from .subscriptions import NewSubscription, create_subscription, end_subscription, rotate_secret

__all__ = [
    "NewSubscription",
    "confirm_forwarding",
    "create_subscription",
    "delete_old_deliveries",
    "end_connection",
    "end_subscription",
    "fetch_services",
    "list_forwardable_topics",
    "retry_delivery",
    "retry_forwarding",
    "retry_parked_deliveries",
    "rotate_secret",
    "run_due_exchanges",
    "save_connection",
    "save_service_codes",
    "send_due_deliveries",
]  # fmt: skip
