"""What tests of messages are fed: a calm case, and events as followers get them where nothing is committed."""

from bekhedmetkom.cases.feed import FedEvent
from bekhedmetkom.cases.models import Event
from bekhedmetkom.cases.rules.states import EventType
from bekhedmetkom.messages.follower import MessagesFollower
from bekhedmetkom.messages.models import Message
from tests.personas import NOON

LAMP = "مصباح الشارع أمام البيت مطفأ منذ أسبوع"


def fed(event: Event) -> FedEvent:
    return FedEvent(
        event.pk, event.case_id, event.case.reference, event.seq, event.state, EventType(event.kind), event.at,
        event.actor, event.data,
    )  # fmt: skip


def follow(since: int = 0) -> None:
    """As the worker does, everything after that event in one batch."""
    events = Event.objects.filter(pk__gt=since).select_related("case").order_by("pk")
    MessagesFollower().follow([fed(event) for event in events])


def an_sms(**given: object) -> Message:
    """A short one to a citizen, due now, of no case in particular."""
    return _message({"channel": "sms", "address": "+962791234567"} | given)


def a_letter(**given: object) -> Message:
    return _message({"channel": "email", "address": "sama@example.jo", "subject": "خبر"} | given)


def _message(columns: dict[str, object]) -> Message:
    usual = {"template": "received", "language": "ar", "body": "وصل طلبك", "not_before": NOON}
    return Message.objects.create(**usual | columns)


def outcome(message: Message) -> tuple[str, str]:
    """How it stands with a message now, and why."""
    message.refresh_from_db()
    return message.state, message.why
