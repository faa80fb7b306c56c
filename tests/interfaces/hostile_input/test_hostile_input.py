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
from tests.hostile_values import HOSTILE_BODIES, HOSTILE_TEXTS, JSON_VALUES, HostileBody, HostileValue
from tests.interfaces.hostile_input.call_centre_input_points import list_call_centre_inputs
from tests.interfaces.hostile_input.dashboard_input_points import list_dashboard_inputs
from tests.personas import HOUR, NOON, Jordan

from .api_input_points import list_api_inputs
from .input_points import (
    REQUEST_HEADERS,
    InputPoint,
    list_desk_inputs,
    list_manage_inputs,
    list_portal_inputs,
    list_sign_in_inputs,
)
from .open311_input_points import list_open311_inputs

Value = TypeVar("Value")

IGNORED_TABLES = (
    "django_session|procrastinate|pace|addressuse"  # may move with a refusal: counters and sessions
)
EXECUTED_MARKUP = re.compile(
    rb"<script>alert|<img src=x|<svg/onload|<iframe src=//evil|<body onload|<base href=//evil|<object data=x"
    rb"|<form action=//evil|<meta http-equiv=refresh content=0"
    rb"|<a href=javascript|(?:href|src|action)=[\"']\s*(?:javascript|vbscript|data:text)"
    rb"|(?:href|src|action)=[\"'](?:\s*//|/\\|https?:)[^\"']*evil\.example|\" onfocus=alert|' style='x:expression"
    , re.IGNORECASE)  # fmt: skip
ARABIC, LATIN = re.compile(r"[\u0621-\u064a]{2}"), re.compile(r"[A-Za-z]{3}")
INPUT_LISTS: dict[str, Callable[[Jordan], list[InputPoint]]] = {
    "portal": list_portal_inputs,
    "desk": list_desk_inputs,
    "manage": list_manage_inputs,
    "sign-in": list_sign_in_inputs,
    "api": list_api_inputs,
    "open311": list_open311_inputs,
    "calls": list_call_centre_inputs,
    "dashboard": list_dashboard_inputs,
}


def pair_diagonally(
    places: Sequence[InputPoint], values: Sequence[Value], rounds: int
) -> Iterator[tuple[InputPoint, Value]]:
    """Pairs of both, so that a round has every value and every place."""
    most, least = max(len(places), len(values)), min(len(places), len(values))
    for shift in range(min(rounds, least)):
        for number in range(most):
            place = number + shift if len(places) == least else number
            value = number if len(places) == least else number + shift
            yield places[place % len(places)], values[value % len(values)]


def pair_all(
    door: str, places: Sequence[InputPoint], values: Sequence[Value]
) -> Iterator[tuple[InputPoint, Value]]:
    """Every value in every kind of place."""
    whole = isinstance(values[0], HostileBody)
    kinds: dict[str, list[InputPoint]] = {}
    for place in places:
        kinds.setdefault(_form(place) if whole else get_place_kind(door, place), []).append(place)
    for same in kinds.values():
        yield from zip(cycle(same), values, strict=False)


def get_place_kind(door: str, place: InputPoint) -> str:
    """What the same code reads: see the head of this file."""
    name = place.name.partition(": ")[2]
    if door == "manage" and name in REQUEST_HEADERS:
        return "a header"
    alike = door in ("manage", "api") or name in SHARED
    return _NUMBER.sub("", name) if alike else f"{_form(place)}: {name}"


def _form(place: InputPoint) -> str:
    """One form on several cases, and in both languages, is one."""
    return _REFERENCE.sub("*", place.form).replace(" /en/", " /").partition("?")[0]


SHARED = {*REQUEST_HEADERS, "csrfmiddlewaretoken", "?x=", "seen", "key", "version", "compare"}
_REFERENCE, _NUMBER = re.compile(r"BK-\w{4}-\w{4}"), re.compile(r"\d")


def choose_pairs(
    door: str, places: Sequence[InputPoint], values: Sequence[Value]
) -> Iterator[tuple[InputPoint, Value]]:
    """As many pairs as this run is to try."""
    rounds = os.environ.get("BK_UGLY", "1")
    return pair_all(door, places, values) if rounds == "all" else pair_diagonally(places, values, int(rounds))


def get_sampling_step(door: str) -> int:
    """Wagtail's pages take their time: in the suite every third place of theirs, with every value."""
    return 3 if door == "manage" and "BK_UGLY" not in os.environ else 1


@pytest.fixture(autouse=True)
def stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON + HOUR)


class RowCounter:
    """Whether all tables together have as many rows as when this began. To count takes longer than most answers."""

    def __init__(self) -> None:
        names = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND NOT tablename ~ %s"
        counts = (f'(SELECT count(*) FROM "{name}")' for (name,) in _query(names, IGNORED_TABLES))
        self.count = f"SELECT {' + '.join(counts)}"
        self.first, self.writes = _query(self.count), _query(COUNT_WRITES, IGNORED_TABLES)

    def has_changed(self) -> bool:
        writes = _query(COUNT_WRITES, IGNORED_TABLES)
        if writes == self.writes:
            return False
        if _query(self.count) != self.first:
            return True
        self.writes = writes
        return False


def _query(statement: str, *values: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return list(cursor.fetchall())


# Of this transaction, those that were taken back included: the number only grows.
COUNT_WRITES = """
SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables
WHERE schemaname = 'public' AND NOT relname ~ %s
"""


@pytest.fixture
def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    """pytest keeps each line that is logged, with its request and all that was sent: gigabytes, in the end."""
    monkeypatch.setattr(LogCaptureHandler, "emit", lambda handler, record: handler.format(record))


@pytest.mark.usefixtures("forgetful")
@pytest.mark.parametrize("door", INPUT_LISTS)
def test_every_value_and_every_body_in_every_door(door: str, jordan: Jordan) -> None:
    """In one test, for finding all of a door's places takes as long as sending something to each."""
    places = INPUT_LISTS[door](jordan)
    forms = list({place.form: place for place in places if place.send_body}.values())
    values = (*HOSTILE_TEXTS, *JSON_VALUES) if door == "api" else HOSTILE_TEXTS
    pairs: Iterator[tuple[InputPoint, HostileValue | HostileBody]] = chain(
        choose_pairs(door, places[:: get_sampling_step(door)], values),
        choose_pairs(door, forms[:: get_sampling_step(door)], HOSTILE_BODIES),
    )
    judge = AnswerChecker()
    faults = [fault for place, bad in pairs for fault in judge.check(place, bad)]
    assert not faults, "\n".join(faults)


def _send(place: InputPoint, bad: HostileValue | HostileBody) -> Any:
    if isinstance(bad, HostileValue):
        return place.send(bad)
    assert place.send_body
    return place.send_body(bad.body, bad.content_type)


class AnswerChecker:
    """Sends, looks at the answer, and takes back what it did."""

    def __init__(self) -> None:
        self.rows = RowCounter()

    def check(self, place: InputPoint, bad: HostileValue | HostileBody) -> Iterator[str]:
        with transaction.atomic():
            try:
                answer = _send(place, bad)
                told = list(self._find_faults(place, bad, answer))
            finally:
                transaction.set_rollback(True)
        for what in told:
            fault = f"{place.name} with {bad.name}: {answer.status_code} {what}"
            sys.stderr.write(fault + "\n")
            yield fault

    def _find_faults(self, place: InputPoint, bad: HostileValue | HostileBody, answer: Any) -> Iterator[str]:
        status, content = answer.status_code, answer.content
        if content.startswith(b'{"ready"'):
            return  # for machines: what is missing
        if status >= 500:
            yield f"a fault: {answer.exc_info[:2] if answer.exc_info else content[:200]}"
            return
        if found := _find_executed_markup(answer):
            yield f"came alive: {found[0]!r}"
        if not re.match(r"(/(?![/\\])|\?|$|http://localhost:8000/)", answer.headers.get("Location", "")):
            yield f"leads away: {answer.headers['Location']}"
        if status in (302, 303):  # what was kept is shown there
            shown = answer.client.get(answer.headers["Location"])
            if found := _find_executed_markup(shown):
                yield f"came alive afterwards: {found[0]!r}"
        refused = status >= 400 or b"error-summary" in content
        if refused and self.rows.has_changed():
            yield "was refused, yet something was kept"
        yield from _check_headers(answer)
        yield from _check_message(answer)
        if refused and status in (200, 422):
            page = unescape(content.decode())
            kept = place.other_values if isinstance(bad, HostileValue) else ()
            yield from (f"lost: {value}" for value in kept if value not in page)


def _find_executed_markup(answer: Any) -> re.Match[bytes] | None:
    """JSON may quote what was sent: with its type and `nosniff` no browser reads it as a page."""
    kind = answer.headers.get("Content-Type", "")
    return None if re.match(r"application/(problem\+)?json", kind) else EXECUTED_MARKUP.search(answer.content)


INLINE_SCRIPT = re.compile(
    rb"<script(?![^>]*\b(?:src=|type=.application/json))|<style|\sstyle=[\"']|<[a-z][^>]*\son[a-z]+=[\"']",
    re.IGNORECASE,
)


def _check_headers(answer: Any) -> Iterator[str]:
    """What no answer lacks, whatever was asked; scripts and styles are files, but for Wagtail's pages."""
    for name, value in REQUIRED_HEADERS.items():
        if answer.headers.get(name) != value:
            yield f"{name} is {answer.headers.get(name)}"
    policy = answer.headers.get("Content-Security-Policy", "")
    manages = "/manage/" in answer.request["PATH_INFO"]
    if "frame-ancestors" not in policy or ("unsafe" in policy and not manages):
        yield f"its policy is {policy}"
    html = answer.headers.get("Content-Type", "").startswith("text/html")
    if html and "unsafe" not in policy and (found := INLINE_SCRIPT.search(answer.content)):
        yield f"holds {found[0]!r}"


REQUIRED_HEADERS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}


def _check_message(answer: Any) -> Iterator[str]:
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
