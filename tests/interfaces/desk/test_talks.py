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
from bekhedmetkom.interfaces.desk import remembered
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.messages.commands import heard_from
from bekhedmetkom.messenger.commands import send_due_messages
from bekhedmetkom.messenger.models import Saying
from tests.fakes.messenger_events import PSID
from tests.fakes.send_api import SendApi, send_api
from tests.interfaces.desk.conftest import Desk
from tests.personas import DAY, HOUR, NOON, POTHOLE, Jordan

Sits = Callable[[Actor], Desk]
SECRET_WORDS = "عندي مشكلة في رخصة بيتي"


@pytest.fixture
def api(settings: Settings) -> Iterator[SendApi]:
    with send_api(settings) as server:
        yield server


def asked(channel: str = "messenger", person: str = PSID, at: datetime = NOON) -> UUID:
    """Somebody who has written and asked for a person."""
    talk = get_or_create_conversation(channel=channel, person=person, at=at)
    handle_message(conversation=talk, message=IncomingMessage(SECRET_WORDS, key="m_1"), at=at)
    handle_message(conversation=talk, message=IncomingMessage(choice="person", key="m_2"), at=at)
    if channel == "messenger":
        heard_from(psid=person, at=at)
    return talk


def page(desk: Desk, talk: UUID | None = None) -> str:
    answer = desk.client.get(
        reverse("desk:talk", args=[talk]) if talk else reverse("desk:talks"), follow=True
    )
    assert answer.status_code == 200
    return answer.content.decode()


def press(desk: Desk, talk: UUID, button: str, **fields: str) -> int:
    return desk.client.post(reverse("desk:talk", args=[talk]), {button: "1", **fields}).status_code


def test_who_asked_is_in_the_list_and_nothing_of_what_they_said(jordan: Jordan, sits: Sits) -> None:
    talk = asked()
    shown = page(sits(jordan.pm))
    assert reverse("desk:talk", args=[talk]) in shown
    assert SECRET_WORDS not in shown
    assert SECRET_WORDS not in page(sits(jordan.pm), talk), "before it is taken"


def test_an_officer_takes_reads_answers_and_gives_back(jordan: Jordan, sits: Sits, api: SendApi) -> None:
    talk, desk = asked(), sits(jordan.agent)
    assert press(desk, talk, "take") == 302
    assert SECRET_WORDS in page(desk, talk)
    assert press(desk, talk, "write", text="أنا معك. ما رقم قطعة الأرض؟", key="k1") == 302
    assert press(desk, talk, "write", text="أنا معك. ما رقم قطعة الأرض؟", key="k1") == 302
    send_due_messages(NOON + 2 * HOUR)
    assert api.said == ["أنا معك. ما رقم قطعة الأرض؟"], "sent twice, said once"
    assert (
        handle_message(conversation=talk, message=IncomingMessage("قطعة 7", key="m_3"), at=NOON + 3 * HOUR)
        == []
    ), "the assistant is silent"
    assert "قطعة 7" in page(desk, talk)
    assert press(desk, talk, "back") == 302
    assert "عادت المحادثة إلى المساعد الآلي" in page(desk)
    send_due_messages(NOON + 2 * HOUR)
    assert "المساعد الآلي" in api.said[-1]
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
    press(desk, talk, "take")
    shown = page(desk, talk)
    assert Case.objects.get().reference in shown
    assert "لا يفتح" in shown
    assert code not in shown
    own = find_conversation("chat", "p")
    assert own and code in " ".join(line.text for line in own.lines), "its person still has the receipt"


def test_each_step_is_written_down_without_a_word(jordan: Jordan, sits: Sits) -> None:
    talk, desk = asked(), sits(jordan.agent)
    for button in ("take", "write", "leave"):
        press(desk, talk, button, text="أنا معك", key="k")
    done = ChangeRecord.objects.filter(model="desk.talk", key=str(talk)).order_by("id")
    assert [one.after["done"] for one in done if one.after] == ["taken", "written", "left"]
    assert {one.actor for one in done} == {str(jordan.agent)}
    assert "أنا معك" not in str([one.after for one in done])


def test_two_officers_do_not_answer_at_once(jordan: Jordan, sits: Sits) -> None:
    talk, first, second = asked(), sits(jordan.agent), sits(jordan.pm)
    press(first, talk, "take")
    press(second, talk, "write", text="وأنا معك", key="k")
    assert Line.objects.filter(whose="officer").count() == 0
    assert SECRET_WORDS not in page(second, talk)
    press(second, talk, "take")
    press(first, talk, "write", text="أنا معك", key="k")
    assert Line.objects.filter(whose="officer").count() == 0
    assert SECRET_WORDS in page(second, talk)


@pytest.mark.parametrize("text", ["", "   ", "ا" * 2001])
def test_what_cannot_be_said_is_said_so_and_kept_in_the_form(jordan: Jordan, sits: Sits, text: str) -> None:
    talk, desk = asked(), sits(jordan.agent)
    press(desk, talk, "take")
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
    talk, desk = asked(), sits(jordan.agent)
    press(desk, talk, "take")
    now(NOON + 2 * DAY)
    assert "textarea" in page(desk, talk)
    now(NOON + 7 * DAY)
    assert "<textarea" not in page(desk, talk)
    press(desk, talk, "write", text="أنا معك", key="k")
    assert Line.objects.filter(whose="officer").count() == 0


def test_what_did_not_arrive_is_seen_in_the_talk(jordan: Jordan, sits: Sits, api: SendApi) -> None:
    talk, desk = asked(), sits(jordan.agent)
    press(desk, talk, "take")
    press(desk, talk, "write", text="أنا معك", key="k")
    assert "في الطريق إليه" in page(desk, talk)
    api.faults = ["551/1545041"]
    send_due_messages(NOON + 2 * HOUR)
    assert "لم تصل" in page(desk, talk)


def test_a_talk_on_the_website_is_answered_the_same_way(jordan: Jordan, sits: Sits) -> None:
    talk, desk = asked("chat", "a browser"), sits(jordan.agent)
    press(desk, talk, "take")
    press(desk, talk, "write", text="أنا معك", key="k")
    assert Line.objects.filter(conversation=talk, whose="officer").count() == 1
    assert Saying.objects.count() == 0


def test_who_waits_for_a_person_is_not_forgotten_after_two_days(jordan: Jordan, sits: Sits) -> None:
    talk = asked()
    erase_expired_conversations(NOON + 3 * DAY)
    assert Conversation.objects.get(pk=talk).wanted_at
    erase_expired_conversations(NOON + 8 * DAY)
    assert Conversation.objects.get(pk=talk).wanted_at is None
    assert "انتهت هذه المحادثة" in page(sits(jordan.agent), talk)


def test_who_waits_is_shown_however_many_others_are_answered(
    jordan: Jordan, sits: Sits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "MAX_CONVERSATIONS", 1)
    press(sits(jordan.agent), asked(person="10001"), "take")
    waits = asked(person="10002")
    assert reverse("desk:talk", args=[waits]) in page(sits(jordan.pm))


def test_the_list_costs_the_same_however_long(
    jordan: Jordan, sits: Sits, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(12):
        asked(person=str(10_000 + number))
    desk = sits(jordan.agent)
    page(desk)
    with django_assert_max_num_queries(8):
        page(desk)


def test_a_talk_comes_by_itself_to_who_has_it(jordan: Jordan, sits: Sits) -> None:
    talk, desk = asked(), sits(jordan.agent)
    lines = f"{reverse('desk:talk', args=[talk])}?lines"
    assert desk.client.get(lines).status_code == 409, "before it is taken"
    press(desk, talk, "take")
    assert f'data-lines="{lines}"' in page(desk, talk)
    handle_message(conversation=talk, message=IncomingMessage("قطعة 7", key="m_3"), at=NOON + HOUR)
    piece = desk.client.get(lines, headers={"X-By-Itself": "1"}).content.decode()
    assert "قطعة 7" in piece
    assert "<form" not in piece
    press(sits(jordan.pm), talk, "take")
    assert desk.client.get(lines).status_code == 409, "a colleague has it now"


def test_the_side_bar_says_how_many_wait(jordan: Jordan, sits: Sits) -> None:
    talk, desk = asked(), sits(jordan.agent)

    def counted() -> str:
        remembered._last.cache_clear()
        said: str = desk.client.get(reverse("desk:counts")).json()["counts"]["talks"]
        return said

    assert counted() == "1"
    press(desk, talk, "take")
    assert counted() == "0", "this one has somebody"
    handle_message(conversation=talk, message=IncomingMessage("شكرا", key="m_4"), at=NOON + 3 * HOUR)
    assert counted() == "1"
    assert "talks" not in sits(jordan.main).client.get(reverse("desk:counts")).json()["counts"]
