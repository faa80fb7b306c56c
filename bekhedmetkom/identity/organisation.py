"""Who works under whom, and at which units: so that no complaint comes to whom it is about. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from .rules import ROLE_PERMISSIONS, Permission, Role


class Post(NamedTuple):
    """What one officer holds today: a role at a body (`None`: nationwide), perhaps at one of its units."""

    officer: int
    role: Role
    entity: int | None = None
    unit: int | None = None


# Who stands above the others at the same body; who is not named is above nobody.
_LEADERSHIP_RANKS: Mapping[Role, int] = {
    Role.MINISTER: 4,
    Role.HEAD_OF_BODY: 3,
    Role.MANAGER: 2,
    Role.MAIN_OFFICER: 1,
}
_RANKS: Mapping[Role, int] = {**_LEADERSHIP_RANKS, Role.MINISTER_OFFICE: 3}
_LEADS_SUBTREE = {Role.MINISTER, Role.HEAD_OF_BODY}
# What a deputy holds in the place of who is away. Of other roles they take over the cases alone.
DEPUTISABLE_ROLES = {Role.MAIN_OFFICER}
# Whom the whole country calls answers to no body, wherever their desk stands.
_NATIONWIDE_ROLES = {Role.PM_UNIT, Role.AGENT, Role.ADMINISTRATOR}


class Organisation:
    """All posts of one day over the trees of bodies and units: `bodies` and `units` give each one's way to the root.

    `away`: who is on leave, with their deputy.
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
        """The officers under whom whoever holds these posts works, and those in whose place they stand."""
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
        """The units in which whoever holds these posts works, with all that these stand under."""
        return frozenset(
            unit for post in posts if post.unit is not None for unit in self.get_unit_path(post.unit)
        )

    def get_unit_path(self, unit: int) -> tuple[int, ...]:
        """The unit with those that it stands under."""
        return self._units.get(unit, (unit,))

    def list_concerned(self, officer: int | None, unit: int | None) -> frozenset[int]:
        """Whom a complaint of this officer or this unit must not reach: them, and everybody under them."""
        if officer is None and unit is None:
            return frozenset()
        if (officer, unit) not in self._concerned:
            found = {officer} if officer is not None else set()
            for who, posts in self._posts.items():
                if officer in self.get_superiors(posts) or unit in self.get_units(posts):
                    found.add(who)
            self._concerned[officer, unit] = frozenset(found)
        return self._concerned[officer, unit]

    def list_holders(self, role: Role) -> frozenset[int]:
        """Who holds the role today, wherever."""
        return frozenset(
            who for who, posts in self._posts.items() if any(post.role is role for post in posts)
        )

    def get_staffed_roles(self) -> frozenset[tuple[str, int]]:
        """Each role at each body where somebody does today what it is for."""
        if self._staffed is None:
            self._staffed = frozenset(
                (str(post.role), post.entity)
                for posts in self._posts.values()
                for post in posts
                if post.entity is not None and self.get_acting_officer(post) is not None
            )
        return self._staffed

    def get_bodies(self, officer: int) -> frozenset[int]:
        """The bodies at which the officer holds any role today."""
        posts = self._posts.get(officer, ())
        return frozenset(post.entity for post in posts if post.entity is not None)

    def has_role(self, officer: int) -> bool:
        """Whether the officer holds any role today."""
        return officer in self._posts

    def find_serving_body(self, role: Role, entity: int, without: Collection[int] = ()) -> int | None:
        """The body whose holders of the role serve `entity`: itself or its nearest parent that has any.

        `without`: officers who do not count, for a case that must not come to them.
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
        """Who handles cases in these units, each with their unit."""
        return [
            (who, post.unit)
            for who, posts in sorted(self._posts.items())
            for post in posts
            if post.role is Role.SUB_OFFICER and post.unit is not None and post.unit in units
        ]

    def get_acting_officer(self, post: Post) -> int | None:
        """Who does today what the post is for: its holder, or for a main officer on leave their deputy, or nobody."""
        if post.officer not in self._away:
            return post.officer
        deputy = self._away[post.officer]
        return (
            deputy
            if deputy is not None and post.role in DEPUTISABLE_ROLES and self._can_deputise(deputy, post)
            else None
        )

    def get_deputy(self, officer: int) -> int | None:
        """Who stands in for the officer today; `None` where they are there themselves, or nobody does."""
        who = self._away.get(officer)
        return who if who not in self._away else None

    def get_absent_officers(self) -> frozenset[int]:
        """Who is on leave."""
        return frozenset(self._away)

    def get_represented_officers(self, deputy: int) -> frozenset[int]:
        """Who is away and has this officer as deputy; nobody as long as the deputy is away too."""
        if deputy in self._away:
            return frozenset()
        return frozenset(officer for officer, who in self._away.items() if who == deputy)

    def list_deputised_posts(self, deputy: int) -> list[Post]:
        """The posts of those away that their deputy holds meanwhile: a body without its main officer stands still."""
        return [
            post
            for officer in sorted(self.get_represented_officers(deputy))
            for post in self._posts.get(officer, ())
            if self.get_acting_officer(post) == deputy
        ]

    def _can_deputise(self, deputy: int, post: Post) -> bool:
        """Whether the deputy is there, and handles cases at the same body by a role of their own."""
        return deputy not in self._away and any(
            own.entity == post.entity and Permission.DRAFT in ROLE_PERMISSIONS[own.role]
            for own in self._posts.get(deputy, ())
        )

    def get_team(self, unit: int) -> frozenset[int]:
        """Who works in the unit itself, or in one under it."""
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
