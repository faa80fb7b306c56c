"""One stream beside others, without a server: who is too slow is cut off, who may hear nothing any more is let go."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from bekhedmetkom.interfaces.live import hub as hub_module
from bekhedmetkom.interfaces.live import stream as stream_module
from bekhedmetkom.interfaces.live.hub import Hub, TooManyStreams
from bekhedmetkom.interfaces.live.stream import Stream
from bekhedmetkom.kernel.actor import Actor, ActorKind, Grant
from bekhedmetkom.kernel.clock import now
from bekhedmetkom.live.queries import Listener, LiveUpdate, build_listener
from bekhedmetkom.live.rules import Topic

HEAD = Actor(ActorKind.OFFICER, "7", (Grant("head_of_body", 1, subtree=frozenset({1, 2})),))
LATER = timedelta(minutes=5)


class Browser:
    """What the server sees of one: it reads as long as `reads` is set."""

    def __init__(self) -> None:
        self.got = b""
        self.reads = asyncio.Event()
        self.reads.set()
        self.left = asyncio.Event()
        self.ended = False

    def greeted(self) -> bool:
        return b"hello" in self.got

    async def receive(self) -> dict[str, Any]:
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        await self.reads.wait()
        self.got += message["body"]
        self.ended = not message["more_body"]


def alive(story: Callable[[], Awaitable[None]]) -> None:
    """In a thread of its own: where a browser is open, Playwright's loop runs in this one."""

    async def told() -> None:
        await asyncio.wait_for(story(), 20)

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, told()).result()


def listening(monkeypatch: pytest.MonkeyPatch, found: Listener | None) -> None:
    monkeypatch.setattr(hub_module, "_load_listeners", lambda officers: dict.fromkeys(officers, found))


async def opened(hub: Hub, browser: Browser, after: int | None = None) -> "asyncio.Task[None]":
    stream = Stream(7, frozenset({Topic.FEED}), now() + LATER)
    assert await hub.get_listener(7)
    hub.add_stream(stream, after)

    async def run() -> None:
        try:
            await stream.run(browser.receive, browser.send)
        finally:
            hub.remove_stream(stream)

    task = asyncio.create_task(run())
    await asyncio.sleep(0)
    return task


def news(number: int, body: int = 1) -> LiveUpdate:
    return LiveUpdate(number, Topic.FEED, body, (), {"what": "case.submitted"})


async def until(what: Callable[[], object]) -> None:
    while not what():
        await asyncio.sleep(0)


def test_slow_reader_is_cut_off_and_others_receive_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    listening(monkeypatch, build_listener(HEAD))

    async def story() -> None:
        hub, reads, sleeps = Hub(), Browser(), Browser()
        good, bad = await opened(hub, reads), await opened(hub, sleeps)
        sleeps.reads.clear()
        for number in range(1, stream_module.MAX_WAITING + 20):
            hub.publish([news(number)])
            await asyncio.sleep(0)
        await until(bad.done)
        assert hub.stream_count == 1
        await until(lambda: reads.got.count(b"event: feed") == stream_module.MAX_WAITING + 19)
        reads.left.set()
        await good
        assert hub.stream_count == 0

    alive(story)


def test_stuck_reader_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    listening(monkeypatch, build_listener(HEAD))

    async def story() -> None:
        hub, sleeps = Hub(), Browser()
        sleeps.reads.clear()
        task = await opened(hub, sleeps)
        looking = asyncio.create_task(hub.run_ticks())
        await task
        looking.cancel()
        assert not sleeps.ended

    monkeypatch.setattr(hub_module, "TICK_SECONDS", 0.0)
    monkeypatch.setattr(stream_module, "STUCK_SECONDS", 0.01)
    alive(story)


def test_quiet_stream_sends_heartbeat_with_position(monkeypatch: pytest.MonkeyPatch) -> None:
    listening(monkeypatch, build_listener(HEAD))
    monkeypatch.setattr(hub_module, "TICK_SECONDS", 0.0)
    monkeypatch.setattr(stream_module, "HEARTBEAT_SECONDS", 0.0)

    async def story() -> None:
        hub, browser = Hub(), Browser()
        hub.publish([news(41, body=3)])
        task = await opened(hub, browser)
        looking = asyncio.create_task(hub.run_ticks())
        await until(lambda: b":\nid: 41\n\n" in browser.got)
        assert b"feed" not in browser.got
        looking.cancel()
        task.cancel()

    alive(story)


@pytest.mark.parametrize(
    "now_is", [None, build_listener(Actor(ActorKind.OFFICER, "7", (Grant("sub_officer", 1),)))]
)
def test_stream_ends_when_access_ends(monkeypatch: pytest.MonkeyPatch, now_is: Listener | None) -> None:
    listening(monkeypatch, build_listener(HEAD))

    async def story() -> None:
        hub, browser = Hub(), Browser()
        task = await opened(hub, browser)
        checking = asyncio.create_task(hub.run_rights_checks())
        await asyncio.sleep(0.01)
        assert not task.done()
        listening(monkeypatch, now_is)
        await task
        assert browser.ended
        assert b"event: renew" in browser.got
        checking.cancel()

    monkeypatch.setattr(hub_module, "RIGHTS_CHECK_SECONDS", 0.001)
    alive(story)
    assert hub_module.MAX_UNCHECKED.total_seconds() < 60


def test_streams_end_within_a_minute_without_database(monkeypatch: pytest.MonkeyPatch) -> None:
    listening(monkeypatch, build_listener(HEAD))

    def away(officers: object) -> None:
        raise OSError

    async def story() -> None:
        hub, browser = Hub(), Browser()
        task = await opened(hub, browser)
        monkeypatch.setattr(hub_module, "_load_listeners", away)
        checking = asyncio.create_task(hub.run_rights_checks())
        await task
        checking.cancel()

    monkeypatch.setattr(hub_module, "RIGHTS_CHECK_SECONDS", 0.001)
    monkeypatch.setattr(hub_module, "MAX_UNCHECKED", timedelta(seconds=0.05))
    alive(story)


def test_missed_updates_are_replayed_or_reload_requested(monkeypatch: pytest.MonkeyPatch) -> None:
    listening(monkeypatch, build_listener(HEAD))

    async def story() -> None:
        hub = Hub()
        hub.publish([news(number) for number in (10, 11, 13)])
        for after, expected in {None: 0, 13: 0, 11: 1, 10: 2, 9: 3}.items():
            await opened(hub, browser := Browser(), after)
            await until(browser.greeted)
            assert browser.got.count(b"event: feed") == expected
            assert b"event: again" not in browser.got
        for after in (8, 14):
            await opened(hub, browser := Browser(), after)
            await until(browser.greeted)
            assert b"event: again" in browser.got

    alive(story)


def test_streams_per_officer_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    listening(monkeypatch, build_listener(HEAD))

    async def story() -> None:
        hub = Hub()
        for _ in range(hub_module.MAX_STREAMS_PER_OFFICER):
            await opened(hub, Browser())
        with pytest.raises(TooManyStreams):
            await opened(hub, Browser())

    alive(story)


def test_shutdown_ends_streams_cleanly(monkeypatch: pytest.MonkeyPatch) -> None:
    listening(monkeypatch, build_listener(HEAD))

    async def story() -> None:
        hub, browser = Hub(), Browser()
        task = await opened(hub, browser)
        hub.publish([news(5)])
        hub.end_streams()
        await task
        assert browser.ended
        assert b"event: feed" in browser.got

    alive(story)
