"""The desk at so many cases, through the real HTTP server: as the web role, with row-level security on.

    bekhedmetkom bench desk --cases 1000000 --json

Officers of very different reach take turns: a unit's, the largest body's, another body's, a minister's, the Prime
Ministry unit's, which sees the whole country. Each asks for a queue and its second page, searches, and opens cases, one
request at a time: what is measured is what one officer waits for. The database of so many cases is made once, by
`demo`, and kept.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from pathlib import Path
from random import Random
from time import monotonic, perf_counter, sleep
from typing import Any

import httpx
import psycopg

from . import Options, stage
from .stage import Platform

CASES = 20_000
OFFICERS = ("sub_officer", "main_officer", "rival_officer", "minister", "pm_unit")
ROUNDS = 20
EDITORS = 4  # who change one case at the same moment …
CONTESTED = 25  # … and how many cases
QUIET_SECONDS = 600  # that the sweep may take to catch up with the time since the cases were made
# From what half of all cases say to what none does; with endings, two words, Latin letters.
SEARCHED = ("شارع", "الماء", "المدرسة", "حفرة", "فاتورة الكهرباء", "رصيف مكسور", "موعد", "الدوام", "رخصة", "bus",
            "water", "انقطاع المياه", "شكرا", "تمساح")  # fmt: skip
REFERENCE = re.compile(r"/desk/cases/(BK-\w{4}-\w{4})")
NEXT = re.compile(r'href="\?([^"]+)" rel="next"')


def measure(options: Options) -> dict[str, Any]:
    """The figures of `bench desk`: see contract.md."""
    cases = options.cases or CASES
    home = options.home / str(cases)
    made = _made(home, cases)
    with stage.platform(home, ADDRESS_BURST="100000000") as platform:
        _caught_up(platform)
        visitors = {role: Visitor(platform, role) for role in OFFICERS}
        for visitor in visitors.values():
            visitor.round(Random(0), kept=False)
        chance = Random(1)
        for _round in range(ROUNDS):
            for visitor in visitors.values():
                visitor.round(chance)
        return made | _figures(visitors) | {
            "list_queries": stage.statements(platform, visitors["main_officer"].queue),
            "search_queries": stage.statements(platform, visitors["main_officer"].search),
            "case_queries": stage.statements(platform, visitors["main_officer"].case),
            "conflicts_lost": _lost(platform, visitors["main_officer"].seen),
            "web_mb": round(platform.peak_mb("web")),
        }  # fmt: skip


class Visitor:
    """An officer at the desk: what each kind of page took, in seconds of waiting and of CPU."""

    def __init__(self, platform: Platform, role: str):
        self.platform = platform
        self.http = httpx.Client(base_url=platform.web, follow_redirects=True, timeout=60)
        self.http.get("/sign-in").raise_for_status()
        account = platform.accounts[role]
        form = {
            "login": account["email"],
            "password": account["password"],
            "csrfmiddlewaretoken": self.http.cookies["csrf"],
        }
        came_in = self.http.post("/sign-in", data=form, headers={"Referer": platform.web})
        assert "sessionid" in self.http.cookies or "session" in self.http.cookies, came_in.status_code
        queue = self.get("/desk")
        self.name = "entity" if "queue=entity" in queue else "mine"
        self.words = cycle(SEARCHED)
        self.seen: list[str] = []
        self.times: defaultdict[str, list[float]] = defaultdict(list)
        self.cpu: Counter[str] = Counter()

    def get(self, path: str) -> str:
        answer = self.http.get(path)
        answer.raise_for_status()
        return answer.text

    def queue(self) -> str:
        return self.get(f"/desk?queue={self.name}")

    def search(self) -> str:
        return self.get(f"/desk?q={next(self.words)}")

    def case(self) -> str:
        return self.get(f"/desk/cases/{self.seen[0]}")

    def round(self, chance: Random, *, kept: bool = True) -> None:
        """A queue, its next page, two searches, three cases."""
        pages = self._timed("list", self.queue)
        if following := NEXT.search(pages):
            pages += self._timed("list", lambda: self.get(f"/desk?{following[1].replace('&amp;', '&')}"))
        for _ in range(2):
            pages += self._timed("search", self.search)
        self.seen = sorted(set(REFERENCE.findall(pages)))
        for reference in chance.sample(self.seen, min(3, len(self.seen))):
            self._timed("case", lambda reference=reference: self.get(f"/desk/cases/{reference}"))
        if not kept:
            self.times.clear()
            self.cpu.clear()

    def _timed(self, what: str, ask: Callable[[], str]) -> str:
        before, began = self.platform.cpu(), perf_counter()
        page = ask()
        self.times[what].append(perf_counter() - began)
        after = self.platform.cpu()
        self.cpu[what] += after["web"] + after["database"] - before["web"] - before["database"]  # type: ignore[assignment]
        return page


def _made(home: Path, cases: int) -> dict[str, Any]:
    """The database of so many cases; when it had to be made, how long that and verifying it took."""
    stamp = home / "made"
    if stamp.exists():
        return {"cases": cases}
    stage.command(home, "prepare", DEMO="0")
    began = monotonic()
    stage.command(home, "demo", "--cases", str(cases))
    made = monotonic()
    stage.command(home, "journal", "verify")
    verified = monotonic()
    stamp.touch()
    return {
        "cases": cases, "demo_s": round(made - began), "demo_per_s": round(cases / (made - began)),
        "verify_s": round(verified - made), "verify_per_s": round(cases / (verified - made)),
    }  # fmt: skip


def _caught_up(platform: Platform) -> None:
    """Wait until nothing that time has caused since is left to record, and no follower is behind."""
    deadline = monotonic() + QUIET_SECONDS
    with psycopg.connect(platform.database_url, autocommit=True) as connection:
        while monotonic() < deadline:
            late = connection.execute('SELECT count(*) FROM "case" WHERE look_at < now()').fetchone()
            if late and late[0] < 100 and httpx.get(f"{platform.web}/readyz").is_success:
                return
            sleep(1)
    raise SystemExit("The platform does not come to rest: is something else running?")


def _figures(visitors: Mapping[str, Visitor]) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    for what in ("list", "search", "case"):
        times = [took for visitor in visitors.values() for took in visitor.times[what]]
        cpu = sum(visitor.cpu[what] for visitor in visitors.values())
        figures |= {f"{what}_{share}_ms": value for share, value in stage.spread(times).items()}
        figures[f"{what}_cpu_ms"] = round(1000 * cpu / len(times), 1)
        figures[f"{what}_p95_ms_of"] = {
            role: stage.spread(visitor.times[what])["p95"]
            for role, visitor in visitors.items() if len(visitor.times[what]) > 1
        }  # fmt: skip
    return figures


def _lost(platform: Platform, references: list[str]) -> int:
    """Several write a note to one case at the same moment, all having seen the same: how many were lost.

    Lost is a note that was acknowledged and is not in the journal, or one that was accepted upon a case that had moved
    since its writer looked.
    """
    lost = 0
    signed = {"Authorization": f"Bearer {stage.token(platform, 'main_officer')}"}
    with (
        httpx.Client(base_url=f"{platform.web}/api/v1/desk/cases", timeout=60, headers=signed) as http,
        ThreadPoolExecutor(EDITORS) as editors,
    ):
        for reference in islice(references, CONTESTED):
            before = http.get(f"/{reference}").raise_for_status().json()

            def write(number: int, reference: str = reference, seq: int = before["seq"]) -> int:
                note = {"text": f"ملاحظة {number}"}
                return http.post(
                    f"/{reference}/note", json=note, headers={"If-Match": f'"{seq}"'}
                ).status_code

            answers = Counter(editors.map(write, range(EDITORS)))
            after = http.get(f"/{reference}").raise_for_status().json()
            accepted = answers[200]
            lost += abs(len(after["notes"]) - len(before["notes"]) - accepted) + max(accepted - 1, 0)
            assert accepted + answers[409] == EDITORS, answers
    return lost
