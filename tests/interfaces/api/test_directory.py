"""What anyone may know before bringing a case."""

import pytest

from bekhedmetkom.cases.models import Case, Idempotency
from bekhedmetkom.entities.models import Entity
from bekhedmetkom.entities.table_cache import refresh_versions
from bekhedmetkom.routing import queries as routing
from tests.personas import DAY, NOON, Jordan

from .api_client import ApiClient, get_problem_slug, list_error_fields, parse_problem

BRIBE = "الموظف طلب مني رشوة 50 دينار حتى يمشي المعاملة"


def test_kinds_say_within_how_many_working_days(jordan: Jordan, anyone: ApiClient) -> None:
    found = {kind["code"]: kind for kind in anyone.get("/kinds").json()["items"]}
    assert list(found) == ["question", "suggestion", "praise", "complaint", "violation"]
    assert found["question"]["working_days"] == [3]
    assert (found["complaint"]["name_ar"], found["complaint"]["name_en"]) == ("شكوى", "Complaint")


def test_governorates_are_twelve(jordan: Jordan, anyone: ApiClient) -> None:
    found = anyone.get("/governorates").json()
    assert found["next"] is None
    assert len(found["items"]) == 12
    assert found["items"][0] == {
        "code": "GOV-AM", "iso_3166_2": "JO-AM", "name_ar": "العاصمة", "name_en": "Amman", "region_ar": "الوسط",
    }  # fmt: skip


def test_bodies_come_page_by_page_each_once(jordan: Jordan, anyone: ApiClient) -> None:
    pages, cursor = [], ""
    while True:
        page = anyone.get("/entities", limit=5, cursor=cursor).json()
        pages += [body["code"] for body in page["items"]]
        if page["next"] is None:
            break
        cursor = page["next"]
    assert pages == sorted(jordan.entities)


@pytest.mark.parametrize("words", ["أمانة عمان", "امانه عمان", "amman municipality", "gam"])
def test_a_body_is_found_however_it_is_written(words: str, jordan: Jordan, anyone: ApiClient) -> None:
    found = anyone.get("/entities", q=words).json()["items"]
    assert "GAM" in [body["code"] for body in found]


def test_a_body_says_where_it_stands(jordan: Jordan, anyone: ApiClient) -> None:
    body = anyone.get("/entities/GAM").json()
    assert (body["parent"], body["governorates"]) == ("PM", ["GOV-AM"])


def test_a_closed_body_is_gone(jordan: Jordan, anyone: ApiClient) -> None:
    Entity.objects.filter(code="GAM").update(closed_on=(NOON - DAY).date())
    refresh_versions()
    assert get_problem_slug(anyone.get("/entities/GAM")) == "not-found"
    assert "GAM" not in [body["code"] for body in anyone.get("/entities").json()["items"]]


def test_an_old_code_is_answered_with_the_successor(jordan: Jordan, anyone: ApiClient) -> None:
    """Programs go on asking by it, and sending to it."""
    heir, on = Entity.objects.get(code="MOLA"), (NOON - DAY).date()
    Entity.objects.filter(code="GAM").update(closed_on=on, successor=heir)
    refresh_versions()
    assert anyone.get("/entities/GAM").json()["code"] == "MOLA"
    assert "GAM" not in [body["code"] for body in anyone.get("/entities").json()["items"]]
    sent = anyone.submit_case(entity="GAM")
    assert sent.json()["entity"] == anyone.submit_case(entity="MOLA").json()["entity"]


def test_topics_of_a_body(jordan: Jordan, anyone: ApiClient) -> None:
    found = {topic["code"]: topic for topic in anyone.get("/entities/GAM/services").json()["items"]}
    assert found["GAM-002"]["about_place"] is True
    assert found["GAM-002"]["confidential"] is False


@pytest.mark.parametrize(
    "path", ["/entities/NOWHERE", "/entities/NOWHERE/services", "/entities/%00", "/entities/غام"]
)
def test_an_unknown_body_is_not_found(path: str, jordan: Jordan, anyone: ApiClient) -> None:
    assert get_problem_slug(anyone.get(path)) == "not-found"


@pytest.mark.parametrize("limit", ["0", "501", "many", "1e9"])
def test_a_page_has_a_size_in_reason(limit: str, jordan: Jordan, anyone: ApiClient) -> None:
    assert list_error_fields(anyone.get("/entities", limit=limit)) == ["limit"]


def test_a_text_is_led_to_its_body_with_reasons(jordan: Jordan, anyone: ApiClient) -> None:
    said = anyone.post(
        "/suggest", {"text": "حفرة كبيرة في شارع بعمان", "kind": "complaint", "governorate": "GOV-AM"}
    ).json()
    first = said["destinations"][0]
    assert first["entity"] == "GAM"
    assert first["reasons"] and all(
        reason["code"] and reason["ar"] and reason["en"] for reason in first["reasons"]
    )
    assert (said["language"], said["similar"], said["warnings"]) == ("ar", [], [])
    assert said["kind"][0]["kind"] == "complaint"


def test_what_is_suggested_can_be_sent(jordan: Jordan, anyone: ApiClient) -> None:
    text = "حفرة كبيرة في شارع بعمان"
    first = anyone.post("/suggest", {"text": text}).json()["destinations"][0]
    taken = anyone.submit_case(text=text, entity=first["entity"], service=first["service"]).json()
    assert (taken["entity"], taken["service"]) == (first["entity"], first["service"])


def test_danger_is_answered_with_911(jordan: Jordan, anyone: ApiClient) -> None:
    said = anyone.post("/suggest", {"text": "في حريق بالعمارة وناس محبوسين جوا"}).json()
    assert "911" in said["warnings"][0]["ar"]
    assert "911" in said["warnings"][0]["en"]


def test_a_suggestion_keeps_nothing_and_shows_the_gate(jordan: Jordan, anyone: ApiClient) -> None:
    refused = parse_problem(anyone.post("/suggest", {"text": BRIBE}))
    assert refused["type"].endswith("/use-confidential-channel")
    assert (Case.objects.count(), Idempotency.objects.count()) == (0, 0)
    assert anyone.post("/suggest", {"text": BRIBE, "gate": "declined"}).status_code == 200


def test_a_suggestion_needs_a_text(jordan: Jordan, anyone: ApiClient) -> None:
    assert list_error_fields(anyone.post("/suggest", {})) == ["text"]
    assert list_error_fields(anyone.post("/suggest", {"text": "  \n "})) == ["text"]
    assert list_error_fields(
        anyone.post("/suggest", {"text": "حفرة", "kind": "rant", "governorate": "X"})
    ) == [
        "kind",
        "governorate",
    ]


def test_without_the_encoder_words_suffice_and_it_is_said(
    jordan: Jordan, anyone: ApiClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        routing._get_index, "wants_encoder", True
    )  # as in a web process whose encoder is missing
    said = anyone.post("/suggest", {"text": "حفرة كبيرة في شارع بعمان"}).json()
    assert said["destinations"][0]["entity"] == "GAM"
    assert [warning["code"] for warning in said["warnings"]] == ["by_words_only"]
