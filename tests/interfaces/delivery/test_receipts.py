"""A gateway's receipts by webhook: who may send them, in what shape, and what they change."""

import json

import pytest
from django.test import Client
from pytest_django import Settings

from bekhedmetkom.cases.models import Event
from bekhedmetkom.notifications.commands.delivery_reports import register_sms_parts
from bekhedmetkom.notifications.models import Message, Part
from bekhedmetkom.notifications.subscriber import NotificationSubscriber
from tests.commands.notifications.event_helpers import build_fed_event, create_sms
from tests.personas import NOON, Jordan


@pytest.fixture
def sent(db: None, settings: Settings) -> Message:
    """An SMS that a gateway has, which calls it `A-1`."""
    settings.SMS_RECEIPT_TOKEN = "agreed"
    message = create_sms(state="sent", sent_at=NOON)
    register_sms_parts(message=message.pk, gateway_ids=["A-1"], at=NOON)
    return message


def post(client: Client, body: object, token: str = "agreed") -> int:
    sent = body if isinstance(body, bytes) else json.dumps(body)
    headers = {"Authorization": f"Bearer {token}"}
    return client.post("/webhooks/sms", sent, "application/json", headers=headers).status_code


def outcome(message: Message) -> tuple[str, str]:
    message.refresh_from_db()
    return message.state, message.why


def test_delivered_receipt_marks_message_delivered(client: Client, sent: Message) -> None:
    assert post(client, {"id": "A-1", "status": "Delivered"}) == 204
    assert outcome(sent) == ("delivered", "")


def test_failed_receipt_marks_message_failed(client: Client, sent: Message) -> None:
    assert post(client, [{"id": "B-7", "status": "sent"}, {"id": "A-1", "status": "undelivered"}]) == 204
    assert outcome(sent) == ("failed", "undelivered")


def test_receipt_may_use_our_message_id(client: Client, sent: Message) -> None:
    assert post(client, {"reference": f"message-{sent.pk}", "status": "delivered"}) == 204
    assert outcome(sent) == ("delivered", "")


def test_receipt_settles_message_in_doubt(client: Client, sent: Message) -> None:
    Message.objects.update(state="parked", why="in_doubt", sent_at=None)
    post(client, {"reference": f"message-{sent.pk}", "status": "delivered"})
    assert outcome(sent) == ("delivered", "")


def test_receipt_for_unknown_message_is_accepted(client: Client, sent: Message) -> None:
    assert post(client, {"id": "Z-9", "status": "failed"}) == 204
    assert post(client, {"reference": "message-999999", "status": "failed"}) == 204
    assert outcome(sent) == ("sent", "")
    assert Part.objects.get(gateway_id="Z-9").message is None


def test_failed_citizen_message_goes_to_call_backs(
    client: Client, jordan: Jordan, settings: Settings
) -> None:
    """The web process has nobody's case before it, but for whom the gateway speaks of."""
    settings.SMS_RECEIPT_TOKEN = "agreed"
    case = jordan.create_case()
    NotificationSubscriber().handle_events([build_fed_event(event) for event in Event.objects.all()])
    Message.objects.update(state="sent", sent_at=NOON)
    assert post(client, {"reference": f"message-{Message.objects.get().pk}", "status": "undelivered"}) == 204
    case.refresh_from_db()
    assert case.unreached


@pytest.mark.parametrize("token", ["", "wrong", "agreed ", "متفق"])
def test_wrong_token_is_refused(client: Client, sent: Message, token: str) -> None:
    assert post(client, {"id": "A-1", "status": "failed"}, token) == 403
    assert outcome(sent) == ("sent", "")


def test_endpoint_is_missing_without_configured_token(
    client: Client, sent: Message, settings: Settings
) -> None:
    settings.SMS_RECEIPT_TOKEN = ""
    assert post(client, {"id": "A-1", "status": "failed"}, "") == 404


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"\xff\xfe", b"[" * 5000, [], {}, "x", 7, None, [[]], {"id": "A-1"}, {"id": "A-1", "status": 3},
        {"id": "", "status": "failed"}, {"id": "A\u0000", "status": "failed"}, {"id": "x" * 101, "status": "failed"},
        {"id": True, "status": "failed"}, {"id": "\ud800", "status": "failed"},
        {"reference": "message-1x", "status": "failed"},
        [{"id": "A-1", "status": "failed"}, {"id": "A-2"}], [{"id": "A-1", "status": "failed"}] * 1001,
    ],
)  # fmt: skip
def test_invalid_receipt_changes_nothing(client: Client, sent: Message, body: object) -> None:
    assert post(client, body) == 400
    assert outcome(sent) == ("sent", "")
