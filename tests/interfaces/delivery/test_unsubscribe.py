"""No more messages about a case: by the page at the foot of an e-mail, or by a mail program's own button."""

import pytest
from django.test import Client

from bekhedmetkom.cases.models import Event, Particulars
from bekhedmetkom.cases.rules.applicant import Applicant
from bekhedmetkom.notifications.models import Message
from bekhedmetkom.notifications.signed_addresses import build_unsubscribe_url
from bekhedmetkom.notifications.subscriber import NotificationSubscriber
from tests.commands.notifications.event_helpers import STREET_LAMP_TEXT, build_fed_event, create_sms
from tests.personas import Jordan


@pytest.fixture
def told(jordan: Jordan) -> Message:
    """A letter to the citizen of a case."""
    jordan.submit(STREET_LAMP_TEXT, applicant=Applicant(email="sama@example.jo"))
    NotificationSubscriber().handle_events([build_fed_event(event) for event in Event.objects.all()])
    return Message.objects.get()


def path(message: Message, language: str = "ar") -> str:
    return build_unsubscribe_url(message.pk, language).removeprefix("http://localhost:8000")


def wants(message: Message) -> str:
    return Particulars.objects.get(pk=message.case_id).tell_by


@pytest.mark.parametrize(("language", "words"), [("ar", "توقف الرسائل"), ("en", "Stop the messages")])
def test_get_request_changes_nothing(client: Client, told: Message, language: str, words: str) -> None:
    assert words in client.get(path(told, language)).content.decode()
    assert wants(told) == ""


def test_one_click_post_unsubscribes(told: Message) -> None:
    """It has no cookie and no form of ours."""
    client = Client(enforce_csrf_checks=True)
    body = {"List-Unsubscribe": "One-Click"}
    for _ in range(2):
        answer = client.post(path(told), body)
        assert answer.status_code == 200
        assert "لن نرسل لك" in answer.content.decode()
    assert wants(told) == "none"
    assert Event.objects.filter(kind="contact.preferred").count() == 1


def test_replaced_address_cannot_unsubscribe(client: Client, told: Message) -> None:
    Particulars.objects.update(email="right@example.jo")
    assert client.post(path(told)).status_code == 200
    assert wants(told) == ""


@pytest.mark.parametrize("end", ["x", "\u0663", ""])
def test_forged_token_is_not_found(client: Client, told: Message, end: str) -> None:
    made_up = path(told)[: None if end else -1] + end
    assert client.post(made_up).status_code == 404
    assert wants(told) == ""


def test_message_without_case_cannot_be_unsubscribed(client: Client, db: None) -> None:
    assert client.post(path(create_sms())).status_code == 404
