"""The locust profile of officers at work: `bekhedmetkom bench officers` runs it, 200 of them with 10 s of thinking.

An officer signs in once. Then, with a pause for thinking between two acts: a list with its counts and its next page,
a search, a case; on a case a note, an assignment, a reply with its draft before it, an approval. Who meets a conflict
reads what is new and sends again, as a person does. What a form refuses and what came too late is counted apart: it is
an answer, no error. An error is whatever else is not a page. What is measured begins when the last has signed in, and
lasts `OFFICERS_SECONDS`.
"""

import json
import os
from itertools import cycle
from pathlib import Path
from random import Random
from threading import Timer  # as locust has patched it, like the next
from time import monotonic, sleep
from typing import Any

from locust import HttpUser, between, events, task
from locust.exception import StopUser

from bench.officers.page_parser import COUNTS_LINK, NEXT_PAGE_LINK, find_actions, find_form, find_references

ALL_ACCOUNTS = json.loads(Path(os.environ["OFFICERS_ACCOUNTS"]).read_text("utf-8"))
ACCOUNTS = cycle(ALL_ACCOUNTS)
SECONDS = int(os.environ["OFFICERS_SECONDS"])
FIGURES_FILE = Path(os.environ["OFFICERS_FIGURES"])
SEARCH_TERMS = (
    "شارع",
    "الماء",
    "حفرة",
    "فاتورة الكهرباء",
    "رصيف مكسور",
    "موعد",
    "رخصة",
    "انقطاع المياه",
    "شكرا",
)
SIGN_IN_NAME = "sign-in"
SIGN_IN_TRIES = 20
NOTE = "اتصلت بالقسم، والعمل مقرر هذا الأسبوع."
ANSWER = "كشف قسم الصيانة على الموقع يوم الأحد وأصلح العطل، ويتابعه رئيس القسم حتى نهاية الشهر. العمل رقم {number}."
EXPECTED_REFUSALS = (
    404,
    409,
    422,
)  # to an act: gone to somebody else, changed meanwhile, refused by the form

measured_requests: list[dict[str, Any]] = []
answer_counts: dict[str, int] = {}
signed_in: dict[str, bool] = {}  # who has come, and whether they were let in
measurement = {"began": 0.0, "ended": 0.0}


class OfficerUser(HttpUser):
    """One officer with one browser."""

    wait_time = between(5, 15)

    def on_start(self) -> None:
        """Sign in as people do: who is told to wait tries again."""
        account = next(ACCOUNTS)
        signed_in[account["email"]] = self._sign_in(account)
        if len(signed_in) == len(ALL_ACCOUNTS):
            wait_for_all_officers(self.environment.runner)
        if not signed_in[account["email"]]:
            raise StopUser(f"{account['email']} did not come in")

    def _sign_in(self, account: dict[str, str]) -> bool:
        self.chance = Random(account["email"])
        self.seen: list[str] = []
        form = {"login": account["email"], "password": account["password"]}
        for _try in range(SIGN_IN_TRIES):
            self.client.get("/sign-in", name=SIGN_IN_NAME)
            form["csrfmiddlewaretoken"] = self.client.cookies.get("csrf") or ""
            answer = self.client.post(
                "/sign-in", form, headers={"Referer": self.host or ""}, name=SIGN_IN_NAME
            )
            if answer.ok and not answer.url.endswith("/sign-in"):
                return True
            sleep(self.chance.uniform(1, 4))
        return False

    @task(30)
    def view_list(self) -> None:
        page = self._get_page("/desk", "list")
        self.seen = find_references(page) or self.seen
        if counts := COUNTS_LINK.search(page):
            self._get_page(counts[1].replace("&amp;", "&"), "counts")
        if self.chance.random() < 0.3 and (following := NEXT_PAGE_LINK.search(page)):
            self._get_page(f"/desk{following[1].replace('&amp;', '&')}", "list")

    @task(12)
    def search(self) -> None:
        self.seen = (
            find_references(self._get_page(f"/desk?q={self.chance.choice(SEARCH_TERMS)}", "search"))
            or self.seen
        )

    @task(30)
    def open_case(self) -> None:
        if self.seen:
            self._get_page(f"/desk/cases/{self.chance.choice(self.seen)}", "case")

    @task(10)
    def write_note(self) -> None:
        self._run_action("note", NOTE)

    @task(6)
    def assign_case(self) -> None:
        self._run_action("assign", "")

    @task(8)
    def answer_case(self) -> None:
        """The draft first, then the reply goes out, or before the approver where the body has that."""
        words = ANSWER.format(number=self.chance.randrange(10_000))
        reference = self._run_action("draft", words, "answer", "submit")
        if reference:
            self._run_action("answer", words, "submit", reference=reference)

    @task(4)
    def approve_reply(self) -> None:
        self._run_action("approve", NOTE)

    def _get_page(self, address: str, name: str) -> str:
        with self.client.get(address, name=name, catch_response=True) as answer:
            if answer.status_code == 404 and name == "case":  # somebody else's by now
                answer.success()
            return str(answer.text)

    def _run_action(self, verb: str, words: str, *instead: str, reference: str = "") -> str:
        """Open a case that offers this (or `instead`), fill in the form, send it; the case, where it went through."""
        reference = reference or (self.chance.choice(self.seen) if self.seen else "")
        if not reference:
            return ""
        page = self._get_page(f"/desk/cases/{reference}", "case")
        offered = find_actions(page, reference)
        chosen = next((name for name in (verb, *instead) if name in offered), "")
        if not chosen:
            return ""
        address = f"/desk/cases/{reference}/{chosen}"
        if find_form(page, address) is None:
            page = self._get_page(address, "form")
        if verb == "draft" and chosen != "draft":
            address = f"/desk/cases/{reference}/draft"
        for _try in ("first", "after a conflict"):
            form = find_form(page, address)
            if form is None:
                return ""
            status, page = self._send_form(address, verb, form.fill(words, self.chance))
            if status != 409:
                return reference if status < 400 else ""
        return ""

    def _send_form(self, address: str, verb: str, fields: dict[str, str]) -> tuple[int, str]:
        with self.client.post(
            address, fields, name=verb, headers={"Referer": self.host or ""}, catch_response=True
        ) as answer:
            if answer.status_code in EXPECTED_REFUSALS:
                answer_counts[str(answer.status_code)] = answer_counts.get(str(answer.status_code), 0) + 1
                answer.success()
            return int(answer.status_code), str(answer.text)


def wait_for_all_officers(runner: Any) -> None:
    """From now on it is measured."""
    measured_requests.clear()
    answer_counts.clear()
    measurement["began"] = monotonic()
    Timer(SECONDS, runner.quit).start()


@events.request.add_listener
def record_request(name: str, response_time: float, exception: Exception | None, **_said: Any) -> None:
    if name != SIGN_IN_NAME:  # the day has not begun
        measured_requests.append(
            {"name": name, "ms": response_time, "error": str(exception) if exception else ""}
        )


@events.quitting.add_listener
def write_figures(**_said: Any) -> None:
    measurement["ended"] = monotonic()
    said = {
        "taken": measured_requests,
        "answers": answer_counts,
        "officers": sum(signed_in.values()),
        **measurement,
    }
    FIGURES_FILE.write_text(json.dumps(said), "utf-8")
