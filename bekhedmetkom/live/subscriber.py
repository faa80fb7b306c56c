"""Publishes changes of cases to open pages: feed and desk topics. Analytics publishes its indicators itself."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from bekhedmetkom.cases.feed import EventConsumer, FeedEvent
from bekhedmetkom.cases.models import Case
from bekhedmetkom.cases.rules.states import EventType
from bekhedmetkom.cases.rules.transitions import NON_CONFLICTING_EVENTS
from bekhedmetkom.catalogue import queries as catalogue
from bekhedmetkom.catalogue.rules import Handling, Kind
from bekhedmetkom.entities.queries import GovernorateRecord as Governorate
from bekhedmetkom.entities.queries import get_governorates
from bekhedmetkom.kernel.text import BilingualText

from .commands import publish_updates, remove_from_feed
from .models import Told
from .rules import FEED_TEXTS, CaseLocation, Topic, build_feed_entry, is_shown_in_feed

CASE_COLUMNS = ("id", "kind", "service_id", "governorate_id", *CaseLocation.__slots__)


class LiveUpdateSubscriber(EventConsumer):
    name = "live"
    decisions: ClassVar[Mapping[EventType, BilingualText | None]] = FEED_TEXTS

    def handle_events(self, events: Sequence[FeedEvent]) -> None:
        rows = {
            row["id"]: row
            for row in Case.objects.filter(pk__in={e.case_id for e in events}).values(*CASE_COLUMNS)
        }
        standing = {key: CaseLocation.from_row(row) for key, row in rows.items()}
        remove_from_feed([key for key, place in standing.items() if place.care is not Handling.OPEN])
        at_work = {e.case_id: standing[e.case_id] for e in events if e.happened not in NON_CONFLICTING_EVENTS}
        hint = (
            [Told(topic=Topic.DESK, whose=[_serialize_location(place) for place in at_work.values()])]
            if at_work
            else []
        )
        news = [
            _build_feed_row(event, rows[event.case_id])
            for event in events
            if self._is_published(event, rows, standing)
        ]
        if hint or news:
            publish_updates([*hint, *news])

    def _is_published(
        self, event: FeedEvent, rows: Mapping[UUID, Mapping[str, Any]], standing: Mapping[UUID, CaseLocation]
    ) -> bool:
        topic = rows[event.case_id]["service_id"]
        handling = catalogue.get_service(topic).handling if topic else Handling.OPEN
        return bool(self.decisions[event.happened]) and is_shown_in_feed(standing[event.case_id], handling)


def _build_feed_row(event: FeedEvent, row: Mapping[str, Any]) -> Told:
    topic = catalogue.get_service(row["service_id"]) if row["service_id"] else None
    where = get_governorates()[row["governorate_id"]] if row["governorate_id"] else None
    says = build_feed_entry(event.happened, Kind(row["kind"]), event.at, _get_name(topic), _get_name(where))
    return Told(topic=Topic.FEED, case=event.case_id, whose=row["entity_id"], says=says)


def _get_name(named: catalogue.Topic | Governorate | None) -> BilingualText | None:
    return BilingualText(named.name_ar, named.name_en) if named else None


def _serialize_location(place: CaseLocation) -> dict[str, Any]:
    return {name: getattr(place, name) for name in CaseLocation.__slots__}
