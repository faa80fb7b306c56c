"""Meta's Send API: its client, and the gateway for case news to citizens who came by Messenger."""

import hashlib
import hmac
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import httpx
from django.conf import settings

from bekhedmetkom.kernel import outbound_http
from bekhedmetkom.kernel.clock import now

from ..encryption import hash_messenger_key
from ..models import Message, MessengerPerson, Stop
from ..queries import find_messenger_stop
from ..rules.delivery import Channel
from ..rules.messenger import ApiResult, interpret_response, split_text
from .gateway import TIMEOUT_SECONDS, ReceiptHandler, SendFunction, SendOutcome, SendResult

API_VERSION = "v25.0"
THROTTLE_DELAY, STOP_DURATION, RECHECK_DELAY = timedelta(minutes=1), timedelta(hours=1), timedelta(minutes=10)
# Before the request was written; after that they may have taken it, whatever we still heard.
_UNSENT_ERRORS = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)

log = logging.getLogger(__name__)


class ApiResponse(NamedTuple):
    """Result of a call; `code` is the error code, 0 for none."""

    result: ApiResult
    code: int = 0
    body: Any = None


class SendApiClient:
    """HTTP client of the Send API for a round of calls."""

    def __init__(self) -> None:
        token, secret = settings.MESSENGER_PAGE_TOKEN, settings.MESSENGER_APP_SECRET
        proof = hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest() if secret else ""
        self._client = httpx.Client(
            base_url=f"{settings.MESSENGER_API}/{API_VERSION}/",
            timeout=TIMEOUT_SECONDS,
            follow_redirects=False,
            trust_env=False,
            verify=outbound_http.get_ssl_context(),
            params={"access_token": token, **({"appsecret_proof": proof} if proof else {})},
        )

    def __enter__(self) -> "SendApiClient":
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def send(self, psid: str, message: dict[str, Any], **how: str) -> ApiResponse:
        """Send one message; `how`: `messaging_type` and an optional tag. An account-wide refusal stops the channel."""
        answer = self.call(
            f"{settings.MESSENGER_PAGE_ID}/messages", {"recipient": {"id": psid}, **how, "message": message}
        )
        match answer.result:
            case ApiResult.STOPPED | ApiResult.PAUSED:
                stop_messenger(answer, now())
            case ApiResult.RECIPIENT_GONE:
                MessengerPerson.objects.filter(psid=psid).update(refused=True)
        return answer

    def call(self, path: str, body: dict[str, Any]) -> ApiResponse:
        """Make a call and return its result. Never logs texts or recipients."""
        try:
            answer = self._client.post(path, json=body)
        except httpx.HTTPError as error:
            log.warning("the link to Messenger broke (%s)", type(error).__name__)
            return ApiResponse(ApiResult.RETRY if isinstance(error, _UNSENT_ERRORS) else ApiResult.IN_DOUBT)
        try:
            said = answer.json()
        except ValueError:
            said = None
        meant, code = interpret_response(answer.status_code, said)
        if meant is not ApiResult.SENT:
            log.warning("Messenger answered %s, code %s: %s", answer.status_code, code, meant.name)
        return ApiResponse(meant, code, said)


def stop_messenger(answer: ApiResponse, at: datetime) -> None:
    """Stop the channel for an hour, or until its key is replaced."""
    until = at + STOP_DURATION if answer.result is ApiResult.PAUSED else None
    values = {"code": answer.code, "at": at, "until": until, "key": hash_messenger_key()}
    Stop.objects.update_or_create(channel=str(Channel.MESSENGER), defaults=values)
    log.error("Messenger has stopped: code %s. What waits is kept", answer.code)


def is_messenger_stopped(at: datetime) -> bool:
    """Return whether the channel is stopped now."""
    return find_messenger_stop(at) is not None


class MessengerGateway:
    """Sends case news. `commands.delivery` checks the 24-hour window before."""

    is_idempotent = False  # the Send API knows no id of ours

    @contextmanager
    def open_round(self, on_receipt: ReceiptHandler) -> Iterator[SendFunction]:
        with SendApiClient() as api:
            yield lambda message: self._send(api, message)

    def close(self) -> None:
        """Nothing is kept between rounds."""

    def _send(self, api: SendApiClient, message: Message) -> SendResult:
        if is_messenger_stopped(now()):
            return SendResult(SendOutcome.BUSY, stop_round=True, retry_after=RECHECK_DELAY)
        answer = ApiResponse(ApiResult.REJECTED)
        for number, text in enumerate(split_text(message.full_text)):
            answer = api.send(message.address, {"text": text}, messaging_type="RESPONSE")
            if answer.result is not ApiResult.SENT:
                return SendResult(SendOutcome.IN_DOUBT) if number else _SEND_RESULTS[answer.result]
        return _SEND_RESULTS[answer.result]


_SEND_RESULTS = {
    ApiResult.SENT: SendResult(SendOutcome.SENT),
    ApiResult.RETRY: SendResult(SendOutcome.FAILED),
    ApiResult.THROTTLED: SendResult(SendOutcome.BUSY, stop_round=True, retry_after=THROTTLE_DELAY),
    ApiResult.REJECTED: SendResult(SendOutcome.REFUSED),
    ApiResult.RECIPIENT_GONE: SendResult(SendOutcome.REFUSED),
    ApiResult.PAUSED: SendResult(SendOutcome.BUSY, stop_round=True, retry_after=RECHECK_DELAY),
    ApiResult.STOPPED: SendResult(SendOutcome.BUSY, stop_round=True, retry_after=RECHECK_DELAY),
    ApiResult.IN_DOUBT: SendResult(SendOutcome.IN_DOUBT),
}
