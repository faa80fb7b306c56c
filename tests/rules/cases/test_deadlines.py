"""What time causes. A Tuesday complaint of five working days: due Tuesday 1 December at closing time."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bekhedmetkom.cases.rules.case_state import CaseState, build_initial_state, format_instant
from bekhedmetkom.cases.rules.deadlines import (
    MAX_PAUSE_DAYS,
    ScheduledEvent,
    build_extension_data,
    build_resumption_data,
    compute_deadline,
    find_next_scheduled_event,
    is_overdue,
    recompute_deadline,
)
from bekhedmetkom.cases.rules.events import EVENTS
from bekhedmetkom.cases.rules.states import WORKING_STATES, EventType, State
from bekhedmetkom.catalogue.rules import Duration, EscalationLevel, EscalationStep, PolicyTerms
from bekhedmetkom.kernel.clock import AMMAN
from bekhedmetkom.kernel.working_calendar import WorkingCalendar

EID = frozenset({date(2026, 12, 6), date(2026, 12, 7)})
CALENDAR = WorkingCalendar(holidays=EID)
TUESDAY = datetime(2026, 11, 24, 12, tzinfo=AMMAN).astimezone(UTC)

SIMPLE = PolicyTerms(
    due=Duration(working_days=5),
    classify=Duration(working_days=2),
    extension_days=5,
    extensions=1,
    remind=(50, 80, 100),
    no_action=EscalationStep(EscalationLevel.MANAGER, Duration(working_days=2)),
    ladder=(
        EscalationStep(EscalationLevel.HEAD_OF_BODY, Duration()),
        EscalationStep(EscalationLevel.MINISTER, Duration(working_days=3)),
        EscalationStep(EscalationLevel.PM_UNIT, Duration(working_days=5)),
    ),
    appeal_window_days=30,
    appeal_due_days=10,
    rating_window_days=14,
)
URGENT = replace(
    SIMPLE,
    due=Duration(clock_hours=24),
    remind=(50, 100),
    no_action=EscalationStep(EscalationLevel.DUTY_OFFICER, Duration(clock_hours=2)),
    ladder=(
        EscalationStep(EscalationLevel.HEAD_OF_BODY, Duration(clock_hours=4), from_receipt=True),
        EscalationStep(EscalationLevel.MINISTER, Duration(clock_hours=24), from_receipt=True),
    ),
)


def standing(at: datetime = TUESDAY, terms: PolicyTerms = SIMPLE) -> CaseState:
    due = compute_deadline(at, terms, CALENDAR)
    return build_initial_state("BK-7F3K-92MD", at, {
        "kind": "complaint", "entity_id": 1, "policy_id": 1, "due_at": format_instant(due), "look_at": None,
    })  # fmt: skip


def lived(case: CaseState, until: datetime, terms: PolicyTerms = SIMPLE) -> list[ScheduledEvent]:
    """Everything that time causes before `until` if nobody does anything."""
    happened = []
    while (moment := find_next_scheduled_event(case, terms, CALENDAR)) and moment.at < until:
        case = case.apply(EVENTS[moment.event_type](moment.data), case.state, moment.at)
        happened.append(moment)
    return happened


def amman(day: int, hour: int, minute: int = 0, month: int = 12) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=AMMAN)


def test_an_untouched_complaint_climbs_by_itself_to_the_prime_ministry() -> None:
    told = [
        (m.event_type, m.at.astimezone(AMMAN), m.data)
        for m in lived(standing(), TUESDAY + timedelta(days=60))
    ]
    assert [(what, at) for what, at, _ in told] == [
        (EventType.IDLE, amman(26, 15, 30, month=11)),
        (EventType.REMINDED, amman(29, 10, 15, month=11)),
        (EventType.REMINDED, amman(30, 14, 48, month=11)),
        (EventType.REMINDED, amman(1, 15, 30)),
        (EventType.OVERDUE, amman(1, 15, 30)),
        (
            EventType.OVERDUE,
            amman(8, 15, 30),
        ),  # three working days on, with the weekend and two holidays between
        (EventType.OVERDUE, amman(10, 15, 30)),
    ]
    assert [data["level"] for what, _, data in told if what is EventType.OVERDUE] == [
        EscalationLevel.HEAD_OF_BODY, EscalationLevel.MINISTER, EscalationLevel.PM_UNIT,
    ]  # fmt: skip


def test_the_day_of_receipt_is_not_counted_and_due_means_closing_time() -> None:
    assert compute_deadline(TUESDAY, SIMPLE, CALENDAR).astimezone(AMMAN) == amman(1, 15, 30)


def test_what_comes_in_the_evening_counts_as_received_next_morning() -> None:
    evening = datetime(2026, 11, 24, 21, tzinfo=AMMAN)
    assert compute_deadline(evening, SIMPLE, CALENDAR).astimezone(AMMAN) == amman(2, 15, 30)


def test_urgent_runs_round_the_clock() -> None:
    friday = datetime(2026, 11, 27, 23, tzinfo=AMMAN)
    told = lived(standing(friday, URGENT), friday + timedelta(days=9), URGENT)
    hours = [(m.event_type, (m.at - friday) / timedelta(hours=1)) for m in told]
    assert hours == [
        (EventType.IDLE, 2), (EventType.OVERDUE, 4), (EventType.REMINDED, 12), (EventType.REMINDED, 24),
        (EventType.OVERDUE, 24),
    ]  # fmt: skip


def test_a_pause_ends_by_itself_after_five_working_days_and_moves_the_date_by_as_many() -> None:
    asked = standing().apply(EVENTS[EventType.ASKED]({}), State.AWAITING_CITIZEN, TUESDAY)
    moment = find_next_scheduled_event(asked, SIMPLE, CALENDAR)
    assert moment and moment.event_type is EventType.RESUMED
    assert moment.at.astimezone(AMMAN) == amman(1, 15, 30)
    assert moment.data == {"paused_days": 5, "due_at": format_instant(amman(10, 15, 30))}


def test_pauses_together_never_exceed_their_limit() -> None:
    asked = replace(standing(), state=State.AWAITING_CITIZEN, paused_at=TUESDAY, paused_days=3)
    assert (
        build_resumption_data(asked, TUESDAY + timedelta(days=30), CALENDAR)["paused_days"] == MAX_PAUSE_DAYS
    )


def test_an_answer_on_the_same_day_costs_nothing() -> None:
    asked = replace(standing(), state=State.AWAITING_CITIZEN, paused_at=TUESDAY)
    assert build_resumption_data(asked, TUESDAY + timedelta(hours=2), CALENDAR) == {"paused_days": 0}


def test_asking_after_the_date_moves_nothing() -> None:
    late = amman(3, 9)
    asked = replace(standing(), state=State.AWAITING_CITIZEN, paused_at=late)
    assert "due_at" not in build_resumption_data(asked, late + timedelta(days=10), CALENDAR)


def test_what_a_pause_held_back_happens_when_it_ends_and_not_before() -> None:
    """A case asked about after its date: the minister's step fell into the pause, and is taken at its end."""
    resumed_at = amman(20, 9)
    late = replace(
        standing(), rungs=1, reminded=100, idle_told=True, updated_at=resumed_at, state=State.ASSIGNED
    )
    moment = find_next_scheduled_event(late, SIMPLE, CALENDAR)
    assert moment and (moment.event_type, moment.at) == (EventType.OVERDUE, resumed_at)


def test_silence_is_asked_again_on_day_seven_and_closes_on_day_fourteen() -> None:
    answered = replace(standing(), state=State.ANSWERED, answered_at=TUESDAY)
    told = [(m.event_type, m.at - TUESDAY, dict(m.data)) for m in lived_answered(answered)]
    assert told == [
        (EventType.ASKED_AGAIN, timedelta(days=7), {}),
        (EventType.LAPSED, timedelta(days=14), {"because": "silence"}),
    ]


def test_a_no_without_an_appeal_stays_open_to_one_until_day_thirty() -> None:
    denied = replace(standing(), state=State.ANSWERED, answered_at=TUESDAY, solved=False)
    assert [(m.event_type, m.at - TUESDAY) for m in lived_answered(denied)] == [
        (EventType.LAPSED, timedelta(days=30))
    ]


def lived_answered(case: CaseState) -> list[ScheduledEvent]:
    happened = []
    while moment := find_next_scheduled_event(case, SIMPLE, CALENDAR):
        to = State.CLOSED if moment.event_type is EventType.LAPSED else State.ANSWERED
        case = case.apply(EVENTS[moment.event_type](moment.data), to, moment.at)
        happened.append(moment)
    return happened


FIRST = datetime(2026, 1, 1, tzinfo=UTC)
MOMENTS = st.timedeltas(timedelta(), timedelta(days=500)).map(lambda passed: FIRST + passed)


@given(MOMENTS, st.sampled_from([SIMPLE, URGENT]), st.lists(st.integers(1, 200), max_size=6))
def test_looking_often_or_once_finds_the_same_events_at_the_same_times(
    at: datetime, terms: PolicyTerms, steps: list[int]
) -> None:
    end = at + timedelta(days=40)
    looks = sorted({min(at + timedelta(hours=hours), end) for hours in steps} | {end})
    case, found = standing(at, terms), []
    for look in looks:
        while (moment := find_next_scheduled_event(case, terms, CALENDAR)) and moment.at < look:
            case = case.apply(EVENTS[moment.event_type](moment.data), case.state, moment.at)
            found.append(moment)
    assert found == lived(standing(at, terms), end, terms)


@given(MOMENTS, st.sampled_from([SIMPLE, URGENT]))
def test_time_never_goes_back_in_a_journal(at: datetime, terms: PolicyTerms) -> None:
    times = [moment.at for moment in lived(standing(at, terms), at + timedelta(days=60), terms)]
    assert times == sorted(times)
    assert all(moment >= at for moment in times)


@given(MOMENTS, st.integers(0, 30))
def test_an_extension_or_a_pause_never_makes_the_date_earlier(at: datetime, days: int) -> None:
    case = standing(at)
    assert datetime.fromisoformat(build_extension_data(case, days, CALENDAR)["due_at"]) >= case.due_at
    paused = replace(case, state=State.AWAITING_CITIZEN, paused_at=at)
    moved = build_resumption_data(paused, at + timedelta(days=days), CALENDAR)
    assert datetime.fromisoformat(moved.get("due_at", format_instant(case.due_at))) >= case.due_at


@given(MOMENTS, st.integers(0, 5), st.integers(0, 15))
def test_the_date_can_always_be_worked_out_again(at: datetime, paused: int, longer: int) -> None:
    """So that a holiday declared later moves a date that had already been moved."""
    due = CALENDAR.add_working_days_to_moment(compute_deadline(at, SIMPLE, CALENDAR), paused + longer)
    case = replace(standing(at), due_at=due, paused_days=paused, extended_days=longer)
    assert recompute_deadline(case, SIMPLE, CALENDAR) == due


@pytest.mark.parametrize("state", list(State))
def test_only_work_can_be_late(state: State) -> None:
    case = replace(standing(), state=state)
    assert is_overdue(case, case.due_at + timedelta(seconds=1)) == (
        state in (*WORKING_STATES, State.APPEALED)
    )
    assert not is_overdue(case, case.due_at)
