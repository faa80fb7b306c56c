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
from bekhedmetkom.attachments.cleaner import workshop
from bekhedmetkom.attachments.models import Upload
from bekhedmetkom.attachments.rules import BUSY, TryAgain
from bekhedmetkom.cases import commands
from bekhedmetkom.cases.models import Attachment, Case, CaseText, Event, Particulars
from bekhedmetkom.cases.queries import of_citizen
from bekhedmetkom.cases.rules.applicant import Applicant
from bekhedmetkom.messages.commands import forget_arrivals, send_due, take_in_letter
from bekhedmetkom.messages.commands import letters as letters_in
from bekhedmetkom.messages.models import Arrival, Message
from bekhedmetkom.messages.rules.arriving import End
from bekhedmetkom.messages.signed import replied_to
from tests.commands.messages.feeding import LAMP, follow
from tests.commands.messages.mail_server import MailServer
from tests.personas import DAY, NOON, Jordan

SAMA = "sama@example.jo"
MORE = "المصباح الثاني مطفأ أيضا"
QUOTED = "\n\nOn Tue, 24 Nov 2026 at 12:00 بخدمتكم <platform@example.jo> wrote:\n> وصل طلبك\n"
BRIBE = "طلب مني الموظف رشوة مية دينار ليمشي المعاملة"


@pytest.fixture
def case(jordan: Jordan, mail: MailServer, settings: Settings) -> Case:
    """Its citizen has our letter, with an address to reply to."""
    settings.MAIL_REPLY = "reply@mail.example.jo"
    case = jordan.case(LAMP, applicant=Applicant(email=SAMA))
    follow()
    send_due(NOON)
    return case


def reply_to(mail: MailServer) -> str:
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


def came(mail: MailServer, written: EmailMessage | bytes, *, at: datetime = NOON, to: str = "") -> End:
    raw = written if isinstance(written, bytes) else written.as_bytes()
    return take_in_letter(raw=raw, came_to=to or reply_to(mail), at=at)


def said(case: Case) -> list[str]:
    return list(
        CaseText.objects.filter(case=case, field="message").order_by("seq").values_list("body", flat=True)
    )


def back() -> list[tuple[str, str]]:
    """What we wrote in answer, and to whom."""
    return list(
        Message.objects.filter(template__startswith="back_").order_by("id").values_list("template", "address")
    )


def test_what_is_new_goes_into_the_case(case: Case, mail: MailServer) -> None:
    assert came(mail, letter()) is End.FILED
    assert said(case) == [MORE]
    event = Event.objects.get(case=case, kind="citizen.wrote")
    assert (event.actor, event.data["via"]) == ("citizen", "email")
    said_to_them = [entry.words.ar for entry in of_citizen(case.pk, NOON).timeline]
    assert "أضفت معلومة بالبريد الإلكتروني" in said_to_them
    assert back() == []


def test_the_mail_server_hands_it_over_again(case: Case, mail: MailServer) -> None:
    assert [came(mail, letter()) for _ in range(2)] == [End.FILED, End.AGAIN]
    assert came(mail, letter(key="<2@example.jo>")) is End.FILED
    assert said(case) == [MORE, MORE]


def test_killed_before_it_was_in_it_is_taken_the_next_time(case: Case, mail: MailServer) -> None:
    with patch.object(letters_in, "write", side_effect=RuntimeError), pytest.raises(RuntimeError):
        came(mail, letter())
    assert not Arrival.objects.exists()
    assert came(mail, letter()) is End.FILED


def test_nobody_can_make_up_a_reply_address(case: Case, mail: MailServer) -> None:
    address = reply_to(mail)
    number = int(address.split("+")[1].split("-")[0])
    assert replied_to(address.upper()) == replied_to(address)
    for made_up in (
        address.replace(f"+{number}-", f"+{number + 1}-"), re.sub(r"-(\d+)-", "-999999-", address),
        "reply@mail.example.jo", "",
        f"reply+{number}@mail.example.jo", f"reply+{number}-1-@x", "reply+٣-٣-x@x", f"bounces+{number}-aaaaaaaaaa@x",
    ):  # fmt: skip
        assert came(mail, letter(), to=made_up or "x") in (End.NOT_OURS,), made_up
    assert said(case) == []


def test_it_expires(case: Case, mail: MailServer) -> None:
    assert came(mail, letter(), at=NOON + 181 * DAY) is End.UNREAD
    assert back() == [("back_unread", SAMA)]


@pytest.mark.parametrize(
    "header", [{"Auto_Submitted": "auto-replied"}, {"Precedence": "bulk"}, {"X_Autoreply": "yes"}]
)
def test_no_machine_is_ever_answered(case: Case, mail: MailServer, header: dict[str, str]) -> None:
    assert came(mail, letter(**header)) is End.AUTOMATIC
    assert (said(case), back(), Arrival.objects.count()) == ([], [], 0)


def test_our_own_letter_in_a_circle(case: Case, mail: MailServer) -> None:
    assert came(mail, mail.letters[0][2].as_bytes()) is End.AUTOMATIC


def test_another_than_its_reader_is_told_once_and_nothing_of_the_case(case: Case, mail: MailServer) -> None:
    ends = [came(mail, letter(sender="brother@example.jo", key=f"<{n}@x>")) for n in range(3)]
    assert ends == [End.STRANGER] * 3
    assert said(case) == []
    assert back() == [("back_stranger", "brother@example.jo")]
    told = Message.objects.get(template="back_stranger")
    assert case.reference not in told.subject + told.body
    assert told.case is None


def test_a_made_up_sender_is_told_nothing(case: Case, mail: MailServer) -> None:
    forged = {"Authentication_Results": "mx; dmarc=fail"}
    assert came(mail, letter(sender="brother@example.jo", **forged)) is End.UNPROVEN
    assert back() == []
    assert (
        came(mail, letter(**forged)) is End.UNREAD
    )  # the case's own citizen hears of what came in their name
    assert (said(case), back()) == ([], [("back_unread", SAMA)])


def test_who_has_another_address_by_now(case: Case, mail: MailServer) -> None:
    Particulars.objects.update(email="new@example.jo")
    assert came(mail, letter()) is End.STRANGER
    assert came(mail, letter(sender="new@example.jo", key="<2@x>")) is End.STRANGER
    assert said(case) == []


def test_corruption_is_kept_nowhere(case: Case, mail: MailServer) -> None:
    written = letter(BRIBE)
    written.add_attachment(picture(), maintype="image", subtype="png", filename="رشوة.png")
    assert came(mail, written) is End.CORRUPTION
    assert (said(case), Upload.objects.count(), back()) == ([], 0, [("back_box", SAMA)])
    assert not any(
        "رشوة" in str(row) for table in (Message, Arrival, Event) for row in table.objects.values()
    )


def test_a_case_that_is_over(case: Case, mail: MailServer, jordan: Jordan) -> None:
    commands.withdraw(case=case.pk, seen=None, actor=jordan.citizen(case), at=NOON)
    assert came(mail, letter()) is End.ENDED
    assert back() == [("back_ended", SAMA)]


def test_need_to_know_does_not_travel(case: Case, mail: MailServer) -> None:
    """Its care has grown since the letter went out."""
    with patch.object(letters_in, "Handling") as handling:
        handling.OPEN = "other"
        assert came(mail, letter()) is End.UNREAD
    assert said(case) == []


@pytest.mark.parametrize("text", ["", QUOTED, "Sent from my iPhone", "x" * 4001])
def test_nothing_that_could_be_filed(case: Case, mail: MailServer, text: str) -> None:
    assert came(mail, letter(text)) is End.UNREAD
    assert (said(case), back()) == ([], [("back_unread", SAMA)])


def picture() -> bytes:
    file = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(file, "PNG")
    return file.getvalue()


def test_files_are_cleaned_like_any_upload(case: Case, mail: MailServer) -> None:
    written = letter()
    written.add_attachment(picture(), maintype="image", subtype="png", filename="صورة.png")
    assert came(mail, written) is End.FILED
    [file] = Attachment.objects.filter(case=case)
    assert (file.name, file.media_type, file.from_citizen) == ("صورة.png", "image/png", True)
    assert not Upload.objects.exists()


def test_no_file_lies_where_others_could_look(
    case: Case, mail: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay: list[Path] = []
    monkeypatch.setattr(attachments, "scan", lambda file: lay.append(file.parent))
    written = letter()
    written.add_attachment(picture(), maintype="image", subtype="png", filename="1.png")
    assert came(mail, written) is End.FILED
    assert lay == [workshop()]


def test_words_go_in_without_a_file_that_is_refused(case: Case, mail: MailServer) -> None:
    written = letter()
    written.add_attachment(b"MZ\x90", maintype="application", subtype="octet-stream", filename="x.exe")
    assert came(mail, written) is End.FILES_LEFT
    assert (said(case), back()) == ([MORE], [("back_files", SAMA)])


def test_when_files_cannot_be_looked_at_it_comes_again(case: Case, mail: MailServer) -> None:
    written = letter()
    written.add_attachment(picture(), maintype="image", subtype="png", filename="1.png")
    with patch.object(letters_in, "receive_bytes", side_effect=TryAgain(BUSY, 5)), pytest.raises(TryAgain):
        came(mail, written)
    assert came(mail, written) is End.FILED


def test_too_large(case: Case, mail: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letters_in, "LARGEST", 600)
    assert came(mail, letter("x " * 600)) is End.UNREAD


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
def test_what_is_no_letter_breaks_nothing(case: Case, mail: MailServer, raw: bytes) -> None:
    assert came(mail, raw) in (End.UNREAD, End.UNPROVEN, End.AUTOMATIC)
    assert said(case) == []


def test_an_old_program_that_does_not_say_its_letters(case: Case, mail: MailServer) -> None:
    raw = b"From: sama@example.jo\nMessage-ID: <1@x>\n\n" + MORE.encode("windows-1256")
    assert came(mail, raw) is End.FILED
    assert said(case) == [MORE]


def test_only_news_of_a_case_can_be_answered(case: Case, mail: MailServer) -> None:
    came(mail, letter(""))
    send_due(NOON)
    assert mail.letters[-1][2]["Subject"].strip().startswith("لم تُضف")
    assert mail.letters[-1][2]["Reply-To"] is None
    assert mail.letters[-1][2]["Auto-Submitted"] == "auto-generated"


def test_that_it_came_is_forgotten(case: Case, mail: MailServer) -> None:
    came(mail, letter())
    assert forget_arrivals(NOON + 89 * DAY) == 0
    assert forget_arrivals(NOON + 91 * DAY) == 1
