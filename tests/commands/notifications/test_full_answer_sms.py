"""The whole answer by SMS: for who agreed to it, to a telephone that is theirs, and to be read nowhere afterwards."""

from collections.abc import Callable

import pytest

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.models import Case, CaseText, Event, Particulars
from bekhedmetkom.cases.rules.applicant import Applicant
from bekhedmetkom.cases.rules.undo import UNDO_PERIOD
from bekhedmetkom.catalogue.rules import Disposition, Kind
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.notifications.citizen_messages import MAX_ANSWER_LENGTH
from bekhedmetkom.notifications.commands import send_due_messages
from bekhedmetkom.notifications.models import Message
from bekhedmetkom.notifications.rules.sms import count_sms_parts
from bekhedmetkom.notifications.subscriber import NotificationSubscriber
from tests.commands.notifications.event_helpers import STREET_LAMP_TEXT, build_fed_event
from tests.commands.notifications.smpp_server import SmppServer
from tests.personas import NOON, Jordan

ANSWER = "بُدّل المصباح صباح اليوم، وأُصلحت العلبة التي كانت تطفئه."
PHONE = "+962791234567"
Answered = Callable[..., list[Message]]


@pytest.fixture
def answered(jordan: Jordan) -> Answered:
    """What the citizen is told when their case is answered; `given` are the columns of their particulars."""

    def tell(
        text: str = ANSWER, *, kind: Kind = Kind.COMPLAINT, by: Actor = jordan.main, withhold: bool = False,
        **given: object,
    ) -> list[Message]:  # fmt: skip
        applicant = Applicant(name="سما", phone=PHONE, email=str(given.pop("email", "")))
        case = jordan.submit(
            STREET_LAMP_TEXT, kind=kind, applicant=applicant, withhold_identity=withhold
        ).case
        Particulars.objects.filter(pk=case).update(**{"phone_confirmed": True, "full_by_sms": True} | given)
        commands.answer_case(case=case, seen=1, actor=by, at=NOON, text=text, disposition=Disposition.UPHELD)
        NotificationSubscriber().handle_events([build_fed_event(Event.objects.latest("pk"))])
        return list(Message.objects.filter(officer=None).order_by("channel"))

    return tell


def test_full_answer_replaces_the_notification(answered: Answered, smsc: SmppServer) -> None:
    [message] = answered()
    assert (message.template, message.address) == ("answered_in_full", PHONE)
    assert ANSWER not in str(Message.objects.values().get())  # encrypted until it goes
    send_due_messages(NOON + UNDO_PERIOD)
    sent = "".join(part.text for part in smsc.taken)
    assert sent.startswith(f"الرد على طلبك {Case.objects.get().reference}:\n{ANSWER}\n")
    message.refresh_from_db()
    assert (message.state, message.sealed) == ("sent", None)
    assert ANSWER not in message.full_text


def test_email_recipient_gets_both_email_and_sms(answered: Answered) -> None:
    assert [(told.channel, told.template) for told in answered(email="sama@example.jo")] == [
        ("email", "answered"), ("sms", "answered_in_full"),
    ]  # fmt: skip


def test_long_answer_is_shortened(answered: Answered) -> None:
    [message] = answered("كلمة بعد كلمة " * 300)
    assert len(message.full_text) < MAX_ANSWER_LENGTH + 100
    assert "بعد…\n" in message.full_text  # between two words
    assert count_sms_parts(message.full_text) <= 10


@pytest.mark.parametrize(
    "given",
    [
        {"full_by_sms": False},
        {"phone_confirmed": False},
        {"phone": "+96265008080", "email": "sama@example.jo"},
    ],
    ids=str,
)
def test_full_answer_needs_consent_and_confirmed_mobile(answered: Answered, given: dict[str, object]) -> None:
    assert {told.template for told in answered(**given)} == {"answered"}


def test_withheld_identity_gets_no_full_answer(answered: Answered) -> None:
    assert "answered_in_full" not in {told.template for told in answered(withhold=True)}


def test_confidential_case_gets_no_full_answer(jordan: Jordan, answered: Answered) -> None:
    assert {told.template for told in answered(kind=Kind.VIOLATION, by=jordan.inspector)} == {"discreet"}


def test_opted_out_citizen_still_gets_no_news(answered: Answered) -> None:
    assert answered(tell_by="none", full_by_sms=False) == []


def test_erased_answer_is_not_sent_in_full(answered: Answered) -> None:
    """The follower came late: the words are gone, the news is not."""
    [_] = answered()
    CaseText.objects.filter(field="answer").delete()
    Message.objects.all().delete()
    NotificationSubscriber().handle_events([build_fed_event(Event.objects.latest("pk"))])
    assert Message.objects.get().template == "answered"
