"""Incoming Messenger events are processed once and in order."""

import random
from datetime import datetime, timedelta
from ipaddress import ip_network
from uuid import UUID

import pytest
from pytest_django import Settings

from bekhedmetkom.assistant.commands import incoming_messages
from bekhedmetkom.assistant.commands import messenger_events as messenger_commands
from bekhedmetkom.assistant.models import Conversation, Line
from bekhedmetkom.assistant.rules.messages import IncomingMessage, OutgoingMessage
from bekhedmetkom.attachments.models import Upload
from bekhedmetkom.cases.models import Case
from bekhedmetkom.messenger import commands as messenger
from bekhedmetkom.messenger.models import Event, Saying
from bekhedmetkom.notifications.models import ByMessenger, MessengerPerson
from tests.commands.messenger.conftest import ONE_SECOND, MessengerPage
from tests.fakes import messenger_events
from tests.fakes.messenger_events import (
    LOCATION,
    OTHER_PSID,
    PSID,
    STICKER,
    build_image,
    build_postback,
    build_text,
    list_irrelevant_events,
)
from tests.fakes.photo_server import run_photo_server
from tests.personas import HOUR, NOON, Jordan

BRIBE_TEXT = "الموظف طلب مني رشوة خمسين دينار حتى يمشي المعاملة"


def list_heard_lines() -> list[str]:
    """Return the keys of the stored lines in order."""
    return list(Line.objects.filter(whose="person").order_by("pk").values_list("key", flat=True))


def test_greeting_is_answered_once(jordan: Jordan, page: MessengerPage) -> None:
    hello = build_text("مرحبا", NOON, mid="m_1")
    first = page.hear(hello)
    assert first
    assert page.hear(hello) == [], "Meta repeats what it is not sure of"
    assert {call["messaging_type"] for call in page.api.calls} == {"RESPONSE"}
    assert page.api.refused == []
    assert (Saying.objects.count(), list_heard_lines()) == (0, ["m_1"])


def test_unordered_batch_is_processed_in_order_per_person(jordan: Jordan, page: MessengerPage) -> None:
    mine = [build_text(f"{n}", NOON + n * ONE_SECOND, mid=f"m_{n}") for n in range(6)]
    others = [build_text(f"{n}", NOON + n * ONE_SECOND, mid=f"o_{n}", psid=OTHER_PSID) for n in range(6)]
    batch = [*mine, *others, *list_irrelevant_events(NOON), mine[2], others[0]]
    random.Random(6).shuffle(batch)
    page.at = NOON + 10 * ONE_SECOND
    page.post(*batch[:9])
    page.post(*batch[9:])
    page.work()
    found = list_heard_lines()
    assert [key for key in found if key.startswith("m")] == [f"m_{n}" for n in range(6)]
    assert [key for key in found if key.startswith("o")] == [f"o_{n}" for n in range(6)]
    assert page.work() == 0
    spoken_to = [call["recipient"]["id"] for call in page.api.calls]
    assert set(spoken_to) == {PSID, OTHER_PSID}


def test_button_pressed_twice_is_processed_once(jordan: Jordan, page: MessengerPage) -> None:
    page.hear(build_postback("start", NOON), build_postback("start", NOON))
    assert Line.objects.filter(whose="person").count() == 1


def test_content_is_stored_in_the_conversation_only(jordan: Jordan, page: MessengerPage) -> None:
    page.hear(build_text("مرحبا", NOON, mid="m_1"))
    event = Event.objects.get()
    assert (event.key, bytes(event.item), bytes(event.person), event.files) == ("m_1", b"", b"", None)


def test_corruption_gets_the_box_address_and_is_not_stored(
    jordan: Jordan, page: MessengerPage, settings: Settings
) -> None:
    answered = page.hear(build_text(BRIBE_TEXT, NOON, mid="m_bribe"))
    assert answered
    assert settings.BOX_URL in str(page.api.calls)
    assert not any("رشوة" in str(call) for call in page.api.calls)
    assert [
        bytes(words) for words in Line.objects.filter(whose="person").values_list("words", flat=True)
    ] == [b""]
    assert Case.objects.count() == 0


def test_conversation_submits_a_case_and_receives_its_news(jordan: Jordan, page: MessengerPage) -> None:
    """On the plain path at most seven turns; the walk presses what is offered first where it must choose."""
    page.hear(build_postback("start", page.at))
    page.hear(build_text("شكوى", page.at, quick_reply={"payload": "kind:complaint"}))
    page.hear(build_text("في حفرة كبيرة بنص شارع الجامعة جنب المدرسة من أسبوعين وبتخرب السيارات", page.at))
    for _ in range(5):
        if Case.objects.exists():
            break
        offered = page.api.calls[-1]["message"].get("quick_replies") or [{"title": "تخطي", "payload": "skip"}]
        page.hear(build_text(offered[0]["title"], page.at, quick_reply={"payload": offered[0]["payload"]}))
    case = Case.objects.get()
    assert case.channel == "messenger"
    assert ByMessenger.objects.get().person.psid == PSID
    assert any(case.reference in text for text in page.api.texts)
    assert page.api.refused == []


def test_crash_between_processing_and_sending_repeats_nothing(
    jordan: Jordan, page: MessengerPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.post(build_text("مرحبا", NOON, mid="m_1"))
    with monkeypatch.context() as killed:
        killed.setattr(messenger, "complete_event", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            page.work()
    assert (list_heard_lines(), Saying.objects.count()) == ([], 0), "nothing of it has happened"
    assert page.work() == 0, "it is claimed by who was killed"
    assert page.work(NOON + HOUR) == 1
    assert list_heard_lines() == ["m_1"]


def test_failing_event_delays_only_its_person(
    jordan: Jordan, page: MessengerPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    hear = incoming_messages.handle_message

    def faulty(*, conversation: UUID, message: IncomingMessage, at: datetime) -> list[OutgoingMessage]:
        if message.key == "m_bad":
            raise ZeroDivisionError
        return hear(conversation=conversation, message=message, at=at)

    with monkeypatch.context() as broken:
        broken.setattr(messenger_commands, "handle_message", faulty)
        page.post(
            build_text("أ", NOON, mid="m_bad"),
            build_text("ب", NOON + ONE_SECOND / 2, mid="m_after"),
            build_text("ج", NOON, psid=OTHER_PSID, mid="o"),
        )
        assert page.work() == 1
    assert list_heard_lines() == ["o"]
    assert page.work(NOON + HOUR) == 2
    assert list_heard_lines() == ["o", "m_bad", "m_after"]


def test_photos_are_downloaded_and_cleaned(jordan: Jordan, page: MessengerPage, settings: Settings) -> None:
    settings.OUTWARD_NETWORKS = (ip_network("127.0.0.0/8"),)
    with run_photo_server() as (url, asked):
        page.hear(build_postback("kind:complaint", page.at))
        page.hear(
            build_text("في حفرة كبيرة بنص شارع الجامعة جنب المدرسة من أسبوعين وبتخرب السيارات", page.at)
        )
        page.hear(
            messenger_events.build_attachments(
                [build_image(f"{url}/1.jpg"), build_image(f"{url}/2.jpg"), build_image(f"{url}/gone.jpg")],
                page.at,
            )
        )
        assert asked == ["/1.jpg", "/2.jpg", "/gone.jpg"]
    assert Upload.objects.count() == 2


def test_file_on_an_internal_address_is_not_downloaded(jordan: Jordan, page: MessengerPage) -> None:
    with run_photo_server() as (url, asked):
        page.hear(messenger_events.build_attachments([build_image(f"{url}/1.jpg")], page.at))
        assert asked == []
    assert Upload.objects.count() == 0


def test_sticker_and_location_are_answered(jordan: Jordan, page: MessengerPage) -> None:
    assert page.hear(messenger_events.build_attachments([STICKER], page.at))
    assert page.hear(messenger_events.build_attachments([LOCATION], page.at))


def test_reply_window_counts_from_the_event_time(jordan: Jordan, page: MessengerPage) -> None:
    page.at = NOON + 2 * HOUR
    page.hear(build_text("مرحبا", NOON, mid="m_1"))
    assert MessengerPerson.objects.get().heard_at == NOON


def test_person_is_recognised_after_a_month(jordan: Jordan, page: MessengerPage) -> None:
    page.hear(build_text("مرحبا", NOON))
    page.at = NOON + timedelta(days=30)
    assert page.hear(build_text("مرحبا", page.at))
    assert Conversation.objects.count() == 1
