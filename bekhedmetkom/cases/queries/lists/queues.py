"""The desk's queues: which cases wait for whom, as conditions. `listing` pages through them, `counting` counts."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Case as Either
from django.db.models import Q, QuerySet, When
from django.db.models.expressions import RawSQL

from bekhedmetkom.entities.queries import get_working_calendar
from bekhedmetkom.entities.table_cache import get_version
from bekhedmetkom.identity.queries import RoleCoverage
from bekhedmetkom.identity.rules import Role
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.text import BilingualText

from ...models import OPEN_STATE_NAMES, Case
from ...rules.states import ANSWERED_STATES, WAITING_STATES, State
from ..leadership.escalations import build_escalation_filter
from ..visibility import NO_CASES, build_visibility_filter
from .case_rows import WORKED_STATES

ALL_CASES = "everything"  # no queue: all that the officer may read

QUEUE_LABELS: Mapping[str, BilingualText] = {
    "mine": BilingualText("المطلوب مني", "Mine"),
    "snoozed": BilingualText("مؤجّل", "Snoozed"),
    "unit": BilingualText("قسمي", "My unit"),
    "entity": BilingualText("كل المفتوح", "All open"),
    "unassigned": BilingualText("غير مكلّف", "Unassigned"),
    "triage": BilingualText("بانتظار تحديد الجهة", "Triage"),
    "today": BilingualText("موعده اليوم", "Due today"),
    "overdue": BilingualText("متأخر", "Overdue"),
    "approval": BilingualText("بانتظار الاعتماد", "Awaiting approval"),
    "escalated": BilingualText("مرفوع إليّ", "Escalated to me"),
    "appeals": BilingualText("معترض عليه", "Appeals"),
    "callbacks": BilingualText("اتصال لاحق", "Call-backs"),
    "answered": BilingualText("رُدّ عليه", "Answered"),
}
_DISTRIBUTION_ROLES = {Role.MAIN_OFFICER, Role.PM_UNIT, Role.INSPECTOR, Role.COORDINATOR, Role.DUTY_OFFICER}
_LEADERSHIP_ROLES = {Role.MANAGER, Role.HEAD_OF_BODY, Role.MINISTER, Role.MINISTER_OFFICE, Role.PM_UNIT}
_HANDLING_ROLES = _DISTRIBUTION_ROLES | {Role.SUB_OFFICER}
_ROLES_BY_QUEUE: Mapping[str, set[Role]] = {
    "mine": set(Role) - {Role.ADMINISTRATOR},
    "snoozed": _HANDLING_ROLES,
    "unit": {Role.SUB_OFFICER},
    "entity": (_DISTRIBUTION_ROLES | _LEADERSHIP_ROLES | {Role.APPROVER}),
    "unassigned": _DISTRIBUTION_ROLES,
    "triage": {Role.PM_UNIT},
    "today": _HANDLING_ROLES | _LEADERSHIP_ROLES,
    "overdue": _HANDLING_ROLES | _LEADERSHIP_ROLES,
    "approval": _HANDLING_ROLES | _LEADERSHIP_ROLES | {Role.APPROVER},
    "escalated": _LEADERSHIP_ROLES | {Role.DUTY_OFFICER, Role.COORDINATOR, Role.INSPECTOR},
    "appeals": {Role.REVIEWER, Role.MAIN_OFFICER, *_LEADERSHIP_ROLES},
    "callbacks": _HANDLING_ROLES | {Role.AGENT},
    "answered": _HANDLING_ROLES | _LEADERSHIP_ROLES | {Role.APPROVER},
}


def list_queues(viewer: Actor) -> list[str]:
    """The queues that the officer's roles have, in the side bar's order."""
    held = {Role(grant.role) for grant in viewer.grants}
    return [queue for queue, roles in _ROLES_BY_QUEUE.items() if held & roles]


def get_directory_version() -> tuple[int, int]:
    """A statement that is kept names bodies and policies: it holds as long as these stay as they are."""
    return get_version("tree"), get_version("catalogue")


ANSWERED_QUEUE_DAYS = 7  # what was answered stands in its queue


class QueueMoments(NamedTuple):
    """What queues compare with: now, the end of the day in which that is, and since when what was answered is shown."""

    now: datetime | RawSQL
    midnight: datetime | RawSQL
    answered_since: datetime | RawSQL

    @classmethod
    def at(cls, now: datetime) -> "QueueMoments":
        day = now.astimezone(get_working_calendar().zone).replace(hour=0, minute=0, second=0, microsecond=0)
        return cls(now, day + timedelta(days=1), now - timedelta(days=ANSWERED_QUEUE_DAYS))


# In a statement that is kept, what stands for the moments, and for the row after which a page goes on.
PLACEHOLDERS: tuple[Any, ...] = (*(datetime(1, 1, day, tzinfo=UTC) for day in (2, 3, 4, 5)), UUID(int=0))
MOMENT_PLACEHOLDERS = QueueMoments(*PLACEHOLDERS[:3])


def filter_queue(viewer: Actor, queue: str, moments: QueueMoments, service: RoleCoverage) -> QuerySet[Case]:
    """The cases of one queue, in no order; nothing of one that is not the officer's."""
    if queue == ALL_CASES:
        return Case.objects.filter(build_visibility_filter(viewer))
    if queue not in list_queues(viewer):
        return Case.objects.filter(NO_CASES)
    rows = Case.objects.filter(build_visibility_filter(viewer), state__in=OPEN_STATE_NAMES)
    now, midnight, answered_since = moments
    awake = Q(snoozed_until=None) | Q(snoozed_until__lte=now)
    match queue:
        case "mine":
            mine = (
                _build_own_filter(viewer)
                | _build_unit_filter(viewer)
                | _build_distribution_filter(viewer, service)
            )
            return rows.filter(awake, _preserve_index_order(mine) if _has_unit_roles_only(viewer) else mine)
        case "snoozed":
            put_off = (
                _build_own_filter(viewer)
                | Q(unit__in=_list_unit_ids(viewer))
                | _build_distribution_filter(viewer, service)
            )
            return rows.filter(put_off, snoozed_until__gt=now)
        case "unit":
            return rows.filter(awake, unit__in=_list_unit_ids(viewer))
        case "unassigned":
            return rows.filter(_build_distribution_filter(viewer, service), triage=False)
        case "triage":
            return rows.filter(triage=True, state__in=[str(state) for state in WAITING_STATES])
        case "today":
            return rows.filter(state__in=WORKED_STATE_NAMES, due_at__gte=now, due_at__lt=midnight)
        case "overdue":
            return rows.filter(state__in=WORKED_STATE_NAMES, due_at__lt=now)
        case "approval":
            return rows.filter(state=State.AWAITING_APPROVAL)
        case "escalated":
            return rows.filter(build_escalation_filter(viewer, service))
        case "appeals":
            return rows.filter(state=State.APPEALED)
        case "answered":
            return Case.objects.filter(
                build_visibility_filter(viewer),
                state__in=[*ANSWERED_STATES, State.APPEALED],
                answered_at__gte=answered_since,
            )
        case "callbacks":
            return Case.objects.filter(build_visibility_filter(viewer), _build_callback_filter(viewer))
        case _:
            return rows


WORKED_STATE_NAMES = [str(state) for state in State if state in WORKED_STATES]


def _build_callback_filter(viewer: Actor) -> Q:
    """Whom no message reaches: for who handles the case. Who called it unsolved: for who hears how people fared.

    Who said so by telephone was spoken with.
    """
    unsolved = Q(state=State.ANSWERED, solved=False, heard_by=None)
    asks = any(grant.role in (Role.PM_UNIT, Role.AGENT) for grant in viewer.grants)
    return Q(unreached=True) | unsolved if asks else Q(unreached=True)


def _build_own_filter(viewer: Actor) -> Q:
    """What is given to the officer by name, or to somebody who is away and for whom they deputise."""
    theirs = Q(officer__in=sorted({viewer.officer_id or 0, *viewer.absent_colleagues}))
    return theirs | Q(reviewer=viewer.officer_id, state=State.APPEALED)


def _list_unit_ids(viewer: Actor) -> list[int]:
    return [grant.unit for grant in viewer.grants if grant.unit and grant.role == Role.SUB_OFFICER]


def _has_unit_roles_only(viewer: Actor) -> bool:
    return not viewer.absent_colleagues and all(grant.role == Role.SUB_OFFICER for grant in viewer.grants)


def _preserve_index_order(condition: Q) -> Q:
    """For a condition that holds of much of what is read: PostgreSQL takes its order from an index, and stops early.

    Of a `CASE` it expects half of the rows. Of an `OR` it expects hardly any, finds them all and sorts.
    """
    return Q(Either(When(condition, then=True), default=False))


def _build_unit_filter(viewer: Actor) -> Q:
    """What was given to the officer's unit and to nobody in it by name: whoever is there takes it."""
    return Q(unit__in=_list_unit_ids(viewer), officer=None, state=State.ASSIGNED)


def _build_distribution_filter(viewer: Actor, service: RoleCoverage) -> Q:
    """For who distributes, what waits for distribution is theirs to do: it stands on top of their own list.

    By the nearest-parent rule a body without a main officer of its own is its parent's to serve, and where no
    parent has one, the Prime Ministry unit's.
    """
    bodies: set[int] = set()
    for grant in viewer.grants:
        if grant.role == Role.PM_UNIT:
            bodies |= service.get_uncovered_bodies(Role.MAIN_OFFICER)
        elif grant.role in _DISTRIBUTION_ROLES and grant.entity is not None:
            bodies |= service.get_bodies(Role(grant.role), grant.entity)
    triage = Q(triage=True) if any(grant.role == Role.PM_UNIT for grant in viewer.grants) else NO_CASES
    waiting = Q(triage=False, entity__in=bodies) if bodies else NO_CASES
    return Q(state__in=[str(state) for state in WAITING_STATES]) & (waiting | triage)
