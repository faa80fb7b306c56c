"""Messenger's webhook at 50 events a second, while the database is slow and the worker is killed.

    bekhedmetkom bench messenger --json [--seconds 40]

The platform runs as `make run` starts it; Meta is a fake. Each conversation runs once without faults as the reference.
Then many run at once: with batches, repetitions, reordering, irrelevant events, malformed bodies and forged signatures,
while tables are locked, inserts are slowed down, other clients submit cases and the worker is killed with -9. In the
end each person must have received exactly the messages of the reference, in order, and each case must exist once.
"""

import json
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from itertools import count
from threading import Event, Thread
from time import monotonic, sleep
from typing import Any

import psutil
import psycopg

from bekhedmetkom.kernel.clock import now
from tests.fakes import messenger_events
from tests.fakes.meta import FakeMeta, run_fake_meta
from tests.fakes.photo_server import run_photo_server
from tests.fakes.send_api import PAGE_ID, PAGE_TOKEN
from tests.models.messenger_conversations import (
    CONVERSATIONS,
    MALFORMED_BODIES,
    Item,
    Speaker,
    list_irrelevant_events,
)

from . import Options, platform_runner
from .platform_runner import RunningPlatform

PER_SECOND = 50
SECONDS = 40
SECONDS_BETWEEN_STEPS = 3  # seconds between two steps of one person
ANSWER_LIMIT_SECONDS = 0.2  # seconds in which a post is to be answered
SETTLE_SECONDS = 600  # seconds, until everything was heard and said
CROWD_SIZE = 30  # who send a case at once while its table is locked
INSERT_DELAY_SECONDS = 0.25  # seconds that each insert takes for a while
PHASE_SECONDS = 3.0  # seconds that tables are locked, or slow, or left alone
KILL_INTERVAL_SECONDS = (4.0, 8.0)

_CONVERSATION_NAMES = list(CONVERSATIONS)
_FIRST_PSID = 7_000_000_000_000_000


def measure(options: Options) -> dict[str, Any]:
    """`within_200_ms` is to be above .99, `wrong` and `cases_wrong` 0."""
    chance = random.Random(6)
    with ExitStack() as opened:
        double = opened.enter_context(run_fake_meta(chance))
        files, _asked = opened.enter_context(run_photo_server())
        platform = opened.enter_context(
            platform_runner.run_platform(
                options.home,
                DEMO="0",
                ADDRESS_BURST="100000000",
                MESSENGER_APP_SECRET=messenger_events.APP_SECRET,
                MESSENGER_VERIFY_TOKEN=messenger_events.VERIFY_TOKEN,
                MESSENGER_PAGE_TOKEN=PAGE_TOKEN,
                MESSENGER_PAGE_ID=PAGE_ID,
                MESSENGER_API=double.url,
                OUTWARD_NETWORKS="127.0.0.0/8",
            )
        )
        double.port = int(platform.web.rpartition(":")[2])
        storm = LoadTest(platform, double, files, chance)
        storm.record_reference_run()
        return storm.run_under_load(options.seconds or SECONDS)


class LoadTest:
    """Those who talk, and what befalls the platform meanwhile."""

    def __init__(self, platform: RunningPlatform, double: FakeMeta, files: str, chance: random.Random):
        self.platform, self.meta, self.files, self.chance = platform, double, files, chance
        self.expected_messages: dict[str, list[str]] = {}
        self.conversation_by_psid: dict[str, str] = {}  # whose talk is which
        self._numbers = count(
            _FIRST_PSID + random.SystemRandom().randrange(10**9) * 1000
        )  # in a home that has seen others

    def record_reference_run(self) -> None:
        """One of each talk, step by step, nothing else going on."""
        whose = {self._add_person(name): name for name in _CONVERSATION_NAMES}
        for step in range(max(len(talk.steps) for talk in CONVERSATIONS.values())):
            for psid, name in whose.items():
                for item in self._build_step(psid, name, step):
                    self.meta.post(messenger_events.build_webhook_body(item))
            sleep(0.5)
            self._wait_until_settled(self.platform, SETTLE_SECONDS)
        self.expected_messages = {
            name: list(self.meta.messages_by_psid[psid]) for psid, name in whose.items()
        }
        self.conversation_by_psid.clear()
        self.meta.post_seconds.clear()
        self.meta.status_counts.clear()

    def run_under_load(self, seconds: int) -> dict[str, Any]:
        """So long there are new people; then those who are there end their talks."""
        before, began, at_begin = self._count_cases(), monotonic(), self.platform.read_cpu_seconds()
        over, kills = Event(), Counter[str]()
        troubles = [
            Thread(target=trouble)
            for trouble in (
                lambda: _slow_down_database(self.platform, over),
                lambda: _kill_worker(self.platform, over, self.chance, kills),
            )
        ]
        for trouble in troubles:
            trouble.start()
        try:
            said = self._send_load(seconds)
        finally:
            over.set()
            for trouble in troubles:
                trouble.join()
        spoken, most = monotonic() - began, self._count_waiting()
        spent = {part: seconds - at_begin[part] for part, seconds in self.platform.read_cpu_seconds().items()}
        took, answers = list(self.meta.post_seconds), dict(self.meta.status_counts)
        self._wait_until_settled(self.platform, SETTLE_SECONDS)
        drained = monotonic() - began
        whole = {part: seconds - at_begin[part] for part, seconds in self.platform.read_cpu_seconds().items()}
        return {
            "within_200_ms": round(sum(one <= ANSWER_LIMIT_SECONDS for one in took) / len(took), 4),
            "webhook_ms": platform_runner.compute_percentiles(took) | {"most": round(1000 * max(took), 1)},
            "per_second": round(said["events"] / spoken, 1),
            **said, "posts": len(took), "answers": answers, "kills": kills["worker"],
            "left_to_work_at_the_end": most, "all_said_after_s": round(drained, 1),
            "web_cpu_ms_a_post": round(1000 * spent["web"] / len(took), 2),
            "worker_cpu_ms_an_event": round(1000 * whole["worker"] / said["events"], 1),
            **self._compare_with_reference(before),
        }  # fmt: skip

    def _send_load(self, seconds: int) -> dict[str, int]:
        """Each fiftieth of a second the next person says what comes next; who is through makes room for another."""
        seats: list[tuple[str, str, int] | None] = [None] * (PER_SECOND * SECONDS_BETWEEN_STEPS)
        events, forged, taken, began = 0, 0, 0, monotonic()
        for turn in count():
            sleep(max(0.0, began + turn / PER_SECOND - monotonic()))
            seat = turn % len(seats)
            late = monotonic() - began > seconds
            if late and not any(seats):
                return {
                    "events": events,
                    "forged": forged,
                    "forged_taken": taken,
                    "people": len(self.conversation_by_psid),
                }
            there = seats[seat] or (
                None if late else (self._add_person(name := self.chance.choice(_CONVERSATION_NAMES)), name, 0)
            )
            if there is None:
                continue
            psid, name, step = there
            items = self._build_step(psid, name, step)
            events += len(items)
            self._post_items(items)
            seats[seat] = (psid, name, step + 1) if step + 1 < len(CONVERSATIONS[name].steps) else None
            if turn % 50 == 7:
                raw = messenger_events.build_webhook_body(*items)
                forged += 1
                taken += self.meta.post_forged(raw, messenger_events.sign_body(raw, "another secret")) == 200
        raise AssertionError

    def _post_items(self, items: list[Item]) -> None:
        """Alone or in a batch, in disorder, with what is none of ours, and sometimes again."""
        mixed = [*items, *(list_irrelevant_events(now()) if self.chance.random() < 0.1 else ())]
        self.chance.shuffle(mixed)
        together = self.chance.random() < 0.5
        raws = (
            [messenger_events.build_webhook_body(*mixed)]
            if together
            else [messenger_events.build_webhook_body(item) for item in mixed]
        )
        if self.chance.random() < 0.15:
            raws.append(self.chance.choice(raws))
        if self.chance.random() < 0.05:
            raws.append(self.chance.choice(MALFORMED_BODIES))
        for raw in raws:
            self.meta.post(raw)

    def _add_person(self, name: str) -> str:
        psid = str(next(self._numbers))
        self.conversation_by_psid[psid] = name
        return psid

    def _build_step(self, psid: str, name: str, step: int) -> list[Item]:
        steps = CONVERSATIONS[name].steps
        return steps[step](Speaker(psid, now(), step, self.files)) if step < len(steps) else []

    def _compare_with_reference(self, before: int) -> dict[str, Any]:
        """What each person read against what was read in peace."""
        read = {psid: self.meta.messages_by_psid[psid] for psid in self.conversation_by_psid}
        missing = sum(
            (Counter(self.expected_messages[name]) - Counter(read[psid])).total()
            for psid, name in self.conversation_by_psid.items()
        )
        more = sum(
            (Counter(read[psid]) - Counter(self.expected_messages[name])).total()
            for psid, name in self.conversation_by_psid.items()
        )
        wrong = [
            psid
            for psid, name in self.conversation_by_psid.items()
            if read[psid] != self.expected_messages[name]
        ]
        due = sum(CONVERSATIONS[name].cases for name in self.conversation_by_psid.values())
        return {
            "messages": sum(map(len, read.values())), "wrong": len(wrong), "not_said": missing, "said_too_much": more,
            "wrong_talks": dict(Counter(self.conversation_by_psid[psid] for psid in wrong)),
            "cases": due, "cases_wrong": self._count_cases() - before - due,
        }  # fmt: skip

    def _count_cases(self) -> int:
        with psycopg.connect(self.platform.database_url) as connection:
            return _fetch_number(connection, "SELECT count(*) FROM \"case\" WHERE channel = 'messenger'")

    def _count_waiting(self) -> int:
        with psycopg.connect(self.platform.database_url) as connection:
            waiting = _fetch_number(
                connection, "SELECT count(*) FROM messenger_event WHERE worked_at IS NULL"
            )
        return waiting + len(list((self.platform.home / "messenger").glob("*.sealed")))

    def _wait_until_settled(self, platform: RunningPlatform, patience: float) -> None:
        """Until nothing waits to be heard or said, for a second."""
        until, quiet = monotonic() + patience, 0
        with psycopg.connect(platform.database_url, autocommit=True) as connection:
            while quiet < 3:
                sayings = _fetch_number(
                    connection, "SELECT count(*) FROM messenger_saying WHERE state <> 'parked'"
                )
                quiet = quiet + 1 if not (sayings or self._count_waiting()) else 0
                if monotonic() > until:
                    raise RuntimeError(
                        f"{self._count_waiting()} to hear and {sayings} to say after {patience} seconds"
                    )
                sleep(0.3)


def _fetch_number(connection: "psycopg.Connection[Any]", asked: str) -> int:
    row = connection.execute(asked.encode()).fetchone()
    assert row
    return int(row[0])


def _slow_down_database(platform: RunningPlatform, over: Event) -> None:
    """Locked for a while, while a crowd waits at the same lock; then slow; then left alone; and again."""
    with psycopg.connect(platform.database_url, autocommit=True) as connection:
        with suppress(psycopg.errors.DuplicateTable):
            connection.execute("CREATE TABLE bench_slow (seconds float)")
            connection.execute("INSERT INTO bench_slow VALUES (0)")
            connection.execute(_CREATE_DELAY_FUNCTION)
            connection.execute(
                "CREATE TRIGGER bench_slow BEFORE INSERT ON messenger_event FOR EACH ROW EXECUTE FUNCTION bench_slow()"
            )
        while not over.wait(PHASE_SECONDS):
            with connection.transaction():
                connection.execute('LOCK TABLE messenger_event, "case" IN ACCESS EXCLUSIVE MODE')
                crowd = [Thread(target=_submit_case, args=(platform, number)) for number in range(CROWD_SIZE)]
                for one in crowd:
                    one.start()
                over.wait(PHASE_SECONDS)
            for one in crowd:
                one.join()
            with _delay_inserts(connection):
                over.wait(PHASE_SECONDS)


@contextmanager
def _delay_inserts(connection: "psycopg.Connection[Any]") -> Iterator[None]:
    connection.execute("UPDATE bench_slow SET seconds = %s", [INSERT_DELAY_SECONDS])
    try:
        yield
    finally:
        connection.execute("UPDATE bench_slow SET seconds = 0")


_CREATE_DELAY_FUNCTION = """
CREATE FUNCTION bench_slow() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS
$$ BEGIN PERFORM pg_sleep(seconds) FROM bench_slow WHERE seconds > 0; RETURN NEW; END $$"""


def _submit_case(platform: RunningPlatform, number: int) -> None:
    """Somebody sends a case through the API, and waits where everybody waits."""
    case = {"kind": "complaint", "text": f"الرصيف أمام المدرسة مكسور من شهر {number}", "entity": "GAM"}
    headers = {
        "Host": "localhost", "Content-Type": "application/json", "Idempotency-Key": f"crowd-{monotonic()}-{number:04d}",
    }  # fmt: skip
    link = HTTPConnection("127.0.0.1", int(platform.web.rpartition(":")[2]), timeout=20)
    with suppress(OSError, HTTPException):
        link.request("POST", "/api/v1/cases", json.dumps(case).encode(), headers)
        link.getresponse().read()
    link.close()


def _kill_worker(platform: RunningPlatform, over: Event, chance: random.Random, kills: Counter[str]) -> None:
    while not over.wait(chance.uniform(*KILL_INTERVAL_SECONDS)):
        for process in platform.process.children():
            with suppress(psutil.Error):
                if process.environ().get("BK_PROCESS") == "worker":
                    process.kill()
                    kills["worker"] += 1
