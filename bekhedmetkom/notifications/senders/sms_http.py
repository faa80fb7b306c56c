"""SMS gateway over HTTP with JSON; the field names are configurable."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from string import Template
from typing import Any

import httpx
from django.conf import settings

from bekhedmetkom.kernel import outbound_http

from ..models import Message
from .gateway import TIMEOUT_SECONDS, ReceiptHandler, SendFunction, SendOutcome, SendResult, build_message_id

MAX_WAIT_SECONDS = 300  # seconds, whatever a busy gateway asks for
_BUSY_STATUSES = {429, 503}
_CONFIGURATION_STATUSES = {
    401,
    402,
    403,
    404,
    405,
}  # our key, our credit, our settings: no fault of this message
# Before the request was written; after that the gateway may have taken it, whatever we still heard.
_UNSENT_ERRORS = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)

log = logging.getLogger(__name__)


class HttpSmsGateway:
    """POST to `SMS_URL`, with `SMS_TOKEN` as bearer and our own id as `Idempotency-Key`."""

    def __init__(self, url: str):
        self.url = url
        self.is_idempotent: bool = settings.SMS_FORGIVES_REPEATS

    @contextmanager
    def open_round(self, on_receipt: ReceiptHandler) -> Iterator[SendFunction]:
        headers = {"Authorization": f"Bearer {settings.SMS_TOKEN}"} if settings.SMS_TOKEN else {}
        with httpx.Client(
            timeout=TIMEOUT_SECONDS,
            headers=headers,
            follow_redirects=False,
            trust_env=False,
            verify=outbound_http.get_ssl_context(),
        ) as client:
            yield lambda message: self._send(client, message)

    def close(self) -> None:
        """Nothing is kept between rounds."""

    def _send(self, client: httpx.Client, message: Message) -> SendResult:
        try:
            answer = client.post(
                self.url,
                json=_fill_fields(settings.SMS_FIELDS, message),
                headers={"Idempotency-Key": build_message_id(message)},
            )
        except httpx.HTTPError as error:
            outcome = SendOutcome.FAILED if isinstance(error, _UNSENT_ERRORS) else SendOutcome.IN_DOUBT
            log.warning(
                "message %s: the link to the SMS gateway broke (%s)", message.pk, type(error).__name__
            )
            return SendResult(outcome, stop_round=True)
        if answer.is_success:
            return SendResult(SendOutcome.SENT, _parse_ids(answer))
        log.warning("message %s: the SMS gateway answered %s", message.pk, answer.status_code)
        return _build_failure(answer)


def _build_failure(answer: httpx.Response) -> SendResult:
    status = answer.status_code
    if status in _BUSY_STATUSES:
        asked = answer.headers.get("Retry-After", "")
        wait = (
            timedelta(seconds=min(int(asked), MAX_WAIT_SECONDS))
            if asked.isascii() and asked.isdigit()
            else None
        )
        return SendResult(SendOutcome.BUSY, stop_round=True, retry_after=wait)
    if status in _CONFIGURATION_STATUSES or status < 400:
        return SendResult(SendOutcome.FAILED, stop_round=True)
    return SendResult(SendOutcome.REFUSED if status < 500 else SendOutcome.IN_DOUBT)


def _parse_ids(answer: httpx.Response) -> tuple[str, ...]:
    """What the gateway calls it, for its receipts; without that only receipts that say our own id are understood."""
    try:
        found = answer.json()
        for name in settings.SMS_ID_FIELD.split("."):
            found = found[int(name)] if isinstance(found, list) else found[name]
    except (ValueError, KeyError, IndexError, TypeError):
        return ()
    return (str(found),) if isinstance(found, str | int) and found != "" else ()


def _fill_fields(fields: Any, message: Message) -> Any:
    """The body as the gateway wants it: `$to`, `$from`, `$text` and `$id` in any string of it are filled."""
    if isinstance(fields, dict):
        return {name: _fill_fields(value, message) for name, value in fields.items()}
    if isinstance(fields, list):
        return [_fill_fields(value, message) for value in fields]
    if not isinstance(fields, str):
        return fields
    return Template(fields).safe_substitute({
        "to": message.address, "from": settings.SMS_SENDER, "text": message.full_text, "id": build_message_id(message),
    })  # fmt: skip
