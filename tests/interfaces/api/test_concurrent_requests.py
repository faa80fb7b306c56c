"""Two programs at once, on a database that really commits: one case, one winner, nobody's work lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier, Event
from typing import Any

import pytest
from django.db import connection, connections, transaction

from bekhedmetkom.cases.models import Case
from bekhedmetkom.kernel.actor import Actor
from tests.personas import Jordan

from .api_client import ApiClient, get_problem_slug, parse_problem

CONCURRENT_CALLS = 6
KEY = "one-and-the-same-key"


@pytest.fixture
def committed(committed_jordan: Jordan) -> Jordan:
    return committed_jordan


def run_concurrently(calls: list[Callable[[], Any]]) -> list[Any]:
    """The answers of calls that all start at the same moment, each in a thread and on a connection of its own."""
    start = Barrier(len(calls), timeout=20)

    def one(call: Callable[[], Any]) -> Any:
        try:
            start.wait()
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls, timeout=60))


def test_one_submission_sent_six_times_at_once_is_one_case(committed: Jordan) -> None:
    answers = run_concurrently([lambda: ApiClient().submit_case(KEY) for _ in range(CONCURRENT_CALLS)])

    assert {answer.status_code for answer in answers} == {201}
    assert all(answer.json() == answers[0].json() for answer in answers)
    assert sum("Idempotent-Replay" not in answer.headers for answer in answers) == 1
    assert Case.objects.count() == 1


def test_while_the_first_is_under_way_the_second_is_told_so(committed: Jordan) -> None:
    sent, told = Event(), Event()

    def unfinished() -> Any:
        try:
            with transaction.atomic():
                answer = ApiClient().submit_case(KEY)
                sent.set()
                assert told.wait(20)
                return answer
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(unfinished)
        assert sent.wait(20)
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '200ms'")
        second = ApiClient().submit_case(KEY)
        told.set()
        assert first.result(20).status_code == 201

    assert (second.status_code, get_problem_slug(second)) == (409, "still-under-way")
    assert second.headers["Retry-After"] == "1"
    assert ApiClient().submit_case(KEY).headers["Idempotent-Replay"] == "true"


def test_of_officers_at_one_case_one_wins_and_the_others_see_what_changed(
    committed: Jordan, of: Callable[[Actor], ApiClient]
) -> None:
    case = committed.create_case()
    programs = [of(committed.main) for _ in range(CONCURRENT_CALLS)]

    path = f"/desk/cases/{case.reference}/assign"
    answers = run_concurrently(
        [partial(program.post, path, {"unit": "ROADS"}, If_Match='"1"') for program in programs]
    )

    assert sorted(answer.status_code for answer in answers) == [200] + [409] * (CONCURRENT_CALLS - 1)
    for late in (answer for answer in answers if answer.status_code == 409):
        assert (parse_problem(late)["changed"], late.headers["ETag"]) == (["case.assigned"], '"2"')
    case.refresh_from_db()
    assert case.seq == 2
