"""Letters that answer ours, through the very reply address that a mail server was given."""

import re
from datetime import datetime
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from unittest.mock import patch

import pytest
from PIL import Image
from pytest_django import Settings

from bekhedmetkom.attachments import commands as attachments
from bekhedmetkom.attachments.cleaner_process import get_work_folder
from bekhedmetkom.attachments.models import Upload
from bekhedmetkom.attachments.rules import BUSY, TemporaryFailure
from bekhedmetkom.cases import commands
from bekhedmetkom.cases.models import Attachment, Case, CaseText, Event, Particulars
from bekhedmetkom.cases.queries import get_case_for_citizen
from bekhedmetkom.cases.rules.applicant import Applicant
from bekhedmetkom.notifications.commands import (
    delete_old_arrivals,
    email_replies,
    process_email_reply,
    send_due_messages,
)
from bekhedmetkom.notifications.models import Arrival, Message
from bekhedmetkom.notifications.rules.reply_outcomes import ReplyOutcome
from bekhedmetkom.notifications.signed_addresses import parse_reply_address
from tests.commands.notifications.event_helpers import STREET_LAMP_TEXT, run_subscriber
from tests.commands.notifications.smtp_server import SmtpServer
from tests.personas import DAY, NOON, Jordan

SAMA = "sama@example.jo"
MORE = "المصباح الثاني مطفأ أيضا"
QUOTED = "\n\nOn Tue, 24 Nov 2026 at 12:00 بخدمتكم <platform@example.jo> wrote:\n> وصل طلبك\n"
BRIBE = "طلب مني الموظف رشوة مية دينار ليمشي المعاملة"


@pytest.fixture
def case(jordan: Jordan, mail: SmtpServer, settings: Settings) -> Case:
    """Its citizen has our letter, with an address to reply to."""
    settings.MAIL_REPLY = "reply@mail.example.jo"
    case = jordan.create_case(STREET_LAMP_TEXT, applicant=Applicant(email=SAMA))
    run_subscriber()
    send_due_messages(NOON)
    return case


def reply_to(mail: SmtpServer) -> str:
    return str(mail.letters[0][2]["Reply-To"])


def letter(
    text: str = MORE + QUOTED, sender: str = SAMA, key: str = "<1@example.jo>", **headers: str
) -> EmailMessage:
    written = EmailMessage()
    written["From"], written["Subject"], written["Message-ID"] = f"سما <{sender}>", "Re: وصل طلبك", key
    for name, value in headers.items():
        written[name.replace("_", "-")] = value
    written.set_content(text)
    return written


def came(
    mail: SmtpServer, written: EmailMessage | bytes, *, at: datetime = NOON, to: str = ""
) -> ReplyOutcome:
    raw = written if isinstance(written, bytes) else written.as_bytes()
    return process_email_reply(raw=raw, came_to=to or reply_to(mail), at=at)


def said(case: Case) -> list[str]:
    return list(
        CaseText.objects.filter(case=case, field="message").order_by("seq").values_list("body", flat=True)
    )


def back() -> list[tuple[str, str]]:
    """What we wrote in answer, and to whom."""
    return list(
        Message.objects.filter(template__startswith="back_").order_by("id").values_list("template", "address")
    )


def test_new_text_is_filed_in_the_case(case: Case, mail: SmtpServer) -> None:
    assert came(mail, letter()) is ReplyOutcome.FILED
    assert said(case) == [MORE]
    event = Event.objects.get(case=case, kind="citizen.wrote")
    assert (event.actor, event.data["via"]) == ("citizen", "email")
    said_to_them = [entry.words.ar for entry in get_case_for_citizen(case.pk, NOON).timeline]
    assert "أضفت معلومة بالبريد الإلكتروني" in said_to_them
    assert back() == []


def test_redelivered_email_is_filed_once(case: Case, mail: SmtpServer) -> None:
    assert [came(mail, letter()) for _ in range(2)] == [ReplyOutcome.FILED, ReplyOutcome.DUPLICATE]
    assert came(mail, letter(key="<2@example.jo>")) is ReplyOutcome.FILED
    assert said(case) == [MORE, MORE]


def test_email_is_filed_after_crash_on_redelivery(case: Case, mail: SmtpServer) -> None:
    with patch.object(email_replies, "add_message", side_effect=RuntimeError), pytest.raises(RuntimeError):
        came(mail, letter())
    assert not Arrival.objects.exists()
    assert came(mail, letter()) is ReplyOutcome.FILED


def test_forged_reply_address_is_ignored(case: Case, mail: SmtpServer) -> None:
    address = reply_to(mail)
    number = int(address.split("+")[1].split("-")[0])
    assert parse_reply_address(address.upper()) == parse_reply_address(address)
    for made_up in (
        address.replace(f"+{number}-", f"+{number + 1}-"), re.sub(r"-(\d+)-", "-999999-", address),
        "reply@mail.example.jo", "",
        f"reply+{number}@mail.example.jo", f"reply+{number}-1-@x", "reply+٣-٣-x@x", f"bounces+{number}-aaaaaaaaaa@x",
    ):  # fmt: skip
        assert came(mail, letter(), to=made_up or "x") in (ReplyOutcome.NOT_OURS,), made_up
    assert said(case) == []


def test_reply_address_expires(case: Case, mail: SmtpServer) -> None:
    assert came(mail, letter(), at=NOON + 181 * DAY) is ReplyOutcome.UNREADABLE
    assert back() == [("back_unread", SAMA)]


@pytest.mark.parametrize(
    "header", [{"Auto_Submitted": "auto-replied"}, {"Precedence": "bulk"}, {"X_Autoreply": "yes"}]
)
def test_automatic_email_gets_no_answer(case: Case, mail: SmtpServer, header: dict[str, str]) -> None:
    assert came(mail, letter(**header)) is ReplyOutcome.AUTOMATIC
    assert (said(case), back(), Arrival.objects.count()) == ([], [], 0)


def test_own_email_in_a_loop_is_ignored(case: Case, mail: SmtpServer) -> None:
    assert came(mail, mail.letters[0][2].as_bytes()) is ReplyOutcome.AUTOMATIC


def test_unknown_sender_is_answered_once_without_case_details(case: Case, mail: SmtpServer) -> None:
    ends = [came(mail, letter(sender="brother@example.jo", key=f"<{n}@x>")) for n in range(3)]
    assert ends == [ReplyOutcome.UNKNOWN_SENDER] * 3
    assert said(case) == []
    assert back() == [("back_stranger", "brother@example.jo")]
    told = Message.objects.get(template="back_stranger")
    assert case.reference not in told.subject + told.body
    assert told.case is None


def test_unauthenticated_sender_gets_no_answer(case: Case, mail: SmtpServer) -> None:
    forged = {"Authentication_Results": "mx; dmarc=fail"}
    assert came(mail, letter(sender="brother@example.jo", **forged)) is ReplyOutcome.UNAUTHENTICATED
    assert back() == []
    assert (
        came(mail, letter(**forged)) is ReplyOutcome.UNREADABLE
    )  # the case's own citizen hears of what came in their name
    assert (said(case), back()) == ([], [("back_unread", SAMA)])


def test_reply_from_replaced_address_is_rejected(case: Case, mail: SmtpServer) -> None:
    Particulars.objects.update(email="new@example.jo")
    assert came(mail, letter()) is ReplyOutcome.UNKNOWN_SENDER
    assert came(mail, letter(sender="new@example.jo", key="<2@x>")) is ReplyOutcome.UNKNOWN_SENDER
    assert said(case) == []


def test_corruption_report_is_not_stored(case: Case, mail: SmtpServer) -> None:
    written = letter(BRIBE)
    written.add_attachment(picture(), maintype="image", subtype="png", filename="رشوة.png")
    assert came(mail, written) is ReplyOutcome.CORRUPTION
    assert (said(case), Upload.objects.count(), back()) == ([], 0, [("back_box", SAMA)])
    assert not any(
        "رشوة" in str(row) for table in (Message, Arrival, Event) for row in table.objects.values()
    )


def test_reply_to_closed_case_is_answered(case: Case, mail: SmtpServer, jordan: Jordan) -> None:
    commands.withdraw_case(case=case.pk, seen=None, actor=jordan.get_citizen(case), at=NOON)
    assert came(mail, letter()) is ReplyOutcome.CASE_CLOSED
    assert back() == [("back_ended", SAMA)]


def test_confidential_case_takes_no_email_reply(case: Case, mail: SmtpServer) -> None:
    """Its care has grown since the letter went out."""
    with patch.object(email_replies, "Handling") as handling:
        handling.OPEN = "other"
        assert came(mail, letter()) is ReplyOutcome.UNREADABLE
    assert said(case) == []


@pytest.mark.parametrize("text", ["", QUOTED, "Sent from my iPhone", "x" * 4001])
def test_empty_reply_is_answered(case: Case, mail: SmtpServer, text: str) -> None:
    assert came(mail, letter(text)) is ReplyOutcome.UNREADABLE
    assert (said(case), back()) == ([], [("back_unread", SAMA)])


def picture() -> bytes:
    file = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(file, "PNG")
    return file.getvalue()


def test_attachments_are_cleaned_like_uploads(case: Case, mail: SmtpServer) -> None:
    written = letter()
    written.add_attachment(picture(), maintype="image", subtype="png", filename="صورة.png")
    assert came(mail, written) is ReplyOutcome.FILED
    [file] = Attachment.objects.filter(case=case)
    assert (file.name, file.media_type, file.from_citizen) == ("صورة.png", "image/png", True)
    assert not Upload.objects.exists()


def test_attachments_leave_no_temporary_file(
    case: Case, mail: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay: list[Path] = []
    monkeypatch.setattr(attachments, "scan_file", lambda file: lay.append(file.parent))
    written = letter()
    written.add_attachment(picture(), maintype="image", subtype="png", filename="1.png")
    assert came(mail, written) is ReplyOutcome.FILED
    assert lay == [get_work_folder()]


def test_text_is_filed_without_refused_file(case: Case, mail: SmtpServer) -> None:
    written = letter()
    written.add_attachment(b"MZ\x90", maintype="application", subtype="octet-stream", filename="x.exe")
    assert came(mail, written) is ReplyOutcome.FILES_DROPPED
    assert (said(case), back()) == ([MORE], [("back_files", SAMA)])


def test_email_is_retried_while_files_cannot_be_checked(case: Case, mail: SmtpServer) -> None:
    written = letter()
    written.add_attachment(picture(), maintype="image", subtype="png", filename="1.png")
    with (
        patch.object(email_replies, "receive_bytes", side_effect=TemporaryFailure(BUSY, 5)),
        pytest.raises(TemporaryFailure),
    ):
        came(mail, written)
    assert came(mail, written) is ReplyOutcome.FILED


def test_oversized_email_is_answered(case: Case, mail: SmtpServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(email_replies, "MAX_EMAIL_BYTES", 600)
    assert came(mail, letter("x " * 600)) is ReplyOutcome.UNREADABLE


def parts_in_parts(deep: int) -> bytes:
    parts = (f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n".encode() for n in range(deep))
    return b"From: sama@example.jo\n" + b"".join(parts) + b"\nx\n"


@pytest.mark.parametrize(
    "raw",
    [
        parts_in_parts(2000), b"", b"\0" * 1000, b"\xff\xfe", b"From: sama@example.jo\n",
        b"From: sama@example.jo\nContent-Type: x/y; boundary=\n\n\xff",
        b"From: sama@example.jo\nContent-Type: multipart/mixed; boundary=b\n\n--b\n--b",
        b"From: sama@example.jo\nContent-Type: text/plain; charset=nonsense\nContent-Transfer-Encoding: base64\n\n%%%",
        b"From: =?x?q?=\nSubject: =?utf-8?b?A?=\n\nx", b"From: \xff\xfe <sama@example.jo>\nMessage-ID: \xff\n\n",
    ],
)  # fmt: skip
def test_malformed_email_is_ignored(case: Case, mail: SmtpServer, raw: bytes) -> None:
    assert came(mail, raw) in (ReplyOutcome.UNREADABLE, ReplyOutcome.UNAUTHENTICATED, ReplyOutcome.AUTOMATIC)
    assert said(case) == []


def test_email_without_charset_is_decoded(case: Case, mail: SmtpServer) -> None:
    raw = b"From: sama@example.jo\nMessage-ID: <1@x>\n\n" + MORE.encode("windows-1256")
    assert came(mail, raw) is ReplyOutcome.FILED
    assert said(case) == [MORE]


def test_only_case_messages_have_a_reply_address(case: Case, mail: SmtpServer) -> None:
    came(mail, letter(""))
    send_due_messages(NOON)
    assert mail.letters[-1][2]["Subject"].strip().startswith("لم تُضف")
    assert mail.letters[-1][2]["Reply-To"] is None
    assert mail.letters[-1][2]["Auto-Submitted"] == "auto-generated"


def test_old_arrivals_are_deleted(case: Case, mail: SmtpServer) -> None:
    came(mail, letter())
    assert delete_old_arrivals(NOON + 89 * DAY) == 0
    assert delete_old_arrivals(NOON + 91 * DAY) == 1
