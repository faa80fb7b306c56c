"""SMS by a gateway that takes JSON: what it gets, and what becomes of a message when it refuses, chokes or dies."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.models import Event
from bekhedmetkom.cases.rules.applicant import Applicant
from bekhedmetkom.cases.rules.contact import ContactPreference
from bekhedmetkom.catalogue.rules import Disposition
from bekhedmetkom.notifications.commands import record_receipt, send_due_messages
from bekhedmetkom.notifications.models import Message
from bekhedmetkom.notifications.rules.delivery import ReceiptStatus
from bekhedmetkom.notifications.subscriber import NotificationSubscriber
from tests.commands.notifications.event_helpers import build_fed_event, create_sms, get_outcome
from tests.commands.notifications.http_sms_server import DroppedLink, HttpSmsServer
from tests.personas import DAY, HOUR, NOON, Jordan


@pytest.fixture
def waiting(db: None) -> Message:
    """One SMS, due now."""
    return create_sms()


def test_it_goes_out_once_with_our_own_id(waiting: Message, http_gateway: HttpSmsServer) -> None:
    assert send_due_messages(NOON) == 1
    assert send_due_messages(NOON + DAY) == 0
    [taken], [headers] = http_gateway.taken, http_gateway.headers
    assert taken == {
        "to": "+962791234567", "from": "Bekhedmet", "text": waiting.body, "id": f"message-{waiting.pk}",
    }  # fmt: skip
    assert headers["Authorization"] == "Bearer a-key"
    assert headers["Idempotency-Key"] == f"message-{waiting.pk}"
    assert get_outcome(waiting) == ("sent", "")
    assert waiting.parts.get().gateway_id == "http-1"


def test_a_gateway_with_other_words_for_the_fields(
    waiting: Message, http_gateway: HttpSmsServer, settings: Settings
) -> None:
    settings.SMS_FIELDS = {"messages": [{"recipients": ["$to"], "content": "$text", "unicode": True}]}
    settings.SMS_ID_FIELD = "messages.0.id"
    http_gateway.says(200, {"messages": [{"id": 77}]})
    send_due_messages(NOON)
    assert http_gateway.taken == [
        {"messages": [{"recipients": ["+962791234567"], "content": waiting.body, "unicode": True}]}
    ]
    assert waiting.parts.get().gateway_id == "77"


def test_a_number_that_it_refuses_has_failed(waiting: Message, http_gateway: HttpSmsServer) -> None:
    http_gateway.says(422)
    assert send_due_messages(NOON) == 1
    assert get_outcome(waiting) == ("failed", "refused")


def test_our_own_key_refused_is_nobodys_failure(waiting: Message, http_gateway: HttpSmsServer) -> None:
    http_gateway.says(401)
    assert send_due_messages(NOON) == 0
    assert get_outcome(waiting) == ("queued", "")


def test_a_busy_gateway_is_given_time_and_costs_no_try(waiting: Message, http_gateway: HttpSmsServer) -> None:
    http_gateway.says(429, Retry_After="120")
    send_due_messages(NOON)
    assert get_outcome(waiting) == ("queued", "")
    assert waiting.tries == 0
    assert timedelta(seconds=120) <= waiting.not_before - NOON <= timedelta(seconds=240)


def test_a_busy_gateway_is_not_asked_again_in_the_same_round(db: None, http_gateway: HttpSmsServer) -> None:
    for _ in range(3):
        create_sms()
    http_gateway.says(503)
    send_due_messages(NOON)
    assert len(http_gateway.taken) == 1


def test_nobody_at_the_other_end(waiting: Message, http_gateway: HttpSmsServer, settings: Settings) -> None:
    settings.SMS_URL = "http://127.0.0.1:1/sms"
    assert send_due_messages(NOON) == 0
    assert get_outcome(waiting) == ("queued", "")


@pytest.mark.parametrize("failure", ["silence", "drop", "500"])
def test_what_it_may_have_taken_is_not_sent_again(
    waiting: Message, http_gateway: HttpSmsServer, short_patience: None, failure: str
) -> None:
    fail(http_gateway, failure)
    assert send_due_messages(NOON) == 1
    assert send_due_messages(NOON + DAY) == 0
    assert (get_outcome(waiting), len(http_gateway.taken)) == (("parked", "in_doubt"), 1)


def test_a_gateway_that_knows_our_ids_is_asked_again(
    waiting: Message, http_gateway: HttpSmsServer, settings: Settings
) -> None:
    settings.SMS_FORGIVES_REPEATS = True
    fail(http_gateway, "drop")
    send_due_messages(NOON)
    assert get_outcome(waiting) == ("queued", "")
    http_gateway.answers = http_gateway.accept
    send_due_messages(NOON + DAY)
    assert get_outcome(waiting) == ("sent", "")
    assert {taken["id"] for taken in http_gateway.taken} == {f"message-{waiting.pk}"}


def test_an_answer_without_an_id_is_still_sent(waiting: Message, http_gateway: HttpSmsServer) -> None:
    http_gateway.says(200, ["odd"])
    assert send_due_messages(NOON) == 1
    assert get_outcome(waiting) == ("sent", "")


def test_a_receipt_may_come_before_its_message_is_written_down(
    waiting: Message, http_gateway: HttpSmsServer
) -> None:
    record_receipt(gateway_id="http-1", fate=ReceiptStatus.DELIVERED, at=NOON)
    send_due_messages(NOON)
    assert get_outcome(waiting) == ("delivered", "")


def test_no_number_in_the_log(
    waiting: Message, http_gateway: HttpSmsServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", "bekhedmetkom")
    http_gateway.says(422, {"error": "+962791234567 is no number"})
    send_due_messages(NOON)
    assert "answered 422" in caplog.text
    assert "791234567" not in caplog.text


def fail(gateway: HttpSmsServer, how: str) -> None:
    def silence() -> tuple[int, dict[str, str], object]:
        gateway.over.wait(20)
        return gateway.accept()

    def drop() -> tuple[int, dict[str, str], object]:
        raise DroppedLink

    gateway.answers = {"silence": silence, "drop": drop, "500": lambda: (500, {}, None)}[how]


def test_who_has_a_landline_alone_is_called(jordan: Jordan, http_gateway: HttpSmsServer) -> None:
    """No message goes there, so that an answer, and whether it solved the matter, would be asked of nobody."""
    case = jordan.case(applicant=Applicant(phone="+96265008080"))
    commands.answer_case(
        case=case.pk, seen=1, actor=jordan.main, at=NOON, text="رُدمت الحفرة", disposition=Disposition.UPHELD
    )
    NotificationSubscriber().follow(
        [build_fed_event(event) for event in Event.objects.filter(case=case).order_by("pk")]
    )
    assert [message.template for message in Message.objects.filter(officer=None)] == ["answered"]
    assert send_due_messages(NOON + HOUR) == 1
    assert http_gateway.taken == []
    assert Message.objects.get(officer=None).state == "failed"
    case.refresh_from_db()
    assert case.unreached


def test_who_wants_no_messages_is_not_called_for_them(jordan: Jordan) -> None:
    case = jordan.case(applicant=Applicant(phone="+96265008080"))
    commands.set_contact_preference(
        case=case.pk, actor=jordan.citizen(case), at=NOON, tell_by=ContactPreference.NONE, full_by_sms=False
    )
    commands.answer_case(
        case=case.pk,
        seen=2,
        actor=jordan.main,
        at=NOON,
        text="رُدمت الحفرة",
        disposition=Disposition.UPHELD,
    )
    NotificationSubscriber().follow(
        [build_fed_event(event) for event in Event.objects.filter(case=case).order_by("pk")]
    )
    assert not Message.objects.filter(officer=None).exists()
