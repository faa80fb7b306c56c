"""Memberships decide: what an officer may do today, who serves a body, who reviews an appeal."""

from datetime import date, timedelta
from typing import NamedTuple

import pytest
from django.db import IntegrityError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from bekhedmetkom.entities.models import Entity
from bekhedmetkom.entities.versions import ask_again
from bekhedmetkom.identity import queries
from bekhedmetkom.identity.models import Membership, Officer
from bekhedmetkom.identity.rules import Role
from bekhedmetkom.kernel.actor import Grant
from tests.people import NOON, TODAY, body, officer, unit

pytestmark = pytest.mark.django_db


class Tree(NamedTuple):
    pm: Entity
    ministry: Entity
    city: Entity
    district: Entity
    rival: Entity


@pytest.fixture
def tree() -> Tree:
    pm = body("PM")
    ministry = body("MOLA", pm)
    city = body("GAM", ministry)
    return Tree(pm, ministry, city, body("GAM-01", city), body("MOH", pm))


def test_a_minister_reaches_every_body_below_and_no_other(
    tree: Tree, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    minister = officer(Role.MINISTER, tree.ministry)
    queries.actor_of(minister, NOON)  # the directory comes into memory

    with django_assert_num_queries(1):
        actor = queries.actor_of(minister, NOON)

    below = frozenset(e.pk for e in (tree.ministry, tree.city, tree.district))
    assert actor.grants == (Grant(Role.MINISTER, tree.ministry.pk, None, below),)
    assert actor.officer_id == minister.pk


def test_several_roles_are_several_grants_in_one_query(
    tree: Tree, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    roads = unit(tree.city)
    both = officer(Role.SUB_OFFICER, tree.city, roads)
    Membership.objects.create(officer=both, role=Role.PM_UNIT, valid_from=TODAY)
    queries.actor_of(both, NOON)

    with django_assert_num_queries(1):
        actor = queries.actor_of(both, NOON)

    assert [(g.role, g.entity, g.unit) for g in actor.grants] == [
        (Role.SUB_OFFICER, tree.city.pk, roads.pk),
        (Role.PM_UNIT, None, None),
    ]


@pytest.mark.parametrize(
    ("since", "until", "stands"),
    [
        (TODAY, None, True),
        (TODAY + timedelta(days=1), None, False),
        (date(2026, 1, 1), TODAY, False),
        (date(2026, 1, 1), TODAY + timedelta(days=1), True),
    ],
)
def test_a_membership_stands_from_its_first_day_until_the_day_it_ends(
    tree: Tree, since: date, until: date | None, stands: bool
) -> None:
    who = officer(Role.MAIN_OFFICER, tree.city, since=since, until=until)

    assert bool(queries.actor_of(who, NOON).grants) is stands
    assert queries.holders(Role.MAIN_OFFICER, tree.city.pk, at=NOON) == ([who.pk] if stands else [])


def test_the_day_is_the_day_in_amman(tree: Tree) -> None:
    who = officer(Role.MAIN_OFFICER, tree.city, since=TODAY)
    eleven_at_night_in_london = NOON - timedelta(hours=10)  # 23 November there, 02:00 of the 24th in Amman

    assert queries.actor_of(who, eleven_at_night_in_london).grants


def test_who_was_deactivated_holds_nothing(tree: Tree) -> None:
    who = officer(Role.MAIN_OFFICER, tree.city)
    who.is_active = False
    who.save()

    assert not queries.actor_of(who, NOON).grants
    assert queries.holders(Role.MAIN_OFFICER, tree.city.pk, at=NOON) == []


def test_holders_can_be_asked_by_unit(tree: Tree) -> None:
    roads, lights = unit(tree.city, "ROADS"), unit(tree.city, "LIGHTS")
    in_roads, in_lights = (officer(Role.SUB_OFFICER, tree.city, u) for u in (roads, lights))

    assert queries.holders(Role.SUB_OFFICER, tree.city.pk, roads.pk, at=NOON) == [in_roads.pk]
    assert queries.holders(Role.SUB_OFFICER, tree.city.pk, at=NOON) == sorted([in_roads.pk, in_lights.pk])


def test_the_nearest_parent_with_a_holder_serves(tree: Tree) -> None:
    officer(Role.MAIN_OFFICER, tree.ministry)
    officer(Role.MAIN_OFFICER, tree.rival)
    assert queries.serving(Role.MAIN_OFFICER, tree.district.pk, NOON) == tree.ministry.pk

    officer(Role.MAIN_OFFICER, tree.city)
    assert queries.serving(Role.MAIN_OFFICER, tree.district.pk, NOON) == tree.city.pk
    assert queries.serving(Role.MAIN_OFFICER, tree.city.pk, NOON) == tree.city.pk


def test_where_nobody_serves_the_prime_ministry_unit_does(tree: Tree) -> None:
    assert queries.serving(Role.MAIN_OFFICER, tree.district.pk, NOON) is None

    officer(Role.PM_UNIT)

    assert queries.serving(Role.MAIN_OFFICER, tree.district.pk, NOON) == tree.pm.pk


def test_an_appeal_goes_to_who_never_handled_the_case(tree: Tree) -> None:
    handled, fresh = officer(Role.REVIEWER, tree.city), officer(Role.REVIEWER, tree.city)

    assert queries.reviewer_for(tree.city.pk, {handled.pk}, NOON) == fresh.pk


def test_in_a_body_with_one_reviewer_the_parents_reviews_then_the_prime_ministry_unit(tree: Tree) -> None:
    handled, follow_up = officer(Role.REVIEWER, tree.city), officer(Role.PM_UNIT)
    assert queries.reviewer_for(tree.city.pk, {handled.pk}, NOON) == follow_up.pk

    above = officer(Role.REVIEWER, tree.ministry)
    officer(Role.REVIEWER, tree.rival)
    assert queries.reviewer_for(tree.city.pk, {handled.pk}, NOON) == above.pk
    assert queries.reviewer_for(tree.city.pk, {handled.pk, above.pk}, NOON) == follow_up.pk
    assert queries.reviewer_for(tree.city.pk, {handled.pk, above.pk, follow_up.pk}, NOON) is None


def test_of_several_reviewers_the_one_with_less_to_do(tree: Tree) -> None:
    busy, free = officer(Role.REVIEWER, tree.city), officer(Role.REVIEWER, tree.city)

    assert queries.reviewer_for(tree.city.pk, (), NOON, load={busy.pk: 4, free.pk: 1}) == free.pk
    assert queries.reviewer_for(tree.city.pk, (), NOON) == busy.pk, "a tie goes to the lower id"


def test_colleagues_come_with_their_names_and_units(tree: Tree) -> None:
    roads = unit(tree.city)
    who = officer(Role.SUB_OFFICER, tree.city, roads)
    officer(Role.SUB_OFFICER, tree.rival, unit(tree.rival))

    assert queries.colleagues(tree.city.pk, NOON) == [
        queries.Colleague(who.pk, who.name, Role.SUB_OFFICER, roads.pk)
    ]
    assert queries.names([who.pk, 0]) == {who.pk: who.name}


@pytest.mark.parametrize("role", [Role.SUB_OFFICER, Role.MAIN_OFFICER, Role.MINISTER, Role.REVIEWER])
def test_postgresql_refuses_a_role_without_its_place(role: Role) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        officer(role)


def test_postgresql_refuses_a_sub_officer_without_a_unit_and_a_unit_of_another_body(tree: Tree) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        officer(Role.SUB_OFFICER, tree.city)

    with pytest.raises(IntegrityError), transaction.atomic():
        officer(Role.SUB_OFFICER, tree.city, unit(tree.rival))
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_postgresql_refuses_the_same_role_twice_at_a_time(tree: Tree) -> None:
    who = officer(Role.MAIN_OFFICER, tree.city, until=TODAY)
    Membership.objects.create(officer=who, role=Role.MAIN_OFFICER, entity=tree.city, valid_from=TODAY)

    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(officer=who, role=Role.MAIN_OFFICER, entity=tree.city, valid_from=TODAY)


def test_postgresql_refuses_a_superuser_and_the_same_address_in_capitals() -> None:
    who = officer()
    with pytest.raises(IntegrityError), transaction.atomic():
        type(who).objects.filter(pk=who.pk).update(is_superuser=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        officer(email=who.email.upper())


def test_who_serves_whom_lies_in_memory_and_follows_every_change(
    tree: Tree, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    served = officer(Role.MAIN_OFFICER, tree.city)
    both = frozenset((tree.city.pk, tree.district.pk))
    ask_again()
    assert queries.service_at(NOON).of(Role.MAIN_OFFICER, tree.city.pk) == both
    with django_assert_num_queries(0):
        queries.service_at(NOON)

    held = officer(Role.MAIN_OFFICER, tree.district)
    ask_again()  # what every command does; by another door it takes ten seconds at most
    assert queries.service_at(NOON).of(Role.MAIN_OFFICER, tree.city.pk) == {tree.city.pk}
    Officer.objects.filter(pk=held.pk).update(is_active=False)
    ask_again()
    assert queries.service_at(NOON).of(Role.MAIN_OFFICER, tree.city.pk) == both
    Membership.objects.filter(officer=served).delete()
    ask_again()
    assert tree.city.pk in queries.service_at(NOON).nobodys(Role.MAIN_OFFICER)


def test_who_serves_whom_changes_at_midnight_without_any_change_of_a_row(tree: Tree) -> None:
    officer(Role.MAIN_OFFICER, tree.city, since=TODAY, until=TODAY + timedelta(days=2))
    ask_again()
    served = [
        tree.city.pk not in queries.service_at(NOON + timedelta(days=day)).nobodys(Role.MAIN_OFFICER)
        for day in (-1, 0, 1, 2)
    ]
    assert served == [False, True, True, False]
