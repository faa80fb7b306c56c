"""Listeners, their permissions, and the live updates they may receive."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bekhedmetkom.identity.queries import get_active_officer, get_actor, get_reachable_bodies
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import Actor

from .models import Told
from .rules import CaseLocation, Topic, can_read_any, list_topics

# For whoever reads on from the last number that they have; the first time, the newest of all.
NEXT_SQL = "SELECT id, topic, whose, says FROM live_told WHERE id > %s ORDER BY id LIMIT %s"
NEWEST_SQL = (
    "SELECT * FROM (SELECT id, topic, whose, says FROM live_told ORDER BY id DESC LIMIT %s) t ORDER BY id"
)


@dataclass(frozen=True, slots=True)
class LiveUpdate:
    """An update as it is passed on."""

    id: int
    topic: Topic
    entity_id: int | None
    locations: Sequence[CaseLocation]
    data: Any

    @classmethod
    def from_row(cls, id: int, topic: str, whose: Any, says: Any) -> "LiveUpdate":
        match Topic(topic):
            case Topic.DESK:
                return cls(id, Topic.DESK, None, [CaseLocation.from_row(place) for place in whose], says)
            case Topic.FEED:
                return cls(id, Topic.FEED, whose, (), says)
            case Topic.INDICATORS:
                return cls(id, Topic.INDICATORS, None, (), says)


@dataclass(frozen=True, slots=True)
class Listener:
    """An officer, the topics they may receive, and the bodies whose feed they see (`None`: all)."""

    actor: Actor
    topics: frozenset[Topic]
    entity_ids: frozenset[int] | None

    def can_receive(self, news: LiveUpdate) -> bool:
        """Return whether the officer may receive this update; anything unknown is refused."""
        if news.topic not in self.topics:
            return False
        match news.topic:
            case Topic.INDICATORS:
                return True
            case Topic.FEED:
                return self.entity_ids is None or news.entity_id in self.entity_ids
            case Topic.DESK:
                return can_read_any(self.actor, news.locations)


def build_listener(actor: Actor) -> Listener:
    return Listener(actor, list_topics(actor), get_reachable_bodies(actor, Permission.WATCH))


def find_listener(officer: int, at: datetime) -> Listener | None:
    """Return the officer with current permissions; `None` if no longer active."""
    found = get_active_officer(officer, at)
    return build_listener(get_actor(found, at)) if found else None


def list_feed(actor: Actor, count: int = 12) -> list[Any]:
    """Return the newest feed entries of the bodies that the officer watches, newest first."""
    bodies = get_reachable_bodies(actor, Permission.WATCH)
    said = Told.objects.filter(topic=Topic.FEED)
    if bodies is not None:
        said = said.filter(whose__in=sorted(bodies))
    return list(said.order_by("-id").values_list("says", flat=True)[:count])
