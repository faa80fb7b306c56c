"""SMS that answer ours: the citizen's word, once, and never a talk of two machines."""

from datetime import datetime

import pytest
from pytest_django import Settings

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.models import Case, Event, Particulars
from bekhedmetkom.cases.rules.applicant import Applicant
from bekhedmetkom.cases.rules.undo import UNDO_PERIOD
from bekhedmetkom.catalogue.rules import Disposition
from bekhedmetkom.notifications.commands import process_sms_reply, send_due_messages
from bekhedmetkom.notifications.models import Message
from bekhedmetkom.notifications.queries import list_sms_usage
from bekhedmetkom.notifications.rules.reply_outcomes import ReplyOutcome
from tests.commands.notifications.event_helpers import STREET_LAMP_TEXT, run_subscriber
from tests.commands.notifications.smpp_server import SmppServer
from tests.personas import DAY, HOUR, NOON, Jordan

SAMA = "+962791234567"
ANSWER = "أصلحت فرقة الإنارة المصباح صباح اليوم 24 تشرين الثاني، ويعمل الآن. إن عاد فاتصل بنا أو اعترض في صفحة طلبك."


@pytest.fixture
def asked(jordan: Jordan, smsc: SmppServer, settings: Settings) -> Case:
    """Its citizen has been asked by SMS whether it was solved, on a number that they have shown to be theirs."""
    settings.SMS_REPLIES = True
    case = jordan.create_assigned_case(STREET_LAMP_TEXT, applicant=Applicant(phone=SAMA))
    Particulars.objects.update(phone_confirmed=True)
    commands.answer_case(
        case=case.pk,
        seen=2,
        actor=jordan.roads_officer,
        at=NOON,
        text=ANSWER,
        disposition=Disposition.UPHELD,
    )
    run_subscriber()
    send_due_messages(NOON + UNDO_PERIOD)
    return Case.objects.get(pk=case.pk)


def hear(text: str, key: str = "", sender: str = SAMA, at: datetime = NOON + HOUR) -> ReplyOutcome:
    return process_sms_reply(sender=sender, text=text, key=key, at=at)


def words(case: Case) -> list[tuple[str, int | None]]:
    events = Event.objects.filter(case=case, kind__in=["citizen.confirmed", "citizen.denied"]).order_by("seq")
    return [(event.kind.split(".")[1], event.data.get("stars")) for event in events]


def back() -> list[str]:
    return list(
        Message.objects.filter(template__startswith="back_").order_by("id").values_list("template", flat=True)
    )


def test_question_explains_how_to_reply(asked: Case, smsc: SmppServer) -> None:
    assert "أجب برسالة: 1 حُلّ، 2 لم يُحل." in "".join(sent.text for sent in smsc.taken)


def test_reply_solved_confirms_the_case(asked: Case) -> None:
    assert hear("١ ٥", "g-1") is ReplyOutcome.FILED
    assert words(asked) == [("confirmed", 5)]
    assert Event.objects.get(kind="citizen.confirmed").data["via"] == "sms"
    assert back() == []  # an SMS costs


def test_reply_not_solved_gets_appeal_information(asked: Case) -> None:
    assert hear("لا") is ReplyOutcome.UNSOLVED
    assert (words(asked), back()) == ([("denied", None)], ["back_unsolved"])


def test_repeated_delivery_by_gateway_is_ignored(asked: Case) -> None:
    assert [hear("2", "g-1"), hear("2", "g-1"), hear("2"), hear("2", "g-2")] == [
        ReplyOutcome.UNSOLVED,
        *[ReplyOutcome.DUPLICATE] * 3,
    ]
    assert [hear("1", "g-3"), hear("1"), hear("1", "g-3")] == [
        ReplyOutcome.FILED,
        ReplyOutcome.DUPLICATE,
        ReplyOutcome.DUPLICATE,
    ]
    assert words(asked) == [("denied", None), ("confirmed", None)]


def test_unreadable_reply_gets_help_once(asked: Case) -> None:
    assert {hear(text, f"g-{n}") for n, text in enumerate(["مرحبا", "?", "لم نفهم رسالتك", "5"] * 5)} == {
        ReplyOutcome.UNREADABLE
    }
    assert (words(asked), back()) == ([], ["back_unread"])
    hear("مرحبا", "next day", at=NOON + 2 * DAY)
    assert back() == ["back_unread"] * 2


@pytest.mark.parametrize(
    "sender", ["+962797777777", "Bekhedmet", "", "1234", "+9627912345678901234567890123456789012345"]
)
def test_unasked_number_gets_no_answer(asked: Case, sender: str) -> None:
    assert hear("1", sender=sender) is ReplyOutcome.NOT_OURS
    assert (words(asked), back()) == ([], [])


def test_reply_from_unconfirmed_number_is_not_filed(asked: Case) -> None:
    Particulars.objects.update(phone_confirmed=False)
    assert hear("1") is ReplyOutcome.UNREADABLE
    assert words(asked) == []


def test_corruption_report_is_not_stored(asked: Case) -> None:
    assert hear("الموظف طلب رشوة") is ReplyOutcome.CORRUPTION
    assert back() == ["back_box"]
    assert not Message.objects.filter(body__contains="طلب رشوة").exists()


def test_reply_after_closing_is_rejected(asked: Case) -> None:
    assert hear("1", at=NOON + 60 * DAY) is ReplyOutcome.CASE_CLOSED
    assert back() == ["back_ended"]


def test_reply_counts_for_the_newest_asked_case(asked: Case, jordan: Jordan) -> None:
    other = jordan.create_assigned_case("مصباح آخر مطفأ في شارع المدينة", applicant=Applicant(phone=SAMA))
    Particulars.objects.update(phone_confirmed=True)
    commands.answer_case(
        case=other.pk,
        seen=2,
        actor=jordan.roads_officer,
        at=NOON,
        text=ANSWER,
        disposition=Disposition.UPHELD,
    )
    run_subscriber()
    assert hear("1", "before it went out") is ReplyOutcome.FILED
    send_due_messages(NOON + UNDO_PERIOD)
    assert hear("2") is ReplyOutcome.UNSOLVED
    assert (words(asked), words(other)) == ([("confirmed", None)], [("denied", None)])


def test_reply_arrives_over_smpp(asked: Case, smsc: SmppServer) -> None:
    smsc.text("نعم 4")
    for _ in range(50):
        send_due_messages(NOON + HOUR)
        if words(asked):
            break
    assert words(asked) == [("confirmed", 4)]


def test_sms_parts_are_counted(asked: Case, smsc: SmppServer) -> None:
    """By day and way, as parts: that is what carriers count."""
    [spent] = list_sms_usage(NOON - DAY, NOON + DAY)
    assert (spent.day, spent.messages, spent.parts) == (
        NOON.date(),
        len(Message.objects.filter(state="sent")),
        len(smsc.taken),
    )
