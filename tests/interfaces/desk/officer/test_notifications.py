"""The bell in the desk's frame, the brief above what needs an official, and the page on which e-mail is chosen."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bekhedmetkom.cases import commands
from bekhedmetkom.catalogue.rules import Kind
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.notifications.models import Choice
from bekhedmetkom.notifications.queries import count_unseen_lines, get_email_preferences, wants_morning_digest
from bekhedmetkom.notifications.rules.inbox import (
    DEFAULT_EMAIL_FREQUENCY,
    MORNING_DIGEST,
    EmailFrequency,
    InboxCategory,
)
from tests.commands.notifications.event_helpers import run_subscriber
from tests.interfaces.desk.conftest import Desk
from tests.personas import DAY, NOON, POTHOLE, Jordan

Sits = Callable[[Actor], Desk]
Stand = Callable[[datetime], None]
ONE_MINUTE_LATER = NOON + timedelta(minutes=1)


def get_notification_count(desk: Desk) -> str:
    """What stands on the bell of a page."""
    shown = BeautifulSoup(desk.client.get(reverse("desk:instructions")).content, "html.parser")
    badge = shown.select_one("[data-bell]")
    assert badge is not None
    return badge.get_text()


def test_the_bell_says_how_much_is_new_until_it_is_opened(jordan: Jordan, sits: Sits, now: Stand) -> None:
    case = jordan.create_assigned_case()
    run_subscriber()
    now(ONE_MINUTE_LATER)
    desk = sits(jordan.roads_officer)
    assert get_notification_count(desk) == "1"
    opened = BeautifulSoup(desk.client.get(reverse("desk:bell")).content, "html.parser")
    (line,) = opened.select(".news__line")
    assert "كُلّفت بهذا الطلب" in line.get_text()
    assert "جديد" in line.get_text()
    (link,) = line.select("a")
    assert link["href"] == reverse("desk:case", args=[case.reference])
    for personal in ("سامر", "+962", POTHOLE[:10]):
        assert personal not in opened.get_text()
    assert get_notification_count(desk) == ""
    again = BeautifulSoup(desk.client.get(reverse("desk:bell")).content, "html.parser")
    assert "جديد" not in again.select(".news__line")[0].get_text()


def test_to_look_at_its_head_alone_is_to_see_nothing(jordan: Jordan, sits: Sits, now: Stand) -> None:
    jordan.create_assigned_case()
    run_subscriber()
    now(ONE_MINUTE_LATER)
    desk = sits(jordan.roads_officer)
    desk.client.head(reverse("desk:bell"))
    assert count_unseen_lines(jordan.roads_officer, ONE_MINUTE_LATER) == 1


def test_who_opens_the_case_has_seen_its_lines(jordan: Jordan, sits: Sits, now: Stand) -> None:
    case = jordan.create_assigned_case()
    run_subscriber()
    now(ONE_MINUTE_LATER)
    desk = sits(jordan.roads_officer)
    desk.open_case(case)
    assert get_notification_count(desk) == ""


def test_the_count_comes_with_the_counts_and_costs_a_list_nothing(
    jordan: Jordan, sits: Sits, now: Stand
) -> None:
    jordan.create_assigned_case()
    run_subscriber()
    now(ONE_MINUTE_LATER)
    desk = sits(jordan.roads_officer)
    desk.client.cookies["live"] = "1"
    desk.open_list()
    with CaptureQueriesContext(connection) as asked:
        desk.open_list()
    assert not [each for each in asked if "notifications_notice" in each["sql"]]
    said = desk.client.get(reverse("desk:counts"), headers={"X-By-Itself": "1"}).json()
    assert said["bell"] == "1"
    assert "bell" not in said["counts"]


def test_a_full_bell_costs_as_many_queries_as_one_line(jordan: Jordan, sits: Sits, now: Stand) -> None:
    for _ in range(12):
        jordan.create_assigned_case()
    run_subscriber()
    now(ONE_MINUTE_LATER)
    desk = sits(jordan.roads_officer)
    desk.client.cookies["live"] = "1"
    desk.client.get(reverse("desk:instructions"))
    with CaptureQueriesContext(connection) as asked:
        opened = desk.client.get(reverse("desk:bell")).content.decode()
    assert opened.count('class="news__line ') == 12
    assert len(asked) <= 8


def test_need_to_know_is_neutral_and_for_who_knows(jordan: Jordan, sits: Sits, now: Stand) -> None:
    case = jordan.create_case(kind=Kind.VIOLATION)
    commands.assign_case(
        case=case.pk, seen=1, actor=jordan.inspector, at=NOON, unit=jordan.roads,
        officer=jordan.roads_officer.officer_id,
    )  # fmt: skip
    run_subscriber()
    now(ONE_MINUTE_LATER)
    shown = sits(jordan.roads_officer).client.get(reverse("desk:bell")).content.decode()
    assert "جديد في طلب محفوظ السرية" in shown
    assert "كُلّفت بهذا الطلب" not in shown
    for other in (jordan.main, jordan.head, jordan.pm):
        assert case.reference not in sits(other).client.get(reverse("desk:bell")).content.decode()


@pytest.mark.parametrize("language", ["", "/en"])
def test_five_lines_stand_above_what_needs_an_official(
    jordan: Jordan, sits: Sits, now: Stand, language: str
) -> None:
    jordan.create_assigned_case()
    jordan.create_case(at=NOON - 12 * DAY)
    now(NOON + DAY)
    desk = sits(jordan.head)
    shown = BeautifulSoup(desk.client.get(f"{language}/desk/needs-you").content, "html.parser")
    lines = shown.select(".brief li a")
    assert len(lines) == 5
    assert "12" not in lines[1].get_text()
    for line in lines:
        address = str(line["href"])
        assert address.startswith(f"{language}/desk")
        assert desk.client.get(address).status_code == 200
    late = desk.client.get(str(lines[1]["href"]))
    assert len(late.context["page"].items) == 1
    came = desk.client.get(str(lines[0]["href"]))
    assert len(came.context["page"].items) == 1


def test_an_officer_chooses_and_the_page_shows_it(jordan: Jordan, sits: Sits) -> None:
    client = sits(jordan.roads_officer).client
    address = reverse("notification_preferences")
    assert address in client.get(reverse("mfa_index")).content.decode()
    sent = {str(sort): str(mail) for sort, mail in DEFAULT_EMAIL_FREQUENCY.items()} | {
        InboxCategory.CITIZEN: "daily",
        InboxCategory.APPEAL: "never",
    }
    assert client.post(address, sent).status_code == 302
    me = jordan.roads_officer.officer_id or 0
    assert get_email_preferences(me) == {
        **DEFAULT_EMAIL_FREQUENCY,
        InboxCategory.CITIZEN: EmailFrequency.DAILY,
        InboxCategory.APPEAL: EmailFrequency.NEVER,
    }
    assert not wants_morning_digest(me)  # its box was empty
    assert '<option value="daily" selected>' in client.get(address).content.decode()
    client.post(address, sent | {MORNING_DIGEST: "on"})
    assert wants_morning_digest(me)
    assert get_email_preferences(jordan.main.officer_id or 0) == DEFAULT_EMAIL_FREQUENCY


@pytest.mark.parametrize("bad", ["", "hourly", "x" * 5000, "now\x00"])
def test_a_choice_that_is_none_is_refused_and_changes_nothing(jordan: Jordan, sits: Sits, bad: str) -> None:
    client = sits(jordan.roads_officer).client
    sent = {str(sort): str(mail) for sort, mail in DEFAULT_EMAIL_FREQUENCY.items()} | {
        InboxCategory.CITIZEN: bad,
        InboxCategory.APPEAL: "never",
    }
    answer = client.post(reverse("notification_preferences"), sent)
    assert answer.status_code == 422
    assert "اختر من القائمة." in answer.content.decode()
    assert '<option value="never" selected>' in answer.content.decode()
    assert not Choice.objects.exists()
