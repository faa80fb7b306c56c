"""One stream beside others, without a server: who is too slow is cut off, who may hear nothing any more is let go."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from bekhedmetkom.interfaces.live import hub as hubs
from bekhedmetkom.interfaces.live import stream as streams
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
    monkeypatch.setattr(hubs, "_load_listeners", lambda officers: dict.fromkeys(officers, found))


async def opened(hub: Hub, browser: Browser, after: int | None = None) -> "asyncio.Task[None]":
    stream = Stream(7, frozenset({Topic.FEED}), now() + LATER)
    assert await hub.listener(7)
    hub.open(stream, after)

    async def run() -> None:
        try:
            await stream.run(browser.receive, browser.send)
        finally:
            hub.close(stream)

    task = asyncio.create_task(run())
    await asyncio.sleep(0)
    return task


def news(number: int, body: int = 1) -> LiveUpdate:
    return LiveUpdate(number, Topic.FEED, body, (), {"what": "case.submitted"})


async def until(what: Callable[[], object]) -> None:
    while not what():
        await asyncio.sleep(0)


def test_who_falls_behind_is_cut_off_and_the_others_hear_all(monkeypatch: pytest.MonkeyPatch) -> None:
    listening(monkeypatch, build_listener(HEAD))

    async def story() -> None:
        hub, reads, sleeps = Hub(), Browser(), Browser()
        good, bad = await opened(hub, reads), await opened(hub, sleeps)
        sleeps.reads.clear()
        for number in range(1, streams.MAX_WAITING + 20):
            hub.hear([news(number)])
            await asyncio.sleep(0)
        await until(bad.done)
        assert hub.count == 1
        await until(lambda: reads.got.count(b"event: feed") == streams.MAX_WAITING + 19)
        reads.left.set()
        await good
        assert hub.count == 0

    alive(story)


def test_who_takes_nothing_for_too_long_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    listening(monkeypatch, build_listener(HEAD))

    async def story() -> None:
        hub, sleeps = Hub(), Browser()
        sleeps.reads.clear()
        task = await opened(hub, sleeps)
        looking = asyncio.create_task(hub.look())
        await task
        looking.cancel()
        assert not sleeps.ended

    monkeypatch.setattr(hubs, "TICK_SECONDS", 0.0)
    monkeypatch.setattr(streams, "STUCK_SECONDS", 0.01)
    alive(story)


def test_a_quiet_stream_says_that_it_lives_and_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    listening(monkeypatch, build_listener(HEAD))
    monkeypatch.setattr(hubs, "TICK_SECONDS", 0.0)
    monkeypatch.setattr(streams, "HEARTBEAT_SECONDS", 0.0)

    async def story() -> None:
        hub, browser = Hub(), Browser()
        hub.hear([news(41, body=3)])
        task = await opened(hub, browser)
        looking = asyncio.create_task(hub.look())
        await until(lambda: b":\nid: 41\n\n" in browser.got)
        assert b"feed" not in browser.got
        looking.cancel()
        task.cancel()

    alive(story)


@pytest.mark.parametrize(
    "now_is", [None, build_listener(Actor(ActorKind.OFFICER, "7", (Grant("sub_officer", 1),)))]
)
def test_whose_right_has_ended_is_let_go(monkeypatch: pytest.MonkeyPatch, now_is: Listener | None) -> None:
    listening(monkeypatch, build_listener(HEAD))

    async def story() -> None:
        hub, browser = Hub(), Browser()
        task = await opened(hub, browser)
        checking = asyncio.create_task(hub.check())
        await asyncio.sleep(0.01)
        assert not task.done()
        listening(monkeypatch, now_is)
        await task
        assert browser.ended
        assert b"event: renew" in browser.got
        checking.cancel()

    monkeypatch.setattr(hubs, "RIGHTS_CHECK_SECONDS", 0.001)
    alive(story)
    assert hubs.MAX_UNCHECKED.total_seconds() < 60


def test_while_nobody_can_be_looked_up_streams_end_within_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    listening(monkeypatch, build_listener(HEAD))

    def away(officers: object) -> None:
        raise OSError

    async def story() -> None:
        hub, browser = Hub(), Browser()
        task = await opened(hub, browser)
        monkeypatch.setattr(hubs, "_load_listeners", away)
        checking = asyncio.create_task(hub.check())
        await task
        checking.cancel()

    monkeypatch.setattr(hubs, "RIGHTS_CHECK_SECONDS", 0.001)
    monkeypatch.setattr(hubs, "MAX_UNCHECKED", timedelta(seconds=0.05))
    alive(story)


def test_what_is_missed_is_told_or_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    listening(monkeypatch, build_listener(HEAD))

    async def story() -> None:
        hub = Hub()
        hub.hear([news(number) for number in (10, 11, 13)])
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


def test_an_officer_has_so_many_streams_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    listening(monkeypatch, build_listener(HEAD))

    async def story() -> None:
        hub = Hub()
        for _ in range(hubs.MAX_STREAMS_PER_OFFICER):
            await opened(hub, Browser())
        with pytest.raises(TooManyStreams):
            await opened(hub, Browser())

    alive(story)


def test_the_process_ends_its_streams_in_good_order(monkeypatch: pytest.MonkeyPatch) -> None:
    listening(monkeypatch, build_listener(HEAD))

    async def story() -> None:
        hub, browser = Hub(), Browser()
        task = await opened(hub, browser)
        hub.hear([news(5)])
        hub.end()
        await task
        assert browser.ended
        assert b"event: feed" in browser.got

    alive(story)
