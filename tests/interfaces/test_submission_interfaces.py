"""One complaint through each door: the cases are alike but for the channel; and the gate stands in each."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from bekhedmetkom.assistant.commands.messenger_events import process_messenger_events
from bekhedmetkom.calls.models import Call
from bekhedmetkom.cases.models import Case, CaseText, Event, Particulars
from bekhedmetkom.cases.queries import verify_journal
from bekhedmetkom.cases.rules.case_state import STATE_COLUMNS
from bekhedmetkom.catalogue.models import Service
from bekhedmetkom.entities.table_cache import refresh_versions
from bekhedmetkom.identity.models import Officer
from bekhedmetkom.interfaces.calls import request_context as at_the_console
from bekhedmetkom.interfaces.desk import request_context as at_the_desk
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.messenger.commands import event_queue, webhook_intake
from bekhedmetkom.messenger.models import Event as Arrived
from tests.fakes import messenger_events
from tests.interfaces.api.api_client import ApiClient
from tests.interfaces.calls.conftest import TOKEN, Exchange
from tests.interfaces.open311.georeport_client import GeoReportClient, create_api_key
from tests.interfaces.portal.browser import Browser
from tests.personas import HOUR, NOON, POTHOLE, Jordan

TOPIC, PLACE, ADDRESS = "GAM-003", "GOV-AM", "عمان، شارع الشهيد وصفي التل قرب المسجد"
SUBMITTED_AT = NOON + HOUR
LIGHTING_TEXT = "إنارة الشارع معطلة من أسبوع، والأولاد يرجعون من المدرسة في العتمة"
BRIBERY_TEXTS = (
    "موظف في البلدية طلب مني رشوة خمسين دينارًا ليمشّي المعاملة",
    "el mowazaf talab meni rashwe 50 dinar",
)
CASE_OWN_FIELDS = {"reference", "channel"}  # of each case
CONTACT_FIELDS = {"name", "phone", "email", "tell_by"}  # contact


@pytest.fixture(autouse=True)
def one_moment(monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path) -> Iterator[None]:
    """The same for every door; and Messenger works at once, in the test's own transaction."""
    for module in (clock, at_the_console, at_the_desk):
        monkeypatch.setattr(module, "now", lambda: SUBMITTED_AT)
    monkeypatch.setattr(webhook_intake, "_store_rows", webhook_intake._insert_rows)
    monkeypatch.setattr(event_queue, "ORDERING_GRACE", 0 * HOUR)
    settings.MESSENGER_APP_SECRET, settings.CALLS_TOKEN, settings.BK_HOME = (
        messenger_events.APP_SECRET,
        TOKEN,
        tmp_path,
    )
    yield


@pytest.fixture
def lighting(jordan: Jordan) -> None:
    Service.objects.filter(code=TOPIC).update(
        about_place=True, needs_identity=False, urgent=False, public=False
    )
    refresh_versions()


def submit_by_form(jordan: Jordan, text: str, topic: str) -> None:
    browser = Browser().open("/new").send(kind="complaint").send(text=text)
    if browser.page.select_one("[name=to]"):
        browser.send(to=f"GAM/{topic or '-'}").send(governorate=PLACE, address=ADDRESS).send(
            contact="none"
        ).send("send")


def submit_by_api(jordan: Jordan, text: str, topic: str) -> None:
    ApiClient().submit_case(
        text=text, entity="GAM", service=topic or None, governorate=PLACE, address=ADDRESS
    )


def submit_by_open311(jordan: Jordan, text: str, topic: str) -> None:
    GeoReportClient("xml", create_api_key(jordan, "open311")).post(
        service_code=topic or TOPIC, description=text, address_string=ADDRESS, attribute__GOVERNORATE=PLACE,
    )  # fmt: skip


def submit_by_chat(jordan: Jordan, text: str, topic: str) -> None:
    client = Client()
    for said in _turns(text):
        client.post("/chat", said, follow=True)


def submit_by_messenger(jordan: Jordan, text: str, topic: str) -> None:
    for number, said in enumerate(_turns(text)):
        more = {"quick_reply": {"payload": said["choice"]}} if "choice" in said else {}
        item = messenger_events.build_text(
            said.get("text", "زر"),
            SUBMITTED_AT,
            mid=f"m_{hash(text)}_{number}",
            psid=messenger_events.PSID,
            **more,
        )
        raw = messenger_events.build_webhook_body(item)
        answer = Client().post(
            "/webhooks/messenger",
            raw,
            "application/json",
            headers={"X-Hub-Signature-256": messenger_events.sign_body(raw)},
        )
        assert answer.status_code == 200
        process_messenger_events(SUBMITTED_AT)


def submit_by_telephone(jordan: Jordan, text: str, topic: str) -> None:
    Exchange(Client()).tells("newCall")
    client, call = _sign_in(jordan.agent), Call.objects.get().pk
    client.post(reverse("calls:take", args=[call]))
    page = reverse("calls:call", args=[call])
    client.post(reverse("calls:register", args=[call]), _send_sheet(client, jordan, page, text, topic))


def submit_by_counter(jordan: Jordan, text: str, topic: str) -> None:
    client = _sign_in(jordan.main)
    client.post(
        reverse("desk:register"),
        _send_sheet(client, jordan, reverse("desk:register"), text, topic) | {"paper": "counter"},
    )


INTERFACES: dict[str, Callable[[Jordan, str, str], None]] = {
    "portal": submit_by_form,
    "api": submit_by_api,
    "open311": submit_by_open311,
    "chat": submit_by_chat,
    "messenger": submit_by_messenger,
    "phone": submit_by_telephone,
    "counter": submit_by_counter,
}


def _turns(text: str) -> list[dict[str, str]]:
    """The topic is the first that is offered."""
    said = [
        {"choice": "kind:complaint"},
        {"text": text},
        {"choice": "to:1"},
        {"text": ADDRESS},
        {"text": "تخطي"},
    ]
    return [*said, {"text": "ارسل"}]


def _sign_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(Officer.objects.get(pk=actor.id))
    return client


def _send_sheet(client: Client, jordan: Jordan, page: str, text: str, topic: str) -> dict[str, Any]:
    key = BeautifulSoup(client.get(page).content, "html.parser").select_one('[name="key"]')
    assert key
    to = f"service:{jordan.services[topic]}" if topic else f"entity:{jordan.entities['GAM']}"
    return {
        "key": key["value"], "kind": "complaint", "text": text, "language": "ar", "name": "أم خالد",
        "phone": "0791234567", "reply_by": "sms", "to": to,
        "governorate": jordan.governorates[PLACE], "address": ADDRESS,
    }  # fmt: skip


@pytest.mark.usefixtures("lighting")
@pytest.mark.parametrize(
    ("text", "topic", "without"),
    [(POTHOLE, "", "open311"), (LIGHTING_TEXT, TOPIC, "phone")],
    ids=["body", "topic"],
)
def test_the_same_complaint_makes_the_same_case(jordan: Jordan, text: str, topic: str, without: str) -> None:
    """Through six doors: Open311 always has a topic, and whoever takes a case down at the telephone only its body."""
    made = {}
    for channel, send in INTERFACES.items():
        if channel == without:
            continue
        send(jordan, text, topic)
        (made[channel],) = Case.objects.filter(channel=channel)
    first, *others = made.values()
    for other in others:
        for name in set(STATE_COLUMNS) - CASE_OWN_FIELDS:
            assert getattr(other, name) == getattr(first, name), (other.channel, name)
        assert _texts(other) == _texts(first), other.channel
        assert _said_by(other) == _said_by(first), other.channel
        assert _particulars(other) == _particulars(first), other.channel
    assert list(verify_journal()) == []


def _texts(case: Case) -> list[tuple[int, str, str]]:
    return list(
        CaseText.objects.filter(case=case).order_by("seq", "field").values_list("seq", "field", "body")
    )


def _said_by(case: Case) -> list[tuple[str, dict[str, Any]]]:
    """Its journal, without the hashes of words."""
    aside = {"channel", "texts", "particulars"}
    return [
        (event.kind, {name: value for name, value in event.data.items() if name not in aside})
        for event in Event.objects.filter(case=case).order_by("seq")
    ]


def _particulars(case: Case) -> dict[str, Any]:
    row = Particulars.objects.get(case=case)
    names = (
        {field.attname for field in row._meta.fields} - CONTACT_FIELDS - {"case_id", "salt", "access_hash"}
    )
    return {name: getattr(row, name) for name in names}


@pytest.mark.usefixtures("lighting")
@pytest.mark.parametrize("door", INTERFACES)
def test_words_of_corruption_stop_at_each(
    jordan: Jordan, door: str, caplog: pytest.LogCaptureFixture
) -> None:
    for bribe in BRIBERY_TEXTS:
        INTERFACES[door](jordan, bribe, "")
        Call.objects.all().delete()
        Arrived.objects.all().delete()
    assert not Case.objects.exists()
    assert "رشوة" not in caplog.text
