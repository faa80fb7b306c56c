"""An officer leaves: what they had in hand goes back to be distributed anew, an appeal to another reviewer."""

import logging
from collections.abc import Iterator
from datetime import datetime
from typing import Literal
from uuid import UUID

from bekhedmetkom.entities.queries import get_ancestors
from bekhedmetkom.identity.queries import get_bodies_by_officer
from bekhedmetkom.kernel.actor import CLOCK

from ..journal import Change, record
from ..models import IS_OPEN, Case
from ..queries.workload import next_reviewer
from ..rules.case_state import CaseState
from ..rules.states import EventType, State

log = logging.getLogger(__name__)

Hand = Literal["officer_id", "reviewer_id"]
# Only what is appealed has a reviewer: few cases, by an index of their own.
_HANDS: tuple[tuple[Hand, list[str]], ...] = (("officer_id", IS_OPEN), ("reviewer_id", [str(State.APPEALED)]))


class _ElsewhereMeanwhile(Exception):
    """Somebody else has the case by now."""


def take_back(at: datetime) -> int:
    """For every open case in the hands of somebody who holds no role today that reaches it; how many there were.

    Asked each minute, not only when a role ends: an answered case can come back to whoever has left since. Drafts,
    files and notes stay with the case. A second run finds none. Each case is a transaction of its own.
    """
    taken = 0
    for hand, case, officer in list(_left_behind(at)):
        try:
            _take_back(hand, case, officer, at)
            taken += 1
        except _ElsewhereMeanwhile:
            continue
        except Exception:  # one case that cannot go on must not hold up every other
            log.exception("case %s could not be taken back", case)
    return taken


def _left_behind(at: datetime) -> Iterator[tuple[Hand, UUID, int]]:
    bodies = get_bodies_by_officer(at)
    for hand, states in _HANDS:
        in_hand = Case.objects.filter(state__in=states).exclude(**{hand: None})
        for officer, entity in in_hand.values_list(hand, "entity_id").distinct():
            if bodies.get(officer, frozenset()).isdisjoint((*get_ancestors(entity), None)):
                for case in in_hand.filter(**{hand: officer}, entity_id=entity).values_list("pk", flat=True):
                    yield hand, case, officer


def _take_back(hand: Hand, case: UUID, officer: int, at: datetime) -> None:
    def decide(standing: CaseState) -> Change:
        if getattr(standing, hand) != officer:
            raise _ElsewhereMeanwhile
        data: dict[str, object] = {"left": officer, hand: None}
        if hand == "reviewer_id":
            data[hand] = next_reviewer(case, standing, at, [officer])
        elif standing.state is State.ASSIGNED:
            data["unit_id"] = None
        return Change(EventType.LEFT, data)

    record(case=case, seen=None, actor=CLOCK, at=at, decide=decide)
