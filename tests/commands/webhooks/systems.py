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
from bekhedmetkom.webhooks.rules.forwarding import Tells
from tests.commands.webhooks.georeport_server import KEY, Body, georeport_server
from tests.commands.webhooks.test_webhooks import tell
from tests.personas import NOON, POTHOLE, Jordan

MINUTE = timedelta(minutes=1)
TOPIC = "GAM-002"
HERE = {"lat": "31.953912", "lng": "35.910645"}


@pytest.fixture
def there(settings: Settings) -> Iterator[Body]:
    settings.OUTWARD_NETWORKS = (ip_network("127.0.0.0/8"),)
    with georeport_server() as server:
        yield server


def connected(jordan: Jordan, there: Body, **given: Any) -> Connection:
    usual: dict[str, Any] = {
        "entity_id": jordan.entities["GAM"], "url": there.url, "form": "json", "tells": str(Tells.MATTER),
        "kinds": [str(Kind.COMPLAINT), str(Kind.QUESTION)],
    }  # fmt: skip
    made = commands.connect(Connection(**usual | given), key=KEY, actor=jordan.administrator, at=NOON)
    topic = jordan.services[TOPIC]
    commands.match(
        connection=made.pk, codes={topic: ("001", "SIZE = big")}, actor=jordan.administrator, at=NOON
    )
    there.asked.clear()
    return made


def brought(jordan: Jordan, **given: Any) -> Case:
    usual: dict[str, Any] = {"kind": Kind.COMPLAINT, "service": jordan.services[TOPIC], **HERE}
    return jordan.case(POTHOLE, **usual | given)


def work(at: datetime) -> int:
    """As the worker does: follow, then let each system have its turn."""
    tell(at)
    return commands.exchange_due(at)


def said_inside(case: Case) -> list[str]:
    events = Event.objects.filter(case=case).order_by("seq")
    return [event.kind for event in events if event.kind in (EventType.FORWARDED, EventType.SYSTEM_SAID)]


def row() -> Forwarding:
    return Forwarding.objects.get()
