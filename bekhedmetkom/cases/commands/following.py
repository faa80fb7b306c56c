"""Open cases of a body that has closed go to whoever does its work now, on the day. Their dates never move."""

import logging
from datetime import datetime
from uuid import UUID

from bekhedmetkom.catalogue.queries import namesake
from bekhedmetkom.entities.queries import heir, tree, unit_at
from bekhedmetkom.kernel.actor import CLOCK
from bekhedmetkom.kernel.clock import local_day

from ..journal import Act, record
from ..models import IS_OPEN, Case
from ..rules.standing import Standing
from ..rules.states import Happened

log = logging.getLogger(__name__)


class _ElsewhereMeanwhile(Exception):
    """Somebody has referred it, or it is over."""


def follow_bodies(at: datetime) -> int:
    """Move every open case of a closed body to its heir, each in a transaction of its own; how many there were.

    No referral is counted. Its unit goes on there, so the case stays in the hands it is in; what its officer does not
    keep is taken back as from anybody who leaves. A second run finds none.
    """
    day, moved = local_day(at), 0
    for body in [body for body in tree() if not body.is_open(day) and tree().heir(body.id, day)]:
        cases = Case.objects.filter(state__in=IS_OPEN, entity_id=body.id).order_by("due_at", "pk")
        for case in list(cases.values_list("pk", flat=True)):
            try:
                _follow(case, body.id, at)
                moved += 1
            except _ElsewhereMeanwhile:
                continue
            except Exception:  # one case that cannot go on must not hold up every other
                log.exception("case %s could not follow its body", case)
    return moved


def _follow(case: UUID, closed: int, at: datetime) -> None:
    def decide(standing: Standing) -> Act:
        to = heir(closed, local_day(at))
        if standing.entity_id != closed or to is None:
            raise _ElsewhereMeanwhile
        data = {
            "entity_id": to.id,
            "unit_id": unit_at(standing.unit_id, to.id),
            "service_id": namesake(standing.service_id, to.id),
        }
        return Act(Happened.FOLLOWED, data)

    record(case=case, seen=None, actor=CLOCK, at=at, decide=decide)
