"""What must be true of the table of roles, whoever edits it."""

import pytest

from bekhedmetkom.identity.rules import ROLE_LABELS, ROLE_PERMISSIONS, Permission, Reach, Role

P = Permission


def test_every_role_has_its_row_and_its_words() -> None:
    assert set(ROLE_PERMISSIONS) == set(Role) == set(ROLE_LABELS)
    assert all(words.ar.strip() and words.en.strip() for words in ROLE_LABELS.values())
    assert len({words.ar for words in ROLE_LABELS.values()}) == len(Role)


def test_administrators_manage_and_touch_no_case() -> None:
    assert set(ROLE_PERMISSIONS[Role.ADMINISTRATOR]) == {P.MANAGE, P.ARRANGE}
    assert [role for role in Role if P.MANAGE in ROLE_PERMISSIONS[role]] == [Role.ADMINISTRATOR]


@pytest.mark.parametrize("role", Role)
def test_nobody_approves_what_they_draft(role: Role) -> None:
    assert not {P.APPROVE, P.DRAFT} <= set(ROLE_PERMISSIONS[role])


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_who_acts_on_cases_reads_them_as_far_as_the_widest_of_their_verbs(role: Role) -> None:
    grants = ROLE_PERMISSIONS[role]
    widths = list(Reach)
    assert widths.index(grants[P.READ]) == max(widths.index(reach) for reach in grants.values())


def test_appeals_are_decided_by_reviewers_and_where_none_was_found_by_the_prime_ministry() -> None:
    deciding = {role: ROLE_PERMISSIONS[role][P.DECIDE] for role in Role if P.DECIDE in ROLE_PERMISSIONS[role]}
    assert deciding == {Role.REVIEWER: Reach.ASSIGNED, Role.PM_UNIT: Reach.ALL}
    assert set(ROLE_PERMISSIONS[Role.REVIEWER].values()) == {Reach.ASSIGNED}


def test_a_withheld_name_is_seen_only_for_a_call_back_that_was_given_to_one() -> None:
    revealing = {
        role: ROLE_PERMISSIONS[role][P.REVEAL] for role in Role if P.REVEAL in ROLE_PERMISSIONS[role]
    }
    assert revealing == {Role.AGENT: Reach.ASSIGNED, Role.PM_UNIT: Reach.ASSIGNED}


def test_only_the_prime_ministry_unit_reaches_the_whole_country_on_cases() -> None:
    everywhere = [
        role
        for role in Role
        if Reach.ALL in ROLE_PERMISSIONS[role].values() and role is not Role.ADMINISTRATOR
    ]
    assert everywhere == [Role.PM_UNIT]


def test_longer_terms_come_from_a_higher_officer() -> None:
    """Whoever knows of confidential cases handles them, and extends those of bodies below (cases.rules.verbs)."""
    handlers = {role for role in Role if P.DRAFT in ROLE_PERMISSIONS[role]}
    assert {role for role in handlers if P.EXTEND in ROLE_PERMISSIONS[role]} == {
        Role.INSPECTOR,
        Role.COORDINATOR,
    }


@pytest.mark.parametrize("permission", Permission)
def test_every_permission_is_somebodys(permission: Permission) -> None:
    assert any(permission in grants for grants in ROLE_PERMISSIONS.values())
