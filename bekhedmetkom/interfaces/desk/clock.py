"""The deadline of a case as the page draws it: a ring of working days, and what time will do next."""

from dataclasses import dataclass
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bekhedmetkom.cases.queries import DeskCase
from bekhedmetkom.cases.rules.states import OPEN, Happened, State
from bekhedmetkom.catalogue.rules import LEVEL_WORDS, Level
from bekhedmetkom.entities.queries import working_calendar
from bekhedmetkom.kernel.clock import local_day
from bekhedmetkom.kernel.dates import in_both, say_date, say_days_late, say_days_left, say_stamp
from bekhedmetkom.kernel.words import Words

from .visit import Visit

ROUND = 238.8  # length of the ring's line

CAUSES: dict[Happened, str | Promise] = {
    Happened.REMINDED: _("تذكير لمن عنده الطلب"),
    Happened.TASK_LATE: _("إبلاغ من عنده الطلب إن تأخر جواب المهمة"),
    Happened.IDLE: _("إبلاغ مسؤول أعلى إن لم يتحرك الطلب"),
    Happened.OVERDUE: _("رفع تلقائي إن لم يُرد عليه"),
    Happened.RESUMED: _("عودة احتساب المدة إن لم يجب مقدم الطلب"),
    Happened.ASKED_AGAIN: _("سؤال مقدم الطلب ثانية: هل حُلّ؟"),
    Happened.LAPSED: _("إغلاق إن لم يقل مقدم الطلب شيئًا"),
}


class Coming(NamedTuple):
    """What time causes next if nobody acts, and when."""

    what: str | Promise
    level: Words | None
    when: str


class Rung(NamedTuple):
    level: Words
    when: str
    taken: bool


@dataclass(frozen=True, slots=True)
class Clock:
    """`number` is drawn in the ring: working days left, or calendar days late. `gone` is the share that has passed."""

    late: bool
    paused: bool
    number: int
    words: str
    until: Words
    gone: float
    of: int
    ladder: list[Rung]

    @property
    def dash(self) -> str:
        return f"{self.gone * ROUND:.1f} {ROUND}"


def clock_of(case: DeskCase, visit: Visit) -> Clock | None:
    """`None` for a case that waits for nobody here any more."""
    standing, calendar = case.standing, working_calendar()
    if standing.state not in OPEN:
        return None
    today, due_day = local_day(visit.at), local_day(standing.due_at)
    of = calendar.working_days_between(local_day(standing.term_from), due_day)
    late = visit.at > standing.due_at
    left = 0 if late else calendar.working_days_between(today, due_day)
    days_late = (today - due_day).days if late else 0
    return Clock(
        late=late,
        paused=standing.state is State.AWAITING_CITIZEN,
        number=days_late if late else left,
        words=say_days_late(days_late, visit.language) if late else say_days_left(left, visit.language),
        until=in_both(say_date, due_day),
        gone=1.0 if late or not of else min(1.0, max(0.0, 1 - left / of)),
        of=of,
        ladder=[
            Rung(LEVEL_WORDS[step.level], say_stamp(step.at, visit.at, visit.language), step.taken)
            for step in case.ladder
        ],
    )


def coming_of(case: DeskCase, visit: Visit) -> Coming | None:
    """`None` where time alone does nothing more."""
    if case.next is None:
        return None
    level = case.next.data.get("level") or case.next.data.get("to")
    return Coming(
        CAUSES[case.next.happened],
        LEVEL_WORDS[Level(level)] if level else None,
        say_stamp(case.next.at, visit.at, visit.language),
    )
