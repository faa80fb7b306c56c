"""Clients of other makers read and write, in both formats, over real HTTP: PyPI's georeport, three and civicbot."""

import itertools
import json
from collections.abc import Mapping
from ipaddress import ip_network
from typing import Any

import pytest
from civicbot import Endpoint, HttpTransport, Open311Client
from civicbot.http import RateLimiter
from georeport import GeoReport
from pytest import MonkeyPatch
from pytest_django import Settings
from relaxml import xml

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.models import Case, CaseText, Particulars
from bekhedmetkom.catalogue.models import Service
from bekhedmetkom.catalogue.rules import Disposition
from bekhedmetkom.entities.table_cache import refresh_versions
from bekhedmetkom.identity.commands import create_client
from bekhedmetkom.kernel.clock import now
from bekhedmetkom.webhooks import commands as webhooks
from bekhedmetkom.webhooks.georeport_client import GeoReportClient, UnknownOutcome
from bekhedmetkom.webhooks.models import Connection, Forwarding
from bekhedmetkom.webhooks.rules.forwarding import ForwardingStep, ParkedReason
from tests.commands.cases.case_stages import ANSWER
from tests.commands.webhooks.external_system_helpers import MINUTE, run_due_work
from tests.e2e.conftest import Site
from tests.personas import DAY, HOUR, NOON

pytestmark = pytest.mark.e2e

TOPIC, WORDS = "GAM-001", "حاوية مكسورة عند المدرسة"
LOCATION = {"lat": 31.953912, "long": 35.910645}


def create_three_client(monkeypatch: MonkeyPatch, **options: Any) -> Any:
    """Code for America's wrapper of 2013. It was written for Python 2, of which it misses two things; what it sends,
    and where, is its own."""
    monkeypatch.setattr(itertools, "ifilter", filter, raising=False)
    from three import core

    def read(self: Any, content: bytes, conversion: bool) -> Any:
        if not conversion:
            return content
        return json.loads(content) if self.format == "json" else next(iter(xml(content).values()))

    monkeypatch.setattr(core.Three, "convert", read)
    return core.Three(**options)


def create_api_key(site: Site) -> str:
    made = create_client(name="تطبيق بلدي", scopes=["open311"], actor=site.jordan.administrator, at=NOON)
    return made.key


@pytest.mark.parametrize("form_of", ["json", "xml"])
def test_other_makers_clients_write_and_read_what_they_wrote(
    site: Site, monkeypatch: MonkeyPatch, form_of: str
) -> None:
    Service.objects.filter(code=TOPIC).update(public=True)
    refresh_versions()
    root = f"{site.address}/open311/v2"
    writer = create_three_client(
        monkeypatch, endpoint=root, api_key=create_api_key(site), format=form_of, jurisdiction="localhost"
    )
    sent = {
        "name": "سامر عواد", "email": "samer@example.com", "description": "حاوية بيت سامر مكسورة", **LOCATION,
        "attribute[PUBLIC]": "yes", "address": "شارع الجامعة",
    }  # fmt: skip
    said = writer.post(TOPIC, **sent)
    reference = (said[0] if form_of == "json" else said["request"])["service_request_id"]
    case = Case.objects.get(reference=reference)
    who = Particulars.objects.get(case=case)
    assert CaseText.objects.get(case=case, field="text").body == sent["description"]
    assert (who.name, who.email, who.address, who.lat) == (
        "سامر عواد",
        "samer@example.com",
        "شارع الجامعة",
        "31.953912",
    )
    assert case.agreed
    refused = writer.post("NO-SUCH", **sent)
    wrong = refused[0] if form_of == "json" else refused["error"]
    assert int(wrong["code"]) == writer.post_response.status_code == 404

    commands.publish_case(case=case.pk, seen=1, actor=site.jordan.main, at=now(), text=WORDS)
    reader = GeoReport(root, jurisdiction="localhost", output_format=form_of)
    services = {one["service_code"]: one for one in reader.get_service_list()}
    assert services[TOPIC]["service_name"] == Service.objects.get(code=TOPIC).name_ar
    assert reader.get_service_definition(TOPIC)["service_code"] == TOPIC
    one = reader.get_service_request(reference)
    later = reader.get_service_requests(service_request_id=reference)
    listed = [later] if isinstance(later, dict) else later  # xmltodict makes no list of one
    assert listed[0] == one
    assert (one["description"], one["status"], float(one["lat"])) == (WORDS, "open", 31.954)
    found = writer.requests(TOPIC)
    assert (found[0] if form_of == "json" else found["request"])["service_request_id"] == reference


def test_a_client_that_checks_what_it_sends_against_what_we_say_of_a_service(site: Site) -> None:
    there = Endpoint("jo", "Jordan", f"{site.address}/open311/v2", write=True)
    client = Open311Client(there, HttpTransport(rate_limiter=RateLimiter(0)), "localhost")
    made = client.create_request(
        TOPIC, dry_run=False, confirm="SEND", api_key=create_api_key(site), validate_remote=True, lat=LOCATION["lat"],
        lng=LOCATION["long"], description="حاوية مكسورة", phone="0791234567",
    )  # fmt: skip
    case = Case.objects.get(reference=made.response[0]["service_request_id"])
    assert (case.channel, Particulars.objects.get(case=case).phone) == ("open311", "+962791234567")


def test_our_own_server_on_the_other_side(site: Site, monkeypatch: MonkeyPatch, settings: Settings) -> None:
    """A case goes there, its answer is lost, it is sent again as the same, and what becomes of it there comes back."""
    settings.OUTWARD_NETWORKS = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
    jordan, start = site.jordan, now()
    Service.objects.filter(code=TOPIC).update(public=True)
    refresh_versions()
    gam = jordan.entities["GAM"]
    program = create_client(
        name="نظام الأمانة", scopes=["open311"], entity=gam, actor=jordan.administrator, at=start
    )
    system = webhooks.save_connection(
        Connection(entity_id=gam, url=f"{site.address}/open311/v2", jurisdiction="localhost", form="xml",
                   kinds=["complaint"], tells="text"),
        key=program.key, actor=jordan.administrator, at=start,
    )  # fmt: skip
    assert TOPIC in {one.code for one in webhooks.fetch_services(system).services}
    lacking = webhooks.save_service_codes(
        connection=system.pk, codes={jordan.services[TOPIC]: (TOPIC, "PUBLIC = yes")}, actor=jordan.administrator,
        at=start,
    )  # fmt: skip
    assert lacking == []
    case = jordan.create_case(
        "حاوية مكسورة", service=jordan.services[TOPIC], lat="31.953912", lng="35.910645", at=start
    )

    post = GeoReportClient.create_request

    def lost(self: GeoReportClient, form: Mapping[str, str], key: str) -> Any:
        post(self, form, key)
        raise UnknownOutcome

    with monkeypatch.context() as patch:
        patch.setattr(GeoReportClient, "create_request", lost)
        run_due_work(start + MINUTE)
    for minutes in (5, 30, 60):  # it shows nothing that nobody released: nobody can know
        run_due_work(start + minutes * MINUTE)
    stuck = Forwarding.objects.get()
    assert stuck.why == ParkedReason.IN_DOUBT
    webhooks.retry_forwarding(forwarding=stuck.pk, actor=jordan.administrator, at=start + HOUR)
    assert run_due_work(start + HOUR) == 1
    there = Case.objects.exclude(pk=case.pk).get()  # one, which is not sent to itself
    stuck.refresh_from_db()
    assert (stuck.far_id, stuck.step, there.channel) == (there.reference, ForwardingStep.FORWARDED, "open311")
    assert case.reference in CaseText.objects.get(case=there, field="text").body

    commands.publish_case(case=there.pk, seen=1, actor=jordan.main, at=now(), text=WORDS)
    seq = commands.assign_case(case=there.pk, seen=2, actor=jordan.main, at=now(), unit=jordan.roads)
    commands.answer_case(
        case=there.pk,
        seen=seq,
        actor=jordan.roads_officer,
        at=now(),
        text=ANSWER,
        disposition=Disposition.UPHELD,
    )
    assert run_due_work(start + DAY) == 1
    assert CaseText.objects.get(case=case, field="system").body == "تم الرد"
