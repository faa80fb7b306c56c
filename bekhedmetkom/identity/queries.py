"""Queries of officers: actors, role holders, reviewers, approvers, leave."""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.functions import JSONObject

from bekhedmetkom.entities import queries as entities
from bekhedmetkom.entities.table_cache import CachedTable
from bekhedmetkom.kernel.actor import Actor, ActorKind, Grant
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.text import BilingualText

from .models import Leave, Membership, Officer
from .organisation import Organisation, Post
from .rules import ROLE_PERMISSIONS, Permission, Reach, Role

SECOND_FACTORS = ("totp", "webauthn")  # allauth's names; recovery codes do not count


def get_actor(officer: Officer, at: datetime) -> Actor:
    """Return the officer as an actor with today's grants.

    One query; none for the officer of a session, whose memberships `get_active_officer` has loaded.
    """
    held = officer.active_memberships
    if held is None:
        held = list(_list_memberships(at).filter(officer=officer).values_list(_GRANT, flat=True))
    posts = [Post(officer.pk, Role(has["role"]), has["entity"], has["unit"]) for has in held]
    organisation = get_organisation(at)
    taken_over = organisation.list_deputised_posts(officer.pk) if posts else []
    return Actor(
        ActorKind.OFFICER,
        str(officer.pk),
        tuple(
            Grant(post.role, post.entity, post.unit, _get_subtree(post.entity))
            for post in [*posts, *taken_over]
        ),
        organisation.get_superiors(posts),
        organisation.get_units(posts),
        organisation.get_represented_officers(officer.pk) if posts else frozenset(),
    )


_GRANT = JSONObject(role="role", entity="entity_id", unit="unit_id")


def _list_memberships(at: datetime) -> QuerySet[Membership]:
    return Membership.objects.active_on(get_local_date(at)).order_by("id")


def _get_subtree(entity: int | None) -> frozenset[int]:
    """Return the subtree; a new body may be missing from the cached tree and has nothing below it."""
    return (
        entities.get_tree().subtrees.get(entity, frozenset([entity])) if entity is not None else frozenset()
    )


def get_active_officer(officer: int, at: datetime) -> Officer | None:
    """Return the officer of a session, or `None` without an active role. One query loads memberships and factors."""
    asked: dict[str, Any] = {"officer": officer, "today": get_local_date(at), "factors": list(SECOND_FACTORS)}
    with connection.cursor() as cursor:
        cursor.execute(_ACTIVE_OFFICER_SQL, asked)
        found = cursor.fetchone()
    if found is None or not (held := json.loads(found[-1])):
        return None
    *values, second_factor, _standing = found
    row = Officer.from_db(connection.alias, _OFFICER_COLUMNS, values)
    row.active_memberships, row.is_administrator = (
        held,
        any(has["role"] == Role.ADMINISTRATOR for has in held),
    )
    row.has_second_factor = second_factor
    return row


# Runs at each request of an officer; Django's ORM would triple its cost.
_OFFICER_COLUMNS = [field.attname for field in Officer._meta.concrete_fields]
_ACTIVE_OFFICER_SQL = """
SELECT COLUMNS,
    EXISTS (SELECT FROM mfa_authenticator WHERE user_id = officer.id AND type = ANY (%(factors)s)) AS has_second_factor,
    (SELECT coalesce(jsonb_agg(jsonb_build_object('role', role, 'entity', entity_id, 'unit', unit_id) ORDER BY id),
                     '[]')
        FROM identity_membership
        WHERE officer_id = officer.id AND valid_from <= %(today)s AND (valid_until IS NULL OR valid_until > %(today)s)
    ) AS standing
FROM identity_officer officer WHERE id = %(officer)s AND is_active
""".replace("COLUMNS", ", ".join(f"officer.{name}" for name in _OFFICER_COLUMNS))


def find_officer_by_email(email: str) -> int | None:
    """Return the id of the officer with this address in any case, or `None`."""
    return Officer.objects.filter(email=email.strip().lower()).values_list("pk", flat=True).first()


def list_role_holders(
    role: Role | str, entity: int | None, unit: int | None = None, *, at: datetime
) -> list[int]:
    """Return the ids of the officers with this role today; without `entity` or `unit`: at any."""
    held = Membership.objects.active_on(get_local_date(at)).filter(role=role)
    if entity is not None:
        held = held.filter(entity=entity)
    if unit is not None:
        held = held.filter(unit=unit)
    return sorted(set(held.values_list("officer_id", flat=True)))


def get_bodies_by_officer(at: datetime) -> dict[int, set[int | None]]:
    """Return {officer: bodies with a role today}; `None` in the set: nationwide."""
    bodies: defaultdict[int, set[int | None]] = defaultdict(set)
    today = Membership.objects.active_on(get_local_date(at)).filter(officer__is_active=True)
    for officer, entity in today.values_list("officer_id", "entity_id"):
        bodies[officer].add(entity)
    return dict(bodies)


def find_serving_body(
    role: Role | str, entity: int, at: datetime, without: Collection[int] = ()
) -> int | None:
    """Return the body itself or its nearest ancestor where the role is exercised.

    Else the Prime Ministry if its follow-up unit is staffed, else `None`. `without`: officers who do not count.
    """
    organisation = get_organisation(at)
    nearest = organisation.find_serving_body(Role(role), entity, without)
    if nearest is None and organisation.list_holders(Role.PM_UNIT) - frozenset(without):
        return entities.get_prime_ministry()
    return nearest


def get_first_role_date(officer: int, at: datetime) -> date | None:
    """Return the first day of the officer's oldest active role, or `None`."""
    began = Membership.objects.active_on(get_local_date(at)).filter(officer=officer).order_by("valid_from")
    return began.values_list("valid_from", flat=True).first()


def list_approvers(entity: int, unit: int | None, excluding: Collection[int], at: datetime) -> list[int]:
    """Return the approvers of a body's replies, except those excluded.

    Without approvers: the nearest head or minister at the body or above, finally the Prime Ministry unit.
    """
    chain = entities.get_ancestors(entity)
    today = Membership.objects.active_on(get_local_date(at)).exclude(officer__in=excluding)
    rows = list(
        today.filter(
            Q(role=Role.APPROVER, entity=entity)
            | Q(role__in=_HIGHER_ROLES, entity__in=chain)
            | Q(role=Role.PM_UNIT)
        )
        .order_by("officer__name_ar", "officer_id")
        .values_list("role", "entity_id", "unit_id", "officer_id")
    )
    steps = [
        [who for role, _, where, who in rows if role == Role.APPROVER and where in (None, unit)],
        *(
            [who for role, at_body, _, who in rows if role in _HIGHER_ROLES and at_body == body]
            for body in reversed(chain)
        ),
        [who for role, _, _, who in rows if role == Role.PM_UNIT],
    ]
    return next(([*dict.fromkeys(step)] for step in steps if step), [])


_HIGHER_ROLES = (Role.HEAD_OF_BODY, Role.MINISTER)


class RoleCoverage:
    """The bodies that role holders serve on one day: each body is served by its nearest staffed ancestor."""

    def __init__(self, held: Iterable[tuple[str, int]]) -> None:
        self._held = frozenset(held)
        self._staffed: dict[str, set[int]] = {}
        for role, entity in self._held:
            self._staffed.setdefault(role, set()).add(entity)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RoleCoverage) and other._held == self._held

    def __hash__(self) -> int:
        return hash(self._held)

    def get_bodies(self, role: Role, entity: int) -> frozenset[int]:
        """Return the bodies that this entity's holders of the role serve."""
        return frozenset(
            body for body in entities.get_subtree(entity) if self.find_nearest(body, role) == entity
        )

    def get_uncovered_bodies(self, role: Role) -> frozenset[int]:
        """Return the bodies without the role at themselves or any ancestor."""
        return frozenset(body.id for body in entities.get_tree() if self.find_nearest(body.id, role) is None)

    def find_nearest(self, body: int, role: Role) -> int | None:
        """Return the body itself or its nearest ancestor with the role, or `None`."""
        return entities.find_nearest(body, self._staffed.get(role, ()))


def get_role_coverage(at: datetime) -> RoleCoverage:
    """Return today's role coverage, from memory."""
    return _build_role_coverage(get_organisation(at).get_staffed_roles())


_build_role_coverage = lru_cache(maxsize=8)(RoleCoverage)


def get_organisation(at: datetime) -> Organisation:
    """Return today's organisation, from memory."""
    return _get_organisation_on()(get_local_date(at))


def _read_organisation() -> Callable[[date], Organisation]:
    held = Membership.objects.filter(officer__is_active=True)
    rows = list(held.values_list("officer_id", "role", "entity_id", "unit_id", "valid_from", "valid_until"))
    leaves = list(Leave.objects.values_list("officer_id", "deputy_id", "since", "until"))
    bodies = {body.id: body.ancestors for body in entities.get_tree()}
    units = {unit: tuple(entities.get_unit_path(unit)) for unit in entities.get_units()}

    @lru_cache(maxsize=8)
    def on(day: date) -> Organisation:
        posts = (
            Post(officer, Role(role), entity, unit)
            for officer, role, entity, unit, since, until in rows
            if since <= day and (until is None or day < until)
        )
        away = {officer: deputy for officer, deputy, since, until in leaves if since <= day < until}
        return Organisation(posts, bodies, units, away)

    return on


_get_organisation_on = CachedTable("memberships", _read_organisation, "tree", "units")


def find_reviewer(
    entity: int, excluding: Collection[int], at: datetime, load: Mapping[int, int] | None = None
) -> int | None:
    """Return a reviewer of the entity or its nearest ancestor who is not excluded, else a Prime Ministry officer.

    The least loaded one (`load`: open appeals by officer), then the lower id; nobody on leave.
    """
    chain = entities.get_ancestors(entity)
    excluding = {*excluding, *get_organisation(at).get_absent_officers()}
    today = Membership.objects.active_on(get_local_date(at)).exclude(officer__in=excluding)
    rows = list(
        today.filter(role=Role.REVIEWER, entity__in=chain).values_list("role", "entity_id", "officer_id")
        | today.filter(role=Role.PM_UNIT).values_list("role", "entity_id", "officer_id")
    )
    for body in reversed(chain):
        if found := _find_least_loaded(
            (who for role, where, who in rows if role == Role.REVIEWER and where == body), load
        ):
            return found
    return _find_least_loaded((who for role, _, who in rows if role == Role.PM_UNIT), load)


def _find_least_loaded(officers: Iterable[int], load: Mapping[int, int] | None) -> int | None:
    return min(officers, key=lambda who: ((load or {}).get(who, 0), who), default=None)


@dataclass(frozen=True, slots=True)
class Colleague:
    """An officer to whom a case can be assigned; `id` is the officer's."""

    id: int
    name: BilingualText
    role: Role
    unit: int | None


def list_colleagues(entity: int, at: datetime) -> list[Colleague]:
    """Return everybody with a role at the entity today, by name, once per role."""
    with connection.cursor() as cursor:
        cursor.execute(_COLLEAGUES_SQL, {"entity": entity, "today": get_local_date(at)})
        return [
            Colleague(officer, BilingualText(arabic, english or arabic), Role(role), unit)
            for officer, arabic, english, role, unit in cursor.fetchall()
        ]


_COLLEAGUES_SQL = """
SELECT officer.id, name_ar, name_en, role, unit_id
FROM identity_membership held JOIN identity_officer officer ON officer.id = held.officer_id
WHERE entity_id = %(entity)s AND is_active
    AND valid_from <= %(today)s AND (valid_until IS NULL OR valid_until > %(today)s)
ORDER BY name_ar, officer.id, held.id
"""


@dataclass(frozen=True, slots=True)
class Absence:
    """One leave of an officer; `until` is the day of return."""

    id: int
    since: date
    until: date
    deputy: BilingualText | None


def list_leaves(officer: int, *, after: date) -> list[Absence]:
    """Return an officer's leaves that end after a date, in order."""
    rows = Leave.objects.filter(officer=officer, until__gt=after).select_related("deputy").order_by("since")
    return [Absence(row.pk, row.since, row.until, row.deputy.name if row.deputy else None) for row in rows]


def list_case_handlers(units: Collection[int], at: datetime) -> list[tuple[int, int]]:
    """Return (officer, unit) of everybody who handles cases in these units today, from memory."""
    return get_organisation(at).list_case_handlers(units)


class RoleHolder(NamedTuple):
    """An officer with a role at a body today."""

    entity: int
    role: Role
    unit: int | None
    name: BilingualText


def list_role_holders_of_bodies(bodies: Collection[int], at: datetime) -> list[RoleHolder]:
    """Return the role holders of these bodies, by name; one query."""
    held = (
        Membership.objects.active_on(get_local_date(at))
        .filter(entity__in=bodies)
        .order_by("officer__name_ar", "id")
    )
    return [
        RoleHolder(entity, Role(role), unit, BilingualText(arabic, english or arabic))
        for entity, role, unit, arabic, english in held.values_list(
            "entity_id", "role", "unit_id", "officer__name_ar", "officer__name_en"
        )
        if entity is not None
    ]


def get_reachable_bodies(actor: Actor, permission: Permission) -> frozenset[int] | None:
    """Return the bodies for which the actor has this permission; `None`: all."""
    bodies: set[int] = set()
    for grant in actor.grants:
        match ROLE_PERMISSIONS[Role(grant.role)].get(permission):
            case Reach.ALL:
                return None
            case Reach.BELOW | Reach.URGENT:
                bodies |= grant.subtree
            case Reach.ENTITY | Reach.UNIT if grant.entity is not None:
                bodies.add(grant.entity)
    return frozenset(bodies)


def get_officer_names(officers: Collection[int]) -> dict[int, BilingualText]:
    """Return officers' names by id, in one query."""
    if not officers:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, name_ar, name_en FROM identity_officer WHERE id = ANY (%s)", [sorted(officers)]
        )
        return {key: BilingualText(arabic, english or arabic) for key, arabic, english in cursor.fetchall()}
