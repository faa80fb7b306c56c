"""Taking cases in through the real HTTP server, beside the same rows written directly: the floor of the machine.

    bekhedmetkom bench intake --json

Floor, API, API without a body named, and the portal's last page take turns in small rounds on eight connections each,
so that whatever else the machine does falls on all of them alike. CPU is what the processes themselves have counted:
`web`, and PostgreSQL without the benchmark's own looking and without the connections of the worker, whose followers
write what comes after a submission (`followers_cpu_ms`). Address limits count as ever; only their number is raised,
for all load comes from one address.
"""

import json
import re
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_urlsafe
from threading import Event, Thread
from time import perf_counter, sleep
from typing import Any, Self
from urllib.parse import urlencode
from uuid import uuid4

import psutil
import psycopg
from psycopg.sql import SQL, Composed, Identifier, Placeholder
from psycopg.types.json import Jsonb

from . import Options, platform_runner
from .fixtures import ENTITY_CODE, GOVERNORATE_CODE, SAMPLE_TEXT, SERVICE_CODE
from .platform_runner import RunningPlatform

CONNECTIONS = 8
ROUNDS = 4
SUBMISSIONS = 2_000  # of each way, in all
WARM_UP = 160
COUNTED_SUBMISSIONS = 24  # submissions whose statements the server's log is asked for
APPLICANT = {"name": "سناء محمد العلي", "phone": "0791234567", "email": "sanaa@example.jo"}


def measure(options: Options) -> dict[str, Any]:
    """The figures of `bench intake`: see contract.md."""
    each = max((options.cases or SUBMISSIONS) // ROUNDS // CONNECTIONS, 1)
    with platform_runner.run_platform(options.home, DEMO="0", ADDRESS_BURST="100000000") as platform:
        platform_runner.wait_for_embeddings(platform)
        ways = _build_paths(platform)
        for way in ways:
            way.submit_many(WARM_UP // CONNECTIONS)
        ways.append(DirectInsert(platform))
        ways[-1].submit_many(WARM_UP // CONNECTIONS)
        _wait_until_idle(platform)
        spent = {way.name: Cost() for way in ways}
        with CpuMeter(platform) as meter:
            meter.wait_for_followers()
            for _round in range(ROUNDS):
                for way in ways:
                    spent[way.name] += meter.measure_round(way, each)
        statements = {way.name: _count_statements(platform, way) for way in ways[:-1]}
        return _build_figures(spent, statements) | {"web_peak_mb": round(platform.read_memory_mb("web"))}


def _build_figures(spent: "dict[str, Cost]", statements: dict[str, float]) -> dict[str, Any]:
    floor, api, unnamed, portal = (spent[name] for name in ("floor", "api", "unnamed", "portal"))
    return {
        "floor_per_s": round(floor.submissions_per_second),
        "api_per_s": round(api.submissions_per_second),
        "portal_per_s": round(portal.submissions_per_second),
        "ratio_to_floor": round(api.submissions_per_second / floor.submissions_per_second, 3),
        "statements": statements["api"],
        "web_cpu_ms": round(api.get_cpu_ms("web"), 2),
        "database_cpu_ms": round(api.get_cpu_ms("database"), 2),
        "cpu_ms": round(api.get_cpu_ms("web") + api.get_cpu_ms("database"), 2),
        "floor_database_cpu_ms": round(floor.get_cpu_ms("database"), 2),
        "followers_cpu_ms": round(api.get_cpu_ms("followers"), 2),
        "api_without_entity_cpu_ms": round(unnamed.get_cpu_ms("web") + unnamed.get_cpu_ms("database"), 2),
        "api_without_entity_per_s": round(unnamed.submissions_per_second),
        "api_without_entity_statements": statements["unnamed"],
        "portal_cpu_ms": round(portal.get_cpu_ms("web") + portal.get_cpu_ms("database"), 2),
        "portal_statements": statements["portal"],
        "python_ms": platform_runner.measure_python_ms(),
        "api_p50_ms": api.get_percentile(50),
        "api_p99_ms": api.get_percentile(99),
    }


@dataclass
class Cost:
    """What a number of submissions took: wall seconds, CPU seconds by part, and each one's time."""

    submissions: int = 0
    seconds: float = 0
    cpu: Mapping[str, float] = field(default_factory=dict)
    times: list[float] = field(default_factory=list)

    def __add__(self, other: "Cost") -> "Cost":
        cpu = {part: self.cpu.get(part, 0) + seconds for part, seconds in other.cpu.items()}
        return Cost(
            self.submissions + other.submissions, self.seconds + other.seconds, cpu, self.times + other.times
        )

    @property
    def submissions_per_second(self) -> float:
        return self.submissions / self.seconds

    def get_cpu_ms(self, part: str) -> float:
        return 1000 * self.cpu[part] / self.submissions

    def get_percentile(self, share: int) -> float:
        return platform_runner.compute_percentiles(self.times)[f"p{share}"]


class SubmissionPath:
    """One way in: `send(connection, number)` brings one case, over one of eight connections."""

    def __init__(self, name: str, connect: Callable[[], Any], send: Callable[[Any, int], None]):
        self.name, self.send = name, send
        self.connections = [connect() for _ in range(CONNECTIONS)]
        self.sent = 0

    def submit_many(self, each: int) -> list[float]:
        """Send so many over each connection at once; how long each took."""
        for connection in self.connections:
            if isinstance(connection, HttpConnection):
                connection.connect()
        first, self.sent = self.sent, self.sent + each * CONNECTIONS
        with ThreadPoolExecutor(CONNECTIONS) as threads:
            jobs = [
                threads.submit(self._submit_numbers, connection, range(first + place, self.sent, CONNECTIONS))
                for place, connection in enumerate(self.connections)
            ]
            return [took for job in jobs for took in job.result()]

    def _submit_numbers(self, connection: Any, numbers: Sequence[int]) -> list[float]:
        times = []
        for number in numbers:
            began = perf_counter()
            self.send(connection, number)
            times.append(perf_counter() - began)
        return times


def _build_paths(platform: RunningPlatform) -> list[SubmissionPath]:
    port = int(platform.web.rpartition(":")[2])

    def connect() -> "HttpConnection":
        return HttpConnection(port)

    portal = PortalForm(HttpConnection(port))
    return [
        SubmissionPath(
            "api",
            connect,
            lambda http, number: _submit_by_api(http, number, entity=ENTITY_CODE, service=SERVICE_CODE),
        ),
        SubmissionPath("unnamed", connect, _submit_by_api),
        SubmissionPath("portal", connect, portal.send),
    ]


class HttpConnection:
    """A connection that stays open. It costs so little itself that it hardly weighs on the same two cores."""

    def __init__(self, port: int):
        self.port = port
        self.connect()

    def connect(self) -> None:
        """Anew before each round: the server closes what has been idle for half a minute."""
        self.socket = socket.create_connection(("127.0.0.1", self.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def request(
        self, method: str, path: str, headers: dict[str, str], body: bytes = b""
    ) -> tuple[int, str, bytes]:
        """Status, headers, body."""
        lines = [f"{method} {path} HTTP/1.1", "Host: localhost", *(f"{k}: {v}" for k, v in headers.items())]
        self.socket.sendall("\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body)
        head, rest = self._receive_head()
        length = re.search(r"(?i)\r\ncontent-length: (\d+)", head)
        while len(rest) < int(length[1] if length else 0):
            rest += self._receive()
        return int(head[9:12]), head, rest

    def _receive_head(self) -> tuple[str, bytes]:
        got = b""
        while b"\r\n\r\n" not in got:
            got += self._receive()
        head, _, rest = got.partition(b"\r\n\r\n")
        return head.decode(), rest

    def _receive(self) -> bytes:
        if not (got := self.socket.recv(65536)):
            raise ConnectionError("The server has closed the connection.")
        return got


def _submit_by_api(http: HttpConnection, number: int, **destination: str) -> None:
    case = {
        "kind": "complaint",
        "text": f"{SAMPLE_TEXT}{number}",
        "governorate": GOVERNORATE_CODE,
        "applicant": APPLICANT,
    }
    headers = {"Content-Type": "application/json", "Idempotency-Key": token_urlsafe(24)}
    status, _, said = http.request("POST", "/api/v1/cases", headers, json.dumps(case | destination).encode())
    if status != 201:
        raise RuntimeError(f"{status}: {said.decode()}")


class PortalForm:
    """The last page of the portal's form, as a browser sends it."""

    def __init__(self, http: HttpConnection):
        _, head, page = http.request("GET", "/new", {})
        cookie, token = re.search(r"csrf=(\w+)", head), re.search(rb'csrfmiddlewaretoken" value="(\w+)', page)
        assert cookie and token
        self.headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"csrf={cookie[1]}"}
        self.answers = {
            "csrfmiddlewaretoken": token[1].decode(),
            "step": "check",
            "go": "send",
            "kind": "complaint",
            "to": f"{ENTITY_CODE}/{SERVICE_CODE}",
            "placed": "1",
            "governorate": GOVERNORATE_CODE,
            "contact": "given",
            **APPLICANT,
        }

    def send(self, http: HttpConnection, number: int) -> None:
        form = self.answers | {"text": f"{SAMPLE_TEXT}{number}", "key": token_urlsafe(24)}
        status, head, _ = http.request("POST", "/new", self.headers, urlencode(form).encode())
        if status != 302 or "/new/received" not in head:
            raise RuntimeError(f"{status}: {head}")


class DirectInsert(SubmissionPath):
    """The rows of a case that came through the API, written again with another id: one statement, one commit."""

    # What each table's rows are found by, and the columns that PostgreSQL fills itself.
    TABLES = {
        "case": ("id", ()), "case_particulars": ("case_id", ()), "case_text": ("case_id", ("id",)),
        "event": ("case_id", ("id", "epoch", "xid")), "idempotency": ("case", ()),
    }  # fmt: skip

    def __init__(self, platform: RunningPlatform):
        with psycopg.connect(platform.database_url) as connection:
            self.statement, self.values = self._build_insert(connection)
        super().__init__(
            "floor", lambda: psycopg.connect(platform.database_url, autocommit=True), self._insert
        )

    def _build_insert(self, connection: psycopg.Connection[Any]) -> tuple[bytes, dict[str, Any]]:
        """One statement with every row of the newest case, and its values."""
        case = self._fetch_row(connection, SQL('SELECT id FROM "case" ORDER BY id DESC LIMIT 1'), [])["id"]
        inserts: list[Composed] = []
        values: dict[str, Any] = {}
        for table, (key, filled) in self.TABLES.items():
            rows = SQL("SELECT * FROM {} WHERE {} = %s").format(Identifier(table), Identifier(key))
            row = self._fetch_row(connection, rows, [case])
            given = {name: value for name, value in row.items() if name not in filled}
            values |= {f"{table}.{name}": value for name, value in given.items()}
            names, places = map(Identifier, given), (Placeholder(f"{table}.{name}") for name in given)
            inserts.append(
                SQL("INSERT INTO {} ({}) VALUES ({})").format(
                    Identifier(table), SQL(", ").join(names), SQL(", ").join(places)
                )
            )
        *first, last = inserts
        written = SQL(", ").join(
            SQL("{} AS ({})").format(Identifier(f"w{place}"), insert) for place, insert in enumerate(first)
        )
        return SQL("WITH {} {}").format(written, last).as_bytes(connection), values

    def _fetch_row(
        self, connection: psycopg.Connection[Any], query: SQL | Composed, values: list[Any]
    ) -> dict[str, Any]:
        found = connection.execute(query, values)
        (row,) = found.fetchall()
        assert found.description
        return {
            column.name: Jsonb(value) if isinstance(value, dict) else value
            for column, value in zip(found.description, row, strict=True)
        }

    def _insert(self, connection: psycopg.Connection[Any], _number: int) -> None:
        case = uuid4()
        ours = {
            "case.id": case, "case_particulars.case_id": case, "case_text.case_id": case, "event.case_id": case,
            "idempotency.case": case, "case.reference": f"F{case.hex[:11]}", "idempotency.key": case.bytes,
        }  # fmt: skip
        connection.execute(self.statement, self.values | ours, prepare=True)


class CpuMeter:
    """CPU seconds so far: of `web`, of PostgreSQL for submissions (`database`), and of the `followers` with theirs.

    A connection of the worker ends now and then, and from then on PostgreSQL counts what it took as its own. So they
    are looked at all the time, and what each had taken when last seen stays the followers'. What the looking takes, and
    the asking whether followers have caught up, is on one connection of its own, and nobody's.
    """

    EVERY = 0.05  # seconds

    def __init__(self, platform: RunningPlatform):
        self.platform = platform
        self.connection = psycopg.connect(platform.database_url, autocommit=True)
        self._own = psutil.Process(self.connection.info.backend_pid)
        self._workers: dict[int, float] = {}
        self._ended = Event()
        self._looking = Thread(target=self._poll)

    def __enter__(self) -> Self:
        self._looking.start()
        return self

    def __exit__(self, *_raised: object) -> None:
        self._ended.set()
        self._looking.join()
        self.connection.close()

    def cpu(self) -> Mapping[str, float]:
        """By part, of everything until now."""
        self._read_worker_cpu()
        spent, workers = self.platform.read_cpu_seconds(), sum(self._workers.values())
        database = spent["database"] - workers - _sum_cpu_seconds(self._own)
        return {"web": spent["web"], "database": database, "followers": spent["worker"] + workers}

    def measure_round(self, way: SubmissionPath, each: int) -> Cost:
        """What a round of it takes, until the followers have caught up: their work is not of the round that comes."""
        before, began = self.cpu(), perf_counter()
        times = way.submit_many(each)
        seconds = perf_counter() - began
        self.wait_for_followers()
        spent = {part: now - before[part] for part, now in self.cpu().items()}
        return Cost(len(times), seconds, spent, times)

    def wait_for_followers(self) -> None:
        """Wait until the followers have caught up."""
        for _try in range(600):
            if not platform_runner.count_lagging_followers(self.connection):
                return
            sleep(0.1)
        raise RuntimeError("The followers do not catch up.")

    def _poll(self) -> None:
        while not self._ended.wait(self.EVERY):
            self._read_worker_cpu()

    def _read_worker_cpu(self) -> None:
        workers = self.connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE application_name = 'bekhedmetkom-worker'"
        ).fetchall()
        for (pid,) in workers:
            with suppress(psutil.NoSuchProcess):
                self._workers[pid] = _sum_cpu_seconds(psutil.Process(pid))


def _sum_cpu_seconds(process: psutil.Process) -> float:
    spent = process.cpu_times()
    return float(spent.user + spent.system)


def _wait_until_idle(platform: RunningPlatform) -> None:
    """Wait until the web process does nothing of its own."""
    for _try in range(240):
        before = platform.read_cpu_seconds()["web"]
        sleep(0.5)
        if platform.read_cpu_seconds()["web"] - before < 0.025:
            return
    raise RuntimeError("The web process is never at rest.")


def _count_statements(platform: RunningPlatform, way: SubmissionPath) -> float:
    """Statements of one submission, transactions' own included, by the server's log."""
    with _log_statements(platform) as log:
        before = log.stat().st_size
        way.submit_many(COUNTED_SUBMISSIONS // CONNECTIONS)
        sleep(1)
        lines = log.read_bytes()[before:].decode(errors="replace").splitlines()
    said = re.compile(r"\[bekhedmetkom-web\] LOG:  (statement|execute .*?):")
    return round(sum(bool(said.search(line)) for line in lines) / COUNTED_SUBMISSIONS, 2)


@contextmanager
def _log_statements(platform: RunningPlatform) -> Iterator[Path]:
    settings = {"log_statement": "all", "log_line_prefix": "[%a] "}
    with psycopg.connect(platform.database_url, autocommit=True) as connection:
        for name, value in settings.items():
            connection.execute(f"ALTER SYSTEM SET {name} = '{value}'".encode())
        connection.execute("SELECT pg_reload_conf()")
        sleep(0.5)
        yield platform.home / "postgres" / "server.log"
        connection.execute("ALTER SYSTEM RESET ALL")
        connection.execute("SELECT pg_reload_conf()")
