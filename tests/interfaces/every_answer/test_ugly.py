"""The ugly table in every place: a sentence in the person's language, nothing by halves, no fault, nothing come alive.

In the suite each value goes somewhere in each door and each place gets at least one; `BK_UGLY=20` tries twenty such
rounds. `BK_UGLY=all` tries every value in every kind of place; the places of a kind take turns. One form on several
cases or in both languages is one kind. So is, in each door, a header, the token, a field that nobody reads, and what
each form of the desk carries (its key, what was seen); in the administration and the API a field of one name, which
the same views and types read; in the administration, which takes longest, all headers. A fault is said as it is found
(`-s`).
"""

import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from html import unescape
from itertools import chain, cycle
from typing import Any, TypeVar

import pytest
from _pytest.logging import LogCaptureHandler
from django.db import connection, transaction

from bekhedmetkom.kernel import clock
from tests.interfaces.every_answer.console_places import console
from tests.interfaces.every_answer.dashboard_places import dashboard
from tests.personas import HOUR, NOON, Jordan
from tests.ugly import BODIES, JSON_VALUES, TEXTS, Bad, BadBody

from .api_places import api
from .open311_places import open311
from .places import HEADERS, Place, desk, manage, portal, sign_in

Value = TypeVar("Value")

NOT_KEPT = "django_session|procrastinate|pace|addressuse"  # may move with a refusal: counters and sessions
ALIVE = re.compile(
    rb"<script>alert|<img src=x|<svg/onload|<iframe src=//evil|<body onload|<base href=//evil|<object data=x"
    rb"|<form action=//evil|<meta http-equiv=refresh content=0"
    rb"|<a href=javascript|(?:href|src|action)=[\"']\s*(?:javascript|vbscript|data:text)"
    rb"|(?:href|src|action)=[\"'](?:\s*//|/\\|https?:)[^\"']*evil\.example|\" onfocus=alert|' style='x:expression"
    , re.IGNORECASE)  # fmt: skip
ARABIC, LATIN = re.compile(r"[\u0621-\u064a]{2}"), re.compile(r"[A-Za-z]{3}")
DOORS: dict[str, Callable[[Jordan], list[Place]]] = {
    "portal": portal, "desk": desk, "manage": manage, "sign-in": sign_in, "api": api, "open311": open311,
    "calls": console, "dashboard": dashboard,
}  # fmt: skip


def diagonal(places: Sequence[Place], values: Sequence[Value], rounds: int) -> Iterator[tuple[Place, Value]]:
    """Pairs of both, so that a round has every value and every place."""
    most, least = max(len(places), len(values)), min(len(places), len(values))
    for shift in range(min(rounds, least)):
        for number in range(most):
            place = number + shift if len(places) == least else number
            value = number if len(places) == least else number + shift
            yield places[place % len(places)], values[value % len(values)]


def in_turn(door: str, places: Sequence[Place], values: Sequence[Value]) -> Iterator[tuple[Place, Value]]:
    """Every value in every kind of place."""
    whole = isinstance(values[0], BadBody)
    kinds: dict[str, list[Place]] = {}
    for place in places:
        kinds.setdefault(_form(place) if whole else kind(door, place), []).append(place)
    for same in kinds.values():
        yield from zip(cycle(same), values, strict=False)


def kind(door: str, place: Place) -> str:
    """What the same code reads: see the head of this file."""
    name = place.name.partition(": ")[2]
    if door == "manage" and name in HEADERS:
        return "a header"
    alike = door in ("manage", "api") or name in SHARED
    return _NUMBER.sub("", name) if alike else f"{_form(place)}: {name}"


def _form(place: Place) -> str:
    """One form on several cases, and in both languages, is one."""
    return _REFERENCE.sub("*", place.form).replace(" /en/", " /").partition("?")[0]


SHARED = {*HEADERS, "csrfmiddlewaretoken", "?x=", "seen", "key", "version", "compare"}
_REFERENCE, _NUMBER = re.compile(r"BK-\w{4}-\w{4}"), re.compile(r"\d")


def asked(door: str, places: Sequence[Place], values: Sequence[Value]) -> Iterator[tuple[Place, Value]]:
    """As many pairs as this run is to try."""
    rounds = os.environ.get("BK_UGLY", "1")
    return in_turn(door, places, values) if rounds == "all" else diagonal(places, values, int(rounds))


def share(door: str) -> int:
    """Wagtail's pages take their time: in the suite every third place of theirs, with every value."""
    return 3 if door == "manage" and "BK_UGLY" not in os.environ else 1


@pytest.fixture(autouse=True)
def stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON + HOUR)


class Rows:
    """Whether all tables together have as many rows as when this began. To count takes longer than most answers."""

    def __init__(self) -> None:
        names = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND NOT tablename ~ %s"
        counts = (f'(SELECT count(*) FROM "{name}")' for (name,) in _asked(names, NOT_KEPT))
        self.count = f"SELECT {' + '.join(counts)}"
        self.first, self.writes = _asked(self.count), _asked(WRITES, NOT_KEPT)

    def moved(self) -> bool:
        writes = _asked(WRITES, NOT_KEPT)
        if writes == self.writes:
            return False
        if _asked(self.count) != self.first:
            return True
        self.writes = writes
        return False


def _asked(statement: str, *values: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return list(cursor.fetchall())


# Of this transaction, those that were taken back included: the number only grows.
WRITES = """
SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables
WHERE schemaname = 'public' AND NOT relname ~ %s
"""


@pytest.fixture
def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    """pytest keeps each line that is logged, with its request and all that was sent: gigabytes, in the end."""
    monkeypatch.setattr(LogCaptureHandler, "emit", lambda handler, record: handler.format(record))


@pytest.mark.usefixtures("forgetful")
@pytest.mark.parametrize("door", DOORS)
def test_every_value_and_every_body_in_every_door(door: str, jordan: Jordan) -> None:
    """In one test, for finding all of a door's places takes as long as sending something to each."""
    places = DOORS[door](jordan)
    forms = list({place.form: place for place in places if place.whole}.values())
    values = (*TEXTS, *JSON_VALUES) if door == "api" else TEXTS
    pairs: Iterator[tuple[Place, Bad | BadBody]] = chain(
        asked(door, places[:: share(door)], values), asked(door, forms[:: share(door)], BODIES)
    )
    judge = Judge()
    faults = [fault for place, bad in pairs for fault in judge.of(place, bad)]
    assert not faults, "\n".join(faults)


def _sent(place: Place, bad: Bad | BadBody) -> Any:
    if isinstance(bad, Bad):
        return place.send(bad)
    assert place.whole
    return place.whole(bad.body, bad.content_type)


class Judge:
    """Sends, looks at the answer, and takes back what it did."""

    def __init__(self) -> None:
        self.rows = Rows()

    def of(self, place: Place, bad: Bad | BadBody) -> Iterator[str]:
        with transaction.atomic():
            try:
                answer = _sent(place, bad)
                told = list(self._told(place, bad, answer))
            finally:
                transaction.set_rollback(True)
        for what in told:
            fault = f"{place.name} with {bad.name}: {answer.status_code} {what}"
            sys.stderr.write(fault + "\n")
            yield fault

    def _told(self, place: Place, bad: Bad | BadBody, answer: Any) -> Iterator[str]:
        status, content = answer.status_code, answer.content
        if content.startswith(b'{"ready"'):
            return  # for machines: what is missing
        if status >= 500:
            yield f"a fault: {answer.exc_info[:2] if answer.exc_info else content[:200]}"
            return
        if found := _alive(answer):
            yield f"came alive: {found[0]!r}"
        if not re.match(r"(/(?![/\\])|\?|$|http://localhost:8000/)", answer.headers.get("Location", "")):
            yield f"leads away: {answer.headers['Location']}"
        if status in (302, 303):  # what was kept is shown there
            shown = answer.client.get(answer.headers["Location"])
            if found := _alive(shown):
                yield f"came alive afterwards: {found[0]!r}"
        refused = status >= 400 or b"error-summary" in content
        if refused and self.rows.moved():
            yield "was refused, yet something was kept"
        yield from _guarded(answer)
        yield from _said(answer)
        if refused and status in (200, 422):
            page = unescape(content.decode())
            kept = place.kept if isinstance(bad, Bad) else ()
            yield from (f"lost: {value}" for value in kept if value not in page)


def _alive(answer: Any) -> re.Match[bytes] | None:
    """JSON may quote what was sent: with its type and `nosniff` no browser reads it as a page."""
    kind = answer.headers.get("Content-Type", "")
    return None if re.match(r"application/(problem\+)?json", kind) else ALIVE.search(answer.content)


INLINE = re.compile(
    rb"<script(?![^>]*\b(?:src=|type=.application/json))|<style|\sstyle=[\"']|<[a-z][^>]*\son[a-z]+=[\"']",
    re.IGNORECASE,
)


def _guarded(answer: Any) -> Iterator[str]:
    """What no answer lacks, whatever was asked; scripts and styles are files, but for Wagtail's pages."""
    for name, value in ALWAYS.items():
        if answer.headers.get(name) != value:
            yield f"{name} is {answer.headers.get(name)}"
    policy = answer.headers.get("Content-Security-Policy", "")
    manages = "/manage/" in answer.request["PATH_INFO"]
    if "frame-ancestors" not in policy or ("unsafe" in policy and not manages):
        yield f"its policy is {policy}"
    html = answer.headers.get("Content-Type", "").startswith("text/html")
    if html and "unsafe" not in policy and (found := INLINE.search(answer.content)):
        yield f"holds {found[0]!r}"


ALWAYS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}


def _said(answer: Any) -> Iterator[str]:
    """Whether the answer speaks to a person, in their language, as far as it is for people."""
    sort = answer.headers.get("Content-Type", "")
    if sort == "application/pdf" or "attachment" in answer.headers.get("Content-Disposition", ""):
        return
    text = answer.content.decode("utf-8")
    if sort.startswith("text/html") and "<html" in text:
        language = "en" if re.search(r'<html[^>]*lang="en"', text) else "ar"
        yield from () if answer.headers["Content-Language"] == language else ("in two languages",)
        if answer.status_code >= 400:
            body = re.sub(r"<[^>]+>", " ", text.partition("<main")[2] or text)
            yield from () if (ARABIC if language == "ar" else LATIN).search(body) else ("says nothing",)
    elif sort == "application/problem+json":
        said = answer.json()
        yield from () if said["detail"] and said["title"] else ("says nothing",)
    elif answer.request["PATH_INFO"].startswith("/open311/"):
        kind = "text/xml" if answer.request["PATH_INFO"].endswith(".xml") else "application/json"
        if answer.status_code != 304 and not sort.startswith(kind):
            yield f"is {sort}, and not of the format"
        if answer.status_code >= 400 and "description" not in text:
            yield "says nothing"
    elif answer.status_code >= 400 and not (sort == "application/json" and '"errors"' in text):
        yield f"has no sentence but {sort} {text[:80]!r}"
