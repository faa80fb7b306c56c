"""What time causes, recorded. Run twice, late, or after an outage: the same events at the same times."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from bekhedmetkom.catalogue.queries import promise
from bekhedmetkom.entities.queries import working_calendar
from bekhedmetkom.kernel.actor import CLOCK

from ..journal import Act, catch_up, record
from ..models import IS_OPEN, Case, Idempotency
from ..rules.deadlines import due_by
from ..rules.standing import Standing, instant
from ..rules.states import Happened

log = logging.getLogger(__name__)

BATCH = 500
KEYS_LIVE = timedelta(hours=24)


def sweep(at: datetime) -> int:
    """Record all that was due before `at`; returns how many events that was. Each case is its own transaction."""
    recorded = 0
    last: tuple[datetime, UUID] | None = None
    while rows := list(_due(at, last).values_list("look_at", "pk", "reference")[:BATCH]):
        for look_at, case, reference in rows:
            last = (look_at or at), case
            try:
                recorded += len(catch_up(case, at))
            except Exception:  # one case that cannot go on must not hold up every other
                log.exception("the sweep could not go on with case %s", reference)
    return recorded


def _due(at: datetime, last: tuple[datetime, UUID] | None) -> QuerySet[Case]:
    """Cases to look at, the longest due first; after `last`, so that a pass comes by each of them once."""
    rows = Case.objects.filter(look_at__lt=at).order_by("look_at", "pk")
    return rows.filter(Q(look_at__gt=last[0]) | Q(look_at=last[0], pk__gt=last[1])) if last else rows


def reschedule(at: datetime) -> int:
    """After a change of the working calendar: move each open case's date to where the calendar now puts it.

    Returns how many moved. The citizen is told why (`clock.rescheduled`); a second run moves nothing.
    """
    moved = 0
    last = None
    while rows := list(_page(last)):
        for row in rows:
            if row.due_at > at and due_of(row.standing) != row.due_at:  # what is late stays late
                moved += _moved(row, at)
        last = rows[-1].pk
    return moved


def due_of(standing: Standing) -> datetime:
    """By the calendar as it is now, under the terms of the case's own promise."""
    return due_by(standing, promise(standing.policy_id).terms, working_calendar())


def _page(last: object) -> list[Case]:
    rows = Case.objects.filter(state__in=IS_OPEN).order_by("pk")
    return list((rows.filter(pk__gt=last) if last else rows)[:BATCH])


def _moved(row: Case, at: datetime) -> int:
    def decide(standing: Standing) -> Act:
        return Act(
            Happened.RESCHEDULED, {"due_at": instant(due_of(standing)), "was": instant(standing.due_at)}
        )

    record(case=row.pk, seen=None, actor=CLOCK, at=at, decide=decide)
    return 1


def forget_keys(at: datetime) -> int:
    """Idempotency keys live 24 hours."""
    return Idempotency.objects.filter(Q(at__lt=at - KEYS_LIVE)).delete()[0]
