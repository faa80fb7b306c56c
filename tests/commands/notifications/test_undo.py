"""What an officer may still take back is told to nobody; what somebody was told of can no longer be taken back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event as Signal
from uuid import UUID

import pytest
from django.db import connections, transaction

from bekhedmetkom.cases import commands, feed
from bekhedmetkom.cases.models import Case, Event
from bekhedmetkom.cases.rules.applicant import Applicant
from bekhedmetkom.cases.rules.transitions import NotPossibleNow
from bekhedmetkom.catalogue.rules import Disposition
from bekhedmetkom.notifications.commands import send_due_messages
from bekhedmetkom.notifications.models import Message
from tests.commands.notifications.conftest import SubscriberRunner
from tests.commands.notifications.event_helpers import STREET_LAMP_TEXT
from tests.commands.notifications.smtp_server import SmtpServer
from tests.personas import NOON, Jordan

SECOND = timedelta(seconds=1)
TEN = 10 * SECOND


@pytest.fixture
def answered(world: Jordan, listener: SubscriberRunner) -> UUID:
    """A case answered at noon, whose citizen has been told of nothing else."""
    case = world.submit(
        STREET_LAMP_TEXT, applicant=Applicant(email="sama@example.jo"), at=NOON - 60 * SECOND
    ).case
    listener.follow()
    Message.objects.all().delete()
    commands.answer_case(
        case=case, seen=1, actor=world.main, at=NOON, disposition=Disposition.UPHELD,
        text="ركّب قسم الإنارة مصباحًا جديدًا أمام البيت يوم الأربعاء.",
    )  # fmt: skip
    return case


def undo(world: Jordan, case: UUID, at: timedelta = 5 * SECOND) -> int:
    return commands.undo_action(case=case, seen=2, actor=world.main, at=NOON + at)


def test_message_waits_until_undo_is_no_longer_possible(
    world: Jordan, answered: UUID, listener: SubscriberRunner, mail: SmtpServer
) -> None:
    assert listener.told() == [("answered", "email", "citizen")]
    assert send_due_messages(NOON + 9 * SECOND) == 0
    assert send_due_messages(NOON + TEN) == 1
    assert len(mail.letters) == 1
    with pytest.raises(NotPossibleNow):
        undo(world, answered, 9 * SECOND)  # a clock that goes behind


def test_undone_event_sends_no_message(
    world: Jordan, answered: UUID, listener: SubscriberRunner, mail: SmtpServer
) -> None:
    listener.follow()
    undo(world, answered)
    assert listener.told() == []
    assert send_due_messages(NOON + TEN) == 0
    assert mail.letters == []


def test_event_undone_before_processing_creates_no_message(
    world: Jordan, answered: UUID, listener: SubscriberRunner
) -> None:
    undo(world, answered)
    assert listener.told() == []
    feed.rewind_consumer("messages")
    assert listener.told() == [("received", "email", "citizen")]


def test_sender_ignores_undone_event_before_subscriber_runs(
    world: Jordan, answered: UUID, listener: SubscriberRunner, mail: SmtpServer
) -> None:
    listener.follow()
    undo(world, answered, 9 * SECOND)
    assert send_due_messages(NOON + TEN) == 0
    assert mail.letters == []
    assert Message.objects.count() == 0


def test_kept_message_of_undone_event_is_deleted(
    world: Jordan, answered: UUID, listener: SubscriberRunner
) -> None:
    """Without a provider messages are kept, to show what would have been sent."""
    listener.follow()
    undo(world, answered, 9 * SECOND)
    send_due_messages(NOON + TEN)
    assert listener.told() == []


def test_answer_repeated_after_undo_is_sent_once(
    world: Jordan, answered: UUID, listener: SubscriberRunner, mail: SmtpServer
) -> None:
    listener.follow()
    undo(world, answered)
    commands.answer_case(
        case=answered, seen=3, actor=world.main, at=NOON + 8 * SECOND, disposition=Disposition.UPHELD,
        text="ركّب قسم الإنارة مصباحًا جديدًا أمام البيت يوم الخميس.",
    )  # fmt: skip
    assert listener.told() == [("answered", "email", "citizen")]
    assert send_due_messages(NOON + 17 * SECOND) == 0
    assert send_due_messages(NOON + 18 * SECOND) == 1


def test_citizen_action_is_confirmed_at_once(world: Jordan, listener: SubscriberRunner) -> None:
    world.submit(STREET_LAMP_TEXT, applicant=Applicant(email="sama@example.jo"))
    listener.follow()
    assert Message.objects.get().not_before == NOON


def test_sender_waits_for_concurrent_undo(
    world: Jordan, answered: UUID, listener: SubscriberRunner, mail: SmtpServer
) -> None:
    """It holds the case; the sender asks under the same lock, and then knows."""
    listener.follow()
    holds, may_end = Signal(), Signal()

    def slowly() -> None:
        with transaction.atomic():
            undo(world, answered, 9 * SECOND)
            holds.set()
            may_end.wait(20)
        connections.close_all()

    def send() -> int:
        try:
            return send_due_messages(NOON + TEN)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as both:
        undoing = both.submit(slowly)
        assert holds.wait(20)
        sending = both.submit(send)
        assert not sending.done()
        may_end.set()
        undoing.result(20)
        assert sending.result(20) == 0
    assert mail.letters == []


def test_concurrent_send_and_undo_exclude_each_other(
    world: Jordan, listener: SubscriberRunner, mail: SmtpServer
) -> None:
    cases = [
        world.submit(
            STREET_LAMP_TEXT, applicant=Applicant(email=f"sama{n}@example.jo"), at=NOON - 60 * SECOND
        )
        for n in range(12)
    ]
    listener.follow()
    Message.objects.all().delete()
    for case in cases:
        commands.refer_case(
            case=case.case, seen=1, actor=world.main, at=NOON, entity=world.entities["MOH"], reason="للصحة"
        )
    listener.follow()
    start = Signal()

    def take_back(case: UUID) -> bool:
        start.wait(20)
        try:
            undo(world, case, 9 * SECOND)
        except NotPossibleNow:
            return False
        else:
            return True
        finally:
            connections.close_all()

    def send() -> None:
        start.wait(20)
        send_due_messages(NOON + TEN)
        connections.close_all()

    with ThreadPoolExecutor(8) as all_at_once:
        sending = all_at_once.submit(send)
        undoing = {case.reference: all_at_once.submit(take_back, case.case) for case in reversed(cases)}
        start.set()
        sending.result(60)
        undone = {reference for reference, one in undoing.items() if one.result(60)}
    told = {case.reference for case in cases if Message.objects.filter(case=case.case, state="sent").exists()}
    assert len(mail.letters) == len(told)
    assert undone & told == set()
    assert undone | told == {case.reference for case in cases}
    assert {Case.objects.get(reference=reference).entity_id for reference in undone} <= {
        world.entities["GAM"]
    }
    assert Event.objects.filter(kind="case.undone").count() == len(undone)
