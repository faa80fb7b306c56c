"""Who may do what to which case: the reach of each role, and what care, recusal and one's own draft take away."""

from dataclasses import replace

import pytest

from bekhedmetkom.cases.rules.access import has_permission
from bekhedmetkom.cases.rules.actions import list_possible_actions
from bekhedmetkom.cases.rules.states import State
from bekhedmetkom.catalogue.rules import Disposition, Handling
from bekhedmetkom.identity.rules import ROLE_PERMISSIONS, Permission, Role
from bekhedmetkom.kernel.actor import CLOCK, Actor, ActorKind, Grant
from tests.rules.cases.test_deadlines import standing

GAM, DISTRICT, RIVAL, PM = 1, 11, 2, 3
ROADS, LIGHTING = 100, 101
BELOW = {
    GAM: frozenset({GAM, DISTRICT}),
    RIVAL: frozenset({RIVAL}),
    PM: frozenset({GAM, DISTRICT, RIVAL, PM}),
}


def officer(role: Role, entity: int = GAM, unit: int | None = None, key: int = 7) -> Actor:
    return Actor(ActorKind.OFFICER, str(key), (Grant(role, entity, unit, BELOW[entity]),))


CASE = replace(standing(), entity_id=GAM, unit_id=ROADS, state=State.ASSIGNED)


@pytest.mark.parametrize("role", list(Role))
def test_a_rival_bodys_officer_of_any_role_reads_nothing(role: Role) -> None:
    nationwide = role in (Role.PM_UNIT,)
    assert has_permission(officer(role, RIVAL, ROADS), Permission.READ, CASE) == nationwide


def test_a_sub_officer_has_the_units_cases_and_no_others() -> None:
    assert has_permission(officer(Role.SUB_OFFICER, unit=ROADS), Permission.ANSWER, CASE)
    assert not has_permission(officer(Role.SUB_OFFICER, unit=LIGHTING), Permission.READ, CASE)
    assert not has_permission(
        officer(Role.SUB_OFFICER, unit=ROADS), Permission.READ, replace(CASE, unit_id=None)
    )


def test_a_main_officer_follows_every_body_below_and_none_above() -> None:
    assert has_permission(officer(Role.MAIN_OFFICER), Permission.ASSIGN, replace(CASE, entity_id=DISTRICT))
    assert not has_permission(officer(Role.MAIN_OFFICER), Permission.READ, replace(CASE, entity_id=PM))


@pytest.mark.parametrize(
    ("care", "role"),
    [(Handling.INSPECTION, Role.INSPECTOR), (Handling.HUMAN_RIGHTS, Role.COORDINATOR),
     (Handling.PROTECTED, Role.COORDINATOR)],
)  # fmt: skip
def test_a_need_to_know_case_is_found_by_its_own_role_alone(care: Handling, role: Role) -> None:
    secret = replace(CASE, care=care, withheld=True)
    able = {
        r
        for r in Role
        for entity in BELOW
        if has_permission(officer(r, entity, ROADS), Permission.READ, secret)
    }
    assert able == {role}


def test_whoever_a_need_to_know_case_is_given_to_by_name_can_work_on_it() -> None:
    secret = replace(CASE, care=Handling.HUMAN_RIGHTS, withheld=True, officer_id=7)
    assert has_permission(officer(Role.SUB_OFFICER, unit=ROADS), Permission.ANSWER, secret)
    assert not has_permission(officer(Role.SUB_OFFICER, unit=ROADS, key=8), Permission.READ, secret)


def test_who_stepped_aside_no_longer_sees_the_case() -> None:
    for role in Role:
        assert not has_permission(officer(role), Permission.READ, replace(CASE, recused=(7,)))


def test_administrators_the_clock_and_citizens_have_no_officers_verb() -> None:
    for permission in Permission:
        assert not has_permission(CLOCK, permission, CASE)
        assert not has_permission(Actor.citizen("BK-7F3K-92MD"), permission, CASE)
        assert permission in (Permission.MANAGE, Permission.ARRANGE) or not has_permission(
            officer(Role.ADMINISTRATOR), permission, CASE
        )


def test_an_urgent_case_reaches_the_duty_officer_and_an_ordinary_one_does_not() -> None:
    assert has_permission(officer(Role.DUTY_OFFICER), Permission.ANSWER, replace(CASE, urgent=True))
    assert not has_permission(officer(Role.DUTY_OFFICER), Permission.READ, CASE)


def test_nobody_approves_confirms_or_sends_back_their_own_draft() -> None:
    waiting = replace(CASE, state=State.AWAITING_APPROVAL, drafted_by_id=7)
    assert not {"approve", "send-back"} & set(
        list_possible_actions(officer(Role.HEAD_OF_BODY), waiting, needs_approval=True)
    )
    assert {"approve", "send-back"} <= set(
        list_possible_actions(officer(Role.HEAD_OF_BODY, key=8), waiting, needs_approval=True)
    )


def test_a_finding_of_abuse_is_confirmed_and_never_approved() -> None:
    waiting = replace(CASE, state=State.AWAITING_APPROVAL, drafted_by_id=9, disposition=Disposition.ABUSE)
    verbs = list_possible_actions(officer(Role.HEAD_OF_BODY), waiting, needs_approval=True)
    assert "confirm" in verbs
    assert "approve" not in verbs


def test_where_replies_are_approved_nobody_answers_past_the_approver() -> None:
    verbs = list_possible_actions(officer(Role.SUB_OFFICER, unit=ROADS), CASE, needs_approval=True)
    assert "submit" in verbs
    assert "answer" not in verbs


def test_the_handler_does_not_extend_their_own_term() -> None:
    assert "extend" in list_possible_actions(officer(Role.MANAGER), CASE, needs_approval=False)
    assert "extend" not in list_possible_actions(
        officer(Role.MANAGER), replace(CASE, officer_id=7), needs_approval=False
    )


def test_who_would_handle_a_case_that_names_nobody_does_not_extend_it_as_their_own_manager() -> None:
    grants = tuple(Grant(role, GAM, None, BELOW[GAM]) for role in (Role.MAIN_OFFICER, Role.MANAGER))
    both = Actor(ActorKind.OFFICER, "7", grants)
    assert "extend" not in list_possible_actions(both, CASE, needs_approval=False)
    assert "extend" in list_possible_actions(both, replace(CASE, officer_id=8), needs_approval=False)
    assert "extend" in list_possible_actions(officer(Role.MANAGER), CASE, needs_approval=False)


def test_a_need_to_know_case_is_extended_from_a_body_above_by_who_may_know_of_it() -> None:
    secret = replace(
        CASE,
        entity_id=DISTRICT,
        unit_id=None,
        care=Handling.INSPECTION,
        withheld=True,
        officer_id=9,
        handlers=(9,),
    )
    extends = {
        (role, entity) for role in Role for entity in (*BELOW, DISTRICT)
        if "extend" in list_possible_actions(above(role, entity), secret, needs_approval=False)
    }  # fmt: skip
    assert extends == {(Role.INSPECTOR, GAM), (Role.INSPECTOR, PM)}
    for hand in (
        replace(secret, officer_id=None),
        replace(secret, handlers=(7, 9)),
        replace(secret, officer_id=7),
    ):
        assert "extend" not in list_possible_actions(above(Role.INSPECTOR, GAM), hand, needs_approval=False)


def above(role: Role, entity: int) -> Actor:
    below = BELOW.get(entity, frozenset({entity}))
    return Actor(ActorKind.OFFICER, "7", (Grant(role, entity, None, below),))


def test_an_appeal_is_decided_by_its_reviewer_alone() -> None:
    appealed = replace(CASE, state=State.APPEALED, reviewer_id=7)
    assert "decide" in list_possible_actions(officer(Role.REVIEWER), appealed, needs_approval=False)
    assert "decide" not in list_possible_actions(
        officer(Role.REVIEWER, key=8), appealed, needs_approval=False
    )


def test_every_role_is_in_the_table() -> None:
    assert set(ROLE_PERMISSIONS) == set(Role)
