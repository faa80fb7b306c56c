"""Keeps the roll-ups where the journal is: exactly once, for they and the cursor move in one transaction."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from bekhedmetkom.cases.feed import EventConsumer, FeedEvent
from bekhedmetkom.cases.models import FollowerCursor
from bekhedmetkom.cases.rules.states import EventType
from bekhedmetkom.live.commands import publish_change
from bekhedmetkom.live.rules import Topic

from .facts import UNCOUNTED_EVENTS
from .rollups import PROJECTION_NAME, apply_events


class AnalyticsProjection(EventConsumer):
    """What the cases of a batch said before is subtracted, what they say now is added, whatever happened."""

    name = PROJECTION_NAME
    decisions: ClassVar[Mapping[EventType, bool]] = {
        happened: happened not in UNCOUNTED_EVENTS for happened in EventType
    }

    def handle_events(self, events: Sequence[FeedEvent]) -> None:
        cases = {event.case_id for event in events if self.decisions[event.happened]}
        if cases:
            cursor = FollowerCursor.objects.get(pk=self.name)
            apply_events(cases, (cursor.epoch, cursor.xid, cursor.event), events[-1].id)
            publish_change(Topic.INDICATORS)  # the last thing here: others who tell wait for the commit
