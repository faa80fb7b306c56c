"""A program arranges by itself where it is told of what, and finds what nobody took."""

import socket
from collections.abc import Callable
from datetime import datetime

import pytest

from bekhedmetkom.identity.commands import create_client
from bekhedmetkom.webhooks.models import Delivery, Subscription
from bekhedmetkom.webhooks.rules.webhook_protocol import EVENT_NAMES
from tests.commands.webhooks.test_deliveries import tell
from tests.personas import NOON, Jordan

from .api_client import ApiClient, get_problem_slug, list_error_fields

SUBSCRIBER_URL = "https://93.184.215.14/told"


def create_key(jordan: Jordan, *scopes: str, name: str = "نظام الأمانة", per_hour: int = 3600) -> ApiClient:
    made = create_client(
        name=name, scopes=scopes, entity=jordan.entities["GAM"], per_hour=per_hour, actor=jordan.administrator, at=NOON
    )  # fmt: skip
    return ApiClient({"Authorization": f"Bearer {made.key}"})


def test_a_program_subscribes_looks_and_ends_it(jordan: Jordan) -> None:
    ours = create_key(jordan, "webhooks")
    made = ours.post("/webhooks", {"url": SUBSCRIBER_URL, "whose": "body", "events": ["case.answered"]})
    assert made.status_code == 201
    assert made.json()["secret"].startswith("whsec_")
    assert made["Cache-Control"] == "no-store"
    (shown,) = ours.get("/webhooks").json()["items"]
    assert (shown["url"], shown["whose"], shown["events"]) == (SUBSCRIBER_URL, "body", ["case.answered"])
    assert "secret" not in shown
    number = made.json()["id"]
    again = ours.post(f"/webhooks/{number}/secret")
    assert again.json()["secret"] != made.json()["secret"]
    other = create_key(jordan, "webhooks", name="غيره")
    assert other.post(f"/webhooks/{number}/end").status_code == 404
    assert other.get("/webhooks").json()["items"] == []
    assert ours.post(f"/webhooks/{number}/end").status_code == 204
    assert ours.get("/webhooks").json()["items"] == []


def test_no_event_named_means_all(jordan: Jordan) -> None:
    ours = create_key(jordan, "webhooks")
    assert ours.post("/webhooks", {"url": SUBSCRIBER_URL}).status_code == 201
    assert Subscription.objects.get().events == EVENT_NAMES


def test_what_is_wrong_is_said_and_nothing_is_kept(jordan: Jordan) -> None:
    ours = create_key(jordan, "webhooks")
    refused = ours.post("/webhooks", {"url": "http://10.0.0.1/", "events": ["case.eaten"]})
    assert refused.status_code == 422
    assert list_error_fields(refused) == ["events", "url"]
    assert not Subscription.objects.exists()


@pytest.mark.parametrize(("scopes", "status"), [((), 403), (("cases", "desk"), 403), (("webhooks",), 200)])
def test_only_with_the_scope(jordan: Jordan, scopes: tuple[str, ...], status: int) -> None:
    assert create_key(jordan, *scopes).get("/webhooks").status_code == status


def test_its_hour_is_its_own(jordan: Jordan) -> None:
    ours = create_key(jordan, "webhooks", per_hour=1)
    assert ours.get("/webhooks").status_code == 200
    refused = ours.get("/webhooks")
    assert get_problem_slug(refused) == "too-many-tries"
    assert int(refused["Retry-After"]) > 0


def test_what_nobody_took_is_found_and_sent_again(
    jordan: Jordan, stands: Callable[[datetime], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    stands(NOON)
    ours = create_key(jordan, "webhooks")
    number = ours.post("/webhooks", {"url": SUBSCRIBER_URL, "whose": "body"}).json()["id"]
    jordan.create_case()

    def nobody(*_: object, **__: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    tell(NOON)
    Delivery.objects.update(parked_at=NOON)
    (parked,) = ours.get(f"/webhooks/{number}/parked").json()["items"]
    assert "case.received" in parked["event"]
    other = create_key(jordan, "webhooks", name="غيره")
    assert other.get(f"/webhooks/{number}/parked").status_code == 404
    assert other.post(f"/webhooks/deliveries/{parked['id']}/again").status_code == 404
    assert ours.post(f"/webhooks/deliveries/{parked['id']}/again").status_code == 204
    assert ours.get(f"/webhooks/{number}/parked").json()["items"] == []
