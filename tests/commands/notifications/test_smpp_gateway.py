"""SMS by SMPP 3.4, against a message centre of our own: texts, parts, receipts, and every way to fail."""

from socket import SHUT_RDWR

import pytest
from pytest_django import Settings

from bekhedmetkom.notifications.commands import CodePurpose, send_code_message, send_due_messages
from bekhedmetkom.notifications.models import Message, Part
from bekhedmetkom.notifications.rules.delivery import Channel
from tests.commands.notifications.event_helpers import create_sms, get_outcome
from tests.commands.notifications.smpp_server import (
    BAD_NUMBER,
    OK,
    QUEUE_FULL,
    SYSTEM_ERROR,
    THROTTLED,
    DroppedLink,
    SmppServer,
)
from tests.personas import DAY, HOUR, NOON

LONG = "نص عربي طويل يزيد على رسالة واحدة 🙂 " * 5
ABROAD = "+971501234567"


@pytest.fixture
def waiting(db: None) -> Message:
    """One SMS, due now."""
    return create_sms()


def test_short_arabic_text_is_one_submission(waiting: Message, smsc: SmppServer) -> None:
    assert send_due_messages(NOON) == 1
    assert send_due_messages(NOON + HOUR) == 0
    [sent] = smsc.taken
    assert smsc.bound == [("platform", "secret")]
    assert (sent.source, sent.to, sent.text) == ("Bekhedmet", "962791234567", "وصل طلبك")
    assert (sent.coding, sent.esm_class, sent.registered) == (8, 0, 1)
    assert get_outcome(waiting) == ("sent", "")


def test_latin_text_uses_gsm_alphabet(db: None, smsc: SmppServer) -> None:
    send_code_message(
        channel=Channel.SMS,
        address=ABROAD,
        language="en",
        purpose=CodePurpose.SIGN_IN,
        code="294017",
        at=NOON,
    )
    send_due_messages(NOON)
    [sent] = smsc.taken
    assert (sent.coding, sent.to) == (0, "971501234567")
    assert "294017" in sent.text


def test_long_text_is_split_into_concatenated_parts(waiting: Message, smsc: SmppServer) -> None:
    Message.objects.update(body=LONG)
    send_due_messages(NOON)
    headers = [sent.header for sent in smsc.taken]
    assert len(headers) == 3
    assert len({header[3] for header in headers}) == 1
    assert [header[:3] + header[4:] for header in headers] == [bytes([5, 0, 3, 3, n]) for n in (1, 2, 3)]
    assert "".join(sent.text for sent in smsc.taken) == LONG
    assert all(len(sent.octets) <= 140 for sent in smsc.taken)


def test_message_payload_leaves_splitting_to_gateway(
    waiting: Message, smsc: SmppServer, settings: Settings
) -> None:
    settings.SMS_URL = f"{smsc.url}/?parts=payload"
    Message.objects.update(body=LONG)
    send_due_messages(NOON)
    [sent] = smsc.taken
    assert (sent.esm_class, sent.text) == (0, LONG)


@pytest.mark.parametrize("in_fields", [False, True])
@pytest.mark.parametrize(
    ("stat", "told"),
    [
        ("DELIVRD", ("delivered", "")),
        ("UNDELIV", ("failed", "undelivered")),
        ("EXPIRED", ("failed", "undelivered")),
        ("ACCEPTD", ("sent", "")),
    ],
)
def test_receipt_sets_delivery_state(
    waiting: Message, smsc: SmppServer, stat: str, told: tuple[str, str], in_fields: bool
) -> None:
    send_due_messages(NOON)
    smsc.receipt(smsc.taken[0].message_id, stat, in_fields=in_fields)
    listen(smsc, receipts=1)
    assert get_outcome(waiting) == told


def test_receipts_may_repeat_or_arrive_out_of_order(waiting: Message, smsc: SmppServer) -> None:
    send_due_messages(NOON)
    for stat in ("DELIVRD", "ACCEPTD", "UNDELIV", "DELIVRD"):
        smsc.receipt(smsc.taken[0].message_id, stat)
    listen(smsc, receipts=4)
    assert get_outcome(waiting) == ("delivered", "")


def test_late_receipt_marks_failed_message_delivered(waiting: Message, smsc: SmppServer) -> None:
    send_due_messages(NOON)
    smsc.receipt(smsc.taken[0].message_id, "EXPIRED")
    listen(smsc, receipts=1)
    smsc.receipt(smsc.taken[0].message_id, "DELIVRD")
    listen(smsc, receipts=2)
    assert get_outcome(waiting) == ("delivered", "")


def test_receipt_for_unknown_message_is_ignored(waiting: Message, smsc: SmppServer) -> None:
    send_due_messages(NOON)
    smsc.receipt("f00f", "DELIVRD")
    listen(smsc, receipts=1)
    assert get_outcome(waiting) == ("sent", "")
    assert Part.objects.get(gateway_id="f00f").message is None


def test_receipt_may_arrive_before_the_response(waiting: Message, smsc: SmppServer) -> None:
    smsc.before_answering = lambda message_id: smsc.receipt(message_id, "DELIVRD")
    send_due_messages(NOON)
    assert get_outcome(waiting) == ("delivered", "")


def test_multipart_text_is_delivered_when_all_parts_are(waiting: Message, smsc: SmppServer) -> None:
    Message.objects.update(body=LONG)
    send_due_messages(NOON)
    first, *others = (sent.message_id for sent in smsc.taken)
    smsc.receipt(first, "DELIVRD")
    listen(smsc, receipts=1)
    assert get_outcome(waiting) == ("sent", "")
    for message_id in others:
        smsc.receipt(message_id, "DELIVRD")
    listen(smsc, receipts=3)
    assert get_outcome(waiting) == ("delivered", "")


@pytest.mark.parametrize("status", [THROTTLED, QUEUE_FULL])
def test_busy_gateway_uses_no_try(waiting: Message, smsc: SmppServer, status: int) -> None:
    smsc.says = lambda: status
    send_due_messages(NOON)
    assert get_outcome(waiting) == ("queued", "")
    assert waiting.tries == 0
    smsc.says = lambda: OK
    send_due_messages(NOON + HOUR)
    assert get_outcome(waiting) == ("sent", "")


def test_refused_number_fails(waiting: Message, smsc: SmppServer) -> None:
    smsc.says = lambda: BAD_NUMBER
    assert send_due_messages(NOON) == 1
    assert get_outcome(waiting) == ("failed", "refused")


def test_gateway_error_is_retried(waiting: Message, smsc: SmppServer) -> None:
    smsc.says = lambda: SYSTEM_ERROR
    send_due_messages(NOON)
    assert get_outcome(waiting) == ("queued", "")
    assert waiting.tries == 1


def test_refused_bind_stops_the_round(waiting: Message, smsc: SmppServer) -> None:
    smsc.refuses_bind = True
    send_due_messages(NOON)
    assert (get_outcome(waiting), smsc.taken) == (("queued", ""), [])


@pytest.mark.parametrize("silent", [True, False])
def test_uncertain_send_is_not_repeated(
    waiting: Message, smsc: SmppServer, short_patience: None, silent: bool
) -> None:
    smsc.silent = silent
    smsc.before_answering = drop
    send_due_messages(NOON)
    smsc.silent, smsc.before_answering = False, lambda message_id: None
    send_due_messages(NOON + DAY)
    assert (get_outcome(waiting), len(smsc.taken)) == (("parked", "in_doubt"), 1)


def test_partly_refused_text_is_in_doubt(waiting: Message, smsc: SmppServer) -> None:
    Message.objects.update(body=LONG)
    answers = iter([OK, SYSTEM_ERROR])
    smsc.says = lambda: next(answers)
    send_due_messages(NOON)
    assert get_outcome(waiting) == ("parked", "in_doubt")


def test_dropped_connection_is_bound_again(waiting: Message, smsc: SmppServer) -> None:
    send_due_messages(NOON)
    assert smsc.link
    smsc.link.connection.shutdown(SHUT_RDWR)
    send_code_message(
        channel=Channel.SMS,
        address=ABROAD,
        language="ar",
        purpose=CodePurpose.CONFIRM,
        code="294017",
        at=NOON,
    )
    send_due_messages(NOON)
    send_due_messages(NOON + HOUR)
    assert len(smsc.bound) == 2


def drop(message_id: str) -> None:
    raise DroppedLink


def listen(smsc: SmppServer, *, receipts: int) -> None:
    """Go round as the worker does until the centre has our acknowledgement of so many receipts."""
    for _ in range(200):
        send_due_messages(NOON)
        if len(smsc.acknowledged) >= receipts:
            return
    raise AssertionError(f"only {len(smsc.acknowledged)} receipts were acknowledged")
