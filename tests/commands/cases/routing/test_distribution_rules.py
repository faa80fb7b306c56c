"""What a body's own rules do with what comes in, what they leave alone, and what a dry run says of them."""

from typing import Any

import pytest

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.models import Case, Event
from bekhedmetkom.cases.queries import find_desk_case, propose_assignment, run_rule_trial, verify_journal
from bekhedmetkom.catalogue.rules import Kind
from bekhedmetkom.entities.models import ChangeRecord
from bekhedmetkom.identity.commands import take_leave
from bekhedmetkom.identity.models import Membership, Officer
from bekhedmetkom.identity.queries import get_actor
from bekhedmetkom.interfaces.jobs.due_jobs import DueJobs
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.errors import InvalidInput, NotAllowed
from bekhedmetkom.routing.models import Rule
from bekhedmetkom.routing.queries import list_unit_rules
from bekhedmetkom.routing.rules import AssignmentMethod
from tests.personas import DAY, HOUR, NOON, Jordan


def now(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def add(jordan: Jordan, **given: Any) -> int:
    fields: dict[str, Any] = {
        "entity": jordan.entities["GAM"],
        "unit": jordan.roads,
        "actor": jordan.main,
        "at": NOON,
    }
    return commands.add_distribution_rule(**fields | given)


@pytest.fixture
def second(jordan: Jordan) -> Officer:
    """Another officer of the roads unit."""
    made = Officer.objects.create(email="second@example.jo", name_ar="رامي الثاني", name_en="Rami")
    Membership.objects.create(
        officer=made, role="sub_officer", entity_id=jordan.entities["GAM"], unit_id=jordan.roads,
        valid_from=get_local_date(NOON - 300 * DAY),
    )  # fmt: skip
    return made


def test_an_automatic_rule_gives_what_comes_in_once_and_says_which_rule(jordan: Jordan) -> None:
    rule = add(jordan, give=AssignmentMethod.LEAST_LOADED, automatic=True)
    case = jordan.create_case()
    due = DueJobs()
    due.run_minute(NOON + HOUR)
    due.run_minute(NOON + HOUR)
    row = now(case)
    assert (row.state, row.unit_id, row.officer_id) == (
        "assigned",
        jordan.roads,
        jordan.roads_officer.officer_id,
    )
    event = Event.objects.get(case=case, kind="case.assigned")
    assert (event.actor, event.data["rule"], event.data["by"]) == ("clock", rule, None)
    shown = find_desk_case(jordan.main, case.reference, NOON + HOUR)
    assert shown
    assert shown.journal[0].words.en.endswith("by the body's rules")
    assert list(verify_journal()) == []


def test_a_rule_that_proposes_does_nothing_by_itself(jordan: Jordan) -> None:
    add(jordan)
    case = jordan.create_case()
    assert commands.distribute_cases(NOON + HOUR) == 0
    found = propose_assignment(case.standing, NOON)
    assert found and found.rule.unit == jordan.roads


def test_the_first_rule_that_fits_decides_even_where_it_only_proposes(jordan: Jordan) -> None:
    add(jordan)
    add(jordan, unit=jordan.lighting, service=jordan.services["GAM-002"], automatic=True)
    jordan.create_case(service=jordan.services["GAM-002"])
    assert commands.distribute_cases(NOON + HOUR) == 0
    last = list_unit_rules(jordan.entities["GAM"])[-1]
    commands.raise_distribution_rule(rule=last.id, actor=jordan.main, at=NOON)
    assert commands.distribute_cases(NOON + HOUR) == 1


def test_cases_are_shared_by_what_each_has_in_hand_and_nobody_on_leave_is_given_any(
    jordan: Jordan, second: Officer
) -> None:
    add(jordan, give=AssignmentMethod.LEAST_LOADED, automatic=True)
    cases = [jordan.create_case() for _ in range(4)]
    assert commands.distribute_cases(NOON + HOUR) == 4
    held = [now(case).officer_id for case in cases]
    assert held.count(second.pk) == held.count(jordan.roads_officer.officer_id) == 2
    today = get_local_date(NOON)
    take_leave(since=today, until=today + 5 * DAY, deputy=None, actor=get_actor(second, NOON), at=NOON)
    later = [jordan.create_case() for _ in range(2)]
    commands.distribute_cases(NOON + 2 * HOUR)
    assert {now(case).officer_id for case in later} == {jordan.roads_officer.officer_id}


def test_who_knows_the_topic_is_given_it(jordan: Jordan, second: Officer) -> None:
    topic = jordan.services["GAM-002"]
    commands.add_skill(
        entity=jordan.entities["GAM"], officer=second.pk, topic=topic, actor=jordan.main, at=NOON
    )
    add(jordan, give=AssignmentMethod.SKILLED, automatic=True)
    case, other = jordan.create_case(service=topic), jordan.create_case(service=jordan.services["GAM-001"])
    commands.distribute_cases(NOON + HOUR)
    assert now(case).officer_id == second.pk
    assert (now(other).unit_id, now(other).officer_id) == (jordan.roads, None)


@pytest.mark.parametrize("what", ["kept", "triage", "referred", "recused", "handed_back", "withdrawn"])
def test_what_rules_leave_alone(jordan: Jordan, what: str) -> None:
    add(jordan, automatic=True)
    if what == "kept":
        case = jordan.create_case(kind=Kind.VIOLATION)
    elif what == "triage":
        case = jordan.create_case("عندي موضوع", entity=None)
    elif what == "referred":
        case = jordan.create_case(entity=jordan.entities["MOH"])
        commands.refer_case(
            case=case.pk, seen=1, actor=jordan.rival, at=NOON, entity=jordan.entities["GAM"], reason="لهم"
        )
    else:
        case = jordan.create_case()
    if what == "recused":
        commands.recuse_officer(case=case.pk, seen=1, actor=jordan.main, at=NOON, reason="قريبي")
    if what == "handed_back":
        commands.assign_case(case=case.pk, seen=1, actor=jordan.main, at=NOON, unit=jordan.roads)
        commands.return_case(case=case.pk, seen=2, actor=jordan.roads_officer, at=NOON, reason="ليس لنا")
    if what == "withdrawn":
        commands.withdraw_case(case=case.pk, seen=None, actor=jordan.get_citizen(case), at=NOON)
    before = now(case).seq
    assert commands.distribute_cases(NOON + HOUR) == 0
    assert now(case).seq == before


def test_a_rule_never_gives_a_complaint_to_whom_it_is_about(jordan: Jordan, second: Officer) -> None:
    add(jordan, give=AssignmentMethod.LEAST_LOADED, automatic=True)
    add(jordan, unit=jordan.lighting, governorate=jordan.governorates["GOV-AM"], automatic=True)
    case = jordan.create_case()
    commands.set_complaint_subject(
        case=case.pk, seen=1, actor=jordan.main, at=NOON, officer=jordan.roads_officer.officer_id
    )
    of_unit = jordan.create_case(about_unit="ROADS", governorate=jordan.governorates["GOV-AM"])
    commands.distribute_cases(NOON + HOUR)
    assert now(case).officer_id == second.pk
    assert now(of_unit).unit_id == jordan.lighting


def test_rules_are_the_bodys_own_and_every_change_is_written_down(jordan: Jordan) -> None:
    with pytest.raises(NotAllowed):
        add(jordan, actor=jordan.rival)
    with pytest.raises(NotAllowed):
        add(jordan, actor=jordan.roads_officer)
    with pytest.raises(InvalidInput):
        add(jordan, entity=jordan.entities["GAM-01"])
    rule = add(jordan)
    with pytest.raises(InvalidInput):
        add(jordan, unit=jordan.lighting)
    commands.end_distribution_rule(rule=rule, actor=jordan.main, at=NOON)
    commands.end_distribution_rule(rule=rule, actor=jordan.main, at=NOON)
    assert Rule.objects.get(pk=rule).ended_on == get_local_date(NOON)
    assert list_unit_rules(jordan.entities["GAM"]) == []
    assert ChangeRecord.objects.filter(model="routing.Rule", key=str(rule)).count() == 2
    add(jordan, unit=jordan.lighting)


def test_the_dry_run_says_where_cases_would_have_gone_and_changes_nothing(jordan: Jordan) -> None:
    place = jordan.governorates["GOV-AM"]
    add(jordan, unit=jordan.lighting, governorate=place, give=AssignmentMethod.LEAST_LOADED)
    alike, otherwise, undone = (jordan.create_case(governorate=place) for _ in range(3))
    jordan.create_case()  # no rule fits
    jordan.create_case(kind=Kind.VIOLATION, governorate=place)
    jordan.create_case(at=NOON - 40 * DAY, governorate=place)
    commands.assign_case(case=alike.pk, seen=1, actor=jordan.main, at=NOON, unit=jordan.lighting)
    commands.assign_case(case=otherwise.pk, seen=1, actor=jordan.main, at=NOON, unit=jordan.roads)
    events = Event.objects.count()
    found = run_rule_trial(jordan.main, jordan.entities["GAM"], NOON + HOUR)
    assert (found.cases, found.unruled, found.undone) == (4, 1, 2)
    assert {(share.unit.en, share.rules, share.people, share.both) for share in found.shares} == {
        ("Street lighting", 3, 1, 1), ("Street maintenance", 0, 1, 0),
    }  # fmt: skip
    [flow] = found.flows
    assert (flow.people and flow.people.en, flow.rules and flow.rules.en, flow.cases) == (
        "Street maintenance", "Street lighting", 1,
    )  # fmt: skip
    assert found.officers == [(jordan.lighting_officer.officer_id, 3)]
    assert Event.objects.count() == events
    assert now(undone).unit_id is None


def test_what_names_somebody_in_words_waits_for_whoever_says_who_that_is(jordan: Jordan) -> None:
    add(jordan, automatic=True)
    case = jordan.create_case(about_employee="سامي الحسن")
    assert commands.distribute_cases(NOON + HOUR) == 0
    lamps = jordan.lighting_officer.officer_id
    commands.set_complaint_subject(case=case.pk, seen=1, officer=lamps, actor=jordan.main, at=NOON + 2 * HOUR)
    assert commands.distribute_cases(NOON + 3 * HOUR) == 1
