"""Meta's Send API: news of a case to who brought it by Messenger, and the client for all else that is sent there."""

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

from ..models import Message, MessengerPerson, Stop
from ..queries import messenger_stop
from ..rules.delivery import Channel
from ..rules.messenger import Verdict, pieces, verdict
from ..sealing import messenger_key
from .handing import PATIENCE, Handed, HandOver, OnReceipt, Outcome

VERSION = "v25.0"
SLOWER, PAUSE, LOOK_AGAIN = timedelta(minutes=1), timedelta(hours=1), timedelta(minutes=10)
# Before the request was written; after that they may have taken it, whatever we still heard.
_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)

log = logging.getLogger(__name__)


class Answer(NamedTuple):
    """What a call came to; `code`: the error that was named, 0 for none."""

    verdict: Verdict
    code: int = 0
    said: Any = None


class SendApi:
    """One client for a round of calls."""

    def __init__(self) -> None:
        token, secret = settings.MESSENGER_PAGE_TOKEN, settings.MESSENGER_APP_SECRET
        proof = hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest() if secret else ""
        self._client = httpx.Client(
            base_url=f"{settings.MESSENGER_API}/{VERSION}/", timeout=PATIENCE, follow_redirects=False, trust_env=False,
            verify=outbound_http.get_ssl_context(),
            params={"access_token": token, **({"appsecret_proof": proof} if proof else {})},
        )  # fmt: skip

    def __enter__(self) -> "SendApi":
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def send(self, psid: str, message: dict[str, Any], **how: str) -> Answer:
        """One message; `how`: `messaging_type` and perhaps a tag. A refusal of us and not of it stops the channel."""
        answer = self.call(
            f"{settings.MESSENGER_PAGE_ID}/messages", {"recipient": {"id": psid}, **how, "message": message}
        )
        match answer.verdict:
            case Verdict.STOPPED | Verdict.PAUSED:
                stop(answer, now())
            case Verdict.GONE:
                MessengerPerson.objects.filter(psid=psid).update(refused=True)
        return answer

    def call(self, path: str, body: dict[str, Any]) -> Answer:
        """Any call: what it came to. Never logs what was to be said, nor to whom."""
        try:
            answer = self._client.post(path, json=body)
        except httpx.HTTPError as error:
            log.warning("the link to Messenger broke (%s)", type(error).__name__)
            return Answer(Verdict.LATER if isinstance(error, _NEVER_LEFT) else Verdict.IN_DOUBT)
        try:
            said = answer.json()
        except ValueError:
            said = None
        meant, code = verdict(answer.status_code, said)
        if meant is not Verdict.SENT:
            log.warning("Messenger answered %s, code %s: %s", answer.status_code, code, meant.name)
        return Answer(meant, code, said)


def stop(answer: Answer, at: datetime) -> None:
    """Nothing more goes out on this way: for an hour, or until its key is another."""
    until = at + PAUSE if answer.verdict is Verdict.PAUSED else None
    values = {"code": answer.code, "at": at, "until": until, "key": messenger_key()}
    Stop.objects.update_or_create(channel=str(Channel.MESSENGER), defaults=values)
    log.error("Messenger has stopped: code %s. What waits is kept", answer.code)


def stopped(at: datetime) -> bool:
    """Whether nothing goes out there now."""
    return messenger_stop(at) is not None


class Messenger:
    """News of cases. Within 24 hours of the person's last message only: whoever sends looks at that (sending.py)."""

    forgives_repeats = False  # the Send API knows no id of ours

    @contextmanager
    def open(self, on_receipt: OnReceipt) -> Iterator[HandOver]:
        with SendApi() as api:
            yield lambda message: self._hand_over(api, message)

    def close(self) -> None:
        """Nothing is kept between rounds."""

    def _hand_over(self, api: SendApi, message: Message) -> Handed:
        if stopped(now()):
            return Handed(Outcome.BUSY, stop=True, wait=LOOK_AGAIN)
        answer = Answer(Verdict.NEVER)
        for number, text in enumerate(pieces(message.in_clear)):
            answer = api.send(message.address, {"text": text}, messaging_type="RESPONSE")
            if answer.verdict is not Verdict.SENT:
                return Handed(Outcome.IN_DOUBT) if number else _HANDED[answer.verdict]
        return _HANDED[answer.verdict]


_HANDED = {
    Verdict.SENT: Handed(Outcome.SENT),
    Verdict.LATER: Handed(Outcome.FAILED),
    Verdict.SLOWER: Handed(Outcome.BUSY, stop=True, wait=SLOWER),
    Verdict.NEVER: Handed(Outcome.REFUSED),
    Verdict.GONE: Handed(Outcome.REFUSED),
    Verdict.PAUSED: Handed(Outcome.BUSY, stop=True, wait=LOOK_AGAIN),
    Verdict.STOPPED: Handed(Outcome.BUSY, stop=True, wait=LOOK_AGAIN),
    Verdict.IN_DOUBT: Handed(Outcome.IN_DOUBT),
}
