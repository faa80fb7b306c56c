"""What is asked from above by a day: who may ask, who answers, how long it stands, and that no date ever moves."""

from datetime import datetime
from typing import Any

import pytest

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.models import Case
from bekhedmetkom.cases.queries import find_desk_case, list_instructions
from bekhedmetkom.cases.rules.transitions import NotPossibleNow
from bekhedmetkom.catalogue.rules import Disposition, Kind
from bekhedmetkom.entities.table_cache import refresh_versions
from bekhedmetkom.identity.models import Membership
from bekhedmetkom.identity.rules import Role
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import InvalidInput, NotAllowed
from tests.personas import DAY, HOUR, NOON, Jordan, place_under_minister

SUNDAY = NOON + 5 * DAY


@pytest.fixture
def jordan(jordan: Jordan) -> Jordan:
    place_under_minister(jordan)
    return jordan


def with_roads(jordan: Jordan) -> Case:
    case = jordan.create_case()
    commands.assign_case(case=case.pk, seen=1, unit=jordan.roads, actor=jordan.main, at=NOON)
    return case


def ask(case: Case, command: Any, actor: Actor, *, at: datetime = NOON + HOUR, **given: Any) -> int:
    case.refresh_from_db()
    fields = {"text": "ما الذي أخّره؟", "until": SUNDAY} | given
    return int(command(case=case.pk, seen=case.seq, actor=actor, at=at, **fields))


def report(case: Case, actor: Actor, *, at: datetime = NOON + 2 * HOUR, **given: Any) -> int:
    case.refresh_from_db()
    fields = {"text": "زرنا المكان اليوم"} | given
    return commands.report_on_instruction(case=case.pk, seen=case.seq, actor=actor, at=at, **fields)


def lines(officer: Actor, at: datetime = NOON + 2 * HOUR) -> list[tuple[str, bool]]:
    return [(one.kind, one.mine) for one in list_instructions(officer, at)]


def test_an_instruction_stands_on_both_lists_until_the_handler_reports(jordan: Jordan) -> None:
    case = with_roads(jordan)
    ask(case, commands.give_instruction, jordan.head)
    assert lines(jordan.head) == [("case.instructed", False)]
    assert lines(jordan.roads_officer) == [("case.instructed", True)]
    assert lines(jordan.lighting_officer) == lines(jordan.manager) == lines(jordan.rival) == []
    report(case, jordan.roads_officer)
    assert lines(jordan.head) == lines(jordan.roads_officer) == []


def test_the_head_who_is_asked_answers_and_nobody_in_the_heads_place(jordan: Jordan) -> None:
    case = with_roads(jordan)
    ask(case, commands.ask_head_of_body, jordan.minister)
    assert lines(jordan.head) == [("head.asked", True)]
    assert lines(jordan.roads_officer) == []
    for other in (jordan.main, jordan.roads_officer, jordan.manager):
        with pytest.raises(NotAllowed):
            report(case, other)
    report(case, jordan.head)
    assert lines(jordan.minister) == []


def test_a_minister_hands_a_matter_to_the_office_and_sees_it_until_it_is_done(jordan: Jordan) -> None:
    case = with_roads(jordan)
    ask(case, commands.delegate_case, jordan.minister, to=Role.MINISTER_OFFICE)
    assert lines(jordan.office) == [("case.delegated", True)]
    assert lines(jordan.minister) == [("case.delegated", False)]
    report(case, jordan.office)
    assert lines(jordan.minister) == lines(jordan.office) == []


def test_whoever_gave_it_can_end_it(jordan: Jordan) -> None:
    case = with_roads(jordan)
    ask(case, commands.ask_head_of_body, jordan.pm)
    report(case, jordan.pm, text="أجابني بالهاتف")
    assert lines(jordan.head) == []


def test_none_of_them_moves_the_citizens_date_or_counts_as_work_that_the_citizen_sees(jordan: Jordan) -> None:
    case = with_roads(jordan)
    case.refresh_from_db()
    before = case.due_at, case.idle_from, case.look_at
    ask(case, commands.give_instruction, jordan.head)
    ask(case, commands.ask_head_of_body, jordan.minister)
    ask(case, commands.delegate_case, jordan.minister, to=Role.HEAD_OF_BODY)
    report(case, jordan.roads_officer)
    case.refresh_from_db()
    assert (case.due_at, case.idle_from, case.look_at) == before


def test_of_several_it_is_said_which(jordan: Jordan) -> None:
    case = with_roads(jordan)
    first, second = (ask(case, commands.give_instruction, jordan.head) for _ in range(2))
    with pytest.raises(InvalidInput):
        report(case, jordan.roads_officer)
    with pytest.raises(InvalidInput):
        report(case, jordan.roads_officer, of=99)
    report(case, jordan.roads_officer, of=second)
    case.refresh_from_db()
    assert case.instructions == [first]
    report(case, jordan.roads_officer)
    with pytest.raises(NotPossibleNow):
        report(case, jordan.roads_officer)


def test_an_answer_is_no_report_and_an_instruction_outlives_it(jordan: Jordan) -> None:
    case = with_roads(jordan)
    ask(case, commands.give_instruction, jordan.head)
    case.refresh_from_db()
    commands.answer_case(
        case=case.pk, seen=case.seq, text="أُصلحت الحفرة اليوم", disposition=Disposition.UPHELD,
        actor=jordan.roads_officer, at=NOON + HOUR,
    )  # fmt: skip
    assert lines(jordan.head) == [("case.instructed", False)]
    report(case, jordan.roads_officer)
    assert lines(jordan.head) == []


def test_it_ends_with_a_case_that_its_citizen_withdraws(jordan: Jordan) -> None:
    case = with_roads(jordan)
    ask(case, commands.give_instruction, jordan.head)
    commands.withdraw_case(case=case.pk, seen=None, actor=jordan.get_citizen(case), at=NOON + 2 * HOUR)
    assert lines(jordan.head) == []


def test_where_nobody_heads_the_body_nobody_is_asked(jordan: Jordan) -> None:
    case = with_roads(jordan)
    Membership.objects.filter(role=Role.HEAD_OF_BODY).update(valid_until=NOON)
    refresh_versions()
    with pytest.raises(NotPossibleNow):
        ask(case, commands.ask_head_of_body, jordan.minister)
    with pytest.raises(InvalidInput):
        ask(case, commands.delegate_case, jordan.minister, to=Role.HEAD_OF_BODY)


@pytest.mark.parametrize("until", [NOON - DAY, NOON + HOUR])
def test_its_day_is_to_come(jordan: Jordan, until: datetime) -> None:
    case = with_roads(jordan)
    for command in (commands.give_instruction, commands.ask_head_of_body):
        with pytest.raises(InvalidInput):
            ask(case, command, jordan.pm, until=until)


def test_a_matter_is_handed_to_the_office_or_the_head_alone(jordan: Jordan) -> None:
    case = with_roads(jordan)
    with pytest.raises(InvalidInput):
        ask(case, commands.delegate_case, jordan.minister, to=Role.MAIN_OFFICER)
    with pytest.raises(NotAllowed):
        ask(case, commands.delegate_case, jordan.head, to=Role.MINISTER_OFFICE)


def test_the_case_page_says_what_is_asked_and_offers_the_report_to_whom_it_is_for(jordan: Jordan) -> None:
    case = with_roads(jordan)
    ask(case, commands.ask_head_of_body, jordan.minister)

    def seen(officer: Actor, at: datetime = NOON + 2 * HOUR) -> Any:
        return find_desk_case(officer, case.reference, at)

    assert [(one.text, one.late) for one in seen(jordan.main).instructions] == [("ما الذي أخّره؟", False)]
    assert [one.late for one in seen(jordan.main, SUNDAY + HOUR).instructions] == [True]
    assert "report" in seen(jordan.head).can
    assert "report" not in seen(jordan.main).can


def test_an_instruction_on_what_is_need_to_know_is_on_nobody_elses_list(jordan: Jordan) -> None:
    case = jordan.create_case("مطعم بلا رخصة", kind=Kind.VIOLATION)
    for officer in (jordan.head, jordan.minister, jordan.pm):
        with pytest.raises(NotAllowed):
            ask(case, commands.give_instruction, officer)
        assert lines(officer) == []


def test_who_lost_sight_of_a_case_has_its_instruction_no_more(jordan: Jordan) -> None:
    case = with_roads(jordan)
    ask(case, commands.give_instruction, jordan.head)
    case.refresh_from_db()
    commands.refer_case(
        case=case.pk, seen=case.seq, actor=jordan.main, at=NOON + 2 * HOUR, entity=jordan.entities["MOH"],
        reason="للصحة",
    )  # fmt: skip
    assert lines(jordan.head) == lines(jordan.roads_officer) == []
    assert lines(jordan.rival) == [("case.instructed", True)]
