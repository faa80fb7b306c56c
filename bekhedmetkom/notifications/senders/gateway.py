"""Interface of gateways that carry messages: results, receipts and incoming texts."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from typing import Protocol, runtime_checkable
from urllib.parse import urlsplit

from django.conf import settings

from ..models import Message
from ..rules.delivery import ReceiptStatus

TIMEOUT_SECONDS = 10  # seconds for each answer of a gateway


class SendOutcome(Enum):
    SENT = auto()
    FAILED = auto()  # it was certainly not taken; another try may help
    REFUSED = auto()  # no try will
    BUSY = auto()  # the gateway wants us to be slower: no try was used up
    IN_DOUBT = auto()  # the link broke in the middle: it may have been taken


@dataclass(frozen=True, slots=True)
class SendResult:
    """Result of one message: ids of its parts at the gateway; `stop_round`: other messages would fail as well."""

    outcome: SendOutcome
    gateway_ids: tuple[str, ...] = ()
    stop_round: bool = False
    retry_after: timedelta | None = None  # as long as a busy gateway asks for


SendFunction = Callable[[Message], SendResult]
ReceiptHandler = Callable[[str, ReceiptStatus], None]
TextHandler = Callable[[str, str], object]  # a sender's number, and what they wrote


class Gateway(Protocol):
    """Whoever carries messages on one channel.

    `is_idempotent`: it recognises our ids, so a message in doubt may be sent again.
    """

    is_idempotent: bool

    def open_round(self, on_receipt: ReceiptHandler) -> AbstractContextManager[SendFunction]:
        """Open a round of sending; receipts that arrive on the same connection go to `on_receipt`."""

    def close(self) -> None:
        """Close a connection that is kept between rounds."""


@runtime_checkable
class TextReceiver(Protocol):
    """A gateway whose connection also delivers incoming texts."""

    handle_text: TextHandler


def build_message_id(message: Message) -> str:
    """Return our id of a message towards gateways; it is the same for every try."""
    return f"message-{message.pk}"


def get_hostname() -> str:
    return urlsplit(settings.PUBLIC_URL).hostname or "localhost"
