"""Memberships decide: what an officer may do today, who serves a body, who reviews an appeal."""

from datetime import date, timedelta
from typing import NamedTuple

import pytest
from django.db import IntegrityError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from bekhedmetkom.entities.models import Entity
from bekhedmetkom.entities.table_cache import refresh_versions
from bekhedmetkom.identity import queries
from bekhedmetkom.identity.models import Membership, Officer
from bekhedmetkom.identity.rules import Role
from bekhedmetkom.kernel.actor import Grant
from tests.officer_factories import NOON, TODAY, create_body, create_officer, create_unit

pytestmark = pytest.mark.django_db


class Tree(NamedTuple):
    pm: Entity
    ministry: Entity
    city: Entity
    district: Entity
    rival: Entity


@pytest.fixture
def tree() -> Tree:
    pm = create_body("PM")
    ministry = create_body("MOLA", pm)
    city = create_body("GAM", ministry)
    return Tree(pm, ministry, city, create_body("GAM-01", city), create_body("MOH", pm))


def test_a_minister_reaches_every_body_below_and_no_other(
    tree: Tree, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    minister = create_officer(Role.MINISTER, tree.ministry)
    queries.get_actor(minister, NOON)  # the directory comes into memory

    with django_assert_num_queries(1):
        actor = queries.get_actor(minister, NOON)

    below = frozenset(e.pk for e in (tree.ministry, tree.city, tree.district))
    assert actor.grants == (Grant(Role.MINISTER, tree.ministry.pk, None, below),)
    assert actor.officer_id == minister.pk


def test_several_roles_are_several_grants_in_one_query(
    tree: Tree, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    roads = create_unit(tree.city)
    both = create_officer(Role.SUB_OFFICER, tree.city, roads)
    Membership.objects.create(officer=both, role=Role.PM_UNIT, valid_from=TODAY)
    queries.get_actor(both, NOON)

    with django_assert_num_queries(1):
        actor = queries.get_actor(both, NOON)

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
    who = create_officer(Role.MAIN_OFFICER, tree.city, since=since, until=until)

    assert bool(queries.get_actor(who, NOON).grants) is stands
    assert queries.list_role_holders(Role.MAIN_OFFICER, tree.city.pk, at=NOON) == ([who.pk] if stands else [])


def test_the_day_is_the_day_in_amman(tree: Tree) -> None:
    who = create_officer(Role.MAIN_OFFICER, tree.city, since=TODAY)
    eleven_at_night_in_london = NOON - timedelta(hours=10)  # 23 November there, 02:00 of the 24th in Amman

    assert queries.get_actor(who, eleven_at_night_in_london).grants


def test_who_was_deactivated_holds_nothing(tree: Tree) -> None:
    who = create_officer(Role.MAIN_OFFICER, tree.city)
    who.is_active = False
    who.save()

    assert not queries.get_actor(who, NOON).grants
    assert queries.list_role_holders(Role.MAIN_OFFICER, tree.city.pk, at=NOON) == []


def test_holders_can_be_asked_by_unit(tree: Tree) -> None:
    roads, lights = create_unit(tree.city, "ROADS"), create_unit(tree.city, "LIGHTS")
    in_roads, in_lights = (create_officer(Role.SUB_OFFICER, tree.city, u) for u in (roads, lights))

    assert queries.list_role_holders(Role.SUB_OFFICER, tree.city.pk, roads.pk, at=NOON) == [in_roads.pk]
    assert queries.list_role_holders(Role.SUB_OFFICER, tree.city.pk, at=NOON) == sorted(
        [in_roads.pk, in_lights.pk]
    )


def test_the_nearest_parent_with_a_holder_serves(tree: Tree) -> None:
    create_officer(Role.MAIN_OFFICER, tree.ministry)
    create_officer(Role.MAIN_OFFICER, tree.rival)
    assert queries.find_serving_body(Role.MAIN_OFFICER, tree.district.pk, NOON) == tree.ministry.pk

    create_officer(Role.MAIN_OFFICER, tree.city)
    assert queries.find_serving_body(Role.MAIN_OFFICER, tree.district.pk, NOON) == tree.city.pk
    assert queries.find_serving_body(Role.MAIN_OFFICER, tree.city.pk, NOON) == tree.city.pk


def test_where_nobody_serves_the_prime_ministry_unit_does(tree: Tree) -> None:
    assert queries.find_serving_body(Role.MAIN_OFFICER, tree.district.pk, NOON) is None

    create_officer(Role.PM_UNIT)

    assert queries.find_serving_body(Role.MAIN_OFFICER, tree.district.pk, NOON) == tree.pm.pk


def test_an_appeal_goes_to_who_never_handled_the_case(tree: Tree) -> None:
    handled, fresh = create_officer(Role.REVIEWER, tree.city), create_officer(Role.REVIEWER, tree.city)

    assert queries.find_reviewer(tree.city.pk, {handled.pk}, NOON) == fresh.pk


def test_in_a_body_with_one_reviewer_the_parents_reviews_then_the_prime_ministry_unit(tree: Tree) -> None:
    handled, follow_up = create_officer(Role.REVIEWER, tree.city), create_officer(Role.PM_UNIT)
    assert queries.find_reviewer(tree.city.pk, {handled.pk}, NOON) == follow_up.pk

    above = create_officer(Role.REVIEWER, tree.ministry)
    create_officer(Role.REVIEWER, tree.rival)
    assert queries.find_reviewer(tree.city.pk, {handled.pk}, NOON) == above.pk
    assert queries.find_reviewer(tree.city.pk, {handled.pk, above.pk}, NOON) == follow_up.pk
    assert queries.find_reviewer(tree.city.pk, {handled.pk, above.pk, follow_up.pk}, NOON) is None


def test_of_several_reviewers_the_one_with_less_to_do(tree: Tree) -> None:
    busy, free = create_officer(Role.REVIEWER, tree.city), create_officer(Role.REVIEWER, tree.city)

    assert queries.find_reviewer(tree.city.pk, (), NOON, load={busy.pk: 4, free.pk: 1}) == free.pk
    assert queries.find_reviewer(tree.city.pk, (), NOON) == busy.pk, "a tie goes to the lower id"


def test_colleagues_come_with_their_names_and_units(tree: Tree) -> None:
    roads = create_unit(tree.city)
    who = create_officer(Role.SUB_OFFICER, tree.city, roads)
    create_officer(Role.SUB_OFFICER, tree.rival, create_unit(tree.rival))

    assert queries.list_colleagues(tree.city.pk, NOON) == [
        queries.Colleague(who.pk, who.name, Role.SUB_OFFICER, roads.pk)
    ]
    assert queries.get_officer_names([who.pk, 0]) == {who.pk: who.name}


@pytest.mark.parametrize("role", [Role.SUB_OFFICER, Role.MAIN_OFFICER, Role.MINISTER, Role.REVIEWER])
def test_postgresql_refuses_a_role_without_its_place(role: Role) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        create_officer(role)


def test_postgresql_refuses_a_sub_officer_without_a_unit_and_a_unit_of_another_body(tree: Tree) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        create_officer(Role.SUB_OFFICER, tree.city)

    with pytest.raises(IntegrityError), transaction.atomic():
        create_officer(Role.SUB_OFFICER, tree.city, create_unit(tree.rival))
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_postgresql_refuses_the_same_role_twice_at_a_time(tree: Tree) -> None:
    who = create_officer(Role.MAIN_OFFICER, tree.city, until=TODAY)
    Membership.objects.create(officer=who, role=Role.MAIN_OFFICER, entity=tree.city, valid_from=TODAY)

    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(officer=who, role=Role.MAIN_OFFICER, entity=tree.city, valid_from=TODAY)


def test_postgresql_refuses_a_superuser_and_the_same_address_in_capitals() -> None:
    who = create_officer()
    with pytest.raises(IntegrityError), transaction.atomic():
        type(who).objects.filter(pk=who.pk).update(is_superuser=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        create_officer(email=who.email.upper())


def test_who_serves_whom_lies_in_memory_and_follows_every_change(
    tree: Tree, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    served = create_officer(Role.MAIN_OFFICER, tree.city)
    both = frozenset((tree.city.pk, tree.district.pk))
    refresh_versions()
    assert queries.get_role_coverage(NOON).get_bodies(Role.MAIN_OFFICER, tree.city.pk) == both
    with django_assert_num_queries(0):
        queries.get_role_coverage(NOON)

    held = create_officer(Role.MAIN_OFFICER, tree.district)
    refresh_versions()  # what every command does; by another door it takes ten seconds at most
    assert queries.get_role_coverage(NOON).get_bodies(Role.MAIN_OFFICER, tree.city.pk) == {tree.city.pk}
    Officer.objects.filter(pk=held.pk).update(is_active=False)
    refresh_versions()
    assert queries.get_role_coverage(NOON).get_bodies(Role.MAIN_OFFICER, tree.city.pk) == both
    Membership.objects.filter(officer=served).delete()
    refresh_versions()
    assert tree.city.pk in queries.get_role_coverage(NOON).get_uncovered_bodies(Role.MAIN_OFFICER)


def test_who_serves_whom_changes_at_midnight_without_any_change_of_a_row(tree: Tree) -> None:
    create_officer(Role.MAIN_OFFICER, tree.city, since=TODAY, until=TODAY + timedelta(days=2))
    refresh_versions()
    served = [
        tree.city.pk
        not in queries.get_role_coverage(NOON + timedelta(days=day)).get_uncovered_bodies(Role.MAIN_OFFICER)
        for day in (-1, 0, 1, 2)
    ]
    assert served == [False, True, True, False]
