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


def test_sms_is_sent_once_with_our_id(waiting: Message, http_gateway: HttpSmsServer) -> None:
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


def test_field_names_are_configurable(
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


def test_refused_number_fails(waiting: Message, http_gateway: HttpSmsServer) -> None:
    http_gateway.says(422)
    assert send_due_messages(NOON) == 1
    assert get_outcome(waiting) == ("failed", "refused")


def test_rejected_credentials_do_not_fail_the_message(waiting: Message, http_gateway: HttpSmsServer) -> None:
    http_gateway.says(401)
    assert send_due_messages(NOON) == 0
    assert get_outcome(waiting) == ("queued", "")


def test_busy_gateway_uses_no_try(waiting: Message, http_gateway: HttpSmsServer) -> None:
    http_gateway.says(429, Retry_After="120")
    send_due_messages(NOON)
    assert get_outcome(waiting) == ("queued", "")
    assert waiting.tries == 0
    assert timedelta(seconds=120) <= waiting.not_before - NOON <= timedelta(seconds=240)


def test_busy_gateway_ends_the_round(db: None, http_gateway: HttpSmsServer) -> None:
    for _ in range(3):
        create_sms()
    http_gateway.says(503)
    send_due_messages(NOON)
    assert len(http_gateway.taken) == 1


def test_unreachable_gateway_is_retried(
    waiting: Message, http_gateway: HttpSmsServer, settings: Settings
) -> None:
    settings.SMS_URL = "http://127.0.0.1:1/sms"
    assert send_due_messages(NOON) == 0
    assert get_outcome(waiting) == ("queued", "")


@pytest.mark.parametrize("failure", ["silence", "drop", "500"])
def test_uncertain_send_is_not_repeated(
    waiting: Message, http_gateway: HttpSmsServer, short_patience: None, failure: str
) -> None:
    fail(http_gateway, failure)
    assert send_due_messages(NOON) == 1
    assert send_due_messages(NOON + DAY) == 0
    assert (get_outcome(waiting), len(http_gateway.taken)) == (("parked", "in_doubt"), 1)


def test_idempotent_gateway_is_asked_again(
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


def test_response_without_id_counts_as_sent(waiting: Message, http_gateway: HttpSmsServer) -> None:
    http_gateway.says(200, ["odd"])
    assert send_due_messages(NOON) == 1
    assert get_outcome(waiting) == ("sent", "")


def test_receipt_before_message_record_is_matched(waiting: Message, http_gateway: HttpSmsServer) -> None:
    record_receipt(gateway_id="http-1", fate=ReceiptStatus.DELIVERED, at=NOON)
    send_due_messages(NOON)
    assert get_outcome(waiting) == ("delivered", "")


def test_log_contains_no_number(
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


def test_landline_recipient_goes_to_call_backs(jordan: Jordan, http_gateway: HttpSmsServer) -> None:
    """No message goes there, so that an answer, and whether it solved the matter, would be asked of nobody."""
    case = jordan.create_case(applicant=Applicant(phone="+96265008080"))
    commands.answer_case(
        case=case.pk, seen=1, actor=jordan.main, at=NOON, text="رُدمت الحفرة", disposition=Disposition.UPHELD
    )
    NotificationSubscriber().handle_events(
        [build_fed_event(event) for event in Event.objects.filter(case=case).order_by("pk")]
    )
    assert [message.template for message in Message.objects.filter(officer=None)] == ["answered"]
    assert send_due_messages(NOON + HOUR) == 1
    assert http_gateway.taken == []
    assert Message.objects.get(officer=None).state == "failed"
    case.refresh_from_db()
    assert case.unreached


def test_opted_out_citizen_is_not_called_back(jordan: Jordan) -> None:
    case = jordan.create_case(applicant=Applicant(phone="+96265008080"))
    commands.set_contact_preference(
        case=case.pk,
        actor=jordan.get_citizen(case),
        at=NOON,
        tell_by=ContactPreference.NONE,
        full_by_sms=False,
    )
    commands.answer_case(
        case=case.pk,
        seen=2,
        actor=jordan.main,
        at=NOON,
        text="رُدمت الحفرة",
        disposition=Disposition.UPHELD,
    )
    NotificationSubscriber().handle_events(
        [build_fed_event(event) for event in Event.objects.filter(case=case).order_by("pk")]
    )
    assert not Message.objects.filter(officer=None).exists()
