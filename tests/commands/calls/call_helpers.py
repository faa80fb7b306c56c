"""Helpers for calls: exchange events, answered calls and sent codes."""

from datetime import datetime
from typing import Any

from bekhedmetkom.calls import commands as calls
from bekhedmetkom.calls import subscriber
from bekhedmetkom.calls.models import Call
from bekhedmetkom.calls.rules.call_events import CallEvent, EventName
from bekhedmetkom.cases import commands as cases
from bekhedmetkom.cases.commands import Submission
from bekhedmetkom.cases.feed import FeedEvent
from bekhedmetkom.cases.models import Case, Event
from bekhedmetkom.cases.rules.applicant import Applicant
from bekhedmetkom.cases.rules.contact import ContactAddress, ContactType
from bekhedmetkom.cases.rules.states import EventType
from bekhedmetkom.catalogue.rules import Disposition, Kind
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.notifications.encryption import decrypt_secret
from bekhedmetkom.notifications.models import Message
from tests.personas import NOON, POTHOLE, Jordan

MOBILE = "+962791234567"
BRIBE_TEXT = "الموظف طلب مني رشوة 50 دينار حتى يمشي المعاملة"


def record_call_event(name: EventName, at: datetime = NOON, call_id: str = "one", **said: Any) -> Call:
    calls.record_event(
        call_id=call_id, event=CallEvent(at, name, **({"number": MOBILE, "direction": "in"} | said))
    )
    return Call.objects.get(call_id=call_id)


def answer_call(agent: Actor, at: datetime = NOON, call_id: str = "one", **said: Any) -> int:
    """Return a call that the agent has in hand."""
    call = record_call_event(EventName.NEW_CALL, at, call_id, **said)
    calls.take_call(call=call.pk, actor=agent, at=at)
    return call.pk


def create_answered_case(jordan: Jordan, at: datetime = NOON, **given: Any) -> Case:
    case = jordan.create_assigned_case(at=at, **given)
    cases.answer_case(
        case=case.pk, seen=case.seq, actor=jordan.roads_officer, at=at, disposition=Disposition.UPHELD,
        text="كشفت وحدة الطرق على الموقع يوم 22 تشرين الثاني وردمت الحفرة بالإسفلت صباح اليوم.",
    )  # fmt: skip
    case.refresh_from_db()
    return case


def run_subscriber(case: Case) -> None:
    """Feed the case's events to the subscriber again."""
    rows = Event.objects.filter(case=case).order_by("seq")
    subscriber.CallBackSubscriber().handle_events(
        [
            FeedEvent(e.pk, case.pk, case.reference, e.seq, e.state, EventType(e.kind), e.at, e.actor, e.data)
            for e in rows
        ]
    )  # fmt: skip


def get_sent_code() -> str:
    """Return the code that was sent last."""
    return decrypt_secret(bytes(Message.objects.latest("pk").sealed or b"")) or ""


def issue_code_for_call(call: int, actor: Actor) -> str:
    return calls.issue_call_code(call=call, actor=actor, at=NOON).code


def confirm_phone(case: Case) -> None:
    cases.confirm_contact(
        case=case.pk,
        actor=Actor.citizen(case.reference),
        at=NOON,
        known=ContactAddress(ContactType.PHONE, MOBILE),
    )


def register_case_by_phone(
    jordan: Jordan, call: int, text: str = POTHOLE, *, key: str = "k" * 20, **given: Any
) -> Any:
    submission = Submission(
        kind=Kind.COMPLAINT, text=text, entity=jordan.entities["GAM"],
        applicant=Applicant(name="أم يزن", phone=MOBILE), **given,
    )  # fmt: skip
    return calls.register_case(
        call=call, submission=submission, by_call=True, key=key, actor=jordan.agent, at=NOON
    )
