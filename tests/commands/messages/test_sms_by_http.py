"""SMS by a gateway that takes JSON: what it gets, and what becomes of a message when it refuses, chokes or dies."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.models import Event
from bekhedmetkom.cases.rules.applicant import Applicant
from bekhedmetkom.cases.rules.contact import TellBy
from bekhedmetkom.catalogue.rules import Disposition
from bekhedmetkom.messages.commands import report, send_due
from bekhedmetkom.messages.follower import MessagesFollower
from bekhedmetkom.messages.models import Message
from bekhedmetkom.messages.rules.receipts import Fate
from tests.commands.messages.feeding import an_sms, fed, outcome
from tests.commands.messages.http_gateway import DropTheLink, HttpGateway
from tests.personas import DAY, HOUR, NOON, Jordan


@pytest.fixture
def waiting(db: None) -> Message:
    """One SMS, due now."""
    return an_sms()


def test_it_goes_out_once_with_our_own_id(waiting: Message, http_gateway: HttpGateway) -> None:
    assert send_due(NOON) == 1
    assert send_due(NOON + DAY) == 0
    [taken], [headers] = http_gateway.taken, http_gateway.headers
    assert taken == {
        "to": "+962791234567", "from": "Bekhedmet", "text": waiting.body, "id": f"message-{waiting.pk}",
    }  # fmt: skip
    assert headers["Authorization"] == "Bearer a-key"
    assert headers["Idempotency-Key"] == f"message-{waiting.pk}"
    assert outcome(waiting) == ("sent", "")
    assert waiting.parts.get().gateway_id == "http-1"


def test_a_gateway_with_other_words_for_the_fields(
    waiting: Message, http_gateway: HttpGateway, settings: Settings
) -> None:
    settings.SMS_FIELDS = {"messages": [{"recipients": ["$to"], "content": "$text", "unicode": True}]}
    settings.SMS_ID_FIELD = "messages.0.id"
    http_gateway.says(200, {"messages": [{"id": 77}]})
    send_due(NOON)
    assert http_gateway.taken == [
        {"messages": [{"recipients": ["+962791234567"], "content": waiting.body, "unicode": True}]}
    ]
    assert waiting.parts.get().gateway_id == "77"


def test_a_number_that_it_refuses_has_failed(waiting: Message, http_gateway: HttpGateway) -> None:
    http_gateway.says(422)
    assert send_due(NOON) == 1
    assert outcome(waiting) == ("failed", "refused")


def test_our_own_key_refused_is_nobodys_failure(waiting: Message, http_gateway: HttpGateway) -> None:
    http_gateway.says(401)
    assert send_due(NOON) == 0
    assert outcome(waiting) == ("queued", "")


def test_a_busy_gateway_is_given_time_and_costs_no_try(waiting: Message, http_gateway: HttpGateway) -> None:
    http_gateway.says(429, Retry_After="120")
    send_due(NOON)
    assert outcome(waiting) == ("queued", "")
    assert waiting.tries == 0
    assert timedelta(seconds=120) <= waiting.not_before - NOON <= timedelta(seconds=240)


def test_a_busy_gateway_is_not_asked_again_in_the_same_round(db: None, http_gateway: HttpGateway) -> None:
    for _ in range(3):
        an_sms()
    http_gateway.says(503)
    send_due(NOON)
    assert len(http_gateway.taken) == 1


def test_nobody_at_the_other_end(waiting: Message, http_gateway: HttpGateway, settings: Settings) -> None:
    settings.SMS_URL = "http://127.0.0.1:1/sms"
    assert send_due(NOON) == 0
    assert outcome(waiting) == ("queued", "")


@pytest.mark.parametrize("failure", ["silence", "drop", "500"])
def test_what_it_may_have_taken_is_not_sent_again(
    waiting: Message, http_gateway: HttpGateway, short_patience: None, failure: str
) -> None:
    fail(http_gateway, failure)
    assert send_due(NOON) == 1
    assert send_due(NOON + DAY) == 0
    assert (outcome(waiting), len(http_gateway.taken)) == (("parked", "in_doubt"), 1)


def test_a_gateway_that_knows_our_ids_is_asked_again(
    waiting: Message, http_gateway: HttpGateway, settings: Settings
) -> None:
    settings.SMS_FORGIVES_REPEATS = True
    fail(http_gateway, "drop")
    send_due(NOON)
    assert outcome(waiting) == ("queued", "")
    http_gateway.answers = http_gateway.accept
    send_due(NOON + DAY)
    assert outcome(waiting) == ("sent", "")
    assert {taken["id"] for taken in http_gateway.taken} == {f"message-{waiting.pk}"}


def test_an_answer_without_an_id_is_still_sent(waiting: Message, http_gateway: HttpGateway) -> None:
    http_gateway.says(200, ["odd"])
    assert send_due(NOON) == 1
    assert outcome(waiting) == ("sent", "")


def test_a_receipt_may_come_before_its_message_is_written_down(
    waiting: Message, http_gateway: HttpGateway
) -> None:
    report(gateway_id="http-1", fate=Fate.DELIVERED, at=NOON)
    send_due(NOON)
    assert outcome(waiting) == ("delivered", "")


def test_no_number_in_the_log(
    waiting: Message, http_gateway: HttpGateway, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", "bekhedmetkom")
    http_gateway.says(422, {"error": "+962791234567 is no number"})
    send_due(NOON)
    assert "answered 422" in caplog.text
    assert "791234567" not in caplog.text


def fail(gateway: HttpGateway, how: str) -> None:
    def silence() -> tuple[int, dict[str, str], object]:
        gateway.over.wait(20)
        return gateway.accept()

    def drop() -> tuple[int, dict[str, str], object]:
        raise DropTheLink

    gateway.answers = {"silence": silence, "drop": drop, "500": lambda: (500, {}, None)}[how]


def test_who_has_a_landline_alone_is_called(jordan: Jordan, http_gateway: HttpGateway) -> None:
    """No message goes there, so that an answer, and whether it solved the matter, would be asked of nobody."""
    case = jordan.case(applicant=Applicant(phone="+96265008080"))
    commands.answer(
        case=case.pk, seen=1, actor=jordan.main, at=NOON, text="رُدمت الحفرة", disposition=Disposition.UPHELD
    )
    MessagesFollower().follow([fed(event) for event in Event.objects.filter(case=case).order_by("pk")])
    assert [message.template for message in Message.objects.filter(officer=None)] == ["answered"]
    assert send_due(NOON + HOUR) == 1
    assert http_gateway.taken == []
    assert Message.objects.get(officer=None).state == "failed"
    case.refresh_from_db()
    assert case.unreached


def test_who_wants_no_messages_is_not_called_for_them(jordan: Jordan) -> None:
    case = jordan.case(applicant=Applicant(phone="+96265008080"))
    commands.prefer(case=case.pk, actor=jordan.citizen(case), at=NOON, tell_by=TellBy.NONE, full_by_sms=False)
    commands.answer(
        case=case.pk,
        seen=2,
        actor=jordan.main,
        at=NOON,
        text="رُدمت الحفرة",
        disposition=Disposition.UPHELD,
    )
    MessagesFollower().follow([fed(event) for event in Event.objects.filter(case=case).order_by("pk")])
    assert not Message.objects.filter(officer=None).exists()
