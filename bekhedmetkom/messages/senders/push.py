"""Web push: news of a case to the browsers that its citizen has subscribed, each by its own maker's service."""

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
from ..reached import PushSubscription
from ..rules.push import KEPT, Taken, authorization, encrypted, taken
from ..vapid import private_key
from .handing import PATIENCE, Handed, HandOver, OnReceipt, Outcome, our_id

LONGEST_WAIT = 300  # seconds, whatever a busy service asks for
MOST_READ = 64 * 1024  # bytes of an answer that says nothing we want to know
NAME = BilingualText("بخدمتكم", "Bekhedmetkom")

log = logging.getLogger(__name__)


class Push:
    """One message goes to all devices of a case, and is sent when one of them has it.

    A repeated one replaces the former on the screen (`tag`), so what is in doubt may be sent again.
    """

    forgives_repeats = True

    @contextmanager
    def open(self, on_receipt: OnReceipt) -> Iterator[HandOver]:
        with outbound_http.create_client(settings.OUTWARD_NETWORKS, patience=PATIENCE) as client:
            yield lambda message: self._hand_over(client, message)

    def close(self) -> None:
        """Nothing is kept between rounds."""

    def _hand_over(self, client: outbound_http.Client, message: Message) -> Handed:
        heard = [self._tell(client, device, message) for device in _devices(message)]
        meant = {meaning for meaning, _wait in heard}
        if Taken.TAKEN in meant:
            return Handed(Outcome.SENT)
        if Taken.SLOWER in meant:
            return Handed(Outcome.FAILED, wait=max(wait for _meaning, wait in heard))
        return Handed(Outcome.FAILED if Taken.LATER in meant else Outcome.REFUSED)

    def _tell(
        self, client: outbound_http.Client, device: PushSubscription, message: Message
    ) -> tuple[Taken, timedelta]:
        try:
            with client.stream(
                "POST",
                device.endpoint,
                content=encrypted(said(message), bytes(device.p256dh), bytes(device.auth)),
                headers={
                    "Authorization": authorization(
                        private_key(), device.endpoint, settings.VAPID_CONTACT, now()
                    ),
                    "Content-Encoding": "aes128gcm",
                    "Content-Type": "application/octet-stream",
                    "TTL": str(int(KEPT.total_seconds())),
                    "Topic": our_id(message),
                    "Urgency": "high" if message.case and message.case.urgent else "normal",
                },
            ) as answer:
                status, asked = answer.status_code, answer.headers.get("Retry-After", "")
                outbound_http.read_response(answer, MOST_READ, PATIENCE)
        except outbound_http.ResponseTooLarge:
            pass  # the status was there before
        except outbound_http.REQUEST_ERRORS as error:
            log.warning("message %s: no answer of a push service (%s)", message.pk, type(error).__name__)
            return Taken.LATER, timedelta()
        meaning = taken(status)
        if meaning is Taken.GONE:
            device.delete()
        elif meaning is not Taken.TAKEN:
            log.warning("message %s: a push service answered %s", message.pk, status)
        seconds = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 0
        return meaning, timedelta(seconds=min(seconds, LONGEST_WAIT))


def _devices(message: Message) -> list[PushSubscription]:
    return list(PushSubscription.objects.filter(case=message.case_id))


def said(message: Message) -> bytes:
    """What the service worker shows (portal/pwa/service_worker.js): one neutral sentence, and which page it leads to."""
    case, arabic = message.case, message.language == "ar"
    page = f"{'' if arabic else '/en'}/c/{case.reference}" if case else "/"
    return json.dumps(
        {
            "title": NAME.in_language(message.language), "body": message.body, "tag": our_id(message), "url": page,
            "lang": message.language, "dir": "rtl" if arabic else "ltr",
        },
        ensure_ascii=False,
    ).encode()  # fmt: skip
