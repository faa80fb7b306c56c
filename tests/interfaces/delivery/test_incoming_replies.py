"""What people answer, as a mail server and a gateway pass it on."""

import json
from unittest.mock import patch

import pytest
from django.test import Client
from pytest_django import Settings

from bekhedmetkom.attachments.rules import BUSY, TemporaryFailure
from bekhedmetkom.cases.models import CaseText
from bekhedmetkom.cases.rules.applicant import Applicant
from bekhedmetkom.interfaces.delivery import views
from bekhedmetkom.notifications.models import Message
from bekhedmetkom.notifications.signed_addresses import build_reply_address
from tests.commands.notifications.event_helpers import STREET_LAMP_TEXT, create_sms, run_subscriber
from tests.personas import DAY, NOON, Jordan

LETTER = (
    "From: sama@example.jo\nMessage-ID: <1@x>\nContent-Type: text/plain; charset=utf-8\n\nالمصباح الثاني مطفأ"
)


@pytest.fixture
def agreed(settings: Settings) -> None:
    settings.MAIL_REPLY = "reply@mail.example.jo"
    settings.MAIL_IN_TOKEN = settings.SMS_RECEIPT_TOKEN = "agreed"


def post(client: Client, path: str, body: object, token: str = "agreed", to: str = "x") -> int:
    sent = body if isinstance(body, bytes) else json.dumps(body)
    headers = {"Authorization": f"Bearer {token}", "X-Envelope-To": to}
    return client.post(path, sent, "application/json", headers=headers).status_code


def test_email_reply_is_filed_in_its_case(client: Client, jordan: Jordan, agreed: None) -> None:
    jordan.create_case(STREET_LAMP_TEXT, applicant=Applicant(email="sama@example.jo"))
    run_subscriber()
    to = build_reply_address(Message.objects.get().pk, (NOON + 1000 * DAY).date())
    assert to
    for _ in range(2):
        assert post(client, "/webhooks/mail", LETTER.encode(), to=to) == 204
    assert [text.body for text in CaseText.objects.filter(field="message")] == ["المصباح الثاني مطفأ"]


def test_email_is_requested_again_on_temporary_failure(client: Client, agreed: None, db: None) -> None:
    with patch.object(views, "process_email_reply", side_effect=TemporaryFailure(BUSY, 7)):
        assert post(client, "/webhooks/mail", LETTER.encode()) == 503


@pytest.mark.parametrize("path", ["/webhooks/mail", "/webhooks/sms/answers"])
@pytest.mark.parametrize("token", ["", "wrong", "متفق"])
def test_wrong_token_is_refused(client: Client, agreed: None, path: str, token: str) -> None:
    assert post(client, path, b"x", token) == 403


def test_email_without_address_or_body_is_rejected(client: Client, agreed: None, db: None) -> None:
    assert post(client, "/webhooks/mail", b"") == 400
    assert post(client, "/webhooks/mail", b"x", to="") == 400
    assert post(client, "/webhooks/mail", b"\xff" * 1000, to="+1-1-x@x") == 204


def test_sms_from_unasked_number_is_accepted_and_ignored(client: Client, agreed: None, db: None) -> None:
    create_sms(state="sent", sent_at=NOON)
    assert post(client, "/webhooks/sms/answers", {"id": 7, "from": "+962791234567", "text": "1"}) == 204
    assert post(client, "/webhooks/sms/answers", [{"id": "7", "from": "BANK", "text": "x"}] * 100) == 204


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"\xff\xfe", b"[" * 5000, [], {}, "x", 7, None, [[]], {"id": "A", "from": "+962791234567"},
        {"id": "", "from": "+962791234567", "text": "1"}, {"id": True, "from": "x", "text": "1"},
        {"id": "A", "from": "x", "text": "\ud800"}, {"id": "A", "from": "x", "text": "\u0000"},
        {"id": "A", "from": "x" * 41, "text": "1"}, {"id": "A", "from": "x", "text": "x" * 4001},
        [{"id": "A", "from": "x", "text": "1"}] * 101, {"id": "A", "from": [], "text": "1"},
    ],
)  # fmt: skip
def test_invalid_sms_is_rejected(client: Client, agreed: None, body: object) -> None:
    assert post(client, "/webhooks/sms/answers", body) == 400
