"""What time causes, recorded. Run twice, late, or after an outage: the same events at the same times."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from bekhedmetkom.catalogue.queries import get_policy_version
from bekhedmetkom.entities.queries import get_working_calendar

from ..journal import catch_up
from ..models import OPEN_STATE_NAMES, Case, Idempotency
from ..rules.deadlines import find_calendar_change, find_next_scheduled_event
from ..rules.states import EventType

log = logging.getLogger(__name__)

BATCH_SIZE = 500
KEY_LIFETIME = timedelta(hours=24)


def sweep_deadlines(at: datetime) -> int:
    """Record all that was due before `at`; returns how many events that was. Each case is its own transaction."""
    recorded = 0
    last: tuple[datetime, UUID] | None = None
    while rows := list(_list_due_cases(at, last).values_list("look_at", "pk", "reference")[:BATCH_SIZE]):
        for look_at, case, reference in rows:
            last = (look_at or at), case
            try:
                recorded += len(catch_up(case, at))
            except Exception:  # one case that cannot go on must not hold up every other
                log.exception("the sweep could not go on with case %s", reference)
    return recorded


def _list_due_cases(at: datetime, last: tuple[datetime, UUID] | None) -> QuerySet[Case]:
    """Cases to look at, the longest due first; after `last`, so that a pass comes by each of them once."""
    rows = Case.objects.filter(look_at__lt=at).order_by("look_at", "pk")
    return rows.filter(Q(look_at__gt=last[0]) | Q(look_at=last[0], pk__gt=last[1])) if last else rows


def reschedule_cases(at: datetime) -> int:
    """After a change of the working calendar: move each open case's date to where the calendar now puts it.

    Returns how many moved. The citizen is told why (`clock.rescheduled`); a second run moves nothing. A date that has
    passed stays; when the clock speaks next of such a case is counted anew.
    """
    moved = 0
    last = None
    calendar = get_working_calendar()
    while rows := list(_list_open_cases(last)):
        for row in rows:
            standing, terms = row.standing, get_policy_version(row.policy_id).terms
            comes = find_next_scheduled_event(standing, terms, calendar)
            if find_calendar_change(standing, terms, calendar, at) or (comes and comes.at != row.look_at):
                try:
                    moved += EventType.RESCHEDULED in catch_up(row.pk, at)
                except Exception:  # one case that cannot go on must not hold up every other
                    log.exception("the calendar could not move case %s", row.reference)
        last = rows[-1].pk
    return moved


def _list_open_cases(last: object) -> list[Case]:
    rows = Case.objects.filter(state__in=OPEN_STATE_NAMES).order_by("pk")
    return list((rows.filter(pk__gt=last) if last else rows)[:BATCH_SIZE])


def delete_expired_keys(at: datetime) -> int:
    """Idempotency keys live 24 hours."""
    return Idempotency.objects.filter(Q(at__lt=at - KEY_LIFETIME)).delete()[0]
