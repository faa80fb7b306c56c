"""Sending by a mail server that speaks SMTP, and what happens when it does not, or when there is none."""

from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection
from pytest_django import Settings

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.rules.applicant import Applicant
from bekhedmetkom.cases.rules.undo import UNDO_PERIOD
from bekhedmetkom.identity.models import Officer
from bekhedmetkom.notifications import senders
from bekhedmetkom.notifications.commands import send_due_messages
from bekhedmetkom.notifications.models import Message
from bekhedmetkom.notifications.rules.delivery import MAX_TRIES, Channel
from tests.commands.notifications.conftest import SubscriberRunner
from tests.commands.notifications.event_helpers import STREET_LAMP_TEXT
from tests.commands.notifications.smtp_server import SmtpServer
from tests.personas import DAY, HOUR, NOON, Jordan


@pytest.fixture
def waiting(world: Jordan, listener: SubscriberRunner) -> Message:
    """One letter to a citizen, due now."""
    world.submit(STREET_LAMP_TEXT, applicant=Applicant(email="sama@example.jo"))
    listener.follow()
    return Message.objects.get()


def test_email_is_sent_once(waiting: Message, mail: SmtpServer) -> None:
    assert send_due_messages(NOON) == 1
    assert send_due_messages(NOON + DAY) == 0
    [(sender, to, letter)] = mail.letters
    assert (sender.split(" ")[0], to) == ("FROM:<platform@example.jo>", "TO:<sama@example.jo>")
    assert letter["Subject"] == waiting.subject
    assert letter["Message-ID"] == f"<message-{waiting.pk}@localhost>"
    text, html = (letter.get_body([kind]) for kind in ("plain", "html"))
    assert text and html
    assert text.get_content().replace("\r\n", "\n").startswith(waiting.body)
    assert waiting.case
    assert 'dir="rtl"' in html.get_content()
    assert f'<a href="http://localhost:8000/c/{waiting.case.reference}"' in html.get_content()
    waiting.refresh_from_db()
    assert (waiting.state, waiting.sent_at) == ("sent", NOON)


def test_case_email_has_one_click_unsubscribe(waiting: Message, mail: SmtpServer) -> None:
    send_due_messages(NOON)
    [(_, _, letter)] = mail.letters
    address = letter["List-Unsubscribe"].strip(" <>")
    assert address.startswith("http://localhost:8000/unsubscribe/")
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for kind in ("plain", "html"):
        part = letter.get_body([kind])
        assert part
        assert address in part.get_content()
        assert "src=" not in part.get_content()  # nothing is fetched, so nobody learns when it was read


def test_officer_email_goes_to_current_address(
    world: Jordan, listener: SubscriberRunner, mail: SmtpServer
) -> None:
    case = world.submit(STREET_LAMP_TEXT, applicant=Applicant()).case
    commands.assign_case(case=case, seen=1, actor=world.main, at=NOON, officer=world.roads_officer.officer_id)
    listener.follow()
    Officer.objects.filter(pk=int(world.roads_officer.id)).update(email="roads@example.jo")
    send_due_messages(NOON + UNDO_PERIOD)
    [(_, to, letter)] = mail.letters
    assert (to, letter["List-Unsubscribe"]) == ("TO:<roads@example.jo>", None)


def test_message_is_not_sent_before_its_time(waiting: Message, mail: SmtpServer) -> None:
    Message.objects.update(not_before=NOON + HOUR)
    assert send_due_messages(NOON) == 0
    assert mail.letters == []
    assert send_due_messages(NOON + HOUR) == 1


def test_failing_server_is_retried_with_growing_delay(waiting: Message, mail: SmtpServer) -> None:
    """After 1, 5 and 25 minutes, then 2, 10 and 52 hours, a fifth more or less, and nobody is woken by the last."""
    mail.says["DATA"] = "451 not now"
    waits = []
    at = NOON
    for _ in range(MAX_TRIES - 1):
        send_due_messages(at)
        waiting.refresh_from_db()
        waits.append((waiting.not_before - at) / timedelta(minutes=1))
        at = waiting.not_before
    for minutes, wait in zip((1, 5, 25, 125), waits[:4], strict=True):
        assert 0.8 * minutes <= wait <= 1.2 * minutes
    assert waits[:4] != [1, 5, 25, 125]  # each its own, so that they do not all come back at once
    assert waits[4] >= 500
    send_due_messages(at)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.why, len(mail.letters)) == ("parked", "given_up", MAX_TRIES)
    assert send_due_messages(at + DAY) == 0


def test_retry_respects_quiet_hours(waiting: Message, mail: SmtpServer) -> None:
    Message.objects.update(template="moved", not_before=NOON.replace(hour=17, minute=59))  # 20:59 in Amman
    mail.says["DATA"] = "451 not now"
    send_due_messages(NOON.replace(hour=17, minute=59, second=40))
    waiting.refresh_from_db()
    assert waiting.not_before == (NOON + DAY).replace(hour=5)  # 08:00


def test_refused_address_fails_at_once(waiting: Message, mail: SmtpServer) -> None:
    mail.says["RCPT"] = "550 nobody here"
    assert send_due_messages(NOON) == 1
    waiting.refresh_from_db()
    assert (waiting.state, waiting.why, waiting.tries) == ("failed", "refused", 1)


def test_message_with_erased_address_is_parked(waiting: Message, mail: SmtpServer) -> None:
    Message.objects.update(address="")
    assert send_due_messages(NOON) == 1
    waiting.refresh_from_db()
    assert (waiting.state, mail.letters) == ("parked", [])


def test_unreachable_server_is_retried(waiting: Message, mail: SmtpServer, settings: Settings) -> None:
    settings.SMTP_URL = "smtp://127.0.0.1:1?starttls=0"
    assert send_due_messages(NOON) == 0
    waiting.refresh_from_db()
    assert (waiting.state, waiting.tries) == ("queued", 1)


def test_late_message_respects_quiet_hours(waiting: Message, mail: SmtpServer) -> None:
    Message.objects.update(template="moved")
    night, morning = NOON.replace(hour=20), (NOON + DAY).replace(hour=5)  # 23:00 and 08:00 in Amman
    assert send_due_messages(night) == 0
    waiting.refresh_from_db()
    assert (waiting.not_before, waiting.tries, mail.letters) == (morning, 0, [])
    assert send_due_messages(morning) == 1


def test_abandoned_claim_is_parked_in_doubt(waiting: Message, mail: SmtpServer) -> None:
    """It may have gone out: it is not sent again unless an administrator says so."""
    Message.objects.update(state="sending", tries=1, not_before=NOON + timedelta(minutes=5))
    assert send_due_messages(NOON + timedelta(minutes=4)) == 0  # somebody may still have it in hand
    assert send_due_messages(NOON + timedelta(minutes=5)) == 1
    waiting.refresh_from_db()
    assert (waiting.state, waiting.why, mail.letters) == ("parked", "in_doubt", [])


def test_connection_lost_after_data_is_in_doubt(waiting: Message, mail: SmtpServer) -> None:
    mail.says["DATA"] = "drop"
    assert send_due_messages(NOON) == 1
    assert send_due_messages(NOON + DAY) == 0
    waiting.refresh_from_db()
    assert (waiting.state, waiting.why, len(mail.letters)) == ("parked", "in_doubt", 1)


def test_refused_login_stops_the_round(waiting: Message, mail: SmtpServer) -> None:
    mail.says["MAIL"] = "550 you may not send here"
    assert send_due_messages(NOON) == 0
    waiting.refresh_from_db()
    assert (waiting.state, mail.letters) == ("queued", [])


def test_concurrent_senders_send_each_email_once(
    world: Jordan, listener: SubscriberRunner, mail: SmtpServer
) -> None:
    for number in range(12):
        world.submit(STREET_LAMP_TEXT, applicant=Applicant(email=f"sama{number}@example.jo"))
    listener.follow()

    def send() -> None:
        send_due_messages(NOON)
        connection.close()

    threads = [Thread(target=send) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(to for _, to, _ in mail.letters) == sorted(
        f"TO:<sama{number}@example.jo>" for number in range(12)
    )
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}


def test_demo_sends_only_to_this_machine(waiting: Message, settings: Settings) -> None:
    settings.DEMO = True
    for url in ("smtp://mail.example.jo?from=a@example.jo", "smtps://192.0.2.7:465"):
        settings.SMTP_URL = url
        assert Channel.EMAIL not in senders.get_available_gateways()
    settings.SMS_URL = "https://gateway.example.jo/sms"
    assert Channel.SMS not in senders.get_available_gateways()
    settings.DEMO = False
    assert set(senders.get_available_gateways()) == {
        Channel.PUSH,
        Channel.EMAIL,
        Channel.SMS,
    }  # push reaches who has asked for it


def test_message_without_provider_is_kept_and_never_sent(
    waiting: Message, mail: SmtpServer, settings: Settings
) -> None:
    url, settings.SMTP_URL = settings.SMTP_URL, ""
    assert send_due_messages(NOON) == 1
    waiting.refresh_from_db()
    assert (waiting.state, waiting.sent_at) == ("kept", None)
    settings.SMTP_URL = url
    assert send_due_messages(NOON + DAY) == 0
    assert mail.letters == []


def test_log_contains_no_address(
    waiting: Message, mail: SmtpServer, caplog: pytest.LogCaptureFixture
) -> None:
    mail.says["RCPT"] = "550 <sama@example.jo> is not here"
    send_due_messages(NOON)
    assert "refused with 550" in caplog.text
    assert "sama" not in caplog.text
