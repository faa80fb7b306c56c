"""What GeoReport v2 demands of a server, one line a demand, each with the test that holds it.

The words are ours; the text is at wiki.open311.org/GeoReport_v2 and wiki.open311.org/Service_Discovery. What other
tests hold already is named; what only the specification asks stands here.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.models import Case, CaseText
from bekhedmetkom.catalogue.rules import Disposition
from bekhedmetkom.interfaces.open311 import public_requests, submission
from bekhedmetkom.interfaces.open311.service_attributes import ServiceAttribute
from bekhedmetkom.kernel.text import BilingualText
from tests.personas import DAY, HOUR, NOON, Jordan

from .conftest import PLACE_SERVICE
from .georeport_client import RESPONSE_FORMATS, GeoReportClient
from .test_public_requests import FIELDS, create_released_case
from .test_submission import COMPLETE_FORM, submit_case

D, B, R = "test_discovery", "test_submission", "test_public_requests"
THIS_FILE = "test_specification"
REQUIREMENTS: dict[str, tuple[str, str]] = {
    # Discovery
    "a discovery file names every endpoint, its formats, type and specification": (
        D,
        "test_discovery_says_where_and_in_which_formats",
    ),
    "every resource is in XML; in JSON where discovery says so": (
        THIS_FILE,
        "test_both_formats_say_the_same",
    ),
    # Times, encoding, formats
    "every time is W3C's and has its zone": (THIS_FILE, "test_every_time_has_its_zone"),
    "everything that is said is UTF-8, and the headers say so": (THIS_FILE, "test_all_is_utf_8_and_says_so"),
    "XML declares its encoding": (THIS_FILE, "test_all_is_utf_8_and_says_so"),
    "everything that is heard is read as UTF-8": (THIS_FILE, "test_a_form_is_read_as_utf_8_and_urlencoded"),
    "the format is the end of the address": (D, "test_an_unknown_format_is_a_404"),
    "XML has no namespace and no tag that is not in the specification": (
        THIS_FILE,
        "test_no_foreign_tag_and_no_namespace",
    ),
    "JSON is the XML by the Spark convention: bare lists, no envelope": (
        THIS_FILE,
        "test_both_formats_say_the_same",
    ),
    # Arguments that all have
    "an endpoint of one jurisdiction needs no jurisdiction_id": (
        D,
        "test_the_jurisdiction_is_ours_or_omitted",
    ),
    "an unknown jurisdiction_id is a 404": (D, "test_the_jurisdiction_is_ours_or_omitted"),
    "… and so it is with a POST": (B, "test_the_jurisdiction_stands_in_the_form_or_the_address"),
    "an empty optional argument is an absent one, asked": (R, "test_an_empty_parameter_is_an_absent_one"),
    "… and sent": (THIS_FILE, "test_an_empty_optional_argument_is_an_absent_one"),
    "reading needs no key": (THIS_FILE, "test_reading_needs_no_key"),
    # GET services
    "a service has its seven fields": (D, "test_a_service_has_all_that_the_specification_names"),
    "service_code is unique": (THIS_FILE, "test_codes_orders_and_keys_are_unique"),
    "type is realtime, batch or blackbox": (THIS_FILE, "test_values_are_those_of_the_specification"),
    "metadata is true exactly where there is a definition to ask for": (
        D,
        "test_metadata_is_true_where_something_is_asked",
    ),
    "keywords are a comma list": (THIS_FILE, "test_values_are_those_of_the_specification"),
    # GET services/{code}
    "a definition has its code and attributes with eight fields": (
        D,
        "test_a_definition_names_each_attribute_whole",
    ),
    "the code is the one that was asked for": (D, "test_a_definition_names_each_attribute_whole"),
    "datatype is one of six": (THIS_FILE, "test_values_are_those_of_the_specification"),
    "variable and required are true or false": (THIS_FILE, "test_values_are_those_of_the_specification"),
    "order is a positive number, each once; codes and keys are unique": (
        THIS_FILE,
        "test_codes_orders_and_keys_are_unique",
    ),
    "a list has values, each with key and name": (THIS_FILE, "test_values_are_those_of_the_specification"),
    "an unknown service_code is a 404": (D, "test_what_is_not_there_is_a_404_of_the_format"),
    # POST requests
    "a POST without a valid key is a 403": (B, "test_without_a_key_for_it_nothing_is_brought"),
    "a POST is an urlencoded form": (THIS_FILE, "test_a_form_is_read_as_utf_8_and_urlencoded"),
    "service_code is demanded; one that is unknown is a 404": (B, "test_an_unknown_service_is_a_404"),
    "what is missing or malformed is a 400 that says so": (
        B,
        "test_what_is_missing_or_malformed_is_a_400_that_names_it",
    ),
    "a place is lat and long, or address_string": (
        B,
        "test_a_place_is_asked_only_where_the_service_is_about_one",
    ),
    "lat and long come together": (B, "test_what_is_missing_or_malformed_is_a_400_that_names_it"),
    "required attributes are demanded, and only they": (THIS_FILE, "test_a_required_attribute_is_demanded"),
    "attribute[code]=v, and attribute[code][]=v again and again": (
        THIS_FILE,
        "test_an_attribute_may_have_several_values",
    ),
    "each optional argument is taken": (B, "test_all_that_was_sent_is_in_the_case"),
    "a description has 4,000 characters and may have lines": (
        THIS_FILE,
        "test_a_description_of_four_thousand_characters",
    ),
    "media_url is taken": (B, "test_a_picture_that_is_named_waits_for_the_worker"),
    "the answer is an id or a token, never both": (B, "test_the_answer_has_an_id_a_notice_and_no_token"),
    # GET tokens
    "a token is answered by its id, or by itself while there is none; an unknown one is a 404": (
        B,
        "test_what_is_still_under_way_has_a_token_until_it_is_there",
    ),
    # GET requests
    "service_request_id, a comma list, overrides all else": (R, "test_ids_override_all_else"),
    "service_code is a comma list, all where it is not said": (R, "test_by_service"),
    "status is open and closed, a comma list, all where it is not said": (R, "test_open_and_closed"),
    "start_date and end_date are of requested_datetime": (R, "test_by_dates"),
    "a range spans no more than 90 days": (R, "test_what_is_malformed_is_a_400_that_names_it"),
    "without dates it is the last 90 days": (R, "test_without_dates_the_last_ninety_days_the_newest_first"),
    "… or the first 1,000, whichever is less": (THIS_FILE, "test_no_more_than_a_thousand"),
    "a request has its seventeen fields": (R, "test_a_request_has_all_that_the_specification_names"),
    "status is open or closed": (THIS_FILE, "test_values_are_those_of_the_specification"),
    "updated_datetime of a closed request is when it was closed": (
        THIS_FILE,
        "test_closed_is_when_it_was_closed",
    ),
    # GET requests/{id}
    "one request is a list of one; an unknown one a 404": (R, "test_what_nobody_released_does_not_exist"),
    # Errors
    "an error is a list of code and description, in the format, with the status in the header": (
        THIS_FILE,
        "test_an_error_is_a_list_in_the_format",
    ),
    "what does not exist is a 404": (D, "test_what_is_not_there_is_a_404_of_the_format"),
    "several errors may be said at once": (B, "test_all_that_is_wrong_is_said_at_once"),
    "a fault of the server is said in the format": (D, "test_a_fault_of_ours_is_said_in_the_format"),
}

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
LISTS = {"services", "service_requests", "errors", "attributes", "values", "endpoints", "formats"}
TAGS = LISTS | FIELDS | {
    "service", "request", "error", "attribute", "value", "endpoint", "format", "discovery", "changeset", "contact",
    "key_service", "specification", "url", "type", "service_definition", "metadata", "keywords", "group", "variable",
    "code", "datatype", "required", "datatype_description", "order", "key", "name",
}  # fmt: skip
READ = ("discovery", "v2/services", f"v2/services/{PLACE_SERVICE}", "v2/requests", "v2/services/NO-SUCH")


@pytest.mark.parametrize("demand", REQUIREMENTS)
def test_every_demand_has_its_test(demand: str) -> None:
    file, test = REQUIREMENTS[demand]
    assert f"def {test}(" in (Path(__file__).parent / f"{file}.py").read_text()


@pytest.fixture
def both(jordan: Jordan, services: None) -> dict[str, GeoReportClient]:
    create_released_case(jordan)
    return {form: GeoReportClient(form) for form in RESPONSE_FORMATS}


def test_both_formats_say_the_same(both: dict[str, GeoReportClient]) -> None:
    for path in READ:
        answers = {form: one.get(path) for form, one in both.items()}
        assert answers["json"].status_code == answers["xml"].status_code
        said = {
            form: one.parse_response(answers[form], answers[form].status_code) for form, one in both.items()
        }
        if path == READ[-1]:
            said = {
                form: [{**one, "code": int(one["code"])} for one in errors] for form, errors in said.items()
            }
        assert said["json"] == said["xml"], path
        if path in ("v2/services", "v2/requests"):
            assert isinstance(said["json"], list)


def test_every_time_has_its_zone(both: dict[str, GeoReportClient]) -> None:
    for one in both.values():
        discovered = one.parse_response(one.get("discovery"))
        (request,) = one.parse_response(one.get_requests())
        times = [discovered["changeset"], discovered["endpoints"][0]["changeset"]]
        times += [request[name] for name in ("requested_datetime", "updated_datetime", "expected_datetime")]
        assert all(TIME.fullmatch(time) for time in times), times


def test_all_is_utf_8_and_says_so(both: dict[str, GeoReportClient]) -> None:
    for path in READ:
        for form, one in both.items():
            answer = one.get(path)
            assert "charset=utf-8" in answer.headers["Content-Type"]
            text = answer.content.decode("utf-8")
            assert form == "json" or text.lower().startswith("<?xml version='1.0' encoding='utf-8'?>")
            assert path == READ[-1] or re.search("[\u0621-\u064a]", text), "in Arabic, not escaped"


def test_no_foreign_tag_and_no_namespace(both: dict[str, GeoReportClient]) -> None:
    for path in READ:
        text = both["xml"].get(path).content.decode()
        assert "xmlns" not in text
        assert set(re.findall(r"<([a-z_]+)", text)) <= TAGS


def test_reading_needs_no_key(both: dict[str, GeoReportClient]) -> None:
    for one in both.values():
        assert not one.key
        assert [one.get(path).status_code for path in READ[:-1]] == [200] * 4


def test_a_form_is_read_as_utf_8_and_urlencoded(program: GeoReportClient, services: None) -> None:
    form = urlencode({"api_key": program.key, **COMPLETE_FORM, "first_name": "سامر"})
    for kind in ("application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=utf-8"):
        answer = program.client.post(f"/open311/v2/requests.{program.format}", form, content_type=kind)
        (said,) = program.parse_response(answer)
        case = Case.objects.get(reference=said["service_request_id"])
        assert CaseText.objects.get(case=case, field="text").body == COMPLETE_FORM["description"]


def test_an_empty_optional_argument_is_an_absent_one(program: GeoReportClient, services: None) -> None:
    optional = ("email", "device_id", "account_id", "first_name", "last_name", "phone", "media_url", "address_id",
                "address_string", "jurisdiction_id", "attribute__GOVERNORATE")  # fmt: skip
    first = submit_case(program)
    assert submit_case(program, **dict.fromkeys(optional, "")).reference == first.reference, (
        "the same form again"
    )


def _definitions(one: GeoReportClient) -> Iterator[dict[str, Any]]:
    for service in one.parse_response(one.get("v2/services"))[:40]:
        yield one.parse_response(one.get(f"v2/services/{service['service_code']}"))
    yield one.parse_response(one.get(f"v2/services/{PLACE_SERVICE}"))


def test_values_are_those_of_the_specification(both: dict[str, GeoReportClient]) -> None:
    for one in both.values():
        for service in one.parse_response(one.get("v2/services")):
            assert service["type"] in ("realtime", "batch", "blackbox")
            assert service["metadata"] in (True, False)
            assert all(word.strip() for word in service["keywords"].split(","))
        for definition in _definitions(one):
            for asked in definition["attributes"]:
                assert asked["datatype"] in (
                    "string", "number", "datetime", "text", "singlevaluelist", "multivaluelist",
                )  # fmt: skip
                assert {asked["variable"], asked["required"]} <= {True, False}
                assert bool(asked["values"]) is asked["datatype"].endswith("list")
                assert all(value["key"] and value["name"] for value in asked["values"])
        assert {request["status"] for request in one.parse_response(one.get_requests())} <= {"open", "closed"}


def test_codes_orders_and_keys_are_unique(both: dict[str, GeoReportClient]) -> None:
    for one in both.values():
        codes = [service["service_code"] for service in one.parse_response(one.get("v2/services"))]
        assert len(codes) == len(set(codes))
        for definition in _definitions(one):
            asked = definition["attributes"]
            orders, names = [one["order"] for one in asked], [one["code"] for one in asked]
            assert all(order > 0 for order in orders)
            for all_of in (orders, names, *([value["key"] for value in one["values"]] for one in asked)):
                assert len(all_of) == len(set(all_of))


def test_a_required_attribute_is_demanded(
    program: GeoReportClient, services: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = [
        ServiceAttribute(
            "SIZE", BilingualText("كم حجمها؟", "How large?"), BilingualText("", ""), required=True
        ),
        ServiceAttribute("NOTE", BilingualText("ماذا بعد؟", "What else?"), BilingualText("", "")),
    ]
    monkeypatch.setattr(submission, "list_attributes", lambda topic: asked)
    assert "attribute[SIZE]" in program.get_error_text(program.post(**COMPLETE_FORM), 400)
    assert submit_case(program, attribute__SIZE="3")


def test_an_attribute_may_have_several_values(program: GeoReportClient, services: None) -> None:
    case = submit_case(
        program, **{"attribute[GOVERNORATE][]": ["GOV-AM", "GOV-IR"], "attribute[OTHER][]": ["a", "b"]}
    )
    assert case.governorate and case.governorate.code == "GOV-AM"


def test_a_description_of_four_thousand_characters(program: GeoReportClient, services: None) -> None:
    text = ("حفرة كبيرة\r\nأمام المدرسة\n" * 400)[:4000].strip()
    case = submit_case(program, description=text)
    assert CaseText.objects.get(case=case, field="text").body == text.replace("\r\n", "\n")


def test_no_more_than_a_thousand(
    both: dict[str, GeoReportClient], jordan: Jordan, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert public_requests.MAX_RESULTS == 1000
    monkeypatch.setattr(public_requests, "MAX_RESULTS", 2)
    first = Case.objects.get()
    second, _ = (create_released_case(jordan, at=NOON - hours * HOUR) for hours in (1, 2))
    for one in both.values():
        assert one.list_ids(one.get_requests()) == [first.reference, second.reference]


def test_closed_is_when_it_was_closed(both: dict[str, GeoReportClient], jordan: Jordan) -> None:
    """What its citizen says of it afterwards changes nothing for everybody."""
    case = Case.objects.get()
    seq = commands.assign_case(case=case.pk, seen=case.seq, actor=jordan.main, at=NOON, unit=jordan.roads)
    commands.answer_case(
        case=case.pk, seen=seq, actor=jordan.roads_officer, at=NOON + HOUR, text="أصلحناها اليوم",
        disposition=Disposition.UPHELD,
    )  # fmt: skip
    commands.rate_case(
        case=case.pk, seen=None, actor=jordan.get_citizen(case), at=NOON + DAY, solved=True, stars=5
    )
    for one in both.values():
        (said,) = one.parse_response(one.get_requests(status="closed"))
        assert said["updated_datetime"] == "2026-11-24T13:00:00+03:00"


def test_an_error_is_a_list_in_the_format(both: dict[str, GeoReportClient]) -> None:
    for one in both.values():
        assert one.get_error_text(one.get("v2/services/NO-SUCH"), 404)
        assert one.get_error_text(one.post(**COMPLETE_FORM), 403)
        assert one.get_error_text(one.get_requests(status="lost"), 400)
