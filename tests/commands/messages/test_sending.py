"""Sending by a mail server that speaks SMTP, and what happens when it does not, or when there is none."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.rules.applicant import Applicant
from bekhedmetkom.identity.models import Officer
from bekhedmetkom.messages.commands import send_due
from bekhedmetkom.messages.models import Message
from bekhedmetkom.messages.rules.delivery import MOST_TRIES
from tests.commands.messages.conftest import Listener
from tests.commands.messages.feeding import LAMP
from tests.commands.messages.mail_server import MailServer
from tests.personas import DAY, HOUR, NOON, Jordan


@pytest.fixture
def waiting(world: Jordan, listener: Listener) -> Message:
    """One letter to a citizen, due now."""
    world.submit(LAMP, applicant=Applicant(email="sama@example.jo"))
    listener.follow()
    return Message.objects.get()


def test_a_letter_goes_out_once(waiting: Message, mail: MailServer) -> None:
    assert send_due(NOON) == 1
    assert send_due(NOON + DAY) == 0
    [(sender, to, letter)] = mail.letters
    assert (sender.split(" ")[0], to) == ("FROM:<platform@example.jo>", "TO:<sama@example.jo>")
    assert letter["Subject"] == waiting.subject
    assert letter["Message-ID"] == f"<message-{waiting.pk}@localhost>"
    text, html = (letter.get_body([kind]) for kind in ("plain", "html"))
    assert text and html
    assert text.get_content().replace("\r\n", "\n").strip() == waiting.body
    assert waiting.case
    assert 'dir="rtl"' in html.get_content()
    assert f'<a href="http://localhost:8000/c/{waiting.case.reference}"' in html.get_content()
    waiting.refresh_from_db()
    assert (waiting.state, waiting.sent_at) == ("sent", NOON)


def test_an_officer_is_written_to_at_the_address_of_the_day(
    world: Jordan, listener: Listener, mail: MailServer
) -> None:
    case = world.submit(LAMP, applicant=Applicant()).case
    commands.assign(case=case, seen=1, actor=world.main, at=NOON, officer=world.roads_officer.officer_id)
    listener.follow()
    Officer.objects.filter(pk=int(world.roads_officer.id)).update(email="roads@example.jo")
    send_due(NOON)
    assert [to for _, to, _ in mail.letters] == ["TO:<roads@example.jo>"]


def test_not_before_its_time(waiting: Message, mail: MailServer) -> None:
    Message.objects.update(not_before=NOON + HOUR)
    assert send_due(NOON) == 0
    assert mail.letters == []
    assert send_due(NOON + HOUR) == 1


def test_a_server_that_fails_is_tried_again_later_and_later(waiting: Message, mail: MailServer) -> None:
    mail.says["DATA"] = "451 not now"
    waits = []
    at = NOON
    for _ in range(MOST_TRIES):
        send_due(at)
        waiting.refresh_from_db()
        waits.append(waiting.not_before - at)
        at = waiting.not_before
    assert waits == [timedelta(minutes=m) for m in (1, 5, 25, 125, 625, 3125)]
    assert (waiting.state, len(mail.letters)) == ("parked", MOST_TRIES)
    assert send_due(at) == 0


def test_a_refused_address_is_parked_at_once(waiting: Message, mail: MailServer) -> None:
    mail.says["RCPT"] = "550 nobody here"
    assert send_due(NOON) == 1
    waiting.refresh_from_db()
    assert (waiting.state, waiting.tries) == ("parked", 1)


def test_an_erased_address_is_parked(waiting: Message, mail: MailServer) -> None:
    Message.objects.update(address="")
    assert send_due(NOON) == 1
    waiting.refresh_from_db()
    assert (waiting.state, mail.letters) == ("parked", [])


def test_nobody_at_the_other_end(waiting: Message, mail: MailServer, settings: Settings) -> None:
    settings.SMTP_URL = "smtp://127.0.0.1:1?starttls=0"
    assert send_due(NOON) == 0
    waiting.refresh_from_db()
    assert (waiting.state, waiting.tries) == ("queued", 1)


def test_who_died_with_the_last_try_in_hand_leaves_it_parked(waiting: Message, mail: MailServer) -> None:
    Message.objects.update(tries=MOST_TRIES)
    assert send_due(NOON) == 1
    waiting.refresh_from_db()
    assert (waiting.state, mail.letters) == ("parked", [])


def test_without_a_provider_it_is_kept_and_never_sent(
    waiting: Message, mail: MailServer, settings: Settings
) -> None:
    url, settings.SMTP_URL = settings.SMTP_URL, ""
    assert send_due(NOON) == 1
    waiting.refresh_from_db()
    assert (waiting.state, waiting.sent_at) == ("kept", None)
    settings.SMTP_URL = url
    assert send_due(NOON + DAY) == 0
    assert mail.letters == []


def test_no_address_in_the_log(waiting: Message, mail: MailServer, caplog: pytest.LogCaptureFixture) -> None:
    mail.says["RCPT"] = "550 <sama@example.jo> is not here"
    send_due(NOON)
    assert "refused with [550]" in caplog.text
    assert "sama" not in caplog.text
