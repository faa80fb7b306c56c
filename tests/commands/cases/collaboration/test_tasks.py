"""What is asked of another unit by a day: who may ask, who answers, what they see, and that no date moves."""

from datetime import datetime
from typing import Any

import pytest

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.models import Case
from bekhedmetkom.cases.queries import TaskOutcome, find_desk_case, list_instructions, verify_journal
from bekhedmetkom.cases.rules.states import EventType
from bekhedmetkom.cases.rules.transitions import NotPossibleNow
from bekhedmetkom.catalogue.rules import Disposition, Kind
from bekhedmetkom.entities.models import Unit
from bekhedmetkom.entities.table_cache import refresh_versions
from bekhedmetkom.identity.models import Leave, Membership, Officer
from bekhedmetkom.identity.queries import get_actor
from bekhedmetkom.identity.rules import Role
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import InvalidInput, NotAllowed
from bekhedmetkom.notifications.recipients import RecipientFinder
from bekhedmetkom.notifications.rules.decisions import EventContext, RecipientGroup
from tests.officer_factories import create_officer
from tests.personas import DAY, HOUR, NOON, Jordan

TOMORROW = NOON + DAY


def with_roads(jordan: Jordan, **given: Any) -> Case:
    case = jordan.create_case(**given)
    commands.assign_case(case=case.pk, seen=1, unit=jordan.roads, actor=jordan.main, at=NOON)
    return case


def do(case: Case, command: Any, actor: Actor, *, at: datetime = NOON + HOUR, **given: Any) -> int:
    case.refresh_from_db()
    return int(command(case=case.pk, seen=case.seq, actor=actor, at=at, **given))


def ask(case: Case, jordan: Jordan, actor: Actor | None = None, **given: Any) -> int:
    fields: dict[str, Any] = {"unit": jordan.lighting, "text": "متى انطفأ العمود؟", "until": TOMORROW} | given
    return do(case, commands.create_task, actor or jordan.roads_officer, **fields)


def sits_in(unit: int, role: Role = Role.SUB_OFFICER) -> Officer:
    seat = Unit.objects.get(pk=unit)
    return create_officer(role, seat.entity, seat)


def kinds(case: Case) -> list[str]:
    return list(case.events.order_by("seq").values_list("kind", flat=True))


def lines(officer: Actor) -> list[tuple[str, bool]]:
    return [(one.kind, one.mine) for one in list_instructions(officer, NOON + 2 * HOUR)]


def test_the_unit_that_is_asked_sees_the_case_with_the_tasks_day_and_answers(jordan: Jordan) -> None:
    case = with_roads(jordan)
    assert find_desk_case(jordan.lighting_officer, case.reference, NOON) is None
    ask(case, jordan)
    assert lines(jordan.roads_officer) == [("task.asked", False)]
    assert lines(jordan.lighting_officer) == [("task.asked", True)]
    assert lines(jordan.main) == lines(jordan.rival) == []
    seen = find_desk_case(jordan.lighting_officer, case.reference, NOON + HOUR)
    assert seen is not None
    assert seen.can == ["note", "contribute"]
    do(case, commands.answer_task, jordan.lighting_officer, text="انطفأ يوم الأحد")
    assert lines(jordan.roads_officer) == lines(jordan.lighting_officer) == []
    told = find_desk_case(jordan.roads_officer, case.reference, NOON + HOUR)
    assert told is not None
    assert [(one.came, one.answer) for one in told.tasks] == [(TaskOutcome.ANSWER, "انطفأ يوم الأحد")]


def test_the_case_stays_with_its_handler_and_no_date_moves(jordan: Jordan) -> None:
    case = with_roads(jordan)
    case.refresh_from_db()
    before = case.due_at, case.unit_id, case.idle_from, case.state
    ask(case, jordan)
    do(case, commands.answer_task, jordan.lighting_officer, text="انطفأ يوم الأحد")
    case.refresh_from_db()
    assert (case.due_at, case.unit_id, case.idle_from, case.state) == before
    assert list(verify_journal()) == []


def test_what_is_asked_of_a_unit_without_anybody_is_the_main_officers(jordan: Jordan) -> None:
    empty = Unit.objects.create(
        entity_id=jordan.entities["GAM"], code="PARKS", name_ar="قسم الحدائق", name_en="Parks"
    )
    refresh_versions()
    case = with_roads(jordan)
    ask(case, jordan, unit=empty.pk)
    assert lines(jordan.main) == [("task.asked", True)]
    do(case, commands.answer_task, jordan.main, text="لا حديقة هناك")
    assert lines(jordan.main) == []


def test_nobody_else_answers_for_a_unit(jordan: Jordan) -> None:
    case = with_roads(jordan)
    ask(case, jordan)
    for other in (jordan.roads_officer, jordan.manager, jordan.rival, jordan.head):
        with pytest.raises(NotAllowed):
            do(case, commands.answer_task, other, text="نيابة عنهم")
    with pytest.raises(NotAllowed):
        do(
            case,
            commands.answer_case,
            jordan.lighting_officer,
            text="نحن نجيب",
            disposition=Disposition.UPHELD,
        )


@pytest.mark.parametrize("until", [NOON - DAY, NOON + HOUR, NOON + 60 * DAY])
def test_its_day_is_to_come_and_inside_the_term(jordan: Jordan, until: datetime) -> None:
    case = with_roads(jordan)
    with pytest.raises(InvalidInput):
        ask(case, jordan, until=until)


def test_a_late_case_can_still_ask(jordan: Jordan) -> None:
    case = with_roads(jordan)
    late = NOON + 60 * DAY
    ask(case, jordan, until=late + DAY, at=late)


def test_neither_a_strangers_unit_nor_the_one_that_has_the_case_is_asked(jordan: Jordan) -> None:
    stranger = Unit.objects.create(
        entity_id=jordan.entities["MOH"], code="LAB", name_ar="المختبر", name_en="Laboratory"
    )
    refresh_versions()
    case = with_roads(jordan)
    for unit in (stranger.pk, jordan.roads, 10**9):
        with pytest.raises(InvalidInput):
            ask(case, jordan, unit=unit)


def test_a_unit_that_the_case_complains_of_is_not_asked_and_loses_sight(jordan: Jordan) -> None:
    case = with_roads(jordan)
    ask(case, jordan)
    do(case, commands.set_complaint_subject, jordan.main, unit=jordan.lighting)
    assert find_desk_case(jordan.lighting_officer, case.reference, NOON + HOUR) is None
    assert lines(jordan.lighting_officer) == []
    do(case, commands.assign_case, jordan.main, unit=jordan.roads)
    with pytest.raises(InvalidInput):
        ask(case, jordan)


def test_a_need_to_know_case_asks_nobody(jordan: Jordan) -> None:
    case = jordan.create_case("مطعم بلا رخصة", kind=Kind.VIOLATION)
    with pytest.raises(NotPossibleNow):
        ask(case, jordan, jordan.inspector)


def test_what_becomes_need_to_know_is_hidden_from_whom_it_was_shared_with(jordan: Jordan) -> None:
    case = with_roads(jordan)
    ask(case, jordan)
    do(case, commands.reclassify_case, jordan.main, kind=Kind.VIOLATION, reason="بلا رخصة")
    assert find_desk_case(jordan.lighting_officer, case.reference, NOON + HOUR) is None
    assert lines(jordan.lighting_officer) == []


def test_whoever_asked_calls_it_off_and_the_unit_sees_the_case_no_more(jordan: Jordan) -> None:
    case = with_roads(jordan)
    first, second = ask(case, jordan), ask(case, jordan)
    with pytest.raises(NotAllowed):
        do(case, commands.cancel_task, jordan.lighting_officer, reason="لا وقت")
    with pytest.raises(InvalidInput):
        do(case, commands.cancel_task, jordan.roads_officer, reason="عرفنا")
    do(case, commands.cancel_task, jordan.main, of=first, reason="عرفنا")
    assert lines(jordan.lighting_officer) == [("task.asked", True)]
    do(case, commands.cancel_task, jordan.roads_officer, of=second, reason="عرفنا")
    assert find_desk_case(jordan.lighting_officer, case.reference, NOON + HOUR) is None
    with pytest.raises(NotPossibleNow):
        do(case, commands.cancel_task, jordan.roads_officer, reason="عرفنا")
    assert list(verify_journal()) == []


def test_a_task_that_is_late_is_said_once_at_its_true_time(jordan: Jordan) -> None:
    case = with_roads(jordan)
    ask(case, jordan)
    for sweep in (TOMORROW + HOUR, TOMORROW + 2 * HOUR):
        commands.sweep_deadlines(sweep)
    late = case.events.get(kind=str(EventType.TASK_LATE))
    assert (late.at, late.actor) == (TOMORROW, "clock")
    do(case, commands.answer_task, jordan.lighting_officer, text="تأخرنا", at=TOMORROW + 3 * HOUR)
    commands.sweep_deadlines(TOMORROW + DAY)
    assert kinds(case).count(str(EventType.TASK_LATE)) == 1
    assert list(verify_journal()) == []


def test_what_was_answered_in_time_is_never_late(jordan: Jordan) -> None:
    case = with_roads(jordan)
    ask(case, jordan)
    ask(case, jordan, until=TOMORROW + HOUR)
    do(case, commands.answer_task, jordan.lighting_officer, of=4, text="هذا ما عندنا")
    commands.sweep_deadlines(TOMORROW + 2 * HOUR)
    late = case.events.filter(kind=str(EventType.TASK_LATE)).values_list("at", flat=True)
    assert list(late) == [TOMORROW]


def test_with_the_answer_to_the_citizen_nothing_is_asked_any_more(jordan: Jordan) -> None:
    case = with_roads(jordan)
    ask(case, jordan)
    do(
        case,
        commands.answer_case,
        jordan.roads_officer,
        text="أُصلح العمود اليوم",
        disposition=Disposition.UPHELD,
    )
    commands.sweep_deadlines(TOMORROW + HOUR)
    assert str(EventType.TASK_LATE) not in kinds(case)
    assert lines(jordan.lighting_officer) == []
    seen = find_desk_case(jordan.lighting_officer, case.reference, NOON + 2 * HOUR)
    assert seen is not None
    assert [one.came for one in seen.tasks] == [TaskOutcome.ENDED]


def test_with_another_body_it_begins_anew(jordan: Jordan) -> None:
    case = with_roads(jordan)
    ask(case, jordan)
    do(case, commands.refer_case, jordan.main, entity=jordan.entities["MOH"], reason="للصحة")
    assert find_desk_case(jordan.lighting_officer, case.reference, NOON + HOUR) is None
    case.refresh_from_db()
    assert (case.tasks, case.tasks_due, case.units_asked) == ([], [], [])
    assert list(verify_journal()) == []


def test_it_can_be_taken_back_and_so_can_its_answer(jordan: Jordan) -> None:
    case = with_roads(jordan)
    ask(case, jordan)
    do(case, commands.undo_action, jordan.roads_officer)
    assert find_desk_case(jordan.lighting_officer, case.reference, NOON + HOUR) is None
    ask(case, jordan)
    do(case, commands.answer_task, jordan.lighting_officer, text="انطفأ يوم الأحد")
    do(case, commands.undo_action, jordan.lighting_officer)
    assert lines(jordan.lighting_officer) == [("task.asked", True)]
    case.refresh_from_db()
    assert case.tasks_due == [TOMORROW]
    assert list(verify_journal()) == []


def test_an_officer_of_the_unit_is_asked_by_name(jordan: Jordan) -> None:
    """It stands on their list alone, and they alone are told; whoever sits there can answer."""
    colleague = get_actor(sits_in(jordan.lighting), NOON)
    case = with_roads(jordan)
    ask(case, jordan, officer=colleague.officer_id)
    assert lines(colleague) == [("task.asked", True)]
    assert lines(jordan.lighting_officer) == []
    event = case.events.get(kind="task.asked")
    standing = Case.objects.get(pk=case.pk).standing
    told = RecipientFinder({case.pk: [event]}).find_officers(
        RecipientGroup.TASK_UNIT, EventContext(EventType.TASK_ASKED, standing, standing, event.data), event
    )
    assert [who.pk for who in told] == [colleague.officer_id]
    seen = find_desk_case(jordan.roads_officer, case.reference, NOON + HOUR)
    assert seen is not None
    name = Officer.objects.get(pk=colleague.id).name_en
    assert seen.tasks[0].to.en == f"Street lighting, {name}"
    do(case, commands.answer_task, jordan.lighting_officer, text="انطفأ يوم الأحد")
    assert list(verify_journal()) == []


def test_what_is_asked_of_somebody_who_is_not_there_any_more_is_the_units(jordan: Jordan) -> None:
    colleague = get_actor(sits_in(jordan.lighting), NOON)
    case = with_roads(jordan)
    ask(case, jordan, officer=colleague.officer_id)
    Leave.objects.create(
        officer=Officer.objects.get(pk=colleague.id), since=NOON.date(), until=(NOON + 9 * DAY).date()
    )
    refresh_versions()
    assert lines(jordan.lighting_officer) == [("task.asked", True)]
    with pytest.raises(InvalidInput):
        ask(case, jordan, officer=colleague.officer_id)


def test_nobody_is_asked_by_name_in_a_unit_that_is_not_theirs(jordan: Jordan) -> None:
    case = with_roads(jordan)
    for who in (jordan.roads_officer, jordan.main, jordan.rival):
        with pytest.raises(InvalidInput):
            ask(case, jordan, officer=who.officer_id)


def test_what_was_asked_of_a_unit_that_has_closed_is_the_main_officers(jordan: Jordan) -> None:
    case = with_roads(jordan)
    ask(case, jordan)
    Unit.objects.filter(pk=jordan.lighting).update(closed_on=NOON.date())
    refresh_versions()
    assert lines(jordan.main) == [("task.asked", True)]
    do(case, commands.answer_task, jordan.main, text="انتقل العمل إلى قسم آخر")
    assert lines(jordan.main) == []


def test_a_task_that_lies_with_whom_it_complains_of_is_called_off(jordan: Jordan) -> None:
    """When they are named, and when the organisation changes afterwards."""
    case = with_roads(jordan)
    ask(case, jordan)
    do(case, commands.set_complaint_subject, jordan.main, officer=jordan.lighting_officer.officer_id)
    case.refresh_from_db()
    assert (case.tasks, case.tasks_due, case.units_asked) == ([], [], [])
    seen = find_desk_case(jordan.main, case.reference, NOON + HOUR)
    assert seen is not None
    assert [one.came for one in seen.tasks] == [TaskOutcome.CALLED_OFF]
    assert commands.resolve_conflicts(NOON + HOUR) == 0
    assert list(verify_journal()) == []


def test_and_so_it_is_when_somebody_comes_under_whom_it_complains_of(jordan: Jordan) -> None:
    parks = Unit.objects.create(
        entity_id=jordan.entities["GAM"], code="PARKS", name_ar="قسم الحدائق", name_en="Parks"
    )
    refresh_versions()
    boss = sits_in(parks.pk, Role.MANAGER)
    case = with_roads(jordan)
    do(case, commands.set_complaint_subject, jordan.main, officer=boss.pk)
    do(case, commands.assign_case, jordan.main, unit=jordan.roads)
    ask(case, jordan)
    assert commands.resolve_conflicts(NOON + 2 * HOUR) == 0
    Membership.objects.filter(officer=int(jordan.lighting_officer.id)).update(unit=parks)
    Membership.objects.filter(officer=boss).update(unit=jordan.lighting)
    refresh_versions()
    assert commands.resolve_conflicts(NOON + 2 * HOUR) == 1
    case.refresh_from_db()
    assert (case.tasks, case.tasks_due, case.units_asked) == ([], [], [])
    assert commands.resolve_conflicts(NOON + 2 * HOUR) == 0
    assert list(verify_journal()) == []


def test_who_works_at_two_bodies_asks_the_units_of_both(jordan: Jordan) -> None:
    lab = Unit.objects.create(
        entity_id=jordan.entities["MOH"], code="LAB", name_ar="المختبر", name_en="Laboratory"
    )
    Membership.objects.create(
        officer=Officer.objects.get(pk=jordan.main.id), role=Role.MAIN_OFFICER, entity_id=jordan.entities["MOH"],
        valid_from=NOON - DAY,
    )  # fmt: skip
    refresh_versions()
    both = get_actor(Officer.objects.get(pk=jordan.main.id), NOON)
    case = with_roads(jordan)
    with pytest.raises(InvalidInput):
        ask(case, jordan, both, unit=lab.pk)
    do(
        case,
        commands.request_participation,
        both,
        entity=jordan.entities["MOH"],
        text="ما نتيجة الكشف؟",
        until=TOMORROW,
    )
    do(case, commands.accept_participation, both)
    seen = find_desk_case(both, case.reference, NOON + HOUR)
    assert seen is not None
    assert set(seen.asks_at) == {jordan.entities["GAM"], jordan.entities["MOH"]}
    ask(case, jordan, both, unit=lab.pk)
    ask(case, jordan, both)
    assert list(verify_journal()) == []
