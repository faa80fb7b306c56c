"""Open pages of `bench live`, in a process of their own: they listen, come again when they are cut off, and note when
they were told what.
"""

import asyncio
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection
from random import random
from time import time
from typing import Any
from urllib.parse import urlsplit

BLOCK_END = re.compile(rb"\n\n")
FEED_EVENT = re.compile(rb'^id: (\d+)\nevent: feed\ndata: .*?"at": "([^"]+)"', re.MULTILINE)
EVENT_ID = re.compile(rb"^id: (\d+)$", re.MULTILINE)
RETRY_DELAY = re.compile(rb"^retry: (\d+)$", re.MULTILINE)
CONNECTIONS_PER_SECOND = 100  # pages a second


@dataclass
class ReceivedEvents:
    """What all pages together were told: by its number, when it happened, and how many seconds later each heard it."""

    happened: dict[int, float] = field(default_factory=dict)
    delays: defaultdict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    duplicates: int = 0
    full_reloads: int = 0  # pages that were told to ask for everything


class StreamPage(asyncio.Protocol):
    """One page. HTTP/1.0, so that what comes is what was sent, without the sizes of chunks between."""

    def __init__(self, crowd: "PageCrowd", path: str) -> None:
        self.crowd, self.path = crowd, path
        self.last_event_id, self.retry, self.is_listening = b"", 1.0, False
        self.rest = b""
        self.seen: set[int] = set()

    def connection_made(self, transport: Any) -> None:
        self.rest = b""
        place = b"Last-Event-ID: %s\r\n" % self.last_event_id if self.last_event_id else b""
        transport.write(b"GET %s HTTP/1.0\r\nHost: localhost\r\n%s\r\n" % (self.path.encode(), place))

    def data_received(self, data: bytes) -> None:
        now, heard = time(), self.crowd.received
        *blocks, self.rest = BLOCK_END.split((self.rest + data).replace(b"\r\n", b"\n"))
        for block in blocks:
            if found := EVENT_ID.search(block):
                self.last_event_id = found[1]
            if found := FEED_EVENT.search(block):
                self._record_event(int(found[1]), found[2], now, heard)
            elif b"event: hello" in block:
                self._mark_listening()
            elif b"event: again" in block:
                heard.full_reloads += 1
            elif found := RETRY_DELAY.search(block):
                self.retry = int(found[1]) / 1000

    def connection_lost(self, exc: Exception | None) -> None:
        self.crowd.listening -= self.is_listening
        self.is_listening = False
        self.crowd.reconnect(self)

    def _mark_listening(self) -> None:
        self.crowd.listening += not self.is_listening
        self.is_listening = True

    def _record_event(self, number: int, at: bytes, now: float, heard: ReceivedEvents) -> None:
        if number in self.seen:
            heard.duplicates += 1
        self.seen.add(number)
        if number not in heard.happened:
            heard.happened[number] = datetime.fromisoformat(at.decode()).timestamp()
        heard.delays[number].append(now - heard.happened[number])


class PageCrowd:
    """All pages; answers through a pipe how many listen now, and at the end what they heard."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self.received, self.listening = ReceivedEvents(), 0
        parts = [urlsplit(address) for address in addresses]
        self.host, self.port = parts[0].hostname or "localhost", parts[0].port or 80
        self.pages = [StreamPage(self, f"{part.path}?{part.query}") for part in parts]
        self.tasks: set[asyncio.Task[None]] = set()

    def reconnect(self, page: StreamPage) -> None:
        task = asyncio.get_running_loop().create_task(self._open(page, page.retry))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def run(self, pipe: Connection) -> None:
        for page in self.pages:
            await self._open(page, 0)
            await asyncio.sleep(1 / CONNECTIONS_PER_SECOND)
        while True:
            if await asyncio.to_thread(pipe.recv) == "end":
                break
            pipe.send(self.listening)
        pipe.send(self.received)

    async def _open(self, page: StreamPage, wait: float) -> None:
        while True:
            await asyncio.sleep(wait)
            try:
                await asyncio.get_running_loop().create_connection(lambda: page, self.host, self.port)
            except OSError:
                wait = page.retry * (1 + random())
            else:
                return


class ViewerProcess:
    """A crowd in a process of its own, as the benchmark sees it."""

    def __init__(self, addresses: Sequence[str]) -> None:
        context = get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_run_crowd, args=(addresses, theirs), daemon=True)
        self.process.start()

    def listening(self) -> int:
        """How many pages hear what happens now."""
        self.pipe.send("how many")
        return int(self.pipe.recv())

    def stop(self) -> ReceivedEvents:
        self.pipe.send("end")
        heard: ReceivedEvents = self.pipe.recv()
        self.process.join()
        return heard


def _run_crowd(addresses: Sequence[str], pipe: Connection) -> None:
    asyncio.run(PageCrowd(addresses).run(pipe))
