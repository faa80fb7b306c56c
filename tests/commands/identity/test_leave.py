"""Leave: who may be away when, who deputises, and what is written of it."""

from datetime import timedelta

import pytest

from bekhedmetkom.entities.models import ChangeRecord, Entity
from bekhedmetkom.identity import commands, queries
from bekhedmetkom.identity.models import Leave, Officer
from bekhedmetkom.identity.rules import Role
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import InvalidInput, NotAllowed
from tests.officer_factories import NOON, TODAY, create_body, create_officer, create_unit

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def city() -> Entity:
    return create_body("GAM", create_body("PM"))


@pytest.fixture
def layla(city: Entity) -> Officer:
    return create_officer(Role.MAIN_OFFICER, city)


@pytest.fixture
def roads(city: Entity) -> Officer:
    return create_officer(Role.SUB_OFFICER, city, create_unit(city))


def of(who: Officer, days: int = 0) -> Actor:
    return queries.get_actor(who, NOON + days * DAY)


def away(who: Officer, since: int = 1, until: int = 4, deputy: Officer | None = None) -> int:
    return commands.take_leave(
        since=TODAY + since * DAY, until=TODAY + until * DAY, deputy=deputy.pk if deputy else None, actor=of(who),
        at=NOON,
    )  # fmt: skip


def test_a_leave_is_written_down_with_its_deputy(layla: Officer, roads: Officer) -> None:
    key = away(layla, deputy=roads)
    change = ChangeRecord.objects.get(model="identity.Leave", key=str(key))
    assert (change.actor, change.after and change.after["deputy_id"]) == (f"officer:{layla.pk}", roads.pk)


@pytest.mark.parametrize(
    ("since", "until", "field"), [(-1, 3, "since"), (2, 2, "until"), (2, 1, "until"), (1, 400, "until")]
)
def test_days_that_make_no_leave_are_refused(layla: Officer, since: int, until: int, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        away(layla, since, until)
    assert [error.field for error in refused.value.errors] == [field]
    assert not Leave.objects.exists()


def test_nobody_is_on_leave_twice_at_once(layla: Officer) -> None:
    away(layla, 1, 4)
    with pytest.raises(InvalidInput):
        away(layla, 3, 6)
    away(layla, 4, 6)


def test_a_deputy_is_a_colleague_who_is_there(layla: Officer, roads: Officer, city: Entity) -> None:
    stranger = create_officer(Role.MAIN_OFFICER, create_body("MOH", Entity.objects.get(code="PM")))
    for nobody in (stranger, layla):
        with pytest.raises(InvalidInput):
            away(layla, deputy=nobody)
    away(roads, 2, 3)
    with pytest.raises(InvalidInput):
        away(layla, deputy=roads)


def test_whoever_is_back_early_says_so_and_a_leave_to_come_is_struck_out(
    layla: Officer, roads: Officer
) -> None:
    key = away(layla)
    commands.end_leave(leave=key, actor=of(layla), at=NOON + 2 * DAY)
    assert Leave.objects.get().until == TODAY + 2 * DAY
    other = away(layla, 10, 12)
    with pytest.raises(NotAllowed):
        commands.end_leave(leave=other, actor=of(roads), at=NOON)
    commands.end_leave(leave=other, actor=of(layla), at=NOON)
    assert (
        ChangeRecord.objects.filter(model="identity.Leave", key=str(other), after__isnull=True).count() == 1
    )


def test_a_deputy_of_a_main_officer_distributes_meanwhile(
    layla: Officer, roads: Officer, city: Entity
) -> None:
    away(layla, 1, 4, roads)
    held = [{grant.role for grant in of(roads, day).grants} for day in range(5)]
    both = {"sub_officer", "main_officer"}
    assert held == [{"sub_officer"}, both, both, both, {"sub_officer"}]
    assert [of(roads, day).absent_colleagues for day in (0, 1, 4)] == [frozenset(), {layla.pk}, frozenset()]
    assert queries.find_serving_body(Role.MAIN_OFFICER, city.pk, NOON + DAY) == city.pk


def test_whose_only_main_officer_is_away_without_deputy_is_served_from_above(
    layla: Officer, roads: Officer, city: Entity
) -> None:
    above = create_officer(Role.MAIN_OFFICER, Entity.objects.get(code="PM"))
    away(layla, 1, 4)
    served = [queries.find_serving_body(Role.MAIN_OFFICER, city.pk, NOON + day * DAY) for day in (0, 1, 3, 4)]
    pm = Entity.objects.get(code="PM").pk
    assert served == [city.pk, pm, pm, city.pk]
    assert city.pk in queries.get_role_coverage(NOON + DAY).get_bodies(Role.MAIN_OFFICER, pm)
    assert city.pk not in queries.get_role_coverage(NOON + 4 * DAY).get_bodies(Role.MAIN_OFFICER, pm)
    assert above


def test_an_approver_deputises_for_no_main_officer(layla: Officer, city: Entity) -> None:
    approver = create_officer(Role.APPROVER, city)
    away(layla, 1, 4, approver)
    assert {grant.role for grant in of(approver, 1).grants} == {"approver"}
    assert queries.find_serving_body(Role.MAIN_OFFICER, city.pk, NOON + DAY) is None


def test_no_appeal_goes_to_who_is_away(city: Entity) -> None:
    first, second = create_officer(Role.REVIEWER, city), create_officer(Role.REVIEWER, city)
    away(first)
    assert queries.find_reviewer(city.pk, (), NOON) == first.pk
    assert queries.find_reviewer(city.pk, (), NOON + DAY) == second.pk
