"""The web chat without a script."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from bekhedmetkom.assistant.models import Conversation, Line
from bekhedmetkom.cases.models import Case
from tests.interfaces.chat.permissions import ROWS
from tests.interfaces.permission_table import Row
from tests.personas import POTHOLE, Jordan

MARKUP = "<script>alert(1)</script> في الشارع <img src=x onerror=alert(1)>"


def say(client: Client, text: str = "", *, at: str = "/chat", **typed: str) -> str:
    """Send one message and return the page."""
    answer = client.post(at, {"text": text, **typed}, follow=True)
    assert answer.status_code == 200
    page: str = answer.content.decode()
    return page


@pytest.mark.django_db
@pytest.mark.parametrize("row", ROWS, ids=str)
def test_permission_row_gives_its_status(row: Row, client: Client) -> None:
    assert getattr(client, row.method)(reverse(row.route)).status_code == row.status


@pytest.mark.django_db
def test_opening_the_page_stores_nothing(client: Client) -> None:
    page = client.get("/chat")
    assert "أهلًا بك" in page.content.decode()
    assert not [name for name in page.cookies if "chat" in name]
    assert not Conversation.objects.exists()


def test_conversation_leads_from_greeting_to_reference(client: Client, jordan: Jordan) -> None:
    say(client, choice="complaint")
    say(client, POTHOLE)
    say(client, choice="to:us")
    say(client, "شارع الشهيد وصفي التل")
    say(client, choice="skip")
    page = say(client, choice="yes", key="once")
    case = Case.objects.get()
    assert case.channel == "chat"
    assert case.reference in page
    assert f"/c/{case.reference}" in page
    say(client, choice="yes", key="once")
    assert Case.objects.count() == 1


def test_conversation_works_in_english(client: Client, jordan: Jordan) -> None:
    assert "in your own words" in say(client, choice="complaint", at="/en/chat")


def test_typed_markup_is_escaped(client: Client, jordan: Jordan) -> None:
    page = say(client, MARKUP)
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_conversation_belongs_to_one_browser(client: Client, jordan: Jordan) -> None:
    say(client, POTHOLE)
    assert POTHOLE in client.get("/chat").content.decode()
    assert POTHOLE in client.get("/en/chat").content.decode()
    assert POTHOLE not in Client().get("/chat").content.decode()


def test_cookie_is_limited_to_the_chat_page(client: Client, jordan: Jordan) -> None:
    """Two languages have two paths, so one cookie name would overwrite the other."""
    kept = client.post("/chat", {"text": POTHOLE}).cookies
    assert {name: kept[name]["path"] for name in kept if "chat" in name} == {
        "chat-ar": "/chat", "chat-en": "/en/chat"
    }  # fmt: skip
    assert kept["chat-ar"]["httponly"]


def test_page_without_script_offers_a_refresh_while_waiting_for_an_officer(
    client: Client, jordan: Jordan
) -> None:
    assert "تحديث الصفحة" not in say(client, "مرحبا")
    assert "تحديث الصفحة" in say(client, "موظف")


def test_conversation_can_be_deleted(client: Client, jordan: Jordan) -> None:
    say(client, POTHOLE)
    client.post("/chat/leave")
    assert not Line.objects.exists()
    assert POTHOLE not in client.get("/chat").content.decode()


def test_rate_limit_asks_for_proof_of_work_and_loses_nothing(client: Client, jordan: Jordan) -> None:
    for said in ("شكوى", POTHOLE, "انتو", "تخطي", "تخطي"):
        say(client, said)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bekhedmetkom.interfaces.chat.views.rate_limit.count_question", lambda **_: 0)
        patch.setattr("django.conf.settings.ADDRESS_BURST", 0)
        answer = client.post("/chat", {"text": "ارسل", "key": "k1"})
    assert answer.status_code == 429
    assert re.search(r'data-challenge="\d+', answer.content.decode())
    assert not Case.objects.exists()
    say(client, "ارسل", key="k1")
    assert Case.objects.count() == 1


def test_too_many_messages_wait_and_keep_the_text(client: Client, jordan: Jordan) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bekhedmetkom.interfaces.chat.views.rate_limit.count_question", lambda **_: 7)
        answer = client.post("/chat", {"text": POTHOLE})
    assert answer.status_code == 429
    assert answer["Retry-After"] == "7"
    assert POTHOLE in answer.content.decode()
