"""Who works under whom, and at which units: so that no complaint comes to whom it is about. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from .rules import Role


class Post(NamedTuple):
    """What one officer holds today: a role at a body (`None`: nationwide), perhaps at one of its units."""

    officer: int
    role: Role
    entity: int | None = None
    unit: int | None = None


# Who stands above the others at the same body; who is not named is above nobody.
_LEADS: Mapping[Role, int] = {Role.MINISTER: 4, Role.HEAD_OF_BODY: 3, Role.MANAGER: 2, Role.MAIN_OFFICER: 1}
_RANKS: Mapping[Role, int] = {**_LEADS, Role.MINISTER_OFFICE: 3}
_OVER_THE_BODIES_BELOW = {Role.MINISTER, Role.HEAD_OF_BODY}
# Whom the whole country calls answers to no body, wherever their desk stands.
_UNDER_NOBODY = {Role.PM_UNIT, Role.AGENT, Role.ADMINISTRATOR}


class Organisation:
    """All posts of one day over the trees of bodies and units: `bodies` and `units` give each one's way to the root."""

    def __init__(
        self, posts: Iterable[Post], bodies: Mapping[int, tuple[int, ...]], units: Mapping[int, tuple[int, ...]],
    ) -> None:  # fmt: skip
        self._concerned: dict[tuple[int | None, int | None], frozenset[int]] = {}
        self._posts: defaultdict[int, list[Post]] = defaultdict(list)
        self._leading: defaultdict[int, list[Post]] = defaultdict(list)
        self._bodies, self._units = bodies, units
        for post in posts:
            self._posts[post.officer].append(post)
            if post.role in _LEADS and post.entity is not None:
                self._leading[post.entity].append(post)

    def above(self, posts: Iterable[Post]) -> frozenset[int]:
        """The officers under whom whoever holds these posts works."""
        return frozenset(
            leader.officer
            for post in posts
            if post.entity is not None and post.role not in _UNDER_NOBODY
            for body in self._bodies.get(post.entity, (post.entity,))
            for leader in self._leading.get(body, ())
            if leader.officer != post.officer and self._under(post, leader)
        )

    def within(self, posts: Iterable[Post]) -> frozenset[int]:
        """The units in which whoever holds these posts works, with all that these stand under."""
        return frozenset(
            unit for post in posts if post.unit is not None for unit in self.unit_path(post.unit)
        )

    def unit_path(self, unit: int) -> tuple[int, ...]:
        """The unit with those that it stands under."""
        return self._units.get(unit, (unit,))

    def concerned(self, officer: int | None, unit: int | None) -> frozenset[int]:
        """Whom a complaint of this officer or this unit must not reach: them, and everybody under them."""
        if officer is None and unit is None:
            return frozenset()
        if (officer, unit) not in self._concerned:
            found = {officer} if officer is not None else set()
            for who, posts in self._posts.items():
                if officer in self.above(posts) or unit in self.within(posts):
                    found.add(who)
            self._concerned[officer, unit] = frozenset(found)
        return self._concerned[officer, unit]

    def holders(self, role: Role) -> frozenset[int]:
        """Who holds the role today, wherever."""
        return frozenset(
            who for who, posts in self._posts.items() if any(post.role is role for post in posts)
        )

    def works(self, officer: int) -> bool:
        """Whether the officer holds any role today."""
        return officer in self._posts

    def serving(self, role: Role, entity: int, without: Collection[int] = ()) -> int | None:
        """The body whose holders of the role serve `entity`: itself or its nearest parent that has any.

        `without`: officers who do not count, for a case that must not come to them.
        """
        staffed = {
            post.entity
            for officer, posts in self._posts.items()
            if officer not in without
            for post in posts
            if post.role is role
        }
        path = self._bodies.get(entity, (entity,))
        return next((body for body in reversed(path) if body in staffed), None)

    def team(self, unit: int) -> frozenset[int]:
        """Who works in the unit itself, or in one under it."""
        return frozenset(who for who, posts in self._posts.items() if unit in self.within(posts))

    def _under(self, post: Post, leader: Post) -> bool:
        if leader.entity != post.entity:
            return leader.unit is None and leader.role in _OVER_THE_BODIES_BELOW
        higher = _LEADS[leader.role] > _RANKS.get(post.role, 0)
        if leader.unit is None:
            return higher or (post.role is leader.role and post.unit is not None)
        if post.unit is None or leader.unit not in self.unit_path(post.unit):
            return False
        return higher or post.unit != leader.unit
