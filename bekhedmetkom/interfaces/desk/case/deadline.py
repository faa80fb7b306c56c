"""The deadline shown beside a case: a ring of working days, the escalation ladder, and the next timed event."""

from dataclasses import dataclass
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bekhedmetkom.cases.queries import DeskCase
from bekhedmetkom.cases.rules.states import OPEN_STATES, EventType, State
from bekhedmetkom.catalogue.rules import LEVEL_LABELS, EscalationLevel
from bekhedmetkom.entities.queries import get_working_calendar
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.formatting import (
    format_date,
    format_days_late,
    format_days_left,
    format_in_both_languages,
    format_timestamp,
)
from bekhedmetkom.kernel.text import BilingualText

from ..request_context import RequestContext

RING_LENGTH = 238.8  # length of the ring's line

NEXT_EVENT_LABELS: dict[EventType, str | Promise] = {
    EventType.REMINDED: _("تذكير لمن عنده الطلب"),
    EventType.TASK_LATE: _("إبلاغ من عنده الطلب إن تأخر جواب المهمة"),
    EventType.IDLE: _("إبلاغ مسؤول أعلى إن لم يتحرك الطلب"),
    EventType.OVERDUE: _("رفع تلقائي إن لم يُرد عليه"),
    EventType.RESUMED: _("عودة احتساب المدة إن لم يجب مقدم الطلب"),
    EventType.ASKED_AGAIN: _("سؤال مقدم الطلب ثانية: هل حُلّ؟"),
    EventType.LAPSED: _("إغلاق إن لم يقل مقدم الطلب شيئًا"),
}


class NextEvent(NamedTuple):
    """What time causes next if nobody acts, and when."""

    label: str | Promise
    level: BilingualText | None
    when: str


class EscalationStep(NamedTuple):
    level: BilingualText
    when: str
    is_taken: bool


@dataclass(frozen=True, slots=True)
class Deadline:
    """`number` is drawn in the ring: working days left, or calendar days late."""

    is_late: bool
    is_paused: bool
    number: int
    label: str
    date: BilingualText
    elapsed_share: float
    total_days: int
    ladder: list[EscalationStep]

    @property
    def ring_dash(self) -> str:
        return f"{self.elapsed_share * RING_LENGTH:.1f} {RING_LENGTH}"


def get_deadline(case: DeskCase, visit: RequestContext) -> Deadline | None:
    """Return the deadline; `None` for a case that is not open."""
    standing, calendar = case.standing, get_working_calendar()
    if standing.state not in OPEN_STATES:
        return None
    today, due_day = get_local_date(visit.at), get_local_date(standing.due_at)
    of = calendar.count_working_days(get_local_date(standing.term_from), due_day)
    late = visit.at > standing.due_at
    left = 0 if late else calendar.count_working_days(today, due_day)
    days_late = (today - due_day).days if late else 0
    return Deadline(
        is_late=late,
        is_paused=standing.state is State.AWAITING_CITIZEN,
        number=days_late if late else left,
        label=format_days_late(days_late, visit.language) if late else format_days_left(left, visit.language),
        date=format_in_both_languages(format_date, due_day),
        elapsed_share=1.0 if late or not of else min(1.0, max(0.0, 1 - left / of)),
        total_days=of,
        ladder=[
            EscalationStep(
                LEVEL_LABELS[step.level], format_timestamp(step.at, visit.at, visit.language), step.taken
            )
            for step in case.ladder
        ],
    )


def get_next_event(case: DeskCase, visit: RequestContext) -> NextEvent | None:
    """Return the next timed event; `None` if there is none."""
    if case.next is None:
        return None
    level = case.next.data.get("level") or case.next.data.get("to")
    return NextEvent(
        NEXT_EVENT_LABELS[case.next.event_type],
        LEVEL_LABELS[EscalationLevel(level)] if level else None,
        format_timestamp(case.next.at, visit.at, visit.language),
    )
