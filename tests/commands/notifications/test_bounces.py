"""Mail that comes back to a return path, as mail servers write it, and what is none of that."""

from email.message import EmailMessage
from textwrap import dedent

import pytest
from pytest_django import Settings

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.models import Event
from bekhedmetkom.cases.rules.applicant import Applicant
from bekhedmetkom.cases.rules.undo import UNDO_PERIOD
from bekhedmetkom.notifications.commands import process_bounce, send_due_messages
from bekhedmetkom.notifications.models import Message
from bekhedmetkom.notifications.signed_addresses import build_return_path, parse_return_path
from bekhedmetkom.notifications.subscriber import NotificationSubscriber
from tests.commands.notifications.event_helpers import build_fed_event, create_email, get_outcome
from tests.commands.notifications.smtp_server import SmtpServer
from tests.personas import NOON, Jordan

# As Postfix writes it (RFC 3464), shortened.
REPORT = dedent("""\
    From: MAILER-DAEMON@mx.example.jo (Mail Delivery System)
    To: {to}
    Subject: Undelivered Mail Returned to Sender
    MIME-Version: 1.0
    Content-Type: multipart/report; report-type=delivery-status; boundary="b"

    --b
    Content-Type: text/plain; charset=us-ascii

    I'm sorry to have to inform you that your message could not be delivered.

    --b
    Content-Type: message/delivery-status

    Reporting-MTA: dns; mx.example.jo
    Arrival-Date: Tue, 24 Nov 2026 12:00:00 +0300 (+03)

    Final-Recipient: rfc822; sama@example.jo
    Action: {action}
    Status: {status}
    Diagnostic-Code: smtp; 550 5.1.1 User unknown

    --b--
    """)


@pytest.fixture
def sent(db: None, mail: SmtpServer, settings: Settings) -> Message:
    """A letter that a mail server took, and that may come back."""
    settings.MAIL_RETURN = "bounces@mail.example.jo"
    message = create_email()
    send_due_messages(NOON)
    return message


def came_back(mail: SmtpServer, *, action: str = "failed", status: str = "5.1.1", to: str = "") -> bool:
    [(sender, _, _)] = mail.letters
    to = to or sender.split(">")[0].removeprefix("FROM:<")
    return process_bounce(
        raw=REPORT.format(to=to, action=action, status=status).encode(), came_to=to, at=NOON
    )


def test_bounced_email_fails(sent: Message, mail: SmtpServer) -> None:
    assert came_back(mail)
    assert get_outcome(sent) == ("failed", "bounced")
    assert not came_back(mail)  # a second report changes nothing


@pytest.mark.parametrize(
    ("action", "status"), [("delayed", "4.4.1"), ("relayed", "2.0.0"), ("failed", "4.2.2")]
)
def test_delay_report_is_ignored(sent: Message, mail: SmtpServer, action: str, status: str) -> None:
    assert not came_back(mail, action=action, status=status)
    assert get_outcome(sent) == ("sent", "")


def test_forged_return_path_is_ignored(sent: Message, mail: SmtpServer) -> None:
    for made_up in (
        f"bounces+{sent.pk}-aaaaaaaaaa@mail.example.jo",
        "bounces@mail.example.jo",
        f"bounces+{sent.pk}@x",
        "",
    ):
        assert not process_bounce(
            raw=REPORT.format(to=made_up, action="failed", status="5.1.1").encode(), came_to=made_up, at=NOON
        )
    assert get_outcome(sent) == ("sent", "")


def test_out_of_office_reply_is_not_a_bounce(sent: Message, mail: SmtpServer) -> None:
    away = EmailMessage()
    away["Subject"] = "Action: failed, Status: 5.1.1"
    away.set_content("Action: failed\nStatus: 5.1.1\n")
    path = build_return_path(sent.pk)
    assert path
    for raw in (
        away.as_bytes(),
        b"",
        b"\0" * 1000,
        b"Content-Type: multipart/report; boundary=b\n\n--b",
        b"\xff\xfe",
    ):
        assert not process_bounce(raw=raw, came_to=path, at=NOON)
    assert get_outcome(sent) == ("sent", "")


def test_return_path_is_case_insensitive(settings: Settings) -> None:
    settings.MAIL_RETURN = "Bounces@Mail.example.jo"
    path = build_return_path(123)
    assert path
    assert parse_return_path(f"<{path.upper()}>") == 123


def test_sender_address_is_return_path_without_bounce_mailbox(
    settings: Settings,
) -> None:
    settings.MAIL_RETURN = ""
    assert build_return_path(123) is None


def test_bounced_citizen_email_goes_to_call_backs(
    jordan: Jordan, mail: SmtpServer, settings: Settings
) -> None:
    settings.MAIL_RETURN = "bounces@mail.example.jo"
    case = jordan.create_case(applicant=Applicant(email="sama@example.jo"))
    NotificationSubscriber().handle_events([build_fed_event(event) for event in Event.objects.all()])
    send_due_messages(NOON)
    assert came_back(mail)
    case.refresh_from_db()
    assert case.unreached


def test_bounced_officer_email_creates_no_call_back(jordan: Jordan, mail: SmtpServer) -> None:
    mail.says["RCPT"] = "550 nobody here"
    case = jordan.create_case(applicant=Applicant())
    commands.assign_case(
        case=case.pk, seen=1, actor=jordan.main, at=NOON, officer=jordan.roads_officer.officer_id
    )
    NotificationSubscriber().handle_events([build_fed_event(event) for event in Event.objects.all()])
    assert send_due_messages(NOON + UNDO_PERIOD) == 1
    case.refresh_from_db()
    assert not case.unreached
