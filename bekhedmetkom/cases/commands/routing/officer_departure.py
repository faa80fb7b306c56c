"""An officer leaves: what they had in hand goes back to be distributed anew, an appeal to another reviewer."""

import logging
from collections.abc import Iterator
from datetime import datetime
from typing import Literal
from uuid import UUID

from bekhedmetkom.entities.queries import get_ancestors
from bekhedmetkom.identity.queries import get_bodies_by_officer
from bekhedmetkom.kernel.actor import CLOCK

from ...journal import Change, record
from ...models import OPEN_STATE_NAMES, Case
from ...queries.routing.appeal_reviewers import find_next_reviewer
from ...rules.case_state import CaseState
from ...rules.states import EventType, State

log = logging.getLogger(__name__)

ResponsibilityField = Literal["officer_id", "reviewer_id"]
# Only what is appealed has a reviewer: few cases, by an index of their own.
_RESPONSIBILITY_FIELDS: tuple[tuple[ResponsibilityField, list[str]], ...] = (
    ("officer_id", OPEN_STATE_NAMES),
    ("reviewer_id", [str(State.APPEALED)]),
)


class _CaseMoved(Exception):
    """Somebody else has the case by now."""


def release_cases_of_departed_officers(at: datetime) -> int:
    """For every open case in the hands of somebody who holds no role today that reaches it; how many there were.

    Asked each minute, not only when a role ends: an answered case can come back to whoever has left since. Drafts,
    files and notes stay with the case. A second run finds none. Each case is a transaction of its own.
    """
    taken = 0
    for hand, case, officer in list(_list_orphaned_cases(at)):
        try:
            _release_case(hand, case, officer, at)
            taken += 1
        except _CaseMoved:
            continue
        except Exception:  # one case that cannot go on must not hold up every other
            log.exception("case %s could not be taken back", case)
    return taken


def _list_orphaned_cases(at: datetime) -> Iterator[tuple[ResponsibilityField, UUID, int]]:
    bodies = get_bodies_by_officer(at)
    for hand, states in _RESPONSIBILITY_FIELDS:
        in_hand = Case.objects.filter(state__in=states).exclude(**{hand: None})
        for officer, entity in in_hand.values_list(hand, "entity_id").distinct():
            if bodies.get(officer, frozenset()).isdisjoint((*get_ancestors(entity), None)):
                for case in in_hand.filter(**{hand: officer}, entity_id=entity).values_list("pk", flat=True):
                    yield hand, case, officer


def _release_case(hand: ResponsibilityField, case: UUID, officer: int, at: datetime) -> None:
    def decide(standing: CaseState) -> Change:
        if getattr(standing, hand) != officer:
            raise _CaseMoved
        data: dict[str, object] = {"left": officer, hand: None}
        if hand == "reviewer_id":
            data[hand] = find_next_reviewer(case, standing, at, [officer])
        elif standing.state is State.ASSIGNED:
            data["unit_id"] = None
        return Change(EventType.LEFT, data)

    record(case=case, seen=None, actor=CLOCK, at=at, decide=decide)
