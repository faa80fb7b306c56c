"""Joint cases: another body takes part by a day of its own, one body leads, and the citizen gets one answer from it."""

from typing import Any

import pytest

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.models import Case
from bekhedmetkom.cases.queries import (
    DeskCase,
    TaskOutcome,
    count_sent_replies,
    find_desk_case,
    get_case_for_citizen,
    list_instructions,
    verify_journal,
)
from bekhedmetkom.cases.rules.states import EventType
from bekhedmetkom.cases.rules.transitions import NotPossibleNow
from bekhedmetkom.catalogue.rules import Disposition, Kind
from bekhedmetkom.entities.models import Entity, Unit
from bekhedmetkom.entities.table_cache import refresh_versions
from bekhedmetkom.identity.queries import get_actor
from bekhedmetkom.identity.rules import Role
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import InvalidInput, NotAllowed
from tests.officer_factories import create_officer
from tests.personas import DAY, HOUR, NOON, Jordan

TOMORROW = NOON + DAY


def of_roads(jordan: Jordan, **given: Any) -> Case:
    case = jordan.create_case(**given)
    commands.assign_case(case=case.pk, seen=1, unit=jordan.roads, actor=jordan.main, at=NOON)
    return case


def do(case: Case, command: Any, actor: Actor, **given: Any) -> int:
    case.refresh_from_db()
    at = given.pop("at", NOON + HOUR)
    return int(command(case=case.pk, seen=case.seq, actor=actor, at=at, **given))


def join(case: Case, jordan: Jordan, actor: Actor | None = None, body: str = "MOH", **given: Any) -> int:
    fields: dict[str, Any] = {"text": "ما نتيجة كشفكم على المكرهة؟", "until": TOMORROW} | given
    return do(
        case, commands.request_participation, actor or jordan.main, entity=jordan.entities[body], **fields
    )


def of_environment() -> tuple[Actor, Unit]:
    """An officer of the ministry of health who sits in a unit of its own, and the unit."""
    moh = Entity.objects.get(code="MOH")
    unit = Unit.objects.create(entity=moh, code="ENV", name_ar="صحة البيئة", name_en="Environmental health")
    refresh_versions()
    return get_actor(create_officer(Role.SUB_OFFICER, moh, unit), NOON), unit


def seen(officer: Actor, case: Case) -> DeskCase:
    found = find_desk_case(officer, case.reference, NOON + HOUR)
    assert found is not None
    return found


def lines(officer: Actor) -> list[tuple[str, bool]]:
    return [(one.kind, one.mine) for one in list_instructions(officer, NOON + 2 * HOUR)]


def returned(case: Case, jordan: Jordan) -> None:
    join(case, jordan)
    do(case, commands.decline_participation, jordan.rival, reason="ليس من عملنا")


def answer(case: Case, jordan: Jordan) -> None:
    do(
        case,
        commands.answer_case,
        jordan.roads_officer,
        text="أُزيلت المكرهة اليوم",
        disposition=Disposition.UPHELD,
    )


def test_a_body_that_is_asked_reads_the_case_accepts_and_writes_to_the_lead(jordan: Jordan) -> None:
    case = of_roads(jordan)
    assert find_desk_case(jordan.rival, case.reference, NOON) is None
    join(case, jordan)
    assert lines(jordan.rival) == [("join.asked", True)]
    assert seen(jordan.rival, case).can == ["note", "take-part", "decline"]
    with pytest.raises(NotPossibleNow):
        do(case, commands.answer_task, jordan.rival, text="كشفنا اليوم")
    do(case, commands.accept_participation, jordan.rival)
    assert seen(jordan.rival, case).can == ["note", "task", "contribute"]
    do(case, commands.answer_task, jordan.rival, text="كشفنا اليوم")
    assert lines(jordan.rival) == lines(jordan.main) == []
    (part,) = seen(jordan.roads_officer, case).tasks
    assert (part.came, part.answer) == (TaskOutcome.ANSWER, "كشفنا اليوم")
    assert list(verify_journal()) == []


def written(officer: Actor, case: Case) -> set[str]:
    """All words that the officer reads on the case's page."""
    page = seen(officer, case)
    told = {text.body for entry in [*page.journal, *page.notes] for text in entry.texts}
    told |= {word for task in page.tasks for word in (task.text, task.answer)}
    return (told | {page.reply, page.text} | {one.text for one in page.instructions}) - {""}


def test_a_body_that_takes_part_reads_the_citizen_and_its_own_part_and_not_what_the_lead_says_to_itself(
    jordan: Jordan,
) -> None:
    moh = Entity.objects.get(code="MOH")
    colleague = get_actor(create_officer(Role.MAIN_OFFICER, moh), NOON)
    case = of_roads(jordan)
    inside = [
        "ملاحظة بين موظفينا",
        "أنجزوه قبل زيارة الوزير",
        "متى انطفأ العمود؟",
        "انطفأ أمس",
        "نص لم يُعتمد",
    ]
    do(case, commands.add_note, jordan.roads_officer, text=inside[0])
    do(case, commands.give_instruction, jordan.manager, text=inside[1], until=TOMORROW)
    do(case, commands.create_task, jordan.roads_officer, unit=jordan.lighting, text=inside[2], until=TOMORROW)
    do(case, commands.answer_task, jordan.lighting_officer, text=inside[3])
    join(case, jordan)
    do(case, commands.add_note, jordan.rival, text="نسأل أهل الحي")
    do(case, commands.accept_participation, jordan.rival)
    do(case, commands.submit_reply, jordan.roads_officer, text=inside[4], disposition=Disposition.UPHELD)
    theirs = {page.text for page in [seen(jordan.rival, case)]} | {
        "ما نتيجة كشفكم على المكرهة؟",
        "نسأل أهل الحي",
    }
    assert written(jordan.rival, case) == written(colleague, case) == theirs
    assert written(jordan.main, case) >= theirs | {*inside}
    assert set(inside[:1]) <= written(jordan.lighting_officer, case)  # of the same body


def test_a_body_reads_who_the_citizen_is_once_it_takes_part_never_what_is_withheld(jordan: Jordan) -> None:
    case, withheld = of_roads(jordan), of_roads(jordan, withhold_identity=True)
    for one in (case, withheld):
        join(one, jordan)
        assert seen(jordan.rival, one).particulars is None
        with pytest.raises((NotPossibleNow, NotAllowed)):
            commands.record_printed_case(case=one.pk, actor=jordan.rival, at=NOON + HOUR)
        do(one, commands.accept_participation, jordan.rival)
    assert seen(jordan.rival, withheld).particulars is None
    known = seen(jordan.rival, case).particulars
    assert known is not None
    assert known.name == "سامر عواد"
    assert getattr(seen(jordan.main, case).particulars, "name", "") == known.name
    commands.record_printed_case(case=case.pk, actor=jordan.rival, at=NOON + HOUR)


def test_the_lead_gives_one_answer_that_names_who_took_part_and_is_counted_to_it_alone(
    jordan: Jordan,
) -> None:
    case = of_roads(jordan)
    join(case, jordan)
    do(case, commands.accept_participation, jordan.rival)
    do(case, commands.answer_task, jordan.rival, text="كشفنا اليوم")
    with pytest.raises(NotAllowed):
        do(case, commands.answer_case, jordan.rival, text="نحن نرد", disposition=Disposition.UPHELD)
    answer(case, jordan)
    told = get_case_for_citizen(case.pk, NOON + HOUR)
    assert told.response == "أُزيلت المكرهة اليوم\n\nبمشاركة: وزارة الصحة."
    said = [entry.words.ar for entry in told.timeline]
    assert said[0].endswith("بمشاركة وزارة الصحة")
    assert any(line.startswith("يُعالج طلبك بمشاركة وزارة الصحة") for line in said)
    assert not any("كشفنا" in text.body for entry in told.timeline for text in entry.texts)
    gam, moh = jordan.entities["GAM"], jordan.entities["MOH"]
    assert count_sent_replies([gam, moh], NOON + 2 * HOUR).keys() == {gam}
    assert list(verify_journal()) == []


def test_a_reply_that_is_approved_names_them_too(jordan: Jordan) -> None:
    case = of_roads(jordan)
    join(case, jordan)
    do(case, commands.accept_participation, jordan.rival)
    text = "أُزيلت المكرهة اليوم"
    do(case, commands.submit_reply, jordan.roads_officer, text=text, disposition=Disposition.UPHELD)
    do(case, commands.approve_reply, jordan.approver)
    assert get_case_for_citizen(case.pk, NOON + HOUR).response.endswith("بمشاركة: وزارة الصحة.")
    assert case.events.get(kind=str(EventType.REPLY_APPROVED)).data["with"] == [jordan.entities["MOH"]]


def test_who_did_not_accept_or_was_called_off_is_not_named(jordan: Jordan) -> None:
    case = of_roads(jordan)
    join(case, jordan)
    join(case, jordan, body="PSD")
    do(case, commands.accept_participation, jordan.rival)
    do(case, commands.cancel_task, jordan.main, of=3, reason="عرفنا")
    assert find_desk_case(jordan.rival, case.reference, NOON) is None
    answer(case, jordan)
    assert get_case_for_citizen(case.pk, NOON + HOUR).response == "أُزيلت المكرهة اليوم"


def test_the_case_stays_with_its_body_and_no_date_moves(jordan: Jordan) -> None:
    case = of_roads(jordan)
    case.refresh_from_db()
    before = case.due_at, case.entity_id, case.unit_id, case.state, case.idle_from
    join(case, jordan)
    do(case, commands.accept_participation, jordan.rival)
    case.refresh_from_db()
    assert (case.due_at, case.entity_id, case.unit_id, case.state, case.idle_from) == before
    with pytest.raises(InvalidInput):
        join(case, jordan, body="PSD", until=NOON + 60 * DAY)


def test_the_body_asks_its_own_unit_by_a_day_inside_its_part(jordan: Jordan) -> None:
    inspector, unit = of_environment()
    case = of_roads(jordan)
    join(case, jordan)
    asked = {"unit": unit.pk, "text": "اكشفوا اليوم"}
    with pytest.raises(NotPossibleNow):
        do(case, commands.create_task, jordan.rival, until=NOON + 3 * HOUR, **asked)
    do(case, commands.accept_participation, jordan.rival)
    with pytest.raises(InvalidInput):
        do(case, commands.create_task, jordan.rival, until=TOMORROW + HOUR, **asked)
    with pytest.raises(InvalidInput):
        do(case, commands.create_task, jordan.rival, until=TOMORROW, unit=jordan.lighting, text="لا")
    do(case, commands.create_task, jordan.rival, until=NOON + 3 * HOUR, **asked)
    assert lines(inspector) == [("task.asked", True)]
    assert seen(inspector, case).can == ["note", "contribute"]
    do(case, commands.answer_task, inspector, text="كشفنا")
    do(case, commands.answer_task, jordan.rival, text="كشف قسمنا اليوم")
    assert list(verify_journal()) == []


def test_whoever_asks_a_body_that_has_gone_takes_its_units_along(jordan: Jordan) -> None:
    inspector, unit = of_environment()
    case = of_roads(jordan)
    part = join(case, jordan)
    do(case, commands.accept_participation, jordan.rival)
    do(case, commands.create_task, jordan.rival, until=TOMORROW, unit=unit.pk, text="اكشفوا")
    do(case, commands.cancel_task, jordan.main, of=part, reason="عرفنا")
    case.refresh_from_db()
    assert (case.tasks, case.tasks_due, case.units_asked, case.bodies_asked) == ([], [], [], [])
    assert find_desk_case(inspector, case.reference, NOON) is None
    assert list(verify_journal()) == []


def test_twice_returned_the_prime_ministry_unit_decides_and_that_stands(jordan: Jordan) -> None:
    case = of_roads(jordan)
    returned(case, jordan)
    assert find_desk_case(jordan.rival, case.reference, NOON) is None
    returned(case, jordan)
    join(case, jordan)
    assert lines(jordan.rival) == []
    assert lines(jordan.pm) == [("join.asked", True)]
    join(case, jordan, jordan.pm)
    assert lines(jordan.pm) == [("join.asked", False)]
    assert seen(jordan.rival, case).can == ["note", "take-part"]
    with pytest.raises(NotPossibleNow):
        do(case, commands.decline_participation, jordan.rival, reason="لا")
    do(case, commands.accept_participation, jordan.rival)
    assert [one.came for one in seen(jordan.main, case).tasks] == [
        TaskOutcome.JOINED, TaskOutcome.ENDED, TaskOutcome.RETURNED, TaskOutcome.RETURNED,
    ]  # fmt: skip
    assert list(verify_journal()) == []


def test_or_it_decides_that_the_body_need_not(jordan: Jordan) -> None:
    case = of_roads(jordan)
    returned(case, jordan)
    returned(case, jordan)
    join(case, jordan)
    do(case, commands.cancel_task, jordan.pm, reason="الأمر لأمانة عمان وحدها")
    assert lines(jordan.pm) == []
    newest = seen(jordan.main, case).tasks[0]
    assert (newest.came, newest.answer) == (TaskOutcome.RETURNED, "الأمر لأمانة عمان وحدها")
    assert newest.wanted is not None


def test_what_is_before_the_prime_ministry_unit_is_called_off_by_the_body_and_not_decided(
    jordan: Jordan,
) -> None:
    case = of_roads(jordan)
    returned(case, jordan)
    returned(case, jordan)
    join(case, jordan)
    colleague = create_officer(Role.MAIN_OFFICER, Entity.objects.get(pk=jordan.entities["GAM"]))
    do(case, commands.cancel_task, get_actor(colleague, NOON), reason="لا حاجة")
    newest = seen(jordan.main, case).tasks[0]
    assert (newest.came, newest.answer) == (TaskOutcome.CALLED_OFF, "لا حاجة")
    assert lines(jordan.pm) == []


def test_what_was_returned_and_taken_back_is_not_counted(jordan: Jordan) -> None:
    case = of_roads(jordan)
    returned(case, jordan)
    do(case, commands.undo_action, jordan.rival)
    do(case, commands.decline_participation, jordan.rival, reason="ليس من عملنا")
    join(case, jordan)
    assert lines(jordan.rival) == [("join.asked", True)]


def test_a_need_to_know_case_is_nobody_elses(jordan: Jordan) -> None:
    case = jordan.create_case("مطعم بلا رخصة", kind=Kind.VIOLATION)
    for who in (jordan.inspector, jordan.main, jordan.pm):
        with pytest.raises((NotPossibleNow, NotAllowed)):
            join(case, jordan, who)
    open_ = of_roads(jordan)
    join(open_, jordan)
    do(open_, commands.reclassify_case, jordan.main, kind=Kind.VIOLATION, reason="بلا رخصة")
    assert find_desk_case(jordan.rival, open_.reference, NOON) is None
    assert lines(jordan.rival) == []


def test_a_case_that_complains_of_the_bodys_main_officer_does_not_go_there(jordan: Jordan) -> None:
    case = of_roads(jordan)
    do(case, commands.set_complaint_subject, jordan.pm, officer=jordan.rival.officer_id)
    with pytest.raises(InvalidInput):
        join(case, jordan, jordan.pm)


def test_neither_the_same_body_nor_one_that_was_asked_is_asked(jordan: Jordan) -> None:
    case = of_roads(jordan)
    join(case, jordan)
    for body in ("MOH", "GAM"):
        with pytest.raises(InvalidInput):
            join(case, jordan, body=body)


def test_a_sub_officer_asks_no_other_body_and_calls_off_none(jordan: Jordan) -> None:
    case = of_roads(jordan)
    with pytest.raises(NotAllowed):
        join(case, jordan, jordan.roads_officer)
    join(case, jordan)
    with pytest.raises(NotAllowed):
        do(case, commands.cancel_task, jordan.roads_officer, reason="لا حاجة")
