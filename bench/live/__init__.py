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

from .. import Options, platform_runner
from ..fixtures import ENTITY_CODE, GOVERNORATE_CODE, SAMPLE_TEXT, SERVICE_CODE
from ..platform_runner import RunningPlatform
from .viewers import ReceivedEvents, ViewerProcess

VIEWERS, PER_SECOND, SECONDS = 1_000, 10, 90
PAGES_PER_OFFICER = 4  # pages of one officer
TIMEOUT_SECONDS = 120
MAX_DURATION = tokens.TOKEN_LIFETIME - timedelta(
    seconds=60
)  # a page of the benchmark asks for no second token


class FeedEntry(NamedTuple):
    """Of which case, and when the follower began to write it down (seconds since 1970)."""

    reference: str
    told_at: float


class Downtime(NamedTuple):
    """When a part was not there."""

    start: float
    end: float

    @property
    def seconds(self) -> float:
        return round(self.end - self.start, 1)


def measure(options: Options) -> dict[str, Any]:
    """The figures of `bench live`: see contract.md."""
    viewers, seconds = options.viewers or VIEWERS, options.seconds or SECONDS
    per_second = options.per_second or PER_SECOND
    if timedelta(seconds=seconds) > MAX_DURATION:
        raise SystemExit(f"At most {MAX_DURATION.seconds} seconds: so long a token is good for.")
    with platform_runner.run_platform(
        options.home, SECRET_KEY=settings.SECRET_KEY, ADDRESS_BURST="100000000"
    ) as platform:
        crowd = ViewerProcess(_list_stream_urls(platform, viewers))
        _wait_until(lambda: crowd.listening() == viewers)
        before = _get_newest_entry(platform)
        with _submit_cases(platform, per_second) as answered:
            sleep(seconds / 3)
            live_away = _restart_live(platform, crowd, viewers)
            sleep(seconds / 3)
            worker_away = _restart_worker(platform)
            cpu, began = platform.read_cpu_seconds()["live"], time()
            sleep(seconds / 3)
            busy, rss = (
                (platform.read_cpu_seconds()["live"] - cpu) / (time() - began),
                platform.read_memory_mb("live"),
            )
        told = _build_feed_reader(platform, before)
        _wait_until(lambda: set(answered) <= {each.reference for each in told().values()})
        sleep(3)  # for the last of them to be heard, however late: what is not is lost
        return _build_figures(crowd.stop(), told(), viewers, [live_away, worker_away]) | {
            "cases": len(answered),
            "away_live_s": live_away.seconds, "away_worker_s": worker_away.seconds, "rss_mb": round(rss),
            "live_cpu_share": round(busy, 3), "python_ms": platform_runner.measure_python_ms(),
        }  # fmt: skip


def _build_figures(
    heard: ReceivedEvents, told: Mapping[int, FeedEntry], viewers: int, away: list[Downtime]
) -> dict[str, Any]:
    quiet = [
        number
        for number, happened in heard.happened.items()
        if number in told and not any(each.start - 1 < happened < each.end + 1 for each in away)
    ]
    percentiles = platform_runner.compute_percentiles(
        [late for number in quiet for late in heard.delays[number]], 0
    )
    followed = platform_runner.compute_percentiles(
        [told[number].told_at - heard.happened[number] for number in quiet], 0
    )
    return {
        "commit_to_client_p50_ms": percentiles["p50"], "commit_to_client_p99_ms": percentiles["p99"],
        "followed_p50_ms": followed["p50"], "followed_p99_ms": followed["p99"],
        "lost": sum(viewers - len(heard.delays[number]) for number in told) + heard.duplicates,
        "longest_s": round(max(max(times) for times in heard.delays.values()), 1),
        "told": len(told), "twice": heard.duplicates, "asked_for_everything": heard.full_reloads,
    }  # fmt: skip


def _list_stream_urls(platform: RunningPlatform, viewers: int) -> list[str]:
    """Of pages of officers who watch the body to which the cases come, four each: two lists, two dashboards."""
    with platform_runner.use_database(platform.database_url):
        officers = [_create_officer(number) for number in range(-(-viewers // PAGES_PER_OFFICER))]
    topics = [[Topic.FEED, Topic.INDICATORS], [Topic.FEED, Topic.INDICATORS, Topic.DESK]]
    return [
        f"{platform.live}/events?topics={','.join(wanted)}&token={tokens.create_token(officer, wanted, now())}"
        for officer in officers
        for wanted in topics * (PAGES_PER_OFFICER // len(topics))
    ][:viewers]


def _create_officer(number: int) -> int:
    officer, _ = Officer.objects.get_or_create(
        email=f"viewer-{number}@example.jo",
        defaults={"name_ar": f"مشاهد {number}", "name_en": f"Viewer {number}"},
    )
    Membership.objects.get_or_create(
        officer=officer, role=Role.MINISTER_OFFICE, entity=Entity.objects.get(code=ENTITY_CODE),
        defaults={"valid_from": now().date() - timedelta(days=30)},
    )  # fmt: skip
    return officer.pk


@contextmanager
def _submit_cases(platform: RunningPlatform, per_second: int) -> Iterator[list[str]]:
    """Cases come in, so many a second, until the block ends; the references of those that were answered."""
    answered: list[str] = []
    over = Event()

    def submit(number: int) -> None:
        body = {
            "kind": "complaint", "text": f"{SAMPLE_TEXT}{number}", "entity": ENTITY_CODE, "service": SERVICE_CODE,
            "governorate": GOVERNORATE_CODE,
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


def _restart_live(platform: RunningPlatform, crowd: ViewerProcess, viewers: int) -> Downtime:
    """End the live process; it is there again when every page is."""
    since = time()
    for process in platform.list_processes("live"):
        process.terminate()
    _wait_until(lambda: crowd.listening() < viewers)
    _wait_until(lambda: crowd.listening() == viewers)
    return Downtime(since, time())


def _restart_worker(platform: RunningPlatform) -> Downtime:
    """End the worker; it is there again when something is told that happened afterwards."""
    since = time()
    ended = platform.list_processes("worker")
    for process in ended:
        process.terminate()
    for process in ended:
        process.wait(TIMEOUT_SECONDS)
    told = _build_feed_reader(platform, _get_newest_entry(platform))
    _wait_until(told)
    return Downtime(since, time())


def _get_newest_entry(platform: RunningPlatform) -> int:
    with psycopg.connect(platform.database_url) as connection:
        row = connection.execute("SELECT coalesce(max(id), 0) FROM live_told").fetchone()
    assert row
    return int(row[0])


def _build_feed_reader(platform: RunningPlatform, after: int) -> Callable[[], dict[int, FeedEntry]]:
    """Asks what the feed of the cases' body has told since then, by its numbers."""
    statement = """
    SELECT told.id, reference, extract(epoch FROM told_at)::float
    FROM live_told told JOIN "case" ON "case".id = told.case
    WHERE topic = 'feed' AND told.id > %s AND whose = (SELECT to_jsonb(id) FROM entities_entity WHERE code = %s)
    """

    def ask() -> dict[int, FeedEntry]:
        with psycopg.connect(platform.database_url) as connection:
            rows = connection.execute(statement, [after, ENTITY_CODE]).fetchall()
        return {number: FeedEntry(reference, at) for number, reference, at in rows}

    return ask


def _wait_until(what: Callable[[], object]) -> None:
    deadline = monotonic() + TIMEOUT_SECONDS
    while not what():
        if monotonic() > deadline:
            raise SystemExit("What the benchmark waits for does not come.")
        sleep(0.1)
