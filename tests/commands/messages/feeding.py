"""Events as followers get them, for tests that do not commit."""

from bekhedmetkom.cases.feed import FedEvent
from bekhedmetkom.cases.models import Event
from bekhedmetkom.cases.rules.states import Happened


def fed(event: Event) -> FedEvent:
    return FedEvent(
        event.pk, event.case_id, event.case.reference, event.seq, event.state, Happened(event.kind), event.at,
        event.actor, event.data,
    )  # fmt: skip
