"""Open cases of a body that has closed go to whoever does its work now, on the day. Their dates never move."""

import logging
from datetime import datetime
from uuid import UUID

from bekhedmetkom.catalogue.queries import find_same_topic
from bekhedmetkom.entities.queries import find_successor, find_unit_at, get_tree
from bekhedmetkom.kernel.actor import CLOCK
from bekhedmetkom.kernel.clock import get_local_date

from ...journal import Change, record
from ...models import OPEN_STATE_NAMES, Case
from ...rules.case_state import CaseState
from ...rules.states import EventType

log = logging.getLogger(__name__)


class _CaseMoved(Exception):
    """Somebody has referred it, or it is over."""


def apply_body_succession(at: datetime) -> int:
    """Move every open case of a closed body to its heir, each in a transaction of its own; how many there were.

    No referral is counted. Its unit goes on there, so the case stays in the hands it is in; what its officer does not
    keep is taken back as from anybody who leaves. A second run finds none.
    """
    day, moved = get_local_date(at), 0
    for body in [
        body for body in get_tree() if not body.is_open(day) and get_tree().find_successor(body.id, day)
    ]:
        cases = Case.objects.filter(state__in=OPEN_STATE_NAMES, entity_id=body.id).order_by("due_at", "pk")
        for case in list(cases.values_list("pk", flat=True)):
            try:
                _transfer_case(case, body.id, at)
                moved += 1
            except _CaseMoved:
                continue
            except Exception:  # one case that cannot go on must not hold up every other
                log.exception("case %s could not follow its body", case)
    return moved


def _transfer_case(case: UUID, closed: int, at: datetime) -> None:
    def decide(standing: CaseState) -> Change:
        to = find_successor(closed, get_local_date(at))
        if standing.entity_id != closed or to is None:
            raise _CaseMoved
        data = {
            "entity_id": to.id,
            "unit_id": find_unit_at(standing.unit_id, to.id),
            "service_id": find_same_topic(standing.service_id, to.id),
        }
        return Change(EventType.FOLLOWED, data)

    record(case=case, seen=None, actor=CLOCK, at=at, decide=decide)
