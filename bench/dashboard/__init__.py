"""What a decision maker's page costs at so many cases, and what keeps its figures: the follower, and a rebuild.

    bekhedmetkom bench dashboard --cases 5000000 --json

In one run at 50,000 cases and at that many: copies of real lives of the demonstration with keys, references, places,
channels and days of their own, over the same two years, written by SQL (`multiplied`), so that the two differ in
nothing but how many they are. What no figure reads is left out: texts, hashes, other tables, their indexes. `page` is
the whole board, asked as the web role for slices as people choose them; `indicators` what the public API asks. The
follower reads new events while boards are asked for beside it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import cycle
from pathlib import Path
from random import Random
from shutil import rmtree
from threading import Event
from time import monotonic, perf_counter
from typing import Any

import psycopg
from django.db import connection, connections

from bekhedmetkom.analytics.commands import rebuild_rollups
from bekhedmetkom.analytics.projection import AnalyticsProjection
from bekhedmetkom.analytics.queries.dashboard import get_dashboard
from bekhedmetkom.analytics.queries.indicators import get_indicator_values
from bekhedmetkom.analytics.rules.grains import find_grain
from bekhedmetkom.analytics.rules.slices import Slice
from bekhedmetkom.cases import feed
from bekhedmetkom.config.database.embedded_server import MAIN_DATABASE, EmbeddedServer, create_main_database
from bekhedmetkom.config.database.roles import WEB_ROLE
from bekhedmetkom.entities.queries import get_tree
from bekhedmetkom.interfaces.cli.process_pool import map_in_processes
from bekhedmetkom.kernel.clock import get_local_date, now

from .. import Options, platform_runner
from .case_copies import add_new_cases, copy_cases, save_base_cases

BASE_CASES = 50_000
COPY_DATABASE_NAME = "cases_{}"
READS_PER_TURN = 200  # slices in a turn, after all of them once for nothing
TURNS = 4
READERS: Mapping[str, Callable[[Slice], object]] = {
    "page": lambda one: get_dashboard(one, now()),
    "indicators": get_indicator_values,
}
NEW_CASES = 1000  # cases for the follower, with some six thousand events
KINDS = ("question", "complaint", "suggestion", "praise")
CHANNELS = ("portal", "callcentre", "messenger", "kiosk", "counter")


def measure(options: Options) -> dict[str, Any]:
    """The figures of `bench dashboard`: see contract.md. The databases are made once and kept."""
    cases = options.cases or BASE_CASES
    few = min(cases, BASE_CASES)
    home = options.home / str(few)
    whole = home / "whole"
    if not whole.exists():
        rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
    server = EmbeddedServer(home / "postgres")
    server.start()
    try:
        if not whole.exists():
            _create_base_database(home, server, few)
            whole.touch()
        urls = {number: _ensure_copy_database(home, server, number) for number in dict.fromkeys((few, cases))}
        found = {number: _measure_rebuild(url) for number, url in urls.items()}
        for number, read in _read_in_turns(urls).items():
            with platform_runner.use_database(urls[number]):
                found[number] |= read | {"projector_per_s": _measure_projector(urls[number])}
        if cases == few:
            return {"cases": cases, **found[few]}
        return {
            "cases": cases, **found[cases], f"at_{few}": found[few],
            **{
                f"{what}_ratio": round(found[cases][f"{what}_p95_ms"] / found[few][f"{what}_p95_ms"], 2)
                for what in READERS
            },
        }  # fmt: skip
    finally:
        connections.close_all()
        server.stop()


def _create_base_database(home: Path, server: EmbeddedServer, cases: int) -> None:
    """The demonstration, and beside it what copies are made of."""
    create_main_database(server)
    platform_runner.run_command(home, "prepare", DEMO="0")
    platform_runner.run_command(home, "demo", "--cases", str(cases))
    save_base_cases(server.build_url())


def _ensure_copy_database(home: Path, server: EmbeddedServer, cases: int) -> str:
    """The address of a database of so many, made if it is not there; it has its name when it is whole."""
    name = COPY_DATABASE_NAME.format(cases)
    url = server.build_url(name)
    with psycopg.connect(server.build_url("postgres"), autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute("DROP DATABASE IF EXISTS making")  # one that was ended halfway
            connection.execute(f"CREATE DATABASE making TEMPLATE {MAIN_DATABASE} STRATEGY file_copy".encode())
            copy_cases(server.build_url("making"), cases)
            connection.execute(f"ALTER DATABASE making RENAME TO {name}".encode())
    platform_runner.run_command(
        home, "migrate", "--verbosity", "0", DATABASE_URL=url
    )  # a kept one too, as of today
    return url


def _measure_rebuild(url: str) -> dict[str, Any]:
    with platform_runner.use_database(url):
        began = monotonic()
        events = rebuild_rollups(map_in_processes)
        took = monotonic() - began
        rate = round(events / took)
        return {"events": events, "rebuild_s": round(took, 1), "rebuild_per_s": rate, **_measure_sizes()}


def _read_in_turns(urls: Mapping[int, str]) -> dict[int, dict[str, Any]]:
    """How long each kind of reading takes as the web role; how many statements a board has at most.

    In turns, for a machine is not equally fast all the time: what differs is the databases, not the hour.
    """
    times = {number: {what: list[float]() for what in READERS} for number in urls}
    queries = dict.fromkeys(urls, 0)
    for _ in range(TURNS):
        for number, url in urls.items():
            with platform_runner.use_database(url), _use_web_role():
                wanted, counter = _list_slices(), _StatementCounter()
                for what, ask in READERS.items():
                    for one in wanted:
                        ask(one)
                    times[number][what] += [_measure_time(partial(ask, one)) for one in wanted]
                with connection.execute_wrapper(counter):
                    for one in wanted:
                        counter.count = 0
                        READERS["page"](one)
                        queries[number] = max(queries[number], counter.count)
    return {
        number: {"queries": queries[number]}
        | {
            f"{what}_{share}_ms": ms
            for what in READERS
            for share, ms in platform_runner.compute_percentiles(times[number][what]).items()
        }
        for number in urls
    }


class _StatementCounter:
    """Counts statements."""

    count = 0

    def __call__(self, execute: Callable[..., Any], *given: Any) -> Any:
        self.count += 1
        return execute(*given)


def _measure_time(ask: Callable[[], object]) -> float:
    began = perf_counter()
    ask()
    return perf_counter() - began


def _list_slices() -> list[Slice]:
    """As people choose them: the country, a sector, a body; thirty days, this month or a year; often one thing more."""
    chance, today = Random(7), get_local_date(now())
    months = "SELECT {0} FROM analytics_rollup WHERE grain = {1} AND span = 'month' AND {2} > 0 GROUP BY {0}"
    most = " ORDER BY sum(received) DESC NULLS LAST LIMIT "
    bodies = [
        row[0] for row in _fetch_rows(months.format("entity", find_grain({"entity"}), "entity") + most + "80")
    ]
    topics = _fetch_rows(
        months.format("entity, service", find_grain({"entity", "service"}), "service") + most + "200"
    )
    by_sector = defaultdict(set)
    for body in get_tree().bodies.values():
        by_sector[body.sector].add(body.id)
    sectors = [frozenset(of) for of in by_sector.values() if of.intersection(bodies)]
    wanted = []
    for _ in range(READS_PER_TURN):
        start = chance.choice((today - timedelta(days=29), today.replace(day=1), today - timedelta(days=364)))
        entities = chance.choice((None, chance.choice(sectors), frozenset({chance.choice(bodies)})))
        one = Slice(start, today, entities=entities)
        match chance.choice(("", "", "kind", "place", "channel", "topic", "kind and place")):
            case "kind":
                one = replace(one, kind=chance.choice(KINDS))
            case "place":
                one = replace(one, governorate=chance.randint(1, 12))
            case "channel":
                one = replace(one, channel=chance.choice(CHANNELS))
            case "topic":
                entity, service = chance.choice(topics)
                one = replace(one, entities=frozenset({entity}), service=service)
            case "kind and place":
                one = replace(one, kind=chance.choice(KINDS), governorate=chance.randint(1, 12))
        wanted.append(one)
    return wanted


def _measure_projector(url: str) -> int:
    """Events a second that the follower folds while boards are asked for all the time."""
    add_new_cases(url, NEW_CASES)
    follower, over = AnalyticsProjection(), Event()
    with ThreadPoolExecutor(1) as readers:
        reading = readers.submit(_read_until, over)
        began, read = monotonic(), 0
        try:
            while batch := feed.advance_consumer(follower):
                read += batch
        finally:
            over.set()
        took = monotonic() - began
        assert reading.result(), "nobody has read meanwhile"
    return round(read / took)


def _read_until(over: Event) -> int:
    """Asks for one board after the other until it is over; how many."""
    with _use_web_role():
        slices = cycle(_list_slices())
        asked = 0
        while not over.is_set():
            get_dashboard(next(slices), now())
            asked += 1
    return asked


@contextmanager
def _use_web_role() -> Iterator[None]:
    """This thread's connection belongs to the role of the web process."""
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute(f"SET SESSION AUTHORIZATION {WEB_ROLE}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET SESSION AUTHORIZATION")


def _fetch_rows(statement: str) -> list[tuple[int, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def _measure_sizes() -> dict[str, Any]:
    ((rows, table, indexes),) = _fetch_rows(
        "SELECT (SELECT count(*) FROM analytics_rollup), pg_table_size('analytics_rollup') / 1000000,"
        " pg_indexes_size('analytics_rollup') / 1000000"
    )
    return {"rollup_rows": rows, "rollup_mb": table + indexes}
