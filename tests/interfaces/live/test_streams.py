"""The live process on a real server: who is let in, what they are told, and that nothing of it is missed."""

import signal
from functools import partial

from django.conf import settings
from django.utils.crypto import get_random_string

from bekhedmetkom.catalogue.rules import Kind
from bekhedmetkom.interfaces.live.hub import MAX_STREAMS_PER_OFFICER
from bekhedmetkom.kernel.clock import now
from bekhedmetkom.live import tokens
from bekhedmetkom.live.commands import publish_change
from bekhedmetkom.live.rules import Topic
from tests.interfaces.live.conftest import LiveServer, Viewer, create_page_token, run_subscriber
from tests.personas import Jordan


def test_live_process_serves_reconnects_and_stops(live: LiveServer, committed_jordan: Jordan) -> None:
    """One server for all of it: it takes two seconds to start."""
    jordan = committed_jordan
    nobody_comes_in_without_right(live, jordan)
    each_hears_what_is_theirs(live, jordan)
    whoever_comes_again_is_told_what_they_missed(live, jordan)
    a_restart_and_even_a_kill_lose_nothing(live, jordan)
    nobody_takes_all_places(live, jordan)


def nobody_comes_in_without_right(live: LiveServer, jordan: Jordan) -> None:
    good, head = live.address(jordan.head, Topic.FEED), jordan.head
    status, headers = live.get(good, Origin=settings.PUBLIC_URL)
    assert (status, headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
    assert headers["access-control-allow-origin"] == settings.PUBLIC_URL
    assert headers["access-control-allow-credentials"] == "true"
    refused = {
        "/events": 400,
        "/events?topics=feed": 401,
        "/events?topics=secrets": 400,
        f"/events?topics=feed,desk&token={create_page_token(head, Topic.FEED)}": 403,
        f"/events?topics=feed&token={create_page_token(head, Topic.FEED)[:-1]}": 401,
        f"/events?topics=feed&token={get_random_string(80)}": 401,
        f"/events?topics=feed&token={create_page_token(head, Topic.FEED, at=now() - tokens.TOKEN_LIFETIME)}": 401,
        # Whatever a token says, rights are looked up.
        f"/events?topics=feed&token={create_page_token(jordan.roads_officer, Topic.FEED)}": 403,
        f"/events?topics=desk&token={create_page_token(jordan.administrator, Topic.DESK)}": 403,
        "/secrets": 404,
    }
    assert {path: live.get(path)[0] for path in refused} == refused
    status, headers = live.get(good, Origin="https://elsewhere.example")
    assert status == 403
    assert "access-control-allow-origin" not in headers


def each_hears_what_is_theirs(live: LiveServer, jordan: Jordan) -> None:
    head, roads, rival = (
        live.viewer(jordan.head),
        live.viewer(jordan.roads_officer, Topic.DESK),
        live.viewer(jordan.rival, Topic.DESK),
    )
    inspector = live.viewer(jordan.inspector, Topic.DESK)
    sealed = jordan.create_case(kind=Kind.VIOLATION, at=now(), service=None)
    case = jordan.create_assigned_case(at=now(), governorate=jordan.governorates["GOV-AM"])
    run_subscriber()
    publish_change(Topic.INDICATORS)
    head.until(lambda: head.heard("feed") and head.heard("indicators") and head.heard("desk"))
    roads.until(lambda: roads.heard("desk"))
    inspector.until(lambda: inspector.heard("desk"))
    (said,) = head.heard("feed")
    assert said["said"] == {"ar": "وصلت شكوى", "en": "A complaint came"}
    assert said["where"]["en"] == "Amman"
    everything = str([viewer.told for viewer in (head, roads, rival, inspector)])
    for secret in (case.reference, sealed.reference, str(case.pk), "سامر", "79123", "حفرة", "GAM"):
        assert secret not in everything
    assert rival.heard("desk") == []
    assert inspector.heard("desk") == [{}]
    for viewer in (head, roads, rival, inspector):
        viewer.leave()


def whoever_comes_again_is_told_what_they_missed(live: LiveServer, jordan: Jordan) -> None:
    viewer = live.viewer(jordan.head, Topic.FEED)
    for _ in range(3):
        jordan.create_case(at=now())
    run_subscriber()
    viewer.until(partial(viewer.has_heard, "feed", 3))
    viewer.leave()
    first = viewer.told[-3][0]
    for again in (
        Viewer(live.port, live.address(jordan.head, Topic.FEED), last=first),
        Viewer(live.port, live.address(jordan.head, Topic.FEED, after=first)),
    ):
        again.start().until(partial(again.has_heard, "feed", 2))
        again.leave()
    # Of a place that nobody knows: ask for everything.
    lost = Viewer(live.port, live.address(jordan.head, Topic.FEED), last="999999999").start()
    lost.until(partial(lost.has_heard, "again"))
    lost.leave()


def a_restart_and_even_a_kill_lose_nothing(live: LiveServer, jordan: Jordan) -> None:
    viewer = live.viewer(jordan.head, Topic.FEED)
    for times, sign in enumerate((signal.SIGTERM, signal.SIGKILL), 1):
        jordan.create_case(at=now())
        assert live.stop(sign) < 5
        run_subscriber()
        jordan.create_case(at=now())
        run_subscriber()
        live.start()
        viewer.until(partial(viewer.has_begun, times + 1))
        jordan.create_case(at=now())
        run_subscriber()
        viewer.until(partial(viewer.has_heard, "feed", 3 * times))
    ids = [int(id) for id, event, _ in viewer.told if event == "feed"]
    assert len(ids) == 6
    assert ids == sorted(set(ids)), "each once, in order"
    viewer.over = True


def nobody_takes_all_places(live: LiveServer, jordan: Jordan) -> None:
    held = [live.viewer(jordan.manager, Topic.FEED) for _ in range(MAX_STREAMS_PER_OFFICER)]
    assert live.get(live.address(jordan.manager, Topic.FEED))[0] == 429
    assert live.get(live.address(jordan.head, Topic.FEED))[0] == 200
    for viewer in held:
        viewer.leave()
    live.viewer(jordan.manager, Topic.FEED).leave()
