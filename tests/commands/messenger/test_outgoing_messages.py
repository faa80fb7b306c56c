"""Outgoing messages are sent in order and never twice, whatever the Send API answers."""

import pytest
from pytest_django import Settings

from bekhedmetkom.messenger.commands import (
    queue_message,
    send_due_messages,
    set_up_profile,
    subscribe_webhook,
)
from bekhedmetkom.messenger.models import Saying
from bekhedmetkom.messenger.queries import get_delivery_statuses
from bekhedmetkom.notifications.commands import record_messenger_contact
from bekhedmetkom.notifications.models import MessengerPerson, Stop
from tests.commands.messenger.conftest import ONE_SECOND, MessengerPage
from tests.fakes import messenger_events
from tests.fakes.messenger_events import OTHER_PSID, PSID
from tests.fakes.send_api import RECORDED
from tests.personas import DAY, HOUR, NOON

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _they_wrote(db: None) -> None:
    record_messenger_contact(psid=PSID, at=NOON)
    record_messenger_contact(psid=OTHER_PSID, at=NOON)


def test_call_has_the_recorded_shape(page: MessengerPage) -> None:
    queue_message(psid=PSID, text="تم الرد على طلبك", at=NOON)
    send_due_messages(NOON)
    (call,) = page.api.calls
    assert call["message"].pop("metadata"), "by which its echo is known"
    assert call == RECORDED["calls"]["reply inside 24 h"]
    assert page.api.paths == ["/v25.0/682498302938465/messages"]


def test_long_text_is_sent_as_several_messages_in_order(page: MessengerPage) -> None:
    queue_message(
        psid=PSID, text="\n\n".join(f"{n}{'ا' * 1200}" for n in range(4)), at=NOON, choices=[("a", "أ")]
    )
    send_due_messages(NOON)
    assert [text[0] for text in page.api.texts] == ["0", "1", "2", "3"]
    assert ["quick_replies" in call["message"] for call in page.api.calls] == [False, False, False, True]


@pytest.mark.parametrize("fault", ["2/None", "1200/None", "4/None", "613/None", 429])
def test_temporary_failure_is_retried_and_delays_nobody_else(page: MessengerPage, fault: str | int) -> None:
    queue_message(psid=PSID, text="أول", at=NOON)
    queue_message(psid=PSID, text="ثان", at=NOON)
    queue_message(psid=OTHER_PSID, text="لغيره", at=NOON)
    page.api.faults = [fault]
    send_due_messages(NOON)
    send_due_messages(NOON + ONE_SECOND)
    assert page.api.texts == ["لغيره"]
    send_due_messages(NOON + HOUR)
    assert page.api.texts == ["لغيره", "أول", "ثان"]


@pytest.mark.parametrize(
    ("fault", "why"),
    [("10/2018278", "refused"), ("551/1545041", "refused"), ("100/2018001", "refused"), ("100/None", "refused"),
     ("broken", "in_doubt"), (502, "in_doubt")],
)  # fmt: skip
def test_permanent_failure_drops_the_message_and_shows_an_officers(
    page: MessengerPage, fault: str | int, why: str
) -> None:
    queue_message(psid=PSID, text="المساعد", at=NOON)
    page.api.faults = [fault]
    send_due_messages(NOON)
    record_messenger_contact(psid=PSID, at=NOON)
    queue_message(psid=PSID, text="الموظف", at=NOON, line=7)
    page.api.faults = [fault]
    send_due_messages(NOON)
    assert page.api.texts == []
    assert get_delivery_statuses([7, 8]) == {7: why}
    assert [bytes(row.call) for row in Saying.objects.all()] == [b""]


def test_message_is_given_up_after_all_attempts(page: MessengerPage) -> None:
    queue_message(psid=PSID, text="الموظف", at=NOON, line=7)
    page.api.faults = ["2/None"] * 20
    for hour in range(1, 12):
        send_due_messages(NOON + hour * HOUR)
    assert get_delivery_statuses([7]) == {7: "given_up"}


def test_only_officers_write_after_a_day_and_nobody_after_seven(page: MessengerPage) -> None:
    for at, said in ((NOON + DAY, ["الموظف"]), (NOON + 7 * DAY, [])):
        page.api.calls.clear()
        queue_message(psid=PSID, text="المساعد", at=at)
        queue_message(psid=PSID, text="الموظف", at=at, line=7)
        send_due_messages(at)
        assert page.api.texts == said
        if said:
            recorded = RECORDED["calls"]["officer"]
            call = page.api.calls[0]
            assert (call["messaging_type"], call["tag"]) == (recorded["messaging_type"], recorded["tag"])
    assert get_delivery_statuses([7]) == {7: "refused"}


@pytest.mark.parametrize(("fault", "until"), [("190/None", None), ("10/1893063", HOUR)])
def test_stopped_channel_keeps_its_queue(
    page: MessengerPage, settings: Settings, fault: str, until: object
) -> None:
    queue_message(psid=PSID, text="أول", at=NOON)
    queue_message(psid=OTHER_PSID, text="لغيره", at=NOON)
    page.api.faults = [fault]
    send_due_messages(NOON)
    assert (page.api.texts, Saying.objects.count(), len(page.api.paths)) == ([], 2, 1)
    send_due_messages(NOON + ONE_SECOND)
    assert len(page.api.paths) == 1, "nobody is called while it stands"
    assert (Stop.objects.get().until is None) == (until is None)
    settings.MESSENGER_PAGE_TOKEN = page.api.token = "ANOTHER"
    send_due_messages(NOON + ONE_SECOND)
    assert page.api.texts == ["أول", "لغيره"]


def test_crash_while_sending_does_not_send_again(page: MessengerPage) -> None:
    queue_message(psid=PSID, text="الموظف", at=NOON, line=7)
    queue_message(psid=PSID, text="بعده", at=NOON)
    Saying.objects.filter(line=7).update(state="sending", tries=1, not_before=NOON + 2 * HOUR / 60)
    send_due_messages(NOON)
    assert page.api.texts == [], "in order: what comes after it waits"
    send_due_messages(NOON + HOUR)
    assert (page.api.texts, get_delivery_statuses([7])) == (["بعده"], {7: "in_doubt"})


@pytest.mark.parametrize("killed", [False, True])
@pytest.mark.parametrize("taken", [False, True])
def test_echoes_resolve_messages_in_doubt(page: MessengerPage, taken: bool, killed: bool) -> None:
    """The connection breaks or we crash, before or after Meta took the message."""
    queue_message(psid=OTHER_PSID, text="قبله", at=NOON)
    send_due_messages(NOON)
    page.post(messenger_events.build_echo(page.api.calls[0]["message"]["metadata"], NOON))
    queue_message(psid=PSID, text="أول", at=NOON)
    queue_message(psid=PSID, text="ثان", at=NOON)
    first = Saying.objects.earliest("pk")
    if killed:
        Saying.objects.filter(pk=first.pk).update(state="sending", tries=1, not_before=NOON + HOUR / 60)
    else:
        page.api.faults = ["broken"]
        send_due_messages(NOON)
    if taken:
        page.post(messenger_events.build_echo(f"bekhedmetkom:{first.pk}", NOON))
    send_due_messages(NOON + ONE_SECOND)
    assert page.api.texts == ["قبله"], "its echo may be on the way"
    send_due_messages(NOON + HOUR)
    assert page.api.texts == ["قبله", *([] if taken else ["أول"]), "ثان"]
    assert Saying.objects.count() == 0


def test_late_echo_still_counts(page: MessengerPage) -> None:
    queue_message(psid=PSID, text="أول", at=NOON)
    row = Saying.objects.get()
    Saying.objects.update(tries=1)
    page.post(messenger_events.build_echo(f"bekhedmetkom:{row.pk}", NOON))
    send_due_messages(NOON)
    assert page.api.texts == []


def test_person_who_blocked_the_page_gets_nothing_until_they_write(page: MessengerPage) -> None:
    MessengerPerson.objects.filter(psid=PSID).update(refused=True)
    queue_message(psid=PSID, text="أول", at=NOON)
    send_due_messages(NOON)
    assert page.api.paths == []
    record_messenger_contact(psid=PSID, at=NOON)
    queue_message(psid=PSID, text="ثان", at=NOON)
    send_due_messages(NOON)
    assert page.api.texts == ["ثان"]


def test_messages_wait_without_a_page_token(page: MessengerPage, settings: Settings) -> None:
    settings.MESSENGER_PAGE_TOKEN = ""
    queue_message(psid=PSID, text="أول", at=NOON)
    assert send_due_messages(NOON) == 0
    assert Saying.objects.count() == 1


def test_profile_sets_the_start_button_first(page: MessengerPage) -> None:
    set_up_profile()
    subscribe_webhook()
    assert [next(iter(call)) for call in page.api.calls] == ["get_started", "greeting", "subscribed_fields"]
    assert page.api.paths[0] == "/v25.0/me/messenger_profile"
