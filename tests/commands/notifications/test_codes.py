"""A code lies encrypted until it is sent, goes out at any hour, and is nowhere to be found afterwards."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from bekhedmetkom.notifications.commands import CodePurpose, send_code_message, send_due_messages
from bekhedmetkom.notifications.models import Message
from bekhedmetkom.notifications.rules.delivery import Channel
from tests.commands.notifications.conftest import SubscriberRunner
from tests.commands.notifications.event_helpers import STREET_LAMP_TEXT
from tests.commands.notifications.smtp_server import SmtpServer
from tests.personas import NOON, Jordan

NIGHT = NOON.replace(hour=23)  # 02:00 in Amman
SAMA = "sama@example.jo"


def told(purpose: CodePurpose = CodePurpose.SIGN_IN) -> Message:
    send_code_message(
        channel=Channel.EMAIL, address=SAMA, language="ar", purpose=purpose, code="294017", at=NIGHT
    )
    return Message.objects.latest("pk")


def everything(message: Message) -> str:
    return str(list(Message.objects.filter(pk=message.pk).values()))


def test_code_is_sent_at_night_and_then_erased(db: None, mail: SmtpServer) -> None:
    message = told()
    assert "294017" not in everything(message)
    assert send_due_messages(NIGHT) == 1
    [(_, to, letter)] = mail.letters
    assert to == f"TO:<{SAMA}>"
    assert "294017" not in letter["Subject"]
    for kind in ("plain", "html"):
        part = letter.get_body([kind])
        assert part
        assert "294017" in part.get_content()
    message.refresh_from_db()
    assert (message.state, message.sealed) == ("sent", None)
    assert "••••••" in message.full_text


def test_code_is_erased_when_sending_is_given_up(db: None, mail: SmtpServer) -> None:
    mail.says["RCPT"] = "550 nobody here"
    message = told()
    send_due_messages(NIGHT)
    message.refresh_from_db()
    assert (message.state, message.sealed) == ("failed", None)


def test_expired_one_time_code_is_not_sent(db: None, mail: SmtpServer) -> None:
    message = told()
    assert send_due_messages(NIGHT + timedelta(minutes=10)) == 1
    message.refresh_from_db()
    assert (message.state, message.sealed, mail.letters) == ("parked", None, [])


def test_access_code_never_expires_and_names_its_case(jordan: Jordan, mail: SmtpServer) -> None:
    case = jordan.submit(STREET_LAMP_TEXT)
    send_code_message(
        channel=Channel.EMAIL, address=SAMA, language="en", purpose=CodePurpose.NEW_ACCESS_CODE,
        code="0123456789", at=NIGHT, case=case.case,
    )  # fmt: skip
    send_due_messages(NIGHT + timedelta(hours=3))
    [(_, _, letter)] = mail.letters
    text = letter.get_body(["plain"])
    assert text
    assert "0123456789" in text.get_content()
    assert case.reference in text.get_content()


def test_codes_are_sent_before_other_messages(
    world: Jordan, listener: SubscriberRunner, mail: SmtpServer
) -> None:
    world.submit(STREET_LAMP_TEXT, at=NOON)
    listener.follow()
    Message.objects.update(channel="email", address="earlier@example.jo")
    told()
    send_due_messages(NIGHT)
    assert [to for _, to, _ in mail.letters] == [f"TO:<{SAMA}>", "TO:<earlier@example.jo>"]


@pytest.mark.parametrize(("demo", "shown"), [(True, "294017"), (False, "••••••")])
def test_code_is_readable_without_provider_only_in_demo(
    db: None, settings: Settings, *, demo: bool, shown: str
) -> None:
    settings.SMTP_URL, settings.DEMO = "", demo
    message = told()
    send_due_messages(NIGHT)
    message.refresh_from_db()
    assert message.state == "kept"
    assert shown in message.full_text
    assert (message.sealed is not None) == demo


def test_code_encrypted_with_another_key_is_parked(db: None, mail: SmtpServer, settings: Settings) -> None:
    message = told()
    settings.SECRET_KEY = "another"
    assert "••••••" in message.full_text
    send_due_messages(NIGHT)
    message.refresh_from_db()
    assert (message.state, message.why, mail.letters) == ("parked", "erased", [])
