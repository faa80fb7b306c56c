"""Who works in the played weeks: bodies with their officers, and when each of these is away or leaves for good."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

from bekhedmetkom.catalogue.directory_import import import_directory
from bekhedmetkom.catalogue.queries import Topic, list_services_of
from bekhedmetkom.catalogue.rules import Handling
from bekhedmetkom.entities.commands import save_change
from bekhedmetkom.entities.models import Unit
from bekhedmetkom.entities.queries import get_prime_ministry, get_tree
from bekhedmetkom.identity.commands import create_officer, grant_role
from bekhedmetkom.identity.models import Officer
from bekhedmetkom.identity.queries import get_actor
from bekhedmetkom.identity.rules import Role
from bekhedmetkom.kernel.actor import CLOCK, Actor
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.routing.models import ApprovalRule

DIRECTORY_FOLDER = Path(__file__).parents[3] / "data" / "directory"
UNITS_PER_BODY = 3
ROLES_PER_BODY = (
    Role.MAIN_OFFICER,
    *[Role.SUB_OFFICER] * UNITS_PER_BODY,
    Role.APPROVER,
    Role.REVIEWER,
    Role.MANAGER,
    Role.HEAD_OF_BODY,
    Role.INSPECTOR,
)
PM_UNIT_SIZE = 2
APPROVAL_EVERY_NTH_BODY = 3  # every third body approves its replies
LEAVE_SHARE = 0.4  # the share of officers who take leave in these weeks, once
MAX_LEAVE_DAYS = 10  # days
DEPARTURE_SHARE = 0.03  # the share of sub officers and reviewers whose role ends


@dataclass(frozen=True)
class StaffedBody:
    """A body, its officers by role, and the topics that people write to it about."""

    id: int
    officers: Mapping[Role, list[Actor]]
    units: Mapping[int, Actor]  # a unit's sub officer
    approves: bool
    topics: list[Topic]


@dataclass
class Staff:
    """Everybody at work. `away`: first and last day of leave; `leaving`: the first day without the role."""

    bodies: Mapping[int, StaffedBody]
    prime_ministry: int
    pm_unit: list[Actor]
    leave_periods: Mapping[str, tuple[date, date]]
    departure_days: Mapping[str, date]

    @property
    def officers(self) -> list[Actor]:
        here = [who for body in self.bodies.values() for held in body.officers.values() for who in held]
        return [*here, *self.pm_unit]

    def is_present(self, who: Actor, day: date) -> bool:
        first, last = self.leave_periods.get(who.id, (date.max, date.max))
        return not first <= day <= last and day < self.departure_days.get(who.id, date.max)

    def get_officer(self, officer: int) -> Actor:
        return next(who for who in self.officers if who.officer_id == officer)


def create_staff(officers: int, at: datetime, chance: Random) -> Staff:
    """Import the directory and let so many officers take office, body by body."""
    import_directory(DIRECTORY_FOLDER, at=at - timedelta(days=400))
    chosen = list(_list_busy_bodies(at))[: max((officers - PM_UNIT_SIZE) // len(ROLES_PER_BODY), 2)]
    numbers = iter(range(1, 1_000_000))
    bodies = {
        entity: _create_body(entity, topics, at, numbers, approves=not place % APPROVAL_EVERY_NTH_BODY)
        for place, (entity, topics) in enumerate(chosen)
    }
    pm_unit = [_create_officer(Role.PM_UNIT, None, None, at, numbers) for _ in range(PM_UNIT_SIZE)]
    staff = Staff(bodies, get_prime_ministry(), pm_unit, {}, {})
    staff.leave_periods = dict(_plan_leave(staff, at, chance))
    staff.departure_days = dict(_plan_departures(staff, at, chance))
    return staff


def _list_busy_bodies(at: datetime) -> Iterator[tuple[int, list[Topic]]]:
    """Bodies with topics of every sort that ordinary officers and inspectors handle."""
    for body in sorted(get_tree(), key=lambda body: body.id):
        topics = [
            topic for topic in list_services_of(body.id)
            if topic.is_open(get_local_date(at)) and topic.handling is Handling.OPEN
            and not topic.needs_identity and not topic.policy_code
        ]  # fmt: skip
        sorts = {(topic.typical_kind, topic.complexity) for topic in topics}
        if body.id != get_prime_ministry() and len(sorts) >= 4:
            yield body.id, topics


def _create_body(
    entity: int, topics: list[Topic], at: datetime, numbers: Iterator[int], *, approves: bool
) -> StaffedBody:
    if approves:
        save_change(ApprovalRule(entity_id=entity), actor=CLOCK, at=at)
    units = []
    for number in range(UNITS_PER_BODY):
        unit = Unit(entity_id=entity, code=f"UNIT{number}", name_ar=f"قسم {number}", name_en=f"Unit {number}")
        save_change(unit, actor=CLOCK, at=at)
        units.append(unit.pk)
    free = iter(units)
    officers: defaultdict[Role, list[Actor]] = defaultdict(list)
    for role in ROLES_PER_BODY:
        unit_of = next(free) if role is Role.SUB_OFFICER else None
        officers[role].append(_create_officer(role, entity, unit_of, at, numbers))
    subs = dict(zip(units, officers[Role.SUB_OFFICER], strict=True))
    return StaffedBody(entity, officers, subs, approves, topics)


def _create_officer(
    role: Role, entity: int | None, unit: int | None, at: datetime, numbers: Iterator[int]
) -> Actor:
    number = next(numbers)
    officer = create_officer(
        email=f"officer{number}@example.jo", name_ar="ليلى حداد", name_en="Layla Haddad", actor=CLOCK, at=at
    )
    day = get_local_date(at) - timedelta(days=300)
    grant_role(officer=officer, role=role, entity=entity, unit=unit, valid_from=day, actor=CLOCK, at=at)
    return get_actor(Officer.objects.get(pk=officer), at)


def _plan_leave(staff: Staff, at: datetime, chance: Random) -> Iterator[tuple[str, tuple[date, date]]]:
    for who in staff.officers:
        if chance.random() < LEAVE_SHARE:
            first = get_local_date(at) + timedelta(days=chance.randrange(35))
            yield who.id, (first, first + timedelta(days=chance.randint(1, MAX_LEAVE_DAYS)))


def _plan_departures(staff: Staff, at: datetime, chance: Random) -> Iterator[tuple[str, date]]:
    """At least one of each sort."""
    for role in (Role.SUB_OFFICER, Role.REVIEWER):
        held = [who for body in staff.bodies.values() for who in body.officers[role]]
        for who in chance.sample(held, max(1, round(DEPARTURE_SHARE * len(held)))):
            yield who.id, get_local_date(at) + timedelta(days=chance.randint(14, 32))
