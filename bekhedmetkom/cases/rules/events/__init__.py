"""What can happen to a case: every event declared once, grouped by subject.

`EVENTS` has the class of each `EventType`. From these classes come the transition table, the effects on the state,
the sentences for citizen and officers, and what can be undone; `docs/case-lifecycle.md` is generated from them.
"""

from collections.abc import Mapping

from ..states import EventType
from . import appeal, collaboration, contact, deadlines, intake, publication, reply, routing
from .base import CaseEvent

EVENTS: Mapping[EventType, type[CaseEvent]] = {
    event.type: event
    for module in (intake, routing, reply, deadlines, appeal, collaboration, contact, publication)
    for event in vars(module).values()
    if isinstance(event, type) and issubclass(event, CaseEvent) and event is not CaseEvent
}
