"""The queues: who sees what, in which order, how much it costs."""

from base64 import urlsafe_b64encode
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.feed import advance_consumer
from bekhedmetkom.cases.projection import SearchProjection
from bekhedmetkom.catalogue.rules import Kind
from bekhedmetkom.kernel.actor import Actor
from tests.interfaces.desk.conftest import Desk
from tests.personas import DAY, HOUR, NOON, Jordan

Sits = Callable[[Actor], Desk]
LIST_QUERIES = (
    8  # session, officer, wall, the list, what is kept, its counts, before them their moments, the bell's
)


def test_the_day_of_a_main_officer_begins_with_what_nobody_has_yet(jordan: Jordan, sits: Sits) -> None:
    case = jordan.create_case()
    page = sits(jordan.main).open_list()
    assert page.status_code == 200
    assert case.reference in page.content.decode()
    assert "غير مكلّف" in page.content.decode()


def test_a_sub_officer_sees_the_cases_of_the_unit_alone(jordan: Jordan, sits: Sits) -> None:
    case = jordan.create_case()
    commands.assign_case(case=case.pk, seen=1, unit=jordan.roads, actor=jordan.main, at=NOON + HOUR)
    assert case.reference in sits(jordan.roads_officer).open_list(queue="unit").content.decode()
    assert case.reference not in sits(jordan.lighting_officer).open_list(queue="unit").content.decode()
    assert case.reference not in sits(jordan.rival).open_list(queue="entity").content.decode()


def test_a_broken_place_in_the_list_begins_it_anew(jordan: Jordan, sits: Sits) -> None:
    for broken in ("x", "[1,2]", "[" * 5000):
        cursor = urlsafe_b64encode(broken.encode()).decode()
        assert sits(jordan.main).open_list(queue="entity", cursor=cursor).status_code == 302


def test_a_queue_that_the_role_does_not_have_is_not_found(jordan: Jordan, sits: Sits) -> None:
    assert sits(jordan.roads_officer).open_list(queue="triage").status_code == 404
    assert sits(jordan.main).open_list(queue="nonsense").status_code == 404


def test_the_nearest_date_comes_first_and_pages_follow_on(
    jordan: Jordan, sits: Sits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bekhedmetkom.interfaces.desk.lists.list_page.PAGE_SIZE", 2)
    cases = [jordan.create_case(at=NOON - days * DAY) for days in (0, 9, 5)]
    desk = sits(jordan.main)
    first = desk.open_list(queue="entity")
    assert [row.reference for row in first.context["page"].items] == [
        cases[1].reference,
        cases[2].reference,
    ]
    second = desk.client.get(f"{reverse('desk:list')}?{first.context['later']}")
    assert [row.reference for row in second.context["page"].items] == [cases[0].reference]
    assert not second.context["later"]


def test_a_cursor_that_nobody_gave_out_leads_to_the_start(jordan: Jordan, sits: Sits) -> None:
    page = sits(jordan.main).open_list(queue="entity", cursor="broken")
    assert page.status_code == 302
    assert page.headers["Location"] == f"{reverse('desk:list')}?queue=entity"


def test_filters_narrow_and_an_unknown_choice_is_no_filter(jordan: Jordan, sits: Sits) -> None:
    complaint, question = (
        jordan.create_case(),
        jordan.create_case("متى يفتح مكتب الأمانة في طارق؟", kind=Kind.QUESTION),
    )
    desk = sits(jordan.main)
    narrowed = desk.open_list(queue="entity", kind="question").content.decode()
    assert question.reference in narrowed
    assert complaint.reference not in narrowed
    assert (
        complaint.reference in desk.open_list(queue="entity", kind="riddle", governorate="x").content.decode()
    )


def test_a_search_can_be_narrowed_to_what_is_over(jordan: Jordan, sits: Sits) -> None:
    over, open_ = jordan.create_case("حفرة"), jordan.create_case("حفرة أخرى")
    commands.withdraw_case(case=over.pk, seen=1, actor=Actor.citizen(over.reference), at=NOON + HOUR)
    advance_consumer(SearchProjection(), horizon=2**62)
    desk = sits(jordan.main)
    narrowed = desk.open_list(q="حفرة", state="withdrawn")
    assert [row.id for row in narrowed.context["page"].items] == [over.pk]
    assert "الحالة: مسحوب" in narrowed.content.decode()
    opened = desk.open_list(queue="entity", state="withdrawn")  # no such choice in a queue of open cases
    assert [row.id for row in opened.context["page"].items] == [open_.pk]


def test_a_reference_in_the_search_box_leads_to_its_case_however_it_is_typed(
    jordan: Jordan, sits: Sits
) -> None:
    case = jordan.create_case()
    typed = case.reference.lower().replace("-", " ").removeprefix("bk ")
    page = sits(jordan.main).open_list(q=typed)
    assert page.status_code == 302
    assert page.headers["Location"] == reverse("desk:case", args=[case.reference])
    elsewhere = sits(jordan.rival).open_list(q=typed)
    assert elsewhere.status_code == 200
    assert case.reference not in elsewhere.content.decode()


def test_counts_stand_beside_the_queues(jordan: Jordan, sits: Sits) -> None:
    for _each in range(3):
        jordan.create_case()
    counts = {
        entry.queue.name: entry.case_count
        for _title, group in sits(jordan.main).open_list().context["side"]
        for entry in group
    }
    assert counts["unassigned"] == 3
    assert counts["entity"] == 3
    assert counts["overdue"] == 0
    assert "triage" not in counts


def test_the_list_costs_as_many_queries_for_forty_cases_as_for_one(jordan: Jordan, sits: Sits) -> None:
    desk = sits(jordan.main)
    jordan.create_case()
    desk.open_list()
    with CaptureQueriesContext(
        connection,
    ) as one:
        desk.open_list()
    for _each in range(39):
        jordan.create_case()
    with CaptureQueriesContext(connection) as forty:
        page = desk.open_list()
    assert len(page.context["page"].items) == 40
    assert len(forty) == len(one) <= LIST_QUERIES


def test_in_english_everything_is_english(jordan: Jordan, sits: Sits) -> None:
    jordan.create_case()
    page = sits(jordan.main).client.get("/en/desk").content.decode()
    assert 'lang="en" dir="ltr"' in page
    assert "Unassigned" in page
    assert "غير مكلّف" not in page


def test_nobody_in_particular_is_asked_to_sign_in(db: None) -> None:
    assert Client().get("/desk").headers["Location"].startswith("/sign-in?next=")
