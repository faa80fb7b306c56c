"""The desk at so many cases, through the real HTTP server: as the web role, with row-level security on.

    bekhedmetkom bench desk --cases 1000000 --json

Officers of very different reach take turns: a unit's, the largest body's, another body's, a minister's, the Prime
Ministry unit's, which sees the whole country. Each asks for a queue and its second page, searches, and opens cases, one
request at a time: what is measured is what one officer waits for. As in a browser, a list comes without new counts and
its script asks for them afterwards: `counts` is what it asks when the page has come, right after its officer has acted,
so that all is counted anew; `ticks` is what it asks every 20 seconds from then on. The database of so many cases is
made once, by `demo`, and kept.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import cycle, islice
from random import Random
from time import perf_counter
from typing import Any

import httpx

from . import Options, platform_runner
from .fixtures import ensure_database, wait_until_caught_up
from .platform_runner import RunningPlatform

DEFAULT_CASES = 20_000
ROLES = ("sub_officer", "main_officer", "rival_officer", "minister", "pm_unit")
ROUNDS = 20
REQUEST_KINDS = ("list", "counts", "ticks", "search", "case")
EDITORS = 4  # who change one case at the same moment …
CONTESTED_CASES = 25  # … and how many cases
# From what half of all cases say to what none does; with endings, two words, Latin letters.
SEARCH_TERMS = ("شارع", "الماء", "المدرسة", "حفرة", "فاتورة الكهرباء", "رصيف مكسور", "موعد", "الدوام", "رخصة", "bus",
            "water", "انقطاع المياه", "شكرا", "تمساح")  # fmt: skip
REFERENCE_LINK = re.compile(r"/desk/cases/(BK-\w{4}-\w{4})")
NEXT_PAGE_LINK = re.compile(r'href="\?([^"]+)" rel="next"')


def measure(options: Options) -> dict[str, Any]:
    """The figures of `bench desk`: see contract.md."""
    cases = options.cases or DEFAULT_CASES
    home = options.home / str(cases)
    figures = ensure_database(home, cases)
    with platform_runner.run_platform(home, ADDRESS_BURST="100000000") as platform:
        wait_until_caught_up(platform)
        visitors = {role: OfficerClient(platform, role) for role in ROLES}
        chance = Random(1)
        for visitor in visitors.values():  # once for nothing: caches fill, and each has cases to open
            for ask in visitor.measurements.values():
                ask(chance)
        spent: defaultdict[str, float] = defaultdict(float)
        times = {role: defaultdict[str, list[float]](list) for role in visitors}
        for _round in range(ROUNDS):
            for what in REQUEST_KINDS:
                for visitor in visitors.values():
                    visitor.change_settings()
                before = platform.read_cpu_seconds()
                for role, visitor in visitors.items():
                    times[role][what] += visitor.measurements[what](chance)
                spent[what] += _sum_cpu(platform.read_cpu_seconds()) - _sum_cpu(before)
        return figures | _build_figures(times, spent) | {
            "list_queries": platform_runner.count_statements(platform, visitors["main_officer"].get_queue),
            "counts_queries": _count_counts_queries(platform, visitors["main_officer"]),
            "search_queries": platform_runner.count_statements(platform, visitors["main_officer"].search),
            "case_queries": platform_runner.count_statements(platform, visitors["main_officer"].get_case),
            "conflicts_lost": _count_lost_edits(platform, visitors["main_officer"].references),
            "web_mb": round(platform.read_memory_mb("web")),
        }  # fmt: skip


class OfficerClient:
    """An officer at the desk. Each of `asks` asks for a few pages of its kind; how many seconds each took."""

    def __init__(self, platform: RunningPlatform, role: str):
        self.http = httpx.Client(base_url=platform.web, follow_redirects=True, timeout=60)
        self.web, self.since = platform.web, ""
        self.http.get("/sign-in").raise_for_status()
        account = platform.accounts[role]
        form = {
            "login": account["email"],
            "password": account["password"],
            "csrfmiddlewaretoken": self.http.cookies["csrf"],
        }
        self.http.post("/sign-in", data=form, headers={"Referer": platform.web}).raise_for_status()
        self.name = "entity" if "queue=entity" in self.get("/desk") else "mine"
        self.http.cookies.set("live", "1")  # as the script of a list does; one of "localhost" is sent nowhere
        self.words = cycle(SEARCH_TERMS)
        self.references: list[str] = []
        self.measurements: Mapping[str, Callable[[Random], list[float]]] = {
            "list": self._measure_lists,
            "counts": self._measure_counts,
            "ticks": self._measure_ticks,
            "search": self._measure_searches,
            "case": self._measure_cases,
        }

    def get(self, path: str) -> str:
        answer = self.http.get(path)
        answer.raise_for_status()
        return answer.text

    def get_queue(self) -> str:
        return self.get(f"/desk?queue={self.name}")

    def change_settings(self) -> None:
        """Something that an officer does, so that their queues are counted anew; itself not measured."""
        token = self.http.cookies["csrf"]
        form = {"csrfmiddlewaretoken": token, "address": f"queue={self.name}"}
        headers = {"Referer": self.web}
        self.http.post("/desk/look", data=form, headers=headers, follow_redirects=False)

    def get_counts(self, since: str = "") -> str:
        return self.get(f"/desk/counts?queue={self.name}{since}")

    def get_counts_after_change(self) -> None:
        self.change_settings()
        self.get_counts()

    def search(self) -> str:
        return self.get(f"/desk?q={next(self.words)}")

    def get_case(self) -> str:
        return self.get(f"/desk/cases/{self.references[0]}")

    def _measure_lists(self, _chance: Random) -> list[float]:
        """A queue and its next page."""
        first, page = _measure_time(self.get_queue)
        self.references = sorted(set(REFERENCE_LINK.findall(page)))
        if not (following := NEXT_PAGE_LINK.search(page)):
            return [first]
        second, _page = _measure_time(lambda: self.get(f"/desk?{following[1].replace('&amp;', '&')}"))
        return [first, second]

    def _measure_counts(self, _chance: Random) -> list[float]:
        took, answer = _measure_time(self.get_counts)
        self.since = f"&since={json.loads(answer)['since']}"
        return [took]

    def _measure_ticks(self, _chance: Random) -> list[float]:
        return [_measure_time(partial(self.get_counts, self.since))[0]]

    def _measure_searches(self, _chance: Random) -> list[float]:
        return [_measure_time(self.search)[0] for _ in range(3)]

    def _measure_cases(self, chance: Random) -> list[float]:
        chosen = chance.sample(self.references, min(3, len(self.references)))
        return [_measure_time(partial(self.get, f"/desk/cases/{reference}"))[0] for reference in chosen]


def _count_counts_queries(platform: RunningPlatform, visitor: OfficerClient) -> float:
    both = platform_runner.count_statements(platform, visitor.get_counts_after_change)
    return round(both - platform_runner.count_statements(platform, visitor.change_settings), 1)


def _measure_time(ask: Callable[[], str]) -> tuple[float, str]:
    began = perf_counter()
    page = ask()
    return perf_counter() - began, page


def _sum_cpu(spent: Mapping[str, float]) -> float:
    return spent["web"] + spent["database"]


def _build_figures(
    times: Mapping[str, Mapping[str, list[float]]], spent: Mapping[str, float]
) -> dict[str, Any]:
    """Of all officers together, and what one in twenty of each waits for."""
    figures: dict[str, Any] = {}
    for what in REQUEST_KINDS:
        all_ = [took for of_one in times.values() for took in of_one[what]]
        figures |= {
            f"{what}_{share}_ms": value for share, value in platform_runner.compute_percentiles(all_).items()
        }
        figures[f"{what}_cpu_ms"] = round(1000 * spent[what] / len(all_), 1)
        figures[f"{what}_p95_ms_of"] = {
            role: platform_runner.compute_percentiles(of_one[what])["p95"]
            for role, of_one in times.items()
            if len(of_one[what]) > 1
        }
    return figures


def _count_lost_edits(platform: RunningPlatform, references: list[str]) -> int:
    """Several write a note to one case at the same moment, all having seen the same: how many were lost.

    Lost is a note that was acknowledged and is not in the journal, or one that was accepted upon a case that had moved
    since its writer looked.
    """
    lost = 0
    signed = {"Authorization": f"Bearer {platform_runner.create_desk_token(platform, 'main_officer')}"}
    with (
        httpx.Client(base_url=f"{platform.web}/api/v1/desk/cases", timeout=60, headers=signed) as http,
        ThreadPoolExecutor(EDITORS) as editors,
    ):
        for reference in islice(references, CONTESTED_CASES):
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
