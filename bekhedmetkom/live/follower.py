"""Turns what happened to cases into what open screens are told: feed and desk. Of its figures insight tells itself."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from bekhedmetkom.cases.feed import FedEvent, Follower
from bekhedmetkom.cases.models import Case
from bekhedmetkom.cases.rules.states import EventType
from bekhedmetkom.cases.rules.transitions import BESIDE_WORK
from bekhedmetkom.catalogue import queries as catalogue
from bekhedmetkom.catalogue.rules import Handling, Kind
from bekhedmetkom.entities.queries import GovernorateRecord as Governorate
from bekhedmetkom.entities.queries import get_governorates
from bekhedmetkom.kernel.text import BilingualText

from .commands import take_out, tell
from .models import Told
from .rules import FEED, Place, Topic, feed_says, shown_in_feed

COLUMNS = ("id", "kind", "service_id", "governorate_id", *Place.__slots__)


class LiveFollower(Follower):
    name = "live"
    decides: ClassVar[Mapping[EventType, BilingualText | None]] = FEED

    def follow(self, events: Sequence[FedEvent]) -> None:
        rows = {
            row["id"]: row for row in Case.objects.filter(pk__in={e.case_id for e in events}).values(*COLUMNS)
        }
        standing = {key: Place.of(row) for key, row in rows.items()}
        take_out([key for key, place in standing.items() if place.care is not Handling.OPEN])
        at_work = {e.case_id: standing[e.case_id] for e in events if e.happened not in BESIDE_WORK}
        hint = [Told(topic=Topic.DESK, whose=[_kept(place) for place in at_work.values()])] if at_work else []
        news = [_news(event, rows[event.case_id]) for event in events if self._is_told(event, rows, standing)]
        if hint or news:
            tell([*hint, *news])

    def _is_told(
        self, event: FedEvent, rows: Mapping[UUID, Mapping[str, Any]], standing: Mapping[UUID, Place]
    ) -> bool:
        topic = rows[event.case_id]["service_id"]
        handling = catalogue.get_service(topic).handling if topic else Handling.OPEN
        return bool(self.decides[event.happened]) and shown_in_feed(standing[event.case_id], handling)


def _news(event: FedEvent, row: Mapping[str, Any]) -> Told:
    topic = catalogue.get_service(row["service_id"]) if row["service_id"] else None
    where = get_governorates()[row["governorate_id"]] if row["governorate_id"] else None
    says = feed_says(event.happened, Kind(row["kind"]), event.at, _words(topic), _words(where))
    return Told(topic=Topic.FEED, case=event.case_id, whose=row["entity_id"], says=says)


def _words(named: catalogue.Topic | Governorate | None) -> BilingualText | None:
    return BilingualText(named.name_ar, named.name_en) if named else None


def _kept(place: Place) -> dict[str, Any]:
    return {name: getattr(place, name) for name in Place.__slots__}
