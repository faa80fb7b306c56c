"""Open pages that hear what happens: from the request that commits to each page, through all of the real platform.

    bekhedmetkom bench live --viewers 1000 --per-second 10 --seconds 90 --json

Cases come in by the API. In the middle the live process is ended, later the worker; `make run` starts each again. What
each page must have heard is counted afterwards, by the rows of the journal and of what was told: `lost` is what one
page missed, summed over all pages and both restarts. The percentiles are of everything that happened while both
processes were there. A moment is counted from the event's own time, which is taken when the request begins.
"""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from secrets import token_urlsafe
from threading import Event
from time import monotonic, sleep, time
from typing import Any, NamedTuple

import httpx
import psycopg
from django.conf import settings

from bekhedmetkom.entities.models import Entity
from bekhedmetkom.identity.models import Membership, Officer
from bekhedmetkom.identity.rules import Role
from bekhedmetkom.kernel.clock import now
from bekhedmetkom.live import tokens
from bekhedmetkom.live.rules import Topic

from . import Options, stage
from .intake import BODY, GOVERNORATE, TEXT, TOPIC
from .stage import Platform
from .viewers import Heard, Viewers

VIEWERS, PER_SECOND, SECONDS = 1_000, 10, 90
EACH = 4  # pages of one officer
PATIENCE = 120
LONGEST = tokens.GOOD_FOR - timedelta(seconds=60)  # a page of the benchmark asks for no second token


class Told(NamedTuple):
    """Of which case, and when the follower began to write it down (seconds since 1970)."""

    reference: str
    at: float


class Away(NamedTuple):
    """When a part was not there."""

    since: float
    until: float

    @property
    def seconds(self) -> float:
        return round(self.until - self.since, 1)


def measure(options: Options) -> dict[str, Any]:
    """The figures of `bench live`: see contract.md."""
    viewers, seconds = options.viewers or VIEWERS, options.seconds or SECONDS
    per_second = options.per_second or PER_SECOND
    if timedelta(seconds=seconds) > LONGEST:
        raise SystemExit(f"At most {LONGEST.seconds} seconds: so long a token is good for.")
    with stage.platform(options.home, SECRET_KEY=settings.SECRET_KEY, ADDRESS_BURST="100000000") as platform:
        crowd = Viewers(_addresses(platform, viewers))
        _until(lambda: crowd.listening() == viewers)
        before = _newest(platform)
        with _happening(platform, per_second) as answered:
            sleep(seconds / 3)
            live_away = _end_live(platform, crowd, viewers)
            sleep(seconds / 3)
            worker_away = _end_worker(platform)
            cpu, began = platform.cpu()["live"], time()
            sleep(seconds / 3)
            busy, rss = (platform.cpu()["live"] - cpu) / (time() - began), platform.peak_mb("live")
        told = _told(platform, before)
        _until(lambda: set(answered) <= {each.reference for each in told().values()})
        sleep(3)  # for the last of them to be heard, however late: what is not is lost
        return _figures(crowd.end(), told(), viewers, [live_away, worker_away]) | {
            "cases": len(answered),
            "away_live_s": live_away.seconds, "away_worker_s": worker_away.seconds, "rss_mb": round(rss),
            "live_cpu_share": round(busy, 3), "python_ms": stage.python_ms(),
        }  # fmt: skip


def _figures(heard: Heard, told: Mapping[int, Told], viewers: int, away: list[Away]) -> dict[str, Any]:
    quiet = [
        number
        for number, happened in heard.happened.items()
        if number in told and not any(each.since - 1 < happened < each.until + 1 for each in away)
    ]
    spread = stage.spread([late for number in quiet for late in heard.late[number]], 0)
    followed = stage.spread([told[number].at - heard.happened[number] for number in quiet], 0)
    return {
        "commit_to_client_p50_ms": spread["p50"], "commit_to_client_p99_ms": spread["p99"],
        "followed_p50_ms": followed["p50"], "followed_p99_ms": followed["p99"],
        "lost": sum(viewers - len(heard.late[number]) for number in told) + heard.twice,
        "longest_s": round(max(max(times) for times in heard.late.values()), 1),
        "told": len(told), "twice": heard.twice, "asked_for_everything": heard.again,
    }  # fmt: skip


def _addresses(platform: Platform, viewers: int) -> list[str]:
    """Of pages of officers who watch the body to which the cases come, four each: two lists, two dashboards."""
    with stage.connected(platform.database_url):
        officers = [_officer(number) for number in range(-(-viewers // EACH))]
    topics = [[Topic.FEED, Topic.INDICATORS], [Topic.FEED, Topic.INDICATORS, Topic.DESK]]
    return [
        f"{platform.live}/events?topics={','.join(wanted)}&token={tokens.made(officer, wanted, now())}"
        for officer in officers
        for wanted in topics * (EACH // len(topics))
    ][:viewers]


def _officer(number: int) -> int:
    officer, _ = Officer.objects.get_or_create(
        email=f"viewer-{number}@example.jo",
        defaults={"name_ar": f"مشاهد {number}", "name_en": f"Viewer {number}"},
    )
    Membership.objects.get_or_create(
        officer=officer, role=Role.MINISTER_OFFICE, entity=Entity.objects.get(code=BODY),
        defaults={"valid_from": now().date() - timedelta(days=30)},
    )  # fmt: skip
    return officer.pk


@contextmanager
def _happening(platform: Platform, per_second: int) -> Iterator[list[str]]:
    """Cases come in, so many a second, until the block ends; the references of those that were answered."""
    answered: list[str] = []
    over = Event()

    def submit(number: int) -> None:
        body = {
            "kind": "complaint", "text": f"{TEXT}{number}", "entity": BODY, "service": TOPIC,
            "governorate": GOVERNORATE,
        }  # fmt: skip
        answer = http.post("/api/v1/cases", json=body, headers={"Idempotency-Key": token_urlsafe(20)})
        answered.append(answer.raise_for_status().json()["reference"])

    def go_on() -> None:
        began = monotonic()
        for number in count():
            if over.wait(max(0.0, began + number / per_second - monotonic())):
                return
            hands.submit(submit, number)

    with httpx.Client(base_url=platform.web, timeout=30) as http, ThreadPoolExecutor(4) as hands:
        with ThreadPoolExecutor(1) as clock:
            clock.submit(go_on)
            try:
                yield answered
            finally:
                over.set()
        hands.shutdown(wait=True)


def _end_live(platform: Platform, crowd: Viewers, viewers: int) -> Away:
    """End the live process; it is there again when every page is."""
    since = time()
    for process in platform.processes("live"):
        process.terminate()
    _until(lambda: crowd.listening() < viewers)
    _until(lambda: crowd.listening() == viewers)
    return Away(since, time())


def _end_worker(platform: Platform) -> Away:
    """End the worker; it is there again when something is told that happened afterwards."""
    since = time()
    ended = platform.processes("worker")
    for process in ended:
        process.terminate()
    for process in ended:
        process.wait(PATIENCE)
    told = _told(platform, _newest(platform))
    _until(told)
    return Away(since, time())


def _newest(platform: Platform) -> int:
    with psycopg.connect(platform.database_url) as connection:
        row = connection.execute("SELECT coalesce(max(id), 0) FROM live_told").fetchone()
    assert row
    return int(row[0])


def _told(platform: Platform, after: int) -> Callable[[], dict[int, Told]]:
    """Asks what the feed of the cases' body has told since then, by its numbers."""
    statement = """
    SELECT told.id, reference, extract(epoch FROM told_at)::float
    FROM live_told told JOIN "case" ON "case".id = told.case
    WHERE topic = 'feed' AND told.id > %s AND whose = (SELECT to_jsonb(id) FROM entities_entity WHERE code = %s)
    """

    def ask() -> dict[int, Told]:
        with psycopg.connect(platform.database_url) as connection:
            rows = connection.execute(statement, [after, BODY]).fetchall()
        return {number: Told(reference, at) for number, reference, at in rows}

    return ask


def _until(what: Callable[[], object]) -> None:
    deadline = monotonic() + PATIENCE
    while not what():
        if monotonic() > deadline:
            raise SystemExit("What the benchmark waits for does not come.")
        sleep(0.1)
