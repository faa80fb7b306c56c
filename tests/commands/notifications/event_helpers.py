"""What tests of messages are fed: a calm case, and events as followers get them where nothing is committed."""

from bekhedmetkom.cases.feed import FeedEvent
from bekhedmetkom.cases.models import Event
from bekhedmetkom.cases.rules.states import EventType
from bekhedmetkom.notifications.models import Message
from bekhedmetkom.notifications.subscriber import NotificationSubscriber
from tests.personas import NOON

STREET_LAMP_TEXT = "مصباح الشارع أمام البيت مطفأ منذ أسبوع"


def build_fed_event(event: Event) -> FeedEvent:
    return FeedEvent(
        event.pk, event.case_id, event.case.reference, event.seq, event.state, EventType(event.kind), event.at,
        event.actor, event.data,
    )  # fmt: skip


def run_subscriber(since: int = 0) -> None:
    """As the worker does, everything after that event in one batch."""
    events = Event.objects.filter(pk__gt=since).select_related("case").order_by("pk")
    NotificationSubscriber().handle_events([build_fed_event(event) for event in events])


def create_sms(**given: object) -> Message:
    """A short one to a citizen, due now, of no case in particular."""
    return _create_message({"channel": "sms", "address": "+962791234567"} | given)


def create_email(**given: object) -> Message:
    return _create_message({"channel": "email", "address": "sama@example.jo", "subject": "خبر"} | given)


def _create_message(columns: dict[str, object]) -> Message:
    usual = {"template": "received", "language": "ar", "body": "وصل طلبك", "not_before": NOON}
    return Message.objects.create(**usual | columns)


def get_outcome(message: Message) -> tuple[str, str]:
    """How it stands with a message now, and why."""
    message.refresh_from_db()
    return message.state, message.why
