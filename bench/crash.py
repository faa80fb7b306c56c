"""kill -9 at random moments while people submit: nothing acknowledged is lost or doubled, nobody is told twice.

    bekhedmetkom bench crash --json [--cases 2000]

Three rounds in one installation, as `make run` starts it. In each, many people submit at once, each with a key and
an address of their own; whoever gets no answer asks again with the same key. Meanwhile the web server, one of its
processes, the worker, PostgreSQL or one of its processes is killed, again and again. A local mail server counts what
people are told. In the end the journal holds together, and the figures are what it says.
"""

import json
import random
import socket
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from subprocess import CalledProcessError
from threading import Event, Lock, Thread
from time import monotonic, sleep
from typing import Any

import psutil
import psycopg

from . import Options, platform_runner
from .platform_runner import RunningPlatform

ROUNDS = 3
SUBMISSIONS_PER_ROUND = 2_000
CONCURRENT_SUBMITTERS = 16
VICTIMS = ("web", "worker", "database", "web's process", "database's process")
TIMEOUT_SECONDS = 180  # seconds, for one submission and for coming back after a kill
SETTLE_SECONDS = 180  # seconds, until the followers and the sender have done their part
TEXT = "الرصيف أمام المدرسة مكسور، والطالبات يمشين في الشارع. هذا طلب من تجربة انقطاع، ورقمه"


def measure(options: Options) -> dict[str, Any]:
    """What was submitted, killed, and what came of it; `lost`, `doubled`, `changed` and `told_twice` are to be 0."""
    return run_crash_test(
        options, submissions=options.cases or SUBMISSIONS_PER_ROUND, rounds=ROUNDS, kills=2 * len(VICTIMS)
    )


def run_crash_test(
    options: Options,
    *,
    submissions: int,
    rounds: int,
    kills: int,
    victims: Sequence[str] = VICTIMS,
    seed: int = 3,
) -> dict[str, Any]:
    """The same, of any size: so many kills in each round, each of the victims in its turn."""
    with (
        _run_mail_server() as letters,
        platform_runner.run_platform(
            options.home, DEMO="0", ADDRESS_BURST="100000000",
            SMTP_URL=f"smtp://127.0.0.1:{letters.port}?starttls=0&from=bench@example.jo",
        ) as platform,
    ):  # fmt: skip
        people = Submitters(platform, f"{random.SystemRandom().getrandbits(40):x}")
        killer = ProcessKiller(platform, random.Random(seed), victims)
        for round_ in range(rounds):
            numbers = range(round_ * submissions, (round_ + 1) * submissions)
            killer.kill_during(people, numbers, kills)
        killer.wait_until_ready()
        people.repeat_all(range(rounds * submissions))
        return people.figures(letters.received) | {
            "kills": dict(killer.killed),
            "slowest_return_s": round(max(killer.recovery_seconds, default=0), 1),
            "journal_verified": _run_check(options, "journal", "verify"),
            "figures_verified": _run_check(options, "projections", "rebuild", "--check"),
        }


class Submitters:
    """Those who submit, each under a number of their own; what they were told stays with them."""

    def __init__(self, platform: RunningPlatform, run: str):
        self.platform, self.run = platform, run
        self.port = int(platform.web.rpartition(":")[2])
        self.acknowledgements: dict[int, dict[str, Any]] = {}
        self.counts: Counter[str] = Counter()
        self.lock = Lock()

    def submit(self, number: int) -> None:
        """Until it is acknowledged; every tenth hangs up once without waiting for the answer."""
        if number % 10 == 0:
            self._send(number, hang_up=True)
        deadline = monotonic() + TIMEOUT_SECONDS
        while (said := self._send(number)) is None:
            if monotonic() > deadline:
                raise RuntimeError(f"submission {number} was not taken within {TIMEOUT_SECONDS} seconds")
            sleep(random.uniform(0.05, 0.3))
        self._record_acknowledgement(number, said)

    def repeat_all(self, numbers: range) -> None:
        """Everybody once more with the same key: the answer is to be the same."""
        with ThreadPoolExecutor(CONCURRENT_SUBMITTERS) as threads:
            list(threads.map(self.submit, numbers))

    def _send(self, number: int, *, hang_up: bool = False) -> dict[str, Any] | None:
        case = {
            "kind": "complaint", "text": f"{TEXT} {self.run}-{number}", "entity": "GAM",
            "applicant": {"name": "سناء محمد العلي", "email": self._build_email(number)},
        }  # fmt: skip
        headers = {
            "Host": "localhost", "Content-Type": "application/json",
            "Idempotency-Key": f"crash-{self.run}-{number:06d}",
        }  # fmt: skip
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("POST", "/api/v1/cases", json.dumps(case).encode(), headers)
            if hang_up:
                return None
            answer = connection.getresponse()
            body = answer.read()
        except (OSError, HTTPException):
            with self.lock:
                self.counts["no answer"] += 1
            return None
        finally:
            connection.close()
        with self.lock:
            self.counts[str(answer.status)] += 1
        if answer.status in (409, 429, 500, 502, 503):
            return None
        if answer.status != 201:
            raise RuntimeError(f"submission {number} got {answer.status}: {body.decode()}")
        said: dict[str, Any] = json.loads(body)
        return said

    def _record_acknowledgement(self, number: int, said: dict[str, Any]) -> None:
        with self.lock:
            if self.acknowledgements.setdefault(number, said) != said:
                self.counts["changed"] += 1

    def _build_email(self, number: int) -> str:
        return f"p{number}.{self.run}@example.jo"

    def figures(self, letters: Counter[str]) -> dict[str, Any]:
        """What is in the database and in people's boxes, against what was acknowledged."""
        with psycopg.connect(self.platform.database_url, autocommit=True) as connection:
            _wait_until_settled(connection)
            rows = connection.execute(
                """SELECT regexp_replace(t.body, '.*-', '')::int, c.reference FROM case_text t
                   JOIN "case" c ON c.id = t.case_id WHERE t.field = 'text' AND t.body LIKE %s""",
                [f"%{self.run}-%"],
            ).fetchall()
            doubt = connection.execute(
                "SELECT count(*) FROM notifications_message WHERE state IN ('sending', 'parked')"
            ).fetchone()
            doubled = connection.execute(
                """SELECT count(*) FROM (SELECT FROM notifications_message WHERE event_id IS NOT NULL
                   GROUP BY event_id, coalesce(address, ''), officer_id, channel HAVING count(*) > 1) twice"""
            ).fetchone()
        assert doubt and doubled
        found = {(number, reference) for number, reference in rows}
        ours = {address: n for address, n in letters.items() if self.run in address}
        return {
            "acknowledged": len(self.acknowledgements),
            "lost": sum(
                (number, said["reference"]) not in found for number, said in self.acknowledgements.items()
            ),
            "doubled": len(rows) - len({number for number, _ in rows}),
            "changed": self.counts["changed"],
            "told": len(ours),
            "told_twice": sum(n > 1 for n in ours.values()) + doubled[0],
            "not_told": len(self.acknowledgements) - len(ours),
            "in_doubt": doubt[0],
            "faults": self.counts["500"],
            "answers": {name: n for name, n in sorted(self.counts.items()) if name != "changed"},
        }


class ProcessKiller:
    """Kills at random moments: after so many acknowledgements, never twice before all is ready again."""

    def __init__(self, platform: RunningPlatform, chance: random.Random, victims: Sequence[str]):
        self.platform, self.chance, self.victims = platform, chance, victims
        self.killed: Counter[str] = Counter()
        self.recovery_seconds: list[float] = []
        self.failed: Exception | None = None

    def kill_during(self, people: Submitters, numbers: range, kills: int) -> None:
        """Let them submit, and strike in between; nobody goes far ahead of a strike that is still to come."""
        moments = sorted(self.chance.sample(range(len(numbers) - CONCURRENT_SUBMITTERS), kills))
        victims = [self.victims[number % len(self.victims)] for number in range(kills)]
        self.chance.shuffle(victims)
        struck = [Event() for _ in moments]

        def submit(number: int) -> None:
            for moment, done in zip(moments, struck, strict=True):
                if number - numbers.start > moment + CONCURRENT_SUBMITTERS:
                    done.wait()
            people.submit(number)

        def strike() -> None:
            before = len(people.acknowledgements)
            try:
                for moment, victim, done in zip(moments, victims, struck, strict=True):
                    while len(people.acknowledgements) - before < moment:
                        sleep(0.002)
                    sleep(self.chance.uniform(0, 0.05))
                    self._kill(victim)
                    done.set()
                    self.wait_until_ready()
            except Exception as problem:
                self.failed = problem
            finally:
                for done in struck:
                    done.set()

        striking = Thread(target=strike)
        striking.start()
        with ThreadPoolExecutor(CONCURRENT_SUBMITTERS) as threads:
            list(threads.map(submit, numbers))
        striking.join()
        if self.failed:
            raise self.failed

    def _kill(self, victim: str) -> None:
        """Kill one of its kind, as soon as there is one."""
        part, _, child = victim.partition("'")
        deadline = monotonic() + TIMEOUT_SECONDS
        while monotonic() < deadline:
            with suppress(psutil.Error):
                for process in self.platform.list_processes(part):
                    target = self.chance.choice(process.children() or [process]) if child else process
                    target.kill()
                    self.killed[victim] += 1
                    return
            sleep(0.05)
        raise RuntimeError(f"no {victim} to kill for {TIMEOUT_SECONDS} seconds")

    def wait_until_ready(self) -> None:
        began = monotonic()
        port = int(self.platform.web.rpartition(":")[2])
        sleep(0.3)  # what was killed may answer for a moment still
        while not _is_ready(port):
            if monotonic() > began + TIMEOUT_SECONDS:
                raise RuntimeError(f"not ready {TIMEOUT_SECONDS} seconds after a kill")
            sleep(0.05)
        self.recovery_seconds.append(monotonic() - began)


def _is_ready(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz", headers={"Host": "localhost"})
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _wait_until_settled(connection: "psycopg.Connection[Any]") -> None:
    """Until every event is followed and nothing waits to be sent now."""
    deadline = monotonic() + SETTLE_SECONDS
    while monotonic() < deadline:
        behind = platform_runner.count_lagging_followers(connection)
        waiting = connection.execute(
            "SELECT count(*) FROM notifications_message WHERE state = 'queued' AND not_before <= now()"
        ).fetchone()
        if (behind, waiting) == (0, (0,)):
            return
        sleep(0.5)
    raise RuntimeError(
        f"followers behind {behind}, messages waiting {waiting} after {SETTLE_SECONDS} seconds"
    )


def _run_check(options: Options, *command: str) -> bool:
    try:
        platform_runner.run_command(options.home, *command)
    except CalledProcessError:
        return False
    return True


class MailCounter:
    """A mail server that takes everything and counts the letters of each address."""

    def __init__(self) -> None:
        self.received: Counter[str] = Counter()
        self.port = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.received.update(envelope.rcpt_tos)
        return "250 taken"


@contextmanager
def _run_mail_server() -> Iterator[MailCounter]:
    try:
        from aiosmtpd.controller import Controller
    except ImportError:
        raise SystemExit("bench crash needs aiosmtpd, which `make test` installs.") from None
    letters = MailCounter()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        letters.port = int(probe.getsockname()[1])
    controller = Controller(letters, hostname="127.0.0.1", port=letters.port)
    controller.start()
    try:
        yield letters
    finally:
        controller.stop()
