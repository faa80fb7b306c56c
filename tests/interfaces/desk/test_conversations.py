"""Talks at the desk: who asked for a person is answered by one, on the way by which they write."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from uuid import UUID

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from bekhedmetkom.assistant.commands import (
    erase_expired_conversations,
    get_or_create_conversation,
    handle_message,
)
from bekhedmetkom.assistant.models import Conversation, Line
from bekhedmetkom.assistant.queries import find_conversation, inbox
from bekhedmetkom.assistant.rules.messages import IncomingMessage
from bekhedmetkom.cases.models import Case
from bekhedmetkom.entities.models import ChangeRecord
from bekhedmetkom.interfaces.desk.lists import count_cache
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.messenger.commands import send_due_messages
from bekhedmetkom.messenger.models import Saying
from bekhedmetkom.notifications.commands import record_messenger_contact
from tests.fakes.messenger_events import PSID
from tests.fakes.send_api import SendApi, send_api
from tests.interfaces.desk.conftest import Desk
from tests.personas import DAY, HOUR, NOON, POTHOLE, Jordan

Sits = Callable[[Actor], Desk]
SECRET_TEXT = "عندي مشكلة في رخصة بيتي"


@pytest.fixture
def api(settings: Settings) -> Iterator[SendApi]:
    with send_api(settings) as server:
        yield server


def start_conversation(channel: str = "messenger", person: str = PSID, at: datetime = NOON) -> UUID:
    """Somebody who has written and asked for a person."""
    talk = get_or_create_conversation(channel=channel, person=person, at=at)
    handle_message(conversation=talk, message=IncomingMessage(SECRET_TEXT, key="m_1"), at=at)
    handle_message(conversation=talk, message=IncomingMessage(choice="person", key="m_2"), at=at)
    if channel == "messenger":
        record_messenger_contact(psid=person, at=at)
    return talk


def get_page_html(desk: Desk, talk: UUID | None = None) -> str:
    answer = desk.client.get(
        reverse("desk:talk", args=[talk]) if talk else reverse("desk:talks"), follow=True
    )
    assert answer.status_code == 200
    return answer.content.decode()


def press_button(desk: Desk, talk: UUID, button: str, **fields: str) -> int:
    return desk.client.post(reverse("desk:talk", args=[talk]), {button: "1", **fields}).status_code


def test_who_asked_is_in_the_list_and_nothing_of_what_they_said(jordan: Jordan, sits: Sits) -> None:
    talk = start_conversation()
    shown = get_page_html(sits(jordan.pm))
    assert reverse("desk:talk", args=[talk]) in shown
    assert SECRET_TEXT not in shown
    assert SECRET_TEXT not in get_page_html(sits(jordan.pm), talk), "before it is taken"


def test_an_officer_takes_reads_answers_and_gives_back(jordan: Jordan, sits: Sits, api: SendApi) -> None:
    talk, desk = start_conversation(), sits(jordan.agent)
    assert press_button(desk, talk, "take") == 302
    assert SECRET_TEXT in get_page_html(desk, talk)
    assert press_button(desk, talk, "write", text="أنا معك. ما رقم قطعة الأرض؟", key="k1") == 302
    assert press_button(desk, talk, "write", text="أنا معك. ما رقم قطعة الأرض؟", key="k1") == 302
    send_due_messages(NOON + 2 * HOUR)
    assert api.texts == ["أنا معك. ما رقم قطعة الأرض؟"], "sent twice, said once"
    assert (
        handle_message(conversation=talk, message=IncomingMessage("قطعة 7", key="m_3"), at=NOON + 3 * HOUR)
        == []
    ), "the assistant is silent"
    assert "قطعة 7" in get_page_html(desk, talk)
    assert press_button(desk, talk, "back") == 302
    assert "عادت المحادثة إلى المساعد الآلي" in get_page_html(desk)
    send_due_messages(NOON + 2 * HOUR)
    assert "المساعد الآلي" in api.texts[-1]
    row = Conversation.objects.get()
    assert (row.officer, row.wanted_at) == (None, None)


def test_no_access_code_is_read_by_who_takes_the_talk(jordan: Jordan, sits: Sits) -> None:
    talk = get_or_create_conversation(channel="chat", person="p", at=NOON)
    for line in ("مرحبا", "شكوى", POTHOLE, "وجهوه انتم", "شارع وصفي التل", "تخطي"):
        handle_message(conversation=talk, message=IncomingMessage(line), at=NOON)
    receipt = handle_message(conversation=talk, message=IncomingMessage("ارسل"), at=NOON)[0].text
    found = re.search(r"\d{5}-\d{5}", receipt)
    assert found
    code = found[0]
    handle_message(conversation=talk, message=IncomingMessage("موظف"), at=NOON)
    handle_message(conversation=talk, message=IncomingMessage(f"رمزي {code} لا يفتح"), at=NOON)
    desk = sits(jordan.agent)
    press_button(desk, talk, "take")
    shown = get_page_html(desk, talk)
    assert Case.objects.get().reference in shown
    assert "لا يفتح" in shown
    assert code not in shown
    own = find_conversation("chat", "p")
    assert own and code in " ".join(line.text for line in own.lines), "its person still has the receipt"


def test_each_step_is_written_down_without_a_word(jordan: Jordan, sits: Sits) -> None:
    talk, desk = start_conversation(), sits(jordan.agent)
    for button in ("take", "write", "leave"):
        press_button(desk, talk, button, text="أنا معك", key="k")
    done = ChangeRecord.objects.filter(model="desk.talk", key=str(talk)).order_by("id")
    assert [one.after["done"] for one in done if one.after] == ["taken", "written", "left"]
    assert {one.actor for one in done} == {str(jordan.agent)}
    assert "أنا معك" not in str([one.after for one in done])


def test_two_officers_do_not_answer_at_once(jordan: Jordan, sits: Sits) -> None:
    talk, first, second = start_conversation(), sits(jordan.agent), sits(jordan.pm)
    press_button(first, talk, "take")
    press_button(second, talk, "write", text="وأنا معك", key="k")
    assert Line.objects.filter(whose="officer").count() == 0
    assert SECRET_TEXT not in get_page_html(second, talk)
    press_button(second, talk, "take")
    press_button(first, talk, "write", text="أنا معك", key="k")
    assert Line.objects.filter(whose="officer").count() == 0
    assert SECRET_TEXT in get_page_html(second, talk)


@pytest.mark.parametrize("text", ["", "   ", "ا" * 2001])
def test_what_cannot_be_said_is_said_so_and_kept_in_the_form(jordan: Jordan, sits: Sits, text: str) -> None:
    talk, desk = start_conversation(), sits(jordan.agent)
    press_button(desk, talk, "take")
    answer = desk.client.post(reverse("desk:talk", args=[talk]), {"write": "1", "text": text, "key": "k"})
    assert answer.status_code == 422
    shown = BeautifulSoup(answer.content, "html.parser")
    box, wrong = shown.select_one("textarea[name=text]"), shown.select_one(".error-summary[autofocus]")
    assert box
    assert wrong
    assert box.text.strip() == text.strip()
    assert Saying.objects.count() == 0


def test_after_seven_days_messenger_takes_nothing_and_the_page_says_so(
    jordan: Jordan, sits: Sits, now: Callable[[datetime], None]
) -> None:
    talk, desk = start_conversation(), sits(jordan.agent)
    press_button(desk, talk, "take")
    now(NOON + 2 * DAY)
    assert "textarea" in get_page_html(desk, talk)
    now(NOON + 7 * DAY)
    assert "<textarea" not in get_page_html(desk, talk)
    press_button(desk, talk, "write", text="أنا معك", key="k")
    assert Line.objects.filter(whose="officer").count() == 0


def test_what_did_not_arrive_is_seen_in_the_talk(jordan: Jordan, sits: Sits, api: SendApi) -> None:
    talk, desk = start_conversation(), sits(jordan.agent)
    press_button(desk, talk, "take")
    press_button(desk, talk, "write", text="أنا معك", key="k")
    assert "في الطريق إليه" in get_page_html(desk, talk)
    api.faults = ["551/1545041"]
    send_due_messages(NOON + 2 * HOUR)
    assert "لم تصل" in get_page_html(desk, talk)


def test_a_talk_on_the_website_is_answered_the_same_way(jordan: Jordan, sits: Sits) -> None:
    talk, desk = start_conversation("chat", "a browser"), sits(jordan.agent)
    press_button(desk, talk, "take")
    press_button(desk, talk, "write", text="أنا معك", key="k")
    assert Line.objects.filter(conversation=talk, whose="officer").count() == 1
    assert Saying.objects.count() == 0


def test_who_waits_for_a_person_is_not_forgotten_after_two_days(jordan: Jordan, sits: Sits) -> None:
    talk = start_conversation()
    erase_expired_conversations(NOON + 3 * DAY)
    assert Conversation.objects.get(pk=talk).wanted_at
    erase_expired_conversations(NOON + 8 * DAY)
    assert Conversation.objects.get(pk=talk).wanted_at is None
    assert "انتهت هذه المحادثة" in get_page_html(sits(jordan.agent), talk)


def test_who_waits_is_shown_however_many_others_are_answered(
    jordan: Jordan, sits: Sits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "MAX_CONVERSATIONS", 1)
    press_button(sits(jordan.agent), start_conversation(person="10001"), "take")
    waits = start_conversation(person="10002")
    assert reverse("desk:talk", args=[waits]) in get_page_html(sits(jordan.pm))


def test_the_list_costs_the_same_however_long(
    jordan: Jordan, sits: Sits, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(12):
        start_conversation(person=str(10_000 + number))
    desk = sits(jordan.agent)
    get_page_html(desk)
    with django_assert_max_num_queries(8):
        get_page_html(desk)


def test_a_talk_comes_by_itself_to_who_has_it(jordan: Jordan, sits: Sits) -> None:
    talk, desk = start_conversation(), sits(jordan.agent)
    lines = f"{reverse('desk:talk', args=[talk])}?lines"
    assert desk.client.get(lines).status_code == 409, "before it is taken"
    press_button(desk, talk, "take")
    assert f'data-lines="{lines}"' in get_page_html(desk, talk)
    handle_message(conversation=talk, message=IncomingMessage("قطعة 7", key="m_3"), at=NOON + HOUR)
    piece = desk.client.get(lines, headers={"X-By-Itself": "1"}).content.decode()
    assert "قطعة 7" in piece
    assert "<form" not in piece
    press_button(sits(jordan.pm), talk, "take")
    assert desk.client.get(lines).status_code == 409, "a colleague has it now"


def test_the_side_bar_says_how_many_wait(jordan: Jordan, sits: Sits) -> None:
    talk, desk = start_conversation(), sits(jordan.agent)

    def counted() -> str:
        count_cache._get_entry.cache_clear()
        said: str = desk.client.get(reverse("desk:counts")).json()["counts"]["talks"]
        return said

    assert counted() == "1"
    press_button(desk, talk, "take")
    assert counted() == "0", "this one has somebody"
    handle_message(conversation=talk, message=IncomingMessage("شكرا", key="m_4"), at=NOON + 3 * HOUR)
    assert counted() == "1"
    assert "talks" not in sits(jordan.main).client.get(reverse("desk:counts")).json()["counts"]
