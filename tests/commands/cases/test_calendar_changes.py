"""A calendar that changes late: no date by the old one, no reminder by a mixture of both, nobody looked at too late."""

from datetime import date, datetime, timedelta
from importlib import import_module
from uuid import UUID

import pytest

from bekhedmetkom.cases import commands, journal
from bekhedmetkom.cases.models import Case, Event
from bekhedmetkom.cases.queries import verify_journal
from bekhedmetkom.cases.rules.states import EventType
from bekhedmetkom.catalogue.rules import Disposition, Kind
from bekhedmetkom.entities.commands import declare_holiday
from bekhedmetkom.entities.models import Entity
from bekhedmetkom.entities.queries import get_working_calendar
from bekhedmetkom.identity.queries import get_actor
from bekhedmetkom.identity.rules import Role
from tests.commands.cases.case_stages import create_appealed_case
from tests.officer_factories import create_officer
from tests.personas import DAY, HOUR, NOON, Jordan

MINUTE = timedelta(minutes=1)
SUNDAY = date(2026, 11, 29)
THURSDAY_AT_TWO = NOON + 2 * DAY + 2 * HOUR


def close_on(jordan: Jordan, day: date, at: datetime) -> None:
    declare_holiday(
        day=day, name_ar="عطلة", name_en="Holiday", decision="بلاغ", actor=jordan.administrator, at=at
    )


def kinds(case: Case) -> list[str]:
    return list(Event.objects.filter(case=case).order_by("seq").values_list("kind", flat=True))


def test_whoever_acts_before_the_next_minute_finds_the_date_moved_and_no_reminder_too_early(
    jordan: Jordan,
) -> None:
    """Half of the term is over on Sunday by the old calendar, on Monday by the new one; by both mixed on Thursday."""
    case = jordan.create_case()
    commands.assign_case(case=case.pk, seen=1, unit=jordan.roads, actor=jordan.main, at=NOON + HOUR)
    close_on(jordan, SUNDAY, THURSDAY_AT_TWO)
    commands.add_note(case=case.pk, seen=2, text="ملاحظة", actor=jordan.main, at=THURSDAY_AT_TWO + MINUTE)
    assert kinds(case) == ["case.submitted", "case.assigned", "clock.rescheduled", "case.noted"]
    commands.sweep_deadlines(NOON + 20 * DAY)
    half = Event.objects.filter(case=case, kind="clock.reminded").earliest("seq")
    assert half.at.date() == date(2026, 11, 30)
    assert list(verify_journal()) == []


def test_the_sweep_too_moves_the_date_before_it_counts_by_the_new_calendar(jordan: Jordan) -> None:
    case = jordan.create_case()
    commands.assign_case(case=case.pk, seen=1, unit=jordan.roads, actor=jordan.main, at=NOON + HOUR)
    close_on(jordan, SUNDAY, THURSDAY_AT_TWO)
    assert commands.reschedule_cases(THURSDAY_AT_TWO + MINUTE) == 1
    assert kinds(case)[2:] == ["clock.rescheduled"]


def test_of_a_late_case_only_the_next_look_moves_and_once(jordan: Jordan) -> None:
    case = jordan.create_case()
    late = case.due_at + HOUR
    commands.sweep_deadlines(late)
    close_on(jordan, (case.due_at + 2 * DAY).date(), late)
    assert commands.reschedule_cases(late + MINUTE) == 0
    assert commands.reschedule_cases(late + MINUTE) == 0
    case.refresh_from_db()
    assert kinds(case).count("clock.recounted") == 1
    assert case.look_at == get_working_calendar().add_working_days_to_moment(case.due_at, 3)
    commands.sweep_deadlines(case.look_at)
    commands.sweep_deadlines(case.look_at + MINUTE)
    assert Event.objects.filter(case=case).latest("seq").kind == "clock.overdue"
    assert list(verify_journal()) == []


def test_what_was_missing_comes_after_a_holiday_declared_meanwhile(jordan: Jordan) -> None:
    case = jordan.create_case()
    due = case.due_at
    commands.answer_case(
        case=case.pk, seen=1, text="اكتب لنا رقم العمارة.", disposition=Disposition.INSUFFICIENT,
        quality_reason="سؤال", actor=jordan.main, at=NOON + HOUR,
    )  # fmt: skip
    close_on(jordan, SUNDAY, THURSDAY_AT_TWO)
    commands.reschedule_cases(THURSDAY_AT_TWO + MINUTE)
    commands.add_message(
        case=case.pk, seen=None, text="7", actor=jordan.get_citizen(case), at=THURSDAY_AT_TWO + HOUR
    )
    case.refresh_from_db()
    assert case.due_at == get_working_calendar().add_working_days_to_moment(due, 2 + 1)
    commands.reschedule_cases(THURSDAY_AT_TWO + 2 * HOUR)
    assert kinds(case)[-1] == "citizen.supplied"


def test_classifying_takes_no_extension_away(jordan: Jordan) -> None:
    case = jordan.create_case()
    commands.extend_deadline(case=case.pk, seen=1, reason="كشف", actor=jordan.manager, at=NOON + HOUR)
    case.refresh_from_db()
    longer = case.due_at
    commands.classify_case(case=case.pk, seen=2, actor=jordan.main, at=NOON + 2 * HOUR)
    commands.reclassify_case(
        case=case.pk, seen=3, kind=Kind.COMPLAINT, reason="كما هي", actor=jordan.main, at=NOON + 3 * HOUR
    )
    case.refresh_from_db()
    assert case.due_at == longer


def test_an_upheld_appeal_promises_an_inspector_what_his_report_was_promised(jordan: Jordan) -> None:
    """A topic that is urgent for others: what is kept with care has the terms of inspectors, then and now."""
    police = Entity.objects.get(code="PSD")
    inspector = get_actor(create_officer(Role.INSPECTOR, police), NOON)
    case = jordan.create_case(
        "سيارة تعيق الرصيف", kind=Kind.VIOLATION, entity=police.pk, service=jordan.services["PSD-003"]
    )
    commands.answer_case(
        case=case.pk, seen=1, text="خالفنا صاحبها.", disposition=Disposition.UPHELD, quality_reason="قصير",
        actor=inspector, at=NOON + HOUR,
    )  # fmt: skip
    commands.appeal_case(
        case=case.pk, seen=None, reason="ما زالت هناك", actor=jordan.get_citizen(case), at=NOON + DAY
    )
    commands.decide_appeal(
        case=case.pk,
        seen=3,
        outcome=Disposition.UPHELD,
        text="يُعاد الكشف.",
        actor=jordan.pm,
        at=NOON + 2 * DAY,
    )
    first = case.policy_id
    case.refresh_from_db()
    assert (case.urgent, case.policy_id) == (True, first)


def test_nothing_is_dated_before_what_a_person_did_while_the_round_was_under_way(jordan: Jordan) -> None:
    case = jordan.create_case()
    commands.assign_case(case=case.pk, seen=1, unit=jordan.roads, actor=jordan.main, at=THURSDAY_AT_TWO)
    close_on(jordan, SUNDAY, THURSDAY_AT_TWO)
    assert commands.reschedule_cases(THURSDAY_AT_TWO - MINUTE) == 1
    times = list(Event.objects.filter(case=case).order_by("seq").values_list("at", flat=True))
    assert times == sorted(times)


def test_one_case_that_cannot_go_on_holds_up_no_other(
    jordan: Jordan, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = jordan.create_case(), jordan.create_case()
    close_on(jordan, SUNDAY, THURSDAY_AT_TWO)
    stuck = min(first.pk, second.pk)

    def catch_up(case: UUID, at: datetime) -> list[EventType]:
        if case == stuck:
            raise RuntimeError
        return journal.catch_up(case, at)

    monkeypatch.setattr(import_module("bekhedmetkom.cases.commands.deadline_sweep"), "catch_up", catch_up)
    assert commands.reschedule_cases(THURSDAY_AT_TWO + MINUTE) == 1


def test_a_part_keeps_the_date_that_an_extension_gave_its_case(jordan: Jordan) -> None:
    """And no minute takes it for a change of the calendar."""
    case = jordan.create_case()
    commands.extend_deadline(
        case=case.pk, seen=1, reason="ننتظر القطعة", actor=jordan.manager, at=NOON + HOUR
    )
    commands.split_case(
        case=case.pk, seen=2, text="حفرة أخرى في الشارع", actor=jordan.main, at=NOON + 2 * HOUR,
        service=jordan.services["GAM-001"],
    )  # fmt: skip
    assert commands.reschedule_cases(NOON + 3 * HOUR) == 0
    case.refresh_from_db()
    assert [part.due_at for part in Case.objects.exclude(pk=case.pk)] == [case.due_at]
    assert list(verify_journal()) == []


def test_a_part_of_a_case_whose_appeal_was_upheld_has_its_term(jordan: Jordan) -> None:
    case = create_appealed_case(jordan)
    reviewer = next(who for who in jordan.people.values() if who.officer_id == case.reviewer_id)
    at = NOON + 3 * DAY
    commands.decide_appeal(
        case=case.pk,
        seen=case.seq,
        actor=reviewer,
        at=at,
        outcome=Disposition.UPHELD,
        text="زرنا المكان والحفرة باقية",
    )
    case.refresh_from_db()
    commands.split_case(
        case=case.pk, seen=case.seq, text="حفرة أخرى في الشارع", actor=jordan.main, at=at + HOUR,
        service=jordan.services["GAM-001"],
    )  # fmt: skip
    assert commands.reschedule_cases(at + 2 * HOUR) == 0
    assert [part.due_at for part in Case.objects.exclude(pk=case.pk)] == [case.due_at]
    assert list(verify_journal()) == []


def test_what_is_reopened_is_dated_by_the_calendar_of_that_day(jordan: Jordan) -> None:
    """Answered and supplied with a late holiday in between: no day was lost, and no minute moves the date again."""
    case = jordan.create_case()
    seq = commands.assign_case(case=case.pk, seen=1, unit=jordan.roads, actor=jordan.main, at=NOON)
    commands.answer_case(
        case=case.pk, seen=seq, actor=jordan.roads_officer, at=NOON + HOUR, text="اكتب لنا رقم العمارة.",
        disposition=Disposition.INSUFFICIENT,
    )  # fmt: skip
    case.refresh_from_db()
    was = case.due_at
    close_on(jordan, (NOON + DAY).date(), NOON + 2 * HOUR)
    commands.add_message(
        case=case.pk, seen=None, text="العمارة 12", actor=jordan.get_citizen(case), at=NOON + DAY
    )
    case.refresh_from_db()
    assert case.due_at > was
    assert commands.reschedule_cases(NOON + DAY + MINUTE) == 0
    assert list(verify_journal()) == []
