"""Hierarchy of posts and units on one day. It keeps complaints from the officers whom they are about."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from .rules import ROLE_PERMISSIONS, Permission, Role


class Post(NamedTuple):
    """A role of an officer at a body (`None`: nationwide), optionally at one of its units."""

    officer: int
    role: Role
    entity: int | None = None
    unit: int | None = None


# Ranks within a body; roles without a rank are above nobody.
_LEADERSHIP_RANKS: Mapping[Role, int] = {
    Role.MINISTER: 4,
    Role.HEAD_OF_BODY: 3,
    Role.MANAGER: 2,
    Role.MAIN_OFFICER: 1,
}
_RANKS: Mapping[Role, int] = {**_LEADERSHIP_RANKS, Role.MINISTER_OFFICE: 3}
_LEADS_SUBTREE = {Role.MINISTER, Role.HEAD_OF_BODY}
# Roles that a deputy exercises; of other roles a deputy takes over only the cases.
DEPUTISABLE_ROLES = {Role.MAIN_OFFICER}
# Nationwide roles have no superior at any body.
_NATIONWIDE_ROLES = {Role.PM_UNIT, Role.AGENT, Role.ADMINISTRATOR}


class Organisation:
    """All posts of one day. `bodies` and `units` give the path of each to the root.

    `away`: officers on leave, with their deputy.
    """

    def __init__(
        self, posts: Iterable[Post], bodies: Mapping[int, tuple[int, ...]], units: Mapping[int, tuple[int, ...]],
        away: Mapping[int, int | None] | None = None,
    ) -> None:  # fmt: skip
        self._concerned: dict[tuple[int | None, int | None], frozenset[int]] = {}
        self._staffed: frozenset[tuple[str, int]] | None = None
        self._posts: defaultdict[int, list[Post]] = defaultdict(list)
        self._leading: defaultdict[int, list[Post]] = defaultdict(list)
        self._bodies, self._units, self._away = bodies, units, away or {}
        for post in posts:
            self._posts[post.officer].append(post)
            if post.role in _LEADERSHIP_RANKS and post.entity is not None:
                self._leading[post.entity].append(post)

    def get_superiors(self, posts: Iterable[Post]) -> frozenset[int]:
        """Return the superiors of the holder of these posts, and the officers whose deputy the holder is."""
        posts = list(posts)
        leaders = frozenset(
            leader.officer
            for post in posts
            if post.entity is not None and post.role not in _NATIONWIDE_ROLES
            for body in self._bodies.get(post.entity, (post.entity,))
            for leader in self._leading.get(body, ())
            if leader.officer != post.officer and self._is_under(post, leader)
        )
        return leaders.union(
            *(self.get_represented_officers(officer) for officer in {post.officer for post in posts})
        )

    def get_units(self, posts: Iterable[Post]) -> frozenset[int]:
        """Return the units of these posts with all their parents."""
        return frozenset(
            unit for post in posts if post.unit is not None for unit in self.get_unit_path(post.unit)
        )

    def get_unit_path(self, unit: int) -> tuple[int, ...]:
        """Return the unit with its parents."""
        return self._units.get(unit, (unit,))

    def list_concerned(self, officer: int | None, unit: int | None) -> frozenset[int]:
        """Return who must not see a complaint about this officer or unit: they and everybody below them."""
        if officer is None and unit is None:
            return frozenset()
        if (officer, unit) not in self._concerned:
            concerned = {officer} if officer is not None else set()
            for other, posts in self._posts.items():
                if officer in self.get_superiors(posts) or unit in self.get_units(posts):
                    concerned.add(other)
            self._concerned[officer, unit] = frozenset(concerned)
        return self._concerned[officer, unit]

    def list_holders(self, role: Role) -> frozenset[int]:
        """Return the officers with this role at any body."""
        return frozenset(
            who for who, posts in self._posts.items() if any(post.role is role for post in posts)
        )

    def get_staffed_roles(self) -> frozenset[tuple[str, int]]:
        """Return the (role, body) pairs that somebody exercises today."""
        if self._staffed is None:
            self._staffed = frozenset(
                (str(post.role), post.entity)
                for posts in self._posts.values()
                for post in posts
                if post.entity is not None and self.get_acting_officer(post) is not None
            )
        return self._staffed

    def get_bodies(self, officer: int) -> frozenset[int]:
        """Return the bodies at which the officer has any role."""
        posts = self._posts.get(officer, ())
        return frozenset(post.entity for post in posts if post.entity is not None)

    def has_role(self, officer: int) -> bool:
        """Whether the officer has any role."""
        return officer in self._posts

    def find_serving_body(self, role: Role, entity: int, without: Collection[int] = ()) -> int | None:
        """Return the body itself or its nearest ancestor where the role is exercised, or `None`.

        `without`: officers who do not count, because they must not see the case.
        """
        staffed = {
            post.entity
            for posts in self._posts.values()
            for post in posts
            if post.role is role and (who := self.get_acting_officer(post)) is not None and who not in without
        }
        path = self._bodies.get(entity, (entity,))
        return next((body for body in reversed(path) if body in staffed), None)

    def list_case_handlers(self, units: Collection[int]) -> list[tuple[int, int]]:
        """Return (officer, unit) of everybody who handles cases in these units."""
        return [
            (who, post.unit)
            for who, posts in sorted(self._posts.items())
            for post in posts
            if post.role is Role.SUB_OFFICER and post.unit is not None and post.unit in units
        ]

    def get_acting_officer(self, post: Post) -> int | None:
        """Return the holder of the post, the deputy of a main officer on leave, or `None`."""
        if post.officer not in self._away:
            return post.officer
        deputy = self._away[post.officer]
        return (
            deputy
            if deputy is not None and post.role in DEPUTISABLE_ROLES and self._can_deputise(deputy, post)
            else None
        )

    def get_deputy(self, officer: int) -> int | None:
        """Return the present deputy of an officer on leave, or `None`."""
        who = self._away.get(officer)
        return who if who not in self._away else None

    def get_absent_officers(self) -> frozenset[int]:
        """Return the officers on leave."""
        return frozenset(self._away)

    def get_represented_officers(self, deputy: int) -> frozenset[int]:
        """Return the officers on leave with this deputy; empty while the deputy is on leave too."""
        if deputy in self._away:
            return frozenset()
        return frozenset(officer for officer, who in self._away.items() if who == deputy)

    def list_deputised_posts(self, deputy: int) -> list[Post]:
        """Return the posts that this deputy exercises for officers on leave."""
        return [
            post
            for officer in sorted(self.get_represented_officers(deputy))
            for post in self._posts.get(officer, ())
            if self.get_acting_officer(post) == deputy
        ]

    def _can_deputise(self, deputy: int, post: Post) -> bool:
        """Whether the deputy is present and handles cases at the same body by an own role."""
        return deputy not in self._away and any(
            own.entity == post.entity and Permission.DRAFT in ROLE_PERMISSIONS[own.role]
            for own in self._posts.get(deputy, ())
        )

    def get_team(self, unit: int) -> frozenset[int]:
        """Return the officers of the unit and of the units below it."""
        return frozenset(who for who, posts in self._posts.items() if unit in self.get_units(posts))

    def _is_under(self, post: Post, leader: Post) -> bool:
        if leader.entity != post.entity:
            return leader.unit is None and leader.role in _LEADS_SUBTREE
        higher = _LEADERSHIP_RANKS[leader.role] > _RANKS.get(post.role, 0)
        if leader.unit is None:
            return higher or (post.role is leader.role and post.unit is not None)
        if post.unit is None or leader.unit not in self.get_unit_path(post.unit):
            return False
        return higher or post.unit != leader.unit
