"""Where the service is, about what can be asked, and what it asks: what the specification demands of each."""

from typing import Any

import pytest
from django.test import Client

from bekhedmetkom.catalogue.models import Service
from bekhedmetkom.catalogue.rules import Handling, Kind
from bekhedmetkom.entities.models import Entity, Governorate
from bekhedmetkom.entities.table_cache import refresh_versions
from tests.personas import NOON, Jordan

from .conftest import IDENTITY_SERVICE, PLACE_SERVICE, PUBLIC_SERVICE
from .georeport_client import GeoReportClient


def list_services(anyone: GeoReportClient, **query: str) -> dict[str, Any]:
    return {one["service_code"]: one for one in anyone.parse_response(anyone.get("v2/services", **query))}


def test_discovery_says_where_and_in_which_formats(anyone: GeoReportClient, jordan: Jordan) -> None:
    said = anyone.parse_response(anyone.get("discovery"))
    assert said.keys() == {"changeset", "contact", "key_service", "endpoints"}
    (endpoint,) = said["endpoints"]
    assert endpoint.keys() == {"specification", "url", "changeset", "type", "formats"}
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert endpoint["url"].endswith("/open311/v2")
    assert endpoint["type"] in ("test", "production")
    assert endpoint["formats"] == ["text/xml", "application/json"]


def test_a_service_has_all_that_the_specification_names(anyone: GeoReportClient, services: None) -> None:
    found = list_services(anyone)
    assert all(
        one.keys() == {"service_code", "service_name", "description", "metadata", "type", "keywords", "group"}
        for one in found.values()
    )
    one = found[PLACE_SERVICE]
    assert (one["metadata"], one["type"]) == (True, "realtime")
    assert one["group"] == Entity.objects.get(code="GAM").name_ar


def test_metadata_is_true_where_something_is_asked(anyone: GeoReportClient, services: None) -> None:
    plain = Service.objects.filter(entity__code="GAM", handling="open").exclude(
        code__in=[PLACE_SERVICE, IDENTITY_SERVICE, PUBLIC_SERVICE]
    )
    plain.update(about_place=False, needs_identity=False)
    refresh_versions()
    found = list_services(anyone)
    for code in (PLACE_SERVICE, IDENTITY_SERVICE, PUBLIC_SERVICE, plain.earliest("code").code):
        asked = anyone.parse_response(anyone.get(f"v2/services/{code}"))["attributes"]
        assert found[code]["metadata"] is bool(asked)


def test_nothing_confidential_is_asked_publicly(anyone: GeoReportClient, jordan: Jordan) -> None:
    careful = set(Service.objects.exclude(handling=str(Handling.OPEN)).values_list("code", flat=True))
    inspected = set(Service.objects.filter(typical_kind=str(Kind.VIOLATION)).values_list("code", flat=True))
    assert careful
    assert not (careful | inspected) & list_services(anyone).keys()
    for code in sorted(careful)[:3]:
        assert anyone.get_error_text(anyone.get(f"v2/services/{code}"), 404)


def test_what_has_ended_is_not_offered(anyone: GeoReportClient, services: None) -> None:
    Service.objects.filter(code=PLACE_SERVICE).update(closed_on=NOON.date())
    refresh_versions()
    assert PLACE_SERVICE not in list_services(anyone)
    assert anyone.get_error_text(anyone.get(f"v2/services/{PLACE_SERVICE}"), 404)


def test_one_bodys_services(anyone: GeoReportClient, jordan: Jordan) -> None:
    found = list_services(anyone, entity="MOH")
    assert found and all(code.startswith("MOH-") for code in found)
    assert anyone.get_error_text(anyone.get("v2/services", entity="XYZ"), 404)
    assert len(list_services(anyone, entity="")) > len(found)


def test_a_definition_names_each_attribute_whole(anyone: GeoReportClient, services: None) -> None:
    said = anyone.parse_response(anyone.get(f"v2/services/{PLACE_SERVICE}"))
    assert said["service_code"] == PLACE_SERVICE
    (place,) = said["attributes"]
    assert place.keys() == {
        "variable", "code", "datatype", "required", "datatype_description", "order", "description", "values",
    }  # fmt: skip
    assert (place["variable"], place["datatype"], place["order"]) == (True, "singlevaluelist", 1)
    governorate = Governorate.objects.get(code="GOV-AM")
    assert {"key": "GOV-AM", "name": governorate.name_ar} in place["values"]
    asked = anyone.parse_response(anyone.get(f"v2/services/{IDENTITY_SERVICE}"))["attributes"]
    assert [one["code"] for one in asked] == ["NATIONAL_NUMBER", "PASSPORT"]
    assert {one["datatype"] for one in asked} == {"string"}


@pytest.mark.parametrize(
    "path", ["v2/services/NO-SUCH", "v2/requests/BK-0000-0000", "v2/tokens/nothing", "v2/x", "x"]
)
def test_what_is_not_there_is_a_404_of_the_format(anyone: GeoReportClient, jordan: Jordan, path: str) -> None:
    assert anyone.get_error_text(anyone.get(path), 404)


def test_an_unknown_format_is_a_404(jordan: Jordan) -> None:
    for path in (
        "discovery.html",
        "v2/services.csv",
        "v2/requests.yaml",
        "v2/services",
        "v2/services/GAM-001.jsonp",
    ):
        answer = Client().get(f"/open311/{path}")
        assert answer.status_code == 404
        assert "html" not in answer.headers["Content-Type"]


@pytest.mark.parametrize("path", ["discovery", "v2/services", "v2/services/GAM-001", "v2/requests"])
def test_the_jurisdiction_is_ours_or_omitted(anyone: GeoReportClient, jordan: Jordan, path: str) -> None:
    for ours in ("localhost", "LOCALHOST", ""):
        anyone.parse_response(anyone.get(path, jurisdiction_id=ours))
    assert anyone.get_error_text(anyone.get(path, jurisdiction_id="sfgov.org"), 404)


@pytest.mark.parametrize("path", ["discovery", "v2/services", "v2/services/GAM-001", "v2/tokens/x"])
def test_another_method_is_a_405(anyone: GeoReportClient, jordan: Jordan, path: str) -> None:
    answer = anyone.client.post(f"/open311/{path}.{anyone.format}")
    assert anyone.get_error_text(answer, 405)
    assert answer.headers["Allow"] == "GET, HEAD"
    assert anyone.get_error_text(anyone.client.delete(f"/open311/v2/requests.{anyone.format}"), 405)


def test_it_speaks_the_language_that_is_asked_for(anyone: GeoReportClient, services: None) -> None:
    topic = Service.objects.get(code=PLACE_SERVICE)
    assert list_services(anyone)[PLACE_SERVICE]["service_name"] == topic.name_ar
    anyone.headers["Accept-Language"] = "en-GB"
    assert list_services(anyone)[PLACE_SERVICE]["service_name"] == topic.name_en
    answer = anyone.get("v2/services/NO-SUCH")
    assert anyone.get_error_text(answer, 404) == "No service has this service_code."
    assert answer.headers["Content-Language"] == "en"
    assert "Accept-Language" in answer.headers["Vary"]


@pytest.mark.parametrize("path", ["discovery", "v2/services", "v2/services/GAM-001", "v2/requests"])
def test_every_reading_carries_an_etag(anyone: GeoReportClient, jordan: Jordan, path: str) -> None:
    first = anyone.get(path)
    assert first.headers["ETag"]
    assert ("max-age=3600" in first.headers["Cache-Control"]) is (path != "v2/requests")
    anyone.headers["If-None-Match"] = first.headers["ETag"]
    again = anyone.get(path)
    assert (again.status_code, again.content) == (304, b"")


def test_what_is_wanted_only_as_it_was_is_refused_in_the_format(
    anyone: GeoReportClient, services: None
) -> None:
    anyone.headers["If-Match"] = '"another"'
    assert "If-Match" in anyone.get_error_text(anyone.get("v2/services"), 412)


def test_a_fault_of_ours_is_said_in_the_format(
    anyone: GeoReportClient, jordan: Jordan, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> Any:
        raise RuntimeError("a word that nobody reads")

    monkeypatch.setattr("bekhedmetkom.interfaces.open311.discovery.topics", broken)
    said = anyone.get_error_text(anyone.get("v2/services"), 500)
    assert "nobody reads" not in said
