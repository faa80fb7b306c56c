"""Counts that live: what the open list asks for by itself, and how it says that something came."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bekhedmetkom.catalogue.rules import Kind
from bekhedmetkom.interfaces.desk.lists import count_cache
from bekhedmetkom.kernel.actor import Actor
from tests.interfaces.desk.conftest import Desk
from tests.personas import HOUR, NOON, Jordan

Sits = Callable[[Actor], Desk]
THREE_SECONDS = timedelta(seconds=3)


def get_counts(desk: Desk, **query: Any) -> dict[str, Any]:
    answer = desk.client.get(reverse("desk:counts"), query, headers={"X-By-Itself": "1"})
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def get_shown_counts(desk: Desk) -> dict[str, str]:
    return {entry.queue.name: entry.label for _, group in desk.open_list().context["side"] for entry in group}


def test_a_list_of_a_browser_that_asks_by_itself_does_not_wait_for_counts(jordan: Jordan, sits: Sits) -> None:
    jordan.create_case()
    desk = sits(jordan.main)
    desk.client.cookies["live"] = "1"
    desk.open_list()
    with CaptureQueriesContext(connection) as asked:
        assert set(get_shown_counts(desk).values()) == {""}
    assert not [each for each in asked if ") waiting" in each["sql"]]
    assert len(asked) <= 5
    assert get_counts(desk)["counts"]["unassigned"] == "1"
    assert get_shown_counts(desk)["unassigned"] == "1"


@pytest.mark.parametrize("page", ["list?queue=entity", "needs", "instructions", "bodies", "body", "workload"])
def test_every_page_with_the_side_bar_asks_for_its_counts(jordan: Jordan, sits: Sits, page: str) -> None:
    route, _, query = page.partition("?")
    address = reverse(f"desk:{route}", args=["GAM"] if route == "body" else [])
    shown = sits(jordan.head).client.get(f"{address}?{query}").content.decode()
    assert "data-live=" in shown
    assert shown.count("desk/sidebar_counts.js") == 1


def test_a_browser_without_scripts_has_counts_that_are_true(jordan: Jordan, sits: Sits) -> None:
    desk = sits(jordan.main)
    for many in ("0", "1", "2"):
        assert get_shown_counts(desk)["unassigned"] == many
        jordan.create_case()


def test_a_count_is_good_for_some_seconds_unless_its_officer_acts(
    jordan: Jordan, sits: Sits, now: Callable[[datetime], None]
) -> None:
    case, at = jordan.create_case(), NOON + 2 * HOUR
    desk = sits(jordan.main)
    assert get_counts(desk)["counts"]["unassigned"] == "1"
    jordan.create_case()
    now(at + THREE_SECONDS)
    assert get_counts(desk)["counts"]["unassigned"] == "1"
    assert desk.submit(case, "assign", to=f"unit:{jordan.roads}").status_code == 302
    assert get_counts(desk)["counts"]["unassigned"] == "1"
    assert get_counts(desk)["counts"]["entity"] == "2"
    jordan.create_case()
    now(at + THREE_SECONDS + count_cache.MAX_AGE)
    assert get_counts(desk)["counts"]["unassigned"] == "2"


def test_nothing_is_counted_again_while_nothing_happens_to_what_its_officer_sees(
    jordan: Jordan, sits: Sits, now: Callable[[datetime], None]
) -> None:
    due = jordan.create_case().due_at
    desk, at = sits(jordan.main), due - THREE_SECONDS
    now(at)
    assert get_counts(desk)["counts"]["overdue"] == "0"
    now(at + count_cache.MAX_AGE)
    with CaptureQueriesContext(connection) as asked:
        assert get_counts(desk)["counts"]["overdue"] == "0"
    assert not [each for each in asked if ") waiting" in each["sql"]]
    now(at + count_cache.MAX_QUIET_AGE)  # time moves cases, too
    assert get_counts(desk)["counts"]["overdue"] == "1"


def test_what_came_since_the_list_was_drawn_is_said_and_ones_own_acts_are_no_news(
    jordan: Jordan, sits: Sits
) -> None:
    case = jordan.create_case()
    desk, colleague = sits(jordan.main), sits(jordan.roads_officer)
    since = get_counts(desk, queue="unassigned")["since"]
    theirs = get_counts(colleague, queue="mine")["since"]
    assert get_counts(desk, queue="unassigned", since=since)["came"] == ""
    jordan.create_case()
    question = jordan.create_case("متى يفتح مكتب الأمانة في طارق؟", kind=Kind.QUESTION)
    assert get_counts(desk, queue="unassigned", since=since)["came"] == "طلبان جديدان"
    assert get_counts(desk, queue="unassigned", since=since, kind="question")["came"] == "طلب جديد"
    assert get_counts(desk, queue="overdue", since=since)["came"] == ""
    desk.submit(case, "assign", to=f"unit:{jordan.roads}")
    desk.submit(question, "assign", to=f"unit:{jordan.roads}")
    assert get_counts(desk, queue="unassigned", since=since)["came"] == "طلب جديد"
    assert get_counts(desk, queue="entity", since=since)["came"] == "طلبان جديدان"
    assert get_counts(colleague, queue="mine", since=theirs)["came"] == "طلبان جديدان"


def test_what_is_need_to_know_is_no_news_to_others(jordan: Jordan, sits: Sits) -> None:
    desk = sits(jordan.main)
    since = get_counts(desk, queue="entity")["since"]
    jordan.create_case("مطعم بلا رخصة", kind=Kind.VIOLATION)
    jordan.create_case("مستشفى", entity=jordan.entities["MOH"])
    assert get_counts(desk, queue="entity", since=since)["came"] == ""


def test_an_answer_that_has_not_changed_is_not_sent_again(jordan: Jordan, sits: Sits) -> None:
    desk = sits(jordan.main)
    since = get_counts(desk, queue="entity")["since"]
    address = f"{reverse('desk:counts')}?queue=entity&since={since}"
    first = desk.client.get(address)
    again = desk.client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_asking_by_itself_keeps_no_session_alive(jordan: Jordan, sits: Sits) -> None:
    desk = sits(jordan.main)
    get_counts(desk)
    assert "seen" not in desk.client.session
    desk.open_list()
    assert "seen" in desk.client.session


@pytest.mark.parametrize("since", ["", "x", "-1", "٣", "9" * 30, "1.5"])
def test_a_place_that_nobody_gave_out_is_none(jordan: Jordan, sits: Sits, since: str) -> None:
    assert "since" in get_counts(sits(jordan.main), since=since)
