"""`POST /cases`: taken once, whatever happens to the line; refused with a sentence for each field."""

from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bekhedmetkom.cases.models import Case, CaseText, Event, Idempotency
from bekhedmetkom.cases.queries import verify_journal
from bekhedmetkom.identity.commands.api_clients import MAX_NAME_LENGTH, create_client
from tests.personas import NOON, Jordan

from .api_client import ApiClient, get_problem_slug, list_error_fields, list_statements, parse_problem

KEY = "one-and-the-same-key"
BRIBE = "الموظف طلب مني رشوة 50 دينار حتى يمشي المعاملة"
TEXTS = {
    "ar": {
        "question": "ما الأوراق المطلوبة لترخيص محل؟", "complaint": "إشارة المرور عند المدرسة معطلة",
        "suggestion": "أقترح ممرًا للمشاة عند المدرسة", "praise": "شكرًا لعمال النظافة في حينا",
        "violation": "محل يبيع مواد غذائية منتهية الصلاحية",
    },
    "en": {
        "question": "Which papers does a shop licence need?", "complaint": "The traffic light at the school is broken",
        "suggestion": "A crossing at the school would help", "praise": "Thank you to the cleaners of our street",
        "violation": "A shop sells food past its date",
    },
}  # fmt: skip


def get_case(taken: dict[str, Any]) -> Case:
    return Case.objects.select_related("particulars").get(reference=taken["reference"])


def test_a_program_that_shows_no_session_is_given_none(jordan: Jordan, anyone: ApiClient) -> None:
    answer = anyone.submit_case()
    assert not answer.cookies
    assert not hasattr(answer.wsgi_request, "session")


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("kind", ["question", "complaint", "suggestion", "praise", "violation"])
def test_every_kind_in_both_languages(kind: str, language: str, jordan: Jordan, anyone: ApiClient) -> None:
    answer = anyone.submit_case(kind=kind, text=TEXTS[language][kind], applicant={"language": language})

    assert answer.status_code == 201
    taken = answer.json()
    assert (taken["status"], taken["entity"]) == ("received", "GAM")
    assert taken["due_at"] > taken["received_at"]
    case = anyone.with_access_code(taken).get(f"/cases/{taken['reference']}").json()
    assert (case["kind"], case["text"]) == (kind, TEXTS[language][kind])
    assert (get_case(taken).language, get_case(taken).channel) == (language, "api")
    assert list(verify_journal()) == []


def test_everything_that_can_be_said(jordan: Jordan, anyone: ApiClient) -> None:
    taken = anyone.submit_case(
        title="حفرة", service="GAM-002", governorate="GOV-AM", address="شارع المدينة", lat=31.95, lng=35.9137894,
        applicant={
            "name": "سامر  عواد", "phone": "٠٧٩١٢٣٤٥٦٧", "email": "Samer@Example.JO", "national_number": "9871012345",
            "withhold_identity": True, "language": "en",
        },
        about={"employee": "موظف الشباك", "unit": "الصيانة"},
        on_behalf_of={"relation": "والدتي", "name": "ليلى عواد"},
    ).json()  # fmt: skip
    case = get_case(taken)
    who = case.particulars
    assert taken["service"] == "GAM-002"
    assert taken["service_name"]["en"].startswith("Streets")
    assert (case.service_id, case.governorate_id) == (
        jordan.services["GAM-002"],
        jordan.governorates["GOV-AM"],
    )
    assert (who.name, who.phone, who.email) == ("سامر عواد", "+962791234567", "Samer@example.jo")
    assert (who.national_number, who.for_name, who.for_relation) == ("9871012345", "ليلى عواد", "والدتي")
    assert (who.about_employee, who.about_unit, who.address) == ("موظف الشباك", "الصيانة", "شارع المدينة")
    assert (who.lat, who.lng) == ("31.950000", "35.913789")
    assert case.withheld


def test_null_is_as_good_as_nothing(jordan: Jordan, anyone: ApiClient) -> None:
    answer = anyone.submit_case(title=None, service=None, applicant=None, gate=None, lat=None)
    assert (answer.status_code, answer.json().get("errors")) == (201, None)


def test_without_a_body_the_platform_finds_one_or_sorts_it(jordan: Jordan, anyone: ApiClient) -> None:
    taken = anyone.submit_case(text="لا أدري لمن هذا", entity=None).json()
    assert (taken["triage"], taken["entity"]) == (True, "PM")


def test_a_life_in_danger_is_answered_with_911(jordan: Jordan, anyone: ApiClient) -> None:
    taken = anyone.submit_case(text="في حريق بالعمارة وناس محبوسين جوا").json()
    assert "911" in taken["warnings"][0]["ar"]
    assert get_case(taken).urgent


def test_the_links_lead_to_the_case(jordan: Jordan, anyone: ApiClient) -> None:
    taken = anyone.submit_case().json()
    path = taken["links"]["self"].partition("/api/v1")[2]
    assert anyone.with_access_code(taken).get(path).status_code == 200
    assert taken["links"]["page"].endswith(f"/c/{taken['reference']}")


def test_taking_a_case_in_is_one_statement(jordan: Jordan, anyone: ApiClient) -> None:
    anyone.submit_case()  # the directory is in memory now
    with CaptureQueriesContext(connection) as queries:
        anyone.submit_case(applicant={"phone": "0791234567"})
    assert len(list_statements(queries)) == 1


# Idempotency


def test_sent_again_it_is_the_same_case_and_the_same_answer(jordan: Jordan, anyone: ApiClient) -> None:
    first = anyone.submit_case(KEY)
    again = anyone.submit_case(KEY)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert "Idempotent-Replay" not in first.headers
    assert again.headers["Idempotent-Replay"] == "true"
    assert Case.objects.count() == 1


def test_what_is_compared_is_what_was_meant(jordan: Jordan, anyone: ApiClient) -> None:
    first = anyone.submit_case(KEY, text="حفرة في الشارع", applicant={"phone": "0791234567"})
    again = anyone.submit_case(KEY, text=" حفرة في الشارع\r\n", applicant={"phone": "+962 79 123 4567"})
    assert again.headers["Idempotent-Replay"] == "true"
    assert first.json() == again.json()


def test_one_key_is_for_one_case(jordan: Jordan, anyone: ApiClient) -> None:
    anyone.submit_case(KEY)
    assert get_problem_slug(anyone.submit_case(KEY, text="أمر آخر تمامًا")) == "idempotency-key-reused"
    assert Case.objects.count() == 1


def test_without_a_key_nothing_is_taken(jordan: Jordan, anyone: ApiClient) -> None:
    answer = anyone.post("/cases", {"kind": "complaint", "text": "حفرة", "entity": "GAM"})
    assert (answer.status_code, get_problem_slug(answer)) == (400, "idempotency-key-required")
    assert Case.objects.count() == 0


@pytest.mark.parametrize(
    "key", ["", "fifteen-letters", "with a space in it", "مفتاح-بالعربية-طويل-كفاية", "k" * 256]
)
def test_a_key_is_sixteen_characters_or_more(key: str, jordan: Jordan, anyone: ApiClient) -> None:
    answer = anyone.post(
        "/cases", {"kind": "complaint", "text": "حفرة", "entity": "GAM"}, Idempotency_Key=key
    )
    assert list_error_fields(answer) == ["Idempotency-Key"]


def test_a_key_belongs_to_its_client(jordan: Jordan, anyone: ApiClient) -> None:
    name = "ط" * MAX_NAME_LENGTH
    _, secret = create_client(name=name, scopes=["cases"], actor=jordan.administrator, at=NOON)
    program = ApiClient({"Authorization": f"Bearer {secret}"})
    first, second = program.submit_case(KEY), anyone.submit_case(KEY)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["reference"] != second.json()["reference"]
    assert Event.objects.get(case__reference=first.json()["reference"]).actor == f"client:{name}"


def test_a_wrong_key_of_a_program_is_refused(jordan: Jordan) -> None:
    answer = ApiClient({"Authorization": "Bearer abcdef.0123456789"}).submit_case()
    assert (answer.status_code, get_problem_slug(answer)) == (401, "not-signed-in")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_the_stored_answer_holds_no_secret(jordan: Jordan, anyone: ApiClient) -> None:
    code = anyone.submit_case().json()["access_code"].replace("-", "")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM idempotency WHERE idempotency::text LIKE %s", [f"%{code}%"])
        assert cursor.fetchone() == (0,)


# The gate


@pytest.mark.parametrize("given", [{"text": BRIBE}, {"text": "انظر العنوان", "title": BRIBE}])
def test_corruption_is_shown_the_confidential_way_and_nothing_is_kept(
    given: dict[str, str], jordan: Jordan, anyone: ApiClient, caplog: pytest.LogCaptureFixture
) -> None:
    answer = anyone.submit_case(KEY, **given)

    assert "رشوة" not in caplog.text
    refused = parse_problem(answer)
    assert (answer.status_code, get_problem_slug(answer)) == (422, "use-confidential-channel")
    assert refused["urls"] == {"ar": f"{settings.BOX_URL}/", "en": f"{settings.BOX_URL}/en/"}
    for table in (Case, CaseText, Event, Idempotency):
        assert table.objects.count() == 0


def test_whoever_goes_on_deliberately_is_taken(jordan: Jordan, anyone: ApiClient) -> None:
    assert anyone.submit_case(KEY, text=BRIBE).status_code == 422
    assert anyone.submit_case(KEY, text=BRIBE, gate="declined").status_code == 201


# Refusals of what was entered


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"text": None}, ["text"]),
        ({"text": ""}, ["text"]),
        ({"text": 7}, ["text"]),
        ({"text": "ط" * 4001}, ["text"]),
        ({"kind": "rant"}, ["kind"]),
        ({"entity": "NOWHERE"}, ["entity"]),
        ({"entity": 5}, ["entity"]),
        ({"service": "NO-001"}, ["service"]),
        ({"service": "MOH-001"}, ["service"]),
        ({"governorate": "GOV-XX"}, ["governorate"]),
        ({"lat": 91, "lng": 35}, ["lat"]),
        ({"lat": "31.9", "lng": 35}, ["lat"]),
        ({"gate": "open"}, ["gate"]),
        ({"colour": "red"}, ["colour"]),
        ({"applicant": "سامر"}, ["applicant"]),
        ({"applicant": {"phone": "12", "email": "x"}}, ["applicant.phone", "applicant.email"]),
        ({"applicant": {"name": "123"}}, ["applicant.name"]),
        ({"applicant": {"national_number": "12"}}, ["applicant.national_number"]),
        ({"applicant": {"passport": "?"}}, ["applicant.passport"]),
        ({"applicant": {"national_number": "9871012345", "passport": "N123456"}}, ["applicant"]),
        ({"applicant": {"withhold_identity": "yes"}}, ["applicant.withhold_identity"]),
        ({"on_behalf_of": {"name": "77"}}, ["on_behalf_of.name"]),
        ({"about": {"employee": "م" * 101}}, ["about.employee"]),
    ],
)  # fmt: skip
def test_each_wrong_field_is_named_in_both_languages(
    given: dict[str, Any], wrong: list[str], jordan: Jordan, anyone: ApiClient
) -> None:
    answer = anyone.submit_case(**given)
    assert (answer.status_code, get_problem_slug(answer), list_error_fields(answer)) == (
        422,
        "invalid",
        wrong,
    )
    assert all(error["message_ar"] and error["message_en"] for error in answer.json()["errors"])
    assert Case.objects.count() == 0


def test_half_a_place_is_none(jordan: Jordan, anyone: ApiClient) -> None:
    assert anyone.submit_case(lat=31.9).json()["errors"][0]["message_en"] == "Send lat and lng together."


def test_a_topic_that_needs_to_know_who_says_so(jordan: Jordan, anyone: ApiClient) -> None:
    needs = next(
        (body["code"], topic["code"])
        for body in anyone.get("/entities").json()["items"]
        for topic in anyone.get(f"/entities/{body['code']}/services").json()["items"]
        if topic["needs_identity"] and not topic["confidential"]
    )
    answer = anyone.submit_case(entity=needs[0], service=needs[1])
    assert list_error_fields(answer) == ["applicant.name"]
    known = {"name": "سامر عواد", "national_number": "9871012345"}
    assert anyone.submit_case(entity=needs[0], service=needs[1], applicant=known).status_code == 201
