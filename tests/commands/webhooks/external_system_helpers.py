"""A body whose own system speaks GeoReport v2, connected, and cases brought to it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from pytest_django import Settings

from bekhedmetkom.cases.models import Case, Event
from bekhedmetkom.cases.rules.states import EventType
from bekhedmetkom.catalogue.rules import Kind
from bekhedmetkom.webhooks import commands
from bekhedmetkom.webhooks.models import Connection, Forwarding
from bekhedmetkom.webhooks.rules.forwarding import DetailLevel
from tests.commands.webhooks.georeport_server import API_KEY, GeoReportServer, run_georeport_server
from tests.commands.webhooks.test_deliveries import tell
from tests.personas import NOON, POTHOLE, Jordan

MINUTE = timedelta(minutes=1)
TOPIC = "GAM-002"
COORDINATES = {"lat": "31.953912", "lng": "35.910645"}


@pytest.fixture
def there(settings: Settings) -> Iterator[GeoReportServer]:
    settings.OUTWARD_NETWORKS = (ip_network("127.0.0.0/8"),)
    with run_georeport_server() as server:
        yield server


def connect_system(jordan: Jordan, there: GeoReportServer, **given: Any) -> Connection:
    usual: dict[str, Any] = {
        "entity_id": jordan.entities["GAM"], "url": there.url, "form": "json", "tells": str(DetailLevel.TOPIC),
        "kinds": [str(Kind.COMPLAINT), str(Kind.QUESTION)],
    }  # fmt: skip
    made = commands.save_connection(
        Connection(**usual | given), key=API_KEY, actor=jordan.administrator, at=NOON
    )
    topic = jordan.services[TOPIC]
    commands.save_service_codes(
        connection=made.pk, codes={topic: ("001", "SIZE = big")}, actor=jordan.administrator, at=NOON
    )
    there.asked.clear()
    return made


def submit_case(jordan: Jordan, **given: Any) -> Case:
    usual: dict[str, Any] = {"kind": Kind.COMPLAINT, "service": jordan.services[TOPIC], **COORDINATES}
    return jordan.create_case(POTHOLE, **usual | given)


def run_due_work(at: datetime) -> int:
    """As the worker does: follow, then let each system have its turn."""
    tell(at)
    return commands.run_due_exchanges(at)


def list_internal_texts(case: Case) -> list[str]:
    events = Event.objects.filter(case=case).order_by("seq")
    return [event.kind for event in events if event.kind in (EventType.FORWARDED, EventType.SYSTEM_SAID)]


def get_forwarding() -> Forwarding:
    return Forwarding.objects.get()
