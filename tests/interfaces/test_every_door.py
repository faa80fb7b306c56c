"""One complaint through each door: the cases are alike but for the channel; and the gate stands in each."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from bekhedmetkom.calls.models import Call
from bekhedmetkom.cases.models import Case, CaseText, Event, Particulars
from bekhedmetkom.cases.queries import verify_journal
from bekhedmetkom.cases.rules.standing import COLUMNS
from bekhedmetkom.catalogue.models import Service
from bekhedmetkom.dialogue.commands.by_messenger import work_messenger
from bekhedmetkom.entities.versions import ask_again
from bekhedmetkom.identity.models import Officer
from bekhedmetkom.interfaces.calls import visit as at_the_console
from bekhedmetkom.interfaces.desk import visit as at_the_desk
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.messenger.commands import receiving, working
from bekhedmetkom.messenger.models import Event as Arrived
from tests import posts
from tests.interfaces.api.program import Program
from tests.interfaces.calls.conftest import TOKEN, Exchange
from tests.interfaces.open311.georeport import GeoReport, key_of
from tests.interfaces.portal.browser import Browser
from tests.personas import HOUR, NOON, POTHOLE, Jordan

TOPIC, PLACE, ADDRESS = "GAM-003", "GOV-AM", "عمان، شارع الشهيد وصفي التل قرب المسجد"
AT = NOON + HOUR
DARK = "إنارة الشارع معطلة من أسبوع، والأولاد يرجعون من المدرسة في العتمة"
BRIBES = (
    "موظف في البلدية طلب مني رشوة خمسين دينارًا ليمشّي المعاملة",
    "el mowazaf talab meni rashwe 50 dinar",
)
OWN = {"reference", "channel"}  # of each case
OF_WHO_CAME = {"name", "phone", "email", "tell_by"}  # contact


@pytest.fixture(autouse=True)
def one_moment(monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path) -> Iterator[None]:
    """The same for every door; and Messenger works at once, in the test's own transaction."""
    for module in (clock, at_the_console, at_the_desk):
        monkeypatch.setattr(module, "now", lambda: AT)
    monkeypatch.setattr(receiving, "_keep", receiving._insert)
    monkeypatch.setattr(working, "GRACE", 0 * HOUR)
    settings.MESSENGER_APP_SECRET, settings.CALLS_TOKEN, settings.BK_HOME = posts.SECRET, TOKEN, tmp_path
    yield


@pytest.fixture
def lighting(jordan: Jordan) -> None:
    Service.objects.filter(code=TOPIC).update(
        about_place=True, needs_identity=False, urgent=False, public=False
    )
    ask_again()


def by_form(jordan: Jordan, text: str, topic: str) -> None:
    browser = Browser().open("/new").send(kind="complaint").send(text=text)
    if browser.page.select_one("[name=to]"):
        browser.send(to=f"GAM/{topic or '-'}").send(governorate=PLACE, address=ADDRESS).send(
            contact="none"
        ).send("send")


def by_api(jordan: Jordan, text: str, topic: str) -> None:
    Program().sends(text=text, entity="GAM", service=topic or None, governorate=PLACE, address=ADDRESS)


def by_open311(jordan: Jordan, text: str, topic: str) -> None:
    GeoReport("xml", key_of(jordan, "open311")).post(
        service_code=topic or TOPIC, description=text, address_string=ADDRESS, attribute__GOVERNORATE=PLACE,
    )  # fmt: skip


def by_chat(jordan: Jordan, text: str, topic: str) -> None:
    client = Client()
    for said in _turns(text):
        client.post("/chat", said, follow=True)


def by_messenger(jordan: Jordan, text: str, topic: str) -> None:
    for number, said in enumerate(_turns(text)):
        more = {"quick_reply": {"payload": said["choice"]}} if "choice" in said else {}
        item = posts.said(said.get("text", "زر"), AT, mid=f"m_{hash(text)}_{number}", psid=posts.PSID, **more)
        raw = posts.post(item)
        answer = Client().post(
            "/webhooks/messenger",
            raw,
            "application/json",
            headers={"X-Hub-Signature-256": posts.signature(raw)},
        )
        assert answer.status_code == 200
        work_messenger(AT)


def by_telephone(jordan: Jordan, text: str, topic: str) -> None:
    Exchange(Client()).tells("newCall")
    client, call = _sits(jordan.agent), Call.objects.get().pk
    client.post(reverse("calls:take", args=[call]))
    page = reverse("calls:call", args=[call])
    client.post(reverse("calls:register", args=[call]), _sheet(client, jordan, page, text, topic))


def by_counter(jordan: Jordan, text: str, topic: str) -> None:
    client = _sits(jordan.main)
    client.post(
        reverse("desk:register"),
        _sheet(client, jordan, reverse("desk:register"), text, topic) | {"paper": "counter"},
    )


DOORS: dict[str, Callable[[Jordan, str, str], None]] = {
    "portal": by_form, "api": by_api, "open311": by_open311, "chat": by_chat, "messenger": by_messenger,
    "phone": by_telephone, "counter": by_counter,
}  # fmt: skip


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


def _sits(actor: Actor) -> Client:
    client = Client()
    client.force_login(Officer.objects.get(pk=actor.id))
    return client


def _sheet(client: Client, jordan: Jordan, page: str, text: str, topic: str) -> dict[str, Any]:
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
    ("text", "topic", "without"), [(POTHOLE, "", "open311"), (DARK, TOPIC, "phone")], ids=["body", "topic"]
)
def test_the_same_complaint_makes_the_same_case(jordan: Jordan, text: str, topic: str, without: str) -> None:
    """Through six doors: Open311 always has a topic, and whoever takes a case down at the telephone only its body."""
    made = {}
    for channel, send in DOORS.items():
        if channel == without:
            continue
        send(jordan, text, topic)
        (made[channel],) = Case.objects.filter(channel=channel)
    first, *others = made.values()
    for other in others:
        for name in set(COLUMNS) - OWN:
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
    names = {field.attname for field in row._meta.fields} - OF_WHO_CAME - {"case_id", "salt", "access_hash"}
    return {name: getattr(row, name) for name in names}


@pytest.mark.usefixtures("lighting")
@pytest.mark.parametrize("door", DOORS)
def test_words_of_corruption_stop_at_each(
    jordan: Jordan, door: str, caplog: pytest.LogCaptureFixture
) -> None:
    for bribe in BRIBES:
        DOORS[door](jordan, bribe, "")
        Call.objects.all().delete()
        Arrived.objects.all().delete()
    assert not Case.objects.exists()
    assert "رشوة" not in caplog.text
