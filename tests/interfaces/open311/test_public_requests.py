"""GET requests: what is public, by every filter of the specification; and nothing else, whoever asks."""

import gc
from collections.abc import Callable
from datetime import datetime
from typing import Any
from weakref import ref

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.models import Case
from bekhedmetkom.cases.rules.applicant import Applicant
from bekhedmetkom.catalogue.models import Service
from bekhedmetkom.catalogue.rules import Disposition, Kind
from bekhedmetkom.entities.table_cache import refresh_versions
from bekhedmetkom.identity import rate_limit
from tests.personas import DAY, HOUR, NOON, Jordan

from .conftest import PUBLIC_SERVICE
from .georeport_client import GeoReportClient

WORDS = "حاوية مكسورة عند المدرسة"
FIELDS = {
    "service_request_id", "status", "status_notes", "service_name", "service_code", "description", "agency_responsible",
    "service_notice", "requested_datetime", "updated_datetime", "expected_datetime", "address", "address_id", "zipcode",
    "lat", "long", "media_url",
}  # fmt: skip

pytestmark = pytest.mark.usefixtures("services")


def create_agreed_case(jordan: Jordan, **given: Any) -> Case:
    usual: dict[str, Any] = {
        "service": jordan.services[PUBLIC_SERVICE],
        "agreed": True,
        "lat": "31.953912",
        "lng": "35.910645",
    }
    return jordan.create_case(**usual | given)


def create_released_case(jordan: Jordan, text: str = WORDS, **given: Any) -> Case:
    case = create_agreed_case(jordan, **given)
    commands.publish_case(case=case.pk, seen=case.seq, actor=jordan.main, at=case.updated_at, text=text)
    case.refresh_from_db()
    return case


def test_a_request_has_all_that_the_specification_names(anyone: GeoReportClient, jordan: Jordan) -> None:
    case = create_released_case(jordan, governorate=jordan.governorates["GOV-AM"])
    (said,) = anyone.parse_response(anyone.get(f"v2/requests/{case.reference}"))
    assert said.keys() == FIELDS
    assert said["service_request_id"] == case.reference
    assert (said["status"], said["service_code"], said["description"]) == ("open", PUBLIC_SERVICE, WORDS)
    assert said["requested_datetime"] == "2026-11-24T12:00:00+03:00"
    assert datetime.fromisoformat(said["expected_datetime"]) == case.due_at.replace(microsecond=0)
    assert said["address_id"] is said["zipcode"] is said["media_url"] is None
    assert anyone.parse_response(anyone.get_requests()) == [said]


def test_the_place_is_known_to_about_a_hundred_metres(anyone: GeoReportClient, jordan: Jordan) -> None:
    case = create_released_case(jordan)
    (said,) = anyone.parse_response(anyone.get(f"v2/requests/{case.reference}"))
    assert (said["lat"], said["long"]) == (31.954, 35.911)
    nowhere = create_released_case(jordan, lat="", lng="")
    (said,) = anyone.parse_response(anyone.get(f"v2/requests/{nowhere.reference}"))
    assert (said["lat"], said["long"], said["address"]) == (None, None, None)


def test_nothing_of_its_citizen_is_read(anyone: GeoReportClient, jordan: Jordan) -> None:
    case = create_released_case(jordan, address="شارع الجامعة 17")
    for answer in (anyone.get_requests(extensions="true"), anyone.get(f"v2/requests/{case.reference}")):
        text = answer.content.decode()
        assert WORDS in text
        for word in ("سامر", "962791234567", "الجامعة 17", "31.9539", "الشارع جنب المدرسة"):
            assert word not in text


def _by_citizen(jordan: Jordan, case: Case, command: Callable[..., int], **given: Any) -> None:
    command(case=case.pk, seen=None, actor=jordan.get_citizen(case), at=NOON, **given)


def _topic_no_more(jordan: Jordan, case: Case) -> None:
    Service.objects.filter(code=PUBLIC_SERVICE).update(public=False)
    refresh_versions()


def _about_somebody(jordan: Jordan, case: Case) -> None:
    commands.set_complaint_subject(
        case=case.pk, seen=case.seq, actor=jordan.main, at=NOON, unit=jordan.lighting
    )


def _another_kind(jordan: Jordan, case: Case) -> None:
    commands.reclassify_case(
        case=case.pk, seen=case.seq, actor=jordan.main, at=NOON, kind=Kind.VIOLATION, reason="مخالفة"
    )


def _by_desk(jordan: Jordan, case: Case) -> None:
    commands.publish_case(case=case.pk, seen=case.seq, actor=jordan.main, at=NOON, shown=False)


WAYS_TO_HIDE: dict[str, Callable[[Jordan, Case], None]] = {
    "the desk takes it down": _by_desk,
    "its citizen agrees no longer": lambda jordan, case: _by_citizen(
        jordan, case, commands.keep_case_private
    ),
    "its citizen takes it back": lambda jordan, case: _by_citizen(jordan, case, commands.withdraw_case),
    "its citizen erases it": lambda jordan, case: _by_citizen(jordan, case, commands.erase_case),
    "its topic is no longer public": _topic_no_more,
    "it complains of somebody": _about_somebody,
    "it is a violation": _another_kind,
}


@pytest.mark.parametrize("end", WAYS_TO_HIDE)
def test_it_is_public_until(anyone: GeoReportClient, jordan: Jordan, end: str) -> None:
    case = create_released_case(jordan)
    assert anyone.list_ids(anyone.get_requests()) == [case.reference]
    WAYS_TO_HIDE[end](jordan, case)
    assert anyone.list_ids(anyone.get_requests()) == []
    assert anyone.list_ids(anyone.get_requests(service_request_id=case.reference)) == []
    assert anyone.get_error_text(anyone.get(f"v2/requests/{case.reference}"), 404)


def test_what_nobody_released_does_not_exist(anyone: GeoReportClient, jordan: Jordan) -> None:
    case = create_agreed_case(jordan)
    hidden, unknown = (anyone.get(f"v2/requests/{r}") for r in (case.reference, "BK-0000-0000"))
    assert anyone.get_error_text(hidden, 404) == anyone.get_error_text(unknown, 404)
    assert anyone.list_ids(anyone.get_requests()) == []


def test_open_and_closed(anyone: GeoReportClient, jordan: Jordan) -> None:
    open_, done = create_released_case(jordan), create_released_case(jordan)
    seq = commands.assign_case(case=done.pk, seen=done.seq, actor=jordan.main, at=NOON, unit=jordan.roads)
    commands.answer_case(
        case=done.pk, seen=seq, actor=jordan.roads_officer, at=NOON, text="أصلحناها اليوم",
        disposition=Disposition.UPHELD,
    )  # fmt: skip
    assert anyone.list_ids(anyone.get_requests(status="open")) == [open_.reference]
    assert anyone.list_ids(anyone.get_requests(status="closed")) == [done.reference]
    assert len(anyone.list_ids(anyone.get_requests(status="open,closed"))) == 2
    assert "status" in anyone.get_error_text(anyone.get_requests(status="lost"), 400)


def test_by_service(anyone: GeoReportClient, jordan: Jordan) -> None:
    case = create_released_case(jordan)
    assert anyone.list_ids(anyone.get_requests(service_code=f"GAM-002, {PUBLIC_SERVICE}")) == [case.reference]
    assert anyone.list_ids(anyone.get_requests(service_code="GAM-002,NO-SUCH")) == []


def test_ids_override_all_else(anyone: GeoReportClient, jordan: Jordan) -> None:
    old, new = create_released_case(jordan, at=NOON - 200 * DAY), create_released_case(jordan)
    named = f"{old.reference},{new.reference.lower()},BK-0000-0000,nonsense"
    assert anyone.list_ids(anyone.get_requests(service_request_id=named, status="closed")) == [
        new.reference,
        old.reference,
    ]


def test_without_dates_the_last_ninety_days_the_newest_first(anyone: GeoReportClient, jordan: Jordan) -> None:
    cases = [create_released_case(jordan, at=NOON - days * DAY) for days in (100, 80, 1)]
    assert anyone.list_ids(anyone.get_requests()) == [cases[2].reference, cases[1].reference]


def test_by_dates(anyone: GeoReportClient, jordan: Jordan) -> None:
    old, new = (create_released_case(jordan, at=NOON - days * DAY) for days in (100, 1))
    assert anyone.list_ids(
        anyone.get_requests(start_date="2026-08-01T00:00:00Z", end_date="2026-09-01T00:00:00Z")
    ) == [old.reference]
    assert anyone.list_ids(anyone.get_requests(start_date="2026-11-01")) == [new.reference]
    assert anyone.list_ids(anyone.get_requests(start_date="2026-11-01T00:00:00+03:00", end_date="")) == [
        new.reference
    ]
    assert anyone.list_ids(anyone.get_requests(end_date="2026-09-01T00:00:00")) == [old.reference]
    assert anyone.list_ids(anyone.get_requests(start_date="2026-11-24", end_date="2026-11-01")) == []


@pytest.mark.parametrize(
    "query",
    [
        {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-11-01T00:00:00Z"},
        {"start_date": "yesterday"}, {"end_date": "0001-01-01"}, {"start_date": "9999-12-31T23:59:59Z"},
        {"page": "0"}, {"page_size": "-1"}, {"page": "x"}, {"updated_after": "x"}, {"status": "openclosed"},
    ],
    ids=str,
)  # fmt: skip
def test_what_is_malformed_is_a_400_that_names_it(
    anyone: GeoReportClient, jordan: Jordan, query: dict[str, str]
) -> None:
    assert next(iter(query)) in anyone.get_error_text(anyone.get_requests(**query), 400)


def test_an_empty_parameter_is_an_absent_one(anyone: GeoReportClient, jordan: Jordan) -> None:
    case = create_released_case(jordan)
    empty = dict.fromkeys(
        ("service_request_id", "service_code", "status", "start_date", "end_date", "page", "page_size", "updated_after",
         "extensions", "jurisdiction_id"), "")  # fmt: skip
    assert anyone.list_ids(anyone.get_requests(**empty)) == [case.reference]


def test_a_page_at_a_time(anyone: GeoReportClient, jordan: Jordan) -> None:
    cases = [create_released_case(jordan, at=NOON - n * HOUR).reference for n in range(5)]
    assert anyone.list_ids(anyone.get_requests(page_size="2")) == cases[:2]
    assert anyone.list_ids(anyone.get_requests(page="3", page_size="2")) == cases[4:]
    assert anyone.list_ids(anyone.get_requests(page="1", page_size="5000")) == cases


def test_what_has_changed_since(anyone: GeoReportClient, jordan: Jordan) -> None:
    create_released_case(jordan, at=NOON - 3 * DAY)
    new = create_released_case(jordan)
    assert anyone.list_ids(anyone.get_requests(updated_after="2026-11-24T00:00:00+03:00")) == [new.reference]


def test_more_is_told_to_who_asks_for_it(anyone: GeoReportClient, jordan: Jordan) -> None:
    create_released_case(jordan)
    (said,) = anyone.parse_response(anyone.get_requests(extensions="true"))
    assert said["extended_attributes"] == {"state": "received", "kind": "complaint", "entity": "GAM"}


def test_whoever_asks_too_fast_waits(
    anyone: GeoReportClient, jordan: Jordan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_limit, "count_question", lambda **_: 7)
    for answer in (anyone.get_requests(), anyone.get("v2/requests/BK-0000-0000")):
        assert anyone.get_error_text(answer, 429)
        assert answer.headers["Retry-After"] == "7"


def test_a_list_is_one_question_to_the_tables_of_cases(anyone: GeoReportClient, jordan: Jordan) -> None:
    for _ in range(3):
        create_released_case(jordan)
    anyone.get_requests()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        anyone.get_requests()
    assert len([q for q in queries if "public_cases" in q["sql"]]) == 1
    assert len(queries) <= 4


def test_the_door_reads_no_case_itself(anyone: GeoReportClient, jordan: Jordan) -> None:
    """Behind the wall whoever is let in to nothing sees nothing; what everybody may read goes round it."""
    case = create_released_case(jordan, applicant=Applicant(name="ليلى حداد"))
    with CaptureQueriesContext(connection) as queries:
        anyone.get(f"v2/requests/{case.reference}")
    assert not [q["sql"] for q in queries if 'FROM "case"' in q["sql"]]


def test_nothing_is_kept_of_who_was_told_that_there_is_nothing(anyone: GeoReportClient) -> None:
    answer = anyone.get("v2/requests/BK-0000-0000")
    assert answer.status_code == 404
    asked = ref(answer.wsgi_request)
    del answer
    gc.collect()
    assert asked() is None
