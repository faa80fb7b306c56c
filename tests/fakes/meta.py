"""Meta's side, a double in this process: it posts to the webhook, takes what the Send API is given, and echoes it."""

import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from json import dumps
from threading import Event, Lock, Thread, local
from time import monotonic, sleep
from typing import Any

from bekhedmetkom.kernel.clock import now
from tests.fakes import messenger_events
from tests.fakes.send_api import SendApi

WEBHOOK_PATH = "/webhooks/messenger"
POSTING_THREADS = 24
TIMEOUT_SECONDS = 120  # seconds in which a post is repeated until it is taken
_CALL_SECONDS = (0.01, 0.2)  # what a call of the Send API takes
_CASE_IDENTIFIERS = re.compile(r"BK-\w{4}-\w{4}|\d{5}-\d{5}")  # what two cases never have in common


class FakeMeta(SendApi):
    """`heard`: what each person read, in order; `took`: how long the webhook kept us waiting, post by post."""

    def __init__(self, chance: random.Random) -> None:
        super().__init__()
        self.port = 0
        self.chance = chance
        self.messages_by_psid: defaultdict[str, list[str]] = defaultdict(list)
        self.post_seconds: list[float] = []
        self.status_counts: Counter[str] = Counter()
        self._posters = ThreadPoolExecutor(POSTING_THREADS, thread_name_prefix="meta")
        self._own = local()
        self._measured = Lock()
        self.over = Event()

    def answer(self, path: str, token: str, body: dict[str, Any]) -> tuple[int, Any]:
        """As Meta would, after a while; what was said is posted back."""
        sleep(self.chance.uniform(*_CALL_SECONDS))
        status, said = super().answer(path, token, body)
        if status == 200 and "message" in body:
            psid, message = body["recipient"]["id"], body["message"]
            self.messages_by_psid[psid].append(normalize_message(message))
            self.post(
                messenger_events.build_webhook_body(
                    messenger_events.build_echo(message.get("metadata", ""), now(), psid=psid)
                )
            )
        return status, said

    def post(self, raw: bytes) -> None:
        """To the webhook, until it is taken; nobody waits for that."""
        self._posters.submit(self._post, raw)

    def post_forged(self, raw: bytes, signature: str) -> int:
        """The status of a post that is not to be taken."""
        return self._send(raw, signature)

    def _post(self, raw: bytes) -> None:
        until = monotonic() + TIMEOUT_SECONDS
        while monotonic() < until and not self.over.is_set():
            status = self._send(raw, messenger_events.sign_body(raw))
            with self._measured:
                self.status_counts[str(status or "no answer")] += 1
            if status == 200:
                return
            sleep(1)

    def _send(self, raw: bytes, signature: str) -> int:
        """The status; 0 where no answer came. A link that was closed while nobody spoke is opened anew."""
        headers = {"Host": "localhost", "Content-Type": "application/json", "X-Hub-Signature-256": signature}
        for link in (getattr(self._own, "link", None), HTTPConnection("127.0.0.1", self.port, timeout=20)):
            if link is None:
                continue
            began = monotonic()
            with suppress(OSError, HTTPException):
                link.request("POST", WEBHOOK_PATH, raw, headers)
                answer = link.getresponse()
                answer.read()
                with self._measured:
                    self.post_seconds.append(monotonic() - began)
                self._own.link = link
                return answer.status
            link.close()
        self._own.link = None
        return 0


def normalize_message(message: Mapping[str, Any]) -> str:
    """What is said, without what no two talks have in common."""
    said = {name: value for name, value in message.items() if name != "metadata"}
    return _CASE_IDENTIFIERS.sub("…", dumps(said, ensure_ascii=False, sort_keys=True))


@contextmanager
def run_fake_meta(chance: random.Random) -> Iterator[FakeMeta]:
    """One that runs, until the block ends."""
    server = FakeMeta(chance)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.over.set()
        server._posters.shutdown()
        server.shutdown()
        server.server_close()
