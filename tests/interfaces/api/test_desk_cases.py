"""Queues and cases for officers' own systems: what is there, what narrows it, who is let in."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.feed import advance_consumer
from bekhedmetkom.cases.models import Case
from bekhedmetkom.cases.projection import SearchProjection
from bekhedmetkom.catalogue.rules import Kind
from bekhedmetkom.identity.commands.api_clients import create_client, issue_token
from bekhedmetkom.identity.models import Officer, OfficerToken
from bekhedmetkom.kernel.actor import Actor
from tests.personas import DAY, NOON, Jordan

from .api_client import ApiClient, get_problem_slug, list_error_fields, list_statements
from .case_stages import create_assigned_case

QUEUES = [
    "mine", "unit", "entity", "unassigned", "triage", "today", "overdue", "approval", "escalated", "appeals",
    "callbacks",
]  # fmt: skip
Of = Callable[[Actor], ApiClient]


def list_references(program: ApiClient, **query: object) -> list[str]:
    answer = program.get("/desk/cases", **query)
    assert answer.status_code == 200, answer.content.decode()
    return [row["reference"] for row in answer.json()["items"]]


@pytest.mark.parametrize("queue", QUEUES)
def test_every_queue_answers(queue: str, jordan: Jordan, of: Of) -> None:
    jordan.create_case()
    for officer in (jordan.main, jordan.roads_officer, jordan.pm, jordan.minister):
        assert of(officer).get("/desk/cases", queue=queue).status_code == 200


def test_a_new_case_is_its_main_officers(jordan: Jordan, of: Of) -> None:
    case = jordan.create_case(service=jordan.services["GAM-002"], governorate=jordan.governorates["GOV-AM"])
    (row,) = of(jordan.main).get("/desk/cases", queue="mine").json()["items"]
    assert (row["reference"], row["entity"], row["service"], row["governorate"]) == (
        case.reference, "GAM", "GAM-002", "GOV-AM",
    )  # fmt: skip
    assert (row["status"], row["kind"], row["seq"], row["overdue"]) == ("received", "complaint", 1, False)
    assert list_references(of(jordan.rival), queue="mine") == []
    assert list_references(of(jordan.roads_officer), queue="unit") == []


def test_what_narrows_a_queue(jordan: Jordan, of: Of) -> None:
    hole = jordan.create_case(service=jordan.services["GAM-002"], governorate=jordan.governorates["GOV-AM"])
    idea = jordan.create_case("أقترح شجرًا", kind=Kind.SUGGESTION)
    create_assigned_case(jordan, hole)
    main = of(jordan.main)
    every = {hole.reference, idea.reference}
    assert set(list_references(main, queue="entity")) == every
    assert (
        set(
            list_references(
                main, queue="entity", kind="", service="", governorate="", state="", q="", cursor=""
            )
        )
        == every
    )
    assert list_references(main, queue="entity", kind="suggestion") == [idea.reference]
    assert list_references(main, queue="entity", service="GAM-002") == [hole.reference]
    assert list_references(main, queue="entity", governorate="GOV-AM") == [hole.reference]
    assert list_references(main, queue="entity", state="received") == [idea.reference]
    assert list_references(main, queue="entity", entity="GAM") == list_references(main, queue="entity")
    assert list_references(main, queue="entity", officer=jordan.roads_officer.officer_id) == []
    assert (
        list_references(main, queue="entity", overdue=True)
        == list_references(main, queue="entity", urgent=1)
        == []
    )
    today = f"{NOON:%Y-%m-%d}"
    assert (
        set(list_references(main, queue="entity", came_from=today, came_to=today, channel="portal")) == every
    )
    assert list_references(main, queue="entity", due_to="2020-01-01") == []
    assert list_references(main, queue="entity", q=hole.reference.lower()) == [hole.reference]


def test_words_are_found_as_people_spell_them(jordan: Jordan, of: Of) -> None:
    case = jordan.create_case("الإنارة معطلة في الشارع")
    jordan.create_case("قمامة")
    advance_consumer(SearchProjection(), horizon=2**62)
    assert list_references(of(jordan.main), queue="entity", q="الاناره") == [case.reference]
    assert list_references(of(jordan.rival), queue="entity", q="الاناره") == []


def test_a_search_without_a_queue_finds_what_is_over_too(jordan: Jordan, of: Of) -> None:
    over, open_ = jordan.create_case("الإنارة معطلة"), jordan.create_case("الإنارة خافتة", at=NOON + DAY)
    commands.withdraw_case(case=over.pk, seen=1, actor=Actor.citizen(over.reference), at=NOON + DAY)
    advance_consumer(SearchProjection(), horizon=2**62)
    main = of(jordan.main)
    assert list_references(main, q="الاناره") == [open_.reference, over.reference]
    assert list_references(main, q="الاناره", state="withdrawn") == [over.reference]
    assert list_references(main, queue="entity", q="الاناره") == [open_.reference]
    assert list_references(of(jordan.rival), q="الاناره") == []
    assert over.reference not in list_references(main, q=" ")


def test_pages_show_every_case_once(jordan: Jordan, of: Of) -> None:
    cases = [jordan.create_case(at=NOON - n % 3 * DAY) for n in range(7)]
    main, seen, cursor = of(jordan.main), [], ""
    while True:
        page = main.get("/desk/cases", queue="entity", limit=3, cursor=cursor).json()
        seen += [row["reference"] for row in page["items"]]
        if page["next"] is None:
            break
        cursor = page["next"]
    assert len(seen) == 7
    assert set(seen) == {case.reference for case in cases}


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ({"queue": "everything"}, "queue"), ({"kind": "rant"}, "kind"), ({"service": "NO-001"}, "service"),
        ({"governorate": "XX"}, "governorate"), ({"state": "lost"}, "state"), ({"limit": "101"}, "limit"),
        ({"limit": "0"}, "limit"), ({"limit": "many"}, "limit"), ({"cursor": "nonsense"}, "cursor"),
        ({"cursor": "W10="}, "cursor"), ({"cursor": "x" * 201}, "cursor"), ({"q": "ط" * 201}, "q"),
    ],
)  # fmt: skip
def test_each_wrong_parameter_is_named(query: dict[str, str], wrong: str, jordan: Jordan, of: Of) -> None:
    assert list_error_fields(of(jordan.main).get("/desk/cases", **query)) == [wrong]


def test_a_list_takes_few_queries_however_long(jordan: Jordan, of: Of) -> None:
    main = of(jordan.main)
    jordan.create_case()
    list_references(main, queue="entity")  # the directory is in memory now
    counts = []
    for _ in range(2):
        for _ in range(3):
            jordan.create_case(service=jordan.services["GAM-002"])
        with CaptureQueriesContext(connection) as queries:
            main.get("/desk/cases", queue="entity")
        counts.append(list_statements(queries))
    assert len(counts[0]) == len(counts[1]) <= 8, counts


def test_a_case_is_shown_whole(jordan: Jordan, of: Of) -> None:
    case = create_assigned_case(jordan, jordan.create_case(address="شارع المدينة"))
    of(jordan.main).run_action(case, "note", text="اتصلنا بالمقاول")
    answer = of(jordan.main).get(f"/desk/cases/{case.reference}")

    shown = answer.json()
    assert answer.headers["ETag"] == '"3"' == f'"{shown["seq"]}"'
    assert (shown["status"], shown["unit"]["en"], shown["address"]) == (
        "assigned",
        "Street maintenance",
        "شارع المدينة",
    )
    assert shown["applicant"]["phone"] == "+962791234567"
    assert [entry["event"] for entry in shown["journal"]] == ["case.noted", "case.assigned", "case.submitted"]
    assert shown["notes"][0]["texts"] == [{"field": "note", "body": "اتصلنا بالمقاول"}]
    assert shown["notes"][0]["by"]["en"] == "Main"
    assert {"assign", "answer", "note"} <= set(shown["can"])
    assert "approve" not in shown["can"]
    assert "ROADS" in [unit["code"] for unit in shown["assignable"]["units"]]
    assert shown["next"]["event"].startswith("clock.")


def test_who_cannot_give_a_case_is_shown_nobody_to_give_it_to(jordan: Jordan, of: Of) -> None:
    case = create_assigned_case(jordan)
    shown = of(jordan.roads_officer).get(f"/desk/cases/{case.reference}").json()
    assert shown["assignable"] == {"units": [], "officers": []}


def test_a_withheld_identity_stays_so_until_it_is_revealed(jordan: Jordan, of: Of) -> None:
    case = jordan.create_case(withhold_identity=True)
    pm = of(jordan.pm)
    assert pm.get(f"/desk/cases/{case.reference}").json()["applicant"] is None
    pm.run_action(case, "assign", officer=jordan.pm.officer_id)
    shown = pm.run_action(case, "reveal", reason="للاتصال به").json()
    assert shown["applicant"]["name"] == "سامر عواد"


@pytest.mark.parametrize("reference", ["BK-0000-0000", "nonsense", "%00", "١٢٣"])
def test_an_unknown_case_is_not_found(reference: str, jordan: Jordan, of: Of) -> None:
    assert get_problem_slug(of(jordan.main).get(f"/desk/cases/{reference}")) == "not-found"


# Who is let in


def test_a_token_opens_the_desk_within_its_scope(jordan: Jordan) -> None:
    token = issue_token(officer=jordan.main.officer_id or 0, scopes=["reports"], actor=jordan.main, at=NOON)
    answer = ApiClient({"Authorization": f"Bearer {token}"}).get("/desk/cases")
    assert (answer.status_code, get_problem_slug(answer)) == (403, "not-allowed")


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Bearer x.y", "Bearer \xff", "Basic Zm9vOmJhcg==", "desk"]
)
def test_what_is_no_token_opens_nothing(header: str, jordan: Jordan) -> None:
    answer = ApiClient({"Authorization": header}).get("/desk/cases")
    assert (answer.status_code, get_problem_slug(answer)) == (401, "not-signed-in")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_revoked_token_opens_nothing(jordan: Jordan, of: Of) -> None:
    main = of(jordan.main)
    OfficerToken.objects.update(revoked_at=NOON)
    assert main.get("/desk/cases").status_code == 401


def test_a_programs_key_is_no_officers_token(jordan: Jordan) -> None:
    _, key = create_client(name="نظام", scopes=["desk"], actor=jordan.administrator, at=NOON)
    assert ApiClient({"Authorization": f"Bearer {key}"}).get("/desk/cases").status_code == 401


def sign_in(officer: Actor) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(Officer.objects.get(pk=officer.officer_id or 0))
    return client


def test_a_session_opens_the_desk_and_changes_it_with_its_csrf_token(jordan: Jordan) -> None:
    case = jordan.create_case()
    browser = ApiClient(client=sign_in(jordan.main))
    assert list_references(browser, queue="mine") == [case.reference]

    refused = browser.run_action(case, "assign", unit="ROADS")
    assert (refused.status_code, get_problem_slug(refused)) == (403, "not-allowed")
    assert Case.objects.get(pk=case.pk).seq == 1

    browser.client.cookies["csrf"] = browser.headers["X-CSRFToken"] = "c" * 32
    assert browser.run_action(case, "assign", unit="ROADS").status_code == 200


def test_a_session_without_its_second_factor_is_no_session(jordan: Jordan, settings: Settings) -> None:
    settings.OFFICERS_NEED_SECOND_FACTOR = True
    answer = ApiClient(client=sign_in(jordan.main)).get("/desk/cases")
    assert (answer.status_code, get_problem_slug(answer)) == (401, "not-signed-in")


def test_what_officers_read_is_kept_nowhere(jordan: Jordan, of: Of) -> None:
    case = jordan.create_case()
    for path in ("/desk/cases", f"/desk/cases/{case.reference}", "/desk/cases/BK-0000-0000"):
        assert "no-store" in of(jordan.main).get(path).headers["Cache-Control"]


def test_a_token_needs_no_csrf(jordan: Jordan, of: Of) -> None:
    program = of(jordan.main)
    program.client = Client(enforce_csrf_checks=True)
    assert program.run_action(jordan.create_case(), "assign", unit="ROADS").status_code == 200
