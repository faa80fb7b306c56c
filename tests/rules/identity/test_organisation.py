"""Who works under whom: by rank at one body, under its head and minister at those below, by the tree of units."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bekhedmetkom.identity.organisation import Organisation, Post
from bekhedmetkom.identity.rules import Role

PM, MINISTRY, CITY, DISTRICT, RIVAL = 1, 2, 3, 4, 5
BODIES = {
    PM: (PM,),
    MINISTRY: (PM, MINISTRY),
    CITY: (PM, MINISTRY, CITY),
    DISTRICT: (PM, MINISTRY, CITY, DISTRICT),
    RIVAL: (PM, RIVAL),
}
WORKS, ROADS, POTHOLES, LIGHTS = 10, 11, 12, 13
UNITS = {
    WORKS: (WORKS,),
    ROADS: (WORKS, ROADS),
    POTHOLES: (WORKS, ROADS, POTHOLES),
    LIGHTS: (WORKS, LIGHTS),
}
R = Role
X, A = 1, 2  # whom the complaint is about, and somebody else


def concerned(about: Post, other: Post) -> bool:
    return other.officer in Organisation([about, other], BODIES, UNITS).list_concerned(about.officer, None)


@pytest.mark.parametrize(
    ("about", "other", "under"),
    [
        (Post(X, R.HEAD_OF_BODY, CITY), Post(A, R.MAIN_OFFICER, CITY), True),
        (Post(X, R.HEAD_OF_BODY, CITY), Post(A, R.SUB_OFFICER, CITY, ROADS), True),
        (Post(X, R.HEAD_OF_BODY, CITY), Post(A, R.HEAD_OF_BODY, DISTRICT), True),
        (Post(X, R.HEAD_OF_BODY, CITY), Post(A, R.HEAD_OF_BODY, CITY), False),
        (Post(X, R.HEAD_OF_BODY, CITY), Post(A, R.MINISTER, MINISTRY), False),
        (Post(X, R.HEAD_OF_BODY, CITY), Post(A, R.MAIN_OFFICER, MINISTRY), False),
        (Post(X, R.HEAD_OF_BODY, CITY), Post(A, R.MAIN_OFFICER, RIVAL), False),
        (Post(X, R.HEAD_OF_BODY, MINISTRY), Post(A, R.MINISTER_OFFICE, MINISTRY), False),
        (Post(X, R.HEAD_OF_BODY, PM), Post(A, R.PM_UNIT, PM), False),
        (Post(X, R.MINISTER, MINISTRY), Post(A, R.MINISTER_OFFICE, MINISTRY), True),
        (Post(X, R.MINISTER, MINISTRY), Post(A, R.HEAD_OF_BODY, CITY), True),
        (Post(X, R.MANAGER, CITY), Post(A, R.REVIEWER, CITY), True),
        (Post(X, R.MANAGER, CITY), Post(A, R.MANAGER, CITY, ROADS), True),
        (Post(X, R.MANAGER, CITY), Post(A, R.SUB_OFFICER, DISTRICT), False),
        (Post(X, R.MANAGER, CITY, ROADS), Post(A, R.SUB_OFFICER, CITY, ROADS), True),
        (Post(X, R.MANAGER, CITY, ROADS), Post(A, R.MANAGER, CITY, POTHOLES), True),
        (Post(X, R.MANAGER, CITY, ROADS), Post(A, R.SUB_OFFICER, CITY, LIGHTS), False),
        (Post(X, R.MANAGER, CITY, ROADS), Post(A, R.MANAGER, CITY, WORKS), False),
        (Post(X, R.MANAGER, CITY, ROADS), Post(A, R.MAIN_OFFICER, CITY), False),
        (Post(X, R.MAIN_OFFICER, CITY), Post(A, R.SUB_OFFICER, CITY, ROADS), True),
        (Post(X, R.MAIN_OFFICER, CITY), Post(A, R.MANAGER, CITY), False),
        (Post(X, R.SUB_OFFICER, CITY, ROADS), Post(A, R.SUB_OFFICER, CITY, ROADS), False),
        (Post(X, R.SUB_OFFICER, CITY, ROADS), Post(A, R.MAIN_OFFICER, CITY), False),
    ],
)
def test_a_complaint_of_somebody_concerns_who_works_under_them(about: Post, other: Post, under: bool) -> None:
    assert concerned(about, other) is under


@pytest.mark.parametrize(
    ("unit", "theirs"), [(ROADS, True), (POTHOLES, True), (WORKS, False), (LIGHTS, False), (None, False)]
)
def test_a_complaint_of_a_unit_concerns_who_works_in_it_or_below(unit: int | None, theirs: bool) -> None:
    organisation = Organisation([Post(A, R.MANAGER, CITY, unit)], BODIES, UNITS)
    assert (A in organisation.list_concerned(None, ROADS)) is theirs


def test_who_serves_is_the_nearest_with_somebody_who_is_not_concerned() -> None:
    posts = [Post(X, R.MAIN_OFFICER, CITY), Post(A, R.MAIN_OFFICER, MINISTRY)]
    organisation = Organisation(posts, BODIES, UNITS)
    assert organisation.find_serving_body(R.MAIN_OFFICER, DISTRICT) == CITY
    assert organisation.find_serving_body(R.MAIN_OFFICER, DISTRICT, {X}) == MINISTRY
    assert organisation.find_serving_body(R.MAIN_OFFICER, DISTRICT, {X, A}) is None


# The same, told a second time for any tree: a boss is found by walking up, one step at a time.


@dataclass
class Country:
    bodies: dict[int, int | None]  # each with its parent
    units: dict[int, tuple[int, int | None]]  # each with its body and its parent
    posts: list[Post]

    def ways(self) -> Organisation:
        bodies = {body: self.way(body, self.bodies) for body in self.bodies}
        parents = {unit: parent for unit, (_body, parent) in self.units.items()}
        return Organisation(self.posts, bodies, {unit: self.way(unit, parents) for unit in self.units})

    def way(self, one: int, parents: dict[int, int | None]) -> tuple[int, ...]:
        above = parents[one]
        return (one,) if above is None else (*self.way(above, parents), one)

    def answers_to(self, post: Post, boss: Post) -> bool:
        """Whether the boss is met on the way up from a desk: unit by unit, body by body."""
        if post.officer == boss.officer or post.role in (R.PM_UNIT, R.AGENT, R.ADMINISTRATOR):
            return False
        unit, place, first = post.unit, post.entity, True
        while unit is not None:
            led = boss.unit == unit and boss.entity == place and boss.role is R.MANAGER
            if led and not (first and post.role is R.MANAGER):
                return True
            unit, first = self.units[unit][1], False
        if boss.unit is not None:
            return False
        if place == boss.entity:
            order = [R.MINISTER, R.HEAD_OF_BODY, R.MANAGER, R.MAIN_OFFICER]
            if boss.role not in order:
                return False
            if post.role is R.MINISTER_OFFICE:
                return boss.role is R.MINISTER
            if post.role not in order:
                return True
            lower = order.index(post.role) > order.index(boss.role)
            return lower or (post.role is boss.role and post.unit is not None)
        met = place is not None and boss.entity in self.way(place, self.bodies)
        return met and boss.role in (R.MINISTER, R.HEAD_OF_BODY)


@st.composite
def countries(draw: st.DrawFn) -> Country:
    bodies: dict[int, int | None] = {}
    for body in range(1, draw(st.integers(2, 6))):
        bodies[body] = draw(st.sampled_from([None, *bodies]))
    units: dict[int, tuple[int, int | None]] = {}
    for unit in range(100, 100 + draw(st.integers(1, 6))):
        body = draw(st.sampled_from([*bodies]))
        siblings = [key for key, (where, _) in units.items() if where == body]
        units[unit] = body, draw(st.sampled_from([None, *siblings]))
    posts = []
    for _ in range(draw(st.integers(1, 9))):
        role, body = draw(st.sampled_from(R)), draw(st.sampled_from([*bodies]))
        own = [unit for unit, (where, _) in units.items() if where == body]
        may_have = role in (R.SUB_OFFICER, R.MANAGER, R.APPROVER)
        desk = draw(st.sampled_from([None, *own])) if may_have else None
        posts.append(Post(draw(st.integers(1, 5)), role, body, desk))
    return Country(bodies, units, posts)


@given(countries(), st.integers(1, 5), st.data())
def test_whoever_meets_the_person_or_the_unit_on_their_way_up_is_concerned(
    country: Country, about: int, data: st.DataObject
) -> None:
    bosses = [post for post in country.posts if post.officer == about]
    expected = {about} | {
        post.officer for post in country.posts if any(country.answers_to(post, boss) for boss in bosses)
    }
    assert country.ways().list_concerned(about, None) == expected

    unit = data.draw(st.sampled_from([*country.units]))
    parents = {key: parent for key, (_body, parent) in country.units.items()}
    there = {post.officer for post in country.posts if post.unit and unit in country.way(post.unit, parents)}
    assert country.ways().list_concerned(None, unit) == there
    assert country.ways().list_concerned(about, unit) == expected | there
