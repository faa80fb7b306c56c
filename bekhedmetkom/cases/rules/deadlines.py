"""What time causes, computed from where a case stands and from the working calendar (docs/architecture.md).

There is one question, `next_moment`: what happens next by the clock alone, and exactly when. The sweep asks it, each
command asks it before it acts, and the case page shows its answer. So a sweep that runs twice, late, or after an
outage records the same events at the same times.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from bekhedmetkom.catalogue.rules import Duration, EscalationStep, PolicyTerms
from bekhedmetkom.kernel.working_calendar import WorkingCalendar

from .case_state import CaseState, format_instant
from .states import OPEN_STATES, WORKING_STATES, EventType, State

MAX_PAUSE_DAYS = 5  # working days of waiting for the citizen, in all
FEEDBACK_REMINDER_DELAY = timedelta(days=7)


class ScheduledEvent(NamedTuple):
    """Something that time will cause, if nobody does anything before."""

    at: datetime
    event_type: EventType
    data: Mapping[str, Any]


def compute_deadline(received: datetime, terms: PolicyTerms, calendar: WorkingCalendar) -> datetime:
    """Until when the answer is promised."""
    return _add_duration(
        calendar.get_clock_start(received), terms.due, calendar, round_the_clock_from=received
    )


def find_next_scheduled_event(
    case: CaseState, terms: PolicyTerms, calendar: WorkingCalendar
) -> ScheduledEvent | None:
    """The earliest thing that time causes from here, never before the case's last event; `None`: nothing is due."""
    since = case.updated_at
    first = min(
        _list_scheduled_events(case, terms, calendar), key=lambda moment: max(moment.at, since), default=None
    )
    return first._replace(at=since) if first and first.at < since else first


def find_calendar_change(
    case: CaseState, terms: PolicyTerms, calendar: WorkingCalendar, at: datetime
) -> ScheduledEvent | None:
    """Where the calendar has changed since an open case's date was counted: its date by the new one.

    It comes before anything else that is counted by the new calendar. What is late stays late.
    """
    if case.state not in OPEN_STATES or case.due_at <= at:
        return None
    due = recompute_deadline(case, terms, calendar)
    if due == case.due_at:
        return None
    return ScheduledEvent(
        at, EventType.RESCHEDULED, {"due_at": format_instant(due), "was": format_instant(case.due_at)}
    )


def _list_scheduled_events(
    case: CaseState, terms: PolicyTerms, calendar: WorkingCalendar
) -> Iterator[ScheduledEvent]:
    """Candidates; where two fall on one instant the first in this order happens first."""
    if case.tasks_due and case.state in OPEN_STATES:
        late = min(case.tasks_due)
        yield ScheduledEvent(late, EventType.TASK_LATE, {"until": format_instant(late)})
    if case.state in (*WORKING_STATES, State.APPEALED):
        yield from _schedule_reminders(case, terms, calendar)
        yield from _schedule_idle_alert(case, terms, calendar)
        yield from _schedule_escalation(case, terms, calendar)
    elif case.state is State.AWAITING_CITIZEN:
        yield _schedule_resumption(case, calendar)
    elif case.state is State.ANSWERED:
        yield from _schedule_closing(case, terms)


def _schedule_reminders(
    case: CaseState, terms: PolicyTerms, calendar: WorkingCalendar
) -> Iterator[ScheduledEvent]:
    for per_cent in terms.remind:
        if per_cent > case.reminded:
            at = _get_term_point(case, terms, calendar, per_cent)
            yield ScheduledEvent(
                at, EventType.REMINDED, {"reminded": per_cent, "of": format_instant(case.due_at)}
            )
            return


def _get_term_point(
    case: CaseState, terms: PolicyTerms, calendar: WorkingCalendar, per_cent: int
) -> datetime:
    if per_cent >= 100:
        return case.due_at
    if terms.due.clock_hours:
        return case.term_from + (case.due_at - case.term_from) * per_cent / 100
    return calendar.add_working_time(
        case.term_from, calendar.get_working_time(case.term_from, case.due_at) * per_cent / 100
    )


def _schedule_idle_alert(
    case: CaseState, terms: PolicyTerms, calendar: WorkingCalendar
) -> Iterator[ScheduledEvent]:
    if terms.no_action and not case.idle_told:
        span = terms.no_action.after
        since = case.idle_from if span.clock_hours else calendar.get_clock_start(case.idle_from)
        at = _add_duration(since, span, calendar)
        yield ScheduledEvent(
            at, EventType.IDLE, {"to": terms.no_action.level, "since": format_instant(case.idle_from)}
        )


def _schedule_escalation(
    case: CaseState, terms: PolicyTerms, calendar: WorkingCalendar
) -> Iterator[ScheduledEvent]:
    if case.rungs < len(terms.ladder):
        rung = terms.ladder[case.rungs]
        yield ScheduledEvent(
            get_escalation_time(case, rung, calendar),
            EventType.OVERDUE,
            {"level": rung.level, "due": format_instant(case.due_at)},
        )


def get_escalation_time(case: CaseState, rung: EscalationStep, calendar: WorkingCalendar) -> datetime:
    """When this step of the ladder is reached if the case stays as it is."""
    return _add_duration(case.term_from if rung.from_receipt else case.due_at, rung.after, calendar)


def _schedule_resumption(case: CaseState, calendar: WorkingCalendar) -> ScheduledEvent:
    """Waiting for the citizen ends by itself when its working days are used up."""
    paused = case.paused_at or case.updated_at
    at = calendar.add_working_days_to_moment(paused, max(MAX_PAUSE_DAYS - case.paused_days, 0))
    return ScheduledEvent(
        max(at, paused), EventType.RESUMED, build_resumption_data(case, max(at, paused), calendar)
    )


def _schedule_closing(case: CaseState, terms: PolicyTerms) -> Iterator[ScheduledEvent]:
    answered = case.answered_at or case.updated_at
    if case.solved is False:
        yield ScheduledEvent(
            answered + timedelta(days=terms.appeal_window_days), EventType.LAPSED, {"because": "not_appealed"}
        )
        return
    ends = answered + timedelta(days=terms.rating_window_days)
    if not case.asked_again and answered + FEEDBACK_REMINDER_DELAY < ends:
        yield ScheduledEvent(answered + FEEDBACK_REMINDER_DELAY, EventType.ASKED_AGAIN, {})
    yield ScheduledEvent(ends, EventType.LAPSED, {"because": "silence"})


def _add_duration(
    start: datetime, span: Duration, calendar: WorkingCalendar, round_the_clock_from: datetime | None = None
) -> datetime:
    if span.clock_hours:
        return (round_the_clock_from or start) + timedelta(hours=span.clock_hours)
    return calendar.add_working_days_to_moment(start, span.working_days) if span.working_days else start


def build_resumption_data(case: CaseState, at: datetime, calendar: WorkingCalendar) -> dict[str, Any]:
    """What waiting for the citizen cost: its working days, and the date that moves by as many.

    Working days after the question and up to the reply, five in all; a question asked after the date moves nothing.
    """
    if case.paused_at is None:
        return {}
    waited = calendar.count_working_days(
        _get_working_day(case.paused_at, calendar), _get_working_day(at, calendar)
    )
    waited = min(waited, MAX_PAUSE_DAYS - case.paused_days)
    data: dict[str, Any] = {"paused_days": case.paused_days + waited}
    if waited and case.paused_at <= case.due_at:
        data["due_at"] = format_instant(calendar.add_working_days_to_moment(case.due_at, waited))
    return data


def build_extension_data(case: CaseState, days: int, calendar: WorkingCalendar) -> dict[str, Any]:
    """One longer term: the date moves by `days` working days."""
    return {
        "due_at": format_instant(calendar.add_working_days_to_moment(case.due_at, days)),
        "extended_days": case.extended_days + days,
    }


def build_reopening_data(
    case: CaseState, at: datetime, terms: PolicyTerms, calendar: WorkingCalendar
) -> dict[str, Any]:
    """The citizen sent what an answer had found missing: the working days since that answer are nobody's delay.

    Given in time, the answer moves the date by as many days; given late, it moves nothing. What the calendar has become
    since counts as well: an answered case's date does not follow it.
    """
    if case.answered_at is None or case.answered_at > case.due_at:
        return {}
    waited = calendar.count_working_days(
        _get_working_day(case.answered_at, calendar), _get_working_day(at, calendar)
    )
    longer = replace(case, extended_days=case.extended_days + waited)
    return {
        "due_at": format_instant(recompute_deadline(longer, terms, calendar)),
        "extended_days": longer.extended_days,
    }


def recompute_deadline(case: CaseState, terms: PolicyTerms, calendar: WorkingCalendar) -> datetime:
    """The date by the calendar as it is now: the term, and the days that waiting and an extension added."""
    due = compute_deadline(case.term_from, terms, calendar)
    added = case.paused_days + case.extended_days
    return calendar.add_working_days_to_moment(due, added) if added else due


def get_appeal_deadline(case: CaseState, terms: PolicyTerms) -> datetime:
    """The last moment for an appeal against the answer, and for a changed word on whether it was solved."""
    return (case.answered_at or case.updated_at) + timedelta(days=terms.appeal_window_days)


def is_overdue(case: CaseState, now: datetime) -> bool:
    """Late and still unanswered. Calculated, never a state; while waiting for the citizen nothing runs."""
    return case.state in (*WORKING_STATES, State.APPEALED) and now > case.due_at


def _get_working_day(at: datetime, calendar: WorkingCalendar) -> Any:
    return at.astimezone(calendar.zone).date()
