"""Doing nothing climbs: to whom, when, on what ground, and whose list it stands on, one at a time."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from bekhedmetkom.cases import commands, row_security
from bekhedmetkom.cases.models import Case
from bekhedmetkom.cases.queries import get_case_highlights, get_case_page, list_confidential_escalations
from bekhedmetkom.cases.rules.states import EventType
from bekhedmetkom.catalogue.rules import Disposition, EscalationLevel, Kind
from bekhedmetkom.config.database.roles import RESET_ROW_SECURITY, WEB_ROLE
from bekhedmetkom.entities.queries import get_working_calendar
from bekhedmetkom.entities.table_cache import refresh_versions
from bekhedmetkom.identity.models import Membership, Officer
from bekhedmetkom.identity.queries import get_actor
from bekhedmetkom.identity.rules import Role
from bekhedmetkom.kernel.actor import Actor
from tests.personas import DAY, HOUR, NOON, Jordan

ABOVE = ("manager", "head", "minister", "office", "pm")
LIVE_WIRE = "سلك كهربا مكشوف وواقع على الأرض جنب مدرسة والأطفال بلعبوا حواليه"


@pytest.fixture
def jordan(jordan: Jordan) -> Jordan:
    """GAM stands below the minister here, as bodies of a sector do."""
    for name, role in (("minister", Role.MINISTER), ("office", Role.MINISTER_OFFICE)):
        Membership.objects.filter(role=role).update(entity=jordan.entities["GAM"])
        refresh_versions()
        jordan.people[name] = get_actor(Officer.objects.get(pk=jordan.people[name].id), NOON)
    return jordan


def days_after(case: Case, days: int) -> datetime:
    """Just after the working day on which a step of the ladder is reached."""
    return get_working_calendar().add_working_days_to_moment(case.due_at, days) + timedelta(minutes=1)


def has_it(jordan: Jordan, case: Case, at: datetime, people: Iterable[str] = ABOVE) -> set[str]:
    """On whose list of what was raised the case stands."""
    commands.sweep_deadlines(at)
    return {
        name
        for name in people
        if case.pk in {row.id for row in get_case_page(jordan.people[name], "escalated", at).items}
    }


def told(jordan: Jordan, case: Case, name: str, at: datetime) -> Any:
    return get_case_highlights(jordan.people[name], [case.pk], at)[case.pk].raised


def leaves(role: Role) -> None:
    Membership.objects.filter(role=role).update(valid_until=NOON)
    refresh_versions()


def test_two_idle_working_days_are_the_managers_matter(jordan: Jordan) -> None:
    case = jordan.create_case()
    assert has_it(jordan, case, NOON + 2 * DAY) == set()
    assert has_it(jordan, case, NOON + 3 * DAY) == {"manager"}
    word = told(jordan, case, "manager", NOON + 3 * DAY)
    assert (word.happened, word.level, word.ground) == (
        EventType.IDLE,
        EscalationLevel.MANAGER,
        case.idle_from,
    )
    assert (word.climbs_at, word.climbs_to) == (case.due_at, EscalationLevel.HEAD_OF_BODY)


def test_a_note_is_no_act_and_an_assignment_is(jordan: Jordan) -> None:
    case = jordan.create_case()
    commands.add_note(case=case.pk, seen=1, text="سأنظر فيه", actor=jordan.main, at=NOON + DAY)
    assert has_it(jordan, case, NOON + 3 * DAY) == {"manager"}
    case.refresh_from_db()
    commands.assign_case(
        case=case.pk, seen=case.seq, unit=jordan.roads, actor=jordan.manager, at=NOON + 3 * DAY
    )
    assert has_it(jordan, case, NOON + 3 * DAY + HOUR) == set()


def test_past_its_date_it_climbs_to_the_head_then_the_minister_then_the_cabinets_list(jordan: Jordan) -> None:
    case = jordan.create_case()
    for days, theirs, level in (
        (0, {"head"}, EscalationLevel.HEAD_OF_BODY),
        (3, {"minister", "office"}, EscalationLevel.MINISTER),
        (5, {"pm"}, EscalationLevel.PM_UNIT),
    ):
        at = days_after(case, days)
        assert has_it(jordan, case, at) - {"manager"} == theirs
        word = told(jordan, case, next(iter(theirs)), at)
        assert (word.happened, word.level, word.ground) == (EventType.OVERDUE, level, case.due_at)
    assert (word.climbs_at, word.climbs_to) == (None, None)


def test_an_instruction_does_not_stop_the_climb_and_is_said_beside_it(jordan: Jordan) -> None:
    case = jordan.create_case()
    at = days_after(case, 0)
    commands.sweep_deadlines(at)
    case.refresh_from_db()
    commands.give_instruction(
        case=case.pk, seen=case.seq, text="ردوا", until=at + 4 * DAY, actor=jordan.head, at=at + HOUR
    )
    word = told(jordan, case, "head", at + 2 * HOUR)
    assert (word.acts, word.last.by.en) == (1, "Head")
    assert word.climbs_to is EscalationLevel.MINISTER
    assert has_it(jordan, case, days_after(case, 3)) - {"manager"} == {"minister", "office"}


def test_an_answer_takes_it_off_every_list(jordan: Jordan) -> None:
    case = jordan.create_case()
    at = days_after(case, 3)
    commands.sweep_deadlines(at)
    case.refresh_from_db()
    commands.answer_case(
        case=case.pk, seen=case.seq, text="أُصلحت الحفرة أمس", disposition=Disposition.UPHELD, actor=jordan.minister,
        at=at + HOUR,
    )  # fmt: skip
    assert has_it(jordan, case, at + 10 * DAY) == set()


def test_what_a_person_raised_says_who_and_why(jordan: Jordan) -> None:
    case = jordan.create_case()
    commands.escalate_case(
        case=case.pk,
        seen=1,
        level=EscalationLevel.MINISTER,
        reason="المقاول متوقف",
        actor=jordan.main,
        at=NOON + HOUR,
    )
    assert has_it(jordan, case, NOON + 2 * HOUR) == {"minister", "office"}
    word = told(jordan, case, "minister", NOON + 2 * HOUR)
    assert (word.happened, word.by.en, word.reason) == (EventType.ESCALATED, "Main", "المقاول متوقف")
    assert word.climbs_to is EscalationLevel.PM_UNIT


@pytest.mark.parametrize(
    ("gone", "days", "theirs"),
    [
        ((Role.HEAD_OF_BODY,), 0, {"minister", "office"}),
        ((Role.MINISTER,), 3, {"office"}),
        ((Role.MINISTER, Role.MINISTER_OFFICE), 3, {"pm"}),
        ((Role.HEAD_OF_BODY, Role.MINISTER, Role.MINISTER_OFFICE), 0, {"pm"}),
    ],
)
def test_where_a_level_has_nobody_it_stands_on_the_next_ones_list(
    jordan: Jordan, gone: tuple[Role, ...], days: int, theirs: set[str]
) -> None:
    case = jordan.create_case()
    for role in gone:
        leaves(role)
    assert has_it(jordan, case, days_after(case, days)) - {"manager"} == theirs


def test_where_there_is_no_manager_an_idle_case_is_the_heads(jordan: Jordan) -> None:
    case = jordan.create_case()
    leaves(Role.MANAGER)
    assert has_it(jordan, case, NOON + 3 * DAY) == {"head"}


def test_what_is_urgent_is_told_to_the_duty_officer_within_hours_and_is_not_the_managers(
    jordan: Jordan,
) -> None:
    case = jordan.create_case(LIVE_WIRE)
    assert has_it(jordan, case, NOON + 3 * HOUR, (*ABOVE, "duty")) == {"duty"}
    assert has_it(jordan, case, NOON + 5 * HOUR, (*ABOVE, "duty")) == {"duty", "head"}


def test_a_need_to_know_case_that_is_late_stands_on_the_list_of_those_who_know_and_on_no_other(
    jordan: Jordan,
) -> None:
    case = jordan.create_case("مطعم بلا رخصة", kind=Kind.VIOLATION)
    for days in (0, 3, 5):
        assert has_it(jordan, case, days_after(case, days), (*ABOVE, "main", "inspector")) == {"inspector"}


def bare(officer: Actor, at: datetime) -> list[tuple[int, str, int]]:
    """As the web's own role sees it."""
    with connection.cursor() as cursor:
        cursor.execute(RESET_ROW_SECURITY)
        cursor.execute(f"SET LOCAL ROLE {WEB_ROLE}")
    row_security.allow_officer(officer)
    found = [
        (line.entity, str(line.level), line.number) for line in list_confidential_escalations(officer, at)
    ]
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute(RESET_ROW_SECURITY)
    return found


def test_its_official_reads_a_bare_line_that_climbs_and_says_nothing_of_it(jordan: Jordan) -> None:
    case = jordan.create_case("مطعم بلا رخصة", kind=Kind.VIOLATION)
    jordan.create_case("مطعم آخر بلا رخصة", kind=Kind.VIOLATION)
    gam = jordan.entities["GAM"]
    for days, theirs, level in (
        (0, {"head"}, "head_of_body"),
        (3, {"minister", "office"}, "minister"),
        (5, {"pm"}, "pm_unit"),
    ):
        at = days_after(case, days)
        commands.sweep_deadlines(at)
        lines = {
            name: found
            for name in (*ABOVE, "main", "rival", "inspector")
            if (found := bare(jordan.people[name], at))
        }
        assert lines == {name: [(gam, level, 2)] for name in theirs}
    line = list_confidential_escalations(jordan.pm, at)[0]
    assert set(line._fields) == {"entity", "level", "number", "since"}


def test_of_whom_it_complains_no_bare_line_speaks_to_them(jordan: Jordan) -> None:
    case = jordan.create_case("مطعم بلا رخصة", kind=Kind.VIOLATION)
    jordan.create_case("مطعم آخر بلا رخصة", kind=Kind.VIOLATION)
    commands.set_complaint_subject(
        case=case.pk, seen=1, officer=jordan.office.officer_id, actor=jordan.inspector, at=NOON + HOUR
    )
    at = days_after(case, 3)
    commands.sweep_deadlines(at)
    assert [number for _, _, number in bare(jordan.minister, at)] == [2]
    assert [number for _, _, number in bare(jordan.office, at)] == [1]


def test_what_was_raised_and_taken_back_was_not_raised(jordan: Jordan) -> None:
    case = jordan.create_case()
    at = NOON + HOUR
    commands.escalate_case(
        case=case.pk, seen=1, level=EscalationLevel.MINISTER, reason="المقاول متوقف", actor=jordan.main, at=at
    )
    commands.undo_action(case=case.pk, seen=2, actor=jordan.main, at=at + timedelta(seconds=5))
    assert get_case_highlights(jordan.minister, {case.pk}, at + HOUR)[case.pk].raised is None


def test_what_was_done_and_taken_back_is_no_act_since(jordan: Jordan) -> None:
    case = jordan.create_case()
    commands.escalate_case(
        case=case.pk,
        seen=1,
        level=EscalationLevel.MINISTER,
        reason="المقاول متوقف",
        actor=jordan.main,
        at=NOON + HOUR,
    )
    at = NOON + 2 * HOUR
    commands.assign_case(case=case.pk, seen=2, unit=jordan.roads, actor=jordan.main, at=at)
    commands.undo_action(case=case.pk, seen=3, actor=jordan.main, at=at + timedelta(seconds=5))
    word = told(jordan, case, "minister", at + HOUR)
    assert (word.acts, word.last) == (0, None)


def test_a_manager_answers_assigns_and_extends_what_was_raised(jordan: Jordan) -> None:
    case = jordan.create_case()
    commands.assign_case(case=case.pk, seen=1, unit=jordan.roads, actor=jordan.main, at=NOON)
    at = NOON + 3 * DAY
    commands.sweep_deadlines(at)
    case.refresh_from_db()
    before = case.due_at
    commands.extend_deadline(case=case.pk, seen=case.seq, reason="ننتظر الإسفلت", actor=jordan.manager, at=at)
    case.refresh_from_db()
    assert case.due_at > before
    assert has_it(jordan, case, at + HOUR) == set()
