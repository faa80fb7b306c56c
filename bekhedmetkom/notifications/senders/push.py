"""Web push gateway: sends case news to the browsers that the citizen subscribed."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings

from bekhedmetkom.kernel import outbound_http
from bekhedmetkom.kernel.clock import now
from bekhedmetkom.kernel.text import BilingualText

from ..models import Message
from ..reachability import PushSubscription
from ..rules.push import (
    MESSAGE_TTL,
    PushResult,
    build_authorization_header,
    encrypt_message,
    interpret_status,
)
from ..vapid_key import get_vapid_private_key
from .gateway import TIMEOUT_SECONDS, ReceiptHandler, SendFunction, SendOutcome, SendResult, build_message_id

MAX_WAIT_SECONDS = 300  # seconds, whatever a busy service asks for
MAX_RESPONSE_BYTES = 64 * 1024  # bytes of an answer that says nothing we want to know
SENDER_NAME = BilingualText("بخدمتكم", "Bekhedmetkom")

log = logging.getLogger(__name__)


class PushGateway:
    """Sends a message to all devices of a case; it counts as sent when one device accepted it.

    A repeated message replaces the former on screen (`tag`), so a message in doubt may be sent again.
    """

    is_idempotent = True

    @contextmanager
    def open_round(self, on_receipt: ReceiptHandler) -> Iterator[SendFunction]:
        with outbound_http.create_client(settings.OUTWARD_NETWORKS, patience=TIMEOUT_SECONDS) as client:
            yield lambda message: self._send(client, message)

    def close(self) -> None:
        """Nothing is kept between rounds."""

    def _send(self, client: outbound_http.Client, message: Message) -> SendResult:
        heard = [self._send_to_device(client, device, message) for device in _list_devices(message)]
        meant = {meaning for meaning, _wait in heard}
        if PushResult.ACCEPTED in meant:
            return SendResult(SendOutcome.SENT)
        if PushResult.THROTTLED in meant:
            return SendResult(SendOutcome.FAILED, retry_after=max(wait for _meaning, wait in heard))
        return SendResult(SendOutcome.FAILED if PushResult.RETRY in meant else SendOutcome.REFUSED)

    def _send_to_device(
        self, client: outbound_http.Client, device: PushSubscription, message: Message
    ) -> tuple[PushResult, timedelta]:
        try:
            with client.stream(
                "POST",
                device.endpoint,
                content=encrypt_message(build_payload(message), bytes(device.p256dh), bytes(device.auth)),
                headers={
                    "Authorization": build_authorization_header(
                        get_vapid_private_key(), device.endpoint, settings.VAPID_CONTACT, now()
                    ),
                    "Content-Encoding": "aes128gcm",
                    "Content-Type": "application/octet-stream",
                    "TTL": str(int(MESSAGE_TTL.total_seconds())),
                    "Topic": build_message_id(message),
                    "Urgency": "high" if message.case and message.case.urgent else "normal",
                },
            ) as answer:
                status, asked = answer.status_code, answer.headers.get("Retry-After", "")
                outbound_http.read_response(answer, MAX_RESPONSE_BYTES, TIMEOUT_SECONDS)
        except outbound_http.ResponseTooLarge:
            pass  # the status was there before
        except outbound_http.REQUEST_ERRORS as error:
            log.warning("message %s: no answer of a push service (%s)", message.pk, type(error).__name__)
            return PushResult.RETRY, timedelta()
        meaning = interpret_status(status)
        if meaning is PushResult.UNSUBSCRIBED:
            device.delete()
        elif meaning is not PushResult.ACCEPTED:
            log.warning("message %s: a push service answered %s", message.pk, status)
        seconds = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 0
        return meaning, timedelta(seconds=min(seconds, MAX_WAIT_SECONDS))


def _list_devices(message: Message) -> list[PushSubscription]:
    return list(PushSubscription.objects.filter(case=message.case_id))


def build_payload(message: Message) -> bytes:
    """Return the JSON that portal/pwa/service_worker.js shows: one neutral sentence and the page it opens."""
    case, arabic = message.case, message.language == "ar"
    page = f"{'' if arabic else '/en'}/c/{case.reference}" if case else "/"
    return json.dumps(
        {
            "title": SENDER_NAME.in_language(message.language),
            "body": message.body,
            "tag": build_message_id(message),
            "url": page,
            "lang": message.language,
            "dir": "rtl" if arabic else "ltr",
        },
        ensure_ascii=False,
    ).encode()
