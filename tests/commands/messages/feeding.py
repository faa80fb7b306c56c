"""What tests of messages are fed: a calm case, and events as followers get them where nothing is committed."""

from bekhedmetkom.cases.feed import FedEvent
from bekhedmetkom.cases.models import Event
from bekhedmetkom.cases.rules.states import Happened

LAMP = "مصباح الشارع أمام البيت مطفأ منذ أسبوع"


def fed(event: Event) -> FedEvent:
    return FedEvent(
        event.pk, event.case_id, event.case.reference, event.seq, event.state, Happened(event.kind), event.at,
        event.actor, event.data,
    )  # fmt: skip
