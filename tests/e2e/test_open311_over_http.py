"""A client of another maker (PyPI's georeport) reads all that it can read, in both of its formats, over real HTTP."""

import httpx
import pytest
from georeport import GeoReport

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.models import Case
from bekhedmetkom.catalogue.models import Service
from bekhedmetkom.entities.versions import ask_again
from bekhedmetkom.identity.commands import create_client
from bekhedmetkom.kernel.clock import now
from tests.e2e.conftest import Site
from tests.personas import NOON

pytestmark = pytest.mark.e2e

TOPIC, WORDS = "GAM-001", "حاوية مكسورة عند المدرسة"


def test_another_makers_client_reads_what_was_brought(site: Site) -> None:
    jordan = site.jordan
    Service.objects.filter(code=TOPIC).update(public=True)
    ask_again()
    made = create_client(name="تطبيق بلدي", scopes=["open311"], actor=jordan.administrator, at=NOON)
    form = {
        "api_key": made.key, "service_code": TOPIC, "lat": "31.953912", "long": "35.910645",
        "description": "حاوية بيت سامر مكسورة", "attribute[PUBLIC]": "yes", "jurisdiction_id": "localhost",
    }  # fmt: skip
    (said,) = httpx.post(f"{site.address}/open311/v2/requests.json", data=form, timeout=20).json()
    case = Case.objects.get(reference=said["service_request_id"])
    commands.release(case=case.pk, seen=1, actor=jordan.main, at=now(), text=WORDS)
    found = []
    for form_of in ("json", "xml"):
        client = GeoReport(f"{site.address}/open311/v2", jurisdiction="localhost", output_format=form_of)
        services = {one["service_code"]: one for one in client.get_service_list()}
        assert services[TOPIC]["service_name"] == Service.objects.get(code=TOPIC).name_ar
        assert client.get_service_definition(TOPIC)["service_code"] == TOPIC
        one = client.get_service_request(case.reference)
        later = client.get_service_requests(service_request_id=case.reference)
        listed = [later] if isinstance(later, dict) else later  # xmltodict makes no list of one
        assert listed[0] == one
        assert (one["description"], one["status"], float(one["lat"])) == (WORDS, "open", 31.954)
        found.append(one["service_request_id"])
    assert found == [case.reference] * 2
